//! Verifying, repairing, collecting, archiving, carrying away: what a steward does to keep versions for years.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use std::ops::ControlFlow;

use contract::version::{ProblemKind, Retention, VersionStatus};
use support::{Draw, Fixture, check_versions, going, plant, samples, tree};
use versions::{VersionError, VersionStore};

const DAY: i64 = 86_400_000;
const NOW: i64 = 1_700_000_000_000 + 30 * DAY;

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn what_is_whole_is_found_whole() {
    let fixture = Fixture::with_history(3000);
    let report = fixture.verify();
    assert_eq!(report.problems, []);
    assert_eq!((report.versions, report.files), (4, 11), "record, manifests, packs, indexes");
    assert!(report.chunks > 20 && report.bytes > 100_000);
    let cancelled = fixture.store.verify(&mut |_| ControlFlow::Break(()));
    assert!(matches!(cancelled, Err(VersionError::Cancelled)));
    assert_eq!(Fixture::new().verify().problems, []);
}

#[test]
fn a_flipped_bit_is_found_named_and_repaired() {
    let mut fixture = Fixture::with_history(3000);
    let export = fixture.path("all.winnow");
    // Most of what these need is theirs alone, so that there is something in the archive.
    fixture.commit(&samples(600_000..601_500), &samples(700_000..700_100), "5");
    fixture.store.export(&[], &export, &mut going).unwrap();
    fixture.store.archive(&named(&["1.0.0", "2.0.0", "2.1.0", "3.0.0"]), false, NOW, &mut going).unwrap();
    let whole = tree(&fixture.root());
    assert!(whole.keys().any(|name| name.starts_with("archives/")));
    let mut draw = Draw(1);
    for (name, bytes) in &whole {
        let ends = [0, bytes.len() - 1, bytes.len() - 20, bytes.len() - 45, bytes.len() - 60];
        let offsets: Vec<usize> = ends.into_iter().chain((0..5).map(|_| draw.below(bytes.len()))).collect();
        for offset in offsets {
            let mut flipped = bytes.clone();
            flipped[offset] ^= 1 << draw.below(8);
            plant(&fixture.root(), &whole);
            fs::write(fixture.root().join(name), &flipped).unwrap();
            let report = fixture.verify();
            let found = report.problems.iter().find(|problem| problem.file == *name);
            let found = found.unwrap_or_else(|| panic!("{name} @ {offset}: {:?}", report.problems));
            assert!(report.problems.iter().all(|problem| problem.file == *name), "{:?}", report.problems);
            assert_eq!(found.kind, ProblemKind::Damaged);
            assert!(found.offset.is_none_or(|start| start <= offset as u64), "{name} @ {offset}: {found:?}");
            if found.object.is_some() && name.starts_with("packs/") {
                assert!(found.offset.is_some() && !found.versions.is_empty(), "{found:?}");
            }
            let repaired = fixture.store.repair(&export, &mut going).unwrap();
            assert_eq!(repaired.left.problems, [], "{name} @ {offset}");
            assert!(repaired.repaired > 0);
            fixture.check();
            if offset % 4 == 0 {
                fixture.store.restore("1.0.0", &mut going).unwrap();
                fixture.check();
            }
        }
    }
}

#[test]
fn what_is_gone_is_missed_and_brought_back() {
    let fixture = Fixture::with_history(2000);
    let export = fixture.path("all.winnow");
    fixture.store.export(&[], &export, &mut going).unwrap();
    let whole = tree(&fixture.root());
    for (name, bytes) in &whole {
        for cut in [None, Some(bytes.len() / 2), Some(0)] {
            plant(&fixture.root(), &whole);
            match cut {
                None => fs::remove_file(fixture.root().join(name)).unwrap(),
                Some(length) => fs::write(fixture.root().join(name), &bytes[..length]).unwrap(),
            }
            let report = fixture.verify();
            assert!(!report.problems.is_empty(), "{name} cut to {cut:?}");
            assert!(report.problems.iter().any(|problem| !problem.versions.is_empty()), "{:?}", report.problems);
            assert!(fixture.store.collect(false, &mut going).is_err() || cut.is_none(), "{name}");
            let repaired = fixture.store.repair(&export, &mut going).unwrap();
            assert_eq!(repaired.left.problems, [], "{name} cut to {cut:?}");
            fixture.check();
            // What was laid aside goes with the next collection.
            fixture.store.collect(false, &mut going).unwrap();
            assert!(!fixture.root().join("damaged").exists());
            assert_eq!(fixture.verify().problems, []);
            fixture.check();
        }
    }
}

