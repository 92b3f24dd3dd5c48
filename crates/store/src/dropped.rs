//! The table of rows that an import dropped.

use contract::source::{DropReason, DroppedRow};
use contract::{Page, SourceId};
use rusqlite::{Connection, Row};

use crate::code::{Code, Coded};
use crate::{Result, Store, source};

/// Characters kept of a dropped row's text.
pub(crate) const EXCERPT: usize = 200;
/// Rows a page at most.
const MOST_ROWS: u32 = 1_000;

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

/// The first `count` characters of a text.
pub(crate) fn beginning(text: &str, count: usize) -> &str {
    // A text of no more bytes than that has no more characters either.
    if text.len() <= count {
        return text;
    }
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
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
        self.read(|connection| page(connection, source, reason, after, limit.clamp(1, MOST_ROWS)))
    }

    /// Dropped rows of one source or of all, source by source; `visit` ends the walk with an error of its own.
    ///
    /// # Errors
    /// What `visit` answers, or whatever SQLite says.
    pub fn each_dropped<E: From<crate::StoreError>>(
        &self,
        source: Option<SourceId>,
        mut visit: impl FnMut(DroppedRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let sources = match source {
            Some(source) => vec![source],
            None => self.sources()?.into_iter().rev().map(|source| source.id).collect(),
        };
        for source in sources {
            let mut after = None;
            loop {
                // Page by page: a reader that stays open would keep the log from shrinking.
                let page = self.dropped(source, None, after, MOST_ROWS)?;
                page.rows.into_iter().try_for_each(&mut visit)?;
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
        }
        Ok(())
    }
}

fn page(
    connection: &Connection,
    source: SourceId,
    reason: Option<DropReason>,
    after: Option<i64>,
    limit: u32,
) -> Result<Page<DroppedRow>> {
    let (first, last) = source::drop_range(connection, source)?;
    let mut query = connection.prepare_cached(
        "SELECT dropped.id, sources.name, row, reason, excerpt FROM dropped JOIN sources ON sources.id = dropped.source
         WHERE dropped.id BETWEEN ?1 AND ?2 AND source = ?3 AND (?4 IS NULL OR reason = ?4) ORDER BY dropped.id LIMIT ?5",
    )?;
    let from = after.map_or(first, |after| first.max(after.saturating_add(1)));
    let rows = query.query_map((from, last, source.0, reason.map(Coded::code), limit + 1), dropped_row)?;
    let mut rows: Vec<DroppedRow> = rows.collect::<rusqlite::Result<_>>()?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.key);
    Ok(Page { rows, next, total: None })
}

fn dropped_row(row: &Row<'_>) -> rusqlite::Result<DroppedRow> {
    Ok(DroppedRow {
        key: row.get(0)?,
        file: row.get(1)?,
        row: row.get(2)?,
        reason: row.get::<_, Code<_>>(3)?.0,
        excerpt: row.get(4)?,
    })
}
