//! The objects of all packs: reading one by its hash, through as many deltas as it takes, verified.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::VersionError;
use crate::cut::LARGEST;
use crate::delta;
use crate::disk::files_of;
use crate::frame;
use crate::hash::Hash;
use crate::pack::{Entry, Pack, Places};

/// An object is told by at most so many others, one after another; then it is stored whole again.
pub(crate) const LONGEST_CHAIN: u32 = 32;

/// The objects of a folder of packs, as it was when they were opened.
#[derive(Debug)]
pub(crate) struct Objects {
    packs: Vec<Pack>,
    places: Places,
    /// One open file a pack and reader, given back after use.
    files: Mutex<HashMap<u32, Vec<File>>>,
    /// Packs whose index can't be read: the objects in them are missing here, and that is said when one is asked for.
    broken: Vec<(PathBuf, io::Error)>,
}

impl Objects {
    pub fn open(folder: &Path) -> Result<Self, VersionError> {
        let (mut packs, mut broken) = (Vec::new(), Vec::new());
        for path in files_of(folder, "pack").map_err(VersionError::read(folder))? {
            match Pack::open(&path) {
                Ok(pack) => packs.push(pack),
                Err(error) => broken.push((path, error)),
            }
        }
        let mut places = Places::with_capacity(packs.iter().map(|pack| pack.entries.len()).sum());
        for (index, pack) in packs.iter().enumerate() {
            for entry in &pack.entries {
                // The same object in two packs: any copy will do, but a whole one is the shorter way.
                #[allow(clippy::cast_possible_truncation)] // Packs, not rows.
                let place = (index as u32, *entry);
                places
                    .entry(entry.hash)
                    .and_modify(|known| {
                        if known.1.base.is_some() && entry.base.is_none() {
                            *known = place;
                        }
                    })
                    .or_insert(place);
            }
        }
        Ok(Self { packs, places, files: Mutex::default(), broken })
    }

    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// Packs that can't be read.
    pub fn broken(&self) -> &[(PathBuf, io::Error)] {
        &self.broken
    }

    pub fn contains(&self, hash: &Hash) -> bool {
        self.places.contains_key(hash)
    }

    /// Every object, with the place of its pack among [`Objects::packs`].
    pub fn entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.places.values().map(|(pack, entry)| (*pack as usize, entry))
    }

    /// The place of the pack that an object is read from.
    pub fn pack_of(&self, hash: &Hash) -> Option<usize> {
        self.places.get(hash).map(|(pack, _)| *pack as usize)
    }

    /// Where an object lies.
    pub fn entry(&self, hash: &Hash) -> Option<&Entry> {
        self.places.get(hash).map(|(_, entry)| entry)
    }

    /// How many others an object is told by, one after another.
    pub fn chain(&self, hash: &Hash) -> u32 {
        let (mut length, mut next) = (0, self.entry(hash).and_then(|entry| entry.base));
        while let Some(base) = next.filter(|_| length <= LONGEST_CHAIN) {
            length += 1;
            next = self.entry(&base).and_then(|entry| entry.base);
        }
        length
    }

    /// Reads an object and verifies its hash. `version` is named in the error.
    pub fn get(&self, hash: &Hash, version: &str) -> Result<Vec<u8>, VersionError> {
        let bytes = self.unverified(hash, version, 0)?;
        if Hash::of(&bytes) == *hash { Ok(bytes) } else { Err(self.damaged(hash, version)) }
    }

    /// Reads an object and looks whether it is what was written: by its checksum, which is much faster, or where none was recorded
    /// by its hash.
    pub fn get_as_written(&self, hash: &Hash, version: &str) -> Result<Vec<u8>, VersionError> {
        let Some(checksum) = self.entry(hash).map(|entry| entry.checksum).filter(|checksum| checksum.is_known()) else {
            return self.get(hash, version);
        };
        let bytes = self.unverified(hash, version, 0)?;
        if checksum.fits(&bytes) { Ok(bytes) } else { Err(self.damaged(hash, version)) }
    }

    /// Only the last object of a chain needs to be hashed: whatever is wrong before shows in it.
    fn unverified(&self, hash: &Hash, version: &str, depth: u32) -> Result<Vec<u8>, VersionError> {
        let damaged = || self.damaged(hash, version);
        let (_, entry) = self.places.get(hash).ok_or_else(damaged)?;
        let content = self.content(hash, version)?;
        match entry.base {
            None => Ok(content),
            // Longer than any that was ever written: a circle, or a hostile one.
            Some(_) if depth > 2 * LONGEST_CHAIN => Err(damaged()),
            Some(base) => {
                let base = self.unverified(&base, version, depth + 1)?;
                delta::apply(&base, &content, entry.size as usize).ok_or_else(damaged)
            }
        }
    }

    /// What an object's frame holds: itself, or its delta.
    pub fn content(&self, hash: &Hash, version: &str) -> Result<Vec<u8>, VersionError> {
        let damaged = || self.damaged(hash, version);
        let (pack, entry) = self.places.get(hash).ok_or_else(damaged)?;
        let frame = self.frame(*pack, entry).map_err(|_| damaged())?;
        unpack(&frame, entry).ok_or_else(damaged)
    }

    /// An object's frame as it lies in its pack.
    pub fn stored(&self, hash: &Hash, version: &str) -> Result<(Entry, Vec<u8>), VersionError> {
        let (pack, entry) = self.places.get(hash).ok_or_else(|| self.damaged(hash, version))?;
        Ok((*entry, self.frame(*pack, entry).map_err(|_| self.damaged(hash, version))?))
    }

    fn frame(&self, index: u32, entry: &Entry) -> io::Result<Vec<u8>> {
        let pack = &self.packs[index as usize];
        let lent = self.files.lock().ok().and_then(|mut files| files.get_mut(&index)?.pop());
        let mut file = match lent {
            Some(file) => file,
            None => File::open(pack.path())?,
        };
        let frame = pack.frame(&mut file, entry)?;
        if let Ok(mut files) = self.files.lock() {
            files.entry(index).or_default().push(file);
        }
        Ok(frame)
    }

    fn damaged(&self, hash: &Hash, version: &str) -> VersionError {
        let detail = match (self.places.get(hash), self.broken.first()) {
            (Some((pack, entry)), _) => {
                format!("{} @ {}: {hash}", file_name(self.packs[*pack as usize].path()), entry.offset)
            }
            (None, Some((path, error))) => format!("{}: {error}", file_name(path)),
            (None, None) => format!("{hash}"),
        };
        VersionError::Damaged { version: version.to_owned(), detail }
    }
}

/// Unpacks a frame, to no more than an object may have.
pub(crate) fn unpack(packed: &[u8], entry: &Entry) -> Option<Vec<u8>> {
    // A delta is at most its target and an instruction's head a line.
    let limit = if entry.base.is_some() { 2 * entry.size as usize + 64 } else { entry.size as usize };
    frame::decompress(packed, limit.min(2 * LARGEST)).ok()
}

/// A file's name in the folder of packs, as errors name it.
pub(crate) fn file_name(path: &Path) -> String {
    format!("packs/{}", path.file_name().unwrap_or_default().to_string_lossy())
}
