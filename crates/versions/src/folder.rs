//! A folder of data files that may become a version.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use contract::UnixMillis;
use contract::dataset::{DatasetMetadata, DomainSplit, QualityReport, SourcePart, SplitPreview, SplitSettings};
use contract::version::VersionStatistics;

use crate::content::Folder;
use crate::cut::{CutFile, cut_file};
use crate::manifest::{DATA_FILES, METADATA};
use crate::secret::Secret;
use crate::{Progress, VersionError};

/// A folder as it was read.
pub(crate) struct ReadFolder {
    pub content: Folder,
    /// The metadata file's bytes.
    bytes: Option<Vec<u8>>,
    /// What they tell, where it is ours.
    told: Option<DatasetMetadata>,
}

impl ReadFolder {
    /// Reads a folder's files once; the prints of their lines are made with the secret.
    pub fn read(folder: &Path, secret: &Secret, told: &mut Progress<'_>) -> Result<Self, VersionError> {
        let mut cuts = [CutFile::default(), CutFile::default()];
        let mut before = 0;
        for (cut, name) in cuts.iter_mut().zip(DATA_FILES) {
            let path = folder.join(name);
            let read =
                cut_file(&path, secret, &mut |rows| told(before + rows)).map_err(|error| match error.kind() {
                    io::ErrorKind::InvalidData => {
                        VersionError::Dataset { path: path.clone(), detail: error.to_string() }
                    }
                    _ => VersionError::read(&path)(error),
                })?;
            *cut = read.ok_or(VersionError::Cancelled)?;
            before += cut.rows;
        }
        let path = folder.join(METADATA);
        let bytes = match fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(VersionError::read(&path)(error)),
        };
        let told = bytes.as_ref().and_then(|bytes| serde_json::from_slice(bytes).ok());
        Ok(Self { content: Folder::new(folder, cuts, secret.clone()), bytes, told })
    }

    /// With the metadata that another version was made with, to follow.
    #[must_use]
    pub fn like(mut self, metadata: Option<&[u8]>) -> Self {
        self.told = metadata.and_then(|bytes| serde_json::from_slice(bytes).ok());
        self
    }

    /// An error when a data file is not the one that the metadata tells of.
    pub fn check_hashes(&self, folder: &Path) -> Result<(), VersionError> {
        match DATA_FILES.into_iter().zip(self.content.cuts()).find(|(name, cut)| self.is_other(name, cut)) {
            Some((name, _)) => Err(VersionError::Dataset { path: folder.join(name), detail: "SHA-256".to_owned() }),
            None => Ok(()),
        }
    }

    fn is_other(&self, name: &str, cut: &CutFile) -> bool {
        let known = self.told.as_ref().and_then(|told| told.files.get(name));
        known.is_some_and(|sha256| *sha256 != cut.sha256)
    }

    /// Samples in both files.
    pub fn rows(&self) -> u64 {
        self.content.cuts().iter().map(|cut| cut.rows).sum()
    }

    /// Settings of the split, where the metadata tells them.
    pub fn settings(&self) -> Option<SplitSettings> {
        self.told.as_ref().and_then(|told| told.settings.clone())
    }

    /// The schema's domains as the metadata tells them, and those beside them that occur.
    pub fn schema(&self, statistics: &VersionStatistics) -> Vec<String> {
        let mut schema = self.told.as_ref().map(|told| told.domains.clone()).unwrap_or_default();
        for domain in statistics.domains.keys() {
            if !schema.contains(domain) {
                schema.push(domain.clone());
            }
        }
        schema
    }

    /// The version's `metadata.json`: the folder's own while it tells of these files, else one that follows them.
    pub fn metadata_for(&self, statistics: &VersionStatistics, now: UnixMillis) -> Vec<u8> {
        let cuts = self.content.cuts();
        let fits = DATA_FILES.into_iter().zip(cuts).all(|(name, cut)| !self.is_other(name, cut));
        if let Some(bytes) = self.bytes.as_ref().filter(|_| fits) {
            return bytes.clone();
        }
        let files = DATA_FILES.iter().zip(cuts).map(|(name, cut)| ((*name).to_owned(), cut.sha256.clone())).collect();
        following(self.told.clone(), self.schema(statistics), statistics, files, now)
    }
}

/// Metadata that follows the files: what a program before told stays where the files don't contradict it.
fn following(
    told: Option<DatasetMetadata>,
    domains: Vec<String>,
    statistics: &VersionStatistics,
    files: BTreeMap<String, String>,
    now: UnixMillis,
) -> Vec<u8> {
    let told = told.unwrap_or_else(|| DatasetMetadata {
        format_version: 1,
        written: now,
        settings: None,
        split: SplitPreview::default(),
        domains: Vec::new(),
        sources: Vec::new(),
        models: BTreeMap::new(),
        input_hash: String::new(),
        files: BTreeMap::new(),
        quality: QualityReport::default(),
    });
    let of = |origin: &str| statistics.origins.get(origin).copied().unwrap_or(0);
    let split_of = |(domain, (train, eval)): (&String, &(u64, u64))| DomainSplit {
        domain: domain.clone(),
        available: train + eval,
        train: *train,
        eval: *eval,
        left_out: 0,
    };
    let source = |(name, samples): (&String, &u64)| {
        let known = told.sources.iter().find(|source| source.name == *name);
        SourcePart {
            name: name.clone(),
            content_hash: known.and_then(|known| known.content_hash.clone()),
            samples: *samples,
        }
    };
    let (decided, confident) = (of("decision"), of("prediction"));
    let samples: u64 = statistics.domains.values().map(|(train, eval)| train + eval).sum();
    let split = SplitPreview {
        train: statistics.domains.values().map(|(train, _)| train).sum(),
        eval: statistics.domains.values().map(|(_, eval)| eval).sum(),
        domains: statistics.domains.iter().map(split_of).collect(),
        decided,
        confident,
        // Where a label comes from that doesn't say so, nobody is known to have checked it.
        unchecked: samples.saturating_sub(decided + confident),
        ..SplitPreview::default()
    };
    let metadata = DatasetMetadata {
        written: now,
        split,
        sources: statistics.sources.iter().filter(|(name, _)| !name.is_empty()).map(source).collect(),
        domains,
        // It named what the writer was given, and this is something else.
        input_hash: String::new(),
        files,
        // The rest only the writer could know, and a zero would say something.
        quality: QualityReport {
            confidences: statistics.confidences.clone(),
            without_confidence: statistics.without_confidence,
            ..QualityReport::default()
        },
        ..told.clone()
    };
    // A structure of strings and numbers always serialises.
    serde_json::to_vec_pretty(&metadata).unwrap_or_default()
}
