//! The texts, one file a screen or area.

/// A text in both languages. Keys are this type's constants (`Text::ReviewApprove`) and, where a text has arguments, its
/// functions (`Text::review_left(lang, 5)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    pub(crate) en: &'static str,
    pub(crate) ru: &'static str,
}

impl Text {
    pub(crate) const fn new(en: &'static str, ru: &'static str) -> Self {
        assert!(!en.is_empty() && !ru.is_empty(), "a text has both languages");
        Self { en, ru }
    }
}

pub mod actions;
pub mod changes;
pub mod commands;
pub mod compare;
pub mod confidence;
pub mod datasets;
pub mod error_text;
pub mod errors;
pub mod help;
pub mod jobs;
pub mod keeping;
pub mod label;
pub mod labellers;
pub mod labellers_told;
pub mod models;
pub mod picker;
pub mod plots;
pub mod prompt;
pub mod review;
pub mod schema;
pub mod settings;
pub mod shell;
pub mod sources;
pub mod split;
pub mod traffic;
pub mod version_told;
pub mod version_words;
pub mod versions;
pub mod words;

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of every area.
    fn lines() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
        [
            actions::LINES,
            changes::LINES,
            commands::LINES,
            compare::LINES,
            confidence::LINES,
            datasets::LINES,
            help::frame::LINES,
            jobs::LINES,
            keeping::LINES,
            label::LINES,
            labellers::LINES,
            labellers_told::LINES,
            models::LINES,
            picker::LINES,
            plots::LINES,
            prompt::LINES,
            review::LINES,
            schema::LINES,
            settings::LINES,
            shell::LINES,
            sources::LINES,
            split::LINES,
            traffic::LINES,
            version_told::LINES,
            version_words::LINES,
            versions::LINES,
            words::LINES,
        ]
        .into_iter()
        .flatten()
    }

    #[test]
    fn english_has_no_cyrillic_and_no_stray_blanks() {
        let cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
        for (key, en, ru) in lines() {
            assert!(*key == "LanguageRussian" || !en.contains(cyrillic), "{key}: {en}");
            for text in [en, ru] {
                assert_eq!(text.trim(), *text, "{key}");
                assert!(!text.contains("  "), "{key}: {text}");
                assert!(!text.contains("..."), "{key}: an ellipsis is one character");
            }
        }
    }

    #[test]
    fn russian_quotes_are_russian() {
        for (key, _, ru) in lines() {
            assert!(!ru.contains('"') && !ru.contains('“'), "{key}: {ru}");
        }
    }
}
