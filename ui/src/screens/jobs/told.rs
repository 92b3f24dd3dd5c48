//! What jobs about datasets and versions gave, in a line.

use contract::job::JobResult;
use contract::version::{CheckReport, VerifyReport};

use crate::text::{Text, lang, t, word};

/// The result in words; empty for jobs about other things.
pub fn line(result: &JobResult) -> String {
    match result {
        JobResult::Write(dataset) => {
            Text::outcome_write(lang(), &dataset.id.to_string(), dataset.split.train, dataset.split.eval)
        }
        JobResult::Commit(report) => {
            let version = &report.version;
            Text::outcome_commit(lang(), &version.version, version.train, version.eval)
        }
        JobResult::Checkout(report) => Text::outcome_checkout(lang(), &report.version, &report.folder),
        JobResult::Check(report) => check(report),
        JobResult::Status(change) => {
            let (before, after) = (word(&change.before), word(&change.version.status));
            match change.report.as_ref().filter(|report| !report.passed) {
                Some(report) => check(report),
                None => Text::outcome_status(lang(), &change.version.version, before, after),
            }
        }
        JobResult::View(report) => Text::outcome_view(lang(), report.entries.len() as u64, &report.folder),
        JobResult::Verify(report) => verify(report),
        JobResult::Repair(report) => Text::outcome_repair(lang(), report.repaired, report.left.problems.len() as u64),
        JobResult::Collect(report) if report.dry_run => Text::keep_collect_would(lang(), report.bytes, report.chunks),
        JobResult::Collect(report) => Text::keep_collected(lang(), report.bytes, report.chunks),
        JobResult::Archive(report) if report.versions.is_empty() => t(Text::KeepArchiveNothing).to_owned(),
        JobResult::Archive(report) if report.dry_run => Text::keep_archive_would(lang(), report.versions.len() as u64),
        JobResult::Archive(report) => Text::keep_archived(lang(), report.versions.len() as u64),
        JobResult::ExportVersions(report) => {
            Text::outcome_export(lang(), report.versions.len() as u64, report.bytes, &report.file)
        }
        JobResult::ImportVersions(report) => {
            Text::outcome_import_versions(lang(), report.added.len() as u64, report.known.len() as u64)
        }
        JobResult::Import(_)
        | JobResult::Label(_)
        | JobResult::Train(_)
        | JobResult::Calibrate(_)
        | JobResult::Compare(_) => String::new(),
    }
}

fn check(report: &CheckReport) -> String {
    let broken = report.results.iter().filter(|result| !result.passed).count();
    if report.passed {
        Text::outcome_check_holds(lang(), &report.version)
    } else {
        Text::outcome_check_broken(lang(), &report.version, broken as u64)
    }
}

fn verify(report: &VerifyReport) -> String {
    match report.problems.len() {
        0 => Text::outcome_sound(lang(), report.versions, report.bytes),
        problems => Text::outcome_damaged(lang(), problems as u64),
    }
}