#[test]
fn what_the_export_lacks_is_said_to_be_left() {
    let mut fixture = Fixture::with_history(2000);
    let export = fixture.path("old.winnow");
    fixture.store.export(&named(&["1.0.0"]), &export, &mut going).unwrap();
    let before: Vec<String> = tree(&fixture.root()).into_keys().collect();
    let latest = fixture.commit(&samples(700_000..703_000), &samples(800_000..800_100), "5").version;
    let (name, mut bytes) = tree(&fixture.root())
        .into_iter()
        .find(|(name, _)| name.starts_with("packs/") && !before.contains(name))
        .unwrap();
    // A frame in the middle: one object is lost, all others of that pack are not.
    let middle = bytes.len() / 3;
    bytes[middle..middle + 64].fill(0x55);
    fs::write(fixture.root().join(&name), &bytes).unwrap();
    let repaired = fixture.store.repair(&export, &mut going).unwrap();
    assert!((1..=2).contains(&repaired.left.problems.len()), "{:?}", repaired.left.problems);
    assert!(repaired.left.problems.iter().all(|problem| problem.versions == [latest.clone()]));
    fixture.expected.remove(&latest);
    fixture.check();
}

#[test]
fn collecting_removes_what_nobody_needs_and_says_so_before() {
    let fixture = Fixture::with_history(3000);
    // A commit that was interrupted before its record, and leftovers.
    let dataset = fixture.dataset(&samples(900_000..903_000), &samples(910_000..910_100));
    let other = fixture.path("other");
    plant(&other, &tree(&fixture.root()));
    VersionStore::open(&other).commit(&support::request(&dataset, "x"), &mut going).unwrap();
    let lost: Vec<(String, Vec<u8>)> =
        tree(&other).into_iter().filter(|(name, _)| !fixture.root().join(name).exists()).collect();
    assert_eq!(lost.len(), 2, "a pack and a manifest");
    for (name, bytes) in &lost {
        fs::write(fixture.root().join(name), bytes).unwrap();
    }
    fs::write(fixture.root().join("packs/new.partial"), b"half").unwrap();
    let before = tree(&fixture.root());
    let tried = fixture.store.collect(true, &mut going).unwrap();
    assert!(tree(&fixture.root()) == before, "a dry run changes nothing");
    let done = fixture.store.collect(false, &mut going).unwrap();
    assert_eq!((tried.chunks, tried.bytes, tried.files, tried.kept), (done.chunks, done.bytes, done.files, done.kept));
    let size =
        |tree: &std::collections::BTreeMap<String, Vec<u8>>| tree.values().map(|bytes| bytes.len() as u64).sum::<u64>();
    assert_eq!(size(&before) - size(&tree(&fixture.root())), done.bytes);
    assert_eq!(done.files, 3);
    assert!(done.chunks >= 5 && done.kept > 20, "{done:?}");
    for (name, _) in lost {
        assert!(!fixture.root().join(name).exists());
    }
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
    let again = fixture.store.collect(false, &mut going).unwrap();
    assert_eq!((again.chunks, again.bytes, again.files, again.kept), (0, 0, 0, done.kept));
}

