//! A folder that appears whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use contract::CallError;

/// A folder under construction beside its place, hidden; what a killed try left there is replaced. Dropped before
/// [`PartFolder::place`], it is removed.
pub(crate) struct PartFolder {
    part: PathBuf,
    to: PathBuf,
    placed: bool,
}

impl PartFolder {
    pub(crate) fn create(to: &Path) -> Result<Self, CallError> {
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let part = to.with_file_name(format!(".{name}.part"));
        let failed = |error: io::Error| CallError::from_io(&error, to.display(), true);
        remove(&part).map_err(failed)?;
        fs::create_dir_all(&part).map_err(failed)?;
        Ok(Self { part, to: to.to_owned(), placed: false })
    }

    /// Where to write.
    pub(crate) fn path(&self) -> &Path {
        &self.part
    }

    /// Renames the folder into its place; one that is there already (from a try that was killed before it was
    /// recorded) is replaced.
    pub(crate) fn place(mut self) -> Result<(), CallError> {
        let placed = (|| {
            sync_all(&self.part)?;
            remove(&self.to)?;
            fs::rename(&self.part, &self.to)?;
            self.to.parent().map_or(Ok(()), sync)
        })();
        self.placed = placed.is_ok();
        placed.map_err(|error| CallError::from_io(&error, self.to.display(), true))
    }
}

impl Drop for PartFolder {
    fn drop(&mut self) {
        if !self.placed {
            // The error that led here is the one worth telling.
            let _ = remove(&self.part);
        }
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Syncs a folder and those in it.
fn sync_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        }
    }
    sync(folder)
}

/// Only Unix lets a folder be opened and synced; elsewhere the file system orders renames itself.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
