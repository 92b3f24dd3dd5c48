//! Cutting a file into chunks at borders that its content defines, so that an insertion moves no border but its own.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::block::{Block, BlockHasher};
use crate::checksum::Checksum;
use crate::hash::{Hash, hex};
use crate::line::{FileLines, border_hash};
use crate::secret::Secret;

/// A chunk ends after a line whose hash has these bits clear (one in 512) …
const BORDER_MASK: u64 = 511;
/// … or when it has this many lines …
const MAX_ROWS: usize = 4096;
/// … or this many bytes, whichever comes first.
const MAX_BYTES: usize = 4 << 20;
/// A line, and so a chunk, never has more than this.
pub(crate) const LARGEST: usize = 64 << 20;

/// A chunk in a file's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChunkRef {
    /// Hash of its bytes.
    pub hash: Hash,
    /// Lines in it.
    pub rows: u32,
    /// Its bytes.
    pub bytes: u32,
}

/// A file as it was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct CutFile {
    /// Its chunks in order.
    pub chunks: Vec<ChunkRef>,
    /// Of each chunk.
    pub checksums: Vec<Checksum>,
    /// Its lines.
    pub lines: FileLines,
    /// Lines.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the whole, hex.
    pub sha256: String,
}

/// Reads a file once, cuts it, and takes the prints of its lines. `told` hears of the lines read so far; breaking off answers `Ok(None)`.
pub(crate) fn cut_file(
    path: &Path,
    secret: &Secret,
    told: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> io::Result<Option<CutFile>> {
    let mut file = File::open(path)?;
    let (mut cut, mut cutter, mut sha256) = (CutFile::default(), Cutter::default(), BlockHasher::start());
    let mut block = Block::read(&mut file, Vec::new())?;
    while !block.is_empty() {
        let shared = Arc::new(block);
        sha256.update(shared.clone());
        let free = sha256.free();
        // While a block is cut and hashed, the next one is read.
        let (taken, next) =
            rayon::join(|| cut.take_in(&cutter.push(&shared)?, secret), || Block::read(&mut file, free));
        taken?;
        cut.bytes += shared.len() as u64;
        if told(cut.lines.prints.len() as u64).is_break() {
            return Ok(None);
        }
        block = next?;
    }
    cut.take_in(cutter.finish().as_slice(), secret)?;
    cut.rows = cut.lines.prints.len() as u64;
    cut.sha256 = sha256.finish()?;
    Ok(Some(cut))
}

/// Cuts a small file that is in memory; its lines are not looked at.
pub(crate) fn cut_bytes(bytes: &[u8]) -> io::Result<CutFile> {
    let mut cutter = Cutter::default();
    let mut chunks = cutter.push(bytes)?;
    chunks.extend(cutter.finish());
    let chunks = chunks.iter().map(Chunk::reference).collect();
    Ok(CutFile { chunks, bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)), ..CutFile::default() })
}

impl CutFile {
    /// Adds the next chunks.
    fn take_in(&mut self, chunks: &[Chunk<'_>], secret: &Secret) -> io::Result<()> {
        let read = |chunk: &Chunk<'_>| (chunk.reference(), Checksum::of(&chunk.bytes), chunk.lines(secret));
        for (chunk, checksum, lines) in chunks.par_iter().map(read).collect::<Vec<_>>() {
            self.chunks.push(chunk);
            self.checksums.push(checksum);
            self.lines.push(&lines);
        }
        // Places of lines are 32 bits.
        if u32::try_from(self.lines.prints.len()).is_err() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "more than 4,294,967,295 lines"));
        }
        Ok(())
    }
}

/// A chunk that was cut, with the bytes of each of its lines.
#[derive(Debug)]
struct Chunk<'a> {
    bytes: Cow<'a, [u8]>,
    lines: Vec<u32>,
}

impl Chunk<'_> {
    fn reference(&self) -> ChunkRef {
        ChunkRef { hash: Hash::of(&self.bytes), rows: length_of(self.lines.len()), bytes: length_of(self.bytes.len()) }
    }

    fn lines(&self, secret: &Secret) -> FileLines {
        let mut rest = &*self.bytes;
        let print = |length: &u32| {
            let (line, after) = rest.split_at(*length as usize);
            rest = after;
            secret.print(line)
        };
        FileLines::one_chunk(self.lines.iter().map(print).collect(), self.lines.clone())
    }
}

/// Cuts a stream of bytes.
#[derive(Debug, Default)]
struct Cutter {
    /// What was there of the next chunk when the last bytes ended.
    begun: Vec<u8>,
    /// Where the last line of that begins.
    line: usize,
    /// Bytes of each whole line of the next chunk.
    lines: Vec<u32>,
}

impl Cutter {
    /// Takes bytes in; answers the chunks that are complete.
    fn push<'a>(&mut self, bytes: &'a [u8]) -> io::Result<Vec<Chunk<'a>>> {
        let mut chunks = Vec::new();
        // Where in `bytes` the chunk, or what is new of it, and the line begin.
        let (mut start, mut line) = (0, 0);
        for end in memchr::memchr_iter(b'\n', bytes).map(|newline| newline + 1) {
            let text = if self.line < self.begun.len() {
                // It began in the bytes before.
                self.begun.extend_from_slice(&bytes[start..end]);
                start = end;
                &self.begun[self.line..]
            } else {
                &bytes[line..end]
            };
            let border = border_hash(text);
            self.lines.push(length_of(text.len()));
            line = end;
            self.line = self.begun.len();
            let length = self.begun.len() + end - start;
            check_size(length)?;
            if border & BORDER_MASK == 0 || self.lines.len() >= MAX_ROWS || length >= MAX_BYTES {
                chunks.push(self.complete(&bytes[start..end]));
                start = end;
            }
        }
        self.begun.extend_from_slice(&bytes[start..]);
        if line > 0 {
            self.line = self.begun.len() - (bytes.len() - line);
        }
        check_size(self.begun.len())?;
        Ok(chunks)
    }

    fn complete<'a>(&mut self, rest: &'a [u8]) -> Chunk<'a> {
        let bytes = if self.begun.is_empty() {
            Cow::Borrowed(rest)
        } else {
            let mut begun = std::mem::take(&mut self.begun);
            begun.extend_from_slice(rest);
            Cow::Owned(begun)
        };
        self.line = 0;
        Chunk { bytes, lines: std::mem::take(&mut self.lines) }
    }

    /// Ends the chunk; a last line without a newline is a line, too.
    fn finish(&mut self) -> Option<Chunk<'static>> {
        let bytes = std::mem::take(&mut self.begun);
        let mut lines = std::mem::take(&mut self.lines);
        if self.line < bytes.len() {
            lines.push(length_of(bytes.len() - self.line));
        }
        self.line = 0;
        (!bytes.is_empty()).then_some(Chunk { bytes: Cow::Owned(bytes), lines })
    }
}

/// A chunk never has more than [`LARGEST`].
fn length_of(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn check_size(length: usize) -> io::Result<()> {
    if length > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a line of more than {LARGEST} bytes")));
    }
    Ok(())
}
