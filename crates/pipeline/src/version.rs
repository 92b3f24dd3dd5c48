//! Committing datasets as versions and checking versions out.

use std::ops::ControlFlow;
use std::path::Path;

use contract::DatasetId;
use contract::job::JobResult;
use contract::version::{CheckoutReport, Increment, VersionSummary};
use store::Store;
use versions::{CommitRequest, VersionStore};

use crate::job::{JobControl, Stop};

/// What to commit.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The dataset.
    pub dataset: DatasetId,
    /// Message.
    pub message: String,
    /// Author.
    pub author: String,
    /// Tag.
    pub tag: Option<String>,
    /// Which part of the number grows.
    pub increment: Increment,
}

/// Commits a written dataset as a version and records it. Killed anywhere, the same job ends in the same state.
///
/// # Errors
/// As [`VersionStore::commit`]; no such dataset; [`Stop::Cancelled`].
pub fn commit(store: &Store, control: &mut JobControl, commit: &Commit) -> Result<VersionSummary, Stop> {
    let dataset = store.dataset(Some(commit.dataset))?;
    let total = Some(dataset.split.train + dataset.split.eval);
    let folder = store.folder().path().join(&dataset.folder);
    let key = control.key();
    let request = CommitRequest {
        dataset: &folder,
        message: &commit.message,
        author: &commit.author,
        tag: commit.tag.as_deref(),
        increment: commit.increment,
        committed: control.now(),
        key: &key,
    };
    let summary =
        watched(control, total, |watch| VersionStore::open(&store.folder().versions()).commit(&request, watch))?;
    store.record_version(&summary, Some(commit.dataset))?;
    let done = summary.train + summary.eval;
    let result =
        JobResult::Commit(Box::new(contract::version::CommitReport { version: summary.clone(), report: None }));
    let progress = control.measure(done, Some(done), None, Some(result));
    store.save_job_progress(control.job(), &progress)?;
    control.publish();
    Ok(summary)
}

/// Writes a version's files into a folder that is empty or missing, verified.
///
/// # Errors
/// As [`VersionStore::checkout`]; [`Stop::Cancelled`].
pub fn checkout(store: &Store, control: &mut JobControl, version: &str, to: &Path) -> Result<CheckoutReport, Stop> {
    let versions = VersionStore::open(&store.folder().versions());
    let summary = versions.show(version)?.summary;
    watched(control, Some(summary.train + summary.eval), |watch| versions.checkout(version, to, watch))
}

/// Runs an operation of the version store under the job's eyes.
fn watched<T>(
    control: &mut JobControl,
    total: Option<u64>,
    run: impl FnOnce(&mut versions::Progress<'_>) -> Result<T, versions::VersionError>,
) -> Result<T, Stop> {
    let mut stopped = None;
    let outcome = run(&mut |done| match control.advance(done, total) {
        Ok(()) => ControlFlow::Continue(()),
        Err(stop) => {
            stopped = Some(stop);
            ControlFlow::Break(())
        }
    });
    match (outcome, stopped) {
        (Err(versions::VersionError::Cancelled), Some(stop)) => Err(stop),
        (outcome, _) => Ok(outcome?),
    }
}
