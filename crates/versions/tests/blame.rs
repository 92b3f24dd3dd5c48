//! The history of one sample, whatever its lines look like and wherever they lie.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use std::ops::ControlFlow;

use contract::version::{Blame, ChangeKind, Split};
use support::{Fixture, going, request, samples};
use versions::{CommitRequest, VersionError};

const LATER: i64 = 1_800_000_000_000;

/// Commits lines from elsewhere; answers the version's number.
fn commit(fixture: &Fixture, train: &[&str], eval: &[&str], key: &str) -> String {
    let folder = fixture.path("elsewhere");
    fs::create_dir_all(&folder).unwrap();
    for (name, lines) in [("train.jsonl", train), ("eval.jsonl", eval)] {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(folder.join(name), text).unwrap();
    }
    let request = CommitRequest { as_written: false, ..request(&folder, key) };
    fixture.store.commit(&request, &mut going).unwrap().version
}

fn blame(fixture: &Fixture, sample: &str) -> Blame {
    fixture.store.blame(sample, None, &mut going).unwrap()
}

/// What each version did, by number.
fn told(blame: &Blame) -> Vec<(&str, Vec<ChangeKind>)> {
    blame.entries.iter().map(|entry| (entry.version.as_str(), entry.kinds.clone())).collect()
}

const OTHER: &str = r#"{"id":"other","text":"quite another text","label":"x"}"#;

/// A sample is found by all of these names in both versions, of which the later one gave it another label.
fn check_relabelled(lines: [&str; 2], names: &[&str]) {
    let fixture = Fixture::new();
    let versions = [commit(&fixture, &[OTHER, lines[0]], &[], "1"), commit(&fixture, &[OTHER, lines[1]], &[], "2")];
    for name in names {
        let blame = blame(&fixture, name);
        let expected =
            [(versions[0].as_str(), vec![ChangeKind::Added]), (versions[1].as_str(), vec![ChangeKind::Relabelled])];
        assert_eq!(told(&blame), expected, "{name:?} in {lines:?}");
        assert_eq!(blame.versions, versions, "{name:?} in {lines:?}");
        let after = blame.entries[1].after.as_ref().unwrap();
        assert_eq!((after.label.as_str(), after.split), ("b", Some(Split::Train)));
    }
}

