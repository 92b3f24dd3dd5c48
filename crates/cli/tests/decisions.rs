//! Decisions that were taken elsewhere, of several reviewers: who decided what counts, reading again changes nothing.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Workplace, files, sample};

/// Questions that are decided on.
const DECIDED: usize = 20;

type Rows = Vec<Vec<String>>;

/// A project with real questions, and the table of the first of them with the labels that they came with.
fn project() -> (Workplace, Rows) {
    let place = Workplace::new();
    place.json(&["init", "p"]);
    place.json(&["import", "p", &sample("bank_questions.csv")]);
    place.json(&["schema", "p", "from-labels"]);
    let mut rows = files::csv_rows(sample("bank_questions.csv"), DECIDED);
    rows[0] = vec!["text".to_owned(), "label".to_owned()];
    (place, rows)
}

fn import(place: &Workplace, rows: &[Vec<String>], reviewer: &str) -> Value {
    let file = place.file("decisions.csv", files::csv_text(rows, b','));
    place.json(&["review", "p", "import", &file, "--reviewer", reviewer])
}

/// The table with another label for the first question.
fn disputed(rows: &[Vec<String>]) -> Rows {
    let mut rows = rows.to_vec();
    rows[1][1] = other_label(&rows, 1);
    rows
}

fn other_label(rows: &[Vec<String>], than: usize) -> String {
    rows[1..].iter().map(|row| &row[1]).find(|label| **label != rows[than][1]).unwrap().clone()
}

/// Item 1 is the first question.
fn domain_of_the_first(place: &Workplace) -> Value {
    place.json(&["items", "p", "show", "1"])["domain"].clone()
}

#[test]
fn what_a_second_reviewer_decides_the_same_is_a_decision() {
    let (place, rows) = project();
    assert_eq!(import(&place, &rows, "anna")["decided"], DECIDED);
    let statuses = || place.json(&["stats", "p"])["by_status"].clone();
    assert_eq!(statuses()["approved"], DECIDED);
    let theirs = disputed(&rows);
    let imported = import(&place, &theirs, "boris");
    assert_eq!((&imported["decided"], &imported["unchanged"]), (&json!(DECIDED), &json!(0)), "{imported:#}");
    assert_eq!((&statuses()["approved"], &statuses()["corrected"]), (&json!(DECIDED - 1), &json!(1)));
    // Everybody's own decisions are known, whosever holds.
    for (rows, reviewer) in [(&theirs, "boris"), (&rows, "anna")] {
        let again = import(&place, rows, reviewer);
        assert_eq!((&again["decided"], &again["unchanged"]), (&json!(0), &json!(DECIDED)), "{reviewer}: {again:#}");
    }
    assert_eq!(domain_of_the_first(&place), json!(theirs[1][1]), "the latest decision holds");

    place.json(&["write", "p"]);
    let metadata = std::fs::read(place.path("p/exports/dataset-1/metadata.json")).unwrap();
    let metadata: Value = serde_json::from_slice(&metadata).unwrap();
    let agreement = &metadata["quality"]["agreement"];
    assert_eq!(
        (&agreement["items"], &agreement["reviewers"], &agreement["disagreeing"]),
        (&json!(DECIDED), &json!(2), &json!(1)),
        "{agreement:#}"
    );
    assert!((agreement["agreeing"].as_f64().unwrap() - 0.95).abs() < 1e-9, "{agreement:#}");
    assert!(agreement["alpha"].as_f64().unwrap() > 0.9, "{agreement:#}");

    // Taken back one by one; then the first reviewer's hold again, and the table is news.
    for _ in 0..DECIDED {
        place.json(&["review", "p", "undo", "--reviewer", "boris"]);
    }
    assert_eq!(domain_of_the_first(&place), json!(rows[1][1]));
    assert_eq!(import(&place, &theirs, "boris")["decided"], DECIDED);
}

#[test]
fn a_table_that_was_cut_off_is_gone_on_with() {
    let (place, rows) = project();
    assert_eq!(import(&place, &rows[..8], "anna")["decided"], 7);
    let whole = import(&place, &rows, "anna");
    assert_eq!((&whole["decided"], &whole["unchanged"]), (&json!(DECIDED - 7), &json!(7)), "{whole:#}");
}

#[test]
fn of_rows_with_one_text_the_last_one_counts() {
    let (place, rows) = project();
    let (first, other) = (rows[1].clone(), other_label(&rows, 1));
    let table =
        [rows[0].clone(), vec![first[0].clone(), other.clone()], first.clone(), vec![first[0].clone(), other.clone()]];
    let imported = import(&place, &table, "anna");
    assert_eq!(
        (&imported["decided"], &imported["overruled"], &imported["unchanged"]),
        (&json!(1), &json!(1), &json!(1)),
        "{imported:#}"
    );
    assert_eq!(domain_of_the_first(&place), json!(other));
    let again = import(&place, &table, "anna");
    assert_eq!((&again["decided"], &again["overruled"], &again["unchanged"]), (&json!(0), &json!(1), &json!(2)));
    let told = place.ok(&["review", "p", "import", &place.text("decisions.csv"), "--reviewer", "anna"]);
    assert!(told.contains("later row with the same text"), "{told}");
}
