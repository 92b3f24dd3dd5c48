//! The table of written datasets.

use contract::dataset::{DatasetSummary, SplitPreview, SplitSettings};
use contract::{DatasetId, ItemId, JobId, UnixMillis};

use crate::{JobProgress, Result, Store};

/// A dataset that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDataset {
    /// Its number, from [`Store::next_dataset`].
    pub id: DatasetId,
    /// Its folder, relative to the project's.
    pub folder: String,
    /// Settings.
    pub settings: SplitSettings,
    /// Counts.
    pub split: SplitPreview,
    /// Hash over all that went in, hex.
    pub input_hash: String,
}

impl Store {
    /// Reserves the number of the dataset that a job writes; the same one when the job asks again.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn next_dataset(&self, job: JobId) -> Result<DatasetId> {
        unimplemented!("{job}")
    }

    /// Records a dataset whose files are in place, with the items it holds (those can't be removed with their source any more)
    /// and the job's progress, in one transaction. Recording the same number again replaces it.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn record_dataset(
        &self,
        dataset: &NewDataset,
        items: &[ItemId],
        job: JobId,
        progress: impl FnOnce(&DatasetSummary) -> JobProgress,
        now: UnixMillis,
    ) -> Result<DatasetSummary> {
        let _ = (dataset, items, job, progress, now);
        unimplemented!()
    }

    /// Written datasets, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn datasets(&self) -> Result<Vec<DatasetSummary>> {
        unimplemented!()
    }

    /// One dataset, or the latest.
    ///
    /// # Errors
    /// [`crate::StoreError::DatasetMissing`].
    pub fn dataset(&self, id: Option<DatasetId>) -> Result<DatasetSummary> {
        unimplemented!("{id:?}")
    }
}
