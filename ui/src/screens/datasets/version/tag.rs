//! Tags of a version: set, moved from another, taken away.

use leptos::prelude::*;

use crate::components::{Badge, Button, ButtonKind, Dialog, ErrorBox, IconButton, Symbol, TextField, Tone};
use crate::screens::datasets::place::Place;
use crate::screens::datasets::undo::Acts;
use crate::text::{Text, lang, t};

/// The dialog.
#[component]
pub fn TagDialog(
    /// The version's number.
    version: String,
    /// Where one is on the screen.
    place: Place,
    /// Set to `None` when it is closed.
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let acts = Acts::new(place);
    let typed = RwSignal::new(String::new());
    let own = StoredValue::new(version.clone());
    let tags = Memo::new(move |_| place.summary(&own.get_value()).map(|version| version.tags).unwrap_or_default());
    let tag = Memo::new(move |_| typed.with(|typed| typed.trim().to_owned()));
    let wrong = Signal::derive(move || tag.with(|tag| if allowed(tag) { "" } else { t(Text::TagBad) }).to_owned());
    let hint = Signal::derive(move || {
        let elsewhere = tag.with(|tag| place.tagged(tag)).filter(|version| version.version != own.get_value());
        match elsewhere {
            Some(version) => Text::tag_moves(lang(), &version.version),
            None => t(Text::TagHint).to_owned(),
        }
    });
    let ready =
        Memo::new(move |_| tag.with(|tag| !tag.is_empty() && allowed(tag) && !tags.with(|tags| tags.contains(tag))));
    let set = move |()| {
        if ready.get_untracked() {
            acts.tag(own.get_value(), tag.get_untracked(), move || open.set(None));
        }
    };
    let row = move |tag: String| {
        let (label, testid) = (Text::tag_remove(lang(), &tag), format!("tag-remove-{tag}"));
        let shown = tag.clone();
        view! {
            <li class="row">
                <Badge text=shown tone=Tone::Accent />
                <IconButton symbol=Symbol::Close label=label testid=testid on_click=move |()| acts.untag(tag.clone()) />
            </li>
        }
    };
    view! {
        <Dialog
            title=Text::tag_title(lang(), &version)
            close_label=t(Text::ActionClose)
            on_close=move |()| open.set(None)
            testid="tag-dialog"
            footer=move || {
                view! {
                    <Button
                        text=t(Text::TagSet)
                        testid="tag-set"
                        kind=ButtonKind::Primary
                        keys="Enter"
                        disabled=Signal::derive(move || !ready.get())
                        busy=acts.sending.busy()
                        on_click=set
                    />
                }
            }
        >
            <div class="stack">
                <Show
                    when=move || tags.with(|tags| !tags.is_empty())
                    fallback=|| view! { <p class="soft">{t(Text::TagNone)}</p> }
                >
                    <ul class="row row-wrap" data-testid="tag-list" aria-label=t(Text::TagTitle)>
                        {move || tags.get().into_iter().map(row).collect_view()}
                    </ul>
                </Show>
                <TextField
                    label=t(Text::TagName)
                    value=typed
                    testid="tag-name"
                    placeholder="production"
                    hint=hint
                    error=wrong
                    on_enter=set
                    autofocus=true
                />
                {move || acts.sending.error().get().map(|error| view! { <ErrorBox error=error /> })}
            </div>
        </Dialog>
    }
}

/// Whether this can be a tag; what is still empty is not held against anyone.
pub fn allowed(tag: &str) -> bool {
    let number = tag.strip_prefix('v').unwrap_or(tag);
    let numbered = number.split('.').count() == 3 && number.split('.').all(|part| part.parse::<u64>().is_ok());
    let sign = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '\\');
    tag.chars().count() <= 100 && !tag.contains(sign) && tag != "current" && !numbered
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn a_tag_is_no_number_and_no_path() {
        assert!(allowed("production") && allowed("q3-2026") && allowed("1.2") && allowed(""));
        for bad in ["1.2.0", "v1.2.0", "current", "a b", "a/b", "a\\b"] {
            assert!(!allowed(bad), "{bad}");
        }
    }
}
