//! The table of sources.

use contract::source::{RemovedSource, Source, SourceState};
use contract::{ItemId, SourceId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::code::{Code, Coded, codes};
use crate::count::{Kind, Tally};
use crate::state::State;
use crate::store::Durability;
use crate::{Result, Store, StoreError};

/// Items or dropped rows removed in one transaction.
const STEP: u32 = 4_000;

/// State of a source in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Importing,
    Ready,
    /// Its removal has begun.
    Removing,
}

codes! {
    Stage { Importing = 0, Ready = 1, Removing = 2, }
}

const COLUMNS: &str = "SELECT id, name, state, imported, report FROM sources";

impl Store {
    /// All sources, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn sources(&self) -> Result<Vec<Source>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(&format!("{COLUMNS} ORDER BY id DESC"))?;
            let rows: Vec<_> = query.query_map([], stored)?.collect::<rusqlite::Result<_>>()?;
            rows.into_iter().map(source).collect()
        })
    }

    /// One source.
    ///
    /// # Errors
    /// [`crate::StoreError::SourceMissing`].
    pub fn source(&self, id: SourceId) -> Result<Source> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
            query.query_row([id.0], stored).optional()?.map(source).unwrap_or(Err(StoreError::SourceMissing(id)))
        })
    }

    /// Removes a source with its dropped rows and the items that nobody has decided on and no dataset holds, in steps that let
    /// other writers in between; stopped half-way, calling it again goes on. While items stay, so does the source.
    ///
    /// # Errors
    /// [`crate::StoreError::SourceMissing`], [`crate::StoreError::ReadOnly`].
    pub fn remove_source(&self, source: SourceId) -> Result<RemovedSource> {
        let kept_hashes = self.kept_hashes()?;
        let (items, drops) = self.write(Durability::Crash, |transaction| {
            set_stage(transaction, source, Stage::Removing)?;
            Ok((item_range(transaction, source)?, drop_range(transaction, source)?))
        })?;
        let mut answer = RemovedSource { removed: 0, stayed: 0 };
        let mut after = items.0 - 1;
        while after < items.1 {
            let step =
                self.write(Durability::Crash, |transaction| remove_items(transaction, source, after, items.1))?;
            // The texts that went are new again for the next import.
            *kept_hashes.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
            answer.removed += step.removed;
            answer.stayed += step.stayed;
            after = step.last.unwrap_or(items.1);
        }
        let mut from = drops.0;
        while from <= drops.1 {
            let to = (from + i64::from(STEP) * 4).min(drops.1);
            self.write(Durability::Crash, |transaction| {
                let mut remove =
                    transaction.prepare_cached("DELETE FROM dropped WHERE id BETWEEN ?1 AND ?2 AND source = ?3")?;
                Ok(remove.execute((from, to, source.0))?)
            })?;
            from = to + 1;
        }
        self.write(Durability::Crash, |transaction| {
            if answer.stayed > 0 {
                return set_stage(transaction, source, Stage::Ready);
            }
            transaction.execute("DELETE FROM sources WHERE id = ?1", [source.0])?;
            Ok(())
        })?;
        Ok(answer)
    }
}

type Stored = (i64, String, Stage, i64, String);

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok((row.get(0)?, row.get(1)?, row.get::<_, Code<Stage>>(2)?.0, row.get(3)?, row.get(4)?))
}

fn source((id, name, stage, imported, report): Stored) -> Result<Source> {
    let state = match stage {
        Stage::Ready => SourceState::Ready,
        Stage::Importing | Stage::Removing => SourceState::Importing,
    };
    Ok(Source { id: SourceId(id), name, state, imported, report: serde_json::from_str(&report)? })
}

fn set_stage(connection: &Connection, source: SourceId, stage: Stage) -> Result<()> {
    let mut set = connection.prepare_cached("UPDATE sources SET state = ?2 WHERE id = ?1")?;
    match set.execute((source.0, Code(stage)))? {
        0 => Err(StoreError::SourceMissing(source)),
        _ => Ok(()),
    }
}

/// Between which numbers the source's items are; others may be among them. Empty (1, 0) when it has none.
pub(crate) fn item_range(connection: &Connection, source: SourceId) -> Result<(i64, i64)> {
    range(connection, source, "SELECT first_item, last_item FROM sources WHERE id = ?1")
}

/// The same for its dropped rows.
pub(crate) fn drop_range(connection: &Connection, source: SourceId) -> Result<(i64, i64)> {
    range(connection, source, "SELECT first_drop, last_drop FROM sources WHERE id = ?1")
}

fn range(connection: &Connection, source: SourceId, sql: &str) -> Result<(i64, i64)> {
    let mut query = connection.prepare_cached(sql)?;
    let bounds: Option<(Option<i64>, Option<i64>)> =
        query.query_row([source.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(match bounds {
        Some((Some(first), Some(last))) => (first, last),
        _ => (1, 0),
    })
}

struct Removed {
    removed: u64,
    stayed: u64,
    /// The last item looked at; `None` when there was none left.
    last: Option<i64>,
}

/// Removes the next items of a source that nobody has decided on and no dataset holds.
fn remove_items(connection: &Connection, source: SourceId, after: i64, last: i64) -> Result<Removed> {
    let mut query = connection.prepare_cached(
        "SELECT id, EXISTS (SELECT 1 FROM decisions WHERE item = items.id)
                 OR EXISTS (SELECT 1 FROM dataset_items WHERE item = items.id)
         FROM items WHERE id > ?1 AND id <= ?2 AND source = ?3 ORDER BY id LIMIT ?4",
    )?;
    let rows: Vec<(i64, bool)> = query
        .query_map((after, last, source.0, STEP), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut tally = Tally::default();
    let mut answer = Removed { removed: 0, stayed: 0, last: rows.last().map(|(item, _)| *item) };
    for (item, stays) in rows {
        if stays {
            answer.stayed += 1;
            continue;
        }
        let state = State::load(connection, ItemId(item))?;
        state.uncount(&mut tally);
        if let Some(label) = state.label {
            tally.add((Kind::Label, label, 0), -1);
        }
        tally.add((Kind::Source, source.0, 0), -1);
        for sql in [
            "DELETE FROM review WHERE item = ?1",
            "DELETE FROM states WHERE item = ?1",
            "DELETE FROM predictions WHERE item = ?1",
            "DELETE FROM vectors WHERE item = ?1",
            "DELETE FROM asked WHERE item = ?1",
            "DELETE FROM items WHERE id = ?1",
        ] {
            connection.prepare_cached(sql)?.execute([item])?;
        }
        answer.removed += 1;
    }
    crate::queue::move_up(connection, &mut tally)?;
    tally.write(connection)?;
    Ok(answer)
}
