//! What earlier programs wrote is read, checked, and worked on. tests/data/packs2 was written by the program whose packs had no checksums: three
//! versions, the oldest archived, and all of them in an exported file.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use support::{Fixture, files, going};
use testbed::copy_folder;
use versions::VersionStore;

fn earlier(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/packs2").join(name)
}

/// A fixture whose store an earlier program wrote.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    copy_folder(&earlier("store"), &fixture.root()).unwrap();
    fixture
}

/// The hashes of a version's files, as its manifest has them.
fn promised(store: &VersionStore, version: &str) -> BTreeMap<String, String> {
    store.show(version).unwrap().files.into_iter().map(|file| (file.name, file.sha256)).collect()
}

fn checked_out(fixture: &Fixture, version: &str) -> BTreeMap<String, String> {
    let to = fixture.checkout(version, "out").unwrap();
    let hashes = files(&to).into_iter().map(|(name, bytes)| (name, format!("{:x}", Sha256::digest(bytes)))).collect();
    fs::remove_dir_all(to).unwrap();
    hashes
}

/// Packs and archives by the form that they have.
fn forms(root: &Path) -> Vec<String> {
    let mut forms: Vec<String> = ["packs", "archives"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| String::from_utf8(fs::read(entry.unwrap().path()).unwrap()[..8].to_vec()).unwrap())
        .collect();
    forms.sort();
    forms.dedup();
    forms
}

#[test]
fn a_store_of_an_earlier_program_is_read_and_worked_on() {
    let fixture = fixture();
    let store = &fixture.store;
    assert_eq!(forms(&fixture.root()), ["WNWARCH2", "WNWPACK2"]);
    assert!(store.verify(&mut going).unwrap().problems.is_empty());
    store.restore("1.0.0", &mut going).unwrap();
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        assert_eq!(checked_out(&fixture, version), promised(store, version), "{version}");
    }
    // A version that differs from the latest by one row is told by what is there; the two forms live side by side.
    let dataset = fixture.checkout("1.2.0", "dataset").unwrap();
    let train = fs::read_to_string(dataset.join("train.jsonl")).unwrap();
    fs::write(dataset.join("train.jsonl"), train.replacen("\"text\":\"", "\"text\":\"Please: ", 1)).unwrap();
    let request = versions::CommitRequest { as_written: false, ..support::request(&dataset, "next") };
    let next = store.commit(&request, &mut going).unwrap();
    assert_eq!(next.changes.text_changed, 1, "{:?}", next.changes);
    assert_eq!(checked_out(&fixture, &next.version), promised(store, &next.version));
    store.archive(&["1.1.0".to_owned(), "1.0.0".to_owned()], false, 0, &mut going).unwrap();
    store.restore("1.1.0", &mut going).unwrap();
    assert_eq!(checked_out(&fixture, "1.1.0"), promised(store, "1.1.0"));
    assert!(forms(&fixture.root()).contains(&"WNWPACK3".to_owned()));
    assert!(store.verify(&mut going).unwrap().problems.is_empty());
}

#[test]
fn an_earlier_programs_export_is_taken_and_repairs() {
    let fixture = Fixture::new();
    let report = fixture.store.import(&earlier("export.winnow"), &mut going).unwrap();
    assert_eq!(report.added.len(), 3);
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        assert_eq!(checked_out(&fixture, version), promised(&fixture.store, version), "{version}");
    }
    let damaged = self::fixture();
    let pack = support::tree(&damaged.root()).into_keys().find(|name| name.starts_with("packs/")).unwrap();
    let mut bytes = fs::read(damaged.root().join(&pack)).unwrap();
    bytes[100] ^= 1;
    fs::write(damaged.root().join(&pack), bytes).unwrap();
    assert!(!damaged.store.verify(&mut going).unwrap().problems.is_empty());
    damaged.store.repair(&earlier("export.winnow"), &mut going).unwrap();
    assert!(damaged.store.verify(&mut going).unwrap().problems.is_empty());
}
