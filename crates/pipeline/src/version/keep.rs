//! Keeping the version store: verifying, repairing, clearing, archiving, carrying elsewhere.

use std::path::Path;

use contract::job::JobResult;
use contract::version::{CommitReport, ImportVersionsReport, VersionStatus};
use contract::{CallError, ErrorCode};
use store::Store;

use super::{VersionWork, check, versions, watched};
use crate::job::{JobControl, Stop};

/// Does what [`VersionWork`] says of keeping.
///
/// # Errors
/// What the version store says; [`Stop::Cancelled`].
pub(super) fn run(work: &VersionWork, store: &Store, control: &mut JobControl) -> Result<JobResult, Stop> {
    let (versions, now) = (versions(store), control.now());
    let result = match work {
        VersionWork::Verify => JobResult::Verify(watched(control, None, |told| versions.verify(told))?),
        VersionWork::Repair { from } => {
            let report = watched(control, None, |told| versions.repair(Path::new(from), told))?;
            index(store)?;
            JobResult::Repair(report)
        }
        VersionWork::Collect { dry_run } => {
            JobResult::Collect(watched(control, None, |told| versions.collect(*dry_run, told))?)
        }
        VersionWork::Archive { versions: names, dry_run, rule } => {
            let chosen = (names.as_slice(), rule.as_ref());
            JobResult::Archive(watched(control, None, |told| versions.archive_by(chosen, *dry_run, now, told))?)
        }
        VersionWork::Restore { version } => {
            let version = watched(control, None, |told| versions.restore(version, told))?;
            JobResult::Commit(Box::new(CommitReport { version, report: None }))
        }
        VersionWork::Export { versions: names, to } => {
            JobResult::ExportVersions(watched(control, None, |told| versions.export(names, Path::new(to), told))?)
        }
        VersionWork::Import { from } => {
            let mut report = watched(control, None, |told| versions.import(Path::new(from), told))?;
            index(store)?;
            prove(store, control, &mut report)?;
            JobResult::ImportVersions(report)
        }
        other => {
            let detail = format!("{:?} is no keeping", other.kind());
            return Err(CallError::new(ErrorCode::Internal).with("detail", detail).into());
        }
    };
    Ok(result)
}

/// Makes imported versions stable that are it where they come from, if their promises hold.
fn prove(store: &Store, control: &mut JobControl, report: &mut ImportVersionsReport) -> Result<(), Stop> {
    for version in &report.stable {
        let holds = match check::set_status(store, control, version, VersionStatus::Stable) {
            Ok(change) => change.report.is_none_or(|report| report.passed),
            // Without its parent, or with rows in an archive, a promise can't be looked at.
            Err(Stop::Failed(_)) => false,
            Err(stop) => return Err(stop),
        };
        report.unproved.extend((!holds).then(|| version.clone()));
    }
    if !report.stable.is_empty() {
        index(store)?;
    }
    Ok(())
}

/// Archives what the rule says, where it works by itself.
///
/// # Errors
/// What the version store says; [`Stop::Cancelled`].
pub(super) fn archive_by_rule(store: &Store, control: &mut JobControl) -> Result<(), Stop> {
    let (versions, now) = (versions(store), control.now());
    let rule = versions.retention()?;
    if rule.automatic && versions.count()? > rule.keep {
        watched(control, None, |told| versions.archive(&[], false, now, told))?;
    }
    Ok(())
}

/// Makes the project's table of versions say what the version store says.
fn index(store: &Store) -> Result<(), Stop> {
    let mut list = versions(store).list()?;
    list.reverse();
    store.replace_versions(&list)?;
    Ok(())
}
