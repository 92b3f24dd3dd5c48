//! Moving versions that are rarely wanted into archives, and back.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::ops::ControlFlow;

use contract::UnixMillis;
use contract::version::{ArchiveReport, Retention, VersionStatus, VersionSummary};
use rayon::prelude::*;

use crate::archive_order::ArchiveOrder;
use crate::disk::{files_of, temporary};
use crate::export::Scratch;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::needs::{self, Marks};
use crate::pack::{Entry, PackWriter, Packed};
use crate::refs::Refs;
use crate::solid::ArchiveWriter;
use crate::store::summarise;
use crate::{Progress, VersionError, VersionStore};

/// Objects that are unpacked between two looks at progress.
const BATCH: usize = 64;
const DAY: UnixMillis = 24 * 60 * 60 * 1000;

impl VersionStore {
    /// Moves versions to an archive: what only archived versions need leaves the packs for one strongly compressed file. Without names,
    /// those that the rule of retention says: the oldest that are untagged, not stable and not current. Versions that are archived
    /// already are passed over.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Damaged`], [`VersionError::Cancelled`], and I/O errors.
    pub fn archive(
        &self,
        versions: &[String],
        dry_run: bool,
        now: UnixMillis,
        told: &mut Progress<'_>,
    ) -> Result<ArchiveReport, VersionError> {
        self.archive_by((versions, None), dry_run, now, told)
    }

    /// The same, going by another rule this once where one is given; the store's own stays as it is.
    ///
    /// # Errors
    /// As [`VersionStore::archive`].
    pub fn archive_by(
        &self,
        (versions, rule): (&[String], Option<&Retention>),
        dry_run: bool,
        now: UnixMillis,
        told: &mut Progress<'_>,
    ) -> Result<ArchiveReport, VersionError> {
        let _writing = self.lock_for_writing(told)?;
        if dry_run {
            return self.try_archive((versions, rule), now, told);
        }
        let mut refs = self.refs()?;
        let chosen = match versions {
            [] => self.due(&refs, rule.unwrap_or(&refs.retention), now)?,
            versions => named(&refs, versions)?,
        };
        let bytes_before = self.stored_bytes()?;
        let of_chosen = refs.versions.iter().filter(|version| chosen.contains(&version.id));
        let versions_chosen = of_chosen.map(|version| version.version.to_string()).collect();
        let mut report =
            ArchiveReport { dry_run: false, versions: versions_chosen, bytes_before, bytes_after: bytes_before };
        if !chosen.is_empty() {
            // What versions need once these are archived.
            for version in refs.versions.iter_mut().filter(|version| chosen.contains(&version.id)) {
                version.archive = Some(Hash::default());
            }
            let name = self.write_archive(&refs, told)?;
            for version in refs.versions.iter_mut().filter(|version| chosen.contains(&version.id)) {
                version.archive = Some(name);
            }
            refs.write(&self.disk, &self.refs_path())?;
        }
        // Named versions may be archived already by a run that did not get to this.
        if !chosen.is_empty() || !versions.is_empty() {
            self.sweep(&refs, told)?;
            report.bytes_after = self.stored_bytes()?;
        }
        Ok(report)
    }

    /// The versions that a rule moves: oldest first.
    fn due(&self, refs: &Refs, rule: &Retention, now: UnixMillis) -> Result<HashSet<Hash>, VersionError> {
        let live = refs.versions.iter().filter(|version| version.archive.is_none());
        let surplus = (live.clone().count() as u64).saturating_sub(rule.keep);
        let age = UnixMillis::try_from(rule.min_age_days).unwrap_or(UnixMillis::MAX).saturating_mul(DAY);
        let mut due = HashSet::new();
        let free = live.filter(|version| {
            version.status != VersionStatus::Stable
                && refs.current != Some(version.id)
                && refs.tags.values().all(|id| *id != version.id)
        });
        for version in free {
            if due.len() as u64 >= surplus {
                break;
            }
            if now.saturating_sub(self.manifest(version)?.committed) >= age {
                due.insert(version.id);
            }
        }
        Ok(due)
    }

    /// What archiving would come to: it is done in a folder beside, on other names of the same files, which goes again.
    fn try_archive(
        &self,
        chosen: (&[String], Option<&Retention>),
        now: UnixMillis,
        told: &mut Progress<'_>,
    ) -> Result<ArchiveReport, VersionError> {
        let path = temporary(&self.folder.join("trial"));
        let failed = VersionError::write;
        let scratch = Scratch::make(&self.disk, path.clone()).map_err(failed(&path))?;
        for folder in [self.packs(), self.archives(), self.manifests()] {
            let to = scratch.0.join(folder.file_name().unwrap_or_default());
            self.disk.make_folder(&to).map_err(failed(&to))?;
            for extension in ["pack", "archive", "json"] {
                for file in files_of(&folder, extension).map_err(VersionError::read(&folder))? {
                    let to = to.join(file.file_name().unwrap_or_default());
                    self.disk.link(&file, &to).map_err(failed(&to))?;
                }
            }
        }
        let trial = Self { folder: scratch.0.clone(), disk: self.disk.clone() };
        self.refs()?.write(&self.disk, &trial.refs_path())?;
        let report = trial.archive_by(chosen, false, now, told)?;
        Ok(ArchiveReport { dry_run: true, ..report })
    }

