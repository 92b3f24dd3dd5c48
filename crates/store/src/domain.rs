//! The table of the schema's domains.

use contract::schema::{Domain, Schema, SuggestedDomain};

use crate::{Result, Store};

impl Store {
    /// The schema; revision 0 and empty when there is none.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn schema(&self) -> Result<Schema> {
        unimplemented!()
    }

    /// Replaces the schema (which the caller has checked) and counts its revision up. The same domains again change nothing.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn set_schema(&self, domains: &[Domain]) -> Result<Schema> {
        unimplemented!("{domains:?}")
    }

    /// A schema from the labels that items came with, most frequent first, at most `limit`, each with up to three examples.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn suggest_schema(&self, limit: u32) -> Result<Vec<SuggestedDomain>> {
        unimplemented!("{limit}")
    }
}
