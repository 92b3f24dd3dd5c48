//! Schema files, sound and broken.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;

use contract::ErrorCode;
use ingest::{read_schema, suggest_domain};

fn file(content: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schema.txt");
    fs::write(&path, content).unwrap();
    (folder, path)
}

#[test]
fn every_form_of_a_schema_is_read() {
    for content in [
        r#"["card_arrival", "change_pin"]"#,
        r#"[{"id": "card_arrival"}, {"id": "change_pin", "hotkey": "p"}]"#,
        r#"{"domains": [{"id": "card_arrival"}, {"id": "change_pin"}]}"#,
        r#"{"card_arrival": ["Where is my card?"], "change_pin": []}"#,
        "id,name_en,hotkey\ncard_arrival,,c\nchange_pin,,\n",
        "id;guideline\ncard_arrival;where\nchange_pin;how\n",
        "id\ncard_arrival\nchange_pin\n",
    ] {
        let (_folder, path) = file(content);
        let domains = read_schema(&path).unwrap();
        let ids: Vec<&str> = domains.iter().map(|domain| domain.id.as_str()).collect();
        assert_eq!(ids, ["card_arrival", "change_pin"], "{content}");
        assert_eq!(domains[0].name.en, "Card arrival");
    }
}

#[test]
fn a_broken_schema_is_explained() {
    for (content, code, row) in [
        ("id\nabc\ndef\nABC\n", ErrorCode::SchemaDuplicateId, Some(4)),
        ("id,hotkey\nabc,x\ndef,X\n", ErrorCode::SchemaDuplicateHotkey, Some(3)),
        (r#"["abc", "abc"]"#, ErrorCode::SchemaDuplicateId, None),
        (r#"["abc"]"#, ErrorCode::SchemaEmpty, None),
        ("[\"abc\",\n \"de", ErrorCode::SchemaMalformed, Some(2)),
        (r#"[{"id": "abc"}, {"id": ""}]"#, ErrorCode::SchemaMalformed, None),
        (r#"[{"id": "abc"}, 7]"#, ErrorCode::SchemaMalformed, None),
        ("colour,size\nred,3\nblue,4\n", ErrorCode::ColumnMissing, None),
    ] {
        let (_folder, path) = file(content);
        let error = read_schema(&path).unwrap_err();
        assert_eq!((error.code, error.place.row), (code, row), "{content}: {error}");
        assert!(error.place.file.is_some());
    }
}

#[test]
fn a_label_becomes_a_domain() {
    let domain = suggest_domain("card_arrival", Vec::new());
    assert_eq!((domain.id.as_str(), domain.name.en.as_str()), ("card_arrival", "Card arrival"));
    assert_eq!(suggest_domain("образование", Vec::new()).name.ru, "Образование");
}
