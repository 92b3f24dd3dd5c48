//! Files of every format and encoding, sound and broken, as a person would hand them in.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use contract::source::{CleaningSettings, DropReason, FileSpec, Format, ReadOptions};
use contract::{CallError, ErrorCode};
use ingest::{CleanItem, ImportReader, inspect};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

fn spec(path: &Path) -> FileSpec {
    FileSpec { path: path.display().to_string(), ..FileSpec::default() }
}

type Rows = (Vec<CleanItem>, Vec<(u64, DropReason)>);

fn read(spec: &FileSpec) -> Result<Rows, CallError> {
    let mut reader = ImportReader::open(spec)?;
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    while let Some(batch) = reader.next_batch(2)? {
        kept.extend(batch.kept);
        dropped.extend(batch.dropped.into_iter().map(|row| (row.row, row.reason)));
    }
    Ok((kept, dropped))
}

fn pairs(path: &Path) -> Vec<(String, Option<String>)> {
    read(&spec(path)).unwrap().0.into_iter().map(|item| (item.text, item.label)).collect()
}

fn error(path: &Path) -> CallError {
    let error = read(&spec(path)).unwrap_err();
    assert!(error.place.file.as_deref().is_some_and(|file| file == path.to_str().unwrap()), "{error}");
    error
}

const CARD: &str = "I am still waiting on my card?";

fn three() -> Vec<(String, Option<String>)> {
    [(CARD, "card_arrival"), ("Где моя карта?", "card_arrival"), ("How do I change my PIN?", "change_pin")]
        .map(|(text, label)| (text.to_owned(), Some(label.to_owned())))
        .to_vec()
}

#[test]
fn workbooks_and_parquet_give_the_same_rows() {
    for (name, format) in [
        ("three.xlsx", Format::Xlsx),
        ("three.xls", Format::Xls),
        ("three.ods", Format::Ods),
        ("three.parquet", Format::Parquet),
    ] {
        let path = fixture(name);
        let found = inspect(&path, &ReadOptions::default()).unwrap();
        assert_eq!(found.format, format, "{name}");
        assert_eq!(found.rows_estimate, Some(3), "{name}");
        assert_eq!(pairs(&path), three(), "{name}");
    }
    // The first sheet is empty; the one with rows was taken. Numbers and dates are as a person sees them.
    let found = inspect(&fixture("three.xlsx"), &ReadOptions::default()).unwrap();
    assert_eq!((found.sheets, found.sheet), (vec!["notes".to_owned(), "rows".to_owned()], Some("rows".to_owned())));
    assert_eq!(found.rows[0][2..], ["1", "2024-05-01"]);
    assert_eq!(found.rows[1][2..], ["2.5", "2024-05-01 12:30:00"]);
    let options = ReadOptions { sheet: Some("data".to_owned()), ..ReadOptions::default() };
    assert_eq!(inspect(&fixture("three.xlsx"), &options).unwrap_err().code, ErrorCode::SheetMissing);
}

#[test]
fn broken_workbooks_are_named() {
    assert_eq!(error(&fixture("locked.xlsx")).code, ErrorCode::FileProtected);
    assert_eq!(error(&fixture("cut.xlsx")).code, ErrorCode::FileDamaged);
    let folder = Folder::new();
    assert_eq!(error(&folder.file("a.parquet", "text,label\na,b\n")).code, ErrorCode::FormatMismatch);
    assert_eq!(error(&folder.file("b.parquet", "PAR1 and then nothing PAR1")).code, ErrorCode::FileDamaged);
    let whole = fs::read(fixture("three.parquet")).unwrap();
    assert_eq!(error(&folder.file("c.parquet", &whole[..whole.len() / 2])).code, ErrorCode::FileDamaged);
    assert_eq!(error(&folder.file("d.xlsx", "text,label\n")).code, ErrorCode::FormatMismatch);
}

