//! The same samples give the same bytes.

use contract::dataset::{Balance, DatasetFormat, SplitSettings};
use duplicates::Similarity;

use crate::project::{Line, Project, Written, banking, settings};

fn project(files: &[(&str, &[Line])], domains: &[String]) -> Project {
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    let project = Project::new(&domains);
    for (name, lines) in files {
        project.import(name, lines);
    }
    project
}

/// Each file but the metadata's clock.
fn same(one: &Written, other: &Written) {
    assert_eq!(one.files(), other.files());
    for name in one.files().iter().filter(|name| *name != "metadata.json") {
        assert!(one.bytes(name) == other.bytes(name), "{name} differs");
    }
    let (mut first, second) = (one.metadata(), other.metadata());
    assert_eq!(first.files.len(), one.files().len() - 1);
    first.written = second.written;
    assert_eq!(first, second);
}

#[test]
fn neither_the_order_of_imports_nor_repetition_matters() {
    let (lines, domains) = banking(12);
    let (first, second) = lines.split_at(lines.len() / 2);
    let copies: Vec<Line> = first.iter().step_by(7).cloned().collect();
    let one = project(&[("a.csv", first), ("b.csv", second), ("c.csv", &copies)], &domains);
    let other = project(&[("c.csv", &copies), ("b.csv", second), ("a.csv", first)], &domains);
    for settings in [
        settings(),
        SplitSettings { format: DatasetFormat::Csv, balance: Balance::Oversample, folds: Some(3), ..settings() },
        SplitSettings {
            format: DatasetFormat::HuggingFace,
            balance: Balance::Weights,
            shard_rows: Some(400),
            ..settings()
        },
        SplitSettings { format: DatasetFormat::Parquet, max_per_domain: Some(60), group_users: true, ..settings() },
    ] {
        let written = one.write(&settings);
        same(&written, &other.write(&settings));
        let again = one.write(&SplitSettings { seed: 42, ..settings.clone() });
        same(&written, &again);
        let moved = one.write(&SplitSettings { seed: 43, ..settings });
        assert_ne!(written.bytes("eval.jsonl"), moved.bytes("eval.jsonl"));
    }
}

#[test]
fn rows_stand_in_canonical_order_and_near_duplicates_on_one_side() {
    let (mut lines, domains) = banking(20);
    let near: Vec<Line> = lines
        .iter()
        .step_by(5)
        .map(|line| Line { text: format!("{} ", line.text.to_uppercase()), ..line.clone() })
        .collect();
    lines.extend(near);
    let project = project(&[("all.csv", &lines)], &domains);
    let written = project.write(&settings());
    let (train, eval) = (written.samples("train.jsonl"), written.samples("eval.jsonl"));
    assert_eq!((train.len() as u64, eval.len() as u64), (written.summary.split.train, written.summary.split.eval));
    for samples in [&train, &eval] {
        assert!(samples.windows(2).all(|pair| pair[0].id < pair[1].id), "sorted by id");
    }
    let texts = |samples: &[contract::dataset::Sample]| -> duplicates::Texts {
        samples.iter().map(|sample| &sample.text).collect()
    };
    let (left, right) = (texts(&train), texts(&eval));
    let watch = &mut |_, _| std::ops::ControlFlow::Continue(());
    let leaks = duplicates::pairs_across(&left, &right, Similarity::new(0.8).unwrap(), watch).unwrap();
    assert!(leaks.is_empty(), "{leaks:?}");
    let groups = written.metadata().quality.near_duplicates.unwrap();
    assert!(groups.0 > 300 && groups.1 >= 2 * groups.0, "{groups:?}");
    let naive = project.write(&SplitSettings { near_duplicates: None, ..settings() });
    let (left, right) = (texts(&naive.samples("train.jsonl")), texts(&naive.samples("eval.jsonl")));
    let leaks = duplicates::pairs_across(&left, &right, Similarity::new(0.8).unwrap(), watch).unwrap();
    assert!(!leaks.is_empty(), "without groups they do leak");
}
