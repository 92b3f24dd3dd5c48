//! Committing, listing, tagging, checking out and comparing versions.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use contract::version::{
    ChangeCounts, ChangeFilter, ChangeKind, CheckReport, Checks, Increment, Split, VersionStatus, VersionSummary, graph,
};
use support::{Fixture, files, going, request, sample, samples, tree, write_dataset};
use versions::{CommitRequest, NewVersion, VersionError, VersionStore};

fn numbers(versions: &[VersionSummary]) -> Vec<&str> {
    versions.iter().map(|version| version.version.as_str()).collect()
}

#[test]
fn a_checkout_gives_back_the_same_bytes_by_any_name() {
    let mut fixture = Fixture::new();
    let first = fixture.commit(&samples(0..5000), &samples(5000..5500), "1");
    assert_eq!((first.version.as_str(), first.train, first.eval, first.domains), ("1.0.0", 5000, 500, 2));
    assert_eq!(first.changes, ChangeCounts { added: 5500, ..ChangeCounts::default() });
    assert!(first.current && !first.archived && first.stored_bytes > 1000);
    fixture.store.tag("1.0.0", "production", false).unwrap();
    for version in ["1.0.0", "v1.0.0", "production", "current", &first.id, &first.id[..6], &first.id[..4]] {
        let to = fixture.checkout(version, &format!("out-{version}")).unwrap();
        assert!(files(&to) == fixture.expected["1.0.0"], "{version}");
    }
    for version in ["1.0.1", "staging", &first.id[..3], "ffffffffffff", ""] {
        assert!(matches!(fixture.store.find(version), Err(VersionError::Missing(_))), "{version:?}");
    }
    let detail = fixture.store.show("1.0.0").unwrap();
    assert_eq!(detail.statistics.domains["a"], (2500, 250));
    assert_eq!(detail.statistics.lengths.iter().sum::<u64>(), 5500);
    assert_eq!(detail.files.iter().map(|file| file.rows).collect::<Vec<_>>(), [500, 0, 5000]);
    assert_eq!(detail.metadata.unwrap().domains, ["a", "b"]);
}

#[test]
fn what_changed_is_told_by_kind_and_row() {
    let mut fixture = Fixture::new();
    let mut train = samples(0..6000);
    let mut eval = samples(10_000..10_600);
    fixture.commit(&train, &eval, "1");
    let first = train.clone();
    train[10].label = "b".to_owned();
    train[5].confidence = Some(0.9);
    // An edited text whose id stays, and one whose id is made of its text.
    train[2000].text.push_str(" — please hurry");
    train[3000].text.push_str(", again");
    train[3000].id = "ffffffffffffffffffffffffffffffff".to_owned();
    // Another text in the same row of another file of that name is another sample.
    train[4000].text = "Совсем другое".to_owned();
    train[4000].id = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee".to_owned();
    let gone = train.remove(1000);
    let moved = train.remove(500);
    eval.push(moved.clone());
    train.push(sample(77_777, "b"));
    let second = fixture.commit(&train, &eval, "2");
    let changes = ChangeCounts {
        added: 2,
        removed: 2,
        relabelled: 1,
        text_changed: 2,
        moved: 1,
        details: 1,
        schema_changed: false,
    };
    assert_eq!(second.changes, changes);
    assert_eq!((second.version.as_str(), second.parents.as_slice()), ("2.0.0", &["1.0.0".to_owned()][..]));

    let compared = fixture.store.compare("1.0.0", "2.0.0", &mut going).unwrap();
    let summary = compared.summary();
    assert_eq!(summary.changes, changes);
    assert_eq!((&summary.relabelled[0].from, &summary.relabelled[0].to), (&"a".to_owned(), &"b".to_owned()));
    let of = |kind| {
        let filter = ChangeFilter { kinds: vec![kind], ..ChangeFilter::default() };
        compared.page(&filter, None, 100).unwrap().rows
    };
    let relabelled = &of(ChangeKind::Relabelled)[0];
    assert_eq!(relabelled.id, first[10].id);
    let sides = (relabelled.before.as_ref().unwrap(), relabelled.after.as_ref().unwrap());
    assert_eq!((sides.0.label.as_str(), sides.1.label.as_str()), ("a", "b"));
    assert_eq!((sides.1.decided_by.as_deref(), sides.1.decided_at), (Some("anna"), Some(1_767_323_045_000)));
    let texts = of(ChangeKind::TextChanged);
    assert_eq!(texts[0].after.as_ref().unwrap().text, format!("{} — please hurry", first[2000].text));
    assert_eq!(texts[1].before.as_ref().unwrap().text, first[3000].text);
    let moves = &of(ChangeKind::Moved)[0];
    assert_eq!((moves.id.as_str(), moves.after.as_ref().unwrap().split), (moved.id.as_str(), Some(Split::Eval)));
    assert!(of(ChangeKind::Removed).iter().any(|change| change.id == gone.id));
    let filter = ChangeFilter { text: Some("please HURRY".to_owned()), ..ChangeFilter::default() };
    assert_eq!(compared.page(&filter, None, 10).unwrap().rows.len(), 1);
    // Page by page gives what one page gives.
    let all = compared.page(&ChangeFilter::default(), None, 100).unwrap();
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = compared.page(&ChangeFilter::default(), after, 2).unwrap();
        paged.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((paged.len(), all.total), (9, Some(9)));
    assert_eq!(paged, all.rows);
    // The other way round, what came goes.
    let back = fixture.store.compare("2.0.0", "1.0.0", &mut going).unwrap().summary().changes;
    assert_eq!(back, changes, "as many");
}

