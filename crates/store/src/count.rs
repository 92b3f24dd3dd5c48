//! The table of counters: what is derived, counted in the transactions that change it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::Result;

/// What a counter counts, with the meaning of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i64)]
pub(crate) enum Kind {
    /// Items by status.
    Status = 1,
    /// Items by the domain (term) that they have now.
    Domain = 2,
    /// Items by the label (term) that they came with.
    Label = 3,
    /// Items by source.
    Source = 4,
    /// Review items by standing.
    Review = 5,
    /// Waiting review items (in the queue) by priority.
    Priority = 6,
    /// Latest predictions by tenth of confidence.
    Confidence = 7,
    /// Items with a label and a prediction, by both terms.
    Agreement = 8,
    /// Not a count: the number that the next item gets.
    NextItem = 9,
}

/// A counter's name.
pub(crate) type Key = (Kind, i64, i64);

/// Changes to counters, collected in a transaction and written at its end.
#[derive(Debug, Default)]
pub(crate) struct Tally(HashMap<Key, i64>);

impl Tally {
    pub(crate) fn add(&mut self, key: Key, change: i64) {
        *self.0.entry(key).or_default() += change;
    }

    /// A counter as it stands within this transaction.
    pub(crate) fn current(&self, connection: &Connection, key: Key) -> Result<i64> {
        Ok(get(connection, key)? + self.0.get(&key).copied().unwrap_or_default())
    }

    /// Writes the changes. Counters at zero go, so that lists of them need no filter.
    pub(crate) fn write(self, connection: &Connection) -> Result<()> {
        let mut add = connection.prepare_cached(
            "INSERT INTO counts (kind, a, b, n) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, a, b) DO UPDATE SET n = n + excluded.n",
        )?;
        let mut remove =
            connection.prepare_cached("DELETE FROM counts WHERE kind = ?1 AND a = ?2 AND b = ?3 AND n = 0")?;
        let mut changes: Vec<(Key, i64)> = self.0.into_iter().filter(|(_, change)| *change != 0).collect();
        changes.sort_unstable();
        for ((kind, a, b), change) in changes {
            add.execute((kind as i64, a, b, change))?;
            if change < 0 {
                remove.execute((kind as i64, a, b))?;
            }
        }
        Ok(())
    }
}

/// A counter; 0 when it was never counted.
pub(crate) fn get(connection: &Connection, (kind, a, b): Key) -> Result<i64> {
    let mut query = connection.prepare_cached("SELECT n FROM counts WHERE kind = ?1 AND a = ?2 AND b = ?3")?;
    Ok(query.query_row((kind as i64, a, b), |row| row.get(0)).optional()?.unwrap_or_default())
}

/// All counters of a kind: key and count.
pub(crate) fn all(connection: &Connection, kind: Kind) -> Result<Vec<(i64, i64, i64)>> {
    let mut query = connection.prepare_cached("SELECT a, b, n FROM counts WHERE kind = ?1")?;
    let rows = query.query_map([kind as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The sum of a kind's counters.
pub(crate) fn sum(connection: &Connection, kind: Kind) -> Result<u64> {
    let mut query = connection.prepare_cached("SELECT COALESCE(SUM(n), 0) FROM counts WHERE kind = ?1")?;
    Ok(query.query_row([kind as i64], |row| row.get(0))?)
}

/// The most frequent terms of a kind that counts by term: text and count.
pub(crate) fn most_frequent(connection: &Connection, kind: Kind, limit: u32) -> Result<Vec<(String, u64)>> {
    let mut query = connection.prepare_cached(
        "SELECT terms.text, n FROM counts JOIN terms ON terms.id = a WHERE kind = ?1 ORDER BY n DESC, terms.text LIMIT ?2",
    )?;
    let rows = query.query_map((kind as i64, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
