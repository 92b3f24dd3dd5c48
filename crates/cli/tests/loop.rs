//! The whole loop headless, on real files with a real model: from a file to a checked-out version.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use support::{Workplace, data, files, sample, smollm2};
use testbed::LlamaServer;

/// Rows of the sample that the loops take: enough for every domain, few enough for two cores.
const ROWS: usize = 160;

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("not a count: {value}"))
}

/// From an imported table on: label, review, write, commit, check out; `model` is set up already.
fn finish(place: &Workplace, domains: u64, label: &[&str]) {
    let items = count(&place.json(&["stats", "p"])["items"]);
    let report = place.json(&[&["label", "p", "--model", "m"], label].concat());
    let labelled = count(&report["labelled"]);
    assert!(labelled > 0 && report["failed"] == 0, "{report:#}");
    assert_eq!(count(&report["confident"]) + count(&report["to_review"]), labelled, "{report:#}");
    let predicted = place.json(&["items", "p", "list", "--filter", "confidence>=0", "--limit", "100000"]);
    let predicted = predicted["rows"].as_array().unwrap();
    assert_eq!(u64::try_from(predicted.len()).unwrap(), labelled);

    // What waits is decided: approved, corrected, rejected, and one decision taken back.
    let cards = place.json(&["review", "p", "next", "--count", "4"]);
    let cards = cards.as_array().unwrap();
    assert_eq!(cards.len(), 4, "SmolLM2 is unsure of more than four");
    let id = |index: usize| cards[index]["item"].to_string();
    let other = cards[1]["prediction"]["candidates"][1]["domain"].as_str().unwrap();
    place.json(&["review", "p", "decide", &id(0), "--approve", "--reviewer", "anna"]);
    place.json(&["review", "p", "decide", &id(1), "--correct", other, "--reviewer", "anna"]);
    place.json(&["review", "p", "decide", &id(2), "--reject", "--reviewer", "anna"]);
    place.json(&["review", "p", "decide", &id(3), "--reject", "--reviewer", "anna"]);
    assert_eq!(place.json(&["review", "p", "undo", "--reviewer", "anna"])["item"], cards[3]["item"]);
    let stats = place.json(&["stats", "p"]);
    assert_eq!((&stats["by_status"]["approved"], &stats["by_status"]["corrected"]), (&json!(1), &json!(1)));
    assert_eq!(stats["by_status"]["rejected"], 1);
    assert_eq!(place.json(&["items", "p", "show", &id(1)])["domain"], other);
    let export = place.text("reviewed.jsonl");
    assert_eq!(place.json(&["review", "p", "export", &export])["rows"], 3);

    let dataset = place.json(&["write", "p", "--min-eval", "10", "--min-per-domain", "2"]);
    let (train, eval) = (count(&dataset["split"]["train"]), count(&dataset["split"]["eval"]));
    assert!(eval >= 10 && train > eval && train + eval <= items, "{dataset:#}");
    let version = place.json(&["version", "p", "commit", "-m", "the loop", "--tag", "first", "--author", "anna"]);
    assert_eq!(version["version"], "1.0.0");
    assert!(count(&version["domains"]) <= domains);

    let folder = place.text("out");
    let checkout = place.json(&["version", "p", "checkout", "first", "--to", &folder]);
    let mut texts = BTreeSet::new();
    for (file, expected) in [("train.jsonl", train), ("eval.jsonl", eval)] {
        let content = std::fs::read_to_string(place.path("out").join(file)).unwrap();
        let hash = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(checkout["files"][file], hash);
        let samples: Vec<Value> = content.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(u64::try_from(samples.len()).unwrap(), expected);
        for sample in samples {
            assert!(texts.insert(sample["text"].as_str().unwrap().to_owned()), "a text stands once: {sample}");
        }
    }
    assert!(!texts.contains(cards[2]["text"].as_str().unwrap()), "what was rejected is in no dataset");
    let metadata = std::fs::read_to_string(place.path("out").join("metadata.json")).unwrap();
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    assert_eq!(metadata["split"]["train"], train);
    // A version is not written over what is there.
    assert_eq!(place.run(&["version", "p", "checkout", "first", "--to", &folder]).code, 1);
}