#[test]
fn numbers_grow_with_what_changed() {
    let mut fixture = Fixture::new();
    let mut train = samples(0..1000);
    let mut eval = samples(5000..5100);
    fixture.commit(&train, &eval, "1");
    train[0].confidence = Some(0.25);
    assert_eq!(fixture.commit(&train, &eval, "2").version, "1.0.1");
    train.push(sample(9000, "a"));
    assert_eq!(fixture.commit(&train, &eval, "3").version, "1.1.0");
    eval.push(train.pop().unwrap());
    assert_eq!(fixture.commit(&train, &eval, "4").version, "1.2.0");
    train[7].label = "a".to_owned();
    assert_eq!(fixture.commit(&train, &eval, "5").version, "2.0.0");
    train.push(sample(9001, "new domain"));
    let schema = fixture.commit(&train, &eval, "6");
    assert!(schema.changes.schema_changed);
    assert_eq!(schema.version, "3.0.0");
    let dataset = fixture.dataset(&train[1..], &eval);
    let mut asked = request(&dataset, "7");
    asked.version.increment = Increment::Patch;
    assert_eq!(fixture.store.commit(&asked, &mut going).unwrap().version, "3.0.1");
    fixture.check();
}

#[test]
fn two_versions_may_have_one_parent() {
    let mut fixture = Fixture::new();
    fixture.commit(&samples(0..500), &samples(900..950), "1");
    fixture.commit(&samples(0..510), &samples(900..950), "2");
    let dataset = fixture.dataset(&samples(0..520), &samples(900..950));
    let mut branch = CommitRequest { parent: Some("1.0.0"), ..request(&dataset, "3") };
    branch.version.tag = Some("try");
    let branch = fixture.store.commit(&branch, &mut going).unwrap();
    assert_eq!((branch.version.as_str(), branch.parents[0].as_str(), branch.current), ("1.2.0", "1.0.0", true));
    assert_eq!(branch.tags, ["try"]);
    let listed = fixture.store.list().unwrap();
    assert_eq!(numbers(&listed), ["1.2.0", "1.1.0", "1.0.0"]);
    assert_eq!(graph(&listed).iter().map(|row| row.column).collect::<Vec<_>>(), [0, 1, 0]);
    fixture.store.set_current("1.1.0").unwrap();
    let next = fixture.commit(&samples(0..511), &samples(900..950), "4");
    assert_eq!((next.version.as_str(), next.parents[0].as_str()), ("1.3.0", "1.1.0"));
}

#[test]
fn the_same_commit_again_is_the_same_version_and_nothing_new_is_refused() {
    let mut fixture = Fixture::new();
    let dataset = fixture.dataset(&samples(0..100), &samples(100..120));
    let first = fixture.commit(&samples(0..100), &samples(100..120), "job 1");
    assert_eq!(fixture.store.commit(&request(&dataset, "job 1"), &mut going).unwrap(), first);
    let again = fixture.store.commit(&request(&dataset, "job 2"), &mut going);
    assert!(matches!(again, Err(VersionError::Unchanged(version)) if version == "1.0.0"));
    let preview = fixture.store.preview_commit(&dataset, None, Increment::Auto, &mut going).unwrap();
    assert!(preview.unchanged && preview.changes.is_empty());
    assert_eq!(fixture.store.count().unwrap(), 1);
    let dataset = fixture.dataset(&samples(1..100), &samples(100..120));
    let preview = fixture.store.preview_commit(&dataset, None, Increment::Auto, &mut going).unwrap();
    assert_eq!((preview.version.as_str(), preview.changes.removed, preview.unchanged), ("2.0.0", 1, false));
}

