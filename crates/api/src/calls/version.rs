//! Versions.

use contract::version::{GetVersion, ListVersions, StartCheckout, StartCommit, VersionDetail, VersionSummary};
use contract::{CallError, ErrorCode, JobId};
use pipeline::job::JobParameters;

use crate::Winnow;
use crate::path::{absolute, text};
use crate::route::Handle;

impl Handle for StartCommit {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let message = self.message.trim().to_owned();
        if message.is_empty() {
            let error = CallError::new(ErrorCode::ArgumentInvalid);
            return Err(error.with("name", "message").with("value", "").with("detail", ""));
        }
        let asked = match self.source {
            contract::version::CommitSource::Dataset(dataset) => Some(dataset),
            _ => None,
        };
        let dataset = project.store().dataset(asked)?.id;
        let author = Some(self.author.trim().to_owned()).filter(|author| !author.is_empty());
        let author = author.unwrap_or_else(|| winnow.person().settings().reviewer);
        let tag = self.tag.map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty());
        project.runner().start(&JobParameters::Commit { dataset, message, author, tag, increment: self.increment })
    }
}

impl Handle for ListVersions {
    fn handle(self, winnow: &Winnow) -> Result<Vec<VersionSummary>, CallError> {
        // The manifests are what counts; the store's table is an index over them.
        Ok(winnow.project(&self.project)?.versions().list()?)
    }
}

impl Handle for GetVersion {
    fn handle(self, winnow: &Winnow) -> Result<VersionDetail, CallError> {
        Ok(winnow.project(&self.project)?.versions().show(self.version.trim())?)
    }
}

impl Handle for StartCheckout {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let version = project.versions().show(self.version.trim())?.summary.version;
        let to = text(&absolute(&self.to)?);
        project.runner().start(&JobParameters::Checkout { version, to })
    }
}
