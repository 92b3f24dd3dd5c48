//! The projects that this process has open: one object a folder, however often it is opened.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contract::CallError;
use contract::project::Access;
use pipeline::Clock;
use pipeline::job::{Registry, Workplace};
use pipeline::label::ModelSource;
use store::{Store, StoreError};

use crate::path::canonical;
use crate::project::Project;

/// The open projects.
pub(crate) struct Projects {
    open: Mutex<HashMap<PathBuf, Arc<Project>>>,
    models: Arc<dyn ModelSource>,
    clock: Clock,
    registry: Arc<Registry>,
}

impl Projects {
    pub(crate) fn new(models: Arc<dyn ModelSource>, clock: Clock, registry: Arc<Registry>) -> Self {
        Self { open: Mutex::default(), models, clock, registry }
    }

    fn open_ones(&self) -> MutexGuard<'_, HashMap<PathBuf, Arc<Project>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a project; a folder that was made for it goes again when that fails.
    pub(crate) fn create(&self, folder: &Path, name: &str) -> Result<Arc<Project>, CallError> {
        let is_new = !folder.exists();
        let failed = |error: std::io::Error| CallError::from_io(&error, folder.display(), true);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let path = canonical(&folder.display().to_string())?;
        let mut open = self.open_ones();
        match Store::create(&path, name, (self.clock)()) {
            Ok(store) => Ok(self.insert(&mut open, path, store)),
            Err(error) => {
                if is_new {
                    // Only an empty folder goes; the first error is the one worth telling.
                    let _ = std::fs::remove_dir(folder);
                }
                Err(error.into())
            }
        }
    }

    /// The project in a folder, opened if it isn't: for writing if its lock is free, else for reading. One that was opened
    /// for reading is tried again for writing with `claim`.
    pub(crate) fn get(&self, folder: &str, claim: bool) -> Result<Arc<Project>, CallError> {
        let folder = canonical(folder)?;
        // Held while opening, so that two calls can't open one project twice.
        let mut open = self.open_ones();
        let known = open.get(&folder).cloned();
        if let Some(project) = &known
            && (!claim || project.store().access() == Access::ReadWrite)
        {
            return Ok(project.clone());
        }
        let store = match (Store::open(&folder, (self.clock)()), known) {
            (Ok(store), _) => store,
            (Err(StoreError::Locked { .. }), Some(project)) => return Ok(project),
            (Err(StoreError::Locked { .. }), None) => Store::open_read_only(&folder)?,
            (Err(error), _) => return Err(error.into()),
        };
        Ok(self.insert(&mut open, folder, store))
    }

    /// Closes a project: interrupts its job and gives the lock back.
    pub(crate) fn close(&self, folder: &str) -> Result<(), CallError> {
        let removed = self.open_ones().remove(&canonical(folder)?);
        if let Some(project) = removed {
            project.runner().close();
        }
        Ok(())
    }

    pub(crate) fn close_all(&self) {
        let all: Vec<Arc<Project>> = self.open_ones().drain().map(|(_, project)| project).collect();
        for project in all {
            project.runner().close();
        }
    }

    fn insert(&self, open: &mut HashMap<PathBuf, Arc<Project>>, folder: PathBuf, store: Store) -> Arc<Project> {
        let workplace = Workplace {
            store: Arc::new(store),
            models: self.models.clone(),
            clock: self.clock.clone(),
            registry: self.registry.clone(),
            near: Arc::default(),
        };
        let project = Arc::new(Project::new(folder.clone(), workplace));
        open.insert(folder, project.clone());
        project
    }
}