    /// Moves what only archived versions need to a new archive; it leaves the packs later.
    fn write_archive(&self, refs: &Refs, told: &mut Progress<'_>) -> Result<Hash, VersionError> {
        let mut holdings = self.holdings()?;
        let mut marks = Marks::of(self, refs, &holdings)?;
        let chains = self.stand_alone(&holdings, &marks, told)?;
        if !chains.is_empty() {
            holdings = self.holdings()?;
            marks = Marks::of(self, refs, &holdings)?;
        }
        let order = ArchiveOrder::of(&holdings, &marks, &chains);
        check_packs(self, &holdings, order.entries(&holdings))?;
        let folder = self.archives();
        let failed = |error: io::Error| VersionError::write(&folder)(error);
        let mut writer = ArchiveWriter::create(&self.disk, &folder).map_err(failed)?;
        let mut done = 0;
        for batch in order.batches(BATCH) {
            if told(done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            for (entry, content) in batch.objects(&holdings)? {
                writer.add(&entry, &content).map_err(failed)?;
                done += 1;
            }
        }
        writer.finish().map_err(failed)
    }

    /// Brings an archived version's rows back, so that it can be read. One that is not archived stays as it is.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Damaged`], [`VersionError::Cancelled`], and I/O errors.
    pub fn restore(&self, version: &str, told: &mut Progress<'_>) -> Result<VersionSummary, VersionError> {
        let _writing = self.lock_for_writing(told)?;
        let mut refs = self.refs()?;
        let found = refs.find(version)?.clone();
        let manifest = self.manifest(&found)?;
        if found.archive.is_some() {
            self.unarchive(&found.version.to_string(), &needs_of(self, &found.version.to_string(), &manifest)?, told)?;
            for version in refs.versions.iter_mut().filter(|version| version.id == found.id) {
                version.archive = None;
            }
            refs.write(&self.disk, &self.refs_path())?;
        }
        // The archive may be needed no more; a run before this one may not have got to it.
        self.sweep(&refs, told)?;
        let found = refs.by_id(&found.id).ok_or_else(|| VersionError::Missing(version.to_owned()))?;
        Ok(summarise(&refs, found, &manifest))
    }

    /// Writes what of these objects lies in archives alone into a pack.
    fn unarchive(&self, version: &str, needed: &HashSet<Hash>, told: &mut Progress<'_>) -> Result<(), VersionError> {
        let holdings = self.holdings()?;
        let missing = |hash: &Hash| VersionError::Damaged { version: version.to_owned(), detail: hash.to_string() };
        let mut wanted = Vec::new();
        for hash in needed.iter().filter(|hash| !holdings.objects.contains(hash)) {
            let place = holdings.archive_of(hash).zip(holdings.entry(hash));
            let (archive, entry) = place.ok_or_else(|| missing(hash))?;
            wanted.push((archive, *entry));
        }
        wanted.sort_unstable_by_key(|(archive, entry)| (*archive, entry.offset));
        let mut archives: Vec<usize> = wanted.iter().map(|(archive, _)| *archive).collect();
        archives.dedup();
        for archive in archives {
            check_file(self, holdings.archives[archive].path(), version)?;
        }
        let packs = self.packs();
        let failed = |error: io::Error| VersionError::write(&packs)(error);
        let mut pack = PackWriter::create(&self.disk, &packs).map_err(failed)?;
        for (batch, done) in wanted.chunks(BATCH).zip((0..).step_by(BATCH)) {
            if told(done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            let again = |(_, entry): &(usize, Entry)| {
                let (entry, content) = holdings.content(&entry.hash, version)?;
                Packed::again(&entry, &content).map_err(VersionError::write(&packs))
            };
            for object in batch.par_iter().map(again).collect::<Result<Vec<_>, VersionError>>()? {
                pack.add(&object).map_err(failed)?;
            }
        }
        pack.finish().map_err(failed).map(|_| ())
    }

    /// Bytes of packs, archives and manifests.
    fn stored_bytes(&self) -> Result<u64, VersionError> {
        let mut bytes = 0;
        for (folder, extension) in [(self.packs(), "pack"), (self.archives(), "archive"), (self.manifests(), "json")] {
            for path in files_of(&folder, extension).map_err(VersionError::read(&folder))? {
                bytes += fs::metadata(&path).map_err(VersionError::read(&path))?.len();
            }
        }
        Ok(bytes)
    }
}

/// The versions of some names that are not archived yet.
fn named(refs: &Refs, versions: &[String]) -> Result<HashSet<Hash>, VersionError> {
    let mut chosen = HashSet::new();
    for name in versions {
        let version = refs.find(name)?;
        if version.archive.is_none() {
            chosen.insert(version.id);
        }
    }
    Ok(chosen)
}

fn needs_of(
    store: &VersionStore,
    version: &str,
    manifest: &crate::manifest::Manifest,
) -> Result<HashSet<Hash>, VersionError> {
    let holdings = store.holdings()?;
    for (name, file) in &manifest.files {
        needs::chunks_of(&holdings.objects, (name, file), version)?;
    }
    Ok(needs::of_version(&holdings, manifest))
}

/// Nothing that is damaged may get a name that fits.
fn check_packs<'a>(
    store: &VersionStore,
    holdings: &Holdings,
    moved: impl Iterator<Item = &'a Entry>,
) -> Result<(), VersionError> {
    let packs: HashSet<usize> = moved.filter_map(|entry| holdings.objects.pack_of(&entry.hash)).collect();
    packs.into_iter().try_for_each(|pack| check_file(store, holdings.objects.packs()[pack].path(), "—"))
}

fn check_file(store: &VersionStore, path: &std::path::Path, version: &str) -> Result<(), VersionError> {
    let (hash, _) = Hash::of_file(path).map_err(VersionError::read(path))?;
    if Hash::in_name(path) == Some(hash) {
        return Ok(());
    }
    Err(VersionError::Damaged { version: version.to_owned(), detail: store.relative(path) })
}
