//! The table of what a project is called and how it is set up.

use contract::project::ProjectOverview;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Result, Store};

impl Store {
    /// The project's name.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn name(&self) -> Result<String> {
        unimplemented!()
    }

    /// The counts of the rail and the header; constant time but for the versions' and models' few rows.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn overview(&self) -> Result<ProjectOverview> {
        unimplemented!()
    }

    /// How many review items may wait at once (10 000 unless set).
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn queue_limit(&self) -> Result<u64> {
        unimplemented!()
    }

    /// Sets how many review items may wait at once; items beyond the old limit move up.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn set_queue_limit(&self, limit: u64) -> Result<()> {
        unimplemented!("{limit}")
    }

    /// A setting of the project by name.
    ///
    /// # Errors
    /// [`crate::StoreError::Value`] when it has another shape than `T`.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        unimplemented!("{name}")
    }

    /// Stores a setting of the project.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn set_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<()> {
        let _ = (name, value);
        unimplemented!()
    }
}
