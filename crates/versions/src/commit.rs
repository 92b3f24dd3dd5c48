//! Committing a folder of data files as a version.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use contract::UnixMillis;
use contract::version::{
    ChangeCounts, Checks, CommitPreview, DomainChange, Increment, VersionStatistics, VersionStatus, VersionSummary,
};
use rayon::prelude::*;

use crate::content::Content;
use crate::cut::{CutFile, cut_bytes};
use crate::difference::{self, Difference};
use crate::folder::ReadFolder;
use crate::hash::Hash;
use crate::looking::Deltas;
use crate::manifest::{DATA_FILES, FileRef, LAYOUT, METADATA, Manifest};
use crate::number::Number;
use crate::objects::{LONGEST_CHAIN, Objects};
use crate::pack::{PackWriter, Packed};
use crate::parent::{Basis, Parent, parent_of};
use crate::refs::{Refs, VersionRef, check_tag};
use crate::secret::Secret;
use crate::store::summarise;
use crate::{Progress, VersionError, VersionStore, compare};

/// Chunks that are packed between two looks at progress.
const BATCH: usize = 64;

/// What a version says of itself, beside its content.
#[derive(Clone, Debug, Default)]
pub struct NewVersion<'a> {
    /// Message.
    pub message: &'a str,
    /// Author.
    pub author: &'a str,
    /// Tag, unique among versions.
    pub tag: Option<&'a str>,
    /// Which part of the number grows.
    pub increment: Increment,
    /// What it promises; what its parent promised when `None`.
    pub checks: Option<Checks>,
    /// Time of the commit.
    pub committed: UnixMillis,
    /// Names this commit (a job's number): started again with the same key after a crash, it gives the same version.
    pub key: &'a str,
}

/// What to commit.
#[derive(Clone, Debug)]
pub struct CommitRequest<'a> {
    /// A folder with `train.jsonl`, `eval.jsonl` and perhaps `metadata.json`.
    pub dataset: &'a Path,
    /// Whether the files must be those that the metadata tells of, as the writer left them; else the metadata follows the files.
    pub as_written: bool,
    /// The version that it follows, by number, tag or id; the current one when `None`.
    pub parent: Option<&'a str>,
    /// What it says of itself.
    pub version: NewVersion<'a>,
}

/// A version about to be made, with its parents: for commits, merges and rollbacks alike.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'a> {
    pub version: &'a NewVersion<'a>,
    /// All of its parents; the first is what changes are counted against.
    pub parents: Vec<VersionRef>,
}

impl VersionStore {
    /// Commits a folder. Cancelled or killed half-way it leaves only what the next collection removes.
    ///
    /// # Errors
    /// [`VersionError::Unchanged`] when its parent has the same files, [`VersionError::TagTaken`], [`VersionError::TagInvalid`],
    /// [`VersionError::Dataset`] for a folder that is not whole, [`VersionError::Archived`] for an archived parent,
    /// [`VersionError::Cancelled`], and I/O errors.
    pub fn commit(&self, request: &CommitRequest<'_>, told: &mut Progress<'_>) -> Result<VersionSummary, VersionError> {
        let _writing = self.lock_for_writing(told)?;
        let refs = self.refs()?;
        if let Some(done) = self.done_before(&refs, request.version.key)? {
            return Ok(done);
        }
        let parent = parent_of(&refs, request.parent)?.cloned();
        let draft = Draft::following(&request.version, parent.into_iter().collect());
        let (basis, folder) = self.basis(&draft, request.dataset, told)?;
        if request.as_written {
            folder.check_hashes(request.dataset)?;
        }
        self.publish(refs, &draft, &basis, &folder, told)
    }

    /// Makes a version of a folder: chunks, sync, manifest by rename, record.
    pub(crate) fn publish(
        &self,
        refs: Refs,
        draft: &Draft<'_>,
        basis: &Basis,
        folder: &ReadFolder,
        told: &mut Progress<'_>,
    ) -> Result<VersionSummary, VersionError> {
        draft.check_tag(&refs)?;
        let Basis { objects, parent } = basis;
        let old = parent.as_ref().map(|parent| &parent.content);
        let found = self.compare_indexing(old, &folder.content, told)?;
        let before = parent.as_ref().map(|parent| parent.manifest.statistics.clone()).unwrap_or_default();
        let statistics = found.difference.tally.applied_to(&before);
        let metadata = folder.metadata_for(&statistics, draft.version.committed);
        let stored = self.store_objects(objects, folder, &metadata, parent.as_ref(), &found.deltas, told)?;
        let (files, stored_bytes) = stored;
        if let Some(parent) = parent.as_ref().filter(|parent| same_data(&parent.manifest, &files)) {
            return Err(VersionError::Unchanged(parent.version.version.to_string()));
        }
        let manifest = make_manifest(&refs, draft, folder, parent.as_ref(), &found.difference, (statistics, files));
        let summary = self.record(refs, draft, &manifest, stored_bytes)?;
        self.keep_index(found.index, &folder.content, &summary);
        Ok(summary)
    }

