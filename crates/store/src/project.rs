//! The table of what a project is called and how it is set up.

use contract::item::ItemStatus;
use contract::project::ProjectOverview;
use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};

use crate::code::Coded;
use crate::count::{self, Kind, Tally};
use crate::state::Standing;
use crate::store::Durability;
use crate::{Result, Store, queue};

/// A value by name.
pub(crate) fn get<T: DeserializeOwned>(connection: &Connection, name: &str) -> Result<Option<T>> {
    let mut query = connection.prepare_cached("SELECT value FROM project WHERE name = ?1")?;
    let value: Option<String> = query.query_row([name], |row| row.get(0)).optional()?;
    Ok(value.map(|value| serde_json::from_str(&value)).transpose()?)
}

/// Stores a value under a name.
pub(crate) fn set<T: Serialize>(connection: &Connection, name: &str, value: &T) -> Result<()> {
    let mut store = connection.prepare_cached(
        "INSERT INTO project (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?;
    store.execute((name, serde_json::to_string(value)?))?;
    Ok(())
}

impl Store {
    /// The project's name.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn name(&self) -> Result<String> {
        Ok(self.read(|connection| get(connection, "name"))?.unwrap_or_else(|| self.folder_name()))
    }

    fn folder_name(&self) -> String {
        self.folder().path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The counts of the rail and the header; constant time but for the versions' and models' few rows.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn overview(&self) -> Result<ProjectOverview> {
        self.read(|connection| {
            let rows =
                |sql: &str| -> Result<u64> { Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?) };
            let number = |key| -> Result<u64> { Ok(u64::try_from(count::get(connection, key)?).unwrap_or_default()) };
            let review = |standing: Standing| number((Kind::Review, standing.code(), 0));
            let status = |status: ItemStatus| number((Kind::Status, status.code(), 0));
            Ok(ProjectOverview {
                folder: self.folder().path().display().to_string(),
                name: get(connection, "name")?.unwrap_or_else(|| self.folder_name()),
                access: self.access(),
                sources: rows("SELECT COUNT(*) FROM sources")?,
                items: count::sum(connection, Kind::Status)?,
                labelled: count::sum(connection, Kind::Confidence)?,
                waiting: review(Standing::Pending)? + review(Standing::InReview)?,
                reviewed: status(ItemStatus::Approved)? + status(ItemStatus::Corrected)?,
                domains: rows("SELECT COUNT(*) FROM domains")?,
                models: rows("SELECT COUNT(*) FROM models")?,
                versions: rows("SELECT COUNT(*) FROM versions")?,
                active_jobs: rows("SELECT COUNT(*) FROM jobs WHERE state IN (0, 1, 2)")?,
            })
        })
    }

    /// How many review items may wait at once (10 000 unless set).
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn queue_limit(&self) -> Result<u64> {
        self.read(queue::limit)
    }

    /// Sets how many review items may wait at once; items beyond the old limit move up.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn set_queue_limit(&self, limit: u64) -> Result<()> {
        self.write(Durability::Crash, |transaction| set(transaction, "queue_limit", &limit))?;
        loop {
            let moved = self.write(Durability::Crash, |transaction| {
                let mut tally = Tally::default();
                let moved = queue::move_up(transaction, &mut tally)?;
                tally.write(transaction)?;
                Ok(moved)
            })?;
            if moved == 0 {
                return Ok(());
            }
        }
    }

    /// A setting of the project by name.
    ///
    /// # Errors
    /// [`crate::StoreError::Value`] when it has another shape than `T`.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        self.read(|connection| get(connection, &format!("setting.{name}")))
    }

    /// Stores a setting of the project.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn set_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<()> {
        self.write(Durability::Crash, |transaction| set(transaction, &format!("setting.{name}"), value))
    }
}
