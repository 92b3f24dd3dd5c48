//! Versions laid out as folders, for programs that expect them so.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::version::ViewReport;
use sha2::{Digest, Sha256};

use crate::disk::temporary;
use crate::hash::{hex, read_blocks};
use crate::manifest::FileRef;
use crate::refs::{CURRENT, VersionRef};
use crate::{Progress, VersionError, VersionStore};

/// Names the version that lies in a folder of a view; only folders with it are ever touched.
const MARK: &str = ".winnow-version";

impl VersionStore {
    /// Lays out versions as `<to>/<number>/`, with `<to>/<tag>` and `<to>/current` leading there; those named, or the tagged ones and the
    /// current one. What is there already stays where its files are still the version's, by size and SHA-256, and is laid out anew where
    /// they are not; folders of versions and tags that are gone are removed.
    ///
    /// # Errors
    /// As [`VersionStore::checkout`]; [`VersionError::FolderNotEmpty`] for something in the way that no view made.
    pub fn view(&self, to: &Path, versions: &[String], told: &mut Progress<'_>) -> Result<ViewReport, VersionError> {
        let refs = self.refs()?;
        let mut wanted = Vec::new();
        for name in versions {
            wanted.push(refs.find(name)?);
        }
        if versions.is_empty() {
            let tagged = |version: &&VersionRef| {
                version.archive.is_none()
                    && (refs.current == Some(version.id) || refs.tags.values().any(|id| *id == version.id))
            };
            wanted.extend(refs.versions.iter().filter(tagged));
        }
        self.disk.make_folder(to).map_err(VersionError::write(to))?;
        let mut entries = BTreeMap::new();
        for version in wanted {
            let number = version.version.to_string();
            self.lay_out(&to.join(&number), version, told)?;
            let mut names = refs.tags_of(&version.id);
            if refs.current == Some(version.id) {
                names.push(CURRENT.to_owned());
            }
            for name in names {
                self.lead(&to.join(&name), version, told)?;
                entries.insert(name, number.clone());
            }
            entries.insert(number.clone(), number);
        }
        self.remove_others(to, &entries)?;
        Ok(ViewReport { folder: to.display().to_string(), entries })
    }

    /// A folder with a version's files.
    fn lay_out(&self, to: &Path, version: &VersionRef, told: &mut Progress<'_>) -> Result<(), VersionError> {
        let (number, id) = (version.version.to_string(), version.id.to_string());
        let known = marked(to);
        match &known {
            Some(known) if *known == id && self.is_whole(to, version, told)? => return Ok(()),
            Some(_) => {}
            // Something that no view made; a folder without anything in it may be replaced.
            None if to.exists() => fs::remove_dir(to).map_err(|_| VersionError::FolderNotEmpty(to.to_owned()))?,
            None => {}
        }
        // It gets its name when the mark is in it: without that, the next view would take it for somebody else's.
        let partial = temporary(to);
        self.disk.remove_folder(&partial).map_err(VersionError::write(&partial))?;
        self.check_out(&number, &partial, true, told)?;
        self.disk.replace(&partial.join(MARK), id.as_bytes()).map_err(VersionError::write(to))?;
        if known.is_none() {
            return self.disk.rename(&partial, to).map_err(VersionError::write(to));
        }
        // What lies there makes way only for what is whole. Its mark goes with it, so that the next view removes it if this one is killed.
        let old = temporary(&partial);
        self.disk.remove_folder(&old).map_err(VersionError::write(&old))?;
        self.disk.rename(to, &old).map_err(VersionError::write(to))?;
        self.disk.rename(&partial, to).map_err(VersionError::write(to))?;
        self.disk.remove_folder(&old).map_err(VersionError::write(&old))
    }

    /// Whether a folder has a version's files as they were committed.
    fn is_whole(&self, folder: &Path, version: &VersionRef, told: &mut Progress<'_>) -> Result<bool, VersionError> {
        let (manifest, mut done) = (self.manifest(version)?, 0);
        for (name, file) in &manifest.files {
            let stopped = &mut || told(done) == ControlFlow::Break(());
            if !is_file(&folder.join(name), file, stopped)? {
                return Ok(false);
            }
            done += file.rows;
        }
        Ok(true)
    }

    /// A name that leads to a version's folder; where there are no links, a copy.
    fn lead(&self, from: &Path, version: &VersionRef, told: &mut Progress<'_>) -> Result<(), VersionError> {
        #[cfg(unix)]
        {
            let _ = told;
            let number = version.version.to_string();
            if fs::read_link(from).is_ok_and(|target| target == Path::new(&number)) {
                return Ok(());
            }
            if from.exists() && !from.is_symlink() {
                return Err(VersionError::FolderNotEmpty(from.to_owned()));
            }
            // Renamed into place, so that the name leads somewhere at any moment.
            let partial = temporary(from);
            self.disk.remove_file(&partial).map_err(VersionError::write(&partial))?;
            std::os::unix::fs::symlink(number, &partial).map_err(VersionError::write(&partial))?;
            self.disk.rename(&partial, from).map_err(VersionError::write(from))
        }
        #[cfg(not(unix))]
        self.lay_out(from, version, told)
    }

    /// Removes what an earlier view made and this one does not show.
    fn remove_others(&self, to: &Path, entries: &BTreeMap<String, String>) -> Result<(), VersionError> {
        let failed = VersionError::write;
        for entry in fs::read_dir(to).map_err(VersionError::read(to))? {
            let path: PathBuf = entry.map_err(VersionError::read(to))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if entries.contains_key(&name) {
                continue;
            }
            let leads_to_version = fs::read_link(&path).is_ok_and(|target| {
                target.components().count() == 1 && to.join(&target).join(MARK).exists() || !to.join(&target).exists()
            });
            if leads_to_version && !path.to_string_lossy().ends_with(".partial") {
                self.disk.remove_file(&path).map_err(failed(&path))?;
            } else if !path.is_symlink() && marked(&path).is_some() {
                self.disk.remove_folder(&path).map_err(failed(&path))?;
            }
        }
        Ok(())
    }
}

/// Whether a file is as the manifest says. One that can't be read is not.
fn is_file(path: &Path, wanted: &FileRef, stopped: &mut dyn FnMut() -> bool) -> Result<bool, VersionError> {
    // Most damage changes the size: no need to read the file then.
    if !fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == wanted.bytes) {
        return Ok(false);
    }
    let mut sha256 = Sha256::new();
    let read = read_blocks(path, &mut |block| {
        sha256.update(block);
        if stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match read {
        Ok(true) => Ok(hex(&sha256.finalize()) == wanted.sha256),
        Ok(false) => Err(VersionError::Cancelled),
        Err(_) => Ok(false),
    }
}

/// The version that lies in a folder of a view.
fn marked(folder: &Path) -> Option<String> {
    match fs::read_to_string(folder.join(MARK)) {
        Ok(id) => Some(id),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => None,
    }
}
