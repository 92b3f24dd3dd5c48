//! What the tests of the surface share: a place to work in, the real model, a shorthand for calls and jobs.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use api::{Environment, Winnow};
use contract::job::{JobState, JobStatus};
use contract::model::{AddModel, ModelSpec};
use contract::project::{CreateProject, OpenProject};
use contract::source::{FileSpec, StartImport};
use contract::{Call, JobId};

/// A folder that goes with the test.
pub struct Place {
    pub folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Winnow with its data folder here and a clock that ticks with every look.
    pub fn winnow(&self) -> Winnow {
        Winnow::new(environment(self.folder.path())).unwrap()
    }

    pub fn project(&self, winnow: &Winnow, schema: &Path) -> String {
        let schema_file = Some(schema.display().to_string());
        let overview = winnow.call(CreateProject { folder: self.path("project"), name: None, schema_file });
        overview.unwrap().folder
    }
}

pub fn environment(folder: &Path) -> Environment {
    let millis = AtomicI64::new(1_700_000_000_000);
    Environment {
        data_folder: folder.join("data"),
        model_folders: vec![testbed::models_folder()],
        clock: Arc::new(move || millis.fetch_add(7, Ordering::Relaxed)),
    }
}

pub fn add_smollm(winnow: &Winnow, project: &str) -> bool {
    let Some(file) = testbed::small_model() else { return false };
    let spec = ModelSpec::Gguf { path: file.display().to_string() };
    winnow.call(AddModel { project: project.to_owned(), name: "smollm".into(), spec, key: None }).unwrap();
    true
}

pub fn open(winnow: &Winnow, folder: &str) -> String {
    winnow.call(OpenProject { folder: folder.to_owned() }).unwrap().folder
}

pub fn import(project: &str, file: &Path) -> StartImport {
    let file = FileSpec { path: file.display().to_string(), ..FileSpec::default() };
    StartImport { project: project.to_owned(), files: vec![file] }
}

/// Runs a job to its end, which must be a good one.
pub fn run<C: Call<Answer = JobId>>(winnow: &Winnow, project: &str, start: C) -> JobStatus {
    let job = winnow.call(start).unwrap();
    let status = winnow.wait(project, job).unwrap();
    assert_eq!(status.state, JobState::Done, "{:?}", status.error);
    status
}
