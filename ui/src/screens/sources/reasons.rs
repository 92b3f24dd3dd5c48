//! What happened to a file's rows, as plots.

use contract::source::{DropReason, ImportReport};

use crate::components::Bar;
use crate::text::{Text, number, percent, t, word};

/// Kept and dropped rows as parts of one bar.
pub fn parts(report: &ImportReport) -> Vec<Bar> {
    let kept = bar(t(Text::RowsKept), report.kept, number(report.kept), 0);
    std::iter::once(kept).chain(dropped(report)).collect()
}

/// Dropped rows by reason, in the order of precedence.
pub fn dropped(report: &ImportReport) -> Vec<Bar> {
    let reasons = DropReason::ALL.iter().enumerate();
    reasons
        .filter_map(|(at, reason)| {
            let count = *report.dropped.get(reason)?;
            (count > 0).then(|| bar(word(reason), count, number(count), at + 1))
        })
        .collect()
}

/// Rows dropped in all.
pub fn dropped_count(report: &ImportReport) -> u64 {
    report.dropped.values().sum()
}

/// The share of rows kept, as a person reads it.
pub fn kept_share(report: &ImportReport) -> String {
    #[allow(clippy::cast_precision_loss)]
    let share = if report.read == 0 { 0.0 } else { report.kept as f64 / report.read as f64 };
    percent(share)
}

fn bar(name: &str, count: u64, text: String, colour: usize) -> Bar {
    #[allow(clippy::cast_precision_loss)]
    let value = count as f64;
    Bar { name: name.to_owned(), value, text, colour }
}
