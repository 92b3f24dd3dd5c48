//! Archives: files that hold the objects of versions that are rarely wanted, in groups that are compressed as one. docs/VERSION_STORE.md
//! describes the format for other readers.
//!
//! ```text
//! "WNWARCH3"                                                            8 bytes
//! zstd frames, one a group: what the objects' frames hold, one after another
//! index: for each object, by hash, as in a pack: offset counts in the unpacked groups one after another,
//!     stored is what it takes there                                     88 bytes, little endian
//! groups: for each: offset of its frame u64 · stored u64 · unpacked u64 24 bytes
//! objects u64 · groups u64 · offset of the index u64 · blake3 of index and groups 32 · "WNWAEND3"
//! ```
//!
//! Those of the earlier form, with a 2 for the 3, have no checksums: 80 bytes an object.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::cut::LARGEST;
use crate::disk::{Disk, OutFile, Unnamed};
use crate::hash::Hash;
use crate::pack::{Entry, number};

const HEAD: &[u8; 8] = b"WNWARCH3";
const END: &[u8; 8] = b"WNWAEND3";
const EARLIER_HEAD: &[u8; 8] = b"WNWARCH2";
const EARLIER_END: &[u8; 8] = b"WNWAEND2";
const GROUP: usize = 24;
const FOOTER: usize = 8 + 8 + 8 + 32 + 8;
/// A group is closed when it has this many bytes.
const FULL: usize = 16 << 20;
/// So a group has no more than this: what fits before and the largest object's delta.
const LARGEST_GROUP: u64 = (FULL + 2 * LARGEST) as u64;
/// Level of zstd: ten versions of 200,000 rows take 13.9 MB in packs, 8.7 MB here in 3 s, 7.1 MB at level 19 in 88 s.
const LEVEL: i32 = 12;
/// Logarithm of how far back repeated text is looked for: all of a usual group.
const WINDOW: u32 = 24;

/// A group of objects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// Where its frame begins.
    pub offset: u64,
    /// Bytes of the frame.
    stored: u64,
    /// Bytes of what is in it.
    unpacked: u64,
    /// Bytes of the groups before it.
    before: u64,
}

/// Makes an archive.
pub(crate) struct ArchiveWriter {
    folder: PathBuf,
    file: BufWriter<OutFile>,
    // After the file: what is dropped first is closed first.
    unnamed: Unnamed,
    hasher: blake3::Hasher,
    offset: u64,
    entries: Vec<Entry>,
    groups: Vec<Group>,
    unpacked: u64,
    /// Groups that wait to be compressed beside each other; the last is still being filled.
    waiting: Vec<Vec<u8>>,
}

