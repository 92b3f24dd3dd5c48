//! Exit statuses, and where answers and errors go.

#![allow(clippy::unwrap_used)]

mod support;

use std::process::Stdio;

use serde_json::Value;
use support::{Workplace, sample};

#[test]
fn wrong_usage_ends_with_2_and_says_how() {
    let place = Workplace::new();
    for wrong in [
        &["frobnicate"][..],
        &["import", "p"],
        &["label", "p"],
        &["models", "p", "add", "m"],
        &["models", "p", "add", "m", "--gguf", "a", "--server", "b"],
        &["models", "p", "add", "m", "--server", "http://localhost"],
        &["review", "p", "decide", "1", "--reviewer", "anna"],
        &["review", "p", "decide", "1", "--approve", "--skip", "--reviewer", "anna"],
        &["review", "p", "decide", "one", "--approve", "--reviewer", "anna"],
        &["review", "p", "decide", "1", "--approve"],
        &["version", "p", "commit"],
        &["write", "p", "--eval", "1.5"],
        &["write", "p", "--balance", "somehow"],
        &["write", "p", "--near-duplicates", "1.5"],
        &["write", "p", "--shard-bytes", "0K"],
        &["write", "p", "--shard-rows", "0"],
        &["write", "p", "--folds", "1"],
        &["label", "p", "--model", "m", "--threshold", "2"],
        &["items", "stats"],
        &["run", "p", "f.csv", "--model", "m"],
    ] {
        let ended = place.run(wrong);
        assert_eq!(ended.code, 2, "{wrong:?}: {}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{wrong:?}");
        assert!(ended.stderr.starts_with("error: ") || ended.stderr.contains("Usage"), "{wrong:?}: {}", ended.stderr);
    }
    assert!(!place.path("p").exists(), "wrong usage leaves nothing");
}

#[test]
fn help_is_an_answer_in_the_persons_language() {
    let place = Workplace::new();
    for command in ["init", "import", "schema", "models", "label", "review", "write", "version", "jobs", "items", "run"]
    {
        let english = place.ok(&[command, "--help"]);
        let russian = place.ok(&[command, "--help", "--lang", "ru"]);
        assert!(english.contains("Usage: winnow"), "{english}");
        assert!(russian.contains("Вызов: winnow"), "{russian}");
    }
}

#[test]
fn a_failure_ends_with_1_on_stderr_or_as_the_one_json_document() {
    let place = Workplace::new();
    let ended = place.run(&["stats", "nowhere"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.is_empty());
    assert!(ended.stderr.contains("nowhere") && ended.stderr.starts_with("error: "), "{}", ended.stderr);

    let ended = place.run(&["stats", "nowhere", "--json", "--lang", "ru"]);
    assert_eq!(ended.code, 1);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(document["error"]["code"], "project_missing");
    assert!(document["error"]["message"].as_str().unwrap().starts_with("ошибка: "), "{document}");
    assert!(ended.stderr.is_empty(), "{}", ended.stderr);
}

#[test]
fn both_spellings_of_stats_answer_the_same() {
    let place = Workplace::new();
    place.ok(&["init", "p"]);
    place.ok(&["import", "p", &sample("bank_questions.csv")]);
    let stats = place.json(&["stats", "p"]);
    assert_eq!(stats["items"], 320);
    assert_eq!(place.json(&["items", "p", "stats"]), stats);
    assert_eq!(place.json(&["items", "stats", "p"]), stats);
    let page = place.json(&["items", "list", "p", "--limit", "7"]);
    assert_eq!(page["rows"].as_array().unwrap().len(), 7);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Workplace::new();
    place.ok(&["init", "p"]);
    place.ok(&["import", "p", &sample("bank_questions.csv")]);
    let mut child = place
        .command(&["items", "p", "list", "--limit", "320"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(ended.stderr.is_empty());
}

#[test]
fn a_locked_project_can_be_read_and_not_written() {
    let place = Workplace::new();
    place.ok(&["init", "p"]);
    place.ok(&["import", "p", &sample("bank_questions.csv")]);
    // Another Winnow that holds the project for as long as this lives.
    let winnow = api::Winnow::new(api::Environment {
        data_folder: place.path("other-data"),
        model_folders: Vec::new(),
        ..api::Environment::of_system()
    })
    .unwrap();
    winnow.call(contract::project::OpenProject { folder: place.text("p") }).unwrap();

    assert_eq!(place.json(&["stats", "p"])["items"], 320);
    let ended = place.run(&["schema", "p", "from-labels", "--json"]);
    assert_eq!(ended.code, 1);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    let code = document["error"]["code"].as_str().unwrap();
    assert!(["project_locked", "project_read_only"].contains(&code), "{document}");

    winnow.shutdown();
    place.ok(&["schema", "p", "from-labels"]);
}
