//! Jobs.

use contract::CallError;
use contract::job::{CancelJob, GetJob, JobStatus, ListJobs, ResumeJob};

use crate::Winnow;
use crate::route::Handle;

impl Handle for ListJobs {
    fn handle(self, winnow: &Winnow) -> Result<Vec<JobStatus>, CallError> {
        winnow.project(&self.project)?.jobs(self.limit)
    }
}

impl Handle for GetJob {
    fn handle(self, winnow: &Winnow) -> Result<JobStatus, CallError> {
        winnow.project(&self.project)?.job(self.job)
    }
}

impl Handle for CancelJob {
    fn handle(self, winnow: &Winnow) -> Result<JobStatus, CallError> {
        winnow.project(&self.project)?.runner().cancel(self.job)
    }
}

impl Handle for ResumeJob {
    fn handle(self, winnow: &Winnow) -> Result<JobStatus, CallError> {
        winnow.writable(&self.project)?.runner().resume(self.job)
    }
}
