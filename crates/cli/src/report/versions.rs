//! Versions.

use std::fmt::Write;

use catalogue::{Language, Text, decimal, file_size, number, t};
use contract::version::{CheckoutReport, VersionDetail, VersionSummary};

use super::{Table, facts, moment};
use crate::output::excerpt;

/// A version that was committed just now.
pub fn committed(lang: Language, version: &VersionSummary) -> String {
    let mut text = Text::version_committed(lang, &version.version, &excerpt(&version.message, 200));
    let _ = write!(text, "\n{}", Text::version_size(lang, version.train, version.eval, version.domains));
    if let Some(parent) = version.parents.first() {
        let changes = &version.changes;
        let changes = Text::version_changes(lang, parent, changes.added, changes.removed, changes.relabelled);
        let _ = write!(text, "\n{changes}");
    }
    let _ = write!(text, "\n{}", Text::version_stored(lang, version.stored_bytes));
    text
}

/// Versions, latest first.
pub fn list(lang: Language, versions: &[VersionSummary]) -> String {
    if versions.is_empty() {
        return t(lang, Text::VersionsEmpty).to_owned();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadVersion), false),
        (t(lang, Text::HeadTag), false),
        ("train", true),
        ("eval", true),
        (t(lang, Text::HeadChanges), false),
        (t(lang, Text::HeadCommitted), false),
        (t(lang, Text::HeadAuthor), false),
        (t(lang, Text::HeadMessage), false),
    ]);
    for version in versions {
        table.row([
            version.version.clone(),
            excerpt(&version.tags.join(", "), 30),
            number(lang, version.train),
            number(lang, version.eval),
            format!("+{} −{} ~{}", version.changes.added, version.changes.removed, version.changes.relabelled),
            moment(lang, version.committed),
            excerpt(&version.author, 30),
            excerpt(&version.message, 60),
        ]);
    }
    table.to_string()
}

/// One version with its statistics.
pub fn detail(lang: Language, version: &VersionDetail) -> String {
    let summary = &version.summary;
    let mut text = facts([
        (t(lang, Text::HeadVersion), summary.version.clone()),
        (t(lang, Text::HeadTag), excerpt(&summary.tags.join(", "), 60)),
        (t(lang, Text::HeadMessage), excerpt(&summary.message, 400)),
        (t(lang, Text::HeadAuthor), excerpt(&summary.author, 60)),
        (t(lang, Text::HeadCommitted), moment(lang, summary.committed)),
        (t(lang, Text::FactTrain), number(lang, summary.train)),
        (t(lang, Text::FactEval), number(lang, summary.eval)),
        (t(lang, Text::FactMeanLength), decimal(lang, version.statistics.mean_length(), 1)),
        (t(lang, Text::FactStored), file_size(lang, summary.stored_bytes)),
    ]);
    if let Some(parent) = summary.parents.first() {
        let changes = &summary.changes;
        let changes = Text::version_changes(lang, parent, changes.added, changes.removed, changes.relabelled);
        let _ = writeln!(text, "{changes}");
    }
    let mut table = Table::new(&[(t(lang, Text::HeadDomain), false), ("train", true), ("eval", true)]);
    for (domain, (train, eval)) in &version.statistics.domains {
        table.row([excerpt(domain, 60), number(lang, *train), number(lang, *eval)]);
    }
    format!("{text}\n{table}")
}

/// What a checkout wrote.
pub fn checked_out(lang: Language, report: &CheckoutReport) -> String {
    let mut text = Text::version_checked_out(lang, &report.version, &excerpt(&report.folder, 400));
    let mut table = Table::new(&[("", false), ("", false)]);
    for (file, hash) in &report.files {
        table.row([format!("  {file}"), format!("sha256 {hash}")]);
    }
    let _ = write!(text, "\n{table}");
    text
}
