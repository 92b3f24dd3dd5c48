//! Line indexes: what a version's lines are matched, counted and paired by, so that the next commit need not unpack it.
//!
//! An index can be made again from its version at any time; one that is damaged or missing is. docs/VERSION_STORE.md has its format.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use twox_hash::XxHash3_128;

use crate::cut::ChunkRef;
use crate::digest::{Digest, Names};
use crate::disk::{Disk, OutFile, temporary};
use crate::hash::Hash;
use crate::line::FileLines;
use crate::secret::Secret;

const HEAD: &[u8; 8] = b"WNWLINE1";
const END: &[u8; 8] = b"WNWLEND1";
/// Length of the names, checksum of what stands before the digests, checksum of the names, mark.
const FOOTER: u64 = 8 + 16 + 16 + 8;
/// Bytes of a checksum: XXH3-128. It is against decay; packs are what is believed.
const CHECKSUM: usize = 16;

/// The index of a version's lines.
#[derive(Debug)]
pub(crate) struct LineIndex {
    secret: Secret,
    lines: [FileLines; 2],
    names: Names,
    /// Where each chunk's digests begin.
    places: [Vec<u64>; 2],
    file: Mutex<File>,
}

impl LineIndex {
    /// Opens the index in `path` of files with these chunks; `None` where it is missing, damaged or another's.
    pub fn open(path: &Path, lists: [&[ChunkRef]; 2]) -> Option<Self> {
        Self::read(path, lists).ok().flatten()
    }

    fn read(path: &Path, lists: [&[ChunkRef]; 2]) -> io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let rows = lists.map(|chunks| chunks.iter().map(|chunk| chunk.rows as usize).sum::<usize>());
        let front = front_bytes(rows);
        let digests: u64 = lists.iter().flat_map(|chunks| chunks.iter()).map(digest_bytes).sum();
        let Some(names) = length.checked_sub(front as u64 + digests + FOOTER) else { return Ok(None) };
        let mut head = vec![0; front];
        file.read_exact(&mut head)?;
        file.seek(SeekFrom::Start(front as u64 + digests))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        let Some((names, footer)) = usize::try_from(names).ok().and_then(|names| tail.split_at_checked(names)) else {
            return Ok(None);
        };
        let whole = footer.get(..8) == Some(&(names.len() as u64).to_le_bytes()[..])
            && footer.get(8..24) == Some(&checksum(&head)[..])
            && footer.get(24..40) == Some(&checksum(names)[..])
            && footer.get(40..) == Some(&END[..])
            && head.starts_with(HEAD);
        let Some(secret) = Secret::kept(&head[HEAD.len()..HEAD.len() + Secret::BYTES]).filter(|_| whole) else {
            return Ok(None);
        };
        let known = &head[HEAD.len() + Secret::BYTES..];
        if known[..64] != identity(lists)[..] {
            return Ok(None);
        }
        let (train, eval) = known[64..].split_at(rows[0] * LINE);
        let lines = [(train, lists[0]), (eval, lists[1])].map(|(bytes, chunks)| decode_lines(bytes, chunks));
        let [Some(train), Some(eval)] = lines else { return Ok(None) };
        let names = serde_json::from_slice(names)?;
        let mut next = front as u64;
        let places = lists.map(|chunks| {
            let place = |chunk: &ChunkRef| {
                next += digest_bytes(chunk);
                next - digest_bytes(chunk)
            };
            chunks.iter().map(place).collect()
        });
        Ok(Some(Self { secret, lines: [train, eval], names, places, file: Mutex::new(file) }))
    }

    /// What the prints of the index in `path` were made with, if there is one.
    pub fn secret_in(path: &Path) -> Option<Secret> {
        let mut head = [0; HEAD.len() + Secret::BYTES];
        File::open(path).and_then(|mut file| file.read_exact(&mut head)).ok()?;
        Secret::kept(&head[HEAD.len()..])
    }

    /// What its prints were made with.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The lines of a file.
    pub fn lines(&self, file: u8) -> &FileLines {
        &self.lines[usize::from(file)]
    }

    /// What its digests call by numbers.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The digests of a chunk's samples, [`Digest::BYTES`] each.
    pub fn digests(&self, file: u8, chunk: u32) -> io::Result<Vec<u8>> {
        let rows = self.lines(file).range(chunk).len();
        let mut bytes = vec![0; rows * Digest::BYTES + CHECKSUM];
        {
            let mut opened = self.file.lock().map_err(|_| io::Error::other("a reader of the index failed"))?;
            opened.seek(SeekFrom::Start(self.places[usize::from(file)][chunk as usize]))?;
            opened.read_exact(&mut bytes)?;
        }
        let sum = bytes.split_off(rows * Digest::BYTES);
        if sum == checksum(&bytes) { Ok(bytes) } else { Err(io::Error::new(io::ErrorKind::InvalidData, "line index")) }
    }
}

/// Bytes of a line's print and length.
const LINE: usize = 16 + 4;

fn front_bytes(rows: [usize; 2]) -> usize {
    HEAD.len() + Secret::BYTES + 64 + (rows[0] + rows[1]) * LINE
}

