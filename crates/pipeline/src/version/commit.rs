//! Committing, rolling back, merging, checking out.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::dataset::DatasetFormat;
use contract::job::JobResult;
use contract::version::{CheckoutReport, CommitReport, CommitSource, VersionStatus, VersionSummary, ViewReport};
use contract::{CallError, DatasetId, ErrorCode, UnixMillis};
use store::Store;
use versions::{CommitRequest, NewVersion};

use super::{Wanted, check, keep, versions, watched};
use crate::job::{JobControl, Stop};
use crate::write::recast::recast;

impl Wanted {
    fn version<'a>(&'a self, committed: UnixMillis, key: &'a str) -> NewVersion<'a> {
        NewVersion {
            message: &self.message,
            author: &self.author,
            tag: self.tag.as_deref(),
            increment: self.increment,
            checks: self.checks.clone(),
            committed,
            key,
        }
    }
}

/// The folder of what is to be committed, and its dataset.
///
/// # Errors
/// [`ErrorCode::DatasetMissing`].
pub fn folder_of(store: &Store, source: &CommitSource) -> Result<(PathBuf, Option<DatasetId>), CallError> {
    let dataset = match source {
        CommitSource::Folder(folder) => return Ok((PathBuf::from(folder), None)),
        CommitSource::Latest => store.dataset(None)?,
        CommitSource::Dataset(id) => store.dataset(Some(*id))?,
    };
    Ok((store.folder().path().join(&dataset.folder), Some(dataset.id)))
}

/// Commits a dataset or a folder and records it.
///
/// # Errors
/// As [`versions::VersionStore::commit`]; no such dataset; [`Stop::Cancelled`].
pub(super) fn commit(
    store: &Store,
    control: &mut JobControl,
    (source, parent): (&CommitSource, Option<&str>),
    status: VersionStatus,
    wanted: &Wanted,
) -> Result<CommitReport, Stop> {
    let (folder, dataset) = folder_of(store, source)?;
    let (now, key) = (control.now(), control.key());
    let request =
        CommitRequest { dataset: &folder, as_written: dataset.is_some(), parent, version: wanted.version(now, &key) };
    let total =
        dataset.and_then(|id| store.dataset(Some(id)).ok()).map(|dataset| dataset.split.train + dataset.split.eval);
    let version = watched(control, total, |told| versions(store).commit(&request, told))?;
    finish(store, control, version, dataset, status)
}

/// Commits an old version anew.
///
/// # Errors
/// As [`versions::VersionStore::rollback`]; [`Stop::Cancelled`].
pub(super) fn rollback(
    store: &Store,
    control: &mut JobControl,
    version: &str,
    wanted: &Wanted,
) -> Result<CommitReport, Stop> {
    let (now, key) = (control.now(), control.key());
    let request = wanted.version(now, &key);
    let version = watched(control, None, |told| versions(store).rollback(version, &request, told))?;
    finish(store, control, version, None, VersionStatus::Draft)
}

/// Merges two versions.
///
/// # Errors
/// As [`versions::VersionStore::merge`]; [`Stop::Cancelled`].
pub(super) fn merge(
    store: &Store,
    control: &mut JobControl,
    sides: (&str, &str),
    wanted: &Wanted,
) -> Result<CommitReport, Stop> {
    let (now, key) = (control.now(), control.key());
    let request = wanted.version(now, &key);
    let version = watched(control, None, |told| versions(store).merge(sides, &request, told))?;
    finish(store, control, version, None, VersionStatus::Draft)
}

/// Records a new version, looks at its promises where it is to be stable, and archives what the rule says.
fn finish(
    store: &Store,
    control: &mut JobControl,
    version: VersionSummary,
    dataset: Option<DatasetId>,
    status: VersionStatus,
) -> Result<CommitReport, Stop> {
    store.record_version(&version, dataset)?;
    let mut report = CommitReport { version, report: None };
    if status != VersionStatus::Draft {
        let changed = check::set_status(store, control, &report.version.version, status)?;
        report = CommitReport { version: changed.version, report: changed.report };
    }
    keep::archive_by_rule(store, control)?;
    let done = report.version.train + report.version.eval;
    let progress = control.measure(done, Some(done), None, Some(JobResult::Commit(Box::new(report.clone()))));
    store.save_job_progress(control.job(), &progress)?;
    control.publish();
    Ok(report)
}

/// Writes a version's files into a folder that is empty or missing, verified.
///
/// # Errors
/// As [`versions::VersionStore::checkout`]; [`Stop::Cancelled`].
pub(super) fn checkout(
    store: &Store,
    control: &mut JobControl,
    version: &str,
    to: &Path,
    (format, formula_safe): (DatasetFormat, bool),
) -> Result<CheckoutReport, Stop> {
    let versions = versions(store);
    let summary = versions.find(version)?;
    let total = Some(summary.train + summary.eval);
    if format == DatasetFormat::Jsonl {
        return watched(control, total, |told| versions.checkout(version, to, told));
    }
    let detail = versions.show(version)?;
    let mut told = |done| control.advance(done, total);
    let mut stopped = None;
    let files = recast(&versions, &detail, to, (format, formula_safe), &mut |done| match told(done) {
        Ok(()) => ControlFlow::Continue(()),
        Err(stop) => {
            stopped = Some(stop);
            ControlFlow::Break(())
        }
    });
    match (files, stopped) {
        (Err(error), Some(stop)) if error.code == ErrorCode::Cancelled => Err(stop),
        (files, _) => {
            let (folder, files) = (to.display().to_string(), files?);
            Ok(CheckoutReport { version: summary.version, folder, files, train: summary.train, eval: summary.eval })
        }
    }
}

/// Lays versions out as folders.
///
/// # Errors
/// As [`versions::VersionStore::view`]; [`Stop::Cancelled`].
pub(super) fn view(store: &Store, control: &mut JobControl, to: &Path, names: &[String]) -> Result<ViewReport, Stop> {
    watched(control, None, |told| versions(store).view(to, names, told))
}
