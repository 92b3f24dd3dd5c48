//! Sources.

use contract::source::{
    DroppedRow, ExportDropped, FileSpec, ImportReport, InspectFile, Inspection, ListDropped, ListSources, RemoveSource,
    RemovedSource, Source, StartImport, TryCleaning, WrittenFile,
};
use contract::{CallError, ErrorCode, JobId, Page};
use pipeline::job::JobParameters;

use crate::Winnow;
use crate::path::{absolute, check_file, text};
use crate::route::Handle;

impl Handle for InspectFile {
    fn handle(self, _: &Winnow) -> Result<Inspection, CallError> {
        pipeline::import::inspect(&absolute(&self.path)?, &self.read)
    }
}

impl Handle for TryCleaning {
    fn handle(self, winnow: &Winnow) -> Result<ImportReport, CallError> {
        let project = winnow.project(&self.project)?;
        pipeline::import::try_cleaning(project.store(), &absolute_file(self.file)?, self.rows)
    }
}

impl Handle for StartImport {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        if self.files.is_empty() {
            return Err(CallError::new(ErrorCode::ArgumentEmpty).with("name", "files"));
        }
        let files: Vec<FileSpec> = self.files.into_iter().map(absolute_file).collect::<Result<_, _>>()?;
        for file in &files {
            check_file(file.path.as_ref())?;
        }
        project.runner().start(&JobParameters::Import { files })
    }
}

impl Handle for ListSources {
    fn handle(self, winnow: &Winnow) -> Result<Vec<Source>, CallError> {
        Ok(winnow.project(&self.project)?.store().sources()?)
    }
}

impl Handle for ListDropped {
    fn handle(self, winnow: &Winnow) -> Result<Page<DroppedRow>, CallError> {
        let project = winnow.project(&self.project)?;
        Ok(project.store().dropped(self.source, self.reason, self.after, self.limit)?)
    }
}

impl Handle for ExportDropped {
    fn handle(self, winnow: &Winnow) -> Result<WrittenFile, CallError> {
        let project = winnow.project(&self.project)?;
        let name = self.source.map_or("dropped.csv".to_owned(), |source| format!("dropped-{source}.csv"));
        let to = match self.to {
            Some(to) => absolute(&to)?,
            None => project.store().folder().exports().join(name),
        };
        pipeline::review::export_dropped(project.store(), self.source, &to)
    }
}

impl Handle for RemoveSource {
    fn handle(self, winnow: &Winnow) -> Result<RemovedSource, CallError> {
        Ok(winnow.writable(&self.project)?.store().remove_source(self.source)?)
    }
}

fn absolute_file(mut file: FileSpec) -> Result<FileSpec, CallError> {
    file.path = text(&absolute(&file.path)?);
    Ok(file)
}
