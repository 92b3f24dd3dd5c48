//! Damage of what no version needs: line indexes, reports of promises, choices of merges.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use contract::version::{CheckReport, ProblemKind, Resolution};
use support::{Fixture, going, request, samples};
use versions::VersionError;

fn folder_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A history with a report of promises, and a branch with choices for a merge.
fn fixture() -> Fixture {
    let fixture = Fixture::with_history(3000);
    let report =
        CheckReport { version: "3.0.0".to_owned(), passed: true, results: Vec::new(), checked: 1_700_000_000_000 };
    fixture.store.keep_report(&report).unwrap();
    let chosen = vec![("id-7".to_owned(), Some(Resolution::Theirs)), ("id-8".to_owned(), Some(Resolution::Ours))];
    fixture.store.resolve(("3.0.0", "2.0.0"), chosen, None, &mut going).unwrap();
    fixture
}

#[test]
fn a_flipped_bit_beside_the_versions_is_named_and_goes() {
    let fixture = fixture();
    let export = fixture.path("all.winnow");
    fixture.store.export(&[], &export, &mut going).unwrap();
    assert_eq!(fixture.verify().problems, []);
    for (folder, count, kind) in [
        ("lines", 2, ProblemKind::Redundant),
        ("checks", 1, ProblemKind::Redundant),
        ("merges", 1, ProblemKind::Damaged),
    ] {
        let files = folder_files(&fixture.root().join(folder));
        assert_eq!(files.len(), count, "{files:?}");
        for (file, path) in files.iter().enumerate() {
            let whole = fs::read(path).unwrap();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            // Every byte of what is small.
            let step = (whole.len() / 150).max(1);
            let spoilt = (0..whole.len()).step_by(step).map(|place| {
                let mut bytes = whole.clone();
                bytes[place] ^= 1 << (place % 8);
                bytes
            });
            let cut = [0, 5, whole.len() / 2, whole.len() - 1].map(|length| whole[..length].to_vec());
            for (place, bytes) in spoilt.chain(cut).enumerate() {
                fs::write(path, &bytes).unwrap();
                let found = fixture.verify().problems;
                let [problem] = &found[..] else { panic!("{name}, {place}: {found:?}") };
                assert_eq!((&problem.file, problem.kind), (&name, kind), "{place}");
                assert!(problem.versions.is_empty());
                if place % 16 == file {
                    clear_and_repair(&fixture, path, &bytes, &export);
                }
                fs::write(path, &whole).unwrap();
            }
        }
    }
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
}

/// A collection removes it, a repair lays it aside.
fn clear_and_repair(fixture: &Fixture, path: &Path, spoilt: &[u8], export: &Path) {
    fixture.store.collect(true, &mut going).unwrap();
    assert!(path.exists(), "a dry run removes nothing");
    fixture.store.collect(false, &mut going).unwrap();
    assert!(!path.exists());
    fs::write(path, spoilt).unwrap();
    let repaired = fixture.store.repair(export, &mut going).unwrap();
    assert_eq!((repaired.repaired, repaired.left.problems), (1, Vec::new()));
    assert!(!path.exists() && fixture.root().join("damaged").join(path.file_name().unwrap()).exists());
}

#[test]
fn spoilt_choices_are_not_taken_for_none() {
    let fixture = fixture();
    let sides = ("3.0.0", "2.0.0");
    let path = folder_files(&fixture.root().join("merges")).remove(0);
    let whole = fs::read(&path).unwrap();
    let text = String::from_utf8(whole.clone()).unwrap();
    fs::write(&path, text.replacen("theirs", "ours", 1)).unwrap();
    let refused = fixture.store.resolve(sides, Vec::new(), Some(Resolution::Ours), &mut going);
    assert!(matches!(refused, Err(VersionError::ChoicesDamaged(_))), "{refused:?}");
    let refused = fixture.store.preview_merge(sides.0, sides.1, &mut going);
    assert!(matches!(refused, Err(VersionError::ChoicesDamaged(_))), "{refused:?}");
    // As an earlier release wrote them.
    let sealed: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    fs::write(&path, serde_json::to_vec_pretty(&sealed["content"]).unwrap()).unwrap();
    assert_eq!(fixture.verify().problems, []);
    fixture.store.resolve(sides, Vec::new(), Some(Resolution::Ours), &mut going).unwrap();
    assert!(fs::read_to_string(&path).unwrap().contains("checksum"), "sealed from now on");
}

#[test]
fn a_spoilt_report_is_made_again() {
    let fixture = fixture();
    assert!(fixture.store.show("3.0.0").unwrap().checked.is_some());
    let path = folder_files(&fixture.root().join("checks")).remove(0);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("true", "false", 1)).unwrap();
    assert!(fixture.store.show("3.0.0").unwrap().checked.is_none(), "what is spoilt is not believed");
    let dataset = fixture.dataset(&samples(0..10), &samples(20..22));
    fixture.store.commit(&request(&dataset, "next"), &mut going).unwrap();
}
