//! What `winnow version` answers where there is nothing to do, where something was mistyped, and where something is only tried.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Ended, Workplace as Place, sample};

/// A project with version 1.0.0 of real questions, and a checkout of it in `work`.
fn project() -> Place {
    let place = Place::new();
    place.json(&["init", "p"]);
    place.json(&["import", "p", &sample("bank_questions.csv")]);
    place.json(&["schema", "p", "from-labels"]);
    place.json(&["write", "p"]);
    place.json(&["version", "p", "commit", "-m", "first", "--author", "anna"]);
    place.json(&["version", "p", "checkout", "1.0.0", "--to", "work"]);
    place
}

fn rows(place: &Place, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(place.path(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn write(place: &Place, file: &str, rows: &[Value]) {
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    std::fs::write(place.path(file), lines).unwrap();
}

/// Commits `work` with a change to its train rows, after a version; answers the new version's number.
fn commit(place: &Place, parent: &str, change: impl FnOnce(&mut Vec<Value>)) -> String {
    let mut train = rows(place, "work/train.jsonl");
    change(&mut train);
    write(place, "work/train.jsonl", &train);
    let asked = ["version", "p", "commit", "-m", "next", "--author", "anna", "--folder", "work", "--parent", parent];
    place.json(&asked)["version"].as_str().unwrap().to_owned()
}

/// The row's text with a few words more.
fn say(row: &mut Value, more: &str) {
    row["text"] = json!(format!("{} {more}", row["text"].as_str().unwrap()));
}

fn error(ended: &Ended) -> Value {
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    document["error"].clone()
}

#[test]
fn a_trial_of_the_rule_changes_nothing() {
    let place = project();
    let mut last = "1.0.0".to_owned();
    for number in 0..3 {
        last = commit(&place, &last, |train| say(&mut train[number], "please"));
    }
    let tried = place.json(&["version", "p", "archive", "--keep", "2", "--dry-run"]);
    assert_eq!((&tried["dry_run"], tried["versions"].as_array().unwrap().len()), (&json!(true), 2), "{tried}");
    assert_eq!(tried["versions"][0], "1.0.0");
    // By the project's own rule nothing is due, neither asked for nor by the next commit.
    assert_eq!(place.json(&["version", "p", "archive", "--dry-run"])["versions"], json!([]));
    commit(&place, &last, |train| say(&mut train[7], "please"));
    let listed = place.json(&["version", "p", "list"]);
    assert!(listed.as_array().unwrap().iter().all(|version| version["archived"] == false), "{listed:#}");
    // A rule that can't be is refused in a trial, too.
    let refused = place.run(&["version", "p", "archive", "--keep", "0", "--dry-run", "--json"]);
    assert_eq!((refused.code, &error(&refused)["params"]["name"]), (1, &json!("keep")));
    // In earnest it is kept.
    let done = place.json(&["version", "p", "archive", "--keep", "3"]);
    assert_eq!(done["versions"], tried["versions"]);
}

#[test]
fn a_view_is_put_right_where_somebody_edited_it() {
    let place = project();
    let whole = rows(&place, "work/train.jsonl");
    place.json(&["version", "p", "view", "1.0.0", "--to", "view"]);
    write(&place, "view/1.0.0/train.jsonl", &whole[1..]);
    place.json(&["version", "p", "view", "1.0.0", "--to", "view"]);
    assert_eq!(rows(&place, "view/1.0.0/train.jsonl"), whole);
}

#[test]
fn a_merge_that_brings_nothing_says_so() {
    let place = project();
    let second = commit(&place, "1.0.0", |train| say(&mut train[0], "please"));
    let told = place.ok(&["version", "p", "merge", &second, "1.0.0"]);
    assert!(told.starts_with("Nothing to merge: 1.0.0 brings nothing into 2.0.0."), "{told}");
    assert!(told.contains("The current version is 2.0.0.") && !told.contains("is committed"), "{told}");
    let told = place.ok(&["version", "p", "merge", &second, "1.0.0", "--lang", "ru"]);
    assert!(told.starts_with("Сливать нечего: 1.0.0 ничего не меняет в 2.0.0."), "{told}");
    let answer = place.json(&["version", "p", "merge", &second, "1.0.0"]);
    assert_eq!((&answer["version"], &answer["unchanged"]), (&json!("2.0.0"), &json!(true)));
    assert_eq!(place.json(&["version", "p", "list"]).as_array().unwrap().len(), 2);
    // The other way round there is something to do.
    let answer = place.json(&["version", "p", "merge", "1.0.0", &second]);
    assert_eq!(answer["unchanged"], json!(false));
    assert_eq!(place.json(&["version", "p", "list"]).as_array().unwrap().len(), 3);
}

#[test]
fn a_resolution_of_no_conflict_is_refused_with_its_row() {
    let place = project();
    let whole = rows(&place, "work/train.jsonl");
    let (conflicting, other) = (whole[0]["id"].as_str().unwrap(), whole[5]["id"].as_str().unwrap());
    let ours = commit(&place, "1.0.0", |train| say(&mut train[0], "please"));
    write(&place, "work/train.jsonl", &whole);
    let theirs = commit(&place, "1.0.0", |train| say(&mut train[0], "quickly"));
    let merge = |file: &str| place.run(&["version", "p", "merge", &ours, &theirs, "--resolve", file, "--json"]);
    for stranger in ["mistyped", other] {
        place.file("resolved.csv", format!("id,take\n{conflicting},ours\n{stranger},theirs\n"));
        let refused = merge("resolved.csv");
        let error = error(&refused);
        assert_eq!((refused.code, &error["code"]), (1, &json!("argument_invalid")), "{error:#}");
        assert_eq!((&error["place"]["row"], &error["params"]["value"]), (&json!(3), &json!(stranger)));
        assert!(error["place"]["file"].as_str().unwrap().ends_with("resolved.csv"), "{error:#}");
    }
    // Nothing of the refused file was kept, and rows that nobody filled in ask for nothing.
    let preview = place.json(&["version", "p", "merge", &ours, &theirs, "--dry-run"]);
    assert_eq!((&preview["conflicts"], &preview["resolved"]), (&json!(1), &json!(0)));
    place.file("resolved.csv", format!("id,take\nmistyped,\n{conflicting},theirs\n"));
    assert_eq!(merge("resolved.csv").code, 0);
}

/// Versions of folders in a project without a schema: the first train row has the label `-1` in ours, `0` in theirs.
struct Branches {
    place: Place,
    /// The rows before both.
    whole: Vec<Value>,
    base: String,
    ours: String,
    theirs: String,
}

impl Branches {
    fn new() -> Self {
        let place = project();
        place.json(&["init", "q"]);
        std::fs::remove_file(place.path("work/metadata.json")).unwrap();
        let whole = rows(&place, "work/train.jsonl");
        let commit = |parent: Option<&str>, label: Option<&str>| {
            let mut train = whole.clone();
            if let Some(label) = label {
                train[0]["label"] = json!(label);
            }
            write(&place, "work/train.jsonl", &train);
            let mut asked = vec!["version", "q", "commit", "-m", "next", "--author", "anna", "--folder", "work"];
            asked.extend(parent.into_iter().flat_map(|parent| ["--parent", parent]));
            place.json(&asked)["version"].as_str().unwrap().to_owned()
        };
        let base = commit(None, None);
        let (ours, theirs) = (commit(Some(&base), Some("-1")), commit(Some(&base), Some("0")));
        Self { place, whole, base, ours, theirs }
    }

    fn id(&self) -> &str {
        self.whole[0]["id"].as_str().unwrap()
    }

    /// Merges with the conflict resolved so.
    fn merge(&self, take: &str, options: &[&str]) -> Ended {
        self.place.file("resolved.csv", format!("id,take\n{},{take}\n", self.id()));
        let asked = ["version", "q", "merge", &self.ours, &self.theirs, "--resolve", "resolved.csv", "--json"];
        self.place.run(&[&asked[..], options].concat())
    }
}

#[test]
fn a_conflict_can_end_with_any_label_that_either_version_has() {
    let branches = Branches::new();
    let mut labels = branches.whole.iter().map(|row| row["label"].as_str().unwrap());
    let third = labels.find(|label| branches.whole[0]["label"] != **label).unwrap();
    let refused = branches.merge("label:nowhere", &["--dry-run"]);
    let told = error(&refused);
    assert_eq!((refused.code, &told["code"]), (1, &json!("merge_label_unknown")), "{told:#}");
    let possible: Vec<&str> = told["params"]["labels"].as_str().unwrap().split(", ").collect();
    assert!(possible.contains(&"-1") && possible.contains(&"0") && possible.len() <= 41, "{possible:?}");
    let refused = branches.merge("label:", &["--dry-run"]);
    let told = error(&refused);
    assert_eq!((refused.code, &told["params"]["value"], &told["place"]["row"]), (1, &json!("label:"), &json!(2)));
    for take in ["label:-1", "label:'-1", "label:0"] {
        let tried = branches.merge(take, &["--dry-run"]);
        let preview: Value = serde_json::from_str(&tried.stdout).unwrap();
        assert_eq!((tried.code, &preview["resolved"]), (0, &json!(1)), "{take}: {preview:#}");
    }
    let merged = branches.merge(&format!("label:{third}"), &["--author", "vera"]);
    assert_eq!(merged.code, 0, "{}{}", merged.stdout, merged.stderr);
    let merged: Value = serde_json::from_str(&merged.stdout).unwrap();
    assert_eq!(merged["author"], "vera");
    branches.place.json(&["version", "q", "checkout", merged["version"].as_str().unwrap(), "--to", "m"]);
    let found = rows(&branches.place, "m/train.jsonl").into_iter().find(|row| row["id"] == branches.id()).unwrap();
    assert_eq!(found["label"], third);
}

#[test]
fn a_merge_with_open_conflicts_says_why_it_stops() {
    let Branches { place, ours, theirs, .. } = Branches::new();
    let stopped = place.run(&["version", "q", "merge", &ours, &theirs]);
    assert_eq!(stopped.code, 1);
    assert!(stopped.stdout.contains("-1"), "what it came to is still told: {}", stopped.stdout);
    assert!(stopped.stderr.starts_with("error: ") && stopped.stderr.contains("--resolve FILE"), "{}", stopped.stderr);
    let stopped = place.run(&["version", "q", "merge", &ours, &theirs, "--json"]);
    let document: Value = serde_json::from_str(&stopped.stdout).unwrap();
    assert_eq!((stopped.code, &document["conflicts"]), (1, &json!(1)), "{document:#}");
    let told = error(&stopped);
    assert_eq!((&told["code"], &told["params"]["count"]), (&json!("merge_conflicts"), &json!("1")), "{told:#}");
    assert_eq!(told["message"].as_str().unwrap(), stopped.stderr.trim_end());
    let tried = place.run(&["version", "q", "merge", &ours, &theirs, "--dry-run", "--json"]);
    assert_eq!((tried.code, error(&tried)), (0, Value::Null), "nothing was to be merged");
}

#[test]
fn changes_are_written_as_they_are_unless_a_spreadsheet_is_to_open_them() {
    let Branches { place, base, ours, .. } = Branches::new();
    let written = |name: &str, options: &[&str]| {
        place.json(&[&["version", "q", "diff", &base, &ours, "--output", name][..], options].concat());
        let mut reader = csv::Reader::from_path(place.path(name)).unwrap();
        let record = reader.records().next().unwrap().unwrap();
        record[3].to_owned()
    };
    assert_eq!(written("plain.csv", &[]), "-1");
    assert_eq!(written("safe.csv", &["--formula-safe"]), "'-1");
    let alone = place.run(&["version", "q", "diff", &base, &ours, "--formula-safe"]);
    assert_eq!(alone.code, 2, "it is about a file: {}", alone.stderr);
}

#[test]
fn the_history_shows_every_kind_of_change() {
    let place = project();
    let edited = commit(&place, "1.0.0", |train| {
        say(&mut train[0], "please");
        say(&mut train[1], "please");
        train[2]["confidence"] = json!(0.25);
    });
    let mut eval = rows(&place, "work/eval.jsonl");
    let last = commit(&place, &edited, |train| {
        eval.push(train.remove(3));
        write(&place, "work/eval.jsonl", &eval);
    });
    for command in ["list", "log"] {
        let told = place.ok(&["version", "p", command]);
        assert!(told.contains("Δ2 ·1") && told.contains("⇄1"), "{told}");
        assert!(!told.contains("−0") && !told.contains("~0") && !told.contains("+0"), "{told}");
    }
    let table = place.ok(&["version", "p", "list"]);
    let line = |version: &str| table.lines().find(|line| line.starts_with(version)).unwrap().to_owned();
    assert!(
        line(&last).contains("⇄1  ") && line(&edited).contains("Δ2 ·1  ") && line("1.0.0").contains("+"),
        "{table}"
    );
}

#[test]
fn changes_go_only_to_files_whose_format_there_is() {
    let place = project();
    let second = commit(&place, "1.0.0", |train| say(&mut train[0], "please"));
    for name in ["d.xlsx", "d.json", "d", "csv"] {
        let refused = place.run(&["version", "p", "diff", "1.0.0", &second, "-o", name, "--json"]);
        let error = error(&refused);
        assert_eq!((refused.code, &error["code"]), (1, &json!("argument_invalid")), "{name}: {error:#}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(name) && message.contains(".csv") && message.contains(".jsonl"), "{message}");
        assert!(!place.path(name).exists());
    }
    for name in ["d.csv", "d.jsonl", "d.CSV"] {
        assert_eq!(place.json(&["version", "p", "diff", "1.0.0", &second, "-o", name]), 1);
        assert!(place.path(name).is_file());
    }
}

#[test]
fn wrong_usage_is_a_json_document_where_json_was_asked_for() {
    let place = Place::new();
    for wrong in [
        &["frobnicate", "--json"][..],
        &["--json", "version", "p", "commit"],
        &["items", "stats", "--json"],
        &["version", "p", "--json"],
    ] {
        let ended = place.run(wrong);
        assert_eq!(ended.code, 2, "{wrong:?}: {}", ended.stderr);
        assert!(!ended.stderr.is_empty(), "{wrong:?}");
        let error = error(&ended);
        assert_eq!(error["code"], "argument_invalid", "{wrong:?}: {error:#}");
        assert_eq!(error["message"].as_str().unwrap().trim_end(), ended.stderr.trim_end(), "{wrong:?}");
        assert!(error["place"].is_object() && !error["params"]["detail"].as_str().unwrap().is_empty(), "{error:#}");
    }
    let help = place.run(&["version", "--help", "--json"]);
    assert_eq!(help.code, 0);
    assert!(help.stdout.contains("Usage"), "help is no error: {}", help.stdout);
}
