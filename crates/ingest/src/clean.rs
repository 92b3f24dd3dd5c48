//! Cleaning: normalisation, length limits, the key that duplicates share.

use std::borrow::Cow;

use contract::source::{CleaningSettings, DropReason};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A row that is kept, unless the project has its text already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanItem {
    /// Row as a person counts.
    pub row: u64,
    /// The text after normalisation.
    pub text: String,
    /// [`text_hash`] of the text: what duplicates share.
    pub hash: [u8; 16],
    /// Label it came with.
    pub label: Option<String>,
    /// Time as it stands in the file.
    pub ts: Option<String>,
    /// User.
    pub user: Option<String>,
    /// Other columns as a JSON object of strings.
    pub metadata: Option<String>,
}

/// The key of exact deduplication: the first 128 bits of BLAKE3 over the UTF-8 bytes of the text as it is kept, that is after
/// whatever normalisation the settings ask for. Capitals, punctuation and digits count: `Hello` and `hello` differ.
pub fn text_hash(text: &str) -> [u8; 16] {
    let mut hash = [0; 16];
    hash.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..16]);
    hash
}

/// What cleaning says of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Cleaned<'a> {
    /// The normalised text.
    Kept(Cow<'a, str>),
    /// Why it goes.
    Dropped(DropReason),
}

/// Applies cleaning settings.
#[derive(Clone, Debug)]
pub struct Cleaner {
    settings: CleaningSettings,
}

impl Cleaner {
    /// A cleaner with these settings.
    pub fn new(settings: CleaningSettings) -> Self {
        Self { settings }
    }

    /// Normalises a text and checks its length (in characters, after normalisation). Two texts are duplicates when what
    /// this gives is the same, letter for letter; capitals count.
    pub fn clean<'a>(&self, text: &'a str) -> Cleaned<'a> {
        let text = self.normalise(text);
        let length = if text.is_ascii() { text.len() } else { text.chars().count() };
        if text.trim().is_empty() {
            Cleaned::Dropped(DropReason::Empty)
        } else if length < self.settings.min_length as usize {
            Cleaned::Dropped(DropReason::TooShort)
        } else if length > self.settings.max_length as usize {
            Cleaned::Dropped(DropReason::TooLong)
        } else {
            Cleaned::Kept(text)
        }
    }

    fn normalise<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let composed: Cow<'a, str> =
            if self.settings.normalise_unicode && !text.is_ascii() && is_nfc_quick(text.chars()) != IsNormalized::Yes {
                Cow::Owned(text.nfc().collect())
            } else {
                Cow::Borrowed(text)
            };
        if !self.settings.normalise_whitespace || is_tidy(&composed) {
            return composed;
        }
        let mut tidy = String::with_capacity(composed.len());
        let mut blank = false;
        for c in composed.chars() {
            if is_blank(c) {
                blank = !tidy.is_empty();
            } else if !is_invisible(c) {
                if blank {
                    tidy.push(' ');
                    blank = false;
                }
                tidy.push(c);
            }
        }
        Cow::Owned(tidy)
    }
}

/// White space of any kind, and control characters.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Characters without width or meaning of their own: zero-width space, word joiner, byte order mark, soft hyphen. Joiners
/// inside emoji and Indic scripts stay.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Whether nothing has to be done: true for most texts, so it looks at bytes.
fn is_tidy(text: &str) -> bool {
    let mut previous = b' ';
    for &byte in text.as_bytes() {
        // Bytes that begin a blank or invisible character outside ASCII, or may do so.
        if byte < b' ' || byte == 0x7f || (byte == b' ' && previous == b' ') || matches!(byte, 0xC2 | 0xE1..=0xE3 | 0xEF) {
            return !text.is_empty() && text.chars().all(|c| c == ' ' || !is_blank(c) && !is_invisible(c))
                && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
        }
        previous = byte;
    }
    previous != b' '
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> Cleaned<'_> {
        Cleaner::new(CleaningSettings::default()).clean(text)
    }

    #[test]
    fn white_space_and_composition_are_normalised() {
        for (from, to) in [
            ("  a\u{a0}b \r\n c ", "a b c"),
            ("\u{feff}abc", "abc"),
            ("со\u{ad}юз", "союз"),
            ("и\u{306}од", "йод"),
            ("abc", "abc"),
            ("«Ёж» – это…", "«Ёж» – это…"),
            ("a  b", "a b"),
            ("👩\u{200d}💻 ok", "👩\u{200d}💻 ok"),
        ] {
            assert_eq!(clean(from), Cleaned::Kept(to.into()), "{from:?}");
        }
    }

    #[test]
    fn lengths_are_counted_in_characters_after_normalisation() {
        assert_eq!(clean("\u{a0}\u{200b} "), Cleaned::Dropped(DropReason::Empty));
        assert_eq!(clean(" да "), Cleaned::Dropped(DropReason::TooShort));
        assert_eq!(clean("нет"), Cleaned::Kept("нет".into()));
        assert!(matches!(clean(&"ы".repeat(1000)), Cleaned::Kept(_)));
        assert_eq!(clean(&"ы".repeat(1001)), Cleaned::Dropped(DropReason::TooLong));
    }
}
