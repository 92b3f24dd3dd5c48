//! Bad files: each gives one clear error with the file, the row where there is one, and nothing is swallowed.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::PathBuf;

use contract::source::{CleaningSettings, ColumnMapping, DropReason, FileSpec, ReadOptions};
use contract::{CallError, ErrorCode};
use encoding_rs::WINDOWS_1251;
use ingest::{ImportReader, inspect};

use support::{read, spec};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// Reads a table named `rows.csv` with this content, stopping at the first bad row.
fn fails(content: impl AsRef<[u8]>) -> CallError {
    let folder = Folder::new();
    let path = folder.file("rows.csv", content);
    let mapping = ColumnMapping { text: Some("text".to_owned()), ..ColumnMapping::default() };
    let error = read(&FileSpec { mapping, ..spec(&path) }).unwrap_err();
    assert_eq!(error.place.file.as_deref(), path.to_str(), "{error}");
    error
}

/// Texts kept and (row, reason) dropped when bad rows are skipped.
fn skips(content: impl AsRef<[u8]>) -> (Vec<String>, Vec<(u64, DropReason)>) {
    let folder = Folder::new();
    let path = folder.file("rows.csv", content);
    let cleaning = CleaningSettings { skip_bad_rows: true, ..CleaningSettings::default() };
    let mapping = ColumnMapping { text: Some("text".to_owned()), ..ColumnMapping::default() };
    let batch = read(&FileSpec { cleaning, mapping, ..spec(&path) }).unwrap();
    let kept = batch.kept.into_iter().map(|item| item.text).collect();
    (kept, batch.dropped.into_iter().map(|row| (row.row, row.reason)).collect())
}

fn code_of(path: PathBuf) -> ErrorCode {
    let error = inspect(&path, &ReadOptions::default()).unwrap_err();
    assert!(error.place.file.is_some(), "{error}");
    let opened = ImportReader::open(&spec(&path)).err();
    assert_eq!(opened.map(|error| error.code), Some(error.code), "{path:?}");
    error.code
}

#[test]
fn what_is_no_table_is_refused_clearly() {
    let folder = Folder::new();
    assert_eq!(code_of(folder.0.path().join("missing.csv")), ErrorCode::FileMissing);
    assert_eq!(code_of(folder.0.path().to_owned()), ErrorCode::FileIsDirectory);
    assert_eq!(code_of(folder.file("empty.csv", "")), ErrorCode::FileEmpty);
    assert_eq!(code_of(folder.file("blank.csv", "\n\r\n\n")), ErrorCode::FileEmpty);
    assert_eq!(code_of(folder.file("mark.csv", "\u{feff}")), ErrorCode::FileEmpty);
    assert_eq!(code_of(folder.file("empty.json", "[]")), ErrorCode::FileEmpty);
    assert_eq!(code_of(folder.file("fake.parquet", "text,label\na,b\n")), ErrorCode::FormatMismatch);
    assert_eq!(code_of(folder.file("cut.parquet", "PAR1\0\0\0\0")), ErrorCode::FileDamaged);
    assert_eq!(code_of(folder.file("fake.xlsx", "text,label\na,b\n")), ErrorCode::FormatMismatch);
    assert_eq!(code_of(folder.file("fake.xls", "text")), ErrorCode::FormatMismatch);
    assert_eq!(code_of(folder.file("cut.xlsx", "PK\x03\x04 and nothing more")), ErrorCode::FileDamaged);
    assert_eq!(code_of(folder.file("image.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")), ErrorCode::FormatMismatch);
    assert_eq!(code_of(folder.file("data.bin", [1, 2, 3, 200, 5, 255].repeat(99))), ErrorCode::FormatUnknown);
    assert_eq!(code_of(folder.file("broken.json", "[{\"text\": \"a\"}, {\"text\": ")), ErrorCode::JsonMalformed);
    assert_eq!(code_of(folder.file("number.json", "42")), ErrorCode::JsonMalformed);
}

#[test]
fn a_header_without_rows_has_no_rows() {
    let folder = Folder::new();
    let path = folder.file("header.csv", "text,label\n");
    assert_eq!(inspect(&path, &ReadOptions::default()).unwrap_err().code, ErrorCode::FileEmpty);
    assert_eq!(read(&spec(&path)).unwrap_err().code, ErrorCode::FileEmpty);
}

#[test]
fn ragged_rows_name_their_row_and_both_numbers() {
    let error = fails("text,label\nfirst,a\n\"sec\nond\",b\nthird\nfourth,d\n");
    assert_eq!((error.code, error.place.row), (ErrorCode::RowRagged, Some(4)));
    assert_eq!((error.params["expected"].as_str(), error.params["found"].as_str()), ("2", "1"));
    let error = fails("text,label\nfirst,a\nsecond,b,c\n");
    assert_eq!((error.code, error.place.row, error.params["found"].as_str()), (ErrorCode::RowRagged, Some(3), "3"));
    let (kept, dropped) = skips("text,label\nfirst,a\nsecond,b,c\nthird\nfourth,d,,\n");
    assert_eq!(kept, ["first", "fourth"]);
    assert_eq!(dropped, [(3, DropReason::Ragged), (4, DropReason::Ragged)]);
}

