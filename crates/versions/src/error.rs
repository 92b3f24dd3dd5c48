//! What can go wrong with versions.

use std::io;
use std::path::{Path, PathBuf};

use contract::{CallError, ErrorCode};

/// An error of the version store.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// No version of that number or tag.
    #[error("no version {0}")]
    Missing(String),
    /// The tag belongs to another version.
    #[error("tag {0} is taken")]
    TagTaken(String),
    /// The content is that of the latest version.
    #[error("nothing changed since {0}")]
    Unchanged(String),
    /// Stored bytes don't match their hash.
    #[error("version {version} is damaged: {detail}")]
    Damaged {
        /// The version.
        version: String,
        /// Which object and how.
        detail: String,
    },
    /// The dataset's folder lacks a file, or a file is not as it was written.
    #[error("dataset {}: {detail}", path.display())]
    Dataset {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The folder to check out to has something in it.
    #[error("{} is not empty", .0.display())]
    FolderNotEmpty(PathBuf),
    /// Reading failed.
    #[error("reading {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Writing failed.
    #[error("writing {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl VersionError {
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }
}

impl From<VersionError> for CallError {
    fn from(error: VersionError) -> Self {
        match error {
            VersionError::Missing(version) => CallError::new(ErrorCode::VersionMissing).with("version", version),
            VersionError::TagTaken(tag) => CallError::new(ErrorCode::TagExists).with("tag", tag),
            VersionError::Unchanged(version) => CallError::new(ErrorCode::VersionUnchanged).with("version", version),
            VersionError::Damaged { version, detail } => {
                CallError::new(ErrorCode::VersionDamaged).with("version", version).with("detail", detail)
            }
            VersionError::Dataset { path, detail } => CallError::new(ErrorCode::FileDamaged)
                .with("format", "dataset")
                .with("detail", detail)
                .in_file(path.display()),
            VersionError::FolderNotEmpty(path) => CallError::new(ErrorCode::FolderNotEmpty).in_file(path.display()),
            VersionError::Read { path, source } => CallError::from_io(&source, path.display(), false),
            VersionError::Write { path, source } => CallError::from_io(&source, path.display(), true),
            VersionError::Cancelled => CallError::new(ErrorCode::Cancelled),
        }
    }
}
