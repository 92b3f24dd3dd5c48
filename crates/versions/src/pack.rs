//! Packs: files that hold the objects of one commit. docs/VERSION_STORE.md describes the format for other readers.
//!
//! ```text
//! "WNWPACK3"                                   8 bytes
//! zstd frames, one an object
//! index: for each object, by hash:
//!     hash 32 · base 32 (zero: none) · offset u64 · stored u32 · size u32 · checksum u64     88 bytes, little endian
//! objects u64 · offset of the index u64 · blake3 of the index 32 · "WNWPEND3"
//! ```
//!
//! Those of the earlier form, with a 2 for the 3, have no checksums: 80 bytes an object.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::checksum::Checksum;
use crate::disk::{Disk, OutFile, Unnamed};
use crate::frame;
use crate::hash::Hash;

const HEAD: &[u8; 8] = b"WNWPACK3";
const END: &[u8; 8] = b"WNWPEND3";
const EARLIER_HEAD: &[u8; 8] = b"WNWPACK2";
const EARLIER_END: &[u8; 8] = b"WNWPEND2";
const FOOTER: usize = 8 + 8 + 32 + 8;
/// Where an object lies in a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name.
    pub hash: Hash,
    /// The object that it is told by; itself told by none or another.
    pub base: Option<Hash>,
    /// Where its frame begins.
    pub offset: u64,
    /// Bytes of the frame.
    pub stored: u32,
    /// Bytes of the object.
    pub size: u32,
    /// Of the object.
    pub checksum: Checksum,
}

impl Entry {
    /// Where the first frame of a pack begins.
    pub const FIRST: u64 = HEAD.len() as u64;
    /// Bytes of one in an index.
    pub const BYTES: usize = 88;
    /// Bytes of one in an index of the earlier form, without a checksum.
    pub const EARLIER_BYTES: usize = 80;

    /// Writes it as an index has it.
    pub fn put(&self, index: &mut Vec<u8>) {
        index.extend_from_slice(&self.hash.0);
        index.extend_from_slice(&self.base.unwrap_or_default().0);
        index.extend_from_slice(&self.offset.to_le_bytes());
        index.extend_from_slice(&self.stored.to_le_bytes());
        index.extend_from_slice(&self.size.to_le_bytes());
        index.extend_from_slice(&self.checksum.0.to_le_bytes());
    }

    /// Reads what [`Entry::put`] wrote: [`Entry::BYTES`] bytes, or [`Entry::EARLIER_BYTES`].
    pub fn read(bytes: &[u8]) -> Self {
        let hash = |at: usize| Hash(bytes[at..at + 32].try_into().unwrap_or_default());
        let half = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default());
        let base = Some(hash(32)).filter(|base| *base != Hash::default());
        let checksum = Checksum(bytes.get(80..88).map_or(0, number));
        Self { hash: hash(0), base, offset: number(&bytes[64..72]), stored: half(72), size: half(76), checksum }
    }
}

/// An object ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub hash: Hash,
    pub base: Option<Hash>,
    /// Bytes of the object.
    pub size: u32,
    /// Of the object.
    pub checksum: Checksum,
    /// Its frame: the object, or, with a base, its delta.
    pub frame: Vec<u8>,
}

impl Packed {
    /// Compresses an object that stands alone.
    pub fn whole(hash: Hash, bytes: &[u8]) -> io::Result<Self> {
        let frame = frame::compress(bytes)?;
        Ok(Self { hash, base: None, size: size_of(bytes)?, checksum: Checksum::of(bytes), frame })
    }

    /// An object with its frame as it lies somewhere.
    pub fn stored(entry: &Entry, frame: Vec<u8>) -> Self {
        Self { hash: entry.hash, base: entry.base, size: entry.size, checksum: entry.checksum, frame }
    }

    /// Compresses anew what an object's frame held.
    pub fn again(entry: &Entry, content: &[u8]) -> io::Result<Self> {
        Ok(Self::stored(entry, frame::compress(content)?))
    }

    /// Compresses the delta of an object that has this hash, checksum and size.
    pub fn delta(object: (Hash, Checksum, u32), base: Hash, delta: &[u8]) -> io::Result<Self> {
        let (hash, checksum, size) = object;
        Ok(Self { hash, base: Some(base), size, checksum, frame: frame::compress(delta)? })
    }
}

