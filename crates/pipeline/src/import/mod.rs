//! Importing files.
use contract::source::{FileSpec, ImportReport};
use store::Store;

use crate::job::{JobControl, Stop};

/// Imports files.
pub fn import(_store: &Store, _control: &mut JobControl, _files: &[FileSpec]) -> Result<Vec<ImportReport>, Stop> {
    Ok(Vec::new())
}

use contract::CallError;
use contract::source::{Inspection, ReadOptions};
use std::path::Path;

/// Looks at the beginning of a file.
pub fn inspect(_path: &Path, _read: &ReadOptions) -> Result<Inspection, CallError> {
    Err(CallError::new(contract::ErrorCode::Internal))
}

/// Tries the cleaning.
pub fn try_cleaning(_store: &Store, _file: &FileSpec, _rows: Option<u64>) -> Result<ImportReport, CallError> {
    Err(CallError::new(contract::ErrorCode::Internal))
}
