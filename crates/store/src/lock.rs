//! The lock that keeps a second writer out of a project.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Seek, Write};
use std::path::Path;

use crate::{ProjectFolder, Result, StoreError};

/// Held while a project is open for writing. The operating system gives it back when the process ends, however it ends.
pub(crate) struct ProjectLock {
    _file: File,
}

impl ProjectLock {
    /// Takes the lock, writing this process's number into the file.
    pub(crate) fn take(folder: &ProjectFolder) -> Result<Self> {
        let path = folder.lock_file();
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::from_io(&error, folder.path()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let folder = folder.path();
                return Err(StoreError::Locked { folder: folder.to_owned(), pid: owner(folder) });
            }
            Err(TryLockError::Error(error)) => return Err(StoreError::from_io(&error, &path)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(|error| StoreError::from_io(&error, folder.path()))?;
        Ok(Self { _file: file })
    }
}

/// The process that wrote its number into the lock file; 0 when it can't be read (Windows keeps others from reading a locked
/// file).
pub(crate) fn owner(folder: &Path) -> u32 {
    let file = ProjectFolder::new(folder).lock_file();
    std::fs::read_to_string(file).ok().and_then(|pid| pid.trim().parse().ok()).unwrap_or(0)
}
