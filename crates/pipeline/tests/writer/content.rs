//! What stands in the files.

use std::collections::{BTreeMap, HashMap, HashSet};

use contract::dataset::{Balance, DatasetFormat, Sample, SplitNote, SplitSettings, Synthetics};

use crate::project::{Line, Project, banking, settings};

fn small() -> Project {
    let (lines, domains) = banking(6);
    let project = Project::new(&domains.iter().map(String::as_str).collect::<Vec<_>>());
    project.import("questions.csv", &lines);
    project
}

#[test]
fn shards_one_after_another_are_the_whole() {
    let project = small();
    let by_rows = project.write(&SplitSettings { shard_rows: Some(100), ..settings() });
    let split = &by_rows.summary.split;
    let shards = split.train.div_ceil(100);
    let mut all = Vec::new();
    for shard in 0..shards {
        let bytes = by_rows.bytes(&format!("train-{shard:05}-of-{shards:05}.jsonl"));
        assert!(bytes.iter().filter(|byte| **byte == b'\n').count() <= 100);
        all.extend(bytes);
    }
    assert_eq!(all, by_rows.bytes("train.jsonl"));
    assert_eq!(by_rows.files().iter().filter(|name| name.starts_with("train-")).count() as u64, shards);

    let csv = SplitSettings { format: DatasetFormat::Csv, ..settings() };
    let whole = project.write(&csv).bytes("train.csv");
    let by_bytes = project.write(&SplitSettings { shard_bytes: Some(20_000), ..csv });
    let header = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut all = whole[..header].to_vec();
    let names: Vec<String> = by_bytes.files().into_iter().filter(|name| name.starts_with("train-")).collect();
    assert!(names.len() > 3);
    for name in &names {
        let bytes = by_bytes.bytes(name);
        assert!(bytes.len() <= 20_000);
        all.extend(&bytes[header..]);
    }
    assert!(all == whole);

    // A limit below one row gives a row a file.
    let tiny = project.write(&SplitSettings { shard_bytes: Some(1), max_per_domain: Some(3), ..settings() });
    let names = tiny.files().into_iter().filter(|name| name.starts_with("train-")).count() as u64;
    assert_eq!(names, tiny.summary.split.train);

    let parquet = SplitSettings { format: DatasetFormat::Parquet, shard_bytes: Some(30_000), ..settings() };
    let parquet = project.write(&parquet);
    let names: Vec<String> = parquet.files().into_iter().filter(|name| name.ends_with(".parquet")).collect();
    assert!(names.len() > 3 && names.iter().all(|name| parquet.bytes(name).len() <= 30_000), "{names:?}");
}

#[test]
fn folds_partition_the_samples() {
    let project = small();
    let written = project.write(&SplitSettings { folds: Some(4), ..settings() });
    let ids = |name: &str| written.samples(name).into_iter().map(|sample| sample.id).collect::<Vec<String>>();
    let all: HashSet<String> = ids("train.jsonl").into_iter().chain(ids("eval.jsonl")).collect();
    let mut held = HashSet::new();
    for fold in 0..4 {
        let (train, eval) = (ids(&format!("folds/{fold}/train.jsonl")), ids(&format!("folds/{fold}/eval.jsonl")));
        assert_eq!((train.len() as u64, eval.len() as u64), written.summary.split.folds[fold]);
        assert!(eval.iter().all(|id| held.insert(id.clone())), "each is held out once");
        assert_eq!(train.into_iter().chain(eval).collect::<HashSet<_>>(), all);
    }
    assert_eq!(held, all);
    assert_eq!(written.metadata().files.len(), 2 + 8);
}

#[test]
fn balance_by_repetition_and_by_weight() {
    let (lines, _) = banking(2);
    let domains: Vec<String> =
        lines.iter().map(|line| line.label.clone()).collect::<HashSet<_>>().into_iter().collect();
    let project = Project::new(&domains.iter().map(String::as_str).collect::<Vec<_>>());
    let mut uneven: Vec<Line> = lines.iter().filter(|line| line.label == domains[0]).cloned().collect();
    uneven.extend(lines.iter().filter(|line| line.label == domains[1]).take(20).cloned());
    project.import("uneven.csv", &uneven);

    let oversampled = project.write(&SplitSettings { balance: Balance::Oversample, folds: Some(2), ..settings() });
    let (train, eval) = (oversampled.samples("train.jsonl"), oversampled.samples("eval.jsonl"));
    let sizes = |samples: &[Sample]| -> Vec<usize> {
        domains.iter().map(|domain| samples.iter().filter(|sample| sample.label == *domain).count()).collect()
    };
    assert_eq!(sizes(&train)[0], sizes(&train)[1]);
    let ids = |samples: &[Sample]| samples.iter().map(|sample| sample.id.clone()).collect::<HashSet<_>>();
    assert_eq!(ids(&eval).len(), eval.len(), "nothing is repeated in eval");
    let split = &oversampled.summary.split;
    assert_eq!((train.len() as u64, ids(&train).len() as u64), (split.train + split.repeated, split.train));
    let mut counts: HashMap<&str, usize> = HashMap::new();
    train
        .iter()
        .filter(|sample| sample.label == domains[1])
        .for_each(|sample| *counts.entry(&sample.id).or_default() += 1);
    assert!(counts.values().max().unwrap() - counts.values().min().unwrap() <= 1, "evenly");
    let fold = sizes(&oversampled.samples("folds/0/train.jsonl"));
    assert_eq!(fold[0], fold[1]);

    let weighted = project.write(&SplitSettings { balance: Balance::Weights, ..settings() });
    let all: Vec<Sample> = ["train.jsonl", "eval.jsonl"].iter().flat_map(|name| weighted.samples(name)).collect();
    let sum: f64 = all.iter().map(|sample| sample.weight.unwrap()).sum();
    assert!((sum - all.len() as f64).abs() < 1e-6);
    let weights: BTreeMap<&str, f64> =
        all.iter().map(|sample| (sample.label.as_str(), sample.weight.unwrap())).collect();
    assert!(weights[domains[1].as_str()] > 3.0 * weights[domains[0].as_str()]);
}

