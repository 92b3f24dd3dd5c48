//! What keeping the version store did.

use std::fmt::Write;

use catalogue::{Language, Text, t, word};
use contract::version::{ArchiveReport, CollectReport, ExportReport, ImportVersionsReport, RepairReport, VerifyReport};

use crate::output::excerpt;

/// What verifying found.
pub fn verified(lang: Language, report: &VerifyReport) -> String {
    if report.problems.is_empty() {
        return Text::told_keep_verified(lang, report.versions, report.chunks, report.bytes);
    }
    let mut text = Text::told_keep_problems(lang, report.problems.len() as u64);
    for problem in &report.problems {
        let offset = problem.offset.map(|offset| format!(" @ {offset}")).unwrap_or_default();
        let object = problem.object.as_ref().map(|object| format!(" {object}")).unwrap_or_default();
        let _ = write!(text, "\n  {}{offset}{object}: {}", problem.file, word(lang, &problem.kind));
        if !problem.versions.is_empty() {
            let _ = write!(text, " ({})", problem.versions.join(", "));
        }
    }
    text
}

/// What a repair did.
pub fn repaired(lang: Language, report: &RepairReport) -> String {
    format!("{}\n{}", Text::told_keep_repaired(lang, report.repaired), verified(lang, &report.left))
}

/// What was cleared away.
pub fn collected(lang: Language, report: &CollectReport) -> String {
    if report.dry_run {
        Text::told_keep_would_collect(lang, report.chunks, report.bytes)
    } else {
        Text::told_keep_collected(lang, report.chunks, report.bytes)
    }
}

/// What was archived.
pub fn archived(lang: Language, report: &ArchiveReport) -> String {
    if report.versions.is_empty() {
        return t(lang, Text::KeepNothing).to_owned();
    }
    let versions = report.versions.join(", ");
    if report.dry_run {
        return Text::told_keep_would_archive(lang, &versions);
    }
    let sizes = Text::told_keep_sizes(lang, report.bytes_before, report.bytes_after);
    format!("{}\n{sizes}", Text::told_keep_archived(lang, &versions))
}

/// What was exported.
pub fn exported(lang: Language, report: &ExportReport) -> String {
    let what = Text::told_keep_exported(lang, &report.versions.join(", "), &excerpt(&report.file, 400), report.bytes);
    format!("{what}\nsha256 {}", report.sha256)
}

/// What was taken over.
pub fn imported(lang: Language, report: &ImportVersionsReport) -> String {
    let name = |(from, to): &(String, Option<String>)| match to {
        Some(to) => Text::told_keep_renumbered(lang, from, to),
        None => from.clone(),
    };
    let added: Vec<String> = report.added.iter().map(name).collect();
    let mut text = if added.is_empty() { String::new() } else { Text::told_keep_imported(lang, &added.join(", ")) };
    if !report.known.is_empty() {
        let _ = write!(text, "\n{}", Text::told_keep_known(lang, &report.known.join(", ")));
    }
    if !report.unproved.is_empty() {
        let _ = write!(text, "\n{}", Text::told_keep_unproved(lang, &report.unproved.join(", ")));
    }
    text.trim_start().to_owned()
}
