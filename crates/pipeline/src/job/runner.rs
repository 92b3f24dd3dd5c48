//! Runs a project's jobs one after another on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use contract::job::{JobResult, JobState, JobStatus};
use contract::labeller::TrainingReport;
use contract::{CallError, ErrorCode, JobId};
use models::CancelToken;
use store::{JobRecord, Store, StoreError};

use super::control::JobControl;
use super::parameters::JobParameters;
use super::registry::{Registry, lock};
use super::stop::Stop;
use crate::Clock;
use crate::label::ModelSource;
use crate::labeller::Bench;
use crate::write::NearDuplicates;

/// How often a running job looks whether another process asked it to stop.
const LOOK: Duration = Duration::from_millis(200);
/// Time between two tries to store that a job begins, or how it ended.
const AGAIN: Duration = Duration::from_secs(1);
/// How many jobs back a start looks for the same work.
const RECENT: u32 = 100;

/// What the work of a project's jobs needs.
#[derive(Clone)]
pub struct Workplace {
    /// The project.
    pub store: Arc<Store>,
    /// Gives models.
    pub models: Arc<dyn ModelSource>,
    /// The time.
    pub clock: Clock,
    /// All jobs of this process.
    pub registry: Arc<Registry>,
    /// Near-duplicates as they were found last.
    pub near: Arc<NearDuplicates>,
}

impl Workplace {
    /// Where labellers are made.
    #[must_use]
    pub fn bench(&self) -> Bench {
        Bench { store: self.store.clone(), models: self.models.clone(), clock: self.clock.clone() }
    }

    /// The project's folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.store.folder().path().to_owned()
    }
}

/// The jobs of one project.
pub struct JobRunner {
    workplace: Workplace,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    closing: AtomicBool,
}

impl Shared {
    /// Waits before another try; closing, or another job, ends it sooner.
    fn pause(&self) {
        let state = lock(&self.state);
        // What woke it doesn't matter.
        drop(self.changed.wait_timeout(state, AGAIN).unwrap_or_else(PoisonError::into_inner));
    }
}

#[derive(Default)]
struct State {
    /// Something may be in the queue.
    knocked: bool,
    running: Option<CancelToken>,
}

impl JobRunner {
    /// The runner of a project; its thread starts with the first job.
    #[must_use]
    pub fn new(workplace: Workplace) -> Self {
        Self { workplace, shared: Arc::default(), thread: Mutex::new(None) }
    }

    /// What the jobs work with.
    #[must_use]
    pub fn workplace(&self) -> &Workplace {
        &self.workplace
    }

    /// Queues a job. When the latest job of the same work is queued or running, that one is the answer; when it was
    /// interrupted, was cancelled or has failed, it goes on where it stopped.
    ///
    /// # Errors
    /// What the store says.
    pub fn start(&self, parameters: &JobParameters) -> Result<JobId, CallError> {
        let store = &self.workplace.store;
        let job = parameters.to_new_job()?;
        for status in store.jobs(RECENT)? {
            if status.kind != job.kind || store.job(status.id)?.params != job.params {
                continue;
            }
            if status.state.is_active() {
                return Ok(status.id);
            }
            if status.state.is_resumable() {
                return self.resume(status.id).map(|status| status.id);
            }
            break;
        }
        let id = store.create_job(&job, (self.workplace.clock)())?;
        self.workplace.registry.tell(&store.job(id)?.status);
        self.knock();
        Ok(id)
    }

    /// Queues a job again that failed, was cancelled or was interrupted.
    ///
    /// # Errors
    /// [`ErrorCode::JobMissing`]; [`ErrorCode::JobOver`] when it is done or active.
    pub fn resume(&self, job: JobId) -> Result<JobStatus, CallError> {
        let status = self.workplace.store.requeue_job(job)?;
        self.workplace.registry.tell(&status);
        self.knock();
        Ok(status)
    }

