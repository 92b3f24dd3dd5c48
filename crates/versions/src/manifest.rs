//! The manifest of a version: everything about it but the records themselves.

use std::collections::BTreeMap;

use contract::version::VersionSummary;
use serde::{Deserialize, Serialize};

use crate::VersionError;
use crate::chunk::ChunkRef;

/// Version of this layout.
pub const LAYOUT: u32 = 1;

/// One file of a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileRef {
    /// SHA-256 of the whole file, hex.
    pub sha256: String,
    /// Its chunks in order.
    pub chunks: Vec<ChunkRef>,
}

/// A version as it lies in `manifests/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`LAYOUT`].
    pub layout: u32,
    /// Number, message, author, time, counts.
    pub summary: VersionSummary,
    /// Samples by domain: train and eval.
    pub domains: BTreeMap<String, (u64, u64)>,
    /// Mean length of the texts, characters.
    pub mean_length: f64,
    /// `train.jsonl`, `eval.jsonl`, `metadata.json`.
    pub files: BTreeMap<String, FileRef>,
    /// Names the commit that made it, so that the same commit started again is recognised.
    pub commit_key: String,
    /// Blake3 of this manifest's JSON with an empty checksum, hex.
    pub checksum: String,
}

impl Manifest {
    /// Serialises with the checksum filled in.
    pub fn seal(mut self) -> Result<(Self, Vec<u8>), serde_json::Error> {
        self.checksum = String::new();
        self.checksum = blake3::hash(&serde_json::to_vec(&self)?).to_hex().to_string();
        let bytes = serde_json::to_vec_pretty(&self)?;
        Ok((self, bytes))
    }

    /// Reads and verifies. `version` is named in the error.
    pub fn open(bytes: &[u8], version: &str) -> Result<Self, VersionError> {
        let damaged = |detail: String| VersionError::Damaged { version: version.to_owned(), detail };
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| damaged(format!("manifest: {error}")))?;
        if manifest.layout != LAYOUT {
            return Err(damaged(format!("manifest: layout {}", manifest.layout)));
        }
        let found = manifest.checksum.clone();
        let (manifest, _) = manifest.seal().map_err(|error| damaged(format!("manifest: {error}")))?;
        if manifest.checksum == found { Ok(manifest) } else { Err(damaged("manifest: checksum".to_owned())) }
    }
}
