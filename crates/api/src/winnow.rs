//! The object that shells hold.

use std::sync::Arc;
use std::time::Duration;

use contract::job::JobStatus;
use contract::{Call, CallError, ErrorCode, JobId, UnixMillis};
use pipeline::job::Registry;
use serde_json::Value;

use crate::Environment;
use crate::model_pool::ModelPool;
use crate::person::Person;
use crate::project::Project;
use crate::projects::Projects;
use crate::route::{find, misrouted};

/// How often a job of another process is looked at while somebody waits for it.
const LOOK: Duration = Duration::from_millis(200);

/// Winnow without a face: the window, the command line and REST call this and nothing else. Cheap to clone; every call
/// may come from any thread and blocks until it is answered (long work is a job and answers at once with its number).
#[derive(Clone)]
pub struct Winnow {
    inner: Arc<Inner>,
}

struct Inner {
    environment: Environment,
    person: Person,
    projects: Projects,
    models: Arc<ModelPool>,
    registry: Arc<Registry>,
}

impl Winnow {
    /// Starts up: makes the data folder. Opens no project and loads no model.
    ///
    /// # Errors
    /// The data folder can't be made.
    pub fn new(environment: Environment) -> Result<Self, CallError> {
        let folder = &environment.data_folder;
        std::fs::create_dir_all(folder).map_err(|error| CallError::from_io(&error, folder.display(), true))?;
        let registry = Arc::new(Registry::default());
        let models = Arc::new(ModelPool::default());
        let projects = Projects::new(models.clone(), environment.clock.clone(), registry.clone());
        let person = Person::at(folder.clone());
        Ok(Self { inner: Arc::new(Inner { environment, person, projects, models, registry }) })
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
        let unknown = || {
            let error = CallError::new(ErrorCode::ArgumentInvalid);
            error.with("name", "call").with("value", name).with("detail", "")
        };
        let route = find(name).ok_or_else(unknown)?;
        (route.json)(self, request)
    }

    /// Tells `listener` of every change of a job (at most ten a second for each job, its end always), from now on. It is
    /// called on the jobs' threads and should return at once.
    pub fn subscribe(&self, listener: Box<dyn Fn(&JobStatus) + Send + Sync>) {
        self.inner.registry.subscribe(listener);
    }

    /// Waits until a job is over (done, failed, cancelled, interrupted) and says how it ended.
    ///
    /// # Errors
    /// No such project or job.
    pub fn wait(&self, project: &str, job: JobId) -> Result<JobStatus, CallError> {
        let project = self.project(project)?;
        loop {
            let seen = self.inner.registry.changes();
            let status = project.job(job)?;
            if !status.state.is_active() {
                return Ok(status);
            }
            self.inner.registry.wait_for_change(seen, LOOK);
        }
    }

    /// Interrupts running jobs (they can be resumed on the next opening) and gives every lock back.
    pub fn shutdown(&self) {
        self.inner.projects.close_all();
    }

    /// A project to look at.
    pub(crate) fn project(&self, folder: &str) -> Result<Arc<Project>, CallError> {
        self.inner.projects.get(folder, false)
    }

    /// A project to change.
    pub(crate) fn writable(&self, folder: &str) -> Result<Arc<Project>, CallError> {
        let project = self.inner.projects.get(folder, true)?;
        project.check_writable()?;
        Ok(project)
    }

    pub(crate) fn projects(&self) -> &Projects {
        &self.inner.projects
    }

    pub(crate) fn person(&self) -> &Person {
        &self.inner.person
    }

    pub(crate) fn models(&self) -> &ModelPool {
        &self.inner.models
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.inner.environment
    }

    pub(crate) fn now(&self) -> UnixMillis {
        (self.inner.environment.clock)()
    }
}
