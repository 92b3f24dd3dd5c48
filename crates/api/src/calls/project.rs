//! Projects.

use contract::CallError;
use contract::project::{
    CloseProject, CreateProject, GetOverview, ListRecentProjects, OpenProject, OpenSampleProject, ProjectOverview,
    RecentProject,
};

use crate::Winnow;
use crate::path::{absolute, text};
use crate::project::Project;
use crate::route::Handle;

impl Handle for ListRecentProjects {
    fn handle(self, winnow: &Winnow) -> Result<Vec<RecentProject>, CallError> {
        Ok(winnow.person().recent())
    }
}

impl Handle for CreateProject {
    fn handle(self, winnow: &Winnow) -> Result<ProjectOverview, CallError> {
        let folder = absolute(&self.folder)?;
        // Read first: a broken schema must leave no project behind.
        let domains = self.schema_file.map(|file| ingest::read_schema(&absolute(&file)?)).transpose()?;
        let name = self.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into());
        let project = winnow.projects().create(&folder, &name)?;
        if let Some(domains) = domains {
            project.store().set_schema(&domains)?;
        }
        opened(winnow, &project)
    }
}

impl Handle for OpenProject {
    fn handle(self, winnow: &Winnow) -> Result<ProjectOverview, CallError> {
        let project = winnow.projects().get(&self.folder, true)?;
        opened(winnow, &project)
    }
}

impl Handle for OpenSampleProject {
    fn handle(self, winnow: &Winnow) -> Result<ProjectOverview, CallError> {
        let project = crate::sample::open(winnow)?;
        opened(winnow, &project)
    }
}

impl Handle for CloseProject {
    fn handle(self, winnow: &Winnow) -> Result<(), CallError> {
        winnow.projects().close(&self.project)?;
        // The picker needs no model; the next project may need the memory.
        winnow.models().release();
        Ok(())
    }
}

impl Handle for GetOverview {
    fn handle(self, winnow: &Winnow) -> Result<ProjectOverview, CallError> {
        winnow.project(&self.project)?.overview()
    }
}

fn opened(winnow: &Winnow, project: &Project) -> Result<ProjectOverview, CallError> {
    let overview = project.overview()?;
    winnow.person().remember(&text(project.folder()), &overview.name, winnow.now());
    Ok(overview)
}
