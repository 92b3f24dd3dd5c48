//! Checking a version out to a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::version::CheckoutReport;
use rayon::prelude::*;

use crate::disk::temporary;
use crate::manifest::{FileRef, Manifest};
use crate::objects::Objects;
use crate::store::{read_list, summarise};
use crate::{Progress, VersionError, VersionStore};

/// Chunks that are unpacked at a time.
const BATCH: usize = 64;

impl VersionStore {
    /// Writes the files of a version to `to`, which must be missing or empty. Every chunk's hash is verified; the folder
    /// appears whole or not at all.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Archived`], [`VersionError::FolderNotEmpty`], [`VersionError::Damaged`] naming the
    /// object, [`VersionError::Cancelled`], and I/O errors.
    pub fn checkout(&self, version: &str, to: &Path, told: &mut Progress<'_>) -> Result<CheckoutReport, VersionError> {
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
        let written = self.write_files(&objects, &manifest, &summary.version, &partial, told).and_then(|()| {
            if to.exists() {
                fs::remove_dir(to).map_err(VersionError::write(to))?;
            }
            self.disk.rename(&partial, to).map_err(VersionError::write(to))
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

    fn write_files(
        &self,
        objects: &Objects,
        manifest: &Manifest,
        version: &str,
        folder: &Path,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let mut done = 0;
        for (name, file) in &manifest.files {
            self.write_file(objects, version, (&folder.join(name), file), &mut done, told)?;
        }
        self.disk.sync_folder(folder).map_err(VersionError::write(folder))
    }

    /// Writes a file of a version, verified.
    fn write_file(
        &self,
        objects: &Objects,
        version: &str,
        (path, file): (&Path, &FileRef),
        done: &mut u64,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let failed = VersionError::write;
        let mut output = self.disk.create(path).map_err(failed(path))?;
        let chunks = read_list(objects, &file.chunks, version)?;
        let unpack = |part: &[crate::cut::ChunkRef]| -> Result<Vec<Vec<u8>>, VersionError> {
            part.par_iter().map(|chunk| objects.get(&chunk.hash, version)).collect()
        };
        let mut batches = chunks.chunks(BATCH);
        let mut next = batches.next().map(unpack).transpose()?;
        let mut before = 0_usize;
        while let Some(bytes) = next.take() {
            // While these are written, the next are unpacked.
            let coming = batches.next();
            let (unpacked, written) = rayon::join(
                || coming.map(unpack).transpose(),
                || bytes.iter().try_for_each(|bytes| output.write_all(bytes)),
            );
            written.map_err(failed(path))?;
            next = unpacked?;
            *done += chunks[before..before + bytes.len()].iter().map(|chunk| u64::from(chunk.rows)).sum::<u64>();
            before += bytes.len();
            if told(*done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
        }
        output.sync().map_err(failed(path))?;
        // Each chunk matched its hash, their list matched the manifest's, and that is the version's identity: nothing is left to hash.
        let bytes: u64 = chunks.iter().map(|chunk| u64::from(chunk.bytes)).sum();
        if bytes == file.bytes {
            Ok(())
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Err(VersionError::Damaged { version: version.to_owned(), detail: format!("{name}: {bytes} bytes") })
        }
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
