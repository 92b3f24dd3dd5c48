//! Checking a version out to a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::version::CheckoutReport;
use rayon::prelude::*;

use crate::cut::ChunkRef;
use crate::disk::{Disk, temporary};
use crate::line::starts;
use crate::manifest::{FileRef, Manifest};
use crate::objects::Objects;
use crate::store::{read_list, summarise};
use crate::{Progress, VersionError, VersionStore};

/// Chunks that are unpacked between two looks at progress.
const BATCH: usize = 256;

impl VersionStore {
    /// Writes the files of a version to `to`, which must be missing or empty. Every chunk is verified by its checksum, these by
    /// the hash of their index; the folder appears whole or not at all, whenever the process ends. It is a copy as others are: the system writes it to the disk in its own time, so a power
    /// cut soon after may spoil it; the report's hashes tell.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Archived`], [`VersionError::FolderNotEmpty`], [`VersionError::Damaged`] naming the
    /// object, [`VersionError::Cancelled`], and I/O errors.
    pub fn checkout(&self, version: &str, to: &Path, told: &mut Progress<'_>) -> Result<CheckoutReport, VersionError> {
        self.check_out(version, to, false, told)
    }

    /// The same; with `durable` the files are on the disk before the folder appears.
    pub(crate) fn check_out(
        &self,
        version: &str,
        to: &Path,
        durable: bool,
        told: &mut Progress<'_>,
    ) -> Result<CheckoutReport, VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let refs = self.refs()?;
        let found = refs.find(version)?;
        if found.archive.is_some() {
            return Err(VersionError::Archived(found.version.to_string()));
        }
        let manifest = self.manifest(found)?;
        let summary = summarise(&refs, found, &manifest);
        check_empty(to)?;
        let partial = temporary(&hidden(to)?);
        // What an interrupted checkout to the same folder left behind.
        self.disk.remove_folder(&partial).map_err(VersionError::write(&partial))?;
        self.disk.make_folder(&partial).map_err(VersionError::write(&partial))?;
        let objects = self.objects()?;
        let writing = Writing { store: self, objects: &objects, version: &summary.version, durable };
        let written = writing.write_files(&manifest, &partial, told).and_then(|()| {
            if to.exists() {
                fs::remove_dir(to).map_err(VersionError::write(to))?;
            }
            let rename = if durable { Disk::rename } else { Disk::rename_unsynced };
            rename(&self.disk, &partial, to).map_err(VersionError::write(to))
        });
        if let Err(error) = written {
            let _ = fs::remove_dir_all(&partial);
            return Err(error);
        }
        let files: BTreeMap<String, String> =
            manifest.files.iter().map(|(name, file)| (name.clone(), file.sha256.clone())).collect();
        let folder = to.display().to_string();
        Ok(CheckoutReport { version: summary.version, folder, files, train: summary.train, eval: summary.eval })
    }
}

/// Files of a version being written.
struct Writing<'a> {
    store: &'a VersionStore,
    objects: &'a Objects,
    version: &'a str,
    durable: bool,
}

impl Writing<'_> {
    fn write_files(&self, manifest: &Manifest, folder: &Path, told: &mut Progress<'_>) -> Result<(), VersionError> {
        let mut done = 0;
        for (name, file) in &manifest.files {
            self.write_file(&folder.join(name), file, &mut done, told)?;
        }
        if self.durable {
            self.store.disk.sync_folder(folder).map_err(VersionError::write(folder))?;
        }
        Ok(())
    }

    /// Writes a file, each chunk where it belongs as soon as it is unpacked and verified.
    fn write_file(
        &self,
        path: &Path,
        file: &FileRef,
        done: &mut u64,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let failed = VersionError::write;
        let mut output = self.store.disk.create(path).map_err(failed(path))?;
        let chunks = read_list(self.objects, &file.chunks, self.version)?;
        let bytes: u64 = chunks.iter().map(|chunk| u64::from(chunk.bytes)).sum();
        if bytes != file.bytes {
            return Err(self.damaged(path, bytes));
        }
        output.reserve(bytes).map_err(failed(path))?;
        let offsets = starts(chunks.iter().map(|chunk| chunk.bytes as usize)).map(|start| start as u64);
        let placed: Vec<(ChunkRef, u64)> = chunks.iter().copied().zip(offsets).collect();
        for batch in placed.chunks(BATCH) {
            batch.par_iter().try_for_each(|(chunk, offset)| {
                let bytes = self.objects.get_as_written(&chunk.hash, self.version)?;
                // A list that says otherwise would leave a gap.
                if bytes.len() != chunk.bytes as usize {
                    return Err(self.damaged(path, file.bytes));
                }
                output.write_at(&bytes, *offset).map_err(failed(path))
            })?;
            *done += batch.iter().map(|(chunk, _)| u64::from(chunk.rows)).sum::<u64>();
            if told(*done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
        }
        if self.durable {
            output.sync().map_err(failed(path))?;
        }
        // Each chunk matched the checksum that was recorded for its hash, their list matched the manifest's, and that is the version's
        // identity: nothing is left to hash.
        Ok(())
    }

    fn damaged(&self, path: &Path, bytes: u64) -> VersionError {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        VersionError::Damaged { version: self.version.to_owned(), detail: format!("{name}: {bytes} bytes") }
    }
}

fn check_empty(folder: &Path) -> Result<(), VersionError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(VersionError::FolderNotEmpty(folder.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(VersionError::write(folder)(error)),
    }
}

/// A hidden sibling of a folder or file, on the same file system, so that the rename is atomic.
pub(crate) fn hidden(to: &Path) -> Result<PathBuf, VersionError> {
    let name = to.file_name().ok_or_else(|| VersionError::FolderNotEmpty(to.to_owned()))?;
    Ok(to.with_file_name(format!(".{}", name.to_string_lossy())))
}