impl ArchiveWriter {
    pub fn create(disk: &Disk, folder: &Path) -> io::Result<Self> {
        disk.make_folder(folder)?;
        let (unnamed, file) = Unnamed::create(disk, &folder.join("new"))?;
        let mut archive = Self {
            folder: folder.to_owned(),
            file: BufWriter::with_capacity(1 << 20, file),
            unnamed,
            hasher: blake3::Hasher::new(),
            offset: 0,
            entries: Vec::new(),
            groups: Vec::new(),
            unpacked: 0,
            waiting: vec![Vec::new()],
        };
        archive.put(HEAD)?;
        Ok(archive)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.offset += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// Adds what an object's frame holds; what belongs together should come together.
    pub fn add(&mut self, entry: &Entry, content: &[u8]) -> io::Result<()> {
        let stored = u32::try_from(content.len()).map_err(|_| io::Error::other("an object of 4 GiB"))?;
        self.entries.push(Entry { offset: self.unpacked, stored, ..*entry });
        self.unpacked += content.len() as u64;
        let full = self.waiting.last_mut().is_none_or(|group| {
            group.extend_from_slice(content);
            group.len() >= FULL
        });
        if full {
            if self.waiting.len() >= rayon::current_num_threads() {
                self.compress()?;
            }
            self.waiting.push(Vec::new());
        }
        Ok(())
    }

    fn compress(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let frames: Vec<Vec<u8>> =
            waiting.par_iter().filter(|group| !group.is_empty()).map(|group| frame(group)).collect::<Result<_, _>>()?;
        for (group, frame) in waiting.iter().filter(|group| !group.is_empty()).zip(frames) {
            let before = self.groups.last().map_or(0, |last| last.before + last.unpacked);
            let (stored, unpacked) = (frame.len() as u64, group.len() as u64);
            self.groups.push(Group { offset: self.offset, stored, unpacked, before });
            self.put(&frame)?;
        }
        Ok(())
    }

    /// Writes the index, makes all durable and gives the archive its name.
    pub fn finish(mut self) -> io::Result<Hash> {
        self.compress()?;
        self.entries.sort_unstable_by_key(|entry| entry.hash);
        let mut index = Vec::with_capacity(self.entries.len() * Entry::BYTES + self.groups.len() * GROUP);
        self.entries.iter().for_each(|entry| entry.put(&mut index));
        for group in &self.groups {
            for part in [group.offset, group.stored, group.unpacked] {
                index.extend_from_slice(&part.to_le_bytes());
            }
        }
        let (objects, groups, at) = (self.entries.len() as u64, self.groups.len() as u64, self.offset);
        self.put(&index)?;
        for part in [objects, groups, at] {
            self.put(&part.to_le_bytes())?;
        }
        self.put(&Hash::of(&index).0)?;
        self.put(END)?;
        let name = Hash(*self.hasher.finalize().as_bytes());
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync()?;
        drop(file);
        self.unnamed.name(&self.folder.join(format!("{name}.archive")))?;
        Ok(name)
    }
}

fn frame(group: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.long_distance_matching(true)?;
    compressor.window_log(WINDOW)?;
    compressor.compress(group)
}

/// An archive that is there.
#[derive(Debug)]
pub(crate) struct Archive {
    path: PathBuf,
    pub entries: Vec<Entry>,
    pub groups: Vec<Group>,
}

impl Archive {
    /// Reads the index. An error of the kind `InvalidData` says that the file is not as it was written.
    pub fn open(path: &Path) -> io::Result<Self> {
        let damaged = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let start = length.checked_sub(FOOTER as u64).filter(|start| *start >= HEAD.len() as u64);
        let start = start.ok_or_else(|| damaged("too short"))?;
        let (mut head, mut footer) = ([0; HEAD.len()], [0; FOOTER]);
        file.read_exact(&mut head)?;
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut footer)?;
        let width = match (&head, &footer[56..]) {
            (head, end) if (head, end) == (HEAD, END) => Entry::BYTES,
            (head, end) if (head, end) == (EARLIER_HEAD, EARLIER_END) => Entry::EARLIER_BYTES,
            _ => return Err(damaged("no archive")),
        };
        let (objects, groups, at) = (number(&footer[..8]), number(&footer[8..16]), number(&footer[16..24]));
        let sizes = objects.checked_mul(width as u64).zip(groups.checked_mul(GROUP as u64));
        let fits = |(index, groups): &(u64, u64)| {
            index.checked_add(*groups).and_then(|size| size.checked_add(at)) == Some(start)
        };
        let (entries, groups) = sizes.filter(fits).ok_or_else(|| damaged("index"))?;
        let whole = usize::try_from(entries + groups).map_err(|_| damaged("index"))?;
        let mut index = vec![0; whole];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut index)?;
        if Hash::of(&index).0[..] != footer[24..56] {
            return Err(damaged("index"));
        }
        // It fits into memory, so its part does.
        let (entries, groups) = index.split_at(usize::try_from(entries).unwrap_or_default());
        let mut before = 0;
        let group = |bytes: &[u8]| {
            let (offset, stored, unpacked) = (number(&bytes[..8]), number(&bytes[8..16]), number(&bytes[16..24]));
            let group = Group { offset, stored, unpacked, before };
            before += unpacked;
            group
        };
        Ok(Self {
            path: path.to_owned(),
            entries: entries.chunks_exact(width).map(Entry::read).collect(),
            groups: groups.chunks_exact(GROUP).map(group).collect(),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The place of the group that an object is in.
    pub fn group_of(&self, entry: &Entry) -> Option<usize> {
        let after = self.groups.partition_point(|group| group.before <= entry.offset);
        after.checked_sub(1).filter(|place| {
            let group = &self.groups[*place];
            entry.offset + u64::from(entry.stored) <= group.before + group.unpacked
        })
    }

    /// Unpacks a group.
    pub fn unpack(&self, place: usize) -> io::Result<Vec<u8>> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "group");
        let group = self.groups.get(place).filter(|group| group.unpacked <= LARGEST_GROUP).ok_or_else(damaged)?;
        let mut file = File::open(&self.path)?;
        let inside = group.offset.checked_add(group.stored).is_some_and(|end| Some(end) <= length(&file));
        let stored = usize::try_from(group.stored).ok().filter(|_| inside).ok_or_else(damaged)?;
        let mut frame = vec![0; stored];
        file.seek(SeekFrom::Start(group.offset))?;
        file.read_exact(&mut frame)?;
        let unpacked = usize::try_from(group.unpacked).map_err(|_| damaged())?;
        zstd::bulk::decompress(&frame, unpacked).ok().filter(|bytes| bytes.len() == unpacked).ok_or_else(damaged)
    }

    /// An object's part of its unpacked group.
    pub fn part<'a>(&self, entry: &Entry, place: usize, unpacked: &'a [u8]) -> Option<&'a [u8]> {
        let start = usize::try_from(entry.offset.checked_sub(self.groups.get(place)?.before)?).ok()?;
        unpacked.get(start..start.checked_add(entry.stored as usize)?)
    }
}

fn length(file: &File) -> Option<u64> {
    file.metadata().ok().map(|metadata| metadata.len())
}
