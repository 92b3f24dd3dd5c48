//! What is kept for the person on this machine: settings and recent projects.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use contract::project::RecentProject;
use contract::settings::{AppSettings, Language};
use contract::{CallError, UnixMillis};

use crate::json_file;

/// So many recent projects are remembered.
const RECENT: usize = 30;

/// The person's files in the data folder.
pub(crate) struct Person {
    folder: PathBuf,
    /// Held while a file is read and written again.
    turn: Mutex<()>,
}

impl Person {
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self { folder, turn: Mutex::new(()) }
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settings_file(&self) -> PathBuf {
        self.folder.join("settings.json")
    }

    fn recent_file(&self) -> PathBuf {
        self.folder.join("recent.json")
    }

    /// The settings with what the operating system says filled in.
    pub(crate) fn settings(&self) -> AppSettings {
        let mut settings: AppSettings = json_file::read(&self.settings_file());
        settings.language = settings.language.or_else(system_language);
        if settings.reviewer.trim().is_empty() {
            settings.reviewer = system_user();
        }
        settings
    }

    pub(crate) fn set_settings(&self, settings: &AppSettings) -> Result<(), CallError> {
        let _turn = self.turn();
        json_file::write(&self.settings_file(), settings)
    }

    /// Recent projects, latest first.
    pub(crate) fn recent(&self) -> Vec<RecentProject> {
        let mut recent: Vec<RecentProject> = json_file::read(&self.recent_file());
        for project in &mut recent {
            project.present = store::ProjectFolder::new(&project.folder).is_project();
        }
        recent
    }

    /// Remembers that a project was opened. Failing to is no reason not to open it.
    pub(crate) fn remember(&self, folder: &str, name: &str, opened: UnixMillis) {
        let _turn = self.turn();
        let mut recent: Vec<RecentProject> = json_file::read(&self.recent_file());
        recent.retain(|project| project.folder != folder);
        let project = RecentProject { folder: folder.to_owned(), name: name.to_owned(), opened, present: true };
        recent.insert(0, project);
        recent.truncate(RECENT);
        if let Err(error) = json_file::write(&self.recent_file(), &recent) {
            tracing::warn!(%error, "recent projects can't be stored");
        }
    }
}

fn system_language() -> Option<Language> {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))?;
    Some(if locale.to_ascii_lowercase().starts_with("ru") { Language::Ru } else { Language::En })
}

fn system_user() -> String {
    let user = ["USER", "USERNAME", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    user.unwrap_or_else(|| "reviewer".to_owned())
}
