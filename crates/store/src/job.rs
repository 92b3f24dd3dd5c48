//! The table of jobs.

use std::path::Path;

use contract::job::{JobKind, JobResult, JobState, JobStatus, JobUnit};
use contract::project::Access;
use contract::{CallError, JobId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::code::Code;
use crate::store::Durability;
use crate::{Result, Store, StoreError, connection, plan};

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

const COLUMNS: &str =
    "SELECT id, kind, subject, state, unit, done, total, rate, created, started, finished, error, result,
    cancel_requested, params, cursor FROM jobs";

impl Store {
    /// Stores a job as queued.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn create_job(&self, job: &NewJob, now: UnixMillis) -> Result<JobId> {
        self.write(Durability::PowerCut, |transaction| {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO jobs (kind, subject, state, unit, params, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let params = job.params.to_string();
            insert.execute((Code(job.kind), &job.subject, Code(JobState::Queued), Code(job.unit), params, now))?;
            Ok(JobId(transaction.last_insert_rowid()))
        })
    }

    /// One job.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`].
    pub fn job(&self, job: JobId) -> Result<JobRecord> {
        self.read(|connection| load(connection, &self.project(), job))
    }

    /// Jobs, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn jobs(&self, limit: u32) -> Result<Vec<JobStatus>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(&format!("{COLUMNS} ORDER BY id DESC LIMIT ?1"))?;
            let mut rows = query.query([limit])?;
            let mut jobs = Vec::new();
            while let Some(row) = rows.next()? {
                jobs.push(record(row, &self.project())?.status);
            }
            Ok(jobs)
        })
    }

    fn project(&self) -> String {
        self.folder().path().display().to_string()
    }

    /// The queued job that was asked for first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn next_queued_job(&self) -> Result<Option<JobId>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT id FROM jobs WHERE state = ?1 ORDER BY id LIMIT 1")?;
            Ok(query.query_row([Code(JobState::Queued)], |row| row.get(0)).optional()?.map(JobId))
        })
    }

    /// Marks a queued job as running by this process.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`]; [`crate::StoreError::JobOver`] when it isn't queued.
    pub fn start_job(&self, job: JobId, now: UnixMillis) -> Result<JobRecord> {
        self.write(Durability::Crash, |transaction| {
            let record = load(transaction, &self.project(), job)?;
            if record.status.state != JobState::Queued {
                return Err(StoreError::JobOver(job));
            }
            transaction
                .prepare_cached(
                    "UPDATE jobs SET state = ?2, started = ?3, beat = ?3, owner = ?4, finished = NULL, error = NULL WHERE id = ?1",
                )?
                .execute((job.0, Code(JobState::Running), now, std::process::id()))?;
            load(transaction, &self.project(), job)
        })
    }

    /// Queues a job again that failed, was cancelled or was interrupted; its cursor and result stay.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`]; [`crate::StoreError::JobOver`] when it is done or active.
    pub fn requeue_job(&self, job: JobId) -> Result<JobStatus> {
        self.write(Durability::Crash, |transaction| {
            let record = load(transaction, &self.project(), job)?;
            if !record.status.state.is_resumable() {
                return Err(StoreError::JobOver(job));
            }
            transaction
                .prepare_cached(
                    "UPDATE jobs SET state = ?2, finished = NULL, error = NULL, rate = NULL, cancel_requested = 0 WHERE id = ?1",
                )?
                .execute((job.0, Code(JobState::Queued)))?;
            Ok(load(transaction, &self.project(), job)?.status)
        })
    }

    /// Stores how far a job is, on its own (work that is stored passes its progress along).
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`].
    pub fn save_job_progress(&self, job: JobId, progress: &JobProgress) -> Result<()> {
        self.write(Durability::Crash, |transaction| save(transaction, job, progress))
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
        self.write(Durability::PowerCut, |transaction| {
            let error = error.map(serde_json::to_string).transpose()?;
            let result = result.map(serde_json::to_string).transpose()?;
            transaction
                .prepare_cached(
                    "UPDATE jobs SET state = ?2, error = ?3, result = COALESCE(?4, result), finished = ?5, owner = NULL,
                     cancel_requested = 0 WHERE id = ?1",
                )?
                .execute((job.0, Code(state), error, result, now))?;
            if state == JobState::Done {
                plan::forget(transaction, job)?;
            }
            Ok(load(transaction, &self.project(), job)?.status)
        })
    }

    /// Asks a job to stop. A queued one is cancelled at once. Works on a project that was opened for reading, too: one small write
    /// that the job's process sees at its next look.
    ///
    /// # Errors
    /// [`crate::StoreError::JobMissing`], [`crate::StoreError::JobOver`].
    pub fn request_cancel(&self, job: JobId, now: UnixMillis) -> Result<JobStatus> {
        let project = self.project();
        let ask = |connection: &Connection| {
            let record = load(connection, &project, job)?;
            match record.status.state {
                JobState::Queued => connection
                    .prepare_cached("UPDATE jobs SET state = ?2, finished = ?3 WHERE id = ?1")?
                    .execute((job.0, Code(JobState::Cancelled), now))?,
                JobState::Running | JobState::Cancelling => {
                    connection.prepare_cached("UPDATE jobs SET cancel_requested = 1 WHERE id = ?1")?.execute([job.0])?
                }
                _ => return Err(StoreError::JobOver(job)),
            };
            Ok(load(connection, &project, job)?.status)
        };
        if matches!(self.access(), Access::ReadWrite) {
            return self.write(Durability::Crash, |transaction| ask(transaction));
        }
        let file = self.folder().database();
        signal(&file, ask).map_err(|error| error.classified(&file))
    }

    /// Whether someone asked the job to stop. Microseconds.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn cancel_requested(&self, job: JobId) -> Result<bool> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT cancel_requested FROM jobs WHERE id = ?1")?;
            Ok(query.query_row([job.0], |row| row.get(0)).optional()?.unwrap_or(false))
        })
    }
}

/// One small write beside the process that holds the lock.
fn signal<T>(file: &Path, change: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let mut connection = connection::signaller(file)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = change(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}

/// Stores how far a job is, within a transaction that stores work.
pub(crate) fn save(connection: &Connection, job: JobId, progress: &JobProgress) -> Result<()> {
    let result = progress.result.as_ref().map(serde_json::to_string).transpose()?;
    let cursor = progress.cursor.as_ref().map(Value::to_string);
    let changed = connection
        .prepare_cached(
            "UPDATE jobs SET done = ?2, total = ?3, rate = ?4, cursor = COALESCE(?5, cursor), result = COALESCE(?6, result),
             beat = ?7 WHERE id = ?1",
        )?
        .execute((job.0, progress.done, progress.total, progress.rate, cursor, result, progress.at))?;
    if changed == 0 { Err(StoreError::JobMissing(job)) } else { Ok(()) }
}

/// Marks the jobs of a process that is gone as interrupted. Only the holder of the project's lock runs jobs, and this process has
/// just taken it: whatever is active here belongs to nobody.
pub(crate) fn interrupt_orphans(connection: &Connection, now: UnixMillis) -> Result<()> {
    connection.execute(
        "UPDATE jobs SET state = CASE WHEN cancel_requested THEN ?1 ELSE ?2 END, cancel_requested = 0, owner = NULL,
         finished = COALESCE(beat, started, ?3) WHERE state IN (0, 1, 2)",
        (Code(JobState::Cancelled), Code(JobState::Interrupted), now),
    )?;
    Ok(())
}

fn load(connection: &Connection, project: &str, job: JobId) -> Result<JobRecord> {
    let mut query = connection.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
    let mut rows = query.query([job.0])?;
    match rows.next()? {
        Some(row) => record(row, project),
        None => Err(StoreError::JobMissing(job)),
    }
}

fn record(row: &Row<'_>, project: &str) -> Result<JobRecord> {
    let cancel_requested: bool = row.get(13)?;
    let state = match row.get::<_, Code<JobState>>(3)?.0 {
        JobState::Running if cancel_requested => JobState::Cancelling,
        state => state,
    };
    let (done, total, rate): (u64, Option<u64>, Option<f64>) = (row.get(5)?, row.get(6)?, row.get(7)?);
    let left = total.map(|total| total.saturating_sub(done) as f64);
    let seconds_left = left.zip(rate.filter(|rate| *rate > 0.0)).map(|(left, rate)| left / rate);
    let status = JobStatus {
        id: JobId(row.get(0)?),
        project: project.to_owned(),
        kind: row.get::<_, Code<_>>(1)?.0,
        subject: row.get(2)?,
        state,
        done,
        total,
        unit: row.get::<_, Code<_>>(4)?.0,
        rate: rate.filter(|_| state.is_active()),
        seconds_left: seconds_left.filter(|_| state.is_active()),
        created: row.get(8)?,
        started: row.get(9)?,
        finished: row.get(10)?,
        error: parsed(row.get(11)?)?,
        result: parsed(row.get(12)?)?,
    };
    let params = serde_json::from_str(&row.get::<_, String>(14)?)?;
    Ok(JobRecord { status, params, cursor: parsed(row.get(15)?)?, cancel_requested })
}

fn parsed<T: DeserializeOwned>(json: Option<String>) -> Result<Option<T>> {
    Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
}
