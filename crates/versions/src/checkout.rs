//! Checking a version out to a folder.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::version::CheckoutReport;
use sha2::{Digest, Sha256};

use crate::commit::hex;
use crate::manifest::{FileRef, Manifest};
use crate::{Progress, VersionError, VersionStore, durable};

impl VersionStore {
    /// Writes `train.jsonl`, `eval.jsonl` and `metadata.json` of a version (number or tag) to `to`, which must be
    /// missing or empty. Every chunk's and every file's hash is verified; the folder appears whole or not at all.
    ///
    /// # Errors
    /// [`VersionError::Missing`], [`VersionError::FolderNotEmpty`], [`VersionError::Damaged`] naming the object,
    /// [`VersionError::Cancelled`], and I/O errors.
    pub fn checkout(
        &self,
        version: &str,
        to: &Path,
        progress: &mut Progress<'_>,
    ) -> Result<CheckoutReport, VersionError> {
        let manifest = self.find(version)?;
        check_empty(to)?;
        let partial = partial_folder(to)?;
        // What an interrupted checkout to the same folder left behind.
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(VersionError::write(&partial))?;
        }
        fs::create_dir_all(&partial).map_err(VersionError::write(&partial))?;
        let written = self.write_files(&manifest, &partial, progress).and_then(|files| {
            if to.exists() {
                fs::remove_dir(to).map_err(VersionError::write(to))?;
            }
            fs::rename(&partial, to).map_err(VersionError::write(to))?;
            to.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), durable::sync_folder)?;
            Ok(files)
        });
        if written.is_err() {
            let _ = fs::remove_dir_all(&partial);
        }
        Ok(CheckoutReport {
            version: manifest.summary.version,
            folder: to.display().to_string(),
            files: written?,
            train: manifest.summary.train,
            eval: manifest.summary.eval,
        })
    }

    fn write_files(
        &self,
        manifest: &Manifest,
        folder: &Path,
        progress: &mut Progress<'_>,
    ) -> Result<BTreeMap<String, String>, VersionError> {
        let mut done = 0;
        for (name, file) in &manifest.files {
            self.write_file(&manifest.summary.version, name, file, folder, &mut done, progress)?;
        }
        durable::sync_folder(folder)?;
        Ok(manifest.files.iter().map(|(name, file)| (name.clone(), file.sha256.clone())).collect())
    }

    fn write_file(
        &self,
        version: &str,
        name: &str,
        file: &FileRef,
        folder: &Path,
        done: &mut u64,
        progress: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let damaged = |detail: String| VersionError::Damaged { version: version.to_owned(), detail };
        // A manifest from elsewhere must not name a file outside the folder.
        if !matches!(name, "train.jsonl" | "eval.jsonl" | "metadata.json") {
            return Err(damaged(format!("manifest: {name}")));
        }
        let path = folder.join(name);
        let mut output = File::create(&path).map_err(VersionError::write(&path))?;
        let mut sha256 = Sha256::new();
        for chunk in &file.chunks {
            let bytes = self.chunks.get(chunk, version)?;
            sha256.update(&bytes);
            output.write_all(&bytes).map_err(VersionError::write(&path))?;
            *done += chunk.records;
            if progress(*done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
        }
        output.sync_all().map_err(VersionError::write(&path))?;
        if hex(&sha256.finalize()) == file.sha256 { Ok(()) } else { Err(damaged(format!("{name}: SHA-256"))) }
    }
}

fn check_empty(folder: &Path) -> Result<(), VersionError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(VersionError::FolderNotEmpty(folder.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(VersionError::write(folder)(error)),
    }
}

/// A hidden sibling of the folder, on the same file system, so that the rename is atomic.
fn partial_folder(to: &Path) -> Result<PathBuf, VersionError> {
    let name = to.file_name().ok_or_else(|| VersionError::FolderNotEmpty(to.to_owned()))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".partial");
    Ok(to.with_file_name(hidden))
}
