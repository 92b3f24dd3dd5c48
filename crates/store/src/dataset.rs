//! The table of written datasets.

use contract::dataset::{DatasetSummary, SplitPreview, SplitSettings};
use contract::{DatasetId, ItemId, JobId, UnixMillis};
use rusqlite::{Connection, Row};

use crate::store::Durability;
use crate::{JobProgress, Result, Store, StoreError, job};

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

const COLUMNS: &str = "SELECT id, folder, written, settings, split, input_hash, version FROM datasets";

impl Store {
    /// Reserves the number of the dataset that a job writes; the same one when the job asks again.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn next_dataset(&self, job: JobId) -> Result<DatasetId> {
        self.write(Durability::Crash, |transaction| {
            transaction
                .prepare_cached("INSERT INTO datasets (job) VALUES (?1) ON CONFLICT (job) DO NOTHING")?
                .execute([job.0])?;
            let mut query = transaction.prepare_cached("SELECT id FROM datasets WHERE job = ?1")?;
            Ok(DatasetId(query.query_row([job.0], |row| row.get(0))?))
        })
    }

    /// Records a dataset whose files are in place, with the items it holds (those can't be removed with their source any more)
    /// and the job's progress, in one transaction. Recording the same number again replaces it.
    ///
    /// # Errors
    /// [`crate::StoreError::DatasetMissing`] for a number that was not reserved, [`crate::StoreError::ReadOnly`],
    /// [`crate::StoreError::DiskFull`].
    pub fn record_dataset(
        &self,
        dataset: &NewDataset,
        items: &[ItemId],
        job: JobId,
        progress: impl FnOnce(&DatasetSummary) -> JobProgress,
        now: UnixMillis,
    ) -> Result<DatasetSummary> {
        let mut items: Vec<i64> = items.iter().map(|item| item.0).collect();
        items.sort_unstable();
        self.write(Durability::PowerCut, |transaction| {
            let settings = serde_json::to_string(&dataset.settings)?;
            let split = serde_json::to_string(&dataset.split)?;
            let changed = transaction
                .prepare_cached(
                    "UPDATE datasets SET folder = ?2, written = ?3, settings = ?4, split = ?5, input_hash = ?6 WHERE id = ?1",
                )?
                .execute((dataset.id.0, &dataset.folder, now, settings, split, &dataset.input_hash))?;
            if changed == 0 {
                return Err(StoreError::DatasetMissing(dataset.id));
            }
            let mut hold = transaction.prepare_cached(
                "INSERT INTO dataset_items (item, dataset) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?;
            for item in items {
                hold.execute((item, dataset.id.0))?;
            }
            let summary = find(transaction, dataset.id)?;
            job::save(transaction, job, &progress(&summary))?;
            Ok(summary)
        })
    }

    /// Written datasets, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn datasets(&self) -> Result<Vec<DatasetSummary>> {
        self.read(|connection| {
            let mut query =
                connection.prepare_cached(&format!("{COLUMNS} WHERE written IS NOT NULL ORDER BY id DESC"))?;
            let mut rows = query.query([])?;
            let mut datasets = Vec::new();
            while let Some(row) = rows.next()? {
                datasets.push(summary(row)?);
            }
            Ok(datasets)
        })
    }

    /// One dataset, or the latest.
    ///
    /// # Errors
    /// [`crate::StoreError::DatasetMissing`].
    pub fn dataset(&self, id: Option<DatasetId>) -> Result<DatasetSummary> {
        match id {
            Some(id) => self.read(|connection| find(connection, id)),
            None => self.datasets()?.into_iter().next().ok_or(StoreError::DatasetMissing(DatasetId(0))),
        }
    }
}

fn find(connection: &Connection, id: DatasetId) -> Result<DatasetSummary> {
    let mut query = connection.prepare_cached(&format!("{COLUMNS} WHERE id = ?1 AND written IS NOT NULL"))?;
    let mut rows = query.query([id.0])?;
    rows.next()?.map_or(Err(StoreError::DatasetMissing(id)), summary)
}

fn summary(row: &Row<'_>) -> Result<DatasetSummary> {
    Ok(DatasetSummary {
        id: DatasetId(row.get(0)?),
        folder: row.get(1)?,
        written: row.get(2)?,
        settings: serde_json::from_str(&row.get::<_, String>(3)?)?,
        split: serde_json::from_str(&row.get::<_, String>(4)?)?,
        input_hash: row.get(5)?,
        version: row.get(6)?,
    })
}