fn digest_bytes(chunk: &ChunkRef) -> u64 {
    u64::from(chunk.rows) * Digest::BYTES as u64 + CHECKSUM as u64
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    XxHash3_128::oneshot(bytes).to_le_bytes()
}

/// Which files an index is of: the hashes of their lists.
fn identity(lists: [&[ChunkRef]; 2]) -> Vec<u8> {
    lists.iter().flat_map(|list| Hash::of(&crate::manifest::encode_list(list)).0).collect()
}

fn decode_lines(bytes: &[u8], chunks: &[ChunkRef]) -> Option<FileLines> {
    let (prints, lengths) = bytes.split_at(bytes.len() / LINE * 16);
    let prints =
        prints.chunks_exact(16).map(|print| u128::from_le_bytes(print.try_into().unwrap_or_default())).collect();
    let lengths =
        lengths.chunks_exact(4).map(|length| u32::from_le_bytes(length.try_into().unwrap_or_default())).collect();
    FileLines::of(chunks, prints, lengths)
}

/// A line index being written, a chunk after another: those of train, then those of eval. It only saves the next commit time, so what goes
/// wrong with it harms nobody: it is not kept then.
#[derive(Debug)]
pub(crate) struct IndexWriter {
    disk: Disk,
    temporary: PathBuf,
    /// Writes in a thread of its own, beside the commit; `None` once something went wrong.
    output: Option<Output>,
    names: Names,
    front: [u8; CHECKSUM],
}

impl IndexWriter {
    /// Bytes that follow a chunk's digests.
    pub const CHECKSUM: usize = CHECKSUM;

    /// Begins the index of files with these chunks and lines.
    pub fn begin(disk: &Disk, folder: &Path, secret: &Secret, content: [(&[ChunkRef], &FileLines); 2]) -> Self {
        let mut front = Vec::with_capacity(front_bytes(content.map(|(_, lines)| lines.prints.len())));
        front.extend_from_slice(HEAD);
        front.extend_from_slice(secret.bytes());
        front.extend_from_slice(&identity(content.map(|(chunks, _)| chunks)));
        for (_, lines) in content {
            lines.prints.iter().for_each(|print| front.extend_from_slice(&print.to_le_bytes()));
            lines.lengths.iter().for_each(|length| front.extend_from_slice(&length.to_le_bytes()));
        }
        let temporary = temporary(&folder.join("new"));
        let file = disk.make_folder(folder).and_then(|()| disk.create(&temporary));
        let output = file.map(Output::start).ok();
        let sum = checksum(&front);
        let mut writer = Self { disk: disk.clone(), temporary, output, names: Names::default(), front: sum };
        writer.put(front);
        writer
    }

    fn put(&mut self, bytes: Vec<u8>) {
        // An error ends the thread, and then nobody takes bytes any more.
        if self.output.as_ref().is_some_and(|output| output.bytes.send(bytes).is_err()) {
            self.output = None;
        }
    }

    /// The names that digests have numbers for.
    pub fn names(&mut self) -> &mut Names {
        &mut self.names
    }

    /// Adds the digests of the next chunk.
    pub fn add(&mut self, digests: &[Digest]) {
        let mut bytes = Vec::with_capacity(digests.len() * Digest::BYTES + CHECKSUM);
        digests.iter().for_each(|digest| digest.put(&mut bytes));
        self.add_bytes(bytes);
    }

    /// The same, [`Digest::BYTES`] each.
    pub fn add_bytes(&mut self, mut digests: Vec<u8>) {
        digests.extend_from_slice(&checksum(&digests));
        self.put(digests);
    }

    /// Gives up.
    pub fn fail(&mut self) {
        self.output = None;
    }

    /// Gives the index its name, in the place of `replaced`. It is not synced: one that a power cut leaves unwhole is made again.
    pub fn finish(mut self, path: &Path, replaced: &[PathBuf]) -> io::Result<()> {
        let names = serde_json::to_vec(&self.names)?;
        let footer = [&names[..], &(names.len() as u64).to_le_bytes(), &self.front, &checksum(&names), END].concat();
        self.put(footer);
        if let Some(output) = self.output.take() {
            output.finish()?;
            self.disk.rename_unsynced(&self.temporary, path)?;
        } else {
            self.disk.remove_file(&self.temporary)?;
        }
        replaced.iter().try_for_each(|path| self.disk.remove_file(path))
    }
}

/// Parts of a file that may wait to be written.
const WAITING: usize = 64;

/// A file that is written by a thread of its own.
#[derive(Debug)]
struct Output {
    bytes: SyncSender<Vec<u8>>,
    thread: JoinHandle<io::Result<()>>,
}

impl Output {
    fn start(mut file: OutFile) -> Self {
        let (bytes, waiting) = sync_channel::<Vec<u8>>(WAITING);
        let thread = std::thread::spawn(move || waiting.into_iter().try_for_each(|bytes| file.write_all(&bytes)));
        Self { bytes, thread }
    }

    /// Waits until everything is written.
    fn finish(self) -> io::Result<()> {
        drop(self.bytes);
        self.thread.join().map_err(|_| io::Error::other("writing failed"))?
    }
}

/// An index that several may read.
pub(crate) type SharedIndex = Arc<LineIndex>;