#[test]
fn bytes_of_another_encoding_are_found() {
    let mut utf8 = "text,label\n".to_owned() + &"Где моя карта,card\n".repeat(20);
    let foreign = WINDOWS_1251.encode("Чужая строка,card\n").0.into_owned();
    let error = fails([utf8.as_bytes(), &foreign, "Хвост,card\n".as_bytes()].concat());
    assert_eq!((error.code, error.place.row), (ErrorCode::EncodingInvalid, Some(22)));
    assert_eq!((error.params["encoding"].as_str(), error.place.column.as_deref()), ("utf-8", Some("text")));
    let (kept, dropped) = skips([utf8.as_bytes(), &foreign, "Хвост,card\n".as_bytes()].concat());
    assert_eq!((kept.len(), dropped), (21, vec![(22, DropReason::BadEncoding)]));
    // The other way round: one row of UTF-8 in windows-1251.
    utf8.push_str("Новая строка,card\n");
    let mixed = [&WINDOWS_1251.encode(&utf8).0[..], "Своя строка,card\n".as_bytes()].concat();
    let error = fails(&mixed);
    assert_eq!((error.code, error.place.row), (ErrorCode::EncodingInvalid, Some(23)));
    assert_eq!(error.params["encoding"], "windows-1251");
}

#[test]
fn nul_bytes_are_found() {
    let error = fails("text,label\nfirst,a\nsec\0ond,b\n");
    assert_eq!(
        (error.code, error.place.row, error.place.column.as_deref()),
        (ErrorCode::NulByte, Some(3), Some("text"))
    );
    assert_eq!(skips("text,label\nfirst,a\nsec\0ond,b\n").1, [(3, DropReason::NulByte)]);
}

#[test]
fn giant_cells_name_their_row() {
    let giant = "x".repeat(10 << 20);
    for cell in [giant.clone(), format!("\"{giant}\""), "y".repeat(20 << 20), format!("\"{}\n\"", "z".repeat(40 << 20))]
    {
        let content = format!("text,label\nfirst,a\n{cell},b\nthird,c\n");
        let error = fails(&content);
        assert_eq!((error.code, error.place.row), (ErrorCode::CellTooLarge, Some(3)));
        assert!(error.params["size"].parse::<usize>().unwrap() >= 10 << 20);
        assert_eq!(skips(&content), (vec!["first".into(), "third".into()], vec![(3, DropReason::CellTooLarge)]));
    }
}

#[test]
fn a_quote_that_is_never_closed_is_named_and_swallows_one_line() {
    let content = "text,label\nfirst,a\n\"second,b\nthird,c\nfourth,d\n";
    let error = fails(content);
    assert_eq!((error.code, error.place.row), (ErrorCode::QuoteUnclosed, Some(3)));
    for end in ["\n", "\r\n"] {
        let (kept, dropped) = skips(content.replace('\n', end));
        assert_eq!(kept, ["first", "third", "fourth"]);
        assert_eq!(dropped, [(3, DropReason::Ragged)]);
    }
    // In another encoding, and beyond the largest record.
    let long = "text,label\n\"второй,b\n".to_owned() + &"третий текст,c\n".repeat(900_000);
    let (kept, dropped) = skips(WINDOWS_1251.encode(&long).0);
    assert_eq!((kept.len(), dropped), (900_000, vec![(2, DropReason::Ragged)]));
    assert_eq!(fails(&long).code, ErrorCode::QuoteUnclosed);
}

#[test]
fn endless_bad_quotes_end() {
    let (content, row) = ("text,label\na,b\n".to_owned() + &"\"\"\"\n".repeat(5_001), 3);
    let error = fails(&content);
    assert!(error.place.row >= Some(row), "{error}");
}

#[test]
fn columns_that_are_not_there_are_named_with_those_that_are() {
    let folder = Folder::new();
    let path = folder.file("rows.csv", "text,label\nfirst,a\nsecond,b\n");
    let mapping = ColumnMapping { text: Some("txt".to_owned()), ..ColumnMapping::default() };
    let error = ImportReader::open(&FileSpec { mapping, ..spec(&path) }).err().unwrap();
    assert_eq!((error.code, error.params["columns"].as_str()), (ErrorCode::ColumnMissing, "text, label"));
    let numbers = folder.file("numbers.csv", "a,b\n1,2\n3,4\n");
    let error = ImportReader::open(&spec(&numbers)).err().unwrap();
    assert_eq!(error.code, ErrorCode::TextColumnUnknown);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let folder = Folder::new();
    let path = folder.file("rows.csv", "text,label\nfirst,a\n");
    let with = |read: ReadOptions| inspect(&path, &read).unwrap_err().code;
    assert_eq!(
        with(ReadOptions { encoding: Some("klingon".into()), ..Default::default() }),
        ErrorCode::EncodingUnknown
    );
    assert_eq!(with(ReadOptions { delimiter: Some("::".into()), ..Default::default() }), ErrorCode::DelimiterInvalid);
    assert_eq!(with(ReadOptions { delimiter: Some(String::new()), ..Default::default() }), ErrorCode::DelimiterInvalid);
}
