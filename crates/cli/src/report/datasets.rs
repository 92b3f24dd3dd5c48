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
    let mut text = facts([
        (t(lang, Text::FactTrain), number(lang, split.train)),
        (t(lang, Text::FactEval), number(lang, split.eval)),
        (t(lang, Text::FactFromDecisions), number(lang, split.decided)),
        (t(lang, Text::FactFromPredictions), number(lang, split.confident)),
        (t(lang, Text::FactFromSource), number(lang, split.unchecked)),
        (t(lang, Text::FactLeftWaiting), number(lang, split.waiting)),
    ]);
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
    text
}