#[test]
fn archiving_moves_what_only_those_versions_need_and_restoring_brings_it_back() {
    let mut fixture = Fixture::with_history(3000);
    // Versions that share nothing with those before.
    fixture.commit(&samples(200_000..203_000), &samples(300_000..300_200), "5");
    fixture.commit(&samples(400_000..403_000), &samples(300_000..300_200), "6");
    let all: Vec<String> = fixture.expected.keys().cloned().collect();
    let old = named(&["1.0.0", "2.0.0", "2.1.0", "3.0.0"]);
    assert_eq!(all[..4], old[..]);
    let before = tree(&fixture.root());
    let tried = fixture.store.archive(&old, true, NOW, &mut going).unwrap();
    assert!(tree(&fixture.root()) == before);
    let done = fixture.store.archive(&old, false, NOW, &mut going).unwrap();
    assert_eq!((&done.versions, done.bytes_before, done.bytes_after), (&old, tried.bytes_before, tried.bytes_after));
    assert!(done.bytes_after < done.bytes_before, "{done:?}");
    let listed = fixture.store.list().unwrap();
    assert_eq!(listed.iter().filter(|version| version.archived).count(), 4);
    assert!(matches!(fixture.checkout("2.0.0", "out"), Err(VersionError::Archived(version)) if version == "2.0.0"));
    assert!(fixture.store.show("2.0.0").unwrap().metadata.is_none());
    assert!(matches!(
        fixture.store.export(&named(&["2.0.0"]), &fixture.path("x"), &mut going),
        Err(VersionError::Archived(_))
    ));
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
    // Nothing that an archive needs is garbage.
    let collected = fixture.store.collect(false, &mut going).unwrap();
    assert_eq!((collected.files, collected.bytes), (0, 0), "{collected:?}");
    // One comes back, the others stay.
    let back = fixture.store.restore("2.1.0", &mut going).unwrap();
    assert!(!back.archived);
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
    assert_eq!(fixture.store.list().unwrap().iter().filter(|version| version.archived).count(), 3);
    for version in &old {
        fixture.store.restore(version, &mut going).unwrap();
    }
    assert_eq!(fs::read_dir(fixture.root().join("archives")).unwrap().count(), 0);
    assert!(fixture.store.list().unwrap().iter().all(|version| !version.archived));
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
}

#[test]
fn archives_made_one_after_another_stand_for_each_other() {
    let fixture = Fixture::with_history(2000);
    let numbers: Vec<String> = fixture.expected.keys().cloned().collect();
    for number in &numbers[..3] {
        fixture.store.archive(std::slice::from_ref(number), false, NOW, &mut going).unwrap();
        assert_eq!(fixture.verify().problems, [], "{number}");
        fixture.check();
    }
    fixture.store.collect(false, &mut going).unwrap();
    for number in numbers.iter().rev() {
        fixture.store.restore(number, &mut going).unwrap();
        assert_eq!(fixture.verify().problems, [], "{number}");
        fixture.check();
    }
    assert_eq!(fixture.store.list().unwrap().iter().filter(|version| version.archived).count(), 0);
}

#[test]
fn the_rule_moves_the_oldest_and_nothing_tagged_stable_or_current() {
    let mut fixture = Fixture::with_history(500);
    for number in 5..9 {
        let first = number * 10_000;
        fixture.commit(&samples(first..first + 500), &samples(0..50), &number.to_string());
    }
    let numbers: Vec<String> = fixture.expected.keys().cloned().collect();
    fixture.store.tag(&numbers[0], "production", false).unwrap();
    fixture.store.set_status(&numbers[2], VersionStatus::Stable).unwrap();
    fixture.store.set_current(&numbers[3]).unwrap();
    let due = |keep, min_age_days| {
        fixture.store.set_retention(Retention { keep, min_age_days, automatic: true }).unwrap();
        fixture.store.archive(&[], true, NOW, &mut going).unwrap().versions
    };
    assert_eq!(due(100, 0), [""; 0]);
    assert_eq!(due(6, 0), [numbers[1].clone(), numbers[4].clone()]);
    assert_eq!(due(6, 31), [""; 0]);
    let rest = [&numbers[1..2], &numbers[4..]].concat();
    assert_eq!(due(0, 30), rest);
    let done = fixture.store.archive(&[], false, NOW, &mut going).unwrap();
    assert_eq!(done.versions, rest);
    assert_eq!(fixture.store.archive(&[], false, NOW, &mut going).unwrap().versions, [""; 0]);
    fixture.check();
    // By name, a tagged one moves, too.
    let done = fixture.store.archive(&named(&["production"]), false, NOW, &mut going).unwrap();
    assert_eq!(done.versions, numbers[..1]);
    assert_eq!(fixture.verify().problems, []);
}

