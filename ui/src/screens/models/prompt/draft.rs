//! What is being written, against what is stored. No signals in here.

use contract::labeller::{FewShot, PromptSettings, PromptView};

/// Where the list of labels comes in an instruction.
pub const LABELS: &str = "{labels}";

/// The settings with this instruction; the product's own wording is stored as none, so that a better one in a later
/// version of the product is taken up.
pub fn with_instruction(view: &PromptView, text: &str, few_shot: FewShot) -> PromptSettings {
    let own = text.trim() == view.own_instruction.trim() || text.trim().is_empty();
    PromptSettings { instruction: (!own).then(|| text.to_owned()), few_shot }
}

/// The instruction as a person edits it.
pub fn instruction(view: &PromptView, settings: &PromptSettings) -> String {
    settings.instruction.clone().unwrap_or_else(|| view.own_instruction.clone())
}

/// A draft as models would get it: the labels stand in the stored one's rendering, between what comes before and after
/// them. `None` where they can't be told apart there.
pub fn rendered(view: &PromptView, draft: &str) -> Option<String> {
    let stored = instruction(view, &view.settings);
    let (before, after) = stored.split_once(LABELS)?;
    let labels = view.rendered.strip_prefix(before)?.strip_suffix(after)?;
    Some(draft.replace(LABELS, labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> PromptView {
        PromptView {
            settings: PromptSettings::default(),
            own_instruction: "Labels:\n{labels}\nAnswer.".to_owned(),
            rendered: "Labels:\n- a\n- b\nAnswer.".to_owned(),
            version: "1".to_owned(),
        }
    }

    #[test]
    fn the_own_wording_is_stored_as_none() {
        assert_eq!(with_instruction(&view(), "Labels:\n{labels}\nAnswer.\n", FewShot::default()).instruction, None);
        let other = with_instruction(&view(), "Choose: {labels}", FewShot::default());
        assert_eq!(other.instruction.as_deref(), Some("Choose: {labels}"));
    }

    #[test]
    fn a_draft_gets_the_labels_of_the_stored_rendering() {
        assert_eq!(rendered(&view(), "Choose: {labels}!").as_deref(), Some("Choose: - a\n- b!"));
        let other = PromptView { rendered: "something else".to_owned(), ..view() };
        assert_eq!(rendered(&other, "Choose: {labels}"), None);
    }
}
