//! Taking versions over from an exported file.

use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::version::{ImportVersionsReport, VersionStatus};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::bundle::{self, Bundle};
use crate::cut::ChunkRef;
use crate::disk::temporary;
use crate::hash::{Hash, hex};
use crate::line::lines;
use crate::manifest::{FileRef, METADATA, Manifest};
use crate::needs::{self, insert_with_bases};
use crate::objects::{LONGEST_CHAIN, Objects};
use crate::pack::{Entry, PackWriter, Packed};
use crate::portion::portions;
use crate::recover::{self, free_number};
use crate::refs::{Refs, VersionRef};
use crate::{Progress, VersionError, VersionStore, claims};

/// Chunks that are in memory at a time.
const BATCH: usize = 8;
/// Objects that are copied at a time.
const COPIED: usize = 64;

impl VersionStore {
    /// Takes versions over from an exported file: those that are not here, with what they need. Everything is verified before anything is
    /// recorded; a file that is not in every respect an export is refused, and nothing of it stays. Stable versions are recorded as
    /// drafts and reported: their promises are for the caller to look at.
    ///
    /// # Errors
    /// [`VersionError::Hostile`] saying what is wrong with the file, [`VersionError::Cancelled`], and I/O errors.
    pub fn import(&self, from: &Path, told: &mut Progress<'_>) -> Result<ImportVersionsReport, VersionError> {
        let _writing = self.lock_for_writing(told)?;
        let mut refs = self.refs()?;
        let bundle = Bundle::open(&self.disk, from, self.incoming(), told)?;
        let needed = check_versions(&bundle, told)?;
        let (known, new): (Vec<&VersionRef>, Vec<&VersionRef>) =
            bundle.refs.versions.iter().partition(|version| refs.by_id(&version.id).is_some());
        let known = known.iter().filter_map(|version| refs.by_id(&version.id));
        let mut report = ImportVersionsReport {
            added: Vec::new(),
            known: known.map(|version| version.version.to_string()).collect(),
            ..ImportVersionsReport::default()
        };
        if new.is_empty() {
            return Ok(report);
        }
        let wanted: HashSet<Hash> =
            new.iter().filter_map(|version| needed.get(&version.id)).flatten().copied().collect();
        self.take_objects(&bundle.objects, &wanted, told)?;
        let folder = self.manifests();
        self.disk.make_folder(&folder).map_err(VersionError::write(&folder))?;
        for version in &new {
            let path = self.manifest_path(&version.id);
            if let Some((bytes, _)) = bundle.manifests.get(&version.id) {
                self.disk.replace(&path, bytes).map_err(VersionError::write(&path))?;
            }
        }
        for version in &new {
            let number = free_number(&refs, version.version);
            let renamed = (number != version.version).then(|| number.to_string());
            report.added.push((version.version.to_string(), renamed));
            let is_stable = version.status == VersionStatus::Stable;
            report.stable.extend(is_stable.then(|| number.to_string()));
            // That its promises hold is a claim of the file, like all in it; whoever imports looks at them.
            let status = if is_stable { VersionStatus::Draft } else { version.status };
            refs.versions.push(VersionRef { version: number, status, ..(*version).clone() });
        }
        self.record_imported(refs, &bundle, &new)?;
        Ok(report)
    }

    /// Where an exported file is unpacked to.
    pub(crate) fn incoming(&self) -> PathBuf {
        temporary(&self.folder.join("incoming"))
    }

    /// Records new versions with their tags, as far as these are free.
    fn record_imported(&self, mut refs: Refs, bundle: &Bundle, new: &[&VersionRef]) -> Result<(), VersionError> {
        for (tag, id) in &bundle.refs.tags {
            if new.iter().any(|version| version.id == *id) {
                refs.tags.entry(tag.clone()).or_insert(*id);
            }
        }
        if refs.current.is_none() {
            refs.current = bundle.refs.current.or(new.last().map(|version| version.id));
        }
        let mut parents = HashMap::new();
        for version in &refs.versions {
            parents.insert(version.id, self.manifest(version)?.parents);
        }
        recover::order(&mut refs, &parents);
        refs.write(&self.disk, &self.refs_path())
    }

