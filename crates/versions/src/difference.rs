//! What changed between two versions.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;

use crate::VersionError;
use crate::chunk::{ChunkFolder, ChunkRef};
use crate::manifest::FileRef;

/// Counts of what changed; a sample that moved between train and eval is neither added nor removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Samples that the older one lacks.
    pub added: u64,
    /// Samples that the newer one lacks.
    pub removed: u64,
    /// Samples with another label.
    pub relabelled: u64,
    /// Whether the set of domains is another.
    pub domains_changed: bool,
}

/// What identifies a sample and what it says.
#[derive(Deserialize)]
struct Record<'a> {
    id: std::borrow::Cow<'a, str>,
    label: std::borrow::Cow<'a, str>,
}

/// The data files of a version by name.
pub type Files = BTreeMap<String, FileRef>;

/// Compares two versions. Only chunks that one of them lacks are read; memory grows with the samples in those
/// (16 bytes each), not with the dataset.
pub fn between(chunks: &ChunkFolder, version: &str, older: &Files, newer: &Files) -> Result<Difference, VersionError> {
    let (old_only, new_only) = (only_in(older, newer), only_in(newer, older));
    let mut before: HashMap<u64, u64> = HashMap::new();
    for chunk in old_only {
        for_each_record(&chunks.get(chunk, version)?, |record| {
            before.insert(short_hash(&record.id), short_hash(&record.label));
        });
    }
    let mut difference = Difference::default();
    for chunk in new_only {
        for_each_record(&chunks.get(chunk, version)?, |record| match before.remove(&short_hash(&record.id)) {
            None => difference.added += 1,
            Some(label) if label != short_hash(&record.label) => difference.relabelled += 1,
            Some(_) => {}
        });
    }
    difference.removed = before.len() as u64;
    Ok(difference)
}

/// Chunks of the data files of `these` that no data file of `those` has, as often as it has them more.
fn only_in<'a>(these: &'a Files, those: &Files) -> Vec<&'a ChunkRef> {
    let known: HashSet<&str> = data_chunks(those).map(|chunk| chunk.hash.as_str()).collect();
    data_chunks(these).filter(|chunk| !known.contains(chunk.hash.as_str())).collect()
}

fn data_chunks(files: &Files) -> impl Iterator<Item = &ChunkRef> {
    files.iter().filter(|(name, _)| name.ends_with(".jsonl")).flat_map(|(_, file)| &file.chunks)
}

fn for_each_record(bytes: &[u8], mut visit: impl FnMut(Record<'_>)) {
    for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        // The commit refused lines that are no samples, and the hash has been verified.
        if let Ok(record) = serde_json::from_slice(line) {
            visit(record);
        }
    }
}

fn short_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
