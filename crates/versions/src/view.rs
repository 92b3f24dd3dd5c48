//! Versions laid out as folders, for programs that expect them so.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use contract::version::ViewReport;

use crate::disk::temporary;
use crate::refs::CURRENT;
use crate::{Progress, VersionError, VersionStore};

/// Names the version that lies in a folder of a view; only folders with it are ever touched.
const MARK: &str = ".winnow-version";

impl VersionStore {
    /// Lays out versions as `<to>/<number>/`, with `<to>/<tag>` and `<to>/current` leading there; those named, or the tagged ones and the
    /// current one. What is there already stays; folders of versions and tags that are gone are removed.
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
            let tagged = |version: &&crate::refs::VersionRef| {
                version.archive.is_none()
                    && (refs.current == Some(version.id) || refs.tags.values().any(|id| *id == version.id))
            };
            wanted.extend(refs.versions.iter().filter(tagged));
        }
        self.disk.make_folder(to).map_err(VersionError::write(to))?;
        let mut entries = BTreeMap::new();
        for version in wanted {
            let number = version.version.to_string();
            self.lay_out(&to.join(&number), &number, &version.id.to_string(), told)?;
            let mut names = refs.tags_of(&version.id);
            if refs.current == Some(version.id) {
                names.push(CURRENT.to_owned());
            }
            for name in names {
                self.lead(&to.join(&name), &number, &version.id.to_string(), told)?;
                entries.insert(name, number.clone());
            }
            entries.insert(number.clone(), number);
        }
        self.remove_others(to, &entries)?;
        Ok(ViewReport { folder: to.display().to_string(), entries })
    }

    /// A folder with a version's files.
    fn lay_out(&self, to: &Path, version: &str, id: &str, told: &mut Progress<'_>) -> Result<(), VersionError> {
        match marked(to) {
            Some(known) if known == id => return Ok(()),
            Some(_) => self.disk.remove_folder(to).map_err(VersionError::write(to))?,
            // Something that no view made; a folder without anything in it may be replaced.
            None if to.exists() => fs::remove_dir(to).map_err(|_| VersionError::FolderNotEmpty(to.to_owned()))?,
            None => {}
        }
        // It gets its name when the mark is in it: without that, the next view would take it for somebody else's.
        let partial = temporary(to);
        self.disk.remove_folder(&partial).map_err(VersionError::write(&partial))?;
        self.check_out(version, &partial, true, told)?;
        self.disk.replace(&partial.join(MARK), id.as_bytes()).map_err(VersionError::write(to))?;
        self.disk.rename(&partial, to).map_err(VersionError::write(to))
    }

    /// A name that leads to a version's folder; where there are no links, a copy.
    fn lead(&self, from: &Path, version: &str, id: &str, told: &mut Progress<'_>) -> Result<(), VersionError> {
        #[cfg(unix)]
        {
            let _ = (id, told);
            if fs::read_link(from).is_ok_and(|target| target == Path::new(version)) {
                return Ok(());
            }
            if from.exists() && !from.is_symlink() {
                return Err(VersionError::FolderNotEmpty(from.to_owned()));
            }
            // Renamed into place, so that the name leads somewhere at any moment.
            let partial = temporary(from);
            self.disk.remove_file(&partial).map_err(VersionError::write(&partial))?;
            std::os::unix::fs::symlink(version, &partial).map_err(VersionError::write(&partial))?;
            self.disk.rename(&partial, from).map_err(VersionError::write(from))
        }
        #[cfg(not(unix))]
        self.lay_out(from, version, id, told)
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

/// The version that lies in a folder of a view.
fn marked(folder: &Path) -> Option<String> {
    match fs::read_to_string(folder.join(MARK)) {
        Ok(id) => Some(id),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => None,
    }
}