#[test]
fn tags_and_statuses_may_change_and_nothing_else() {
    let mut fixture = Fixture::new();
    fixture.commit(&samples(0..100), &samples(100..120), "1");
    let second = fixture.commit(&samples(0..101), &samples(101..120), "2").version;
    let store = &fixture.store;
    assert_eq!(store.tag("1.0.0", "production", false).unwrap().tags, ["production"]);
    assert!(matches!(store.tag(&second, "production", false), Err(VersionError::TagTaken(_))));
    store.tag("1.0.0", "production", false).unwrap();
    assert_eq!(store.tag(&second, "production", true).unwrap().version, second);
    assert!(store.find("1.0.0").unwrap().tags.is_empty());
    assert_eq!(store.untag("production").unwrap().version, second);
    assert!(matches!(store.untag("production"), Err(VersionError::TagMissing(_))));
    for tag in ["1.0.0", "v7.0.0", "current", "", "a b", "a/b", "..", ".hidden", &"x".repeat(101)] {
        assert!(matches!(store.tag("1.0.0", tag, true), Err(VersionError::TagInvalid(_))), "{tag:?}");
    }
    let id = store.find("1.0.0").unwrap().id;
    assert_eq!(store.set_status("1.0.0", VersionStatus::Stable).unwrap().status, VersionStatus::Stable);
    assert_eq!(store.find("1.0.0").unwrap().id, id, "a status is no part of the identity");
    let report = CheckReport { version: "1.0.0".to_owned(), passed: true, results: Vec::new(), checked: 5 };
    store.keep_report(&report).unwrap();
    assert_eq!(store.show("1.0.0").unwrap().checked, Some(report));
}

#[test]
fn promises_are_inherited() {
    let fixture = Fixture::new();
    let dataset = fixture.dataset(&samples(0..100), &samples(100..120));
    let checks = Checks { no_leakage: true, ..Checks::default() };
    let mut first = request(&dataset, "1");
    first.version.checks = Some(checks.clone());
    fixture.store.commit(&first, &mut going).unwrap();
    let dataset = fixture.dataset(&samples(0..101), &samples(101..120));
    fixture.store.commit(&request(&dataset, "2"), &mut going).unwrap();
    assert_eq!(fixture.store.show("current").unwrap().checks, checks);
}

#[test]
fn what_can_not_be_committed_or_checked_out_is_said() {
    let mut fixture = Fixture::new();
    let dataset = fixture.dataset(&samples(0..3000), &samples(3000..3100));
    let cancelled = fixture.store.commit(&request(&dataset, "1"), &mut |_| ControlFlow::Break(()));
    assert!(matches!(cancelled, Err(VersionError::Cancelled)));
    assert!(fixture.store.list().unwrap().is_empty());
    fixture.commit(&samples(0..3000), &samples(3000..3100), "1");
    assert!(matches!(fixture.checkout("1.0.0", "dataset"), Err(VersionError::FolderNotEmpty(_))));
    assert!(matches!(fixture.checkout("9.0.0", "out"), Err(VersionError::Missing(_))));
    let eval = dataset.join("eval.jsonl");
    fs::write(&eval, fs::read_to_string(&eval).unwrap().replacen("card", "cart", 1)).unwrap();
    let changed = fixture.store.commit(&request(&dataset, "2"), &mut going);
    assert!(matches!(changed, Err(VersionError::Dataset { path, .. }) if path == eval));
    // From elsewhere, the metadata follows the files.
    let elsewhere = CommitRequest { as_written: false, ..request(&dataset, "2") };
    let version = fixture.store.commit(&elsewhere, &mut going).unwrap().version;
    let metadata = fixture.store.show(&version).unwrap().metadata.unwrap();
    let listed = fixture.store.show(&version).unwrap().files;
    assert!(listed.iter().filter(|file| file.rows > 0).all(|file| metadata.files[&file.name] == file.sha256));
    fs::write(&eval, "not a sample\n").unwrap();
    let error = fixture.store.commit(&CommitRequest { as_written: false, ..request(&dataset, "3") }, &mut going);
    assert!(error.unwrap_err().to_string().contains("line 1"));
}

