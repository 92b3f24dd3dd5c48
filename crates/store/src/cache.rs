//! The table of servers' answers.

use contract::UnixMillis;

use crate::{Result, Store};

impl Store {
    /// The answer stored under `key` if it is valid at `now`.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn cached_answer(&self, key: &[u8; 32], now: UnixMillis) -> Result<Option<String>> {
        unimplemented!("{key:?} {now}")
    }

    /// Stores an answer at once, in a transaction of its own, valid until `expires`.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn store_answer(&self, key: &[u8; 32], answer: &str, expires: UnixMillis) -> Result<()> {
        unimplemented!("{key:?} {answer} {expires}")
    }

    /// Removes answers that are no longer valid and answers how many.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn purge_answers(&self, now: UnixMillis) -> Result<u64> {
        unimplemented!("{now}")
    }
}