    /// Writes the manifest and records the version: the moment from which it exists.
    pub(crate) fn record(
        &self,
        mut refs: Refs,
        draft: &Draft<'_>,
        manifest: &Manifest,
        stored_bytes: u64,
    ) -> Result<VersionSummary, VersionError> {
        draft.check_tag(&refs)?;
        let folder = self.manifests();
        let (id, bytes) = manifest.seal().map_err(|error| VersionError::write(&folder)(error.into()))?;
        let version = VersionRef {
            version: manifest.version.parse().unwrap_or(Number::FIRST),
            id,
            status: VersionStatus::Draft,
            stored_bytes: stored_bytes + bytes.len() as u64,
            archive: None,
        };
        self.disk.make_folder(&folder).map_err(VersionError::write(&folder))?;
        let path = self.manifest_path(&id);
        self.disk.replace(&path, &bytes).map_err(VersionError::write(&path))?;
        refs.versions.push(version.clone());
        refs.current = Some(id);
        if let Some(tag) = draft.version.tag {
            refs.tags.insert(tag.to_owned(), id);
        }
        refs.write(&self.disk, &self.refs_path())?;
        Ok(summarise(&refs, &version, manifest))
    }

    /// Writes what is not stored yet into one pack; answers the files and the pack's bytes.
    fn store_objects(
        &self,
        objects: &Objects,
        folder: &ReadFolder,
        metadata: &[u8],
        parent: Option<&Parent>,
        deltas: &[Deltas; 2],
        told: &mut Progress<'_>,
    ) -> Result<(BTreeMap<String, FileRef>, u64), VersionError> {
        let packs = self.packs();
        let failed = |error: io::Error| VersionError::write(&packs)(error);
        let mut pack =
            NewObjects { writer: PackWriter::create(&self.disk, &packs).map_err(failed)?, added: Default::default() };
        let mut files = BTreeMap::new();
        for (file, name) in (0_u8..).zip(DATA_FILES) {
            self.store_chunks(objects, folder, parent, (file, &deltas[usize::from(file)]), &mut pack, told)?;
            let (reference, hash, list) = folder.content.cuts()[usize::from(file)].reference();
            pack.add_whole(objects, hash, &list).map_err(failed)?;
            files.insert(name.to_owned(), reference);
        }
        let cut = cut_bytes(metadata).map_err(failed)?;
        let mut rest = metadata;
        for chunk in &cut.chunks {
            let (part, after) = rest.split_at(chunk.bytes as usize);
            pack.add_whole(objects, chunk.hash, part).map_err(failed)?;
            rest = after;
        }
        let (reference, hash, list) = cut.reference();
        pack.add_whole(objects, hash, &list).map_err(failed)?;
        files.insert(METADATA.to_owned(), FileRef { rows: 0, ..reference });
        let written = pack.writer.finish().map_err(failed)?;
        Ok((files, written))
    }

    fn store_chunks(
        &self,
        objects: &Objects,
        folder: &ReadFolder,
        parent: Option<&Parent>,
        (file, deltas): (u8, &Deltas),
        pack: &mut NewObjects,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let chunks = folder.content.chunks(file);
        let wanted: Vec<u32> =
            (0..).zip(chunks).filter(|(_, chunk)| !objects.contains(&chunk.hash)).map(|(place, _)| place).collect();
        let failed = |error: io::Error| VersionError::write(&self.packs())(error);
        let packed = |place: &u32| {
            let chunk = chunks[*place as usize];
            let told = deltas.get(place).zip(parent).and_then(|((nearest, delta), parent)| {
                let base = parent.content.chunks(file)[*nearest as usize].hash;
                // Reading goes through every object of a chain.
                (objects.chain(&base) < LONGEST_CHAIN).then_some((base, delta))
            });
            match told {
                Some((base, delta)) => {
                    let checksum = folder.content.cuts()[usize::from(file)].checksums[*place as usize];
                    Packed::delta((chunk.hash, checksum, chunk.bytes), base, delta).map_err(failed)
                }
                None => Packed::whole(chunk.hash, &folder.content.read(file, *place)?).map_err(failed),
            }
        };
        for batch in wanted.chunks(BATCH) {
            if told(folder.rows()) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            let packed: Vec<Packed> = batch.par_iter().map(packed).collect::<Result<_, _>>()?;
            for object in &packed {
                pack.add(object).map_err(VersionError::write(&self.packs()))?;
            }
        }
        Ok(())
    }

