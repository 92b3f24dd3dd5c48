//! Versions of datasets: what is done to them as jobs.

mod check;
mod commit;
mod keep;
mod work;

use std::ops::ControlFlow;

use store::Store;
use versions::{VersionError, VersionStore};

pub use check::check_limits;
pub use commit::folder_of;
pub use work::{VersionWork, Wanted};

use crate::job::{JobControl, Stop};

/// The project's version store.
fn versions(store: &Store) -> VersionStore {
    VersionStore::open(&store.folder().versions())
}

/// Runs an operation of the version store under the job's eyes.
fn watched<T>(
    control: &mut JobControl,
    total: Option<u64>,
    run: impl FnOnce(&mut versions::Progress<'_>) -> Result<T, VersionError>,
) -> Result<T, Stop> {
    let mut stopped = None;
    let outcome = run(&mut |done| match control.advance(done.min(total.unwrap_or(u64::MAX)), total) {
        Ok(()) => ControlFlow::Continue(()),
        Err(stop) => {
            stopped = Some(stop);
            ControlFlow::Break(())
        }
    });
    match (outcome, stopped) {
        (Err(VersionError::Cancelled), Some(stop)) => Err(stop),
        (outcome, _) => Ok(outcome?),
    }
}