#[test]
fn damage_is_never_checked_out() {
    let fixture = Fixture::with_history(1000);
    for (name, bytes) in support::tree(&fixture.root()).into_iter().filter(|(name, _)| name.starts_with("packs/")) {
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 3] ^= 4;
        fs::write(fixture.root().join(&name), flipped).unwrap();
        for number in fixture.expected.keys() {
            match fixture.checkout(number, "out") {
                Ok(to) => {
                    assert!(files(&to) == fixture.expected[number]);
                    fs::remove_dir_all(to).unwrap();
                }
                Err(error) => {
                    assert!(matches!(&error, VersionError::Damaged { version, .. } if version == number), "{error}");
                    assert!(!fixture.path("out").exists() && !fixture.path(".out.partial").exists());
                }
            }
        }
        fs::write(fixture.root().join(&name), bytes).unwrap();
    }
    fixture.check();
}

#[test]
fn writers_wait_for_each_other_and_readers_for_nobody() {
    let mut fixture = Fixture::new();
    fixture.commit(&samples(0..2000), &samples(5000..5100), "0");
    let (root, done) = (fixture.root(), AtomicBool::new(false));
    let folder = fixture.folder.path();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (1..=4_u32)
            .map(|writer| {
                let root = root.clone();
                scope.spawn(move || {
                    let dataset = folder.join(format!("dataset-{writer}"));
                    write_dataset(&dataset, &samples(writer..2000 + writer), &samples(5000..5100));
                    let key = writer.to_string();
                    let request = CommitRequest { parent: Some("1.0.0"), ..request(&dataset, &key) };
                    let made = VersionStore::open(&root).commit(&request, &mut going).unwrap();
                    (made.version, files(&dataset))
                })
            })
            .collect();
        let collector = scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                VersionStore::open(&root).collect(false, &mut going).unwrap();
            }
        });
        let reader = scope.spawn(|| {
            let mut read = 0;
            while !done.load(Ordering::SeqCst) || read == 0 {
                let store = VersionStore::open(&root);
                let listed = store.list().unwrap();
                let to = folder.join(format!("read-{read}"));
                store.checkout(&listed[0].version, &to, &mut going).unwrap();
                assert_eq!(store.verify(&mut going).unwrap().problems, []);
                read += 1;
            }
        });
        let made: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        done.store(true, Ordering::SeqCst);
        collector.join().unwrap();
        reader.join().unwrap();
        fixture.expected.extend(made);
    });
    assert_eq!(fixture.expected.len(), 5, "each its own number");
    assert_eq!(fixture.store.count().unwrap(), 5);
    assert_eq!(fixture.verify().problems, []);
    fixture.check();
}

#[test]
fn work_that_was_done_is_recognised_though_others_came_since() {
    let mut fixture = Fixture::with_history(300);
    let said =
        |key| NewVersion { message: "m", author: "w", committed: 1_700_000_000_000, key, ..NewVersion::default() };
    let dataset = fixture.dataset(&samples(0..200), &samples(0..20));
    let own = fixture.path("own");
    support::write_dataset(&own, &samples(0..200), &samples(0..20));
    let done = fixture.store.commit(&support::request(&own, "7-1700000000000"), &mut going).unwrap();
    let back = fixture.store.rollback("1.0.0", &said("8-1700000000000"), &mut going).unwrap();
    let branch = CommitRequest { parent: Some("1.0.0"), ..support::request(&dataset, "9-1700000000000") };
    let other = fixture.store.commit(&branch, &mut going).unwrap();
    let sides = (done.version.as_str(), other.version.as_str());
    let theirs = Some(contract::version::Resolution::Theirs);
    fixture.store.resolve(sides, Vec::new(), theirs, &mut going).unwrap();
    let merged = fixture.store.merge(sides, &said("10-1700000000000"), &mut going).unwrap();
    fixture.commit(&samples(500..900), &samples(0..20), "11-1700000000000");
    let before = tree(&fixture.root());
    let again = [
        fixture.store.commit(&support::request(&own, "7-1700000000000"), &mut going).unwrap(),
        fixture.store.rollback("1.0.0", &said("8-1700000000000"), &mut going).unwrap(),
        fixture.store.commit(&branch, &mut going).unwrap(),
        fixture.store.merge(sides, &said("10-1700000000000"), &mut going).unwrap(),
    ];
    let ids = |versions: &[VersionSummary]| versions.iter().map(|version| version.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(&[done, back, other, merged]));
    assert!(tree(&fixture.root()) == before, "nothing is done twice");
    // A key that only begins or ends like one that is known, or none, is other work.
    for (number, key) in ["7-170000000000", "17-1700000000000", "", ""].into_iter().enumerate() {
        let first = 1000 * u32::try_from(number + 1).unwrap();
        let dataset = fixture.dataset(&samples(first..first + 100), &samples(0..20));
        let made = fixture.store.commit(&support::request(&dataset, key), &mut going).unwrap();
        assert!(!before.contains_key(&format!("manifests/{}.json", made.id)), "{key:?}");
    }
}
