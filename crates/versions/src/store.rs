//! The folder of versions: opening, listing, showing, tagging.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use contract::dataset::DatasetMetadata;
use contract::version::{CheckReport, Retention, VersionDetail, VersionFile, VersionStatus, VersionSummary};

use crate::VersionError;
use crate::cut::ChunkRef;
use crate::disk::{Disk, Watch};
use crate::hash::Hash;
use crate::lock::{self, Held};
use crate::manifest::{DATA_FILES, METADATA, Manifest, decode_list};
use crate::objects::Objects;
use crate::refs::{self, REFS, Refs, VersionRef, check_tag};
use crate::seal;

/// Called with the number of samples done; breaking off cancels.
pub type Progress<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

/// The version store of a project. docs/VERSION_STORE.md describes its files.
#[derive(Clone, Debug)]
pub struct VersionStore {
    pub(crate) folder: PathBuf,
    pub(crate) disk: Disk,
}

impl VersionStore {
    /// The store in `folder` (`<project>/versions`); made by the first commit.
    pub fn open(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), disk: Disk::default() }
    }

    /// The same store with every change to the disk watched: for tests that fail one of them.
    #[must_use]
    pub fn watched(mut self, watch: Arc<dyn Watch>) -> Self {
        self.disk = Disk::watched(watch);
        self
    }

    pub(crate) fn packs(&self) -> PathBuf {
        self.folder.join("packs")
    }

    pub(crate) fn manifests(&self) -> PathBuf {
        self.folder.join("manifests")
    }

    pub(crate) fn archives(&self) -> PathBuf {
        self.folder.join("archives")
    }

    pub(crate) fn manifest_path(&self, id: &Hash) -> PathBuf {
        self.manifests().join(format!("{id}.json"))
    }

    pub(crate) fn refs_path(&self) -> PathBuf {
        self.folder.join(REFS)
    }

    pub(crate) fn checks(&self) -> PathBuf {
        self.folder.join("checks")
    }

    fn checks_path(&self, id: &Hash) -> PathBuf {
        self.checks().join(format!("{id}.json"))
    }

    pub(crate) fn refs(&self) -> Result<Refs, VersionError> {
        // A second look: the first commit may have come between the two questions.
        for _ in 0..2 {
            match Refs::read(&self.refs_path())? {
                Some(refs) => return Ok(refs),
                None if self.holds_manifests() => {}
                None => return Ok(Refs::default()),
            }
        }
        Err(refs::damaged("missing"))
    }

    /// Whether there are manifests; the record is written before the first of them.
    pub(crate) fn holds_manifests(&self) -> bool {
        fs::read_dir(self.manifests()).is_ok_and(|mut entries| entries.next().is_some())
    }

    pub(crate) fn objects(&self) -> Result<Arc<Objects>, VersionError> {
        Objects::open(&self.packs()).map(Arc::new)
    }

    /// Held by whoever adds or changes anything: such work goes one after another.
    pub(crate) fn lock_for_writing(&self, told: &mut Progress<'_>) -> Result<Held, VersionError> {
        self.disk.make_folder(&self.folder).map_err(VersionError::write(&self.folder))?;
        let held = lock::wait(&self.folder.join("writer.lock"), false, told)?;
        // The record comes first, so that one that is missing later was taken away.
        if !self.refs_path().exists() && !self.holds_manifests() {
            Refs::default().write(&self.disk, &self.refs_path())?;
        }
        Ok(held)
    }

    /// Held by whoever reads objects; `None` where there is nothing to read yet, or nothing can be written.
    pub(crate) fn lock_for_reading(&self, told: &mut Progress<'_>) -> Result<Option<Held>, VersionError> {
        if !self.folder.is_dir() {
            return Ok(None);
        }
        match lock::wait(&self.folder.join("readers.lock"), true, told) {
            Ok(held) => Ok(Some(held)),
            // A store on a medium that can't be written to: nobody removes anything from it either.
            Err(VersionError::Write { source, .. })
                if matches!(
                    source.kind(),
                    std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Held, beside the lock for writing, while objects are removed.
    pub(crate) fn lock_for_removing(&self, told: &mut Progress<'_>) -> Result<Held, VersionError> {
        lock::wait(&self.folder.join("readers.lock"), false, told)
    }

    /// All versions, children before their parents, latest first.
    ///
    /// # Errors
    /// [`VersionError::Damaged`] naming the first manifest that can't be trusted.
    pub fn list(&self) -> Result<Vec<VersionSummary>, VersionError> {
        let refs = self.refs()?;
        // A version is recorded after its parents, so the order of recording, turned around, is one of the history.
        refs.versions.iter().rev().map(|version| self.summary(&refs, version)).collect()
    }

    /// How many versions there are, without reading them.
    ///
    /// # Errors
    /// [`VersionError::Read`], [`VersionError::Damaged`].
    pub fn count(&self) -> Result<u64, VersionError> {
        Ok(self.refs()?.versions.len() as u64)
    }

    /// One version by number (`1.2.0`, `v1.2.0`), tag, `current` or the beginning of its id.
    ///
    /// # Errors
    /// [`VersionError::Missing`], [`VersionError::Ambiguous`], [`VersionError::Damaged`].
    pub fn find(&self, version: &str) -> Result<VersionSummary, VersionError> {
        let refs = self.refs()?;
        self.summary(&refs, refs.find(version)?)
    }

    /// The version that the next commit follows.
    ///
    /// # Errors
    /// As [`VersionStore::find`].
    pub fn current(&self) -> Result<Option<VersionSummary>, VersionError> {
        let refs = self.refs()?;
        let current = refs.current.and_then(|id| refs.by_id(&id));
        current.map(|version| self.summary(&refs, version)).transpose()
    }

    /// One version with its statistics, files and promises.
    ///
    /// # Errors
    /// As [`VersionStore::find`].
    pub fn show(&self, version: &str) -> Result<VersionDetail, VersionError> {
        let refs = self.refs()?;
        let found = refs.find(version)?;
        let manifest = self.manifest(found)?;
        let summary = summarise(&refs, found, &manifest);
        // The metadata of an archived version lies with its rows.
        let metadata = match found.archive {
            Some(_) => None,
            None => self.metadata(&manifest, &summary.version)?,
        };
        let file = |(name, file): (&String, &crate::manifest::FileRef)| VersionFile {
            name: name.clone(),
            bytes: file.bytes,
            rows: file.rows,
            sha256: file.sha256.clone(),
        };
        Ok(VersionDetail {
            files: manifest.files.iter().map(file).collect(),
            checked: self.checked(&found.id)?,
            summary,
            statistics: manifest.statistics,
            checks: manifest.checks,
            metadata,
        })
    }

    /// The schema's domain ids of a version, in order.
    ///
    /// # Errors
    /// As [`VersionStore::find`].
    pub fn schema(&self, version: &str) -> Result<Vec<String>, VersionError> {
        Ok(self.manifest(self.refs()?.find(version)?)?.schema)
    }

    fn metadata(&self, manifest: &Manifest, version: &str) -> Result<Option<DatasetMetadata>, VersionError> {
        let objects = self.objects()?;
        let bytes = metadata_bytes(&objects, manifest, version)?;
        // Metadata from elsewhere need not be ours; the file itself is checked out as it is.
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Reads and verifies a version's manifest.
    pub(crate) fn manifest(&self, version: &VersionRef) -> Result<Manifest, VersionError> {
        let path = self.manifest_path(&version.id);
        let damaged = |detail: String| VersionError::Damaged {
            version: version.version.to_string(),
            detail: format!("manifests/{}.json: {detail}", version.id),
        };
        let bytes = fs::read(&path).map_err(|error| damaged(error.to_string()))?;
        Manifest::open(&bytes, &version.id).map_err(damaged)
    }

    fn summary(&self, refs: &Refs, version: &VersionRef) -> Result<VersionSummary, VersionError> {
        Ok(summarise(refs, version, &self.manifest(version)?))
    }

    /// Points a tag at a version; `force` moves it when it points elsewhere.
    ///
    /// # Errors
    /// [`VersionError::TagInvalid`], [`VersionError::TagTaken`], as [`VersionStore::find`], and I/O errors.
    pub fn tag(&self, version: &str, tag: &str, force: bool) -> Result<VersionSummary, VersionError> {
        check_tag(tag)?;
        self.change(version, |refs, id| {
            if !force && refs.tags.get(tag).is_some_and(|known| known != id) {
                return Err(VersionError::TagTaken(tag.to_owned()));
            }
            refs.tags.insert(tag.to_owned(), *id);
            Ok(())
        })
    }

    /// Takes a tag away; answers the version that it pointed at.
    ///
    /// # Errors
    /// [`VersionError::TagMissing`], and I/O errors.
    pub fn untag(&self, tag: &str) -> Result<VersionSummary, VersionError> {
        if !self.refs()?.tags.contains_key(tag) {
            return Err(VersionError::TagMissing(tag.to_owned()));
        }
        self.change(tag, |refs, _| {
            refs.tags.remove(tag);
            Ok(())
        })
    }

    /// Makes a version the one that the next commit follows.
    ///
    /// # Errors
    /// As [`VersionStore::find`], and I/O errors.
    pub fn set_current(&self, version: &str) -> Result<VersionSummary, VersionError> {
        self.change(version, |refs, id| {
            refs.current = Some(*id);
            Ok(())
        })
    }

    /// Gives a version a status; that its promises hold is for the caller to see to.
    ///
    /// # Errors
    /// As [`VersionStore::find`], and I/O errors.
    pub fn set_status(&self, version: &str, status: VersionStatus) -> Result<VersionSummary, VersionError> {
        self.change(version, |refs, id| {
            for version in refs.versions.iter_mut().filter(|version| version.id == *id) {
                version.status = status;
            }
            Ok(())
        })
    }

    /// Changes what may change about a version, with nobody between reading and writing.
    fn change(
        &self,
        version: &str,
        change: impl FnOnce(&mut Refs, &Hash) -> Result<(), VersionError>,
    ) -> Result<VersionSummary, VersionError> {
        let _held = self.lock_for_writing(&mut |_| ControlFlow::Continue(()))?;
        let mut refs = self.refs()?;
        let id = refs.find(version)?.id;
        change(&mut refs, &id)?;
        refs.write(&self.disk, &self.refs_path())?;
        let found = refs.by_id(&id).ok_or_else(|| VersionError::Missing(version.to_owned()))?;
        self.summary(&refs, found)
    }

    /// Which versions move to archives by themselves.
    ///
    /// # Errors
    /// [`VersionError::Read`], [`VersionError::Damaged`].
    pub fn retention(&self) -> Result<Retention, VersionError> {
        Ok(self.refs()?.retention)
    }

    /// Sets that rule.
    ///
    /// # Errors
    /// [`VersionError::Damaged`], and I/O errors.
    pub fn set_retention(&self, retention: Retention) -> Result<Retention, VersionError> {
        let _held = self.lock_for_writing(&mut |_| ControlFlow::Continue(()))?;
        let mut refs = self.refs()?;
        refs.retention = retention;
        refs.write(&self.disk, &self.refs_path())?;
        Ok(refs.retention)
    }

    /// How a version's promises were found when last looked at.
    pub(crate) fn checked(&self, id: &Hash) -> Result<Option<CheckReport>, VersionError> {
        let path = self.checks_path(id);
        match fs::read(&path) {
            // A report that can't be read is made anew by looking again.
            Ok(bytes) => Ok(seal::open_or_bare(&bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(VersionError::read(&path)(error)),
        }
    }

    /// Keeps how a version's promises were found.
    ///
    /// # Errors
    /// As [`VersionStore::find`], and I/O errors.
    pub fn keep_report(&self, report: &CheckReport) -> Result<(), VersionError> {
        // A collection must not take what is being written for a leftover.
        let _held = self.lock_for_writing(&mut |_| ControlFlow::Continue(()))?;
        let id = self.refs()?.find(&report.version)?.id;
        let path = self.checks_path(&id);
        let bytes = seal::seal(report).map_err(|error| VersionError::write(&path)(error.into()))?;
        self.disk.make_folder(&self.checks()).map_err(VersionError::write(&path))?;
        self.disk.replace(&path, &bytes).map_err(VersionError::write(&path))
    }
}

/// A version's `metadata.json`.
pub(crate) fn metadata_bytes(
    objects: &Objects,
    manifest: &Manifest,
    version: &str,
) -> Result<Option<Vec<u8>>, VersionError> {
    let Some(file) = manifest.files.get(METADATA) else { return Ok(None) };
    let mut bytes = Vec::new();
    for chunk in read_list(objects, &file.chunks, version)? {
        bytes.extend_from_slice(&objects.get(&chunk.hash, version)?);
    }
    Ok(Some(bytes))
}

/// Reads a list of chunks.
pub(crate) fn read_list(objects: &Objects, list: &Hash, version: &str) -> Result<Vec<ChunkRef>, VersionError> {
    let bytes = objects.get(list, version)?;
    decode_list(&bytes)
        .ok_or_else(|| VersionError::Damaged { version: version.to_owned(), detail: format!("list {list}") })
}

/// A version in short.
pub(crate) fn summarise(refs: &Refs, version: &VersionRef, manifest: &Manifest) -> VersionSummary {
    let number = |id: &Hash| refs.by_id(id).map_or_else(|| id.to_string(), |parent| parent.version.to_string());
    VersionSummary {
        version: version.version.to_string(),
        id: version.id.to_string(),
        tags: refs.tags_of(&version.id),
        status: version.status,
        message: manifest.message.clone(),
        author: manifest.author.clone(),
        committed: manifest.committed,
        parents: manifest.parents.iter().map(number).collect(),
        train: manifest.rows(DATA_FILES[0]),
        eval: manifest.rows(DATA_FILES[1]),
        domains: manifest.statistics.domains.values().filter(|(train, eval)| train + eval > 0).count() as u64,
        changes: manifest.changes,
        stored_bytes: version.stored_bytes,
        archived: version.archive.is_some(),
        current: refs.current == Some(version.id),
    }
}