#[test]
fn versions_travel_in_one_file() {
    let mut fixture = Fixture::with_history(2000);
    fixture.store.tag("2.0.0", "production", false).unwrap();
    fixture.store.set_status("2.0.0", VersionStatus::Stable).unwrap();
    let export = fixture.path("all.winnow");
    let report = fixture.store.export(&[], &export, &mut going).unwrap();
    assert_eq!(report.versions.len(), 4);
    let bytes = fs::read(&export).unwrap();
    use sha2::Digest;
    assert_eq!((report.bytes, report.sha256), (bytes.len() as u64, format!("{:x}", sha2::Sha256::digest(&bytes))));
    fixture.store.export(&[], &export, &mut going).unwrap();
    assert!(fs::read(&export).unwrap() == bytes, "the same versions give the same file");

    let there = Fixture::new();
    let taken = there.store.import(&export, &mut going).unwrap();
    assert_eq!(taken.added.len(), 4);
    assert!(taken.known.is_empty() && taken.added.iter().all(|(_, other)| other.is_none()));
    assert_eq!(taken.stable, ["2.0.0"]);
    assert_eq!(there.store.find("2.0.0").unwrap().status, VersionStatus::Draft, "until its promises are looked at");
    there.store.set_status("2.0.0", VersionStatus::Stable).unwrap();
    assert_eq!(there.store.list().unwrap(), fixture.store.list().unwrap());
    assert_eq!(there.verify().problems, []);
    check_versions(&there.root(), &fixture.expected);
    let before = tree(&there.root());
    let again = there.store.import(&export, &mut going).unwrap();
    assert_eq!((again.added.len(), again.known.len()), (0, 4));
    assert!(tree(&there.root()) == before, "what is known changes nothing");

    // Where work went on, numbers meet: the guests get others, shared chunks are stored once.
    let mut elsewhere = Fixture::new();
    elsewhere.commit(&samples(0..2000), &samples(1_000_000..1_000_100), "own");
    elsewhere.store.tag("1.0.0", "production", false).unwrap();
    let taken = elsewhere.store.import(&export, &mut going).unwrap();
    assert_eq!(taken.added[0], ("1.0.0".to_owned(), Some("1.0.1".to_owned())));
    assert_eq!(elsewhere.verify().problems, []);
    elsewhere.check();
    assert_eq!(elsewhere.store.find("production").unwrap().version, "1.0.0", "a tag is not taken away");
    assert_eq!(elsewhere.store.current().unwrap().unwrap().version, "1.0.0");
    let moved = fixture.expected.remove("1.0.0").unwrap();
    fixture.expected.insert("1.0.1".to_owned(), moved);
    check_versions(&elsewhere.root(), &fixture.expected);
}

#[test]
fn a_child_that_came_before_its_parent_is_listed_above_it() {
    let fixture = Fixture::with_history(500);
    let (child, parent) = (fixture.path("child.winnow"), fixture.path("parent.winnow"));
    fixture.store.export(&named(&["3.0.0"]), &child, &mut going).unwrap();
    fixture.store.export(&named(&["1.0.0", "2.0.0", "2.1.0"]), &parent, &mut going).unwrap();
    let there = Fixture::new();
    there.store.import(&child, &mut going).unwrap();
    there.store.import(&parent, &mut going).unwrap();
    let listed: Vec<String> = there.store.list().unwrap().into_iter().map(|version| version.version).collect();
    assert_eq!(listed, ["3.0.0", "2.1.0", "2.0.0", "1.0.0"]);
    assert_eq!(there.verify().problems, []);
    check_versions(&there.root(), &fixture.expected);
}
