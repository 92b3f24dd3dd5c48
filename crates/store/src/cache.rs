//! The table of servers' answers.

use contract::UnixMillis;
use rusqlite::{Connection, OptionalExtension};

use crate::store::Durability;
use crate::{Result, Store};

/// Answers removed in one transaction.
const STEP: usize = 5_000;

/// A server's answer that shall be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAnswer {
    /// All that it depends on.
    pub key: [u8; 32],
    /// The answer.
    pub answer: String,
    /// Until when it is valid.
    pub expires: UnixMillis,
}

/// Stores answers; a later one takes the place of an earlier.
pub(crate) fn keep(connection: &Connection, answers: &[NewAnswer]) -> Result<()> {
    let mut store = connection.prepare_cached(
        "INSERT INTO answers (key, answer, expires) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET answer = excluded.answer, expires = excluded.expires",
    )?;
    for NewAnswer { key, answer, expires } in answers {
        store.execute((key.as_slice(), answer, expires))?;
    }
    Ok(())
}

impl Store {
    /// The answer stored under `key` if it is valid at `now`.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn cached_answer(&self, key: &[u8; 32], now: UnixMillis) -> Result<Option<String>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT answer FROM answers WHERE key = ?1 AND expires > ?2")?;
            Ok(query.query_row((key.as_slice(), now), |row| row.get(0)).optional()?)
        })
    }

    /// As [`Store::cached_answer`] for each of the keys, in their order.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn cached_answers(&self, keys: &[[u8; 32]], now: UnixMillis) -> Result<Vec<Option<String>>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT answer FROM answers WHERE key = ?1 AND expires > ?2")?;
            let find = |key: &[u8; 32]| query.query_row((key.as_slice(), now), |row| row.get(0)).optional();
            Ok(keys.iter().map(find).collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Stores an answer at once, in a transaction of its own, valid until `expires`.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn store_answer(&self, key: &[u8; 32], answer: &str, expires: UnixMillis) -> Result<()> {
        let answer = NewAnswer { key: *key, answer: answer.to_owned(), expires };
        self.write(Durability::Crash, |transaction| keep(transaction, &[answer]))
    }

    /// Removes answers that are no longer valid and answers how many.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn purge_answers(&self, now: UnixMillis) -> Result<u64> {
        let mut purged = 0;
        loop {
            let step = self.write(Durability::Crash, |transaction| {
                let mut remove = transaction.prepare_cached(
                    "DELETE FROM answers WHERE key IN (SELECT key FROM answers WHERE expires <= ?1 LIMIT ?2)",
                )?;
                Ok(remove.execute((now, STEP))?)
            })?;
            purged += step as u64;
            if step < STEP {
                return Ok(purged);
            }
        }
    }
}