#[test]
fn encodings_and_delimiters_are_found_unasked() {
    let folder = Folder::new();
    let table = "текст;метка\n\"Где моя карта; когда придёт?\";доставка\nКак сменить ПИН-код?;смена\n";
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let files = [
        ("utf-8", table.as_bytes().to_vec()),
        ("utf-8", [b"\xEF\xBB\xBF", table.as_bytes()].concat()),
        ("utf-16le", wide(table, u16::to_le_bytes)),
        ("utf-16be", wide(table, u16::to_be_bytes)),
        ("utf-16le", wide(&format!("\u{feff}{table}"), u16::to_le_bytes)),
        ("utf-16be", wide(&format!("\u{feff}{table}"), u16::to_be_bytes)),
        ("windows-1251", encoding_rs::WINDOWS_1251.encode(table).0.into_owned()),
        ("koi8-r", encoding_rs::KOI8_R.encode(table).0.into_owned()),
        ("ibm866", encoding_rs::IBM866.encode(table).0.into_owned()),
    ];
    for (number, (encoding, bytes)) in files.into_iter().enumerate() {
        let path = folder.file(&format!("{number}.csv"), bytes);
        let found = inspect(&path, &ReadOptions::default()).unwrap();
        assert_eq!(found.encoding.as_deref(), Some(encoding), "file {number}");
        assert_eq!(found.delimiter.as_deref(), Some(";"), "file {number}");
        let rows = pairs(&path);
        assert_eq!(rows[0], ("Где моя карта; когда придёт?".to_owned(), Some("доставка".to_owned())), "file {number}");
        assert_eq!(rows.len(), 2);
    }
    let path = folder.file("named.csv", encoding_rs::IBM866.encode(table).0);
    let read_as = |name: &str| ReadOptions { encoding: Some(name.to_owned()), ..ReadOptions::default() };
    assert_eq!(inspect(&path, &read_as("cp866")).unwrap().columns[0].name, "текст");
    assert_eq!(inspect(&path, &read_as("klingon")).unwrap_err().code, ErrorCode::EncodingUnknown);
}

