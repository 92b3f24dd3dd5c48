//! What the surface gets from outside: folders and time.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use contract::UnixMillis;

/// Tells the time; comes in from outside, so that tests repeat exactly.
pub type Clock = Arc<dyn Fn() -> UnixMillis + Send + Sync>;

/// Where this process keeps things and how it tells the time.
#[derive(Clone)]
pub struct Environment {
    /// Settings, the list of recent projects and the sample project live here; made when missing.
    pub data_folder: PathBuf,
    /// Folders where GGUF files from the set-up are looked for, first match wins.
    pub model_folders: Vec<PathBuf>,
    /// The time.
    pub clock: Clock,
}

impl Environment {
    /// The environment of a person's session: the data folder is `WINNOW_DATA_FOLDER`, else the operating system's
    /// place for applications' data; models are looked for in `WINNOW_MODELS`, in `models` of the data folder, and where
    /// the set-up of a build puts them: in `models` beside the folder of the program.
    #[must_use]
    pub fn of_system() -> Self {
        let data_folder = data_folder();
        let mut model_folders: Vec<PathBuf> = Vec::new();
        if let Some(folder) = variable("WINNOW_MODELS") {
            model_folders.push(folder);
        }
        model_folders.push(data_folder.join("models"));
        let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.parent()?.join("models")));
        if let Some(folder) = beside.filter(|folder| folder.is_dir() && !model_folders.contains(folder)) {
            model_folders.push(folder);
        }
        Self { data_folder, model_folders, clock: Arc::new(system_time) }
    }

    /// The folders in the model folders that hold an encoder, by name.
    pub(crate) fn encoder_folders(&self) -> Vec<PathBuf> {
        models::find_encoders(&self.model_folders)
    }

    /// The GGUF files in the model folders, by folder and name.
    pub(crate) fn model_files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for folder in &self.model_folders {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
            let is_gguf = |path: &PathBuf| {
                path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf")) && path.is_file()
            };
            let mut found: Vec<PathBuf> = entries.filter(is_gguf).collect();
            found.sort();
            files.extend(found);
        }
        files
    }
}

fn system_time() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis::try_from(since.as_millis()).unwrap_or(UnixMillis::MAX)
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn data_folder() -> PathBuf {
    if let Some(folder) = variable("WINNOW_DATA_FOLDER") {
        return folder;
    }
    if cfg!(windows) {
        if let Some(folder) = variable("APPDATA") {
            return folder.join("Winnow");
        }
    } else if cfg!(target_os = "macos") {
        if let Some(home) = variable("HOME") {
            return home.join("Library/Application Support/Winnow");
        }
    } else if let Some(folder) = variable("XDG_DATA_HOME").filter(|folder| folder.is_absolute()) {
        return folder.join("winnow");
    } else if let Some(home) = variable("HOME") {
        return home.join(".local/share/winnow");
    }
    std::env::temp_dir().join("winnow")
}
