//! What can go wrong with versions.

use std::io;
use std::path::{Path, PathBuf};

use contract::{CallError, ErrorCode};

use crate::row::RowProblem;

/// An error of the version store.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// No version of that number or tag.
    #[error("no version {0}")]
    Missing(String),
    /// A beginning of an id that several versions share.
    #[error("several versions begin with {0}")]
    Ambiguous(String),
    /// The version's rows lie in an archive.
    #[error("version {0} is archived")]
    Archived(String),
    /// No such tag.
    #[error("no tag {0}")]
    TagMissing(String),
    /// A tag can't be called so.
    #[error("{0:?} is no tag")]
    TagInvalid(String),
    /// Two versions that don't come from one.
    #[error("{0} and {1} have no version in common")]
    Unrelated(String, String),
    /// Conflicts that nobody has resolved.
    #[error("{0} conflicts")]
    Conflicts(u64),
    /// No version has such a sample.
    #[error("no sample {0}")]
    SampleMissing(String),
    /// An exported file that is not to be trusted.
    #[error("not a whole export: {0}")]
    Hostile(String),
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
    /// A line of the dataset's folder is no sample.
    #[error("{}, line {line}: {problem}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: RowProblem,
    },
    /// The folder to check out to has something in it.
    #[error("{} is not empty", .0.display())]
    FolderNotEmpty(PathBuf),
    /// What a person chose in a merge is not as it was written.
    #[error("{} is damaged", .0.display())]
    ChoicesDamaged(PathBuf),
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
            VersionError::Ambiguous(version) => CallError::new(ErrorCode::VersionAmbiguous).with("version", version),
            VersionError::Archived(version) => CallError::new(ErrorCode::VersionArchived).with("version", version),
            VersionError::TagMissing(tag) => CallError::new(ErrorCode::TagMissing).with("tag", tag),
            VersionError::TagInvalid(tag) => CallError::new(ErrorCode::TagInvalid).with("tag", tag),
            VersionError::Unrelated(first, second) => {
                CallError::new(ErrorCode::MergeUnrelated).with("first", first).with("second", second)
            }
            VersionError::Conflicts(count) => CallError::new(ErrorCode::MergeConflicts).with("count", count),
            VersionError::SampleMissing(sample) => CallError::new(ErrorCode::SampleMissing).with("sample", sample),
            VersionError::Hostile(detail) => CallError::new(ErrorCode::ExportHostile).with("detail", detail),
            VersionError::TagTaken(tag) => CallError::new(ErrorCode::TagExists).with("tag", tag),
            VersionError::Unchanged(version) => CallError::new(ErrorCode::VersionUnchanged).with("version", version),
            VersionError::Damaged { version, detail } => {
                CallError::new(ErrorCode::VersionDamaged).with("version", version).with("detail", detail)
            }
            VersionError::Dataset { path, detail } => CallError::new(ErrorCode::FileDamaged)
                .with("format", "dataset")
                .with("detail", detail)
                .in_file(path.display()),
            VersionError::Row { path, line, problem } => {
                let error = match problem {
                    RowProblem::NotJson(detail) => CallError::new(ErrorCode::SampleMalformed).with("detail", detail),
                    RowProblem::NoText => CallError::new(ErrorCode::SampleWithoutText),
                    RowProblem::NoLabel => CallError::new(ErrorCode::SampleWithoutLabel),
                    RowProblem::Confidence(confidence) => {
                        CallError::new(ErrorCode::SampleConfidence).with("confidence", confidence)
                    }
                };
                error.in_file(path.display()).at_row(line)
            }
            VersionError::FolderNotEmpty(path) => CallError::new(ErrorCode::FolderNotEmpty).in_file(path.display()),
            VersionError::ChoicesDamaged(path) => {
                CallError::new(ErrorCode::MergeChoicesDamaged).in_file(path.display())
            }
            VersionError::Read { path, source } => CallError::from_io(&source, path.display(), false),
            VersionError::Write { path, source } => CallError::from_io(&source, path.display(), true),
            VersionError::Cancelled => CallError::new(ErrorCode::Cancelled),
        }
    }
}
