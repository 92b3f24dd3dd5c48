//! Versions laid out as folders: what was changed there since is found and put right.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use support::{Fixture, files, going};
use versions::VersionError;

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_folder_that_is_no_longer_as_committed_is_laid_out_anew() {
    let fixture = Fixture::with_history(300);
    let (to, version) = (fixture.path("view"), "1.0.0".to_owned());
    let lay_out = || fixture.store.view(&to, std::slice::from_ref(&version), &mut going).unwrap();
    lay_out();
    let (folder, whole) = (to.join(&version), &fixture.expected[&version]);
    assert!(files(&folder) == *whole);

    // A row is gone: the size tells.
    let text = fs::read_to_string(folder.join("train.jsonl")).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    fs::write(folder.join("train.jsonl"), rest).unwrap();
    lay_out();
    assert!(files(&folder) == *whole);

    // Another byte in a file of the same size: only its hash tells.
    let mut bytes = whole["eval.jsonl"].clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.join("eval.jsonl"), bytes).unwrap();
    lay_out();
    assert!(files(&folder) == *whole);

    fs::remove_file(folder.join("metadata.json")).unwrap();
    lay_out();
    assert!(files(&folder) == *whole);
    assert_eq!(names(&to), BTreeSet::from([version.clone()]), "nothing is left beside it");
}

#[test]
fn a_folder_that_is_whole_is_left_alone() {
    let fixture = Fixture::with_history(300);
    let (to, version) = (fixture.path("view"), ["1.0.0".to_owned()]);
    fixture.store.view(&to, &version, &mut going).unwrap();
    // Laying it out anew would take this away.
    fs::write(to.join("1.0.0/notes.txt"), "mine").unwrap();
    fixture.store.view(&to, &version, &mut going).unwrap();
    assert_eq!(fs::read_to_string(to.join("1.0.0/notes.txt")).unwrap(), "mine");

    let stopped = fixture.store.view(&to, &version, &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(VersionError::Cancelled)));
    assert!(files(&to.join("1.0.0")) == fixture.expected["1.0.0"]);
}

#[test]
fn what_is_damaged_stays_until_there_is_something_whole() {
    let fixture = Fixture::with_history(300);
    let (to, version) = (fixture.path("view"), ["1.0.0".to_owned()]);
    fixture.store.view(&to, &version, &mut going).unwrap();
    fs::write(to.join("1.0.0/eval.jsonl"), "").unwrap();
    fixture.store.archive(&version, false, 0, &mut going).unwrap();
    let refused = fixture.store.view(&to, &version, &mut going);
    assert!(matches!(refused, Err(VersionError::Archived(number)) if number == "1.0.0"));
    assert!(to.join("1.0.0/train.jsonl").is_file());
}