#[test]
fn json_in_all_its_shapes() {
    let folder = Folder::new();
    let expected =
        vec![("first text".to_owned(), Some("a".to_owned())), ("second \"text\"".to_owned(), Some("b".to_owned()))];
    for (number, text) in [
        r#"[{"text": "first text", "label": "a"}, {"label": "b", "text": "second \"text\"", "n": [1, {"x": "]"}]}]"#,
        r#"{"text": ["first text", "second \"text\""], "label": ["a", "b"]}"#,
        r#"[["first text", "a"], ["second \"text\"", "b"]]"#,
        r#"{"about": {"x": [1]}, "train": [["first text", "a"]], "empty": [], "test": [["second \"text\"", "b"]]}"#,
        "{\"text\": \"first text\", \"label\": \"a\"}\n\n{\"text\": \"second \\\"text\\\"\", \"label\": \"b\"}\r\n",
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.file(&format!("{number}.json"), text);
        assert_eq!(pairs(&path), expected, "{text}");
    }
    let lone = folder.file("lone.json", r#"{"data": {"text": "x"}}"#);
    assert_eq!(error(&lone).code, ErrorCode::JsonMalformed);
    let open = folder.file("open.json", r#"[{"text": "one two"}, {"text": "three"#);
    let error = error(&open);
    assert_eq!((error.code, error.place.row), (ErrorCode::JsonMalformed, Some(2)));
    let ragged = folder.file("ragged.json", r#"{"text": ["one two", "three"], "label": ["a"]}"#);
    assert_eq!(read(&spec(&ragged)).unwrap_err().code, ErrorCode::RowRagged);
}

/// A defect in row 3 stops the import there, or is counted under its reason.
fn check_defect(path: &Path, code: ErrorCode, reason: DropReason) {
    let error = error(path);
    assert_eq!((error.code, error.place.row), (code, Some(3)), "{error}");
    let cleaning = CleaningSettings { skip_bad_rows: true, max_length: 2_000_000, ..CleaningSettings::default() };
    let (kept, dropped) = read(&FileSpec { cleaning, ..spec(path) }).unwrap();
    assert_eq!(dropped, [(3, reason)]);
    let rows: Vec<u64> = kept.iter().map(|item| item.row).collect();
    assert_eq!(rows, [2, 4]);
}

#[test]
fn defective_rows_are_named_or_counted() {
    let folder = Folder::new();
    let table = |row: &[u8]| [b"text,label\nfirst text,a\n", row, b"\nlast text,b\n"].concat();
    check_defect(&folder.file("short.csv", table(b"alone")), ErrorCode::RowRagged, DropReason::Ragged);
    check_defect(&folder.file("long.csv", table(b"a,b,c")), ErrorCode::RowRagged, DropReason::Ragged);
    check_defect(&folder.file("nul.csv", table(b"te\0xt,a")), ErrorCode::NulByte, DropReason::NulByte);
    let huge = "x".repeat(10 << 20);
    let huge_row = format!("{huge},a").into_bytes();
    check_defect(&folder.file("huge.csv", table(&huge_row)), ErrorCode::CellTooLarge, DropReason::CellTooLarge);
    let giant = "x".repeat(40 << 20);
    let giant_row = format!("\"{giant}\",a").into_bytes();
    check_defect(&folder.file("giant.csv", table(&giant_row)), ErrorCode::CellTooLarge, DropReason::CellTooLarge);
    // UTF-8 with one row from somewhere else.
    let cyrillic = "text,label\nпервый текст,a\n".as_bytes();
    let mixed =
        [cyrillic, &encoding_rs::WINDOWS_1251.encode("второй,a\n").0, "последний текст и ещё немного,b\n".as_bytes()]
            .concat();
    check_defect(&folder.file("mixed.csv", mixed), ErrorCode::EncodingInvalid, DropReason::BadEncoding);
}

#[test]
fn a_quote_that_is_never_closed_names_its_row() {
    let folder = Folder::new();
    let mut table = b"text,label\nfirst text,a\n\"open,a\n".to_vec();
    for number in 0..2_000_000 {
        table.extend(format!("row {number},b\n").as_bytes());
    }
    let error = error(&folder.file("open.csv", table));
    assert_eq!((error.code, error.place.row), (ErrorCode::QuoteUnclosed, Some(3)));
}

#[test]
fn what_is_no_table_is_refused() {
    let folder = Folder::new();
    assert_eq!(error(&folder.0.path().join("missing.csv")).code, ErrorCode::FileMissing);
    assert_eq!(error(folder.0.path()).code, ErrorCode::FileIsDirectory);
    assert_eq!(error(&folder.file("empty.csv", "")).code, ErrorCode::FileEmpty);
    assert_eq!(
        error(&folder.file("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\0\0\x02\x03\x04\0\x05")).code,
        ErrorCode::FormatUnknown
    );
    let table = folder.file("a.csv", "text,label\nabc,d\n");
    let mut missing = spec(&table);
    missing.mapping.text = Some("words".to_owned());
    let error = read(&missing).unwrap_err();
    assert_eq!((error.code, error.place.column.as_deref()), (ErrorCode::ColumnMissing, Some("words")));
    assert_eq!(error.params["columns"], "text, label");
}

#[test]
fn rows_are_cleaned_limited_and_resumed() {
    let folder = Folder::new();
    let table = "text,label,extra\n  two   words ,a,x\n,b,\nab,c,\n\"a\nb c\",d,\nlast one,e,\n";
    let path = folder.file("rows.csv", table);
    let (kept, dropped) = read(&spec(&path)).unwrap();
    let texts: Vec<(u64, &str)> = kept.iter().map(|item| (item.row, item.text.as_str())).collect();
    assert_eq!(texts, [(2, "two words"), (5, "a b c"), (6, "last one")]);
    assert_eq!(dropped, [(3, DropReason::Empty), (4, DropReason::TooShort)]);
    assert_eq!(kept[0].metadata.as_deref(), Some(r#"{"extra":"x"}"#));

    let mut reader = ImportReader::open(&spec(&path)).unwrap();
    reader.skip(3).unwrap();
    let batch = reader.next_batch(10).unwrap().unwrap();
    assert_eq!((batch.read, batch.kept[0].row), (5, 5));

    let cleaning = CleaningSettings { max_rows: Some(2), ..CleaningSettings::default() };
    let (kept, dropped) = read(&FileSpec { cleaning, ..spec(&path) }).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(dropped.iter().filter(|(_, reason)| *reason == DropReason::OverLimit).count(), 3);
}

#[test]
fn any_bytes_are_survived() {
    let folder = Folder::new();
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let heads: [&[u8]; 8] =
        [b"", b"PAR1", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"[{\"a\":", b"{", b"\xFF\xFE", b"a,b\n"];
    for round in 0..400 {
        let head = heads[round % heads.len()];
        let length = random() % 600;
        let body: Vec<u8> =
            (0..length).map(|_| if round % 3 == 0 { (random() % 96 + 32) as u8 } else { random() as u8 }).collect();
        let extension = ["csv", "json", "jsonl", "xlsx", "parquet", "txt", "xls", "ods"][(random() % 8) as usize];
        let path = folder.file(&format!("fuzz.{extension}"), [head, &body].concat());
        let _ = inspect(&path, &ReadOptions::default());
        let cleaning = CleaningSettings { skip_bad_rows: true, ..CleaningSettings::default() };
        let _ = read(&FileSpec { cleaning, ..spec(&path) });
    }
}
