//! The table of the project's models.

use contract::model::ModelEntry;

use crate::{Result, Store};

impl Store {
    /// The models by name. [`ModelEntry::present`] is looked up now.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn models(&self) -> Result<Vec<ModelEntry>> {
        unimplemented!()
    }

    /// One model.
    ///
    /// # Errors
    /// [`crate::StoreError::ModelMissing`].
    pub fn model(&self, name: &str) -> Result<ModelEntry> {
        unimplemented!("{name}")
    }

    /// Adds a model.
    ///
    /// # Errors
    /// [`crate::StoreError::ModelExists`].
    pub fn add_model(&self, model: &ModelEntry) -> Result<()> {
        unimplemented!("{model:?}")
    }

    /// Takes a model out; its predictions stay.
    ///
    /// # Errors
    /// [`crate::StoreError::ModelMissing`].
    pub fn remove_model(&self, name: &str) -> Result<()> {
        unimplemented!("{name}")
    }
}
