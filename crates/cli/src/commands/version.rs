//! `winnow version`: committing, looking, naming, comparing, merging. Keeping the store is in [`super::version_keep`].

use std::path::Path;

use catalogue::{Language, Text, t};
use contract::job::{JobResult, JobStatus};
use contract::settings::GetSettings;
use contract::version::{
    BlameSample, CheckReport, CommitReport, CommitSource, CompareVersions, ExportChanges, GetVersion, ListChanges,
    ListVersions, PreviewCommit, SampleChange, SetCurrentVersion, StartCheck, StartCheckout, StartCommit,
    StartRollback, StartStatus, StartView, TagVersion, UntagVersion, VersionComparison, VersionSummary,
};
use contract::{CallError, DatasetId, ErrorCode, Page};
use serde::Serialize;

use super::{version_keep, version_merge};
use crate::arguments::{Commit, Version, VersionAction, commit_source};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

pub fn version(lang: Language, version: &Version) -> Result<Reply, Failure> {
    let session = Session::open(lang, &version.dir)?;
    let project = session.project();
    match &version.action {
        VersionAction::Commit { commit, dataset, folder, parent, status, promises, dry_run } => {
            let source = commit_source(*dataset, folder.as_deref().map(path_text).transpose()?);
            let (parent, increment) = (parent.clone(), commit.increment.contract());
            if *dry_run {
                let preview = session.call(PreviewCommit { project, source, parent, increment })?;
                let text = report::versions::preview(lang, &preview);
                return Reply::new(&preview, text);
            }
            let (status, checks) = (status.contract(), promises.checks());
            let asked = StartCommit { source, parent, status, checks, ..commit_of(&session, commit)? };
            let report = committed(session.run(asked)?)?;
            let kept_back = report.report.as_ref().is_some_and(|report| !report.passed);
            let mut text = report::versions::committed(lang, &report.version);
            if let Some(report) = &report.report {
                text = format!("{text}\n{}", report::checks::report(lang, report));
            }
            Ok(Reply::new(&Committed { version: report.version, checks: report.report }, text)?.failed_if(kept_back))
        }
        VersionAction::List => {
            let versions = session.call(ListVersions { project })?;
            Reply::new(&versions, report::versions::list(lang, &versions))
        }
        VersionAction::Log => {
            let versions = session.call(ListVersions { project })?;
            Reply::new(&versions, report::versions::log(lang, &versions))
        }
        VersionAction::Show { version } => {
            let detail = session.call(GetVersion { project, version: version.clone() })?;
            Reply::new(&detail, report::versions::detail(lang, &detail))
        }
        VersionAction::Checkout { version, to, format, formula_safe } => {
            let (version, to) = (version.clone(), path_text(to)?);
            let (format, formula_safe) = (format.contract(), *formula_safe);
            let status = session.run(StartCheckout { project, version, to, format, formula_safe })?;
            match status.result {
                Some(JobResult::Checkout(report)) => Reply::new(&report, report::versions::checked_out(lang, &report)),
                _ => Err(Failure::defect(&"no checkout")),
            }
        }
        VersionAction::View { versions, to } => {
            let status = session.run(StartView { project, to: path_text(to)?, versions: versions.clone() })?;
            match status.result {
                Some(JobResult::View(report)) => Reply::new(&report, report::versions::view(lang, &report)),
                _ => Err(Failure::defect(&"no view")),
            }
        }
        VersionAction::Rollback { version, message, author } => {
            let (version, message, author) = (version.clone(), message.clone(), author.clone());
            let report = committed(session.run(StartRollback { project, version, message, author })?)?;
            Reply::new(&report.version, report::versions::committed(lang, &report.version))
        }
        VersionAction::Merge(options) => version_merge::merge(&session, options),
        VersionAction::Tag { .. } | VersionAction::Current { .. } => name(&session, &version.action),
        VersionAction::Status { .. } | VersionAction::Check { .. } => promise(&session, &version.action),
        VersionAction::Diff { .. } => diff(&session, &version.action),
        VersionAction::Blame { sample, version } => {
            let blame = session.call(BlameSample { project, sample: sample.clone(), version: version.clone() })?;
            Reply::new(&blame, report::changes::blame(lang, &blame))
        }
        keeping => version_keep::keep(&session, keeping),
    }
}

/// A version that was committed, as JSON: its fields, and the report of its promises where there is one.
#[derive(Serialize)]
struct Committed {
    #[serde(flatten)]
    version: VersionSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<CheckReport>,
}

/// The version that a job made.
pub fn committed(status: JobStatus) -> Result<CommitReport, Failure> {
    match status.result {
        Some(JobResult::Commit(report)) => Ok(*report),
        _ => Err(Failure::defect(&"no version")),
    }
}

