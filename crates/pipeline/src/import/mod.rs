//! Importing: a file's rows, read and cleaned on one thread, stored by another.

mod file;
mod rows;
mod trial;

use std::path::Path;

use contract::CallError;
use contract::source::{FileSpec, ImportReport, Inspection, ReadOptions};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::job::{JobControl, Stop};
use file::FileImport;

pub use trial::try_cleaning;

/// Where an interrupted import goes on. How many rows of the file are stored the store knows by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// Files that are done.
    files: usize,
    /// The file that is in work, as it was when its import began.
    stamp: Option<Stamp>,
}

/// Tells whether a file is still the one whose import began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Stamp {
    bytes: u64,
    /// Milliseconds since 1970 UTC.
    modified: Option<u64>,
}

impl Stamp {
    fn of(path: &Path) -> Result<Self, CallError> {
        let metadata = std::fs::metadata(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let modified = modified.and_then(|since| u64::try_from(since.as_millis()).ok());
        Ok(Self { bytes: metadata.len(), modified })
    }
}

/// Looks at the beginning of a file.
///
/// # Errors
/// As [`ingest::inspect`].
pub fn inspect(path: &Path, read: &ReadOptions) -> Result<Inspection, CallError> {
    ingest::inspect(path, read)
}

/// Imports files one after another. Each batch is stored together with its place in the file, so that a killed import
/// goes on where it was. A file that can't be imported leaves nothing behind; those before it stay.
///
/// # Errors
/// The first error of a file, with the row where there is one; what the store says; [`Stop::Cancelled`].
pub fn import(store: &Store, control: &mut JobControl, files: &[FileSpec]) -> Result<Vec<ImportReport>, Stop> {
    let cursor: Cursor =
        control.cursor().cloned().and_then(|cursor| serde_json::from_value(cursor).ok()).unwrap_or_default();
    let mut reports = match control.result() {
        Some(contract::job::JobResult::Import(reports)) => reports.clone(),
        _ => Vec::new(),
    };
    // The report of a file in work stands after those of the files that are done.
    reports.truncate(cursor.files);
    let mut stamp = cursor.stamp;
    while reports.len() < files.len() {
        control.check()?;
        let file = FileImport { store, files, reports: &reports };
        reports = file.run(control, stamp.take())?;
    }
    Ok(reports)
}
