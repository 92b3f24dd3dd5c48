//! One long line of versions: what archiving its oldest ones frees, and that all of them come back.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use contract::version::VersionSummary;
use support::{Draw, Fixture, check_versions, going, tree};

const NOW: i64 = 1_800_000_000_000;

/// Versions, oldest first.
fn listed(fixture: &Fixture) -> Vec<VersionSummary> {
    let mut list = fixture.store.list().unwrap();
    list.reverse();
    list
}

fn numbers(versions: &[VersionSummary]) -> Vec<String> {
    versions.iter().map(|version| version.version.clone()).collect()
}

fn bytes_of(root: &Path, folder: &str) -> u64 {
    let Ok(files) = fs::read_dir(root.join(folder)) else { return 0 };
    files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

/// Objects and bytes of the packs of a store where some versions are all that there ever was.
fn alone(fixture: &Fixture, versions: &[VersionSummary]) -> (u64, u64) {
    let other = Fixture::new();
    for version in versions {
        let dataset = other.path("dataset");
        fs::create_dir_all(&dataset).unwrap();
        for (name, bytes) in &fixture.expected[&version.version] {
            fs::write(dataset.join(name), bytes).unwrap();
        }
        other.store.commit(&support::request(&dataset, &version.version), &mut going).unwrap();
    }
    (other.store.collect(true, &mut going).unwrap().kept, bytes_of(&other.root(), "packs"))
}

fn archive_and_bring_back(versions: u32, archived: usize) {
    let fixture = Fixture::with_line(10_000, versions, 100);
    let (all, root) = (listed(&fixture), fixture.root());
    let (old, kept) = all.split_at(archived);
    let before = (bytes_of(&root, "packs"), bytes_of(&root, "archives"));
    let tried = fixture.store.archive(&numbers(old), true, NOW, &mut going).unwrap();
    assert_eq!((bytes_of(&root, "packs"), bytes_of(&root, "archives")), before, "a dry run changes nothing");
    let done = fixture.store.archive(&numbers(old), false, NOW, &mut going).unwrap();
    assert_eq!((tried.bytes_before, tried.bytes_after), (done.bytes_before, done.bytes_after));
    let after = (bytes_of(&root, "packs"), bytes_of(&root, "archives"));
    let (objects, least) = alone(&fixture, kept);
    println!(
        "{archived} of {versions} versions: packs {} -> {} (a store of the others alone has {least}), archives {}; in all {} -> {}",
        before.0, after.0, after.1, done.bytes_before, done.bytes_after
    );
    // Not one object is left but those that the others have, and the lists of train and of the metadata of each archived one.
    let left = fixture.store.collect(true, &mut going).unwrap();
    assert_eq!((left.kept, left.bytes), (objects + 2 * old.len() as u64, 0));
    assert!(done.bytes_after < done.bytes_before);
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
    bring_back(&fixture, old);
}

/// Each archived version comes back byte for byte, in any order; then the archive is gone.
fn bring_back(fixture: &Fixture, archived: &[VersionSummary]) {
    let mut left = numbers(archived);
    let mut draw = Draw(3);
    while !left.is_empty() {
        let number = left.swap_remove(draw.below(left.len()));
        fixture.store.restore(&number, &mut going).unwrap();
        check_versions(&fixture.root(), &BTreeMap::from([(number.clone(), fixture.expected[&number].clone())]));
    }
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
    assert_eq!(bytes_of(&fixture.root(), "archives"), 0);
}

#[test]
fn archiving_the_oldest_hundred_of_a_line_frees_what_only_they_need() {
    archive_and_bring_back(120, 100);
}

#[test]
fn archiving_the_oldest_twenty_of_a_line_frees_what_only_they_need() {
    archive_and_bring_back(120, 20);
}

/// As the rule of retention does it after each commit, with versions that come back and go again, and what others need in between.
#[test]
fn a_line_that_is_archived_bit_by_bit_stays_whole() {
    let mut fixture = Fixture::with_line(1500, 40, 25);
    let all = numbers(&listed(&fixture));
    let mut draw = Draw(11);
    for round in 0..60 {
        let number = &all[draw.below(all.len())];
        match draw.below(5) {
            0 => drop(fixture.store.restore(number, &mut going).unwrap()),
            1 => drop(fixture.store.archive(std::slice::from_ref(number), false, NOW, &mut going).unwrap()),
            2 => {
                let some: Vec<String> = all.iter().take(draw.below(all.len())).cloned().collect();
                drop(fixture.store.archive(&some, false, NOW, &mut going).unwrap());
            }
            3 => drop(fixture.store.collect(false, &mut going).unwrap()),
            _ => {
                // Rows as an older version had them: chunks that may lie in an archive are committed again.
                let dataset = fixture.path("dataset");
                for (name, bytes) in fixture.expected[number].clone() {
                    fs::write(dataset.join(name), bytes).unwrap();
                }
                let key = format!("again {round}");
                match fixture.store.commit(&support::request(&dataset, &key), &mut going) {
                    Ok(made) => drop(fixture.expected.insert(made.version, support::files(&dataset))),
                    Err(versions::VersionError::Unchanged(_) | versions::VersionError::Archived(_)) => {}
                    Err(error) => panic!("round {round}: {error}"),
                }
            }
        }
        assert_eq!(fixture.verify().problems, [], "round {round}");
    }
    fixture.check();
    for number in numbers(&listed(&fixture)) {
        fixture.store.restore(&number, &mut going).unwrap();
    }
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
    assert!(tree(&fixture.root()).keys().all(|name| !name.starts_with("archives/")));
}
