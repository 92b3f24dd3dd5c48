//! Files that are there whole or not at all, also after a power cut.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::VersionError;

/// Writes `bytes` to `path` by way of a temporary file: write, sync, rename, sync the folder.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), VersionError> {
    let temporary = path.with_extension("partial");
    let mut file = File::create(&temporary).map_err(VersionError::write(&temporary))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
        // A full disk must not be filled further by what is of no use.
        let _ = fs::remove_file(&temporary);
        VersionError::write(path)(error)
    })?;
    fs::rename(&temporary, path).map_err(VersionError::write(path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the folder's entries durable.
pub fn sync_folder(folder: &Path) -> Result<(), VersionError> {
    // Only Unix lets a folder be opened and synced; elsewhere the file system orders renames itself.
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(VersionError::write(folder))?;
    }
    Ok(())
}
