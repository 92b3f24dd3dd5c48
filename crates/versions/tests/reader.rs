//! Another program, written after docs/VERSION_STORE.md alone, reads what is stored.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use support::{Fixture, files, going};

#[test]
fn another_program_reads_packs_archives_and_exports() {
    let Some(python) = testbed::readers_python() else { return };
    let fixture = Fixture::with_history(2500);
    fixture.store.tag("2.1.0", "production", false).unwrap();
    let export = fixture.path("all.winnow");
    fixture.store.export(&[], &export, &mut going).unwrap();
    fixture.store.archive(&["1.0.0".to_owned(), "2.0.0".to_owned()], false, 0, &mut going).unwrap();
    for store in [fixture.root(), export] {
        for (number, expected) in &fixture.expected {
            let name = if number == "2.1.0" { "production" } else { number };
            read(&python, &store, name, expected);
        }
    }
}

#[test]
fn another_program_reads_versions_that_are_told_by_newer_ones() {
    let Some(python) = testbed::readers_python() else { return };
    let fixture = Fixture::with_line(1500, 30, 40);
    let mut numbers: Vec<String> = fixture.store.list().unwrap().into_iter().map(|version| version.version).collect();
    numbers.reverse();
    for end in [14, 26] {
        fixture.store.archive(&numbers[..end], false, 0, &mut going).unwrap();
    }
    for number in numbers.iter().step_by(4) {
        read(&python, &fixture.root(), number, &fixture.expected[number]);
    }
}

#[test]
fn another_program_reads_what_an_earlier_one_wrote() {
    let Some(python) = testbed::readers_python() else { return };
    let earlier = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/packs2");
    let fixture = Fixture::new();
    fixture.store.import(&earlier.join("export.winnow"), &mut going).unwrap();
    for version in ["1.0.0", "production"] {
        let to = fixture.checkout(version, version).unwrap();
        for store in ["store", "export.winnow"] {
            read(&python, &earlier.join(store), version, &files(&to));
        }
    }
}

fn read(python: &Path, store: &Path, name: &str, expected: &BTreeMap<String, Vec<u8>>) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/read_version.py");
    let place = tempfile::tempdir().unwrap();
    let to = place.path().join("read");
    let output = Command::new(python).arg(script).arg(store).arg(name).arg(&to).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(files(&to) == *expected, "{name} from {}", store.display());
}
