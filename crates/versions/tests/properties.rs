//! What holds for any dataset: random ones, the same in every run.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use contract::version::{ChangeFilter, SampleSide, Split};
use serde_json::{Value, json};
use support::{Draw, Fixture, files, going, request, tree};
use versions::{CommitRequest, VersionStore};

/// A sample of any kind that JSON allows.
fn any_line(draw: &mut Draw, id: usize) -> String {
    let words = ["карта", "card", "\u{1f600}", "\\\"", "\u{2028}", "не\u{0301}", "", "0", "\t", "payment", "日本"];
    let text: Vec<&str> = (0..draw.below(12)).map(|_| words[draw.below(words.len())]).collect();
    let mut sample = json!({
        "id": format!("id-{id}"),
        "text": format!("{} {id}", text.join(" ")),
        "label": *["a", "b", "в"].get(draw.below(3)).unwrap(),
    });
    if draw.below(2) == 0 {
        sample["confidence"] = json!(draw.below(1000) as f64 / 1000.0);
        sample["origin"] = json!("prediction");
    }
    if draw.below(3) == 0 {
        sample["source"] = json!("rows.csv");
        sample["row"] = json!(id);
    }
    if draw.below(5) == 0 {
        sample["more"] = json!({"nested": [1, null, draw.below(9)]});
    }
    sample.to_string()
}

type Lines = [Vec<String>; 2];

fn any_dataset(draw: &mut Draw, next: &mut usize) -> Lines {
    let rows = [0, 1, 2, 700, 3000][draw.below(5)];
    let mut side = |rows: usize| -> Vec<String> {
        (0..rows)
            .map(|_| {
                *next += 1;
                any_line(draw, *next)
            })
            .collect()
    };
    [side(rows + 1), side(rows / 7)]
}

/// The dataset after some work on it.
fn edited(draw: &mut Draw, lines: &Lines, next: &mut usize) -> Lines {
    let mut lines = lines.clone();
    for _ in 0..1 + draw.below(30) {
        let (from, to) = if draw.below(4) == 0 { (1, 0) } else { (0, 1) };
        if lines[from].is_empty() {
            continue;
        }
        let place = draw.below(lines[from].len());
        match draw.below(6) {
            0 => drop(lines[from].remove(place)),
            1 => {
                *next += 1;
                lines[from].insert(place, any_line(draw, *next));
            }
            2 => {
                let line = lines[from].remove(place);
                let end = draw.below(lines[to].len() + 1);
                lines[to].insert(end, line);
            }
            3 => change(&mut lines[from][place], "label", json!("c")),
            4 => change(&mut lines[from][place], "text", json!(format!("edited {}", draw.below(99)))),
            _ => change(&mut lines[from][place], "confidence", json!(0.125)),
        }
    }
    lines
}

fn change(line: &mut String, field: &str, value: Value) {
    let mut sample: Value = serde_json::from_str(line).unwrap();
    sample[field] = value;
    *line = sample.to_string();
}

fn write(folder: &Path, lines: &Lines, last_newline: bool) {
    fs::create_dir_all(folder).unwrap();
    for (name, lines) in ["train.jsonl", "eval.jsonl"].iter().zip(lines) {
        let mut text = lines.join("\n");
        if last_newline && !text.is_empty() {
            text.push('\n');
        }
        fs::write(folder.join(name), text).unwrap();
    }
}

fn commit(store: &VersionStore, folder: &Path, key: &str) -> String {
    store.commit(&CommitRequest { as_written: false, ..request(folder, key) }, &mut going).unwrap().version
}

#[test]
fn a_checkout_of_a_commit_is_what_was_committed() {
    let mut draw = Draw(3);
    for round in 0..25 {
        let fixture = Fixture::new();
        let (mut next, folder) = (0, fixture.path("dataset"));
        let mut lines = any_dataset(&mut draw, &mut next);
        for version in 0..3 {
            write(&folder, &lines, (round + version) % 4 != 0);
            let before = ["train.jsonl", "eval.jsonl"].map(|name| fs::read(folder.join(name)).unwrap());
            let number = commit(&fixture.store, &folder, &version.to_string());
            let out = fixture.checkout(&number, &format!("out-{version}")).unwrap();
            let after = ["train.jsonl", "eval.jsonl"].map(|name| fs::read(out.join(name)).unwrap());
            assert!(before == after, "round {round}, {number}");
            lines = edited(&mut draw, &lines, &mut next);
            // A last change that is one in any case.
            lines[0].push(any_line(&mut draw, 1_000_000 + version));
        }
        assert_eq!(fixture.verify().problems, []);
    }
}

/// What a comparison shows of a sample.
type Shown = (String, String, Split, Option<u32>, String, Option<u64>);

fn shown(side: &SampleSide) -> Shown {
    let confidence = side.confidence.map(f32::to_bits);
    (side.text.clone(), side.label.clone(), side.split.unwrap(), confidence, side.source.clone(), side.row)
}

