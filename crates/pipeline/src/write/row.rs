//! A sample as a line of JSONL or CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use contract::dataset::Sample;
use contract::spreadsheet::harmless;

/// Names of the columns of every format, in this order; `weight` follows where weights were asked for.
pub(super) const COLUMNS: [&str; 10] =
    ["id", "text", "label", "origin", "confidence", "decided_by", "decided_at", "source", "row", "parent"];

/// One sample, encoded once for each format however many files it goes into.
pub(super) struct Row<'a> {
    pub(super) sample: &'a Sample,
    jsonl: Option<Vec<u8>>,
    csv: Option<Vec<u8>>,
}

impl<'a> Row<'a> {
    pub(super) fn new(sample: &'a Sample) -> Self {
        Self { sample, jsonl: None, csv: None }
    }

    pub(super) fn jsonl(&mut self) -> io::Result<&[u8]> {
        if self.jsonl.is_none() {
            let mut line = serde_json::to_vec(self.sample)?;
            line.push(b'\n');
            self.jsonl = Some(line);
        }
        Ok(self.jsonl.as_deref().unwrap_or_default())
    }

    /// `safe`: what a spreadsheet would take for a formula begins with an apostrophe.
    pub(super) fn csv(&mut self, safe: bool) -> io::Result<&[u8]> {
        if self.csv.is_none() {
            self.csv = Some(csv_line(self.sample, safe)?);
        }
        Ok(self.csv.as_deref().unwrap_or_default())
    }
}

/// The header of a CSV file.
pub(super) fn csv_header(weights: bool) -> Vec<u8> {
    let mut header = COLUMNS.join(",");
    if weights {
        header.push_str(",weight");
    }
    header.push('\n');
    header.into_bytes()
}

fn csv_line(sample: &Sample, safe: bool) -> io::Result<Vec<u8>> {
    // As in JSON, where −1 stands for none: a column without a number would be text to some readers and numbers to others.
    let confidence = sample.confidence.unwrap_or(-1.0);
    let mut line = Vec::with_capacity(sample.text.len() + 160);
    for text in [&sample.id, &sample.text, &sample.label, &sample.origin] {
        write!(line, "{},", cell(text, safe))?;
    }
    write!(line, "{confidence:?},")?;
    for text in [&sample.decided_by, &sample.decided_at, &sample.source] {
        write!(line, "{},", cell(text, safe))?;
    }
    write!(line, "{},{}", sample.row, cell(&sample.parent, safe))?;
    if let Some(weight) = sample.weight {
        write!(line, ",{weight:?}")?;
    }
    line.push(b'\n');
    Ok(line)
}

fn cell(text: &str, safe: bool) -> Cow<'_, str> {
    quoted(if safe { harmless(text) } else { Cow::Borrowed(text) })
}

/// Quoted as RFC 4180 has it, where it must be. An empty text is quoted, too: to some readers a cell without quotes is missing.
fn quoted(cell: Cow<'_, str>) -> Cow<'_, str> {
    if cell.is_empty()
        || cell.contains(['"', ',', '\n', '\r'])
        || cell.starts_with(char::is_whitespace)
        || cell.ends_with(char::is_whitespace)
    {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(text: &str) -> Sample {
        Sample {
            id: "00".into(),
            text: text.into(),
            label: "-minus".into(),
            origin: "source".into(),
            confidence: None,
            decided_by: "=anna".into(),
            decided_at: String::new(),
            source: "a.csv".into(),
            row: 2,
            parent: String::new(),
            weight: None,
        }
    }

    fn line(text: &str, safe: bool) -> String {
        String::from_utf8(Row::new(&sample(text)).csv(safe).expect("a line").to_vec()).expect("UTF-8")
    }

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        assert_eq!(line("a, \"b\"\nc", false), "00,\"a, \"\"b\"\"\nc\",-minus,source,-1.0,=anna,\"\",a.csv,2,\"\"\n");
        assert_eq!(line("=1+1", true), "00,'=1+1,'-minus,source,-1.0,'=anna,\"\",a.csv,2,\"\"\n");
        for start in ["+7", "-1", "@sum", "\tx", "\rx"] {
            assert!(line(start, true).contains(&format!("'{start}")), "{start:?}");
        }
        assert!(line("1=1", true).contains(",1=1,"));
    }

    #[test]
    fn what_is_missing_has_a_type() {
        let sample = sample("x");
        let line = String::from_utf8(Row::new(&sample).jsonl().expect("a line").to_vec()).expect("UTF-8");
        assert!(line.contains("\"confidence\":-1.0,\"decided_by\":\"=anna\",\"decided_at\":\"\""), "{line}");
        let read: Sample = serde_json::from_str(&line).expect("a sample");
        assert_eq!(read, sample);
        let null = line.replace("-1.0", "null");
        assert_eq!(serde_json::from_str::<Sample>(&null).expect("a sample of a dataset written before"), sample);
    }
}
