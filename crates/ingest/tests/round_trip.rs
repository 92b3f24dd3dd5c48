//! Tables written as the csv modules of other languages write them come back cell by cell.
#![allow(clippy::unwrap_used)]

mod support;

use contract::source::{CleaningSettings, ReadOptions};
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};
use ingest::{ImportReader, inspect};

use support::as_it_stands;

/// A generator of numbers, the same in each run (xorshift64*, Vigna 2016).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit as u64).unwrap()
    }
}

const PIECES: &[&str] = &[
    "Где моя карта",
    "card",
    ", ",
    "; ",
    "\t",
    "|",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    " ",
    "'",
    "ё",
    "№1",
    "a,b",
    "100",
    "text",
    "{",
    "]",
    "\\",
];

fn cell(numbers: &mut Numbers, encoding: &'static Encoding) -> String {
    let mut text = "x".to_owned();
    for _ in 0..numbers.below(6) {
        let piece = PIECES[numbers.below(PIECES.len())];
        if encoding != UTF_8 || !encoding.encode(piece).2 {
            text.push_str(piece);
        }
    }
    text
}

/// Quotes what has to be quoted (RFC 4180).
fn quoted(cell: &str, delimiter: char, always: bool) -> String {
    if always || cell.contains([delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    match encoding {
        _ if encoding == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ if encoding == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => encoding.encode(text).0.into_owned(),
    }
}

#[test]
fn what_was_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let mut numbers = Numbers(20_260_101);
    for round in 0..240 {
        let encoding = [UTF_8, WINDOWS_1251, KOI8_R, IBM866, UTF_16LE, UTF_16BE][round % 6];
        let delimiter = [',', ';', '\t', '|'][round / 6 % 4];
        let line_end = ["\n", "\r\n"][round / 24 % 2];
        let always = round % 5 == 0;
        let rows: Vec<[String; 2]> = (0..1 + numbers.below(30))
            .map(|_| [cell(&mut numbers, encoding), cell(&mut numbers, encoding)])
            .filter(|row| {
                encoding == UTF_16LE || encoding == UTF_16BE || row.iter().all(|cell| !encoding.encode(cell).2)
            })
            .collect();
        if rows.is_empty() {
            continue;
        }
        let mut table =
            ["text", "note"].map(|name| quoted(name, delimiter, always)).join(&delimiter.to_string()) + line_end;
        for row in &rows {
            let cells = [&row[0], &row[1]].map(|cell| quoted(cell, delimiter, always));
            table += &(cells.join(&delimiter.to_string()) + line_end);
        }
        std::fs::write(&path, encoded(&table, encoding)).unwrap();
        let read = ReadOptions {
            encoding: Some(encoding.name().to_owned()),
            delimiter: Some(delimiter.to_string()),
            ..ReadOptions::default()
        };
        let mut spec = as_it_stands(&path, Some("text"));
        (spec.read, spec.mapping.label, spec.exact_mapping) = (read, Some("note".to_owned()), true);
        let found = support::read(&spec).unwrap();
        assert!(found.dropped.is_empty(), "{table:?}: {:?}", found.dropped);
        let texts: Vec<&str> = found.kept.iter().map(|item| item.text.as_str()).collect();
        assert_eq!(texts, rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), "{table:?}");
        let notes: Vec<&str> = found.kept.iter().filter_map(|item| item.label.as_deref()).collect();
        assert_eq!(notes, rows.iter().map(|row| row[1].trim()).collect::<Vec<_>>(), "{table:?}");
        let numbers: Vec<u64> = found.kept.iter().map(|item| item.row).collect();
        assert_eq!(numbers, (2..2 + rows.len() as u64).collect::<Vec<_>>());
    }
}

#[test]
fn resuming_anywhere_gives_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let table: String = (0..500).map(|row| format!("\"row {row}\nsecond line\",{}\n", row % 7)).collect();
    for (name, content) in [
        ("rows.csv", format!("text,label\n{table}")),
        (
            "rows.jsonl",
            (0..500).map(|row| format!("{{\"text\": \"row {row}\", \"label\": \"{}\"}}\n", row % 7)).collect(),
        ),
        (
            "rows.json",
            serde_json::to_string(&(0..500).map(|row| (format!("row {row}"), row % 7)).collect::<Vec<_>>()).unwrap(),
        ),
        (
            "columns.json",
            serde_json::json!({"text": (0..500).map(|row| format!("row {row}")).collect::<Vec<_>>()}).to_string(),
        ),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let mut spec = support::spec(&path);
        spec.cleaning = CleaningSettings { min_length: 6, ..CleaningSettings::default() };
        let whole = support::read(&spec).unwrap();
        assert_eq!(whole.read, 500, "{name}");
        for done in [0, 1, 99, 499, 500] {
            let mut reader = ImportReader::open(&spec).unwrap();
            reader.skip(done).unwrap();
            let rest = reader.next_batch(1000).unwrap();
            let rows = |kept: &[ingest::CleanItem]| kept.iter().map(|item| item.row).collect::<Vec<_>>();
            let first = if name.ends_with("csv") { done + 2 } else { done + 1 };
            let expected: Vec<u64> = rows(&whole.kept).into_iter().filter(|&row| row >= first).collect();
            assert_eq!(rest.map(|batch| rows(&batch.kept)).unwrap_or_default(), expected, "{name} after {done}");
        }
    }
}

#[test]
fn a_beginning_tells_about_a_long_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    let table: String = (0..200_000).map(|row| format!("a text number {row},{}\n", row % 7)).collect();
    std::fs::write(&path, format!("text,label\n{table}")).unwrap();
    let found = inspect(&path, &ReadOptions::default()).unwrap();
    let estimate = found.rows_estimate.unwrap();
    assert!((150_000..250_000).contains(&estimate), "{estimate}");
    assert_eq!((found.rows.len(), found.columns.len()), (50, 2));
}
