//! Versions headless, on real questions: branches, what changed and who decided, merging, going back, other formats, carrying elsewhere.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use support::Workplace as Place;

type Rows = BTreeMap<String, Value>;

fn rows(file: &Path) -> Rows {
    let text = std::fs::read_to_string(file).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| (row["id"].as_str().unwrap().to_owned(), row)).collect()
}

fn write(file: &Path, rows: &Rows) {
    let lines: String = rows.values().map(|row| format!("{row}\n")).collect();
    std::fs::write(file, lines).unwrap();
}

/// A project with version 1.0.0 of some questions of Banking77, and a checkout of it.
fn project() -> Place {
    let place = Place::new();
    place.json(&["init", "p"]);
    let table = testbed::repository().join("tests/data/banking77_train.csv");
    let few: String =
        std::fs::read_to_string(table).unwrap().lines().take(600).map(|line| format!("{line}\n")).collect();
    std::fs::write(place.path("questions.csv"), few).unwrap();
    place.json(&["import", "p", "questions.csv"]);
    place.json(&["schema", "p", "from-labels"]);
    place.json(&["write", "p"]);
    place.json(&["version", "p", "commit", "-m", "first", "--author", "anna"]);
    place.json(&["version", "p", "checkout", "1.0.0", "--to", "a"]);
    place.json(&["version", "p", "checkout", "1.0.0", "--to", "b"]);
    place
}

fn edit(place: &Place, folder: &str, change: impl FnOnce(&mut Rows, &mut Rows)) {
    let folder = place.path(folder);
    let (mut train, mut eval) = (rows(&folder.join("train.jsonl")), rows(&folder.join("eval.jsonl")));
    change(&mut train, &mut eval);
    write(&folder.join("train.jsonl"), &train);
    write(&folder.join("eval.jsonl"), &eval);
}

fn id_at(rows: &Rows, place: usize) -> String {
    rows.keys().nth(place).unwrap().clone()
}

