//! The programs that people read datasets with load what was written, unchanged.

use std::process::Command;

use contract::dataset::{Balance, DatasetFormat, SplitSettings};

use crate::project::{Line, Project, Written, banking, settings};

/// Reads a dataset with every program; `false` where they are not installed.
fn is_read(written: &Written, format: &str) -> bool {
    let Some(python) = testbed::readers_python() else { return false };
    let script = testbed::repository().join("crates/pipeline/tests/writer/read.py");
    let done = Command::new(python).arg(script).arg(&written.folder).arg(format).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(done.status.success(), "{format}:\n{}\n{}", said(&done.stdout), said(&done.stderr));
    println!("{format}: {}", said(&done.stdout).trim());
    true
}

/// Texts that break careless writers and readers.
fn hostile() -> Vec<Line> {
    let texts = [
        "a \"quoted\" text, with a comma",
        "two\nlines",
        "carriage\r\nreturn and \r alone",
        "\ttab at the start and the end\t",
        " blanks around ",
        "=1+1",
        "'apostrophe",
        "NA",
        "null",
        "None",
        "nan",
        "true",
        "12345",
        "2024-03-18",
        "1e5",
        "-",
        "#comment",
        "back\\slash \\n \\\"",
        "🙂 emoji 👩‍👩‍👧 and e\u{301}",
        "bidi \u{202e}txet",
        "\u{feff}byte order mark",
        "line\u{2028}separator\u{2029}paragraph\u{85}next",
        "control \u{1}\u{7f}\u{1b}[31m",
        "Верните деньги за «карту» №5",
        "日本語のテキスト",
        "{\"json\": [1, 2]}",
        "\"\"\"",
        "a,b,c\n\"d\"",
    ];
    let mut lines: Vec<Line> =
        texts.iter().zip(0..).map(|(text, number)| Line::new(*text, ["odd", "even, \"quoted\""][number % 2])).collect();
    lines.push(Line::new("long ".repeat(40_000), "odd"));
    lines
}

fn project(lines: &[Line], domains: &[&str]) -> Project {
    let project = Project::new(domains);
    project.import("questions, \"all\".csv", lines);
    project
}

const FORMATS: [(&str, DatasetFormat); 4] = [
    ("jsonl", DatasetFormat::Jsonl),
    ("csv", DatasetFormat::Csv),
    ("parquet", DatasetFormat::Parquet),
    ("hugging_face", DatasetFormat::HuggingFace),
];

#[test]
fn samples_with_and_without_confidence_and_decision_are_read() {
    let (lines, domains) = banking(4);
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    let project = project(&lines, &domains);
    let predicted: Vec<(i64, &str, f32)> =
        lines.iter().zip(1..).step_by(3).map(|(line, item)| (item, line.label.as_str(), 0.9)).collect();
    project.predict(&predicted);
    for item in (2..200).step_by(5) {
        project.decide(item, domains[0], "anna", 1_710_763_207_050);
    }
    for (name, format) in FORMATS {
        let balance = match format {
            DatasetFormat::Csv => Balance::Weights,
            // Oversampled folds have other numbers of rows than train and eval.
            DatasetFormat::HuggingFace => Balance::None,
            _ => Balance::Oversample,
        };
        let folds = (format == DatasetFormat::HuggingFace).then_some(2);
        let written = project.write(&SplitSettings { format, balance, folds, ..settings() });
        if !is_read(&written, name) {
            return;
        }
    }
}

#[test]
fn a_side_without_any_confidence_or_decision_is_read() {
    let (lines, domains) = banking(4);
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    // First nobody said anything; then every train sample is decided and predicted, and no eval sample.
    let project = project(&lines, &domains);
    for round in 0..2 {
        for (name, format) in FORMATS {
            let written = project.write(&SplitSettings { format, ..settings() });
            let train = written.samples("train.jsonl");
            assert!(train.iter().all(|sample| sample.confidence.is_none() == (round == 0)));
            let eval = written.samples("eval.jsonl");
            assert!(eval.iter().all(|sample| sample.confidence.is_none() && sample.decided_by.is_empty()));
            if !is_read(&written, name) {
                return;
            }
        }
        let train = project.write(&settings()).samples("train.jsonl");
        let number = |row: u64| i64::try_from(row).unwrap() - 1;
        let said: Vec<(i64, &str, f32)> = train.iter().map(|of| (number(of.row), of.label.as_str(), 0.75)).collect();
        project.predict(&said);
        said.iter().for_each(|(item, label, _)| project.decide(*item, label, "анна", 1_710_763_207_000));
    }
}

#[test]
fn hostile_texts_are_read_as_they_are() {
    let project = project(&hostile(), &["odd", "even, \"quoted\""]);
    for (name, format) in FORMATS {
        let shards = (format != DatasetFormat::Jsonl).then_some(7);
        let written = project.write(&SplitSettings { format, shard_rows: shards, near_duplicates: None, ..settings() });
        let all = written.samples("train.jsonl").len() + written.samples("eval.jsonl").len();
        assert_eq!(all, hostile().len());
        if !is_read(&written, name) {
            return;
        }
    }
}
