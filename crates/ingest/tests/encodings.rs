//! Short excerpts of real Russian tables in every encoding that Russian tables come in: told apart unasked.
#![allow(clippy::unwrap_used)]

mod support;

use contract::source::ReadOptions;
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, WINDOWS_1251};
use ingest::inspect;

use testbed::data;

/// Text and label column of real tables (0-based), with their delimiter.
const TABLES: &[(&str, char, usize)] = &[
    ("okpd2_goods_services_ru.csv", ',', 1),
    ("okved_2014_sections_ru.csv", ',', 3),
    ("rusentne_validation.tsv", '\t', 0),
    ("rucola_in_domain_dev_ru.csv", ',', 1),
    ("tnved6_ru.csv", ',', 1),
];

/// Texts of one line of a table, without quoting, that the encoding can hold.
fn texts(name: &str, delimiter: char, column: usize, encoding: &'static Encoding) -> Option<Vec<String>> {
    let content = std::fs::read_to_string(data(name)?).unwrap();
    let rows = content.lines().skip(1).filter(|line| !line.contains('"'));
    let cells = rows.filter_map(|line| line.split(delimiter).nth(column)).filter(|cell| cell.chars().count() > 3);
    Some(cells.filter(|cell| !encoding.encode(cell).2).map(str::to_owned).collect())
}

#[test]
fn excerpts_of_real_tables_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("excerpt.csv");
    let (mut tried, mut wrong) = (0, Vec::new());
    for &(name, delimiter, column) in TABLES {
        for encoding in [UTF_8, WINDOWS_1251, KOI8_R, IBM866] {
            let Some(texts) = texts(name, delimiter, column, encoding) else { return };
            for rows in [1, 3, 10] {
                for excerpt in texts.chunks(rows).step_by(texts.len() / rows / 15 + 1) {
                    for header in ["text;label\n", "текст;метка\n"] {
                        let body: String = excerpt.iter().map(|text| format!("{text};card_arrival\n")).collect();
                        let table = format!("{header}{body}");
                        std::fs::write(&path, encoding.encode(&table).0).unwrap();
                        let found = inspect(&path, &ReadOptions::default()).unwrap().encoding;
                        tried += 1;
                        if found.as_deref() != Some(&encoding.name().to_lowercase()) && !table.is_ascii() {
                            wrong.push(format!("{found:?} instead of {}: {table:?}", encoding.name()));
                        }
                    }
                }
            }
        }
    }
    println!("{} of {tried} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {tried} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

#[test]
fn capitals_names_and_other_languages_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("excerpt.csv");
    for text in [
        "ООО «РОМАШКА»",
        "ИВАНОВ ИВАН ИВАНОВИЧ",
        "Москва",
        "Apple iPhone 15 чехол",
        "USB-кабель Type-C, 1 м",
        "Ещё ёлка",
    ] {
        for encoding in [WINDOWS_1251, KOI8_R, IBM866] {
            let (bytes, _, unmappable) = encoding.encode(text);
            if unmappable {
                continue;
            }
            std::fs::write(&path, [b"text,label\n", &bytes[..], b",a\n"].concat()).unwrap();
            let found = inspect(&path, &ReadOptions::default()).unwrap().encoding;
            assert_eq!(found.as_deref(), Some(&encoding.name().to_lowercase()[..]), "{text}");
        }
    }
    for (text, encoding) in [
        ("text,label\nDéjà vu à l'été, où êtes-vous,a\nGarçon naïf,b\nFrüh übt sich,c\n", encoding_rs::WINDOWS_1252),
        ("text,label\nZażółć gęślą jaźń,a\nŁódź się kołysze,b\nPchnąć w tę łódź jeża,c\n", encoding_rs::WINDOWS_1250),
    ] {
        std::fs::write(&path, encoding.encode(text).0).unwrap();
        let found = inspect(&path, &ReadOptions::default()).unwrap().encoding;
        assert_eq!(found.as_deref(), Some(&encoding.name().to_lowercase()[..]), "{text}");
    }
}
