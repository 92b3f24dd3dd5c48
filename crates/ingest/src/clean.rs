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
        let glance = Glance::at(text);
        let text = self.normalise(text, &glance);
        let length = match &text {
            Cow::Borrowed(_) => glance.characters,
            Cow::Owned(text) => text.chars().count(),
        };
        if length <= BLANK_AT_MOST && text.chars().all(|c| is_blank(c) || is_invisible(c)) || text.trim().is_empty() {
            Cleaned::Dropped(DropReason::Empty)
        } else if length < self.settings.min_length as usize {
            Cleaned::Dropped(DropReason::TooShort)
        } else if length > self.settings.max_length as usize {
            Cleaned::Dropped(DropReason::TooLong)
        } else {
            Cleaned::Kept(text)
        }
    }

    fn normalise<'a>(&self, text: &'a str, glance: &Glance) -> Cow<'a, str> {
        let composed: Cow<'a, str> =
            if self.settings.normalise_unicode && !glance.composed && is_nfc_quick(text.chars()) != IsNormalized::Yes {
                Cow::Owned(text.nfc().collect())
            } else {
                Cow::Borrowed(text)
            };
        if !self.settings.normalise_whitespace || glance.tidy {
            return composed;
        }
        let tidy = tidied(&composed);
        if tidy == composed { composed } else { Cow::Owned(tidy) }
    }
}

/// A text whose invisible characters alone make it seem filled is no longer than this.
const BLANK_AT_MOST: usize = 64;

/// Joins runs of white space into one blank, trims, and leaves out what nobody can see.
fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
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
    tidy
}

/// White space of any kind, and control characters.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Characters without width or meaning of their own: zero-width space, word joiner, byte order mark, soft hyphen,
/// direction marks. Joiners inside emoji and Indic scripts stay.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// What one pass over the bytes tells of a text; most texts need no second one.
struct Glance {
    /// Characters.
    characters: usize,
    /// In NFC for sure.
    composed: bool,
    /// No white space to normalise, for sure.
    tidy: bool,
}

impl Glance {
    /// ASCII, Latin letters up to U+02FF, Cyrillic up to U+047F and common punctuation are in NFC whatever stands beside
    /// them (Unicode's NFC_Quick_Check is Yes and the combining class 0); anything else is left to a closer look.
    fn at(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut continuations, mut composed, mut tidy, mut previous) = (0, true, true, b' ');
        for (index, &byte) in bytes.iter().enumerate() {
            match byte {
                b' ' => tidy &= previous != b' ',
                0x21..=0x7E | 0xC3..=0xCB | 0xD0 | 0xD1 => {}
                0x80..=0xBF => continuations += 1,
                0..=0x1F | 0x7F => tidy = false,
                0xC2 => tidy &= bytes.get(index + 1).is_some_and(|&next| next > 0xA0 && next != 0xAD),
                0xE2 => {
                    let rest = (bytes.get(index + 1).copied(), bytes.get(index + 2).copied());
                    // Dashes, quotes, dots; №.
                    let plain =
                        matches!(rest, (Some(0x80), Some(0x90..=0xA7 | 0xB0..=0xBF)) | (Some(0x84), Some(0x96)));
                    composed &= plain;
                    tidy &= plain;
                }
                _ => (composed, tidy) = (false, false),
            }
            previous = byte;
        }
        Self { characters: bytes.len() - continuations, composed, tidy: tidy && previous != b' ' }
    }
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

    #[test]
    fn a_glance_agrees_with_a_close_look() {
        let samples = [
            "й",
            "и\u{306}",
            "\u{a0}",
            "№",
            "—",
            "\u{2028}",
            "\u{200b}",
            " ",
            "é",
            "\u{1e9b}\u{323}",
            "漢",
            "\u{ad}",
            "\t",
            "q",
        ];
        for first in samples {
            for second in samples {
                for third in samples {
                    let text = format!("{first}{second}{third}");
                    let glance = Glance::at(&text);
                    assert_eq!(glance.characters, text.chars().count(), "{text:?}");
                    assert!(!glance.composed || text.nfc().eq(text.chars()), "{text:?}");
                    assert!(!glance.tidy || tidied(&text) == text, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn normalisation_can_be_turned_off() {
        let settings =
            CleaningSettings { normalise_unicode: false, normalise_whitespace: false, ..CleaningSettings::default() };
        let cleaner = Cleaner::new(settings);
        assert_eq!(cleaner.clean(" и\u{306}  од "), Cleaned::Kept(" и\u{306}  од ".into()));
        assert_eq!(cleaner.clean("    "), Cleaned::Dropped(DropReason::Empty));
        assert_ne!(text_hash("Card"), text_hash("card"));
    }
}
