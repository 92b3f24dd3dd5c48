//! Packs: files that hold the objects of one commit. docs/VERSION_STORE.md describes the format for other readers.
//!
//! ```text
//! "WNWPACK2"                                   8 bytes
//! zstd frames, one an object
//! index: for each object, by hash:
//!     hash 32 · base 32 (zero: none) · offset u64 · stored u32 · size u32     80 bytes, little endian
//! objects u64 · offset of the index u64 · blake3 of the index 32 · "WNWPEND2"
//! ```

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::disk::{Disk, OutFile, temporary};
use crate::hash::Hash;

const HEAD: &[u8; 8] = b"WNWPACK2";
const END: &[u8; 8] = b"WNWPEND2";
const ENTRY: usize = 80;
const FOOTER: usize = 8 + 8 + 32 + 8;
/// Level of zstd: the fastest that still finds repeated texts.
const LEVEL: i32 = 3;

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
}

/// An object ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub hash: Hash,
    pub base: Option<Hash>,
    /// Bytes of the object.
    pub size: u32,
    /// Its frame: the object, or, with a base, its delta.
    pub frame: Vec<u8>,
}

impl Packed {
    /// Compresses an object that stands alone.
    pub fn whole(hash: Hash, bytes: &[u8]) -> io::Result<Self> {
        let frame = zstd::bulk::compress(bytes, LEVEL)?;
        Ok(Self { hash, base: None, size: size_of(bytes)?, frame })
    }

    /// Compresses an object's delta.
    pub fn delta(hash: Hash, bytes: &[u8], base: Hash, delta: &[u8]) -> io::Result<Self> {
        let frame = zstd::bulk::compress(delta, LEVEL)?;
        Ok(Self { hash, base: Some(base), size: size_of(bytes)?, frame })
    }
}

fn size_of(bytes: &[u8]) -> io::Result<u32> {
    u32::try_from(bytes.len()).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "an object of 4 GiB"))
}

/// A pack being written; it gets its name, the hash of all its bytes, when it is finished. Dropped before, it leaves a temporary file
/// that the next commit replaces.
pub(crate) struct PackWriter {
    disk: Disk,
    folder: PathBuf,
    temporary: PathBuf,
    file: BufWriter<OutFile>,
    hasher: blake3::Hasher,
    offset: u64,
    entries: Vec<Entry>,
}

impl PackWriter {
    pub fn create(disk: &Disk, folder: &Path) -> io::Result<Self> {
        disk.make_folder(folder)?;
        let temporary = temporary(&folder.join("new"));
        let file = BufWriter::with_capacity(1 << 20, disk.create(&temporary)?);
        let mut pack = Self {
            disk: disk.clone(),
            folder: folder.to_owned(),
            temporary,
            file,
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
        let (hash, base) = (object.hash, object.base);
        self.entries.push(Entry { hash, base, offset: self.offset, stored, size: object.size });
        self.put(&object.frame)
    }

    /// Whether it holds nothing yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes the index, makes all durable and gives the pack its name. Answers its bytes; 0 without objects, and then there is no pack.
    pub fn finish(mut self) -> io::Result<u64> {
        if self.is_empty() {
            drop(self.file);
            self.disk.remove_file(&self.temporary)?;
            return Ok(0);
        }
        self.entries.sort_unstable_by_key(|entry| entry.hash);
        let (count, at) = (self.entries.len() as u64, self.offset);
        let mut index = Vec::with_capacity(self.entries.len() * ENTRY);
        for entry in &self.entries {
            index.extend_from_slice(&entry.hash.0);
            index.extend_from_slice(&entry.base.unwrap_or_default().0);
            index.extend_from_slice(&entry.offset.to_le_bytes());
            index.extend_from_slice(&entry.stored.to_le_bytes());
            index.extend_from_slice(&entry.size.to_le_bytes());
        }
        self.put(&index)?;
        self.put(&count.to_le_bytes())?;
        self.put(&at.to_le_bytes())?;
        self.put(&Hash::of(&index).0)?;
        self.put(END)?;
        let name = Hash(*self.hasher.finalize().as_bytes());
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync()?;
        drop(file);
        self.disk.rename(&self.temporary, &self.folder.join(format!("{name}.pack")))?;
        Ok(self.offset)
    }
}

/// A pack that is there.
#[derive(Debug)]
pub(crate) struct Pack {
    path: PathBuf,
    pub entries: Vec<Entry>,
}

impl Pack {
    /// Reads the index. An error of the kind `InvalidData` says that the file is not as it was written.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let damaged = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        if length < (HEAD.len() + FOOTER) as u64 {
            return Err(damaged("too short"));
        }
        let mut head = [0; HEAD.len()];
        file.read_exact(&mut head)?;
        let mut footer = [0; FOOTER];
        file.seek(SeekFrom::End(-(FOOTER as i64)))?;
        file.read_exact(&mut footer)?;
        if head != *HEAD || footer[48..] != END[..] {
            return Err(damaged("no pack"));
        }
        let (count, at) = (number(&footer[..8]), number(&footer[8..16]));
        let size = usize::try_from(count).ok().and_then(|count| count.checked_mul(ENTRY));
        let size = size.filter(|size| at.checked_add((size + FOOTER) as u64) == Some(length));
        let mut index = vec![0; size.ok_or_else(|| damaged("index"))?];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut index)?;
        if Hash::of(&index).0[..] != footer[16..48] {
            return Err(damaged("index"));
        }
        let entries = index.chunks_exact(ENTRY).map(entry).collect();
        Ok(Self { path: path.to_owned(), entries })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads an object's frame.
    pub fn frame(&self, file: &mut File, entry: &Entry) -> io::Result<Vec<u8>> {
        let mut frame = vec![0; entry.stored as usize];
        file.seek(SeekFrom::Start(entry.offset))?;
        file.read_exact(&mut frame)?;
        Ok(frame)
    }
}

fn entry(bytes: &[u8]) -> Entry {
    let hash = |at: usize| Hash(bytes[at..at + 32].try_into().unwrap_or_default());
    let half = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default());
    let base = Some(hash(32)).filter(|base| *base != Hash::default());
    Entry { hash: hash(0), base, offset: number(&bytes[64..72]), stored: half(72), size: half(76) }
}

fn number(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().unwrap_or_default())
}

/// The packs' files of a folder, by name.
pub(crate) fn pack_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pack") {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Objects by hash: which pack and where.
pub(crate) type Places = HashMap<Hash, (u32, Entry)>;
