//! What running work holds of its job: progress, cancellation, cursor.

use std::sync::Arc;

use contract::job::{JobResult, JobStatus};
use contract::{JobId, UnixMillis};
use models::CancelToken;
use serde_json::Value;
use store::{JobProgress, JobRecord, Store};

use super::meter::Meter;
use super::registry::{Registry, Throttle};
use super::stop::Stop;
use crate::Clock;

/// The running work's side of a job.
pub struct JobControl {
    status: JobStatus,
    cursor: Option<Value>,
    cancel: CancelToken,
    registry: Arc<Registry>,
    store: Arc<Store>,
    clock: Clock,
    meter: Meter,
    throttle: Throttle,
    saved: Option<UnixMillis>,
}

/// Progress that comes with no stored work is itself stored this often, so that other processes see it.
const SAVE_MILLIS: i64 = 1000;

impl JobControl {
    pub(crate) fn new(
        record: JobRecord,
        cancel: CancelToken,
        registry: Arc<Registry>,
        store: Arc<Store>,
        clock: Clock,
    ) -> Self {
        let JobRecord { status, cursor, .. } = record;
        let (meter, throttle) = (Meter::default(), Throttle::default());
        Self { status, cursor, cancel, registry, store, clock, meter, throttle, saved: None }
    }

    /// The job's number.
    #[must_use]
    pub fn job(&self) -> JobId {
        self.status.id
    }

    /// Names this job among all that a project ever had, also after its store was replaced by an older copy.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}-{}", self.status.id, self.status.created)
    }

    /// Where an earlier run of this job stopped.
    #[must_use]
    pub fn cursor(&self) -> Option<&Value> {
        self.cursor.as_ref()
    }

    /// What an earlier run of this job gave.
    #[must_use]
    pub fn result(&self) -> Option<&JobResult> {
        self.status.result.as_ref()
    }

    /// Units done.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.status.done
    }

    /// Set when the job shall stop; for work that blocks in a model.
    #[must_use]
    pub fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        (self.clock)()
    }

    /// To be called between units of work.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the job shall stop.
    pub fn check(&self) -> Result<(), Stop> {
        if self.cancel.is_cancelled() { Err(Stop::Cancelled) } else { Ok(()) }
    }

    /// Takes how far the work is and gives what the store shall keep of it, in the transaction of the work itself.
    /// Listeners hear of it with [`JobControl::publish`].
    pub fn measure(
        &mut self,
        done: u64,
        total: Option<u64>,
        cursor: Option<Value>,
        result: Option<JobResult>,
    ) -> JobProgress {
        let at = self.now();
        self.meter.record(at, done);
        self.status.done = done;
        self.status.total = total;
        self.status.rate = self.meter.rate();
        self.status.seconds_left = self.meter.seconds_left(total);
        if let Some(result) = &result {
            self.status.result = Some(result.clone());
        }
        JobProgress { done, total, rate: self.status.rate, cursor, result, at }
    }

    /// Tells the listeners where the job stands, at most ten times a second.
    pub fn publish(&mut self) {
        let told = self.throttle.passes(self.now());
        self.registry.update(&self.status, told);
    }

    /// Progress of work that stores nothing itself; kept in the store about once a second.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the job shall stop, and what the store says.
    pub fn advance(&mut self, done: u64, total: Option<u64>) -> Result<(), Stop> {
        self.check()?;
        let progress = self.measure(done, total, None, None);
        if self.saved.is_none_or(|saved| progress.at - saved >= SAVE_MILLIS || progress.at < saved) {
            self.saved = Some(progress.at);
            self.store.save_job_progress(self.status.id, &progress)?;
        }
        self.publish();
        Ok(())
    }
}
