//! Where test files come from, and reading one to its end.
#![allow(dead_code, clippy::unwrap_used)] // Each test file uses its part.

use std::path::{Path, PathBuf};

use contract::CallError;
use contract::source::{CleaningSettings, ColumnMapping, FileSpec, ReadOptions};
use ingest::{CleanBatch, ImportReader};

/// A committed fixture.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// A specification that leaves everything to detection.
pub fn spec(path: &Path) -> FileSpec {
    FileSpec { path: path.display().to_string(), ..FileSpec::default() }
}

/// A specification that keeps every text as it stands.
pub fn as_it_stands(path: &Path, text: Option<&str>) -> FileSpec {
    let cleaning = CleaningSettings {
        min_length: 0,
        max_length: u32::MAX,
        normalise_unicode: false,
        normalise_whitespace: false,
        ..CleaningSettings::default()
    };
    let mapping = ColumnMapping { text: text.map(str::to_owned), ..ColumnMapping::default() };
    FileSpec { mapping, cleaning, ..spec(path) }
}

/// Everything a file gives, in one batch.
pub fn read(spec: &FileSpec) -> Result<CleanBatch, CallError> {
    let mut reader = ImportReader::open(spec)?;
    let mut all = CleanBatch::default();
    while let Some(batch) = reader.next_batch(100)? {
        all.kept.extend(batch.kept);
        all.dropped.extend(batch.dropped);
        (all.read, all.position) = (batch.read, batch.position);
    }
    Ok(all)
}

/// Number of rows of a file.
pub fn read_all(path: &Path) -> Result<u64, CallError> {
    read(&spec(path)).map(|batch| batch.read)
}

/// The mapping that a file gets unasked.
pub fn mapping(path: &Path) -> ColumnMapping {
    ingest::inspect(path, &ReadOptions::default()).unwrap().mapping
}