fn size_of(bytes: &[u8]) -> io::Result<u32> {
    u32::try_from(bytes.len()).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "an object of 4 GiB"))
}

/// A pack being written; it gets its name, the hash of all its bytes, when it is finished. Dropped before, it leaves nothing.
pub(crate) struct PackWriter {
    folder: PathBuf,
    file: BufWriter<OutFile>,
    // After the file: what is dropped first is closed first.
    unnamed: Unnamed,
    hasher: blake3::Hasher,
    offset: u64,
    entries: Vec<Entry>,
}

impl PackWriter {
    pub fn create(disk: &Disk, folder: &Path) -> io::Result<Self> {
        disk.make_folder(folder)?;
        let (unnamed, file) = Unnamed::create(disk, &folder.join("new"))?;
        let mut pack = Self {
            folder: folder.to_owned(),
            file: BufWriter::with_capacity(1 << 20, file),
            unnamed,
            hasher: blake3::Hasher::new(),
            offset: 0,
            entries: Vec::new(),
        };
        pack.put(HEAD)?;
        Ok(pack)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.file.write_all(bytes)?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Adds an object; the caller sees to it that each is added once.
    pub fn add(&mut self, object: &Packed) -> io::Result<()> {
        let stored = u32::try_from(object.frame.len()).map_err(|_| io::Error::other("a frame of 4 GiB"))?;
        let Packed { hash, base, size, checksum, .. } = *object;
        self.entries.push(Entry { hash, base, offset: self.offset, stored, size, checksum });
        self.put(&object.frame)
    }

    /// Whether it holds nothing yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes the index, makes all durable and gives the pack its name. Answers its bytes; 0 without objects, and then there is no pack.
    pub fn finish(self) -> io::Result<u64> {
        Ok(self.finish_named()?.map_or(0, |(_, bytes)| bytes))
    }

    /// The same; answers the pack's file, too.
    pub fn finish_named(mut self) -> io::Result<Option<(PathBuf, u64)>> {
        if self.is_empty() {
            return Ok(None);
        }
        self.entries.sort_unstable_by_key(|entry| entry.hash);
        let (count, at) = (self.entries.len() as u64, self.offset);
        let mut index = Vec::with_capacity(self.entries.len() * Entry::BYTES);
        self.entries.iter().for_each(|entry| entry.put(&mut index));
        self.put(&index)?;
        self.put(&count.to_le_bytes())?;
        self.put(&at.to_le_bytes())?;
        self.put(&Hash::of(&index).0)?;
        self.put(END)?;
        let name = Hash(*self.hasher.finalize().as_bytes());
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync()?;
        drop(file);
        let path = self.folder.join(format!("{name}.pack"));
        self.unnamed.name(&path)?;
        Ok(Some((path, self.offset)))
    }
}

/// Bytes of a pack of these objects.
pub(crate) fn pack_bytes<'a>(entries: impl Iterator<Item = &'a Entry>) -> u64 {
    bytes_with(entries, Entry::BYTES)
}

fn bytes_with<'a>(entries: impl Iterator<Item = &'a Entry>, each: usize) -> u64 {
    let ends = (HEAD.len() + FOOTER) as u64;
    entries.fold(ends, |bytes, entry| bytes + u64::from(entry.stored) + each as u64)
}

/// A pack that is there.
#[derive(Debug)]
pub(crate) struct Pack {
    path: PathBuf,
    pub entries: Vec<Entry>,
    /// Bytes of each in the index.
    entry: usize,
}

/// The end of a pack as it lies there.
struct Footer {
    count: u64,
    /// Where the index begins.
    at: u64,
    checksum: [u8; 32],
    /// Bytes of an object in the index.
    entry: usize,
    whole: bool,
    /// Where the footer begins.
    start: u64,
}