#[test]
fn samples_without_ids_have_a_history() {
    let made = blake3::hash("where is my card".as_bytes()).to_hex()[..32].to_owned();
    for id in ["", r#""id":null,"#, r#""id":"","#, r#""id": [],"#] {
        let line = |label: &str| format!(r#"{{{id}"text":"where is my card","label":"{label}"}}"#);
        check_relabelled([&line("a"), &line("b")], &["where is my card", &made]);
    }
    let last = |label: &str| format!(r#"{{"text":"where is my card","label":"{label}","id":""}}"#);
    check_relabelled([&last("a"), &last("b")], &["where is my card", &made]);
}

#[test]
fn numbers_are_ids_and_labels() {
    let line = |label: &str| format!(r#"{{"id":2999,"text":"t","label":"{label}"}}"#);
    check_relabelled([&line("a"), &line("b")], &["2999", "t"]);
    let line = |label: &str| format!(r#"{{"text":" t ","label":"{label}","id": 1.5e3}}"#);
    check_relabelled([&line("a"), &line("b")], &["1500.0", "t"]);
}

#[test]
fn escapes_are_no_other_letters() {
    let raw = |label: &str| format!(r#"{{"id":"п/1","text":"где \"карта\"? да/нет","label":"{label}"}}"#);
    let names = ["п/1", "где \"карта\"? да/нет"];
    // As pandas writes a stroke; as Python writes Cyrillic letters, with digits of either case.
    let pandas = |label: &str| raw(label).replace('/', r"\/");
    let lower =
        |letter: char| if letter.is_ascii() { letter.to_string() } else { format!("\\u{:04x}", u32::from(letter)) };
    let upper =
        |letter: char| if letter.is_ascii() { letter.to_string() } else { format!("\\u{:04X}", u32::from(letter)) };
    let python = |label: &str| raw(label).chars().map(lower).collect::<String>();
    let capitals = |label: &str| raw(label).chars().map(upper).collect::<String>();
    check_relabelled([&raw("a"), &raw("b")], &names);
    check_relabelled([&pandas("a"), &pandas("b")], &names);
    check_relabelled([&python("a"), &capitals("b")], &names);
    check_relabelled([&raw("a"), &python("b")], &names);
    check_relabelled([&capitals("a"), &pandas("b")], &names);
    let fixture = Fixture::new();
    commit(&fixture, &[OTHER, &raw("a")], &[], "1");
    for missing in ["п/2", "п\\/1", r"\u043f/1", "карта", ""] {
        let error = fixture.store.blame(missing, None, &mut going).unwrap_err();
        assert!(matches!(error, VersionError::SampleMissing(_)), "{missing:?}: {error}");
    }
    let cancelled = fixture.store.blame("п/1", None, &mut |_| ControlFlow::Break(()));
    assert!(matches!(cancelled, Err(VersionError::Cancelled)));
}

#[test]
fn archived_versions_are_looked_through() {
    let mut fixture = Fixture::new();
    let mut train = samples(0..3000);
    let eval = samples(10_000..10_100);
    let mut versions = Vec::new();
    for number in 0..6_usize {
        // One sample changes twice, others in each version, and some lose letters alone.
        if number == 2 || number == 4 {
            train[7].label = format!("label {number}");
        }
        for place in (100 + number..3000).step_by(50) {
            train[place].label = format!("label {number}");
            train[place].text = train[place].text.replacen('е', "", 1);
        }
        versions.push(fixture.commit(&train, &eval, &number.to_string()).version);
    }
    let (changed, same) = (train[7].id.clone(), train[8].clone());
    let busy = train[154].id.clone();
    let before: Vec<Blame> = [&changed, &same.id, &same.text, &busy].map(|name| blame(&fixture, name)).into();
    assert_eq!(told(&before[1]), [(versions[0].as_str(), vec![ChangeKind::Added])]);
    let expected = [
        (versions[0].as_str(), vec![ChangeKind::Added]),
        (versions[2].as_str(), vec![ChangeKind::Relabelled]),
        (versions[4].as_str(), vec![ChangeKind::Relabelled]),
    ];
    assert_eq!(told(&before[0]), expected);
    assert!(before.iter().all(|blame| blame.versions == versions));
    // The oldest, then one in the middle, then all but the current one.
    for archived in [&versions[..2], &versions[3..4], &versions[..5]] {
        fixture.store.archive(archived, false, LATER, &mut going).unwrap();
        let after: Vec<Blame> = [&changed, &same.id, &same.text, &busy].map(|name| blame(&fixture, name)).into();
        assert!(after == before, "{archived:?} are archived");
    }
    fixture.store.restore(&versions[1], &mut going).unwrap();
    assert!(blame(&fixture, &changed) == before[0], "one is restored");
}

#[test]
fn a_version_whose_parent_is_elsewhere_claims_no_origin() {
    let fixture = Fixture::new();
    let line = |label: &str| format!(r#"{{"id":"a","text":"t","label":"{label}"}}"#);
    commit(&fixture, &[OTHER, &line("a")], &[], "1");
    let second = commit(&fixture, &[OTHER, &line("b")], &[], "2");
    let file = fixture.path("second.export");
    fixture.store.export(std::slice::from_ref(&second), &file, &mut going).unwrap();
    let there = Fixture::new();
    there.store.import(&file, &mut going).unwrap();
    let blame = blame(&there, "a");
    assert_eq!(told(&blame), [(second.as_str(), Vec::<ChangeKind>::new())]);
    assert_eq!((&blame.entries[0].before, blame.entries[0].after.is_some()), (&None, true));
}

#[test]
fn a_sample_is_followed_when_its_id_changes() {
    let fixture = Fixture::new();
    let line = |id: &str, text: &str, label: &str, confidence: &str| {
        format!(
            r#"{{"id":"{id}","text":"{text}","label":"{label}","confidence":{confidence},"source":"a.csv","row":12}}"#
        )
    };
    let text = "please send me another card";
    let lines = [
        (line("one", text, "a", "0.5"), false),
        // Another id and another part; another id and label; another id alone; another id and text.
        (line("two", text, "a", "0.5"), true),
        (line("three", text, "b", "0.5"), true),
        (line("four", text, "b", "0.25"), true),
        (line("five", "please send me another card now", "b", "0.25"), true),
    ];
    let mut versions = Vec::new();
    for (line, moved) in &lines {
        let (train, eval) =
            if *moved { (vec![OTHER], vec![line.as_str()]) } else { (vec![OTHER, line.as_str()], Vec::new()) };
        versions.push(commit(&fixture, &train, &eval, line));
    }
    let kinds =
        [ChangeKind::Added, ChangeKind::Moved, ChangeKind::Relabelled, ChangeKind::Details, ChangeKind::TextChanged];
    let expected: Vec<(&str, Vec<ChangeKind>)> =
        versions.iter().zip(kinds).map(|(version, kind)| (version.as_str(), vec![kind])).collect();
    for name in ["one", "two", "three", "four", "five"] {
        let blame = blame(&fixture, name);
        assert_eq!(told(&blame), expected, "{name}");
        assert_eq!((blame.id.as_str(), &blame.versions), (name, &versions));
        let ids = |before: &str, after: &str| Some((before.to_owned(), after.to_owned()));
        assert_eq!(blame.entries[0].ids, None);
        assert_eq!(blame.entries[1].ids, ids("one", "two"));
        assert_eq!(blame.entries[4].ids, ids("four", "five"));
    }
    // The difference says the same.
    let compared = fixture.store.compare(&versions[0], &versions[1], &mut going).unwrap().summary().changes;
    assert_eq!((compared.moved, compared.added, compared.removed), (1, 0, 0));
    // Nothing else that came from the same row is taken for it, and an archive changes nothing.
    let other = line("six", "Совсем другое", "b", "0.25");
    let last = commit(&fixture, &[OTHER], &[&other], "6");
    assert_eq!(told(&blame(&fixture, "six")), [(last.as_str(), vec![ChangeKind::Added])]);
    let before = blame(&fixture, "three");
    assert_eq!(before.entries.last().unwrap().kinds, [ChangeKind::Removed]);
    fixture.store.archive(&versions, false, LATER, &mut going).unwrap();
    assert_eq!(blame(&fixture, "three"), before);
    // Only what a version came from is told, where that is asked.
    let asked = fixture.store.blame("two", Some(&versions[2]), &mut going).unwrap();
    assert_eq!(asked.versions, versions[..3]);
}

#[test]
fn samples_that_share_an_id_or_a_text_are_all_told() {
    let fixture = Fixture::new();
    let line = |label: &str| format!(r#"{{"text":"the same text","label":"{label}"}}"#);
    let (a, b, c) = (line("a"), line("b"), line("c"));
    let first = commit(&fixture, &[OTHER, &a, &b], &[], "1");
    let second = commit(&fixture, &[OTHER, &a, &c], &[], "2");
    let third = commit(&fixture, &[OTHER, &a], &[], "3");
    let blame_same = blame(&fixture, "the same text");
    let expected = [
        (first.as_str(), vec![ChangeKind::Added]),
        (first.as_str(), vec![ChangeKind::Added]),
        (second.as_str(), vec![ChangeKind::Relabelled]),
        (third.as_str(), vec![ChangeKind::Removed]),
    ];
    assert_eq!(told(&blame_same), expected);
    let labels = |side: &Option<contract::version::SampleSide>| side.as_ref().map(|side| side.label.clone());
    let relabelled = &blame_same.entries[2];
    assert_eq!((labels(&relabelled.before), labels(&relabelled.after)), (Some("b".to_owned()), Some("c".to_owned())));
    assert!(blame_same.others.is_empty());
    // Repeated for balance: what came is told, and nothing else.
    let fourth = commit(&fixture, &[OTHER, &a, &a, &a], &[], "4");
    let repeated = blame(&fixture, "the same text");
    let added: Vec<_> = told(&repeated).into_iter().filter(|(version, _)| *version == fourth).collect();
    assert_eq!(added, vec![(fourth.as_str(), vec![ChangeKind::Added]); 2]);
    let named = |id: &str| format!(r#"{{"id":"{id}","text":"a text of two","label":"a"}}"#);
    commit(&fixture, &[OTHER, &named("d1"), &named("d2")], &[], "5");
    let of_two = blame(&fixture, "a text of two");
    assert_eq!((of_two.id.as_str(), of_two.others), ("d1", vec!["d2".to_owned()]));
}
