//! The parts of an error that a person reads: its place and its parameters, written in their language.

use contract::settings::Language;
use contract::{CallError, Place};

/// An error in the person's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorText {
    /// What happened: one sentence.
    pub what: String,
    /// Where: file, row, column; `None` when the error has no place.
    pub place: Option<String>,
    /// What to do next.
    pub hint: String,
    /// The option or command of the command line that does it, where there is one: `--skip-bad-rows`.
    pub command: Option<&'static str>,
}

impl ErrorText {
    /// The whole on one line: place, what happened, what to do.
    #[must_use]
    pub fn line(&self) -> String {
        match &self.place {
            Some(place) => format!("{place}: {} {}", self.what, self.hint),
            None => format!("{} {}", self.what, self.hint),
        }
    }
}

/// The parameters of an error, written as people read them; what is missing reads "—".
pub(super) struct Params<'a> {
    pub(super) lang: Language,
    pub(super) error: &'a CallError,
}

impl Params<'_> {
    pub(super) fn text(&self, name: &str) -> String {
        let value = self.error.params.get(name).map_or("", |value| value.trim());
        // A detail ends where our sentence goes on.
        let value = if name == "detail" { value.trim_end_matches(['.', ':', '\n', ' ']) } else { value };
        if value.is_empty() { "—".to_owned() } else { value.to_owned() }
    }

    /// What ends a sentence that stands without it, too: `: detail`, or nothing.
    pub(super) fn reason(&self, name: &str) -> String {
        let given = self.error.params.get(name).is_some_and(|value| !value.trim().is_empty());
        if given { format!(": {}", self.text(name)) } else { String::new() }
    }

    pub(super) fn size(&self, name: &str) -> String {
        match self.error.params.get(name).and_then(|value| value.parse().ok()) {
            Some(bytes) => crate::file_size(self.lang, bytes),
            None => self.text(name),
        }
    }

    pub(super) fn number(&self, name: &str) -> String {
        match self.error.params.get(name).and_then(|value| value.parse().ok()) {
            Some(value) => crate::number(self.lang, value),
            None => self.text(name),
        }
    }
}

/// Where an error happened: `clients.csv, row 12, column “text”`.
#[must_use]
pub fn error_place(lang: Language, place: &Place) -> Option<String> {
    let mut parts: Vec<String> = place.file.iter().cloned().collect();
    if let Some(row) = place.row {
        parts.push(match lang {
            Language::En => format!("row {row}"),
            Language::Ru => format!("строка {row}"),
        });
    }
    if let Some(column) = &place.column {
        parts.push(match lang {
            Language::En => format!("column “{column}”"),
            Language::Ru => format!("столбец «{column}»"),
        });
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