    /// Asks a job to stop, whichever process runs it.
    ///
    /// # Errors
    /// [`ErrorCode::JobMissing`], [`ErrorCode::JobOver`].
    pub fn cancel(&self, job: JobId) -> Result<JobStatus, CallError> {
        let Workplace { store, registry, clock, .. } = &self.workplace;
        // One that runs here is stopped whether or not that can be stored: the disk may be full.
        let here = registry.cancel(&store.job(job)?.status.project, job);
        let asked = store.request_cancel(job, clock());
        if let Some(live) = here {
            return Ok(live);
        }
        let status = asked?;
        registry.tell(&status);
        Ok(status)
    }

    /// Interrupts the running job and ends the thread.
    pub fn close(&self) {
        self.shared.closing.store(true, Ordering::Release);
        if let Some(running) = &lock(&self.shared.state).running {
            running.cancel();
        }
        self.shared.changed.notify_all();
        if let Some(thread) = lock(&self.thread).take() {
            // A panic of the thread has been reported with its job.
            let _ = thread.join();
        }
    }

    fn knock(&self) {
        lock(&self.shared.state).knocked = true;
        self.shared.changed.notify_all();
        let mut thread = lock(&self.thread);
        if thread.is_none() {
            let (workplace, shared) = (self.workplace.clone(), self.shared.clone());
            *thread = Some(std::thread::spawn(move || run_queue(&workplace, &shared)));
        }
    }
}

impl Drop for JobRunner {
    fn drop(&mut self) {
        self.close();
    }
}

fn run_queue(workplace: &Workplace, shared: &Shared) {
    loop {
        {
            let mut state = lock(&shared.state);
            while !state.knocked && !shared.closing.load(Ordering::Acquire) {
                state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.knocked = false;
        }
        while !shared.closing.load(Ordering::Acquire) {
            match next_job(workplace) {
                Ok(Some(record)) => run_job(workplace, shared, record),
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(%error, "the next job can't begin");
                    if !tell_unbegun(workplace, error) {
                        break;
                    }
                    shared.pause();
                }
            }
        }
        if shared.closing.load(Ordering::Acquire) {
            return;
        }
    }
}

fn next_job(workplace: &Workplace) -> Result<Option<JobRecord>, StoreError> {
    while let Some(job) = workplace.store.next_queued_job()? {
        match workplace.store.start_job(job, (workplace.clock)()) {
            // It was cancelled between the two calls.
            Err(StoreError::JobOver(_)) => {}
            started => return started.map(Some),
        }
    }
    Ok(None)
}

/// Tells of a job that waits and can't begin, as on a full disk, so that nobody waits for it in vain. It begins when that is possible. Answers
/// whether there is one.
fn tell_unbegun(workplace: &Workplace, error: StoreError) -> bool {
    let store = &workplace.store;
    let Ok(Some(Ok(record))) = store.next_queued_job().map(|job| job.map(|job| store.job(job))) else { return false };
    let mut status = record.status;
    if workplace.registry.status(&status.project, status.id).is_none() {
        status.state = JobState::Failed;
        status.error = Some(error.into());
        workplace.registry.end_unstored(&status);
    }
    true
}

fn run_job(workplace: &Workplace, shared: &Shared, record: JobRecord) {
    let job = record.status.id;
    let cancel = CancelToken::new();
    lock(&shared.state).running = Some(cancel.clone());
    // Closing may have begun before the token was there to be seen.
    if shared.closing.load(Ordering::Acquire) {
        cancel.cancel();
    }
    workplace.registry.begin(record.status.clone(), cancel.clone());
    let mut shown = record.status.clone();
    let over = AtomicBool::new(false);
    let outcome = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| watch_for_cancel(workplace, &record.status, &over));
        let outcome = catch_unwind(AssertUnwindSafe(|| work(workplace, record.clone(), cancel.clone())));
        over.store(true, Ordering::Release);
        watcher.thread().unpark();
        outcome
    });
    lock(&shared.state).running = None;
    let closing = shared.closing.load(Ordering::Acquire);
    let (state, error, result) = match outcome {
        Ok(Ok(result)) => (JobState::Done, None, Some(result)),
        Ok(Err(Stop::Cancelled)) if closing => (JobState::Interrupted, None, None),
        Ok(Err(Stop::Cancelled)) => (JobState::Cancelled, None, None),
        Ok(Err(Stop::Failed(error))) => (JobState::Failed, Some(error), None),
        Err(panic) => (JobState::Failed, Some(defect(panic.as_ref())), None),
    };
    let end = || workplace.store.end_job(job, state, error.as_ref(), result.as_ref(), (workplace.clock)());
    match end() {
        Ok(status) => workplace.registry.end(&status),
        Err(failure) => {
            tracing::error!(%failure, %job, "the end of a job can't be stored");
            let done = state == JobState::Done;
            shown.state = if done { JobState::Failed } else { state };
            shown.error = if done { Some(failure.into()) } else { error.clone() };
            workplace.registry.end_unstored(&shown);
            end_later(workplace, shared, &end);
        }
    }
}

