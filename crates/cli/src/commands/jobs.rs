//! `winnow jobs`: what runs and ran.

use catalogue::Language;
use contract::job::CancelJob;

use crate::arguments::{Jobs, JobsAction};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::Session;

pub fn jobs(lang: Language, jobs: &Jobs) -> Result<Reply, Failure> {
    let session = Session::open(lang, &jobs.dir)?;
    match jobs.action {
        JobsAction::List { limit } => {
            let jobs = session.jobs(limit)?;
            Reply::new(&jobs, report::jobs::list(lang, &jobs))
        }
        JobsAction::Cancel { id } => {
            let status = session.call(CancelJob { project: session.project(), job: id })?;
            Reply::new(&status, report::jobs::state(lang, &status))
        }
        JobsAction::Resume { id } => {
            let status = session.resume(id)?;
            Reply::new(&status, report::jobs::state(lang, &status))
        }
    }
}
