//! Special tokens inside texts.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::error::ModelError;

/// Finds special tokens that a text spells out: the leftmost, of those the longest.
pub(crate) struct SpecialTokens {
    automaton: AhoCorasick,
    ids: Vec<u32>,
    /// Whether blanks after one belong to it.
    swallows_blanks: Vec<bool>,
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// Text without special tokens.
    Text(&'a str),
    /// A special token, and where the text goes on after it.
    Special(u32, usize),
}

impl SpecialTokens {
    /// Of texts and ids; blanks after those of which `swallows_blanks` says so belong to them.
    pub(crate) fn new<'t>(
        tokens: impl Iterator<Item = (&'t str, u32)>,
        swallows_blanks: impl Fn(&str) -> bool,
    ) -> Result<Self, ModelError> {
        let (texts, ids): (Vec<&str>, Vec<u32>) = tokens.filter(|(text, _)| !text.is_empty()).unzip();
        let swallows_blanks = texts.iter().map(|text| swallows_blanks(text)).collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(texts)
            .map_err(|error| ModelError::Failed { detail: format!("special tokens: {error}") })?;
        Ok(Self { automaton, ids, swallows_blanks })
    }

    /// Cuts a text at its special tokens.
    pub(crate) fn parts<'a>(&self, text: &'a str) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let mut from = 0;
        for found in self.automaton.find_iter(text) {
            if found.start() < from {
                continue;
            }
            if found.start() > from {
                parts.push(Part::Text(&text[from..found.start()]));
            }
            from = found.end();
            let pattern = found.pattern().as_usize();
            if self.swallows_blanks[pattern] {
                from = text.len() - text[from..].trim_ascii_start().len();
            }
            parts.push(Part::Special(self.ids[pattern], from));
        }
        if from < text.len() {
            parts.push(Part::Text(&text[from..]));
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_longest_token_is_found_and_may_take_blanks_with_it() {
        let tokens = || [("<a>", 1), ("<a><b>", 2), ("\n", 3)].into_iter();
        let plain = SpecialTokens::new(tokens(), |_| false).unwrap();
        assert_eq!(
            plain.parts("x<a><b> y\n"),
            [Part::Text("x"), Part::Special(2, 7), Part::Text(" y"), Part::Special(3, 10)]
        );
        let greedy = SpecialTokens::new([("<a>", 1)].into_iter(), |token| token == "<a>").unwrap();
        assert_eq!(greedy.parts("<a> \n y"), [Part::Special(1, 6), Part::Text("y")]);
        assert_eq!(greedy.parts(""), []);
    }
}