/// The loop on a file that was made from the sample, with the small model in process.
fn loop_on(name: &str, content: impl AsRef<[u8]>, format: &str) {
    let Some(model) = smollm2() else { return };
    let place = Workplace::new();
    let table = place.file(name, content);
    place.ok(&["init", "p", "--labels", &sample("bank_questions.schema.json")]);
    let reports = place.json(&["import", "p", &table]);
    assert_eq!(reports[0]["format"], format);
    assert_eq!(reports[0]["mapping"]["text"], "text");
    assert_eq!(reports[0]["mapping"]["label"], "category");
    assert_eq!(count(&reports[0]["kept"]) as usize, ROWS);
    place.ok(&["models", "p", "add", "m", "--gguf", &model]);
    finish(&place, 8, &["--limit", "24", "--sample-seed", "7"]);
}

fn rows() -> Vec<Vec<String>> {
    files::csv_rows(sample("bank_questions.csv"), ROWS)
}

#[test]
fn csv_with_the_model_in_process() {
    loop_on("questions.csv", files::csv_text(&rows(), b','), "csv");
}

#[test]
fn utf16_with_semicolons_unasked() {
    loop_on("вопросы.txt", files::utf16(&files::csv_text(&rows(), b';')), "csv");
}

#[test]
fn xlsx() {
    loop_on("questions.xlsx", files::xlsx(&rows()), "xlsx");
}

#[test]
fn parquet() {
    loop_on("questions.parquet", files::parquet(&rows()), "parquet");
}

#[test]
fn clinc150() {
    let (Some(model), Some(table)) = (smollm2(), data("clinc150_full.json")) else { return };
    let place = Workplace::new();
    place.ok(&["init", "p"]);
    let reports = place.json(&["import", "p", &table]);
    assert_eq!(reports[0]["format"], "json");
    assert_eq!(count(&reports[0]["read"]), 23_700);
    let schema = place.json(&["schema", "p", "from-labels"]);
    let domains = u64::try_from(schema["domains"].as_array().unwrap().len()).unwrap();
    assert_eq!(domains, 151);
    place.ok(&["models", "p", "add", "m", "--gguf", &model]);
    finish(&place, domains, &["--limit", "6"]);
}

#[test]
fn all_in_one_go_and_again() {
    let Some(_) = smollm2() else { return };
    let place = Workplace::new();
    let table = place.file("questions.csv", files::csv_text(&rows(), b','));
    let labels = sample("bank_questions.schema.json");
    // The model is named by the file that set-up placed.
    let run = [
        "run",
        "p",
        table.as_str(),
        "--labels",
        labels.as_str(),
        "--model",
        "smollm2",
        "--limit",
        "16",
        "--min-eval",
        "10",
        "-m",
        "in one go",
    ];
    let first = place.json(&run);
    assert_eq!(first["version"]["version"], "1.0.0");
    assert_eq!(first["label"]["labelled"], 16);
    assert_eq!(first["import"][0]["kept"], ROWS);
    assert_eq!(first["project"]["waiting"], first["label"]["to_review"]);
    // Again with fewer left to do than the limit: it labels what is next and commits what changed.
    let again = place.json(&[&run[..8], &["16", "--min-eval", "10", "-m", "again"]].concat());
    assert_eq!(again["import"].as_array().unwrap().len(), 0, "imported once");
    assert_eq!(again["schema"]["revision"], first["schema"]["revision"]);
    assert_eq!(place.json(&["stats", "p"])["items"], ROWS);
}

#[test]
fn over_a_llama_server() {
    let Some(mut server) = testbed::small_model().and_then(|model| LlamaServer::start(&model)) else { return };
    let url = server.url();
    let place = Workplace::new();
    let table = place.file("questions.csv", files::csv_text(&rows(), b','));
    place.ok(&["init", "p", "--labels", &sample("bank_questions.schema.json")]);
    place.ok(&["import", "p", &table]);
    let model = ["models", "p", "add", "m", "--server", url.as_str(), "--model", LlamaServer::MODEL];
    place.ok(&model);
    let test = place.json(&["models", "p", "test", "m"]);
    assert_eq!(test["answers"].as_array().unwrap().len(), 3);
    finish(&place, 8, &["--limit", "16"]);

    // The server goes away: a clear stop, and what was labelled stays.
    let before = place.json(&["stats", "p"]);
    server.kill();
    let ended = place.run(&["label", "p", "--model", "m", "--limit", "8", "--json"]);
    assert_eq!(ended.code, 1);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(document["error"]["code"], "server_unreachable");
    assert_eq!(place.json(&["stats", "p"])["by_status"], before["by_status"]);
}
