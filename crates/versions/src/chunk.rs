//! Chunks: runs of JSONL records, stored once under the hash of their content.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{VersionError, durable};

/// A chunk ends after a record whose hash has these bits clear (one in 512) …
const BOUNDARY_MASK: u64 = 511;
/// … or when it has this many records, whichever comes first.
const MAX_RECORDS: u64 = 4096;
/// … or this many bytes.
const MAX_BYTES: usize = 4 << 20;
/// A chunk never unpacks to more than this (the last record may be long): guards against hostile archives.
const MAX_UNPACKED: usize = 64 << 20;

/// A chunk in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkRef {
    /// Blake3 of the unpacked bytes, hex.
    pub hash: String,
    /// Records in it.
    pub records: u64,
    /// Unpacked bytes.
    pub bytes: u64,
}

/// The folder of chunks.
#[derive(Clone, Debug)]
pub struct ChunkFolder {
    folder: PathBuf,
}

impl ChunkFolder {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, hash: &str) -> PathBuf {
        let prefix = hash.get(..2).unwrap_or("__");
        self.folder.join(prefix).join(format!("{hash}.zst"))
    }

    /// Stores a chunk unless it is there; answers its reference and the bytes written to disk.
    pub fn put(&self, bytes: &[u8], records: u64) -> Result<(ChunkRef, u64), VersionError> {
        let hash = blake3::hash(bytes).to_hex().to_string();
        let reference = ChunkRef { hash, records, bytes: bytes.len() as u64 };
        let path = self.path(&reference.hash);
        // What is there may have been damaged since: a chunk is reused only if it still unpacks to the same bytes.
        if path.exists() && self.get(&reference, "").is_ok() {
            return Ok((reference, 0));
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(VersionError::write(parent))?;
        }
        let packed = zstd::bulk::compress(bytes, 3).map_err(VersionError::write(&path))?;
        durable::write_file(&path, &packed)?;
        Ok((reference, packed.len() as u64))
    }

    /// Reads a chunk and verifies its hash. `version` is named in the error.
    pub fn get(&self, reference: &ChunkRef, version: &str) -> Result<Vec<u8>, VersionError> {
        let damaged = |detail: String| VersionError::Damaged { version: version.to_owned(), detail };
        let path = self.path(&reference.hash);
        let packed = fs::read(&path).map_err(|error| damaged(format!("{}: {error}", path.display())))?;
        let size = usize::try_from(reference.bytes).unwrap_or(usize::MAX).min(MAX_UNPACKED);
        let bytes =
            zstd::bulk::decompress(&packed, size).map_err(|error| damaged(format!("{}: {error}", path.display())))?;
        if blake3::hash(&bytes).to_hex().as_str() != reference.hash {
            return Err(damaged(format!("{}: hash", path.display())));
        }
        Ok(bytes)
    }
}

/// Cuts a stream of records into chunks at boundaries that their content defines, so that an insertion moves no
/// boundary but its own.
#[derive(Default)]
pub struct Chunker {
    buffer: Vec<u8>,
    records: u64,
}

impl Chunker {
    /// Adds a record (a line with its newline); answers whether the chunk is complete.
    pub fn push(&mut self, line: &[u8]) -> bool {
        self.buffer.extend_from_slice(line);
        self.records += 1;
        let hash = blake3::hash(line);
        let head = u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap_or_default());
        head & BOUNDARY_MASK == 0 || self.records >= MAX_RECORDS || self.buffer.len() >= MAX_BYTES
    }

    /// Takes the chunk out: its bytes and number of records; `None` when it is empty.
    pub fn take(&mut self) -> Option<(Vec<u8>, u64)> {
        let records = std::mem::take(&mut self.records);
        (records > 0).then(|| (std::mem::take(&mut self.buffer), records))
    }
}