#[test]
fn two_branches_meet_again_and_conflicts_go_to_a_person() {
    let place = project();
    let train = rows(&place.path("a/train.jsonl"));
    let (both, ours, theirs, gone) = (id_at(&train, 3), id_at(&train, 10), id_at(&train, 20), id_at(&train, 30));
    let labels: Vec<String> = place.json(&["version", "p", "show", "1.0.0"])["statistics"]["domains"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let other = |row: &Value, skip: usize| {
        labels.iter().filter(|label| row["label"] != label.as_str()).nth(skip).unwrap().clone()
    };
    let (one, another, decided) = (other(&train[&both], 0), other(&train[&both], 1), other(&train[&both], 2));
    edit(&place, "a", |train, _| {
        train.get_mut(&both).unwrap()["label"] = json!(one);
        train.get_mut(&both).unwrap()["decided_by"] = json!("anna");
        train.get_mut(&ours).unwrap()["label"] = json!(one);
    });
    edit(&place, "b", |train, eval| {
        train.get_mut(&both).unwrap()["label"] = json!(another);
        let moved = train.remove(&theirs).unwrap();
        eval.insert(theirs.clone(), moved);
        train.remove(&gone);
    });
    let a = place.json(&["version", "p", "commit", "-m", "a", "--author", "anna", "--folder", "a"]);
    let preview = place.json(&["version", "p", "commit", "-m", "b", "--folder", "b", "--parent", "1.0.0", "--dry-run"]);
    let b =
        place.json(&["version", "p", "commit", "-m", "b", "--author", "boris", "--folder", "b", "--parent", "1.0.0"]);
    assert_eq!((&a["version"], &b["version"]), (&json!("2.0.0"), &json!("3.0.0")));
    assert_eq!((&preview["version"], &preview["changes"]), (&b["version"], &b["changes"]));
    assert_eq!(
        b["changes"],
        json!({"added": 0, "removed": 1, "relabelled": 1, "text_changed": 0, "moved": 1, "details": 0, "schema_changed": false})
    );
    assert_eq!((&a["parents"], &b["parents"]), (&json!(["1.0.0"]), &json!(["1.0.0"])));

    let refused = place.run(&["version", "p", "merge", "2.0.0", "3.0.0", "--conflicts", "conflicts.csv", "--json"]);
    assert_eq!(refused.code, 1);
    let told: Value = serde_json::from_str(&refused.stdout).unwrap();
    assert_eq!(
        (&told["conflicts"], &told["base"], &told["conflicting"][0]["id"]),
        (&json!(1), &json!("1.0.0"), &json!(both))
    );
    let table = std::fs::read_to_string(place.path("conflicts.csv")).unwrap();
    assert!(table.lines().count() >= 2 && table.contains(&both));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let head = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_path(place.path("resolved.csv")).unwrap();
    writer.write_record(&head).unwrap();
    for record in reader.records() {
        let mut fields: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        *fields.last_mut().unwrap() = format!("label:{decided}");
        writer.write_record(fields).unwrap();
    }
    writer.flush().unwrap();
    let merged =
        place.json(&["version", "p", "merge", "2.0.0", "3.0.0", "--resolve", "resolved.csv", "--author", "vera"]);
    assert_eq!(merged["parents"], json!(["2.0.0", "3.0.0"]));
    let version = merged["version"].as_str().unwrap();
    place.json(&["version", "p", "checkout", version, "--to", "m"]);
    let (train, eval) = (rows(&place.path("m/train.jsonl")), rows(&place.path("m/eval.jsonl")));
    assert_eq!((&train[&both]["label"], &train[&both]["decided_by"]), (&json!(decided), &json!("vera")));
    assert_eq!(train[&ours]["label"], one.as_str());
    assert!(eval.contains_key(&theirs) && !train.contains_key(&theirs) && !train.contains_key(&gone));
    let metadata: Value = serde_json::from_slice(&std::fs::read(place.path("m/metadata.json")).unwrap()).unwrap();
    assert_eq!(metadata["split"]["train"], train.len());

    let log = place.json(&["version", "p", "log"]);
    let numbers: Vec<&str> =
        log.as_array().unwrap().iter().map(|version| version["version"].as_str().unwrap()).collect();
    assert_eq!(numbers, [version, "3.0.0", "2.0.0", "1.0.0"]);
    let same = place.json(&["version", "p", "merge", version, version]);
    assert_eq!(same["id"], merged["id"], "a merge with itself is itself");

    let blame = place.json(&["version", "p", "blame", &both]);
    let kinds: Vec<&Value> = blame["entries"].as_array().unwrap().iter().map(|entry| &entry["kinds"][0]).collect();
    assert_eq!(kinds, [&json!("added"), &json!("relabelled"), &json!("relabelled"), &json!("relabelled")]);
    assert_eq!(blame["entries"][1]["after"]["decided_by"], "anna");
    let diff = place.json(&["version", "p", "diff", "1.0.0", "3.0.0", "--kind", "removed"]);
    assert_eq!((&diff["rows"]["rows"][0]["id"], &diff["rows"]["total"]), (&json!(gone), &json!(1)));
    assert_eq!(place.json(&["version", "p", "diff", "1.0.0", "2.0.0", "--output", "changes.csv"]), 2);
    assert_eq!(std::fs::read_to_string(place.path("changes.csv")).unwrap().lines().count(), 3);
}

#[test]
fn a_table_of_conflicts_is_read_back_with_and_without_the_guard_against_formulas() {
    let place = project();
    let ids = ["=1+1", "'quoted", "-2"];
    let put = |folder: &str, label: usize| {
        edit(&place, folder, |train, _| {
            let labels: BTreeSet<&str> = train.values().filter_map(|row| row["label"].as_str()).collect();
            let other = json!(labels.into_iter().nth(label).unwrap());
            let mut row = train.values().next().unwrap().clone();
            for id in ids {
                (row["id"], row["text"], row["label"]) = (json!(id), json!(format!("=HYPERLINK({id})")), other.clone());
                train.insert(id.to_owned(), row.clone());
            }
        });
        place.json(&[
            "version", "p", "commit", "-m", folder, "--author", "anna", "--folder", folder, "--parent", "1.0.0",
        ])
    };
    let (a, b) = (put("a", 0), put("b", 1));
    let (a, b) = (a["version"].as_str().unwrap(), b["version"].as_str().unwrap());
    // Writes the table, fills it in as resolved.csv, and answers what its columns of ids and of their texts hold.
    let fill = |options: &[&str], take: &str| {
        let asked = [&["version", "p", "merge", a, b, "--conflicts", "conflicts.csv"][..], options].concat();
        assert_eq!(place.run(&asked).code, 1);
        let mut reader = csv::Reader::from_path(place.path("conflicts.csv")).unwrap();
        let head = reader.headers().unwrap().clone();
        let mut writer = csv::Writer::from_path(place.path("resolved.csv")).unwrap();
        writer.write_record(&head).unwrap();
        let (mut ids, mut cells) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let mut fields: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
            ids.push(fields[0].clone());
            cells.extend(fields.iter().cloned());
            *fields.last_mut().unwrap() = take.to_owned();
            writer.write_record(fields).unwrap();
        }
        writer.flush().unwrap();
        ids.sort_unstable();
        (ids, cells)
    };
    let is_formula = |cell: &String| cell.starts_with(['=', '-', '+', '@', '\t', '\r']);
    let (found, cells) = fill(&["--formula-safe"], "ours");
    assert_eq!(found, ["''quoted", "'-2", "'=1+1"]);
    assert!(!cells.iter().any(is_formula), "{cells:?}");
    let resolved = ["version", "p", "merge", a, b, "--resolve", "resolved.csv", "--dry-run"];
    assert_eq!(place.json(&resolved)["resolved"], 3);
    // What is chosen is kept, so the other form has to change it.
    std::fs::remove_dir_all(place.path("p/versions/merges")).unwrap();
    let (found, cells) = fill(&[], "theirs");
    assert_eq!(found, ["'quoted", "-2", "=1+1"]);
    assert!(cells.iter().any(|cell| cell.starts_with("=HYPERLINK")), "{cells:?}");
    let merged = place.json(&["version", "p", "merge", a, b, "--resolve", "resolved.csv", "--author", "vera"]);
    place.json(&["version", "p", "checkout", merged["version"].as_str().unwrap(), "--to", "m"]);
    let (train, theirs) = (rows(&place.path("m/train.jsonl")), rows(&place.path("b/train.jsonl")));
    for id in ids {
        assert_eq!(
            (&train[id]["label"], &train[id]["text"]),
            (&theirs[id]["label"], &json!(format!("=HYPERLINK({id})")))
        );
    }
}

