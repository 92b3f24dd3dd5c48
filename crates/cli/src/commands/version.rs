//! `winnow version`: committing, looking, checking out.

use catalogue::Language;
use contract::DatasetId;
use contract::job::JobResult;
use contract::settings::GetSettings;
use contract::version::{CommitSource, GetVersion, ListVersions, StartCheckout, StartCommit, VersionSummary};

use crate::arguments::{Commit, Version, VersionAction};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

pub fn version(lang: Language, version: &Version) -> Result<Reply, Failure> {
    let session = Session::open(lang, &version.dir)?;
    let project = session.project();
    match &version.action {
        VersionAction::Commit(commit) => {
            let version = commit_dataset(&session, commit, None)?;
            Reply::new(&version, report::versions::committed(lang, &version))
        }
        VersionAction::List => {
            let versions = session.call(ListVersions { project })?;
            Reply::new(&versions, report::versions::list(lang, &versions))
        }
        VersionAction::Show { version } => {
            let detail = session.call(GetVersion { project, version: version.clone() })?;
            Reply::new(&detail, report::versions::detail(lang, &detail))
        }
        VersionAction::Checkout { version, to } => {
            let status = session.run(StartCheckout {
                project,
                version: version.clone(),
                to: path_text(to)?,
                ..StartCheckout::default()
            })?;
            match status.result {
                Some(JobResult::Checkout(report)) => Reply::new(&report, report::versions::checked_out(lang, &report)),
                _ => Err(Failure::defect(&"no checkout")),
            }
        }
    }
}

/// Commits a dataset (the latest when `None`) in one job. The author is the one given, else the settings' name.
pub fn commit_dataset(
    session: &Session,
    commit: &Commit,
    dataset: Option<DatasetId>,
) -> Result<VersionSummary, Failure> {
    let author = match &commit.author {
        Some(author) => author.clone(),
        None => session.call(GetSettings {})?.reviewer,
    };
    let status = session.run(StartCommit {
        project: session.project(),
        source: dataset.map_or(CommitSource::Latest, CommitSource::Dataset),
        message: commit.message.clone(),
        author,
        tag: commit.tag.clone(),
        increment: commit.increment.contract(),
        ..StartCommit::default()
    })?;
    match status.result {
        Some(JobResult::Commit(report)) => Ok(report.version),
        _ => Err(Failure::defect(&"no version")),
    }
}
