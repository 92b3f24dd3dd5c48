//! Datasets.

use contract::dataset::{DatasetSummary, ListDatasets, PreviewSplit, SplitPreview, StartWrite};
use contract::{CallError, ErrorCode, JobId};
use pipeline::job::JobParameters;

use crate::Winnow;
use crate::route::Handle;

impl Handle for PreviewSplit {
    fn handle(self, winnow: &Winnow) -> Result<SplitPreview, CallError> {
        let project = winnow.project(&self.project)?;
        pipeline::write::preview(project.store(), &self.settings, &project.runner().workplace().near, self.at_once)
    }
}

impl Handle for StartWrite {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        pipeline::write::split::check(&self.settings)?;
        if project.store().schema()?.domains.is_empty() {
            return Err(CallError::new(ErrorCode::SchemaMissing));
        }
        project.runner().start(&JobParameters::Write { settings: self.settings })
    }
}

impl Handle for ListDatasets {
    fn handle(self, winnow: &Winnow) -> Result<Vec<DatasetSummary>, CallError> {
        Ok(winnow.project(&self.project)?.store().datasets()?)
    }
}