#[test]
fn a_sample_tells_who_decided_and_what_it_was_made_from() {
    let (lines, domains) = banking(3);
    let mut lines: Vec<Line> = lines.into_iter().take(90).collect();
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    let parent = store::TextHash::of(&lines[0].text).to_string();
    lines.push(Line { parent: Some(parent.clone()), ..Line::new("made from the first one", &*lines[0].label) });
    lines.push(Line { parent: Some("1234".into()), ..Line::new("a column that is called parent", &*lines[0].label) });
    let project = Project::new(&domains);
    project.import("questions.csv", &lines);
    project.predict(&[(2, &lines[1].label, 0.875), (3, &lines[2].label, 0.625)]);
    for (reviewer, at) in [("anna", 1_710_763_207_050), ("boris", 1_710_763_300_000)] {
        project.decide(1, domains[1], reviewer, at);
        project.decide(5, domains[0], reviewer, at);
    }
    project.decide(5, domains[2], "anna", 1_710_763_400_000);
    let written = project.write(&SplitSettings { synthetics: Synthetics::Both, ..settings() });
    let all: Vec<Sample> = ["train.jsonl", "eval.jsonl"].iter().flat_map(|name| written.samples(name)).collect();
    let of = |text: &str| all.iter().find(|sample| sample.text == text).unwrap();
    let first = of(&lines[0].text);
    assert_eq!((first.label.as_str(), first.origin.as_str()), (domains[1], "decision"));
    assert_eq!((first.decided_by.as_str(), first.decided_at.as_str()), ("boris", "2024-03-18T12:01:40.000Z"));
    let predicted = of(&lines[1].text);
    assert_eq!(
        (predicted.origin.as_str(), predicted.confidence, predicted.decided_by.as_str()),
        ("prediction", Some(0.875), "")
    );
    let made = of("made from the first one");
    assert_eq!((made.origin.as_str(), &made.parent), ("synthetic", &parent));
    assert_eq!(of("a column that is called parent").parent, "");

    let metadata = written.metadata();
    let quality = &metadata.quality;
    assert_eq!((quality.synthetics, quality.without_confidence, quality.duplicates), (Some(1), 90, Some(0)));
    assert_eq!((quality.confidences[8], quality.confidences[6]), (1, 1));
    let agreement = quality.agreement.as_ref().unwrap();
    assert_eq!((agreement.items, agreement.reviewers, agreement.agreeing), (2, 2, 0.5));
    let english = quality.languages.as_ref().unwrap().get("eng").copied().unwrap_or(0);
    assert!(english > 85, "{:?}", quality.languages);
    assert_eq!(
        quality.length.as_ref().unwrap().max,
        all.iter().map(|sample| sample.text.chars().count() as u64).max().unwrap()
    );

    // Parent and synthetic stay together; where synthetics may not be held out, it goes with its parent.
    let train_only = project.write(&settings());
    let held: Vec<Sample> = train_only.samples("eval.jsonl");
    assert!(held.iter().all(|sample| sample.parent.is_empty()));
    let left = train_only.summary.split.notes.contains(&SplitNote::SyntheticsLeftOut { samples: 1 });
    assert_eq!(left, held.iter().any(|sample| sample.id == parent));
}

#[test]
fn formulas_are_disarmed_in_csv_alone() {
    let project = Project::new(&["-x", "y"]);
    let lines: Vec<Line> = (0..40)
        .map(|number| Line::new(format!("{}cmd|' /C calc'!A{number}", ["=", "+", "-", "@", "x"][number % 5]), "-x"))
        .chain((0..20).map(|number| Line::new(format!("plain text number {number}"), "y")))
        .collect();
    project.import("=cmd.csv", &lines);
    let csv = SplitSettings { format: DatasetFormat::Csv, formula_safe: true, near_duplicates: None, ..settings() };
    let written = project.write(&csv);
    let mut rows =
        csv::Reader::from_reader(&*written.bytes("train.csv")).into_records().map(Result::unwrap).collect::<Vec<_>>();
    rows.sort_by(|a, b| a[0].cmp(&b[0]));
    for row in &rows {
        for (column, cell) in row.iter().enumerate().filter(|(column, _)| *column != 4) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "column {column}: {cell}");
        }
        assert!(row[7].starts_with("'="));
    }
    let plain = project.write(&SplitSettings { formula_safe: false, ..csv });
    let texts: HashSet<String> = csv::Reader::from_reader(&*plain.bytes("train.csv"))
        .into_records()
        .map(|row| row.unwrap()[1].to_owned())
        .collect();
    let same: HashSet<String> = plain.samples("train.jsonl").into_iter().map(|sample| sample.text).collect();
    assert_eq!(texts, same);
    assert!(texts.iter().any(|text| text.starts_with('=')));
}
