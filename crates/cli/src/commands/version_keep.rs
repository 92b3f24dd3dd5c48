//! `winnow version verify|repair|gc|archive|restore|export|import`.

use contract::job::JobResult;
use contract::version::{
    GetRetention, Retention, SetRetention, StartArchive, StartCollect, StartExportVersions, StartImportVersions,
    StartRepair, StartRestore, StartVerify,
};

use super::version::committed;
use crate::arguments::{VersionAction, YesNo};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

pub fn keep(session: &Session, action: &VersionAction) -> Result<Reply, Failure> {
    let (lang, project) = (session.lang, session.project());
    let result = match action {
        VersionAction::Verify => session.run(StartVerify { project })?.result,
        VersionAction::Repair { from } => session.run(StartRepair { project, from: path_text(from)? })?.result,
        VersionAction::Gc { dry_run } => session.run(StartCollect { project, dry_run: *dry_run })?.result,
        VersionAction::Archive { versions, dry_run, keep, min_age_days, automatic } => {
            let mut rule = changed_rule(session, *keep, *min_age_days, *automatic)?;
            // A trial goes by the changed rule and leaves the project's as it is.
            if let Some(retention) = rule.take_if(|_| !dry_run) {
                session.call(SetRetention { project: session.project(), retention })?;
            }
            session.run(StartArchive { project, versions: versions.clone(), dry_run: *dry_run, rule })?.result
        }
        VersionAction::Restore { version } => {
            let report = committed(session.run(StartRestore { project, version: version.clone() })?)?;
            return Reply::new(&report.version, report::versions::named(lang, &report.version));
        }
        VersionAction::Export { versions, to } => {
            session.run(StartExportVersions { project, versions: versions.clone(), to: path_text(to)? })?.result
        }
        VersionAction::Import { from } => session.run(StartImportVersions { project, from: path_text(from)? })?.result,
        _ => None,
    };
    match result {
        Some(JobResult::Verify(report)) => {
            Ok(Reply::new(&report, report::keeping::verified(lang, &report))?.failed_if(!report.problems.is_empty()))
        }
        Some(JobResult::Repair(report)) => {
            Ok(Reply::new(&report, report::keeping::repaired(lang, &report))?
                .failed_if(!report.left.problems.is_empty()))
        }
        Some(JobResult::Collect(report)) => Reply::new(&report, report::keeping::collected(lang, &report)),
        Some(JobResult::Archive(report)) => Reply::new(&report, report::keeping::archived(lang, &report)),
        Some(JobResult::ExportVersions(report)) => Reply::new(&report, report::keeping::exported(lang, &report)),
        Some(JobResult::ImportVersions(report)) => Reply::new(&report, report::keeping::imported(lang, &report)),
        _ => Err(Failure::defect(&"no result")),
    }
}

/// The rule of archiving with what was given of it; `None` where nothing was.
fn changed_rule(
    session: &Session,
    keep: Option<u64>,
    min_age_days: Option<u64>,
    automatic: Option<YesNo>,
) -> Result<Option<Retention>, Failure> {
    if keep.is_none() && min_age_days.is_none() && automatic.is_none() {
        return Ok(None);
    }
    let mut retention = session.call(GetRetention { project: session.project() })?;
    retention.keep = keep.unwrap_or(retention.keep);
    retention.min_age_days = min_age_days.unwrap_or(retention.min_age_days);
    retention.automatic = automatic.map_or(retention.automatic, |automatic| automatic == YesNo::Yes);
    Ok(Some(retention))
}
