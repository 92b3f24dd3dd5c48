//! Importing one file of a job.

use std::path::Path;

use contract::job::JobResult;
use contract::source::{FileSpec, ImportReport};
use contract::{CallError, ErrorCode};
use serde_json::Value;
use store::{ImportWriter, NewSource, Store};

use super::rows::{Batch, Message, Rows};
use super::{Cursor, Stamp};
use crate::job::{JobControl, Stop, file_name, to_value};

/// The next file of a job.
pub(super) struct FileImport<'a> {
    pub(super) store: &'a Store,
    pub(super) files: &'a [FileSpec],
    /// Reports of the files before it.
    pub(super) reports: &'a [ImportReport],
}

impl FileImport<'_> {
    fn spec(&self) -> &FileSpec {
        &self.files[self.reports.len()]
    }

    /// Imports the file and answers all reports, its own the last. `begun` is the file as it was when an earlier run of the
    /// job began with it.
    pub(super) fn run(&self, control: &mut JobControl, begun: Option<Stamp>) -> Result<Vec<ImportReport>, Stop> {
        match self.import(control, begun) {
            Ok(report) => Ok(self.with(report)),
            Err(Stop::Cancelled) => Err(Stop::Cancelled),
            Err(Stop::Failed(error)) => {
                // The error is what people must see, even if cleaning up fails, too: the next run tries it again.
                if let Err(failure) = self.leave_nothing(control) {
                    tracing::error!(?failure, "an unfinished import can't be discarded");
                }
                Err(Stop::Failed(error))
            }
        }
    }

    fn import(&self, control: &mut JobControl, begun: Option<Stamp>) -> Result<ImportReport, Stop> {
        let spec = self.spec();
        let stamp = Stamp::of(Path::new(&spec.path))?;
        let unfinished = self.unfinished(control, begun.as_ref() == Some(&stamp))?;
        let skip = unfinished.as_ref().map_or(0, |writer| writer.report().read);
        let rows = Rows::read(spec, skip);
        let Message::Opened(found) = rows.next(|| control.check())? else { return Err(out_of_turn()) };
        let mut writer = match unfinished {
            Some(writer) => writer,
            None => self.store.begin_import(&self.source(control, found.as_ref().clone()), control.now())?,
        };
        let cursor = to_value(&Cursor { files: self.reports.len(), stamp: Some(stamp) })?;
        let content_hash = loop {
            match rows.next(|| control.check())? {
                Message::Batch(batch) => self.store_batch(&mut writer, control, batch, &cursor)?,
                Message::End(hash) => break hash,
                Message::Opened(_) => return Err(out_of_turn()),
            }
        };
        if writer.report().read == 0 {
            return Err(CallError::new(ErrorCode::FileEmpty).in_file(&spec.path).into());
        }
        let details = ImportReport { complete: true, content_hash: Some(content_hash), ..*found };
        let after = to_value(&Cursor { files: self.reports.len() + 1, stamp: None })?;
        let (before, now) = (self.rows_before(), control.now());
        let finished = |report: &ImportReport| {
            let done = before + report.read;
            control.measure(done, Some(done), Some(after), Some(JobResult::Import(self.with(report.clone()))))
        };
        let report = writer.finish(details, finished, now)?;
        control.publish();
        Ok(report)
    }

    fn store_batch(
        &self,
        writer: &mut ImportWriter<'_>,
        control: &mut JobControl,
        batch: Batch,
        cursor: &Value,
    ) -> Result<(), Stop> {
        let Batch { items, drops, read, share } = batch;
        let before = self.rows_before();
        let total = (share > 0.0).then(|| before + (read as f64 / share) as u64);
        let stored = |report: &ImportReport| {
            let result = JobResult::Import(self.with(report.clone()));
            control.measure(before + read, total, Some(cursor.clone()), Some(result))
        };
        writer.push(items, drops, stored)?;
        control.publish();
        Ok(())
    }

    /// The import that an earlier run of the job left, if the file is still the same; else nothing is left of it.
    fn unfinished(&self, control: &JobControl, same: bool) -> Result<Option<ImportWriter<'_>>, Stop> {
        let mut found = None;
        for import in self.store.unfinished_imports(control.job())? {
            let fits = same || import.report.read == 0;
            let writer = self.store.resume_import(import.source)?;
            if fits && found.is_none() && import.report.path == self.spec().path {
                found = Some(writer);
            } else {
                writer.discard()?;
            }
        }
        Ok(found)
    }

    fn leave_nothing(&self, control: &mut JobControl) -> Result<(), Stop> {
        for import in self.store.unfinished_imports(control.job())? {
            self.store.resume_import(import.source)?.discard()?;
        }
        let cursor = to_value(&Cursor { files: self.reports.len(), stamp: None })?;
        let (done, result) = (self.rows_before(), JobResult::Import(self.reports.to_vec()));
        let progress = control.measure(done, None, Some(cursor), Some(result));
        Ok(self.store.save_job_progress(control.job(), &progress)?)
    }

    fn source(&self, control: &JobControl, report: ImportReport) -> NewSource {
        let spec = self.spec();
        let (name, keep_duplicates) = (file_name(&spec.path), spec.cleaning.keep_duplicates);
        NewSource { name, job: control.job(), keep_duplicates, report }
    }

    fn with(&self, report: ImportReport) -> Vec<ImportReport> {
        let mut reports = self.reports.to_vec();
        reports.push(report);
        reports
    }

    fn rows_before(&self) -> u64 {
        self.reports.iter().map(|report| report.read).sum()
    }
}

fn out_of_turn() -> Stop {
    CallError::new(ErrorCode::Internal).with("detail", "messages of the reading thread out of turn").into()
}
