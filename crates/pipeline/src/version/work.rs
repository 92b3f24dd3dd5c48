//! The jobs of the version store, and what each needs to know to run, now or after a crash.

use contract::dataset::DatasetFormat;
use contract::job::{JobKind, JobResult, JobUnit};
use contract::version::{Checks, CommitSource, Increment, Retention, VersionStatus};
use serde::{Deserialize, Serialize};
use store::Store;

use super::{check, commit, keep};
use crate::job::{JobControl, Stop};

/// What a new version is to be, beside its content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// Message.
    pub message: String,
    /// Author.
    pub author: String,
    /// Tag.
    pub tag: Option<String>,
    /// Which part of the number grows.
    pub increment: Increment,
    /// What it promises; what its parent promised when `None`.
    pub checks: Option<Checks>,
}

/// What a job does to versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "work")]
pub enum VersionWork {
    /// Commits a dataset or a folder.
    Commit {
        /// What; never [`CommitSource::Latest`], which another run would understand otherwise.
        source: CommitSource,
        /// The version that it follows.
        parent: Option<String>,
        /// The status it is to have.
        status: VersionStatus,
        /// What it says of itself.
        wanted: Wanted,
    },
    /// Commits an old version anew.
    Rollback {
        /// The old one.
        version: String,
        /// What it says of itself.
        wanted: Wanted,
    },
    /// Merges two versions.
    Merge {
        /// The one that is merged into.
        ours: String,
        /// The other.
        theirs: String,
        /// What it says of itself.
        wanted: Wanted,
    },
    /// Checks a version out.
    Checkout {
        /// Number.
        version: String,
        /// The folder, an absolute path.
        to: String,
        /// Format of the files.
        format: DatasetFormat,
        /// Whether formulas are made harmless in CSV.
        formula_safe: bool,
    },
    /// Lays versions out as folders.
    View {
        /// The folder, an absolute path.
        to: String,
        /// Which.
        versions: Vec<String>,
    },
    /// Looks whether promises hold.
    Check {
        /// The version's number.
        version: String,
        /// Other promises than its own.
        checks: Option<Checks>,
    },
    /// Gives a version a status.
    Status {
        /// The version's number.
        version: String,
        /// The status.
        status: VersionStatus,
    },
    /// Rehashes everything.
    Verify,
    /// Puts things right from an exported file.
    Repair {
        /// The file, an absolute path.
        from: String,
    },
    /// Removes what nobody needs.
    Collect {
        /// Only says what it would remove.
        dry_run: bool,
    },
    /// Moves versions to archives.
    Archive {
        /// Which; those of the rule when empty.
        versions: Vec<String>,
        /// Only says what it would move.
        dry_run: bool,
        /// The rule to go by this once; the project's when `None`, as in jobs of earlier Winnows.
        #[serde(default)]
        rule: Option<Retention>,
    },
    /// Brings a version back.
    Restore {
        /// Its number.
        version: String,
    },
    /// Writes versions into a file.
    Export {
        /// Which; all when empty.
        versions: Vec<String>,
        /// The file, an absolute path.
        to: String,
    },
    /// Takes versions over from a file.
    Import {
        /// The file, an absolute path.
        from: String,
    },
}

impl VersionWork {
    /// What kind of job it is.
    #[must_use]
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Commit { .. } => JobKind::Commit,
            Self::Rollback { .. } => JobKind::Rollback,
            Self::Merge { .. } => JobKind::Merge,
            Self::Checkout { .. } => JobKind::Checkout,
            Self::View { .. } => JobKind::View,
            Self::Check { .. } => JobKind::Check,
            Self::Status { .. } => JobKind::Status,
            Self::Verify => JobKind::Verify,
            Self::Repair { .. } => JobKind::Repair,
            Self::Collect { .. } => JobKind::Collect,
            Self::Archive { .. } => JobKind::Archive,
            Self::Restore { .. } => JobKind::Restore,
            Self::Export { .. } => JobKind::ExportVersions,
            Self::Import { .. } => JobKind::ImportVersions,
        }
    }

    /// What it does it to, in the person's terms.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::Commit { wanted, .. } => wanted.message.clone(),
            Self::Checkout { version, to, .. } => format!("{version} → {to}"),
            Self::Merge { ours, theirs, .. } => format!("{ours} ← {theirs}"),
            Self::Rollback { version, .. } | Self::Check { version, .. } | Self::Restore { version } => version.clone(),
            Self::Status { version, status } => format!("{version} → {}", status.name()),
            Self::View { to, .. } => to.clone(),
            Self::Export { versions, to } if versions.is_empty() => to.clone(),
            Self::Export { versions, to } => format!("{} → {to}", versions.join(", ")),
            Self::Repair { from } | Self::Import { from } => from.clone(),
            Self::Archive { versions, .. } => versions.join(", "),
            Self::Verify | Self::Collect { .. } => String::new(),
        }
    }

    /// What it counts.
    pub(crate) fn unit(&self) -> JobUnit {
        match self {
            Self::Commit { .. } | Self::Rollback { .. } | Self::Merge { .. } | Self::Checkout { .. } => {
                JobUnit::Samples
            }
            Self::View { .. } | Self::Check { .. } | Self::Status { .. } => JobUnit::Samples,
            _ => JobUnit::Bytes,
        }
    }

    /// Does it. Killed anywhere, the same job ends in the same state.
    ///
    /// # Errors
    /// What the version store, the project's store and the disk say; [`Stop::Cancelled`].
    pub(crate) fn run(&self, store: &Store, control: &mut JobControl) -> Result<JobResult, Stop> {
        let committed = |report| JobResult::Commit(Box::new(report));
        match self {
            Self::Commit { source, parent, status, wanted } => {
                commit::commit(store, control, (source, parent.as_deref()), *status, wanted).map(committed)
            }
            Self::Rollback { version, wanted } => commit::rollback(store, control, version, wanted).map(committed),
            Self::Merge { ours, theirs, wanted } => {
                commit::merge(store, control, (ours, theirs), wanted).map(committed)
            }
            Self::Checkout { version, to, format, formula_safe } => {
                commit::checkout(store, control, version, to.as_ref(), (*format, *formula_safe))
                    .map(JobResult::Checkout)
            }
            Self::View { to, versions } => commit::view(store, control, to.as_ref(), versions).map(JobResult::View),
            Self::Check { version, checks } => {
                let report = check::check(store, control, version, checks.as_ref())?;
                Ok(JobResult::Check(Box::new(report)))
            }
            Self::Status { version, status } => {
                Ok(JobResult::Status(Box::new(check::set_status(store, control, version, *status)?)))
            }
            other => keep::run(other, store, control),
        }
    }
}