fn shown_lines(lines: &Lines) -> HashMap<String, Shown> {
    let mut samples = HashMap::new();
    for (split, lines) in [Split::Train, Split::Eval].into_iter().zip(lines) {
        for line in lines {
            let sample: Value = serde_json::from_str(line).unwrap();
            let text = |field: &str| sample[field].as_str().unwrap_or_default().to_owned();
            #[allow(clippy::cast_possible_truncation)]
            let confidence = sample["confidence"].as_f64().map(|confidence| (confidence as f32).to_bits());
            let shown = (text("text"), text("label"), split, confidence, text("source"), sample["row"].as_u64());
            samples.insert(text("id"), shown);
        }
    }
    samples
}

#[test]
fn a_difference_applied_to_the_older_gives_the_newer() {
    let mut draw = Draw(4);
    for round in 0..25 {
        let fixture = Fixture::new();
        let (mut next, folder) = (0, fixture.path("dataset"));
        let first = any_dataset(&mut draw, &mut next);
        write(&folder, &first, true);
        let old = commit(&fixture.store, &folder, "1");
        let mut second = edited(&mut draw, &first, &mut next);
        second[1].push(any_line(&mut draw, 2_000_000));
        write(&folder, &second, true);
        let new = commit(&fixture.store, &folder, "2");
        let compared = fixture.store.compare(&old, &new, &mut going).unwrap();
        let mut applied = shown_lines(&first);
        let mut after = None;
        loop {
            let page = compared.page(&ChangeFilter::default(), after, 7).unwrap();
            for change in page.rows {
                if let Some(before) = &change.before {
                    assert_eq!(applied.remove(&change.id).as_ref(), Some(&shown(before)), "round {round}");
                }
                if let Some(after) = &change.after {
                    applied.insert(change.id, shown(after));
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert!(applied == shown_lines(&second), "round {round}");
        let same = fixture.store.compare(&new, &new, &mut going).unwrap().summary();
        assert!(same.changes.is_empty() && same.domains.iter().all(|domain| domain.gained + domain.lost == 0));
    }
}

#[test]
fn statistics_kept_up_are_those_counted_anew() {
    let mut draw = Draw(5);
    for _ in 0..10 {
        let fixture = Fixture::new();
        let (mut next, folder) = (0, fixture.path("dataset"));
        let mut lines = any_dataset(&mut draw, &mut next);
        for version in 0..4 {
            write(&folder, &lines, true);
            let number = commit(&fixture.store, &folder, &version.to_string());
            let afresh = Fixture::new();
            let first = commit(&afresh.store, &folder, "1");
            let counted = afresh.store.show(&first).unwrap().statistics;
            assert_eq!(fixture.store.show(&number).unwrap().statistics, counted);
            lines = edited(&mut draw, &lines, &mut next);
            lines[0].push(any_line(&mut draw, 3_000_000 + version));
        }
    }
}

const ROOT: &str = "WINNOW_TEST_ROOT";

/// The same history, archived in part, with so many threads.
fn history(root: &Path, threads: usize) {
    let work = || {
        let store = VersionStore::open(&root.join("versions"));
        let mut draw = Draw(6);
        let (mut next, folder) = (0, root.join("dataset"));
        let mut lines: Lines = [3000, 400].map(|rows| {
            (0..rows)
                .map(|_| {
                    next += 1;
                    any_line(&mut draw, next)
                })
                .collect()
        });
        for version in 0..4 {
            write(&folder, &lines, true);
            commit(&store, &folder, &version.to_string());
            lines = edited(&mut draw, &lines, &mut next);
            lines[1].push(any_line(&mut draw, 4_000_000 + version));
        }
        let listed = store.list().unwrap();
        store.export(&[], &root.join("all.winnow"), &mut going).unwrap();
        store.archive(&[listed[3].version.clone()], false, 0, &mut going).unwrap();
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work);
}

/// Not a test of its own: the same in another process.
#[test]
fn child() {
    if let Ok(root) = std::env::var(ROOT) {
        history(Path::new(&root), 2);
    }
}

#[test]
fn the_same_work_gives_the_same_bytes_with_any_number_of_threads_and_in_any_process() {
    let place = |name: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(name)).unwrap();
        folder
    };
    let first = place("one");
    history(first.path(), 1);
    let expected = tree(first.path());
    assert!(expected.keys().any(|name| name.contains("archives/")));
    for threads in [2, 7] {
        let other = place("other");
        history(other.path(), threads);
        assert!(tree(other.path()) == expected, "{threads} threads");
    }
    let other = place("process");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact"])
        .env(ROOT, other.path())
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    assert!(tree(other.path()) == expected, "another process");
    let checked = Fixture::new();
    checked.store.import(&first.path().join("all.winnow"), &mut going).unwrap();
    let version = checked.store.list().unwrap()[0].version.clone();
    let (here, there) = (checked.checkout(&version, "out").unwrap(), first.path().join("out"));
    VersionStore::open(&first.path().join("versions")).checkout(&version, &there, &mut going).unwrap();
    assert!(files(&here) == files(&there));
}
