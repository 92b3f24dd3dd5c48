//! Everything that is stored: the packs, and the archives beside them.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::disk::files_of;
use crate::hash::Hash;
use crate::objects::Objects;
use crate::pack::Entry;
use crate::solid::Archive;
use crate::tree::DEEPEST;
use crate::{VersionError, VersionStore, delta};

/// Unpacked groups that are kept.
const KEPT: usize = 4;

/// A group of an archive that was unpacked: which, and what is in it.
type KeptGroup = ((usize, usize), Arc<Vec<u8>>);

/// Packs and archives.
#[derive(Debug)]
pub(crate) struct Holdings {
    pub objects: Arc<Objects>,
    pub archives: Vec<Archive>,
    /// Archives whose index can't be read.
    pub broken: Vec<(PathBuf, io::Error)>,
    /// What lies in archives: in which, and where.
    archived: HashMap<Hash, (usize, Entry)>,
    groups: Mutex<Vec<KeptGroup>>,
}

impl VersionStore {
    pub(crate) fn holdings(&self) -> Result<Holdings, VersionError> {
        let objects = self.objects()?;
        let folder = self.archives();
        let (mut archives, mut broken) = (Vec::new(), Vec::new());
        for path in files_of(&folder, "archive").map_err(VersionError::read(&folder))? {
            match Archive::open(&path) {
                Ok(archive) => archives.push(archive),
                Err(error) => broken.push((path, error)),
            }
        }
        let mut archived = HashMap::new();
        for (place, archive) in archives.iter().enumerate() {
            for entry in &archive.entries {
                archived.entry(entry.hash).or_insert((place, *entry));
            }
        }
        Ok(Holdings { objects, archives, broken, archived, groups: Mutex::default() })
    }
}

impl Holdings {
    /// Where an object lies: in a pack, or else in an archive.
    pub fn entry(&self, hash: &Hash) -> Option<&Entry> {
        self.objects.entry(hash).or_else(|| self.archived.get(hash).map(|(_, entry)| entry))
    }

    /// What an object is told by.
    pub fn base(&self, hash: &Hash) -> Option<Hash> {
        self.entry(hash).and_then(|entry| entry.base)
    }

    /// What an object is told by in an archive, also where it lies in a pack, too.
    pub fn base_in_archive(&self, hash: &Hash) -> Option<Hash> {
        self.archived.get(hash).and_then(|(_, entry)| entry.base)
    }

    /// Whether an object can be had from an archive: what it is told by there is to be had as well.
    pub fn is_told_in_archive(&self, hash: &Hash) -> bool {
        let mut next = *hash;
        for _ in 0..=DEEPEST {
            match self.archived.get(&next).map(|(_, entry)| entry.base) {
                None => return next != *hash && self.objects.contains(&next),
                Some(None) => return true,
                Some(Some(base)) => next = base,
            }
        }
        false
    }

    /// What lies in archives.
    pub fn archived(&self) -> impl Iterator<Item = &Entry> {
        self.archived.values().map(|(_, entry)| entry)
    }

    /// The place among [`Holdings::archives`] of the one that an object lies in.
    pub fn archive_of(&self, hash: &Hash) -> Option<usize> {
        self.archived.get(hash).map(|(place, _)| *place)
    }

    /// Reads an object and verifies its hash. `version` is named in the error.
    pub fn get(&self, hash: &Hash, version: &str) -> Result<Vec<u8>, VersionError> {
        let bytes = self.unverified(hash, version, 0)?;
        if Hash::of(&bytes) == *hash { Ok(bytes) } else { Err(damaged(hash, version)) }
    }

    fn unverified(&self, hash: &Hash, version: &str, depth: u32) -> Result<Vec<u8>, VersionError> {
        let (entry, content) = self.content(hash, version)?;
        match entry.base {
            None => Ok(content),
            Some(_) if depth > DEEPEST => Err(damaged(hash, version)),
            Some(base) => {
                let base = self.unverified(&base, version, depth + 1)?;
                delta::apply(&base, &content, entry.size as usize).ok_or_else(|| damaged(hash, version))
            }
        }
    }

    /// What an object's frame holds, wherever it lies: itself, or its delta.
    pub fn content(&self, hash: &Hash, version: &str) -> Result<(Entry, Vec<u8>), VersionError> {
        if let Some(entry) = self.objects.entry(hash) {
            return Ok((*entry, self.objects.content(hash, version)?));
        }
        self.archived_content(hash).ok_or_else(|| damaged(hash, version))
    }

    /// What an archive holds of an object.
    pub fn archived_content(&self, hash: &Hash) -> Option<(Entry, Vec<u8>)> {
        let (archive, entry) = self.archived.get(hash)?;
        let place = self.archives[*archive].group_of(entry)?;
        let group = self.group(*archive, place)?;
        Some((*entry, self.archives[*archive].part(entry, place, &group)?.to_vec()))
    }

    fn group(&self, archive: usize, place: usize) -> Option<Arc<Vec<u8>>> {
        let kept = |groups: &Vec<KeptGroup>| {
            groups.iter().find(|(which, _)| *which == (archive, place)).map(|(_, group)| group.clone())
        };
        if let Some(group) = self.groups.lock().ok().as_deref().and_then(kept) {
            return Some(group);
        }
        let group = Arc::new(self.archives[archive].unpack(place).ok()?);
        if let Ok(mut groups) = self.groups.lock() {
            if groups.len() >= KEPT {
                groups.remove(0);
            }
            groups.push(((archive, place), group.clone()));
        }
        Some(group)
    }
}

fn damaged(hash: &Hash, version: &str) -> VersionError {
    VersionError::Damaged { version: version.to_owned(), detail: hash.to_string() }
}
