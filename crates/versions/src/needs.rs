//! What versions need, so that nothing else need be kept.

use std::collections::HashSet;

use crate::cut::ChunkRef;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::manifest::{FileRef, METADATA, Manifest};
use crate::objects::Objects;
use crate::refs::Refs;
use crate::store::read_list;
use crate::{VersionError, VersionStore};

/// What all versions need.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// The lists of chunks: of archived versions, too, so that their needs are known without their archives.
    pub lists: HashSet<Hash>,
    /// The chunks of versions that can be read.
    pub chunks: HashSet<Hash>,
    /// The same with all that they are told by.
    pub live: HashSet<Hash>,
    /// The chunks of archived versions, with all that they are told by, in packs and in archives.
    pub archived: HashSet<Hash>,
}

impl Marks {
    pub fn of(store: &VersionStore, refs: &Refs, holdings: &Holdings) -> Result<Self, VersionError> {
        // What lies in a file that can't be read is told by something, too, and nobody knows by what.
        if let Some((path, error)) = holdings.objects.broken().iter().chain(&holdings.broken).next() {
            let detail = format!("{}: {error}", store.relative(path));
            return Err(VersionError::Damaged { version: "—".to_owned(), detail });
        }
        let mut marks = Self::default();
        for version in &refs.versions {
            let manifest = store.manifest(version)?;
            let number = version.version.to_string();
            for file in manifest.files.values() {
                marks.lists.insert(file.chunks);
                for chunk in read_list(&holdings.objects, &file.chunks, &number)? {
                    if version.archive.is_some() {
                        marks.insert_archived(chunk.hash, holdings);
                    } else {
                        marks.chunks.insert(chunk.hash);
                        insert_with_bases(&mut marks.live, chunk.hash, |hash| holdings.base(hash));
                    }
                }
            }
        }
        Ok(marks)
    }

    /// What lies in a pack and in an archive may be told by one object here and by another one there.
    fn insert_archived(&mut self, hash: Hash, holdings: &Holdings) {
        let mut waiting = vec![hash];
        while let Some(hash) = waiting.pop() {
            if self.archived.insert(hash) {
                waiting.extend(holdings.base(&hash));
                waiting.extend(holdings.base_in_archive(&hash));
            }
        }
    }
}

/// Adds an object and all that it is told by.
pub(crate) fn insert_with_bases(objects: &mut HashSet<Hash>, hash: Hash, base: impl Fn(&Hash) -> Option<Hash>) {
    let mut next = Some(hash);
    // What is there has its bases there already; so a circle ends, too.
    while let Some(hash) = next.filter(|hash| objects.insert(*hash)) {
        next = base(&hash);
    }
}

/// The chunks of a version's file in order, as many bytes and lines as the manifest says.
pub(crate) fn chunks_of(
    objects: &Objects,
    (name, file): (&str, &FileRef),
    version: &str,
) -> Result<Vec<ChunkRef>, VersionError> {
    let chunks = read_list(objects, &file.chunks, version)?;
    let bytes: u64 = chunks.iter().map(|chunk| u64::from(chunk.bytes)).sum();
    let rows: u64 = chunks.iter().map(|chunk| u64::from(chunk.rows)).sum();
    // The metadata's lines are not counted.
    if bytes == file.bytes && (name == METADATA || rows == file.rows) {
        Ok(chunks)
    } else {
        Err(VersionError::Damaged { version: version.to_owned(), detail: format!("{name}: list {}", file.chunks) })
    }
}

/// What a version needs beside its manifest: its lists, its chunks, and what these are told by. Lists that can't be read are left out
/// with their chunks.
pub(crate) fn of_version(holdings: &Holdings, manifest: &Manifest) -> HashSet<Hash> {
    let mut needed = HashSet::new();
    for file in manifest.files.values() {
        needed.insert(file.chunks);
        for chunk in read_list(&holdings.objects, &file.chunks, &manifest.version).unwrap_or_default() {
            insert_with_bases(&mut needed, chunk.hash, |hash| holdings.base(hash));
        }
    }
    needed
}
