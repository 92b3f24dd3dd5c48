//! The table of versions: an index over the version store's manifests, which are what counts.

use contract::DatasetId;
use contract::version::VersionSummary;
use rusqlite::Connection;

use crate::store::Durability;
use crate::{Result, Store};

impl Store {
    /// Records a committed version, and at its dataset that it became this version. Recording it again replaces it.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn record_version(&self, version: &VersionSummary, dataset: Option<DatasetId>) -> Result<()> {
        self.write(Durability::PowerCut, |transaction| {
            insert(transaction, version)?;
            if let Some(dataset) = dataset {
                transaction
                    .prepare_cached("UPDATE datasets SET version = ?2 WHERE id = ?1")?
                    .execute((dataset.0, &version.version))?;
            }
            Ok(())
        })
    }

    /// All recorded versions, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn versions(&self) -> Result<Vec<VersionSummary>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT summary FROM versions ORDER BY id DESC")?;
            let rows: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            Ok(rows.iter().map(|row| serde_json::from_str(row)).collect::<Result<_, _>>()?)
        })
    }

    /// Makes the index say what the version store says; `versions` from the oldest on.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn replace_versions(&self, versions: &[VersionSummary]) -> Result<()> {
        self.write(Durability::Crash, |transaction| {
            transaction.execute("DELETE FROM versions", [])?;
            versions.iter().try_for_each(|version| insert(transaction, version))
        })
    }
}

fn insert(connection: &Connection, version: &VersionSummary) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO versions (version, summary) VALUES (?1, ?2)
         ON CONFLICT (version) DO UPDATE SET summary = excluded.summary",
    )?;
    insert.execute((&version.version, serde_json::to_string(version)?))?;
    Ok(())
}
