//! The real files: format, dialect, columns and rows must come out right unasked.
#![allow(clippy::unwrap_used)]

mod support;

use contract::source::{Format, ReadOptions};
use ingest::inspect;

use support::read_all;
use testbed::data;

/// File, format, delimiter, header, text, label, time, rows.
type Expected =
    (&'static str, Format, Option<&'static str>, bool, &'static str, Option<&'static str>, Option<&'static str>, u64);

const EXPECTED: &[Expected] = &[
    ("banking77_train.csv", Format::Csv, Some(","), true, "text", Some("category"), None, 10_003),
    ("banking77_test.csv", Format::Csv, Some(","), true, "text", Some("category"), None, 3_080),
    ("okpd2_goods_services_ru.csv", Format::Csv, Some(","), true, "name", Some("label"), None, 18_226),
    ("okved_2014_sections_ru.csv", Format::Csv, Some(","), true, "name_okved", Some("name_section"), None, 2_636),
    ("clinc150_full.json", Format::Json, None, false, "text", Some("label"), None, 23_700),
    ("rusentne_train.tsv", Format::Csv, Some("\t"), true, "sentence", Some("label"), None, 6_637),
    ("rusentne_validation.tsv", Format::Csv, Some("\t"), true, "sentence", Some("label"), None, 2_845),
    ("rucola_in_domain_train_ru.csv", Format::Csv, Some(","), true, "sentence", Some("acceptable"), None, 7_869),
    ("rucola_in_domain_dev_ru.csv", Format::Csv, Some(","), true, "sentence", Some("acceptable"), None, 983),
    ("rucola_out_of_domain_dev_ru.csv", Format::Csv, Some(","), true, "sentence", Some("acceptable"), None, 1_804),
    (
        "cfpb_complaints_2015_2020.csv",
        Format::Csv,
        Some(","),
        true,
        "Consumer complaint narrative",
        Some("Product"),
        Some("Date received"),
        6_623,
    ),
    (
        "cfpb_complaints_2023_payday.csv",
        Format::Csv,
        Some(","),
        true,
        "Consumer complaint narrative",
        Some("Product"),
        Some("Date received"),
        2_827,
    ),
    ("nlupp_banking.jsonl", Format::Jsonl, None, false, "text", None, None, 2_071),
    ("hs6_en.csv", Format::Csv, Some(","), true, "description", Some("section"), None, 6_940),
    ("hs_sections_en.csv", Format::Csv, Some(","), true, "name", None, None, 21),
    ("tnved6_ru.csv", Format::Csv, Some(","), true, "description", None, None, 5_611),
    ("okpd2_ru.tsv", Format::Csv, Some("\t"), false, "column_2", None, None, 20_328),
];

#[test]
fn every_real_file_is_understood_unasked() {
    let mut wrong = Vec::new();
    for &(name, format, delimiter, header, text, label, ts, rows) in EXPECTED {
        let Some(path) = data(name) else { return };
        let seen = inspect(&path, &ReadOptions::default()).unwrap();
        let found = (
            seen.format,
            seen.delimiter.as_deref(),
            seen.header,
            seen.mapping.text.as_deref(),
            seen.mapping.label.as_deref(),
            seen.mapping.ts.as_deref(),
        );
        if found != (format, delimiter, header, Some(text), label, ts) || !seen.warnings.is_empty() {
            wrong.push(format!("{name}: {found:?} {:?}\n{:#?}", seen.warnings, seen.columns));
        }
        let estimate = seen.rows_estimate.unwrap();
        if !(rows / 2..rows * 2).contains(&estimate) {
            wrong.push(format!("{name}: about {estimate} of {rows} rows"));
        }
        match read_all(&path) {
            Ok(read) if read == rows => {}
            other => wrong.push(format!("{name}: {other:?} rows instead of {rows}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
