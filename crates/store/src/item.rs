//! The table of items.

use contract::item::{ItemDetail, ItemFilter, ItemRow, ItemStats};
use contract::{ItemId, Page};

use crate::{Result, Store};

impl Store {
    /// Items that match a filter, by number, at most `limit` (itself at most 1000). `total` is given where the counters know it.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn items(&self, filter: &ItemFilter, after: Option<i64>, limit: u32) -> Result<Page<ItemRow>> {
        unimplemented!("{filter:?} {after:?} {limit}")
    }

    /// How many items match a filter: at once for no condition or one that is counted, else by looking at them.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn count_items(&self, filter: &ItemFilter) -> Result<u64> {
        unimplemented!("{filter:?}")
    }

    /// One item with its history.
    ///
    /// # Errors
    /// [`crate::StoreError::ItemMissing`].
    pub fn item(&self, item: ItemId) -> Result<ItemDetail> {
        unimplemented!("{item}")
    }

    /// The items in numbers, from the counters. Lists by domain and label hold the 1000 most frequent.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn item_stats(&self) -> Result<ItemStats> {
        unimplemented!()
    }
}
