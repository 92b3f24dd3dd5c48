//! All that a job needs to know to run, now or after a crash.

use contract::dataset::SplitSettings;
use contract::job::{JobKind, JobUnit};
use contract::label::{Budget, LabelScope, Thresholds};
use contract::source::FileSpec;
use contract::{CallError, ErrorCode, UnixMillis};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::NewJob;

use crate::version::VersionWork;

/// What a job does, with everything that decides its outcome. Two equal ones are the same work: the second asks for the
/// first to go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "job")]
pub enum JobParameters {
    /// Imports files, one after another.
    Import {
        /// The files, with absolute paths.
        files: Vec<FileSpec>,
    },
    /// Labels items.
    Label {
        /// The model's name.
        model: String,
        /// Which items.
        scope: LabelScope,
        /// What goes to review.
        thresholds: Thresholds,
        /// Revision of the schema when it was asked for: with another schema it is other work.
        schema: u64,
        /// What it may cost.
        #[serde(default)]
        budget: Budget,
    },
    /// Trains a classifier.
    Train {
        /// Its name.
        model: String,
        /// When it was asked for: each time is other work.
        asked: UnixMillis,
    },
    /// Fits a labeller's calibration.
    Calibrate {
        /// Its name.
        model: String,
        /// At most so many items are labelled for it.
        limit: u64,
        /// Whether the label of an undecided item counts as the truth.
        trust_labels: bool,
        /// When it was asked for: each time is other work.
        asked: UnixMillis,
    },
    /// Compares two labellers.
    Compare {
        /// One of them.
        first: String,
        /// The other.
        second: String,
        /// The sample.
        scope: LabelScope,
        /// Whether the label of an undecided item counts as the truth.
        trust_labels: bool,
        /// Only items whose truth is known.
        known_only: bool,
        /// When it was asked for: each time is other work.
        asked: UnixMillis,
    },
    /// Writes a dataset.
    Write {
        /// Settings.
        settings: SplitSettings,
    },
    /// Does something to versions.
    Version {
        /// What.
        what: VersionWork,
        /// When it was asked for, where each time is other work.
        asked: Option<UnixMillis>,
    },
}

impl JobParameters {
    /// What kind of job it is.
    #[must_use]
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Import { .. } => JobKind::Import,
            Self::Label { .. } => JobKind::Label,
            Self::Train { .. } => JobKind::Train,
            Self::Calibrate { .. } => JobKind::Calibrate,
            Self::Compare { .. } => JobKind::Compare,
            Self::Write { .. } => JobKind::Write,
            Self::Version { what, .. } => what.kind(),
        }
    }

    /// The job as the store keeps it.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] should they not serialise.
    pub fn to_new_job(&self) -> Result<NewJob, CallError> {
        let (subject, unit) = match self {
            Self::Import { files } => {
                let names: Vec<String> = files.iter().map(|file| file_name(&file.path)).collect();
                (names.join(", "), JobUnit::Rows)
            }
            Self::Label { model, .. } | Self::Train { model, .. } | Self::Calibrate { model, .. } => {
                (model.clone(), JobUnit::Items)
            }
            Self::Compare { first, second, .. } => (format!("{first} · {second}"), JobUnit::Items),
            Self::Write { .. } => (String::new(), JobUnit::Samples),
            Self::Version { what, .. } => (what.subject(), what.unit()),
        };
        Ok(NewJob { kind: self.kind(), subject, unit, params: to_value(self)? })
    }

    /// Reads what the store keeps.
    ///
    /// # Errors
    /// [`ErrorCode::ProjectDamaged`] when it is something else.
    pub fn from_value(value: Value) -> Result<Self, CallError> {
        serde_json::from_value(value)
            .map_err(|error| CallError::new(ErrorCode::ProjectDamaged).with("detail", error).in_file("winnow.db"))
    }
}

/// File name without folders.
pub(crate) fn file_name(path: &str) -> String {
    std::path::Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A value as the store keeps it.
pub(crate) fn to_value(value: &impl Serialize) -> Result<Value, CallError> {
    serde_json::to_value(value).map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))
}
