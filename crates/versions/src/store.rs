//! The folder of versions: opening, listing, showing.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::dataset::DatasetMetadata;
use contract::version::{VersionDetail, VersionSummary};

use crate::VersionError;
use crate::chunk::ChunkFolder;
use crate::manifest::Manifest;
use crate::number::Number;

/// Called with the number of samples done; breaking off cancels.
pub type Progress<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

/// The version store of a project.
#[derive(Clone, Debug)]
pub struct VersionStore {
    pub(crate) manifests: PathBuf,
    pub(crate) chunks: ChunkFolder,
}

impl VersionStore {
    /// The store in `folder` (`<project>/versions`); made by the first commit.
    pub fn open(folder: &Path) -> Self {
        Self { manifests: folder.join("manifests"), chunks: ChunkFolder::new(folder.join("objects")) }
    }

    /// All versions, latest number first.
    ///
    /// # Errors
    /// [`VersionError::Damaged`] naming the first manifest that can't be trusted.
    pub fn list(&self) -> Result<Vec<VersionSummary>, VersionError> {
        let mut numbers = self.numbers()?;
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        numbers.into_iter().map(|number| Ok(self.read(number)?.summary)).collect()
    }

    /// How many versions there are, without reading them.
    ///
    /// # Errors
    /// [`VersionError::Read`].
    pub fn count(&self) -> Result<u64, VersionError> {
        Ok(self.numbers()?.len() as u64)
    }

    /// One version by number (`1.2.0`, `v1.2.0`) or tag, with its statistics.
    ///
    /// # Errors
    /// [`VersionError::Missing`], [`VersionError::Damaged`].
    pub fn show(&self, version: &str) -> Result<VersionDetail, VersionError> {
        let manifest = self.find(version)?;
        let bytes = self.read_small_file(&manifest, "metadata.json")?;
        let metadata: DatasetMetadata = serde_json::from_slice(&bytes).map_err(|error| VersionError::Damaged {
            version: manifest.summary.version.clone(),
            detail: format!("metadata.json: {error}"),
        })?;
        Ok(VersionDetail {
            summary: manifest.summary,
            statistics: contract::version::VersionStatistics {
                domains: manifest.domains,
                ..contract::version::VersionStatistics::default()
            },
            files: Vec::new(),
            checks: contract::version::Checks::default(),
            checked: None,
            metadata: Some(metadata),
        })
    }

    /// The manifest of a version by number or tag.
    pub(crate) fn find(&self, version: &str) -> Result<Manifest, VersionError> {
        let numbers = self.numbers()?;
        if let Ok(number) = version.parse::<Number>()
            && numbers.contains(&number)
        {
            return self.read(number);
        }
        for number in numbers {
            let manifest = self.read(number)?;
            if manifest.summary.tags.iter().any(|tag| tag == version) {
                return Ok(manifest);
            }
        }
        Err(VersionError::Missing(version.to_owned()))
    }

    /// The version with the highest number.
    pub(crate) fn latest(&self) -> Result<Option<Manifest>, VersionError> {
        self.numbers()?.into_iter().max().map(|number| self.read(number)).transpose()
    }

    pub(crate) fn manifest_path(&self, number: &str) -> PathBuf {
        self.manifests.join(format!("{number}.json"))
    }

    pub(crate) fn read_small_file(&self, manifest: &Manifest, name: &str) -> Result<Vec<u8>, VersionError> {
        let version = &manifest.summary.version;
        let file = manifest
            .files
            .get(name)
            .ok_or_else(|| VersionError::Damaged { version: version.clone(), detail: format!("manifest: {name}") })?;
        let mut bytes = Vec::new();
        for chunk in &file.chunks {
            bytes.extend(self.chunks.get(chunk, version)?);
        }
        Ok(bytes)
    }

    fn numbers(&self) -> Result<Vec<Number>, VersionError> {
        let entries = match fs::read_dir(&self.manifests) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(VersionError::read(&self.manifests)(error)),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry.map_err(VersionError::read(&self.manifests))?.file_name();
            let number: Option<Number> =
                name.to_str().and_then(|name| name.strip_suffix(".json")).and_then(|name| name.parse().ok());
            numbers.extend(number);
        }
        Ok(numbers)
    }

    fn read(&self, number: Number) -> Result<Manifest, VersionError> {
        let path = self.manifest_path(&number.to_string());
        let bytes = fs::read(&path).map_err(VersionError::read(&path))?;
        Manifest::open(&bytes, &number.to_string())
    }
}