    /// Copies objects that are not here into a pack.
    fn take_objects(
        &self,
        from: &Objects,
        wanted: &HashSet<Hash>,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let here = self.objects()?;
        let packs = self.packs();
        let failed = |error: io::Error| VersionError::write(&packs)(error);
        let lengths = chain_lengths(from, &here, wanted);
        let missing = from.entries().filter(|(_, entry)| wanted.contains(&entry.hash) && !here.contains(&entry.hash));
        let mut missing: Vec<Entry> = missing.map(|(_, entry)| *entry).collect();
        missing.sort_unstable_by_key(|entry| entry.offset);
        let mut pack = PackWriter::create(&self.disk, &packs).map_err(failed)?;
        let copied = |entry: &Entry| {
            // Told by what is here, a chain may be longer than it was there.
            if lengths.get(&entry.hash).is_some_and(|length| *length == 0) && entry.base.is_some() {
                return Packed::whole(entry.hash, &from.get(&entry.hash, "—")?).map_err(VersionError::write(&packs));
            }
            let (entry, frame) = from.stored(&entry.hash, "—")?;
            Ok(Packed::stored(&entry, frame))
        };
        let mut done = 0;
        for batch in portions(&missing, COPIED, |entry| bundle::weight(from, &entry.hash)) {
            done += batch.len() as u64;
            if told(done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            for object in batch.par_iter().map(copied).collect::<Result<Vec<_>, VersionError>>()? {
                pack.add(&object).map_err(failed)?;
            }
        }
        pack.finish().map_err(failed).map(|_| ())
    }
}

/// By how many others each object that is not here will be told; 0 for one that is stored whole since that would be too many.
fn chain_lengths(from: &Objects, here: &Objects, wanted: &HashSet<Hash>) -> HashMap<Hash, u32> {
    let mut lengths: HashMap<Hash, u32> = HashMap::new();
    for hash in wanted {
        let mut above = Vec::new();
        let mut next = Some(*hash);
        let mut length = loop {
            let Some(hash) = next else { break None };
            if here.contains(&hash) {
                break Some(here.chain(&hash));
            }
            if let Some(length) = lengths.get(&hash) {
                break Some(*length);
            }
            above.push(hash);
            next = from.entry(&hash).and_then(|entry| entry.base);
        };
        for hash in above.into_iter().rev() {
            let grown = length.map_or(0, |length| length + 1);
            let grown = if grown > LONGEST_CHAIN { 0 } else { grown };
            lengths.insert(hash, grown);
            length = Some(grown);
        }
    }
    lengths
}

/// Each version's files must be there whole, and nothing else; answers what each needs.
pub(crate) fn check_versions(
    bundle: &Bundle,
    told: &mut Progress<'_>,
) -> Result<HashMap<Hash, HashSet<Hash>>, VersionError> {
    let mut needed = HashMap::new();
    let mut hashed: HashMap<Hash, String> = HashMap::new();
    for (id, (_, manifest)) in &bundle.manifests {
        let mut needs = HashSet::new();
        for (name, file) in &manifest.files {
            let chunks = chunks_of(bundle, (name, file), manifest)?;
            needs.insert(file.chunks);
            for chunk in &chunks {
                let base = |hash: &Hash| bundle.objects.entry(hash).and_then(|entry| entry.base);
                insert_with_bases(&mut needs, chunk.hash, base);
            }
            // Versions share files.
            let sha256 = match hashed.get(&file.chunks) {
                Some(sha256) => sha256.clone(),
                None => hash_file(bundle, (name, &chunks), told)?,
            };
            if sha256 != file.sha256 {
                return hostile(format!("{} of {}: SHA-256", name, manifest.version));
            }
            hashed.insert(file.chunks, sha256);
        }
        needed.insert(*id, needs);
    }
    claims::check(bundle, told)?;
    let all: HashSet<&Hash> = needed.values().flatten().collect();
    if bundle.objects.entries().all(|(_, entry)| all.contains(&entry.hash)) {
        Ok(needed)
    } else {
        hostile("objects that no version needs")
    }
}

fn hostile<T>(detail: impl Into<String>) -> Result<T, VersionError> {
    Err(VersionError::Hostile(detail.into()))
}

fn chunks_of(
    bundle: &Bundle,
    (name, file): (&str, &FileRef),
    manifest: &Manifest,
) -> Result<Vec<ChunkRef>, VersionError> {
    let of = format!("{} of {}", name, manifest.version);
    if file.bytes > bundle.limit {
        return hostile(format!("{of}: {} bytes", file.bytes));
    }
    let chunks = needs::chunks_of(&bundle.objects, (name, file), &manifest.version)
        .or_else(|_| hostile(format!("{of}: list of chunks")))?;
    let fits = |chunk: &ChunkRef| bundle.objects.entry(&chunk.hash).is_some_and(|entry| entry.size == chunk.bytes);
    if chunks.iter().all(fits) { Ok(chunks) } else { hostile(format!("{of}: chunks")) }
}

/// The SHA-256 of a version's file; its chunks must have the lines that its list says.
fn hash_file(
    bundle: &Bundle,
    (name, chunks): (&str, &[ChunkRef]),
    told: &mut Progress<'_>,
) -> Result<String, VersionError> {
    let mut sha256 = Sha256::new();
    let mut done = 0;
    for batch in portions(chunks, BATCH, |chunk| bundle::weight(&bundle.objects, &chunk.hash)) {
        let read: Vec<Vec<u8>> =
            batch.par_iter().map(|chunk| bundle.objects.get(&chunk.hash, "—")).collect::<Result<_, _>>()?;
        for (chunk, bytes) in batch.iter().zip(&read) {
            if name != METADATA && lines(bytes).count() != chunk.rows as usize {
                return hostile(format!("{name}: lines of {}", chunk.hash));
            }
            sha256.update(bytes);
            done += u64::from(chunk.rows);
        }
        if told(done) == ControlFlow::Break(()) {
            return Err(VersionError::Cancelled);
        }
    }
    Ok(hex(&sha256.finalize()))
}
