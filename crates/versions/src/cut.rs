//! Cutting a file into chunks at borders that its content defines, so that an insertion moves no border but its own.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hash::{Hash, hex};
use crate::line::border_hash;

/// A chunk ends after a line whose hash has these bits clear (one in 512) …
const BORDER_MASK: u64 = 511;
/// … or when it has this many lines …
const MAX_ROWS: u32 = 4096;
/// … or this many bytes, whichever comes first.
const MAX_BYTES: usize = 4 << 20;
/// A line, and so a chunk, never has more than this.
pub(crate) const LARGEST: usize = 64 << 20;
/// Bytes read at a time.
const BLOCK: usize = 8 << 20;

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
    /// Lines.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the whole, hex.
    pub sha256: String,
}

/// Reads a file once and cuts it. `told` hears of the lines read so far; breaking off answers `Ok(None)`.
pub(crate) fn cut_file(path: &Path, told: &mut dyn FnMut(u64) -> ControlFlow<()>) -> io::Result<Option<CutFile>> {
    let mut file = File::open(path)?;
    let (mut cut, mut sha256, mut cutter) = (CutFile::default(), Sha256::new(), Cutter::default());
    let mut block = vec![0; BLOCK];
    loop {
        let read = fill(&mut file, &mut block)?;
        if read == 0 {
            break;
        }
        let part = &block[..read];
        let (rows, ()) = rayon::join(|| cutter.push(part, &mut cut.chunks), || sha256.update(part));
        rows?;
        cut.bytes += read as u64;
        if told(cut.chunks.iter().map(|chunk| u64::from(chunk.rows)).sum::<u64>()).is_break() {
            return Ok(None);
        }
    }
    cutter.finish(&mut cut.chunks);
    cut.rows = cut.chunks.iter().map(|chunk| u64::from(chunk.rows)).sum();
    cut.sha256 = hex(&sha256.finalize());
    Ok(Some(cut))
}

/// Cuts a small file that is in memory.
pub(crate) fn cut_bytes(bytes: &[u8]) -> io::Result<CutFile> {
    let (mut chunks, mut cutter) = (Vec::new(), Cutter::default());
    cutter.push(bytes, &mut chunks)?;
    cutter.finish(&mut chunks);
    Ok(CutFile { chunks, rows: 0, bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) })
}

/// Reads until the block is full or the file ends.
fn fill(file: &mut File, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match file.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Cuts a stream of bytes.
#[derive(Default)]
pub(crate) struct Cutter {
    /// The chunk so far.
    chunk: Vec<u8>,
    /// Where its last line begins.
    line: usize,
    rows: u32,
}

impl Cutter {
    /// Takes bytes in; chunks that are complete go to `chunks`.
    pub fn push(&mut self, mut bytes: &[u8], chunks: &mut Vec<ChunkRef>) -> io::Result<()> {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            self.chunk.extend_from_slice(&bytes[..=end]);
            bytes = &bytes[end + 1..];
            self.rows += 1;
            let border = border_hash(&self.chunk[self.line..]) & BORDER_MASK == 0;
            self.line = self.chunk.len();
            self.check_size()?;
            if border || self.rows >= MAX_ROWS || self.chunk.len() >= MAX_BYTES {
                self.finish(chunks);
            }
        }
        self.chunk.extend_from_slice(bytes);
        self.check_size()
    }

    fn check_size(&self) -> io::Result<()> {
        if self.chunk.len() > LARGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a line of more than {LARGEST} bytes")));
        }
        Ok(())
    }

    /// Ends the chunk; a last line without a newline is a line, too.
    pub fn finish(&mut self, chunks: &mut Vec<ChunkRef>) {
        if self.chunk.is_empty() {
            return;
        }
        let rows = self.rows + u32::from(self.line < self.chunk.len());
        // `check_size` keeps it below 64 MiB.
        let bytes = u32::try_from(self.chunk.len()).unwrap_or(u32::MAX);
        chunks.push(ChunkRef { hash: Hash::of(&self.chunk), rows, bytes });
        self.chunk.clear();
        (self.line, self.rows) = (0, 0);
    }
}