/// What is asked for by the options of a commit. The author is the one given, else the settings' name.
fn commit_of(session: &Session, commit: &Commit) -> Result<StartCommit, Failure> {
    let author = match &commit.author {
        Some(author) => author.clone(),
        None => session.call(GetSettings {})?.reviewer,
    };
    Ok(StartCommit {
        project: session.project(),
        message: commit.message.clone(),
        author,
        tag: commit.tag.clone(),
        increment: commit.increment.contract(),
        ..StartCommit::default()
    })
}

/// Commits a dataset in one job.
pub fn commit_dataset(session: &Session, commit: &Commit, dataset: DatasetId) -> Result<VersionSummary, Failure> {
    let asked = StartCommit { source: CommitSource::Dataset(dataset), ..commit_of(session, commit)? };
    Ok(committed(session.run(asked)?)?.version)
}

fn name(session: &Session, action: &VersionAction) -> Result<Reply, Failure> {
    let (lang, project) = (session.lang, session.project());
    let named = match action {
        VersionAction::Tag { remove: Some(tag), .. } => session.call(UntagVersion { project, tag: tag.clone() })?,
        VersionAction::Tag { version: Some(version), tag: Some(tag), force, .. } => {
            session.call(TagVersion { project, version: version.clone(), tag: tag.clone(), force: *force })?
        }
        VersionAction::Current { version } => session.call(SetCurrentVersion { project, version: version.clone() })?,
        _ => return Err(Failure::defect(&"no name")),
    };
    Reply::new(&named, report::versions::named(lang, &named))
}

fn promise(session: &Session, action: &VersionAction) -> Result<Reply, Failure> {
    let (lang, project) = (session.lang, session.project());
    match action {
        VersionAction::Status { version, status: None } => {
            let detail = session.call(GetVersion { project, version: version.clone() })?;
            Reply::new(&detail.summary, report::versions::named(lang, &detail.summary))
        }
        VersionAction::Status { version, status: Some(status) } => {
            let asked = StartStatus { project, version: version.clone(), status: status.contract() };
            let Some(JobResult::Status(change)) = session.run(asked)?.result else {
                return Err(Failure::defect(&"no status"));
            };
            let kept_back = change.report.as_ref().is_some_and(|report| !report.passed);
            let mut text = report::versions::named(lang, &change.version);
            if let Some(report) = &change.report {
                text = format!("{text}\n{}", report::checks::report(lang, report));
            }
            Ok(Reply::new(&change, text)?.failed_if(kept_back))
        }
        VersionAction::Check { version, promises } => {
            let asked = StartCheck { project, version: version.clone(), checks: promises.checks() };
            let Some(JobResult::Check(report)) = session.run(asked)?.result else {
                return Err(Failure::defect(&"no report"));
            };
            Ok(Reply::new(&report, report::checks::report(lang, &report))?.failed_if(!report.passed))
        }
        _ => Err(Failure::defect(&"no promise")),
    }
}

/// Two versions beside each other, with a page of what changed.
#[derive(Serialize)]
struct Diff {
    #[serde(flatten)]
    comparison: VersionComparison,
    rows: Page<SampleChange>,
}

/// Refuses a file that the changed samples can't be written to: its name says the format, and any other would hold JSON lines.
fn check_ending(lang: Language, file: &Path) -> Result<(), Failure> {
    let ending = file.extension().unwrap_or_default();
    if ["csv", "jsonl"].iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "--output").with("value", file.display());
    Err(error.with("detail", t(lang, Text::ToldDiffEndings)).into())
}

fn diff(session: &Session, action: &VersionAction) -> Result<Reply, Failure> {
    let VersionAction::Diff { from, to, filter, limit, after, output, formula_safe } = action else {
        return Err(Failure::defect(&"no comparison"));
    };
    let (lang, from, to) = (session.lang, from.clone(), to.clone());
    let project = || session.project();
    if let Some(file) = output {
        check_ending(lang, file)?;
    }
    let comparison = session.call(CompareVersions { project: project(), from: from.clone(), to: to.clone() })?;
    if let Some(file) = output {
        let file = path_text(file)?;
        let (filter, formula_safe) = (filter.filter(), *formula_safe);
        let asked = ExportChanges { project: project(), from, to, filter, file: file.clone(), formula_safe };
        let rows = session.call(asked)?;
        return Reply::new(&rows, report::changes::exported(lang, rows, &file));
    }
    let asked = ListChanges { project: project(), from, to, filter: filter.filter(), after: *after, limit: *limit };
    let rows = session.call(asked)?;
    let text = report::changes::diff(lang, &comparison, &rows);
    Reply::new(&Diff { comparison, rows }, text)
}
