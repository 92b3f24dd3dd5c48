//! The table of sources.

use contract::SourceId;
use contract::source::{RemovedSource, Source};

use crate::{Result, Store};

impl Store {
    /// All sources, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn sources(&self) -> Result<Vec<Source>> {
        unimplemented!()
    }

    /// One source.
    ///
    /// # Errors
    /// [`crate::StoreError::SourceMissing`].
    pub fn source(&self, source: SourceId) -> Result<Source> {
        unimplemented!("{source}")
    }

    /// Removes a source with its dropped rows and the items that nobody has decided on and no dataset holds, in steps that let
    /// other writers in between; stopped half-way, calling it again goes on. While items stay, so does the source.
    ///
    /// # Errors
    /// [`crate::StoreError::SourceMissing`], [`crate::StoreError::ReadOnly`].
    pub fn remove_source(&self, source: SourceId) -> Result<RemovedSource> {
        unimplemented!("{source}")
    }
}
