//! The table of versions: an index over the version store's manifests, which are what counts.

use contract::DatasetId;
use contract::version::VersionSummary;

use crate::{Result, Store};

impl Store {
    /// Records a committed version, and at its dataset that it became this version. Recording it again replaces it.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn record_version(&self, version: &VersionSummary, dataset: Option<DatasetId>) -> Result<()> {
        unimplemented!("{version:?} {dataset:?}")
    }

    /// All recorded versions, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn versions(&self) -> Result<Vec<VersionSummary>> {
        unimplemented!()
    }

    /// Makes the index say what the version store says.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn replace_versions(&self, versions: &[VersionSummary]) -> Result<()> {
        unimplemented!("{versions:?}")
    }
}
