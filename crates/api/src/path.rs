//! Paths on the wire.

use std::path::{Path, PathBuf};

use contract::{CallError, ErrorCode};

/// One spelling for one folder, so that two spellings can't open a project twice. The folder must exist.
pub(crate) fn canonical(folder: &str) -> Result<PathBuf, CallError> {
    if folder.trim().is_empty() {
        return Err(CallError::new(ErrorCode::ArgumentEmpty).with("name", "folder"));
    }
    let path = std::fs::canonicalize(folder).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => CallError::new(ErrorCode::ProjectMissing).in_file(folder),
        _ => CallError::from_io(&error, folder, false),
    })?;
    Ok(plain(path))
}

/// An absolute path: jobs may go on in a process that started elsewhere.
pub(crate) fn absolute(path: &str) -> Result<PathBuf, CallError> {
    std::path::absolute(path).map_err(|error| {
        CallError::new(ErrorCode::ArgumentInvalid).with("name", "path").with("value", path).with("detail", error)
    })
}

/// Windows gives canonical paths a prefix that people don't know and other programs don't like.
fn plain(path: PathBuf) -> PathBuf {
    match path.to_str().and_then(|text| text.strip_prefix(r"\\?\")) {
        Some(rest) if !rest.starts_with("UNC\\") => PathBuf::from(rest),
        _ => path,
    }
}

/// A path as it stands in answers.
pub(crate) fn text(path: &Path) -> String {
    path.display().to_string()
}

/// A file that is about to be read exists and is no folder; told before a job is made of it.
pub(crate) fn check_file(path: &Path) -> Result<(), CallError> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Err(CallError::new(ErrorCode::FileIsDirectory).in_file(path.display())),
        Ok(_) => Ok(()),
        Err(error) => Err(CallError::from_io(&error, path.display(), false)),
    }
}
