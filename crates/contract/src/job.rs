//! Jobs: long pieces of work with progress, cancel, resume and a record.

use serde::{Deserialize, Serialize};

use crate::compare::Comparison;
use crate::confidence::CalibrationReport;
use crate::dataset::DatasetSummary;
use crate::label::LabelReport;
use crate::labeller::TrainingReport;
use crate::source::ImportReport;
use crate::version::{
    ArchiveReport, CheckReport, CheckoutReport, CollectReport, CommitReport, ExportReport, ImportVersionsReport,
    RepairReport, StatusChange, VerifyReport, ViewReport,
};
use crate::{CallError, JobId, UnixMillis, call::call};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Imports files.
    Import,
    /// Labels items.
    Label,
    /// Writes a dataset.
    Write,
    /// Commits a version.
    Commit,
    /// Checks a version out.
    Checkout,
    /// Trains a classifier.
    Train,
    /// Fits a labeller's calibration.
    Calibrate,
    /// Compares two labellers.
    Compare,
    /// Commits an old version anew.
    Rollback,
    /// Merges two versions.
    Merge,
    /// Looks whether a version's promises hold.
    Check,
    /// Gives a version a status.
    Status,
    /// Lays versions out as folders.
    View,
    /// Rehashes the version store.
    Verify,
    /// Puts damaged parts of the version store right.
    Repair,
    /// Removes what no version needs.
    Collect,
    /// Moves versions to archives.
    Archive,
    /// Brings an archived version back.
    Restore,
    /// Writes versions into a file.
    ExportVersions,
    /// Takes versions over from a file.
    ImportVersions,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for the jobs before it.
    Queued,
    /// Runs.
    Running,
    /// Was asked to stop and is about to.
    Cancelling,
    /// Finished.
    Done,
    /// Stopped by an error; can be resumed after the cause is gone.
    Failed,
    /// Stopped by a person; can be resumed.
    Cancelled,
    /// The program ended while it ran; can be resumed.
    Interrupted,
}

impl JobState {
    /// Whether it runs or will.
    pub fn is_active(self) -> bool {
        matches!(self, JobState::Queued | JobState::Running | JobState::Cancelling)
    }

    /// Whether it can be resumed.
    pub fn is_resumable(self) -> bool {
        matches!(self, JobState::Failed | JobState::Cancelled | JobState::Interrupted)
    }
}

/// What a job gave, or has given so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "report")]
pub enum JobResult {
    /// A report for each file imported.
    Import(Vec<ImportReport>),
    /// Labelling.
    Label(Box<LabelReport>),
    /// A dataset.
    Write(Box<DatasetSummary>),
    /// A version: committed, rolled back to, merged or restored.
    Commit(Box<CommitReport>),
    /// A checkout.
    Checkout(CheckoutReport),
    /// A trained classifier.
    Train(TrainingReport),
    /// A calibration.
    Calibrate(Box<CalibrationReport>),
    /// A comparison.
    Compare(Box<Comparison>),
    /// Promises.
    Check(Box<CheckReport>),
    /// A change of status.
    Status(Box<StatusChange>),
    /// A view.
    View(ViewReport),
    /// What verifying found.
    Verify(VerifyReport),
    /// A repair.
    Repair(RepairReport),
    /// What was cleared away.
    Collect(CollectReport),
    /// What was archived.
    Archive(ArchiveReport),
    /// What was exported.
    ExportVersions(ExportReport),
    /// What was taken over.
    ImportVersions(ImportVersionsReport),
}

/// A job as it is now; also the event that the shells get.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobStatus {
    /// Number.
    pub id: JobId,
    /// The project's folder.
    pub project: String,
    /// What it does.
    pub kind: JobKind,
    /// What it does it to, in the person's terms: file names, the model's name, a message.
    pub subject: String,
    /// Where it stands.
    pub state: JobState,
    /// Units done (rows, bytes, items; see `unit`).
    pub done: u64,
    /// Units in all, when known.
    pub total: Option<u64>,
    /// What a unit is.
    pub unit: JobUnit,
    /// Units a second, over the last seconds.
    pub rate: Option<f64>,
    /// Seconds left, estimated.
    pub seconds_left: Option<f64>,
    /// When it was asked for.
    pub created: UnixMillis,
    /// When it started to run last.
    pub started: Option<UnixMillis>,
    /// When it ended.
    pub finished: Option<UnixMillis>,
    /// Why it failed.
    pub error: Option<CallError>,
    /// What it gave so far.
    pub result: Option<JobResult>,
}

/// What a job counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobUnit {
    /// Rows of files.
    Rows,
    /// Bytes of files.
    Bytes,
    /// Items.
    Items,
    /// Samples of a dataset.
    Samples,
}

/// Jobs of the project, latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListJobs {
    /// The project's folder.
    pub project: String,
    /// At most so many.
    pub limit: u32,
}

/// One job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetJob {
    /// The project's folder.
    pub project: String,
    /// Which.
    pub job: JobId,
}

/// Asks a job to stop; within a second it has. Also works for a job of another process on the same project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CancelJob {
    /// The project's folder.
    pub project: String,
    /// Which.
    pub job: JobId,
}

/// Continues a job that failed, was cancelled or was interrupted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResumeJob {
    /// The project's folder.
    pub project: String,
    /// Which.
    pub job: JobId,
}

call! {
    ListJobs => Vec<JobStatus>, "list_jobs";
    GetJob => JobStatus, "get_job";
    CancelJob => JobStatus, "cancel_job";
    ResumeJob => JobStatus, "resume_job";
}
