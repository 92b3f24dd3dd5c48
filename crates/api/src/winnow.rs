//! The object that shells hold.

use std::sync::Arc;

use contract::job::JobStatus;
use contract::{Call, CallError, ErrorCode, JobId};
use serde_json::Value;

use crate::route::{find, misrouted};
use crate::Environment;

/// Winnow without a face: the window, the command line and REST call this and nothing else. Cheap to clone; every call
/// may come from any thread and blocks until it is answered (long work is a job and answers at once with its number).
#[derive(Clone)]
pub struct Winnow {
    inner: Arc<Inner>,
}

struct Inner {
    environment: Environment,
}

impl Winnow {
    /// Starts up: makes the data folder. Opens no project and loads no model.
    ///
    /// # Errors
    /// The data folder can't be made.
    pub fn new(environment: Environment) -> Result<Self, CallError> {
        std::fs::create_dir_all(&environment.data_folder)
            .map_err(|error| CallError::from_io(&error, environment.data_folder.display(), true))?;
        Ok(Self { inner: Arc::new(Inner { environment }) })
    }

    /// Answers a call.
    ///
    /// # Errors
    /// Whatever the call's own work runs into.
    pub fn call<C: Call>(&self, request: C) -> Result<C::Answer, CallError> {
        let route = find(C::NAME).ok_or_else(|| misrouted(C::NAME))?;
        let answer = (route.typed)(self, Box::new(request))?;
        answer.downcast::<C::Answer>().map(|answer| *answer).map_err(|_| misrouted(C::NAME))
    }

    /// Answers a call that came as JSON under its wire name.
    ///
    /// # Errors
    /// [`ErrorCode::ArgumentInvalid`] for an unknown name or a request of another shape; else as [`Winnow::call`].
    pub fn call_json(&self, name: &str, request: Value) -> Result<Value, CallError> {
        let unknown = || CallError::new(ErrorCode::ArgumentInvalid).with("name", "call").with("value", name);
        let route = find(name).ok_or_else(unknown)?;
        (route.json)(self, request)
    }

    /// Tells `listener` of every change of a job (at most ten a second for each job, its end always), from now on.
    pub fn subscribe(&self, listener: Box<dyn Fn(&JobStatus) + Send + Sync>) {
        let _ = listener;
    }

    /// Waits until a job is over (done, failed, cancelled, interrupted) and says how it ended.
    ///
    /// # Errors
    /// No such project or job.
    pub fn wait(&self, project: &str, job: JobId) -> Result<JobStatus, CallError> {
        let _ = project;
        Err(CallError::new(ErrorCode::JobMissing).with("job", job))
    }

    /// Interrupts running jobs (they resume on the next opening) and gives every lock back.
    pub fn shutdown(&self) {}

    pub(crate) fn environment(&self) -> &Environment {
        &self.inner.environment
    }
}
