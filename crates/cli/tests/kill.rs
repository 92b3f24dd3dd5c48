//! `kill -9` in the middle of each kind of work, then the same command again: the end state is the same as without.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Workplace, files, sample, smollm2};

/// All that counts of a project's state: items, predictions, review, what versions hold. Not: jobs and times.
fn state(place: &Workplace) -> Value {
    let all = ["--limit", "1000000"];
    let items = place.json(&[&["items", "p", "list"][..], &all].concat());
    let review = place.json(&[&["review", "p", "list"][..], &all].concat());
    let versions = place.json(&["version", "p", "list"]);
    let contents: Vec<Value> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|version| {
            let detail = place.json(&["version", "p", "show", version["version"].as_str().unwrap()]);
            json!([
                version["version"],
                version["parents"],
                detail["statistics"]["domains"],
                detail["metadata"]["files"]
            ])
        })
        .collect();
    json!({
        "items": items["rows"], "review": review["rows"], "versions": contents,
        "stats": place.json(&["stats", "p"]),
    })
}

/// Whether a command that was killed had done its work already: a job is done a moment before its process ends, and the
/// same command after that is another one.
fn had_ended(place: &Workplace, expected: &Value) -> bool {
    let jobs = place.run(&["jobs", "p", "list", "--json"]);
    // Without a project, or with one that has no job yet, nothing has ended.
    let jobs: Value = serde_json::from_str(&jobs.stdout).unwrap_or_default();
    jobs[0]["state"] == "done" && state(place) == *expected
}

/// Parts of a command's time after which it is killed.
const MOMENTS: [f64; 4] = [0.15, 0.4, 0.6, 0.85];
/// The same for commands that label, which takes half a minute each time: crates/api/tests/kill.rs kills those at their events.
const MOMENTS_OF_LABELLING: [f64; 2] = [0.35, 0.7];

/// Does `command` in one place uninterrupted and in others killed part of the way and done again; compares.
fn survives(prepare: impl Fn(&Workplace), command: &[&str], moments: &[f64]) {
    let prepared = Workplace::new();
    prepare(&prepared);
    let whole = prepared.copied();
    let began = Instant::now();
    whole.ok(command);
    let time = began.elapsed();
    let expected = state(&whole);

    let mut killed = 0;
    for part in moments {
        let place = prepared.copied();
        let mut child = place.spawn(command);
        std::thread::sleep(time.mul_f64(*part).max(Duration::from_millis(1)));
        let over = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        if over || had_ended(&place, &expected) {
            continue;
        }
        killed += 1;
        place.ok(command);
        assert_eq!(state(&place), expected, "killed after {part} of the time");
    }
    assert!(killed > 0, "{command:?} was too fast to be killed even once ({time:?})");
}

/// A table of `rows` different texts with every label of the sample.
fn table(place: &Workplace, rows: usize) -> String {
    let sample = files::csv_rows(sample("bank_questions.csv"), 320);
    let mut table = vec![sample[0].clone()];
    for (number, row) in sample[1..].iter().cycle().take(rows).enumerate() {
        let text = if number < 320 { row[0].clone() } else { format!("{} ({number})", row[0]) };
        table.push(vec![text, row[1].clone()]);
    }
    place.file("table.csv", files::csv_text(&table, b','))
}

fn prepared(place: &Workplace, rows: usize) -> String {
    place.ok(&["init", "p", "--labels", &sample("bank_questions.schema.json")]);
    table(place, rows)
}

#[test]
fn import() {
    survives(
        |place| {
            prepared(place, 150_000);
        },
        &["import", "p", "table.csv"],
        &MOMENTS,
    );
}

#[test]
fn labelling() {
    let Some(model) = smollm2() else { return };
    survives(
        |place| {
            let table = prepared(place, 60);
            place.ok(&["import", "p", &table]);
            place.ok(&["models", "p", "add", "m", "--gguf", &model]);
        },
        &["label", "p", "--model", "m"],
        &MOMENTS_OF_LABELLING,
    );
}

#[test]
fn writing() {
    survives(
        |place| {
            let table = prepared(place, 40_000);
            place.ok(&["import", "p", &table]);
        },
        &["write", "p"],
        &MOMENTS,
    );
}

#[test]
fn committing() {
    survives(
        |place| {
            let table = prepared(place, 120_000);
            place.ok(&["import", "p", &table]);
            place.ok(&["write", "p"]);
        },
        &["version", "p", "commit", "-m", "all of it", "--author", "anna"],
        &MOMENTS,
    );
}

#[test]
fn everything_in_one_go() {
    let Some(model) = smollm2() else { return };
    let labels = sample("bank_questions.schema.json");
    survives(
        |place| {
            table(place, 60);
        },
        &[
            "run",
            "p",
            "table.csv",
            "--labels",
            &labels,
            "--model",
            "m",
            "--gguf",
            &model,
            "--min-eval",
            "5",
            "-m",
            "all",
        ],
        &MOMENTS_OF_LABELLING,
    );
}

/// As on a disk that is full to the last byte: the work fails or is done, and the project can't take that down.
#[test]
fn a_job_whose_beginning_or_end_cannot_be_stored_is_told_of() {
    let place = Workplace::new();
    let table = prepared(&place, 2_000);
    place.ok(&["import", "p", &table]);
    place.ok(&["write", "p"]);
    let database = || rusqlite::Connection::open(place.path("p/winnow.db")).unwrap();
    let command = ["version", "p", "commit", "-m", "all of it", "--author", "anna"];
    // A job that waits has the state 0, one that runs 1: neither its beginning nor its end can be stored.
    for state in [0, 1] {
        let refused = format!(
            "CREATE TRIGGER refused BEFORE UPDATE ON jobs WHEN OLD.state = {state} AND NEW.state <> {state} \
             BEGIN SELECT RAISE(ABORT, 'no room'); END"
        );
        database().execute_batch(&refused).unwrap();
        let mut child = place.spawn(&command);
        let deadline = Instant::now() + Duration::from_secs(60);
        while child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "it waits for what can't be stored");
            std::thread::sleep(Duration::from_millis(50));
        }
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(1));
        assert!(String::from_utf8(ended.stderr).unwrap().contains("no room"));
        database().execute_batch("DROP TRIGGER refused").unwrap();
    }
    place.ok(&command);
    assert_eq!(place.json(&["version", "p", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_signal_stops_a_job_and_the_same_command_goes_on() {
    let Some(model) = smollm2() else { return };
    let place = Workplace::new();
    let table = prepared(&place, 320);
    place.ok(&["import", "p", &table]);
    place.ok(&["models", "p", "add", "m", "--gguf", &model]);
    let child = place.spawn(&["label", "p", "--model", "m"]);
    // Seen from another process: the project can be looked at while the job runs.
    let running = || place.json(&["jobs", "p", "list"])[0].clone();
    while running()["state"] != "running" || running()["done"].as_u64() < Some(1) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("the same command goes on from here"), "{said}");
    assert_eq!(running()["state"], "cancelled");
    let done = place.json(&["items", "p", "list", "--filter", "confidence>=0", "--limit", "1000"]);
    let done = u64::try_from(done["rows"].as_array().unwrap().len()).unwrap();
    assert!(done > 0 && done < 320, "{done}");
    let report = place.json(&["label", "p", "--model", "m", "--limit", "8"]);
    assert!(report["labelled"].as_u64().unwrap() <= 8);
}
