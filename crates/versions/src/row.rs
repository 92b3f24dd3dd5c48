//! One line of a data file: a sample.

use std::borrow::Cow;

use contract::version::{SampleSide, Split};
use serde::Deserialize;
use serde_json::Value;

use crate::line::trimmed;
use crate::secret::Secret;

/// A sample as its line tells it. Lines from elsewhere need a text and a label alone.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Row<'a> {
    #[serde(borrow, default)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    #[serde(borrow)]
    pub label: Cow<'a, str>,
    #[serde(borrow, default)]
    pub origin: Cow<'a, str>,
    #[serde(default)]
    pub confidence: Option<f32>,
    #[serde(borrow, default)]
    pub decided_by: Cow<'a, str>,
    #[serde(borrow, default)]
    pub decided_at: Cow<'a, str>,
    #[serde(borrow, default)]
    pub source: Cow<'a, str>,
    #[serde(default)]
    pub row: Option<u64>,
}

/// Why a line of somebody's own making is no sample.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RowProblem {
    /// It is not JSON, or not an object.
    #[error("{0}")]
    NotJson(String),
    /// It has no field `text`.
    #[error("no text")]
    NoText,
    /// It has no label.
    #[error("no label")]
    NoLabel,
    /// Its confidence is no number between 0 and 1, and not −1, which stands for none.
    #[error("a confidence of {0}")]
    Confidence(String),
}

impl<'a> Row<'a> {
    /// Reads a line that is to be stored, which has to be right. What is stored already is read as it is.
    pub fn read_new(line: &'a [u8]) -> Result<Self, RowProblem> {
        let row = match serde_json::from_slice(trimmed(line)) {
            Ok(row) => row,
            Err(_) => Row::read_new_leniently(line)?,
        };
        if row.text.trim().is_empty() {
            return Err(RowProblem::NoText);
        }
        if row.label.trim().is_empty() {
            return Err(RowProblem::NoLabel);
        }
        match row.confidence {
            Some(confidence) if !is_confidence(f64::from(confidence)) => {
                Err(RowProblem::Confidence(confidence.to_string()))
            }
            _ => Ok(row),
        }
    }

    /// The same of a line whose fields have other types.
    fn read_new_leniently(line: &'a [u8]) -> Result<Self, RowProblem> {
        let row = Row::read(line).map_err(|detail| problem_of(line, detail))?;
        let value: Value = serde_json::from_slice(trimmed(line)).unwrap_or_default();
        match value.get("confidence") {
            None | Some(Value::Null) => Ok(row),
            Some(told) if told.as_f64().is_some_and(is_confidence) => Ok(row),
            Some(told) => Err(RowProblem::Confidence(told.to_string())),
        }
    }

    /// Reads a line; says what is wrong with it otherwise.
    pub fn read(line: &'a [u8]) -> Result<Self, String> {
        let line = trimmed(line);
        serde_json::from_slice(line).or_else(|error| Row::read_leniently(line).ok_or_else(|| error.to_string()))
    }

    /// Reads a line whose fields have other types: numbers as ids and labels, nulls.
    fn read_leniently(line: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(line).ok()?;
        let field = |name: &str| match value.get(name)? {
            Value::String(text) => Some(Cow::Owned(text.clone())),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Bool(flag) => Some(Cow::Owned(flag.to_string())),
            _ => None,
        };
        #[allow(clippy::cast_possible_truncation)] // A confidence has no more digits.
        Some(Row {
            id: field("id").unwrap_or_default(),
            text: field("text")?,
            label: field("label")?,
            origin: field("origin").unwrap_or_default(),
            confidence: value.get("confidence").and_then(Value::as_f64).map(|confidence| confidence as f32),
            decided_by: field("decided_by").unwrap_or_default(),
            decided_at: field("decided_at").unwrap_or_default(),
            source: field("source").unwrap_or_default(),
            row: value.get("row").and_then(Value::as_u64),
        })
    }

    /// Its confidence; the writer puts −1 where there is none.
    pub fn confidence(&self) -> Option<f32> {
        self.confidence.filter(|confidence| *confidence >= 0.0)
    }

    /// The tenth that its confidence lies in: 0 to 9.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped; not a number is 0.
    pub fn tenth(&self) -> Option<u8> {
        self.confidence().map(|confidence| ((confidence * 10.0) as u8).min(9))
    }

    /// Characters of its text.
    pub fn characters(&self) -> u64 {
        self.text.chars().count() as u64
    }

    /// Its id; one made of its text where it has none.
    pub fn name(&self) -> Cow<'_, str> {
        if self.id.is_empty() {
            Cow::Owned(blake3::hash(self.text.as_bytes()).to_hex()[..32].to_owned())
        } else {
            Cow::Borrowed(&self.id)
        }
    }

    /// What it is matched by.
    pub fn mark(&self, place: Place, secret: &Secret) -> Mark {
        let source = (!self.source.is_empty()).then_some(self.row).flatten();
        let origin = |row: u64| secret.short(&[&row.to_le_bytes(), self.source.as_bytes()].concat());
        Mark {
            id: secret.short(self.name().as_bytes()),
            text: secret.short(self.text.as_bytes()),
            label: secret.short(self.label.as_bytes()),
            origin: source.map(origin),
            sketch: Sketch::of(&self.text),
            place,
        }
    }

    /// As people see it.
    pub fn side(&self, split: Split) -> SampleSide {
        let present = |text: &Cow<'_, str>| (!text.is_empty()).then(|| text.clone().into_owned());
        SampleSide {
            text: self.text.clone().into_owned(),
            label: self.label.clone().into_owned(),
            split: Some(split),
            origin: self.origin.clone().into_owned(),
            confidence: self.confidence(),
            source: self.source.clone().into_owned(),
            row: self.row,
            decided_by: present(&self.decided_by),
            decided_at: self.decided_at.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond),
        }
    }
}

