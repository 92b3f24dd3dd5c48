//! Plural forms.

use crate::number::number;
use contract::settings::Language;

/// A noun as it stands after a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forms {
    /// English: after 1 and after others.
    pub en: [&'static str; 2],
    /// Russian: after 1 (21, 31, …), after 2 to 4 (22, …), after others.
    pub ru: [&'static str; 3],
}

impl Forms {
    /// The form that follows `count` (cardinal plural rules of the Unicode CLDR).
    #[must_use]
    pub fn after(&self, lang: Language, count: u64) -> &'static str {
        match lang {
            Language::En => self.en[usize::from(count != 1)],
            Language::Ru => match (count % 10, count % 100) {
                (1, rest) if rest != 11 => self.ru[0],
                (2..=4, rest) if !(12..=14).contains(&rest) => self.ru[1],
                _ => self.ru[2],
            },
        }
    }
}

/// The number with its noun: `1,204 items`, `21 элемент`.
#[must_use]
pub fn counted(lang: Language, count: u64, forms: &Forms) -> String {
    format!("{}\u{a0}{}", number(lang, count), forms.after(lang, count))
}
