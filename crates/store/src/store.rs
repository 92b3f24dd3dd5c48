//! An open project.

use std::path::Path;

use contract::UnixMillis;
use contract::project::Access;
use rusqlite::{Connection, Transaction};

use crate::{ProjectFolder, Result};

/// An open project folder. Shared between threads behind an `Arc`.
pub struct Store {
    folder: ProjectFolder,
}

/// What a write survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A crash of the program; after a power cut the last moments may be missing, never torn.
    Crash,
    /// A power cut, too: the answer comes when it is on disk.
    PowerCut,
}

impl Store {
    /// Makes a project in `folder` (made if missing) and opens it for writing. Files that are not a project's stay.
    ///
    /// # Errors
    /// [`crate::StoreError::Exists`], [`crate::StoreError::Unwritable`], [`crate::StoreError::DiskFull`],
    /// [`crate::StoreError::Locked`].
    pub fn create(folder: &Path, name: &str, now: UnixMillis) -> Result<Self> {
        unimplemented!("{folder:?} {name} {now}")
    }

    /// Opens a project for writing: takes its lock, migrates it, marks jobs that died with another process as
    /// interrupted. The lock is held until the last `Arc` of the store is gone.
    ///
    /// # Errors
    /// [`crate::StoreError::Missing`], [`crate::StoreError::Locked`], [`crate::StoreError::TooNew`], [`crate::StoreError::Damaged`],
    /// [`crate::StoreError::Unwritable`], [`crate::StoreError::DiskFull`].
    pub fn open(folder: &Path, now: UnixMillis) -> Result<Self> {
        unimplemented!("{folder:?} {now}")
    }

    /// Opens a project beside its writer: everything can be read, every change is refused with
    /// [`crate::StoreError::ReadOnly`] but [`Store::request_cancel`].
    ///
    /// # Errors
    /// As [`Store::open`], but for the lock; [`crate::StoreError::NeedsMigration`].
    pub fn open_read_only(folder: &Path) -> Result<Self> {
        unimplemented!("{folder:?}")
    }

    /// Where things are.
    pub fn folder(&self) -> &ProjectFolder {
        &self.folder
    }

    /// Whether this process may write, else who does.
    pub fn access(&self) -> Access {
        unimplemented!()
    }

    pub(crate) fn read<T>(&self, _query: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        unimplemented!()
    }

    pub(crate) fn write<T>(
        &self,
        _durability: Durability,
        _change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        unimplemented!()
    }
}
