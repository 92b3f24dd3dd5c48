//! The table of jobs.

use contract::job::{JobKind, JobResult, JobState, JobStatus, JobUnit};
use contract::{CallError, JobId, UnixMillis};
use serde_json::Value;

use crate::{Result, Store};

/// A job to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// What it does.
    pub kind: JobKind,
    /// What it does it to, in the person's terms.
    pub subject: String,
    /// What a unit is.
    pub unit: JobUnit,
    /// Its parameters: all that is needed to run or resume it.
    pub params: Value,
}

/// How far a job is; stored in the same transaction as the work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobProgress {
    /// Units done.
    pub done: u64,
    /// Units in all, when known.
    pub total: Option<u64>,
    /// Units a second, over the last seconds.
    pub rate: Option<f64>,
    /// Where to go on; `None` leaves the stored one.
    pub cursor: Option<Value>,
    /// What it gave so far; `None` leaves the stored one.
    pub result: Option<JobResult>,
    /// Now: the job's sign of life.
    pub at: UnixMillis,
}

/// A stored job with what only its runner needs.
#[derive(Clone, Debug, PartialEq)]
pub struct JobRecord {
    /// The job as people see it.
    pub status: JobStatus,
    /// Its parameters.
    pub params: Value,
    /// Where to go on.
    pub cursor: Option<Value>,
    /// Whether someone asked it to stop.
    pub cancel_requested: bool,
}

impl Store {
    /// Stores a job as queued.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn create_job(&self, job: &NewJob, now: UnixMillis) -> Result<JobId> {
        unimplemented!("{job:?} {now}")
    }

    /// One job.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`].
    pub fn job(&self, job: JobId) -> Result<JobRecord> {
        unimplemented!("{job}")
    }

    /// Jobs, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn jobs(&self, limit: u32) -> Result<Vec<JobStatus>> {
        unimplemented!("{limit}")
    }

    /// The queued job that was asked for first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn next_queued_job(&self) -> Result<Option<JobId>> {
        unimplemented!()
    }

    /// Marks a queued job as running by this process.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`]; [`crate::StoreError::JobOver`] when it isn't queued.
    pub fn start_job(&self, job: JobId, now: UnixMillis) -> Result<JobRecord> {
        unimplemented!("{job} {now}")
    }

    /// Queues a job again that failed, was cancelled or was interrupted; its cursor and result stay.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`]; [`crate::StoreError::JobOver`] when it is done or active.
    pub fn requeue_job(&self, job: JobId) -> Result<JobStatus> {
        unimplemented!("{job}")
    }

    /// Stores how far a job is, on its own (work that is stored passes its progress along).
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`].
    pub fn save_job_progress(&self, job: JobId, progress: &JobProgress) -> Result<()> {
        unimplemented!("{job} {progress:?}")
    }

    /// Ends a job: `Done`, `Failed`, `Cancelled` or `Interrupted`, with its result where it has one.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`].
    pub fn end_job(
        &self,
        job: JobId,
        state: JobState,
        error: Option<&CallError>,
        result: Option<&JobResult>,
        now: UnixMillis,
    ) -> Result<JobStatus> {
        unimplemented!("{job} {state:?} {error:?} {result:?} {now}")
    }

    /// Asks a job to stop. A queued one is cancelled at once. Works on a project that was opened for reading, too: one small write
    /// that the job's process sees at its next look.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`], [`crate::StoreError::JobOver`].
    pub fn request_cancel(&self, job: JobId, now: UnixMillis) -> Result<JobStatus> {
        unimplemented!("{job} {now}")
    }

    /// Whether someone asked the job to stop. Microseconds.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn cancel_requested(&self, job: JobId) -> Result<bool> {
        unimplemented!("{job}")
    }
}
