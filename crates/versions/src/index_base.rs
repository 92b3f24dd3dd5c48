//! A line index that is whole: prints, lengths and digests of all lines of a version. docs/VERSION_STORE.md has its format.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use twox_hash::XxHash3_128;

use crate::digest::{Digest, Names};
use crate::disk::{Disk, OutFile, Unnamed};
use crate::line::FileLines;
use crate::secret::Secret;

/// How a whole index begins.
pub(crate) const HEAD: &[u8; 8] = b"WNWLINE1";
const END: &[u8; 8] = b"WNWLEND1";
/// Length of the names, checksum of what stands before the digests, checksum of the names, mark.
const FOOTER: usize = 8 + CHECKSUM + CHECKSUM + 8;
/// Bytes of a checksum: XXH3-128. It is against decay; packs are what is believed.
pub(crate) const CHECKSUM: usize = 16;
/// Bytes of an identity: the hashes of two lists of chunks.
pub(crate) const IDENTITY: usize = 64;
/// Bytes of a line's print and length.
const LINE: usize = 16 + 4;
/// Digests that share a checksum.
const BLOCK: usize = 512;

/// The checksum of some bytes.
pub(crate) fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    XxHash3_128::oneshot(bytes).to_le_bytes()
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "line index")
}

/// Where the digests begin.
fn front_bytes(rows: [usize; 2]) -> usize {
    HEAD.len() + Secret::BYTES + IDENTITY + 16 + (rows[0] + rows[1]) * LINE
}

/// Bytes of the digests of so many lines.
fn digests_bytes(rows: usize) -> usize {
    rows * Digest::BYTES + rows.div_ceil(BLOCK) * CHECKSUM
}

/// The prints and the lengths of some lines.
pub(crate) type RawLines = (Vec<u128>, Vec<u32>);

/// A whole index that is there.
#[derive(Debug)]
pub(crate) struct BaseIndex {
    pub secret: Secret,
    /// Which files it is of.
    pub identity: Vec<u8>,
    /// Checksum of what stands before the digests.
    pub sum: [u8; CHECKSUM],
    pub names: Names,
    rows: [usize; 2],
    file: Mutex<File>,
}

impl BaseIndex {
    /// Opens an index; with the prints and the lengths of both files' lines.
    pub fn open(path: &Path) -> io::Result<(Self, [RawLines; 2])> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut start = [0; HEAD.len() + Secret::BYTES + IDENTITY + 16];
        file.read_exact(&mut start)?;
        let secret = Secret::kept(&start[8..][..Secret::BYTES]).filter(|_| start.starts_with(HEAD));
        let secret = secret.ok_or_else(damaged)?;
        let (identity, counts) = start[8 + Secret::BYTES..].split_at(IDENTITY);
        let count = |at: usize| u64::from_le_bytes(counts[at..at + 8].try_into().unwrap_or_default());
        // Not more than the file can hold, whatever it says.
        let rows = [count(0), count(8)].map(|rows| usize::try_from(rows.min(length)).unwrap_or(0));
        let names_at = front_bytes(rows) + rows.map(digests_bytes).iter().sum::<usize>();
        if (names_at + FOOTER) as u64 > length {
            return Err(damaged());
        }
        let mut front = start.to_vec();
        front.resize(front_bytes(rows), 0);
        file.read_exact(&mut front[start.len()..])?;
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(names_at as u64))?;
        file.read_to_end(&mut tail)?;
        let (names, footer) = tail.split_at(tail.len() - FOOTER);
        let sum = checksum(&front);
        let expected = [&(names.len() as u64).to_le_bytes()[..], &sum, &checksum(names), END].concat();
        if footer != expected {
            return Err(damaged());
        }
        let (train, eval) = front[start.len()..].split_at(rows[0] * LINE);
        let lines = [train, eval].map(decode_lines);
        let (identity, names) = (identity.to_vec(), serde_json::from_slice(names)?);
        Ok((Self { secret, identity, sum, names, rows, file: Mutex::new(file) }, lines))
    }

    /// The block of digests that a line's is in, verified, and the lines before it.
    pub fn block(&self, file: u8, line: usize) -> io::Result<(usize, Vec<u8>)> {
        let rows = self.rows[usize::from(file)];
        let first = line / BLOCK * BLOCK;
        let lines = BLOCK.min(rows.checked_sub(first).ok_or_else(damaged)?);
        let before = if file == 0 { 0 } else { digests_bytes(self.rows[0]) };
        let start = front_bytes(self.rows) + before + first * Digest::BYTES + first / BLOCK * CHECKSUM;
        let mut bytes = vec![0; lines * Digest::BYTES + CHECKSUM];
        {
            let mut opened = self.file.lock().map_err(|_| damaged())?;
            opened.seek(SeekFrom::Start(start as u64))?;
            opened.read_exact(&mut bytes)?;
        }
        let sum = bytes.split_off(lines * Digest::BYTES);
        if sum == checksum(&bytes) { Ok((first, bytes)) } else { Err(damaged()) }
    }
}