#[test]
fn promises_are_kept_before_a_version_is_stable() {
    let place = project();
    edit(&place, "a", |train, eval| {
        let (id, mut row) = train.pop_first().unwrap();
        train.insert(id, row.clone());
        row["id"] = json!("0copied");
        eval.insert("0copied".to_owned(), row);
    });
    let asked =
        ["version", "p", "commit", "-m", "leaky", "--folder", "a", "--promise-no-leakage", "--promise-drift", "0.5"];
    place.json(&asked);
    let refused = place.run(&["version", "p", "status", "current", "stable", "--json"]);
    assert_eq!(refused.code, 1);
    let told: Value = serde_json::from_str(&refused.stdout).unwrap();
    assert_eq!((&told["version"]["status"], &told["report"]["passed"]), (&json!("draft"), &json!(false)));
    let leak = told["report"]["results"].as_array().unwrap().iter().find(|result| result["kind"] == "leakage").unwrap();
    assert_eq!((&leak["failures"], &leak["rows"][0]["id"]), (&json!(1), &json!("0copied")));
    let first = place.json(&["version", "p", "status", "1.0.0", "stable"]);
    assert_eq!(first["version"]["status"], "stable");
    assert_eq!(place.json(&["version", "p", "status", "1.0.0", "deprecated"])["before"], "stable");
}

