//! Splits and written datasets.

use std::fmt::Write;
use std::path::Path;

use catalogue::{Language, Text, number, split_note, t};
use contract::dataset::{DatasetSummary, SplitPreview};

use super::{Table, facts};
use crate::output::excerpt;

/// A dataset that was written; its folder is told from the project's.
pub fn written(lang: Language, project: &str, dataset: &DatasetSummary) -> String {
    let folder = excerpt(&Path::new(project).join(&dataset.folder).display().to_string(), 400);
    format!("{}\n{}", Text::dataset_written(lang, &dataset.id.to_string(), &folder), split(lang, &dataset.split))
}

/// A split in numbers.
pub fn split(lang: Language, split: &SplitPreview) -> String {
    let mut lines = vec![
        (t(lang, Text::FactTrain), number(lang, split.train)),
        (t(lang, Text::FactEval), number(lang, split.eval)),
        (t(lang, Text::FactFromDecisions), number(lang, split.decided)),
        (t(lang, Text::FactFromPredictions), number(lang, split.confident)),
        (t(lang, Text::FactFromSource), number(lang, split.unchecked)),
        (t(lang, Text::FactLeftWaiting), number(lang, split.waiting.unwrap_or_default())),
    ];
    if let (Some(groups @ 1..), Some(grouped)) = (split.groups, split.grouped) {
        lines.push((t(lang, Text::FactGroups), Text::groups_of(lang, groups, grouped)));
    }
    if split.repeated > 0 {
        lines.push((t(lang, Text::FactRepeated), number(lang, split.repeated)));
    }
    let mut text = facts(lines);
    for note in &split.notes {
        let _ = writeln!(text, "{}", excerpt(&split_note(lang, note), 400));
    }
    if !split.domains.is_empty() {
        let mut table = Table::new(&[
            (t(lang, Text::HeadDomain), false),
            (t(lang, Text::HeadAvailable), true),
            ("train", true),
            ("eval", true),
            (t(lang, Text::HeadLeftOut), true),
        ]);
        for domain in &split.domains {
            table.row([
                excerpt(&domain.domain, 60),
                number(lang, domain.available),
                number(lang, domain.train),
                number(lang, domain.eval),
                number(lang, domain.left_out),
            ]);
        }
        let _ = write!(text, "\n{table}");
    }
    if !split.folds.is_empty() {
        let _ = write!(text, "\n{}", folds(lang, &split.folds));
    }
    text
}

/// Train and eval of each fold; folds are counted as their folders are.
fn folds(lang: Language, folds: &[(u64, u64)]) -> Table {
    let mut table = Table::new(&[(t(lang, Text::HeadFold), false), ("train", true), ("eval", true)]);
    for (fold, (train, eval)) in folds.iter().enumerate() {
        table.row([fold.to_string(), number(lang, *train), number(lang, *eval)]);
    }
    table
}
