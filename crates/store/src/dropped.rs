//! The table of rows that an import dropped.

use contract::source::{DropReason, DroppedRow};
use contract::{Page, SourceId};

use crate::{Result, Store};

/// A row that an import drops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDrop {
    /// Row as a person counts (see [`contract::Place::row`]).
    pub row: u64,
    /// Why.
    pub reason: DropReason,
    /// The beginning of the text (at most 200 characters are kept).
    pub excerpt: String,
}

impl Store {
    /// Dropped rows of a source, in the file's order.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn dropped(
        &self,
        source: SourceId,
        reason: Option<DropReason>,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Page<DroppedRow>> {
        unimplemented!("{source} {reason:?} {after:?} {limit}")
    }

    /// Dropped rows of one source or of all, source by source; `visit` ends the walk with an error of its own.
    ///
    /// # Errors
    /// What `visit` answers, or whatever SQLite says.
    pub fn each_dropped<E: From<crate::StoreError>>(
        &self,
        source: Option<SourceId>,
        visit: impl FnMut(DroppedRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let _ = (source, visit);
        unimplemented!()
    }
}