#[test]
fn an_imported_version_is_stable_where_its_promises_hold() {
    let place = project();
    edit(&place, "a", |train, _| drop(train.pop_first()));
    place.json(&["version", "p", "commit", "-m", "second", "--folder", "a", "--promise-drift", "0.5"]);
    place.json(&["version", "p", "status", "2.0.0", "stable"]);
    place.json(&["version", "p", "export", "--to", "all.tar"]);
    place.json(&["version", "p", "export", "2.0.0", "--to", "alone.tar"]);
    let status = |project: &str| place.json(&["version", project, "show", "2.0.0"])["summary"]["status"].clone();
    place.json(&["init", "q"]);
    let taken = place.json(&["version", "q", "import", "all.tar"]);
    assert_eq!((&taken["stable"], &taken["unproved"]), (&json!(["2.0.0"]), &json!([])));
    assert_eq!(status("q"), "stable");
    // Drift from a parent that is not here can't be looked at.
    place.json(&["init", "r"]);
    let taken = place.json(&["version", "r", "import", "alone.tar"]);
    assert_eq!((&taken["stable"], &taken["unproved"]), (&json!(["2.0.0"]), &json!(["2.0.0"])));
    assert_eq!(status("r"), "draft");
}

#[test]
fn versions_go_back_elsewhere_and_into_other_formats() {
    let place = project();
    let original = std::fs::read(place.path("a/train.jsonl")).unwrap();
    edit(&place, "b", |train, _| {
        let first = id_at(train, 0);
        train.get_mut(&first).unwrap()["text"] = json!("What is this? =1+1");
    });
    place.json(&["version", "p", "commit", "-m", "second", "--folder", "b", "--tag", "candidate"]);
    let back = place.json(&["version", "p", "rollback", "1.0.0"]);
    assert_eq!((&back["parents"], &back["changes"]["text_changed"]), (&json!(["2.0.0"]), &json!(1)));
    place.json(&["version", "p", "checkout", "current", "--to", "back"]);
    assert_eq!(std::fs::read(place.path("back/train.jsonl")).unwrap(), original);

    for (format, file) in [("csv", "train.csv"), ("parquet", "train.parquet"), ("hugging-face", "README.md")] {
        let report = place.json(&["version", "p", "checkout", "1.0.0", "--to", format, "--format", format]);
        assert!(place.path(format).join(file).is_file(), "{report:#}");
        assert_eq!(report["train"], rows(&place.path("a/train.jsonl")).len());
    }
    let table = csv::Reader::from_path(place.path("csv/eval.csv")).unwrap().into_records().count();
    assert_eq!(table, rows(&place.path("a/eval.jsonl")).len());

    place.json(&["version", "p", "tag", "1.0.0", "production"]);
    let view = place.json(&["version", "p", "view", "--to", "view"]);
    assert_eq!(view["entries"]["production"], "1.0.0");
    assert_eq!(std::fs::read(place.path("view/production/train.jsonl")).unwrap(), original);
    place.json(&["version", "p", "tag", "--remove", "production"]);
    place.json(&["version", "p", "view", "--to", "view"]);
    assert!(!place.path("view/production").exists() && place.path("view/current/eval.jsonl").exists());

    place.json(&["version", "p", "export", "--to", "all.tar"]);
    place.json(&["init", "q"]);
    place.json(&["version", "q", "import", "all.tar"]);
    place.json(&["version", "q", "checkout", "candidate", "--to", "other"]);
    assert_eq!(
        std::fs::read(place.path("other/train.jsonl")).unwrap(),
        std::fs::read(place.path("b/train.jsonl")).unwrap()
    );
    place.json(&["version", "q", "archive", "1.0.0"]);
    assert_eq!(place.run(&["version", "q", "checkout", "1.0.0", "--to", "gone"]).code, 1);
    place.json(&["version", "q", "gc"]);
    place.json(&["version", "q", "restore", "1.0.0"]);
    place.json(&["version", "q", "checkout", "1.0.0", "--to", "restored"]);
    assert_eq!(std::fs::read(place.path("restored/train.jsonl")).unwrap(), original);
    assert_eq!(place.json(&["version", "q", "verify"])["problems"], json!([]));
}
