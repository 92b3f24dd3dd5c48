//! The table of items.

use std::collections::BTreeMap;

use contract::item::{ItemDetail, ItemFilter, ItemRow, ItemStatus};
use contract::{ItemId, Page, SourceId};
use rusqlite::{OptionalExtension, Row, params_from_iter};

use crate::code::Code;
use crate::filter::Selection;
use crate::{Result, Store, StoreError, decision, prediction};

/// Rows a page at most.
pub(crate) const MOST_ROWS: u32 = 1_000;

impl Store {
    /// Items that match a filter, by number, at most `limit` (itself at most 1000). `total` is given where the counters know it.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn items(&self, filter: &ItemFilter, after: Option<i64>, limit: u32) -> Result<Page<ItemRow>> {
        let limit = limit.clamp(1, MOST_ROWS);
        self.read(|connection| {
            let selection = Selection::of(connection, filter)?;
            let total = selection.total;
            if total == Some(0) {
                return Ok(Page { rows: Vec::new(), next: None, total });
            }
            let selection = selection.after(after);
            let sql = format!(
                "SELECT i.id, substr(i.text, 1, 300), (SELECT text FROM terms WHERE id = i.label),
                        (SELECT text FROM terms WHERE id = s.domain), s.confidence, s.status
                 {} ORDER BY {} LIMIT {}",
                selection.tail(),
                selection.key,
                limit + 1
            );
            let mut query = connection.prepare_cached(&sql)?;
            let rows = query.query_map(params_from_iter(&selection.values), item_row)?;
            let mut rows: Vec<ItemRow> = rows.collect::<rusqlite::Result<_>>()?;
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = rows.last().filter(|_| more).map(|row| row.id.0);
            Ok(Page { rows, next, total })
        })
    }

    /// How many items match a filter: at once for no condition or one that is counted, else by looking at them.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn count_items(&self, filter: &ItemFilter) -> Result<u64> {
        self.read(|connection| {
            let selection = Selection::of(connection, filter)?;
            if let Some(total) = selection.total {
                return Ok(total);
            }
            let sql = format!("SELECT COUNT(*) {}", selection.tail());
            let mut query = connection.prepare_cached(&sql)?;
            Ok(query.query_row(params_from_iter(&selection.values), |row| row.get(0))?)
        })
    }

    /// One item with its history.
    ///
    /// # Errors
    /// [`crate::StoreError::ItemMissing`].
    pub fn item(&self, item: ItemId) -> Result<ItemDetail> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT i.text, i.ts, i.user, i.source, sources.name, i.row, i.metadata,
                        (SELECT text FROM terms WHERE id = i.label), (SELECT text FROM terms WHERE id = s.domain), s.status,
                        r.reason
                 FROM items i JOIN sources ON sources.id = i.source LEFT JOIN states s ON s.item = i.id
                 LEFT JOIN review r ON r.item = i.id WHERE i.id = ?1",
            )?;
            let found = query.query_row([item.0], |row| detail(item, row)).optional()?;
            let (mut detail, metadata) = found.ok_or(StoreError::ItemMissing(item))?;
            if let Some(metadata) = metadata {
                detail.metadata = serde_json::from_str(&metadata)?;
            }
            detail.predictions = prediction::history(connection, item)?;
            detail.decisions = decision::history(connection, item)?;
            Ok(detail)
        })
    }
}

fn item_row(row: &Row<'_>) -> rusqlite::Result<ItemRow> {
    Ok(ItemRow {
        id: ItemId(row.get(0)?),
        excerpt: row.get(1)?,
        label: row.get(2)?,
        domain: row.get(3)?,
        confidence: row.get(4)?,
        status: row.get::<_, Option<Code<_>>>(5)?.map_or(ItemStatus::New, |status| status.0),
    })
}

/// The item without its histories, and its metadata as stored.
fn detail(item: ItemId, row: &Row<'_>) -> rusqlite::Result<(ItemDetail, Option<String>)> {
    let detail = ItemDetail {
        id: item,
        text: row.get(0)?,
        ts: row.get(1)?,
        user: row.get(2)?,
        source: SourceId(row.get(3)?),
        source_name: row.get(4)?,
        row: row.get(5)?,
        metadata: BTreeMap::new(),
        label: row.get(7)?,
        domain: row.get(8)?,
        status: row.get::<_, Option<Code<_>>>(9)?.map_or(ItemStatus::New, |status| status.0),
        review_reason: row.get::<_, Option<Code<_>>>(10)?.map(|reason| reason.0),
        predictions: Vec::new(),
        decisions: Vec::new(),
    };
    Ok((detail, row.get(6)?))
}