    /// What a commit would change.
    ///
    /// # Errors
    /// As [`VersionStore::commit`].
    pub fn preview_commit(
        &self,
        dataset: &Path,
        parent: Option<&str>,
        increment: Increment,
        told: &mut Progress<'_>,
    ) -> Result<CommitPreview, VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let refs = self.refs()?;
        let parent = parent_of(&refs, parent)?;
        let objects = self.objects()?;
        let parent = parent.map(|parent| Parent::open(self, &objects, parent)).transpose()?;
        let parent = parent.map(|parent| parent.with_index(self));
        let known = parent.as_ref().and_then(|parent| parent.content.known_lines(0));
        let secret = known.map_or_else(Secret::drawn, |(_, secret)| secret.clone());
        let folder = ReadFolder::read(dataset, &secret, told)?;
        let difference =
            difference::between(parent.as_ref().map(|parent| &parent.content as &dyn Content), &folder.content, told)?;
        let before = parent.as_ref().map(|parent| parent.manifest.statistics.clone()).unwrap_or_default();
        let after = difference.tally.applied_to(&before);
        let changes = counted(&folder, parent.as_ref(), &difference, &after);
        let unchanged = parent.as_ref().is_some_and(|parent| {
            let same = |(name, cut): (&str, &CutFile)| {
                parent.manifest.files.get(name).is_some_and(|file| file.sha256 == cut.sha256)
            };
            DATA_FILES.into_iter().zip(folder.content.cuts()).all(same)
        });
        let mut domains: Vec<DomainChange> = compare::domains(&difference, &before, &after);
        domains.retain(|change| change.gained + change.lost > 0 || change.before != change.after);
        Ok(CommitPreview {
            version: number_of(&refs, parent.as_ref().map(|parent| &parent.version), increment, &changes).to_string(),
            parent: parent.as_ref().map(|parent| parent.version.version.to_string()),
            changes,
            domains,
            unchanged,
            train: folder.content.cuts()[0].rows,
            eval: folder.content.cuts()[1].rows,
        })
    }
}

impl<'a> Draft<'a> {
    /// A version that follows some others.
    pub fn following(version: &'a NewVersion<'a>, parents: Vec<VersionRef>) -> Self {
        Self { version, parents }
    }

    fn check_tag(&self, refs: &Refs) -> Result<(), VersionError> {
        let Some(tag) = self.version.tag else { return Ok(()) };
        check_tag(tag)?;
        if refs.tags.contains_key(tag) { Err(VersionError::TagTaken(tag.to_owned())) } else { Ok(()) }
    }
}

/// A pack and what is in it so far.
struct NewObjects {
    writer: PackWriter,
    added: HashSet<Hash>,
}

impl NewObjects {
    fn add(&mut self, object: &Packed) -> io::Result<()> {
        if self.added.insert(object.hash) { self.writer.add(object) } else { Ok(()) }
    }

    fn add_whole(&mut self, objects: &Objects, hash: Hash, bytes: &[u8]) -> io::Result<()> {
        if objects.contains(&hash) { Ok(()) } else { self.add(&Packed::whole(hash, bytes)?) }
    }
}

fn same_data(parent: &Manifest, files: &BTreeMap<String, FileRef>) -> bool {
    DATA_FILES.iter().all(|name| parent.files.get(*name) == files.get(*name))
}

/// Counts of what changed, with the schema's part.
fn counted(
    folder: &ReadFolder,
    parent: Option<&Parent>,
    difference: &Difference,
    after: &VersionStatistics,
) -> ChangeCounts {
    let schema_changed = parent.is_some_and(|parent| other_domains(&parent.manifest.schema, &folder.schema(after)));
    ChangeCounts { schema_changed, ..difference.counts }
}

/// Whether two schemas have other domains; their order is no matter of a dataset's.
pub(crate) fn other_domains(one: &[String], other: &[String]) -> bool {
    let set = |domains: &[String]| domains.iter().cloned().collect::<BTreeSet<_>>();
    set(one) != set(other)
}

pub(crate) fn number_of(
    refs: &Refs,
    parent: Option<&VersionRef>,
    increment: Increment,
    changes: &ChangeCounts,
) -> Number {
    let taken = |number: Number| refs.by_number(number).is_some();
    match parent {
        Some(parent) => parent.version.next(increment, changes, taken),
        None if taken(Number::FIRST) => Number::FIRST.next(Increment::Major, changes, taken),
        None => Number::FIRST,
    }
}

fn make_manifest(
    refs: &Refs,
    draft: &Draft<'_>,
    folder: &ReadFolder,
    parent: Option<&Parent>,
    difference: &Difference,
    (statistics, files): (VersionStatistics, BTreeMap<String, FileRef>),
) -> Manifest {
    let changes = counted(folder, parent, difference, &statistics);
    let inherited = || parent.map(|parent| parent.manifest.checks.clone()).unwrap_or_default();
    Manifest {
        layout: LAYOUT,
        version: number_of(refs, parent.map(|parent| &parent.version), draft.version.increment, &changes).to_string(),
        parents: draft.parents.iter().map(|parent| parent.id).collect(),
        message: draft.version.message.to_owned(),
        author: draft.version.author.to_owned(),
        committed: draft.version.committed,
        schema: folder.schema(&statistics),
        settings: folder.settings(),
        statistics,
        changes,
        checks: draft.version.checks.clone().unwrap_or_else(inherited),
        files,
        key: draft.version.key.to_owned(),
    }
}
