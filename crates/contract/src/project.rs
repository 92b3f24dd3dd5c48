//! Projects: a folder that a person opens.

use serde::{Deserialize, Serialize};

use crate::{UnixMillis, call::call};

/// A project that was opened on this machine before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecentProject {
    /// Its folder.
    pub folder: String,
    /// Its name.
    pub name: String,
    /// When it was last opened.
    pub opened: UnixMillis,
    /// Whether the folder still holds a project.
    pub present: bool,
}

/// Whether this process may write to the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Access {
    /// This process holds the project's lock.
    ReadWrite,
    /// Another process holds it; everything can be looked at, nothing changed.
    ReadOnly {
        /// The other process.
        pid: u32,
    },
}

/// A project as it is now: what the rail and the header show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectOverview {
    /// Its folder; every other call names the project by it.
    pub folder: String,
    /// Its name (the folder's name unless given).
    pub name: String,
    /// May this process write?
    pub access: Access,
    /// Sources imported.
    pub sources: u64,
    /// Items kept.
    pub items: u64,
    /// Items with a prediction.
    pub labelled: u64,
    /// Review items that wait for a person.
    pub waiting: u64,
    /// Items that a person approved or corrected.
    pub reviewed: u64,
    /// Domains of the schema.
    pub domains: u64,
    /// Models set up.
    pub models: u64,
    /// Dataset versions.
    pub versions: u64,
    /// Jobs that run or wait.
    pub active_jobs: u64,
}

/// Projects opened on this machine, latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListRecentProjects {}

/// Makes a project in `folder` (made if missing; must be empty or hold only files that are not a project's).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateProject {
    /// Where.
    pub folder: String,
    /// Name; the folder's when `None`.
    pub name: Option<String>,
    /// A schema file (JSON or CSV) to start with.
    pub schema_file: Option<String>,
}

/// Opens a project; takes its lock if it is free.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenProject {
    /// Where.
    pub folder: String,
}

/// Opens the sample project, made in the user's data folder on first use.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenSampleProject {}

/// Closes a project: its running job is interrupted (it can be resumed after the next opening), its lock given back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CloseProject {
    /// The project's folder.
    pub project: String,
}

/// The project's counts, for the rail and the header.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetOverview {
    /// The project's folder.
    pub project: String,
}

call! {
    ListRecentProjects => Vec<RecentProject>, "list_recent_projects";
    CreateProject => ProjectOverview, "create_project";
    OpenProject => ProjectOverview, "open_project";
    OpenSampleProject => ProjectOverview, "open_sample_project";
    CloseProject => (), "close_project";
    GetOverview => ProjectOverview, "get_overview";
}
