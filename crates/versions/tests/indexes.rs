//! Line indexes save time and decide nothing: with one, without one and with a spoilt one a commit is the same, byte for byte.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use contract::dataset::Sample;
use support::{Draw, Fixture, files, going, request, samples, tree, write_dataset};
use versions::VersionStore;

fn indexes(root: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = match fs::read_dir(root.join("lines")) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    found.sort();
    found
}

fn shuffled(mut rows: Vec<Sample>, draw: &mut Draw) -> Vec<Sample> {
    for place in (1..rows.len()).rev() {
        rows.swap(place, draw.below(place + 1));
    }
    rows
}

/// Train and eval, version after version: scattered changes, rows added and gone in one piece, repeated, shuffled, moved to the other file.
fn history() -> Vec<[Vec<Sample>; 2]> {
    let mut draw = Draw(11);
    let (mut train, mut eval) = (samples(0..4000), samples(1_000_000..1_000_300));
    let mut made = vec![[train.clone(), eval.clone()]];
    for place in (0..train.len()).step_by(53) {
        train[place].label = "c".to_owned();
        train[place].confidence = None;
    }
    train[70].text.push_str(" again");
    train[70].id = "another".to_owned();
    made.push([train.clone(), eval.clone()]);
    train.drain(500..1700);
    train.splice(100..100, samples(50_000..50_900));
    made.push([train.clone(), eval.clone()]);
    let repeated = train[200..260].to_vec();
    train.extend(repeated.clone());
    train.splice(10..10, repeated);
    made.push([train.clone(), eval.clone()]);
    eval.extend(train.drain(300..340));
    made.push([shuffled(train, &mut draw), eval]);
    made
}

/// Commits them all; `before` may do to the store what it likes before each.
fn commit_all(before: impl Fn(&Path)) -> Fixture {
    let mut fixture = Fixture::new();
    for (place, [train, eval]) in history().iter().enumerate() {
        before(&fixture.root());
        fixture.commit(train, eval, &place.to_string());
    }
    let hindered = fixture.root().join("lines").is_file();
    let problems: Vec<String> = fixture.verify().problems.into_iter().map(|problem| problem.file).collect();
    assert_eq!(problems, if hindered { vec!["lines".to_owned()] } else { Vec::new() });
    fixture.check();
    fixture
}

#[test]
fn a_commit_is_the_same_with_and_without_an_index() {
    // That of the latest version, and the whole one that it builds on.
    let with = commit_all(|root| assert!(indexes(root).len() <= 2));
    let without = commit_all(|root| {
        let _ = fs::remove_dir_all(root.join("lines"));
    });
    assert!(tree(&with.root()) == tree(&without.root()));
    // What can't be written is done without.
    let hindered = commit_all(|root| {
        let _ = fs::remove_dir_all(root.join("lines"));
        fs::create_dir_all(root).unwrap();
        fs::write(root.join("lines"), "no folder").unwrap();
    });
    fs::remove_file(hindered.root().join("lines")).unwrap();
    assert!(tree(&with.root()) == tree(&hindered.root()));
}

#[test]
fn a_spoilt_index_is_made_again() {
    let (before, [train, eval]) = (history(), &history()[2]);
    let start = || {
        let mut fixture = Fixture::new();
        for (place, [train, eval]) in before[..2].iter().enumerate() {
            fixture.commit(train, eval, &place.to_string());
        }
        fixture
    };
    let next = |fixture: &Fixture| {
        let dataset = fixture.path("next");
        write_dataset(&dataset, train, eval);
        fixture.store.commit(&request(&dataset, "next"), &mut going).unwrap();
        tree(&fixture.root())
    };
    let first = start();
    let whole: Vec<Vec<u8>> = indexes(&first.root()).iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(whole.len() == 2 && whole[0].len().abs_diff(whole[1].len()) > 10_000, "a patch and what it builds on");
    let expected = next(&first);
    let later = fs::read(&indexes(&first.root())[0]).unwrap();
    let mut draw = Draw(5);
    for index in &whole {
        let mut spoilt = vec![("another's".to_owned(), later.clone())];
        let ends = [1, 20, 60].map(|end| index.len() - end);
        let places = [0, 9, 201, 250, 270, 400].into_iter().chain(ends).chain((0..12).map(|_| draw.below(index.len())));
        for place in places.collect::<Vec<_>>() {
            let mut bytes = index.clone();
            bytes[place] ^= 1 << draw.below(8);
            spoilt.push((format!("flipped at {place} of {}", index.len()), bytes));
        }
        for length in [0, 7, 100, index.len() / 2, index.len() - 1] {
            spoilt.push((format!("cut to {length} of {}", index.len()), index[..length].to_vec()));
        }
        for (how, bytes) in spoilt {
            let fixture = start();
            let mut there = indexes(&fixture.root());
            // The secrets differ from store to store, the lengths don't.
            there.retain(|path| fs::metadata(path).unwrap().len().abs_diff(index.len() as u64) < 1000);
            let own = fs::read(&there[0]).unwrap();
            let spoilt = if how.starts_with("flipped") { spoil_like(index, &bytes, own) } else { bytes };
            fs::write(&there[0], spoilt).unwrap();
            check_next(&fixture, &next, &expected, &how);
        }
    }
}

/// The same spoilt place in another store's index.
fn spoil_like(index: &[u8], flipped: &[u8], mut own: Vec<u8>) -> Vec<u8> {
    let place = index.iter().zip(flipped).position(|(a, b)| a != b).unwrap().min(own.len() - 1);
    own[place] ^= index[place] ^ flipped[place];
    own
}

/// What follows on a spoilt index is what it would have been, and so is the version after it.
fn check_next(
    fixture: &Fixture,
    next: &impl Fn(&Fixture) -> BTreeMap<String, Vec<u8>>,
    expected: &BTreeMap<String, Vec<u8>>,
    how: &str,
) {
    assert!(next(fixture) == *expected, "{how}");
    assert_eq!(fixture.verify().problems, [], "{how}");
    let [train, eval] = &history()[3];
    let last = fixture.dataset(train, eval);
    let version = fixture.store.commit(&request(&last, "last"), &mut going).unwrap().version;
    assert!(files(&fixture.checkout(&version, "out").unwrap()) == files(&last), "{how}");
    assert!(indexes(&fixture.root()).len() <= 2, "{how}");
}

#[test]
fn comparing_is_the_same_with_and_without_an_index() {
    let fixture = commit_all(|_| {});
    let listed: Vec<String> = fixture.store.list().unwrap().into_iter().map(|version| version.version).collect();
    let compared = |store: &VersionStore| -> Vec<String> {
        let pair = |pair: &[String]| {
            let comparison = store.compare(&pair[1], &pair[0], &mut going).unwrap();
            let page = comparison.page(&contract::version::ChangeFilter::default(), None, 1000).unwrap();
            let mut changes: Vec<String> = page.rows.iter().map(|change| format!("{change:?}")).collect();
            changes.sort();
            format!("{:?} {changes:?}", comparison.summary())
        };
        listed.windows(2).map(pair).collect()
    };
    let with = compared(&fixture.store);
    fs::remove_dir_all(fixture.root().join("lines")).unwrap();
    assert_eq!(with, compared(&fixture.store));
}
