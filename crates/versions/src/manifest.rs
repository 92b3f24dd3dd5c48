//! The manifest of a version: everything about it but the rows themselves. Its hash is the version's identity.

use std::collections::BTreeMap;

use contract::UnixMillis;
use contract::dataset::SplitSettings;
use contract::version::{ChangeCounts, Checks, VersionStatistics};
use serde::{Deserialize, Serialize};

use crate::cut::{ChunkRef, CutFile};
use crate::hash::Hash;

/// Version of this layout.
pub(crate) const LAYOUT: u32 = 2;
/// The data files of a version: train first.
pub(crate) const DATA_FILES: [&str; 2] = ["train.jsonl", "eval.jsonl"];
/// The file that tells how the others were made.
pub(crate) const METADATA: &str = "metadata.json";

/// A file of a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileRef {
    /// Bytes.
    pub bytes: u64,
    /// Lines; 0 for `metadata.json`.
    pub rows: u64,
    /// SHA-256 of the whole, hex.
    pub sha256: String,
    /// The object that lists its chunks ([`encode_list`]).
    pub chunks: Hash,
}

/// A version as it lies in `manifests/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// [`LAYOUT`].
    pub layout: u32,
    /// The number that it was given when it was committed.
    pub version: String,
    /// The versions that it came from.
    pub parents: Vec<Hash>,
    /// Message.
    pub message: String,
    /// Author.
    pub author: String,
    /// When.
    pub committed: UnixMillis,
    /// The schema's domain ids in order.
    pub schema: Vec<String>,
    /// Settings of the split, where the files told them.
    pub settings: Option<SplitSettings>,
    /// Counts over the samples.
    pub statistics: VersionStatistics,
    /// What changed against the first parent; everything is added in the first version.
    pub changes: ChangeCounts,
    /// What it promises.
    pub checks: Checks,
    /// `train.jsonl`, `eval.jsonl` and, where there was one, `metadata.json`.
    pub files: BTreeMap<String, FileRef>,
    /// Names the commit that made it, so that the same commit started again is recognised.
    pub key: String,
}

impl Manifest {
    /// As it lies on the disk, and its identity.
    pub fn seal(&self) -> Result<(Hash, Vec<u8>), serde_json::Error> {
        let bytes = serde_json::to_vec_pretty(self)?;
        Ok((Hash::of(&bytes), bytes))
    }

    /// Reads one; says what is wrong with it otherwise.
    pub fn open(bytes: &[u8], id: &Hash) -> Result<Self, String> {
        if Hash::of(bytes) != *id {
            return Err("hash".to_owned());
        }
        #[derive(Deserialize)]
        struct Layout {
            layout: u32,
        }
        let layout: Layout = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if layout.layout != LAYOUT {
            return Err(format!("layout {}", layout.layout));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        // A manifest from elsewhere must not name a file outside the folder that it is checked out to.
        match manifest.files.keys().find(|name| !DATA_FILES.contains(&name.as_str()) && *name != METADATA) {
            Some(name) => Err(format!("file {name:?}")),
            None if DATA_FILES.iter().any(|name| !manifest.files.contains_key(*name)) => Err("files".to_owned()),
            None => Ok(manifest),
        }
    }

    /// Samples of a data file.
    pub fn rows(&self, file: &str) -> u64 {
        self.files.get(file).map_or(0, |file| file.rows)
    }
}

/// A list of chunks as an object: for each its hash, its lines and its bytes (both u32, little endian), 40 bytes.
pub(crate) fn encode_list(chunks: &[ChunkRef]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(chunks.len() * 40);
    for chunk in chunks {
        bytes.extend_from_slice(&chunk.hash.0);
        bytes.extend_from_slice(&chunk.rows.to_le_bytes());
        bytes.extend_from_slice(&chunk.bytes.to_le_bytes());
    }
    bytes
}

/// Reads what [`encode_list`] wrote; `None` for anything else.
pub(crate) fn decode_list(bytes: &[u8]) -> Option<Vec<ChunkRef>> {
    let half = |bytes: &[u8]| bytes.try_into().map(u32::from_le_bytes).ok();
    let chunks = bytes.chunks(40).map(|part| {
        let (hash, rest) = part.split_at_checked(32)?;
        let hash = Hash(hash.try_into().ok()?);
        Some(ChunkRef { hash, rows: half(rest.get(..4)?)?, bytes: half(rest.get(4..)?)? })
    });
    chunks.collect()
}

impl CutFile {
    /// As a manifest names it; with the object that lists its chunks.
    pub fn reference(&self) -> (FileRef, Hash, Vec<u8>) {
        let list = encode_list(&self.chunks);
        let chunks = Hash::of(&list);
        (FileRef { bytes: self.bytes, rows: self.rows, sha256: self.sha256.clone(), chunks }, chunks, list)
    }
}