/// Where a line stands in a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// 0 for train, 1 for eval.
    pub file: u8,
    /// The chunk in the file's list.
    pub chunk: u32,
    /// The line in the chunk.
    pub line: u32,
}

impl Place {
    /// The part of the dataset.
    pub fn split(self) -> Split {
        if self.file == 0 { Split::Train } else { Split::Eval }
    }
}

/// What a sample is paired with another version's by: hashes under a secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub id: u64,
    pub text: u64,
    pub label: u64,
    /// Of its source and row, where it has both.
    pub origin: Option<u64>,
    pub sketch: Sketch,
    pub place: Place,
}

/// What tells an edited text from another one: the least hash of its runs of three bytes in each of 16 classes (MinHash with one
/// permutation, Li, Owen and Zhang 2012).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sketch(pub [u8; 16]);

impl Default for Sketch {
    fn default() -> Self {
        Self([u8::MAX; 16])
    }
}

impl Sketch {
    fn of(text: &str) -> Self {
        let mut least = Self::default();
        for run in text.as_bytes().windows(3) {
            // Multiplicative hashing (Knuth, TAOCP 3, 6.4); its upper bits are the good ones.
            let hash = u32::from_le_bytes([run[0], run[1], run[2], 1]).wrapping_mul(0x9E37_79B1);
            let [_, _, value, class] = hash.to_le_bytes();
            let kept = &mut least.0[usize::from(class >> 4)];
            *kept = value.min(*kept);
        }
        least
    }

    /// Whether two texts share a fifth of their runs, roughly.
    pub fn resembles(&self, other: &Self) -> bool {
        let classes = self.0.iter().zip(&other.0).filter(|(a, b)| **a != u8::MAX || **b != u8::MAX);
        let (all, same) = classes.fold((0, 0), |(all, same), (a, b)| (all + 1, same + u32::from(a == b)));
        same * 5 >= all
    }
}

/// Whether this is a confidence, or what stands for none.
#[allow(clippy::float_cmp)] // The writer puts just this.
fn is_confidence(number: f64) -> bool {
    (0.0..=1.0).contains(&number) || number == -1.0
}

/// What is wrong with a line that can't be read.
fn problem_of(line: &[u8], detail: String) -> RowProblem {
    let Ok(Value::Object(fields)) = serde_json::from_slice(trimmed(line)) else { return RowProblem::NotJson(detail) };
    let is_there = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    if !is_there("text") {
        RowProblem::NoText
    } else if !is_there("label") {
        RowProblem::NoLabel
    } else {
        RowProblem::NotJson(detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_from_elsewhere_are_read() {
        let row =
            Row::read(b"{\"text\": \"a\\u00e9\", \"label\": 7, \"id\": null, \"more\": [1]}\n").expect("a sample");
        assert_eq!((row.text.as_ref(), row.label.as_ref()), ("a\u{e9}", "7"));
        assert_eq!(row.name().len(), 32);
        for bad in [&b"{\"text\": \"a\"}"[..], b"[]", b"{", b"", b"\xff\xfe"] {
            assert!(Row::read(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told() {
        let problem = |line: &str| Row::read_new(line.as_bytes()).err();
        assert_eq!(problem(r#"{"text": "a", "label": "b", "confidence": -1}"#), None);
        assert_eq!(problem(r#"{"text": "a", "label": 1, "confidence": 1.0}"#), None);
        assert_eq!(problem(r#"{"text": "a", "label": 1, "confidence": null}"#), None);
        for confidence in ["7", "-0.1", "\"high\"", "[]"] {
            let line = format!(r#"{{"text": "a", "label": "b", "confidence": {confidence}}}"#);
            assert_eq!(problem(&line), Some(RowProblem::Confidence(confidence.to_owned())));
        }
        assert_eq!(problem(r#"{"text": "a", "label": ""}"#), Some(RowProblem::NoLabel));
        assert_eq!(problem(r#"{"text": "a", "label": " "}"#), Some(RowProblem::NoLabel));
        assert_eq!(problem(r#"{"text": "  ", "label": "b"}"#), Some(RowProblem::NoText));
        assert_eq!(problem(r#"{"text": "a"}"#), Some(RowProblem::NoLabel));
        assert_eq!(problem(r#"{"text": null, "label": "b"}"#), Some(RowProblem::NoText));
        assert_eq!(problem("{}"), Some(RowProblem::NoText));
        assert!(matches!(problem(r#"{"text": ["a"], "label": "b"}"#), Some(RowProblem::NotJson(_))));
        for line in ["[]", "{", "", "text"] {
            assert!(matches!(problem(line), Some(RowProblem::NotJson(_))), "{line}");
        }
    }
}
