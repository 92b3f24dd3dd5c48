//! `winnow write`: train and eval.

use catalogue::{Language, Text, t};
use contract::dataset::{DatasetSummary, PreviewSplit, SplitSettings, StartWrite};
use contract::job::JobResult;

use crate::arguments::Write;
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::Session;

pub fn write(lang: Language, write: &Write) -> Result<Reply, Failure> {
    let session = Session::open(lang, &write.dir)?;
    let settings = write.split.settings();
    if write.dry_run {
        let split = session.call(PreviewSplit { project: session.project(), settings, at_once: false })?;
        let text = format!("{}\n{}", report::datasets::split(lang, &split), t(lang, Text::ImportTrialNote));
        return Reply::new(&split, text);
    }
    let dataset = write_dataset(&session, settings)?;
    Reply::new(&dataset, report::datasets::written(lang, &session.project, &dataset))
}

/// Writes a dataset in one job.
pub fn write_dataset(session: &Session, settings: SplitSettings) -> Result<DatasetSummary, Failure> {
    let status = session.run(StartWrite { project: session.project(), settings })?;
    match status.result {
        Some(JobResult::Write(dataset)) => Ok(*dataset),
        _ => Err(Failure::defect(&"no dataset")),
    }
}
