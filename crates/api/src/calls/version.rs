//! Versions: committing, looking, naming, checking out.

use std::ops::ControlFlow;

use contract::settings::Language;
use contract::version::{
    Blame, BlameSample, CommitPreview, CommitSource, GetVersion, GetVersionPlot, ListVersions, PreviewCommit,
    SetCurrentVersion, StartCheck, StartCheckout, StartCommit, StartRollback, StartStatus, StartView, TagVersion,
    UntagVersion, VersionDetail, VersionPlot, VersionSummary,
};
use contract::{CallError, ErrorCode, JobId};
use pipeline::job::JobParameters;
use pipeline::version::{VersionWork, Wanted, check_limits, folder_of};

use crate::Winnow;
use crate::path::{absolute, text};
use crate::project::Project;
use crate::route::Handle;

/// Starts a job that, asked for again, is the same work while it has not ended.
pub(super) fn start(project: &Project, what: VersionWork) -> Result<JobId, CallError> {
    project.runner().start(&JobParameters::Version { what, asked: None })
}

/// Starts a job that is other work each time.
pub(super) fn start_anew(winnow: &Winnow, project: &Project, what: VersionWork) -> Result<JobId, CallError> {
    project.runner().start(&JobParameters::Version { what, asked: Some(winnow.now()) })
}

/// The author given, else the person's name.
pub(super) fn author(winnow: &Winnow, given: &str) -> String {
    let given = given.trim();
    if given.is_empty() { winnow.person().settings().reviewer } else { given.to_owned() }
}

/// The person's language.
pub(super) fn language(winnow: &Winnow) -> Language {
    winnow.person().settings().language.unwrap_or(Language::En)
}

/// A message, which must say something.
fn message(given: &str) -> Result<String, CallError> {
    match given.trim() {
        "" => Err(CallError::new(ErrorCode::ArgumentEmpty).with("name", "message")),
        message => Ok(message.to_owned()),
    }
}

/// A source that means the same when the job runs, and is there.
fn settled(project: &Project, source: CommitSource) -> Result<CommitSource, CallError> {
    Ok(match source {
        CommitSource::Folder(folder) => {
            let folder = absolute(&folder)?;
            crate::path::check_file(&folder.join("train.jsonl"))?;
            crate::path::check_file(&folder.join("eval.jsonl"))?;
            CommitSource::Folder(text(&folder))
        }
        CommitSource::Latest => CommitSource::Dataset(project.store().dataset(None)?.id),
        CommitSource::Dataset(id) => CommitSource::Dataset(project.store().dataset(Some(id))?.id),
    })
}

/// The number of a version that is there.
pub(super) fn number(project: &Project, version: &str) -> Result<String, CallError> {
    Ok(project.versions().find(version.trim())?.version)
}

impl Handle for StartCommit {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        if let Some(checks) = &self.checks {
            check_limits(checks)?;
        }
        let wanted = Wanted {
            message: message(&self.message)?,
            author: author(winnow, &self.author),
            tag: self.tag.map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()),
            increment: self.increment,
            checks: self.checks,
        };
        let parent = self.parent.map(|parent| number(&project, &parent)).transpose()?;
        let source = settled(&project, self.source)?;
        start(&project, VersionWork::Commit { source, parent, status: self.status, wanted })
    }
}

impl Handle for PreviewCommit {
    fn handle(self, winnow: &Winnow) -> Result<CommitPreview, CallError> {
        let project = winnow.project(&self.project)?;
        let (folder, _) = folder_of(project.store(), &settled(&project, self.source)?)?;
        let parent = self.parent.as_deref().map(str::trim);
        project.commit_previews().of(&project.versions(), &folder, parent, self.increment)
    }
}

impl Handle for ListVersions {
    fn handle(self, winnow: &Winnow) -> Result<Vec<VersionSummary>, CallError> {
        // The version store is what counts; the project's table is an index over it.
        Ok(winnow.project(&self.project)?.versions().list()?)
    }
}

impl Handle for GetVersion {
    fn handle(self, winnow: &Winnow) -> Result<VersionDetail, CallError> {
        Ok(winnow.project(&self.project)?.versions().show(self.version.trim())?)
    }
}

impl Handle for GetVersionPlot {
    fn handle(self, winnow: &Winnow) -> Result<String, CallError> {
        let project = winnow.project(&self.project)?;
        let statistics = |version: &str| Ok::<_, CallError>(project.versions().show(version.trim())?);
        let shown = statistics(&self.version)?;
        let beside = self.beside.as_deref().map(statistics).transpose()?;
        let sides: Vec<(&str, _)> =
            beside.iter().chain([&shown]).map(|detail| (detail.summary.version.as_str(), &detail.statistics)).collect();
        let size = (self.width.clamp(240, 2000), self.height.clamp(120, 2000));
        let lang = language(winnow);
        let plot = match self.plot {
            VersionPlot::Domains => plots::version_domains(&sides, &project.store().schema()?, size, lang),
            VersionPlot::Lengths => plots::version_lengths(&sides, size, lang),
            VersionPlot::Confidences => plots::version_confidences(&sides, size, lang),
        };
        plot.map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))
    }
}

impl Handle for StartCheckout {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let version = number(&project, &self.version)?;
        let to = text(&absolute(&self.to)?);
        let (format, formula_safe) = (self.format, self.formula_safe);
        start(&project, VersionWork::Checkout { version, to, format, formula_safe })
    }
}

impl Handle for StartView {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let to = text(&absolute(&self.to)?);
        start_anew(winnow, &project, VersionWork::View { to, versions: self.versions })
    }
}

impl Handle for StartRollback {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let version = number(&project, &self.version)?;
        let lang = language(winnow);
        let message = match self.message.trim() {
            "" => catalogue::Text::rollback_message(lang, &version),
            message => message.to_owned(),
        };
        let wanted = Wanted { message, author: author(winnow, &self.author), ..Wanted::default() };
        start_anew(winnow, &project, VersionWork::Rollback { version, wanted })
    }
}

impl Handle for TagVersion {
    fn handle(self, winnow: &Winnow) -> Result<VersionSummary, CallError> {
        let project = winnow.writable(&self.project)?;
        Ok(project.versions().tag(self.version.trim(), self.tag.trim(), self.force)?)
    }
}

impl Handle for UntagVersion {
    fn handle(self, winnow: &Winnow) -> Result<VersionSummary, CallError> {
        Ok(winnow.writable(&self.project)?.versions().untag(self.tag.trim())?)
    }
}

impl Handle for SetCurrentVersion {
    fn handle(self, winnow: &Winnow) -> Result<VersionSummary, CallError> {
        Ok(winnow.writable(&self.project)?.versions().set_current(self.version.trim())?)
    }
}

impl Handle for StartCheck {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        if let Some(checks) = &self.checks {
            check_limits(checks)?;
        }
        let version = number(&project, &self.version)?;
        start_anew(winnow, &project, VersionWork::Check { version, checks: self.checks })
    }
}

impl Handle for StartStatus {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let version = number(&project, &self.version)?;
        start_anew(winnow, &project, VersionWork::Status { version, status: self.status })
    }
}

impl Handle for BlameSample {
    fn handle(self, winnow: &Winnow) -> Result<Blame, CallError> {
        let project = winnow.project(&self.project)?;
        let version = self.version.as_deref().map(str::trim);
        Ok(project.versions().blame(self.sample.trim(), version, &mut |_| ControlFlow::Continue(()))?)
    }
}
