//! Lists are paged by key: the caller passes the last key it has and gets the next rows.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01 UTC.
pub type UnixMillis = i64;

/// One page of a list that is ordered by a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// The key to pass as `after` for the next page; `None` when this is the last one.
    pub next: Option<i64>,
    /// How many rows the whole list has, where that is known without reading it.
    pub total: Option<u64>,
}
