//! The way to `api`: a project that is open for the length of a command.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::{Environment, Winnow};
use catalogue::{Language, Text, t};
use contract::job::{JobState, JobStatus, ListJobs, ResumeJob};
use contract::project::OpenProject;
use contract::{Call, CallError, ErrorCode, JobId};

use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Progress;

/// How long a lock is waited for; a window holds it for longer, another command that looks at something doesn't.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Winnow and the project that a command works with; shut down at the end.
pub struct Session {
    /// The person's language.
    pub lang: Language,
    /// The project's folder, as calls name it.
    pub project: String,
    winnow: Winnow,
    progress: Arc<Progress>,
    interrupt: Interrupt,
}

impl Session {
    /// Starts up with a folder that need not hold a project yet.
    ///
    /// # Errors
    /// The data folder can't be made.
    pub fn at(lang: Language, folder: &Path) -> Result<Self, Failure> {
        let winnow = Winnow::new(Environment::of_system())?;
        let progress = Arc::new(Progress::new(lang));
        let painter = Arc::clone(&progress);
        winnow.subscribe(Box::new(move |status| painter.show(status)));
        let painter = Arc::clone(&progress);
        let interrupt = Interrupt::listen(move || painter.note(t(lang, Text::CommandStopping)));
        Ok(Self { lang, project: path_text(folder)?, winnow, progress, interrupt })
    }

    /// Opens the project in a folder.
    ///
    /// # Errors
    /// There is none, or it can't be read.
    pub fn open(lang: Language, folder: &Path) -> Result<Self, Failure> {
        let session = Self::at(lang, folder)?;
        session.call(OpenProject { folder: session.project.clone() })?;
        Ok(session)
    }

    /// The project's folder, to put into a request.
    pub fn project(&self) -> String {
        self.project.clone()
    }

    /// Answers a call. A project that another process writes to is asked for again for a moment: looking at a project, too,
    /// holds its lock while it takes.
    ///
    /// # Errors
    /// As the call's.
    pub fn call<C: Call + Clone>(&self, request: C) -> Result<C::Answer, Failure> {
        let asked = Instant::now();
        loop {
            match self.winnow.call(request.clone()) {
                Err(error) if error.code == ErrorCode::ProjectLocked && asked.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                answer => return Ok(answer?),
            }
        }
    }

    /// Starts a job and waits for its end, with progress on standard error; Ctrl-C stops it.
    ///
    /// # Errors
    /// The job could not start, failed, or was stopped.
    pub fn run<C: Call<Answer = JobId> + Clone>(&self, start: C) -> Result<JobStatus, Failure> {
        let job = self.call(start)?;
        self.finish(job)
    }

    /// Continues a job and waits for its end.
    ///
    /// # Errors
    /// As [`Session::run`].
    pub fn resume(&self, job: JobId) -> Result<JobStatus, Failure> {
        let status = self.call(ResumeJob { project: self.project(), job })?;
        self.finish(status.id)
    }

    fn finish(&self, job: JobId) -> Result<JobStatus, Failure> {
        self.interrupt.watch(&self.winnow, &self.project, job);
        let ended = self.winnow.wait(&self.project, job);
        self.interrupt.release();
        self.progress.clear();
        let status = ended?;
        match status.state {
            JobState::Done => Ok(status),
            JobState::Failed => {
                Err(status.error.unwrap_or_else(|| CallError::new(ErrorCode::JobOver).with("job", job)).into())
            }
            _ => Err(Failure::Stopped),
        }
    }

    /// The latest jobs.
    ///
    /// # Errors
    /// The project can't be read.
    pub fn jobs(&self, limit: u32) -> Result<Vec<JobStatus>, Failure> {
        self.call(ListJobs { project: self.project(), limit })
    }

    /// A line on standard error about what comes next.
    pub fn note(&self, text: &str) {
        self.progress.note(text);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.winnow.shutdown();
    }
}

/// A path as calls carry it: absolute, so that a job means the same file when it is resumed from another folder.
///
/// # Errors
/// The path is empty or not Unicode.
pub fn path_text(path: &Path) -> Result<String, Failure> {
    let unfit = |detail: &str| {
        let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "path").with("detail", detail);
        Failure::from(error.with("value", path.display()))
    };
    let absolute = std::path::absolute(path).map_err(|error| unfit(&error.to_string()))?;
    absolute.to_str().map(str::to_owned).ok_or_else(|| unfit("UTF-8"))
}
