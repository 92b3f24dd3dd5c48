//! Keeping the version store.

use contract::version::{
    GetRetention, Retention, SetRetention, StartArchive, StartCollect, StartExportVersions, StartImportVersions,
    StartRepair, StartRestore, StartVerify,
};
use contract::{CallError, ErrorCode, JobId};
use pipeline::version::VersionWork;

use super::version::{number, start, start_anew};
use crate::Winnow;
use crate::path::{absolute, check_file, text};
use crate::project::Project;
use crate::route::Handle;

/// The numbers of versions that are there.
fn numbers(project: &Project, versions: &[String]) -> Result<Vec<String>, CallError> {
    versions.iter().map(|version| number(project, version)).collect()
}

/// A file that is there, by its absolute path.
fn file(path: &str) -> Result<String, CallError> {
    let path = absolute(path)?;
    check_file(&path)?;
    Ok(text(&path))
}

impl Handle for StartVerify {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        start_anew(winnow, &*winnow.writable(&self.project)?, VersionWork::Verify)
    }
}

impl Handle for StartRepair {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        start_anew(winnow, &project, VersionWork::Repair { from: file(&self.from)? })
    }
}

impl Handle for StartCollect {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        start_anew(winnow, &project, VersionWork::Collect { dry_run: self.dry_run })
    }
}

impl Handle for GetRetention {
    fn handle(self, winnow: &Winnow) -> Result<Retention, CallError> {
        Ok(winnow.project(&self.project)?.versions().retention()?)
    }
}

/// A rule that keeps no version at all is none.
fn check_rule(rule: &Retention) -> Result<(), CallError> {
    if rule.keep > 0 {
        return Ok(());
    }
    let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "keep").with("value", 0);
    Err(error.with("detail", "> 0"))
}

impl Handle for SetRetention {
    fn handle(self, winnow: &Winnow) -> Result<Retention, CallError> {
        check_rule(&self.retention)?;
        Ok(winnow.writable(&self.project)?.versions().set_retention(self.retention)?)
    }
}

impl Handle for StartArchive {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let versions = numbers(&project, &self.versions)?;
        self.rule.as_ref().map_or(Ok(()), check_rule)?;
        start_anew(winnow, &project, VersionWork::Archive { versions, dry_run: self.dry_run, rule: self.rule })
    }
}

impl Handle for StartRestore {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        start_anew(winnow, &project, VersionWork::Restore { version: number(&project, &self.version)? })
    }
}

impl Handle for StartExportVersions {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let versions = numbers(&project, &self.versions)?;
        start(&project, VersionWork::Export { versions, to: text(&absolute(&self.to)?) })
    }
}

impl Handle for StartImportVersions {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        start_anew(winnow, &project, VersionWork::Import { from: file(&self.from)? })
    }
}