impl Footer {
    fn read(file: &mut File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        if length < (HEAD.len() + FOOTER) as u64 {
            return Err(damaged("too short"));
        }
        let mut head = [0; HEAD.len()];
        file.read_exact(&mut head)?;
        let mut bytes = [0; FOOTER];
        file.seek(SeekFrom::End(-(FOOTER as i64)))?;
        file.read_exact(&mut bytes)?;
        let end = &bytes[48..];
        // One of the two may be damaged.
        let earlier = end == EARLIER_END || (head == *EARLIER_HEAD && end != END);
        let (ends, entry) = match earlier {
            true => ((EARLIER_HEAD, EARLIER_END), Entry::EARLIER_BYTES),
            false => ((HEAD, END), Entry::BYTES),
        };
        Ok(Self {
            count: number(&bytes[..8]),
            at: number(&bytes[8..16]),
            checksum: bytes[16..48].try_into().unwrap_or_default(),
            entry,
            whole: (&head, end) == (ends.0, &ends.1[..]),
            start: length - FOOTER as u64,
        })
    }

    /// Where the index begins if there are so many objects.
    fn by_count(&self) -> Option<u64> {
        self.count.checked_mul(self.entry as u64).and_then(|size| self.start.checked_sub(size))
    }

    /// The index that begins there, and whether it is the one that was written.
    fn index(&self, file: &mut File, at: u64) -> io::Result<(Vec<Entry>, bool)> {
        let size = self.start.checked_sub(at).filter(|size| size % self.entry as u64 == 0);
        let size = size.filter(|_| at >= HEAD.len() as u64).and_then(|size| usize::try_from(size).ok());
        let mut index = vec![0; size.ok_or_else(|| damaged("index"))?];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut index)?;
        Ok((index.chunks_exact(self.entry).map(Entry::read).collect(), Hash::of(&index).0 == self.checksum))
    }
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

impl Pack {
    /// Reads the index. An error of the kind `InvalidData` says that the file is not as it was written.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let footer = Footer::read(&mut file)?;
        if !footer.whole {
            return Err(damaged("no pack"));
        }
        if footer.by_count() != Some(footer.at) {
            return Err(damaged("index"));
        }
        match footer.index(&mut file, footer.at)? {
            (entries, true) => Ok(Self { path: path.to_owned(), entries, entry: footer.entry }),
            (_, false) => Err(damaged("index")),
        }
    }

    /// Reads what can be read of the index of a pack that can't be opened, and says whether the index is whole. Nothing that another one
    /// says may be believed before the object's hash says so, too.
    pub fn salvage(path: &Path) -> io::Result<(Self, bool)> {
        let mut file = File::open(path)?;
        let footer = Footer::read(&mut file)?;
        let pack = |entries| Self { path: path.to_owned(), entries, entry: footer.entry };
        let mut found = Vec::new();
        for at in [Some(footer.at), footer.by_count()].into_iter().flatten() {
            match footer.index(&mut file, at) {
                Ok((entries, true)) => return Ok((pack(entries), true)),
                Ok((entries, false)) if found.is_empty() => found = entries,
                _ => {}
            }
        }
        Ok((pack(found), false))
    }

    /// Where a pack that can't be opened is damaged, as far as that can be told.
    pub fn damaged_at(path: &Path) -> Option<u64> {
        let mut file = File::open(path).ok()?;
        let footer = Footer::read(&mut file).ok()?;
        let mut head = [0; HEAD.len()];
        file.seek(SeekFrom::Start(0)).and_then(|_| file.read_exact(&mut head)).ok()?;
        if head != *HEAD && head != *EARLIER_HEAD {
            return Some(0);
        }
        // A footer that does not fit its file is damaged itself; else it is the index, or the index's hash in the footer.
        let fits = footer.whole && footer.by_count() == Some(footer.at);
        Some(if fits { footer.at } else { footer.start })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its bytes, if frames and index fill it without a gap.
    pub fn bytes(&self) -> u64 {
        bytes_with(self.entries.iter(), self.entry)
    }

    /// Reads an object's frame.
    pub fn frame(&self, file: &mut File, entry: &Entry) -> io::Result<Vec<u8>> {
        let mut frame = vec![0; entry.stored as usize];
        file.seek(SeekFrom::Start(entry.offset))?;
        file.read_exact(&mut frame)?;
        Ok(frame)
    }
}

/// Eight bytes, little endian.
pub(crate) fn number(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().unwrap_or_default())
}

/// Objects by hash: which pack and where.
pub(crate) type Places = HashMap<Hash, (u32, Entry)>;
