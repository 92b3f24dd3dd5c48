//! The layout of a project's folder.

use std::path::{Path, PathBuf};

/// A project's folder and where things are in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectFolder(PathBuf);

impl ProjectFolder {
    /// The layout under `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.0.join("winnow.db")
    }

    /// The file whose lock keeps a second writer out.
    pub fn lock_file(&self) -> PathBuf {
        self.0.join("winnow.lock")
    }

    /// The version store.
    pub fn versions(&self) -> PathBuf {
        self.0.join("versions")
    }

    /// Models that belong to the project.
    pub fn models(&self) -> PathBuf {
        self.0.join("models")
    }

    /// Written datasets and other files for people.
    pub fn exports(&self) -> PathBuf {
        self.0.join("exports")
    }

    /// Whether the folder holds a project.
    pub fn is_project(&self) -> bool {
        self.database().is_file()
    }
}