/// Stores the end of a job as soon as that is possible, before any other job begins. If the process ends first, the next opening marks the
/// job as interrupted.
fn end_later(workplace: &Workplace, shared: &Shared, end: &dyn Fn() -> Result<JobStatus, StoreError>) {
    while !shared.closing.load(Ordering::Acquire) {
        shared.pause();
        if let Ok(status) = end() {
            workplace.registry.end(&status);
            return;
        }
    }
}

fn watch_for_cancel(workplace: &Workplace, status: &JobStatus, over: &AtomicBool) {
    while !over.load(Ordering::Acquire) {
        if workplace.store.cancel_requested(status.id).unwrap_or(false) {
            workplace.registry.cancel(&status.project, status.id);
            return;
        }
        std::thread::park_timeout(LOOK);
    }
}

fn work(workplace: &Workplace, record: JobRecord, cancel: CancelToken) -> Result<JobResult, Stop> {
    let parameters = JobParameters::from_value(record.params.clone())?;
    let store = &workplace.store;
    let control =
        &mut JobControl::new(record, cancel, workplace.registry.clone(), store.clone(), workplace.clock.clone());
    match parameters {
        JobParameters::Import { files } => crate::import::import(store, control, &files).map(JobResult::Import),
        JobParameters::Label { model, scope, thresholds, budget, .. } => {
            let request = crate::label::LabelRequest { model: &model, scope: &scope, thresholds, budget };
            crate::label::label(&workplace.bench(), control, &request).map(|report| JobResult::Label(Box::new(report)))
        }
        JobParameters::Train { model, .. } => train(workplace, control, &model).map(JobResult::Train),
        JobParameters::Calibrate { model, limit, trust_labels, .. } => {
            let request = crate::confidence::CalibrateRequest { model: &model, limit, trust_labels };
            let report = crate::confidence::calibrate(&workplace.bench(), control, &request)?;
            Ok(JobResult::Calibrate(Box::new(report)))
        }
        JobParameters::Compare { first, second, scope, trust_labels, known_only, .. } => {
            let (first, second) = (first.as_str(), second.as_str());
            let request = crate::compare::CompareRequest { first, second, scope: &scope, trust_labels, known_only };
            let report = crate::compare::compare(&workplace.bench(), control, &request)?;
            Ok(JobResult::Compare(Box::new(report)))
        }
        JobParameters::Write { settings } => crate::write::write(store, control, &settings, &workplace.near)
            .map(|dataset| JobResult::Write(Box::new(dataset))),
        JobParameters::Version { what, .. } => what.run(store, control),
    }
}

/// Trains a classifier; the vectors are what takes the time, so they are what is counted.
fn train(workplace: &Workplace, control: &mut JobControl, model: &str) -> Result<TrainingReport, Stop> {
    let (cancel, now) = (control.cancel_token().clone(), control.now());
    let mut told = |done, total| match control.advance(done, Some(total)) {
        Err(Stop::Failed(error)) => Err(error),
        // The encoder sees the token, too, and ends in order.
        Ok(()) | Err(Stop::Cancelled) => Ok(()),
    };
    crate::labeller::train(&workplace.bench(), model, &cancel, now, &mut told)
}

fn defect(panic: &(dyn std::any::Any + Send)) -> CallError {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
    CallError::new(ErrorCode::Internal).with("detail", text)
}