/// Prints, one after another, then lengths.
pub(crate) fn encode_lines<'a>(
    prints: impl Iterator<Item = &'a u128>,
    lengths: impl Iterator<Item = &'a u32>,
    bytes: &mut Vec<u8>,
) {
    prints.for_each(|print| bytes.extend_from_slice(&print.to_le_bytes()));
    lengths.for_each(|length| bytes.extend_from_slice(&length.to_le_bytes()));
}

/// Reads what [`encode_lines`] wrote.
pub(crate) fn decode_lines(bytes: &[u8]) -> RawLines {
    let (prints, lengths) = bytes.split_at(bytes.len() / LINE * 16);
    let print = |print: &[u8]| u128::from_le_bytes(print.try_into().unwrap_or_default());
    let length = |length: &[u8]| u32::from_le_bytes(length.try_into().unwrap_or_default());
    (prints.chunks_exact(16).map(print).collect(), lengths.chunks_exact(4).map(length).collect())
}

/// Bytes of so many lines' prints and lengths; `None` for more than there can be.
pub(crate) fn lines_bytes(lines: usize) -> Option<usize> {
    lines.checked_mul(LINE)
}

/// A whole index being written: the digests of train's lines, then those of eval's. It only saves the next commit time, so what goes wrong
/// with it harms nobody: it is not kept then.
#[derive(Debug)]
pub(crate) struct IndexWriter {
    /// `None` once something went wrong.
    output: Option<Output>,
    names: Names,
    front: [u8; CHECKSUM],
    block: Vec<u8>,
}

impl IndexWriter {
    /// Begins the index of files with these lines.
    pub fn begin(disk: &Disk, folder: &Path, secret: &Secret, identity: &[u8], lines: [&FileLines; 2]) -> Self {
        let rows = lines.map(|lines| lines.prints.len());
        let mut front = Vec::with_capacity(front_bytes(rows));
        front.extend_from_slice(HEAD);
        front.extend_from_slice(secret.bytes());
        front.extend_from_slice(identity);
        rows.iter().for_each(|rows| front.extend_from_slice(&(*rows as u64).to_le_bytes()));
        lines.iter().for_each(|lines| encode_lines(lines.prints.iter(), lines.lengths.iter(), &mut front));
        let made = disk.make_folder(folder).and_then(|()| Unnamed::create(disk, &folder.join("new")));
        let output = made.map(|(unnamed, file)| Output::start(unnamed, file)).ok();
        let sum = checksum(&front);
        let (names, block) = (Names::default(), Vec::new());
        let mut writer = Self { output, names, front: sum, block };
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

    /// Adds digests of the lines that come next.
    pub fn add(&mut self, digests: &[Digest]) {
        for digest in digests {
            digest.put(&mut self.block);
            if self.block.len() == BLOCK * Digest::BYTES {
                self.end_block();
            }
        }
    }

    /// Ends a file.
    pub fn end_file(&mut self) {
        if !self.block.is_empty() {
            self.end_block();
        }
    }

    fn end_block(&mut self) {
        let mut block = std::mem::take(&mut self.block);
        block.extend_from_slice(&checksum(&block));
        self.put(block);
    }

    /// Gives the index its name. It is not synced: one that a power cut leaves unwhole is made again.
    pub fn finish(mut self, path: &Path) -> io::Result<()> {
        let names = serde_json::to_vec(&self.names)?;
        let footer = [&names[..], &(names.len() as u64).to_le_bytes(), &self.front, &checksum(&names), END].concat();
        self.put(footer);
        self.output.map_or(Ok(()), |output| output.finish(path))
    }
}

/// Parts of a file that may wait to be written.
const WAITING: usize = 64;

/// A file that is written by a thread of its own.
#[derive(Debug)]
struct Output {
    bytes: SyncSender<Vec<u8>>,
    thread: JoinHandle<io::Result<()>>,
    unnamed: Unnamed,
}

impl Output {
    fn start(unnamed: Unnamed, mut file: OutFile) -> Self {
        let (bytes, waiting) = sync_channel::<Vec<u8>>(WAITING);
        let thread = std::thread::spawn(move || waiting.into_iter().try_for_each(|bytes| file.write_all(&bytes)));
        Self { bytes, thread, unnamed }
    }

    /// Waits until everything is written, and gives it its name.
    fn finish(self, path: &Path) -> io::Result<()> {
        drop(self.bytes);
        self.thread.join().map_err(|_| io::Error::other("writing failed"))??;
        self.unnamed.name_unsynced(path)
    }
}
