//! One transaction of an import.

use std::collections::{HashMap, HashSet};

use contract::item::ItemStatus;
use contract::source::{DropReason, ImportReport};
use contract::{JobId, SourceId};
use rusqlite::Connection;

use crate::code::{Code, Coded};
use crate::count::{self, Kind, Tally};
use crate::dropped::{EXCERPT, beginning};
use crate::{JobProgress, NewItem, Result, job, term};

/// What one transaction stores.
pub(crate) struct Batch<'a> {
    pub(crate) source: SourceId,
    pub(crate) job: JobId,
    pub(crate) kept: &'a [&'a NewItem],
    pub(crate) dropped: &'a [(u64, DropReason, &'a str)],
}

impl Batch<'_> {
    /// Stores the batch and answers the report as it stands then.
    pub(crate) fn store(
        &self,
        connection: &Connection,
        before: &ImportReport,
        terms: &mut HashMap<String, i64>,
        labels: &mut HashSet<i64>,
        progress: impl FnOnce(&ImportReport) -> JobProgress,
    ) -> Result<ImportReport> {
        let mut tally = Tally::default();
        let items = self.store_items(connection, terms, labels, &mut tally)?;
        let drops = self.store_dropped(connection)?;
        let kept = self.kept.len() as u64;
        let mut report = before.clone();
        report.read += kept + self.dropped.len() as u64;
        report.kept += kept;
        report.with_label += self.kept.iter().filter(|item| item.label.is_some()).count() as u64;
        report.labels = labels.len() as u64;
        for (_, reason, _) in self.dropped {
            *report.dropped.entry(*reason).or_default() += 1;
        }
        connection
            .prepare_cached(
                "UPDATE sources SET report = ?2, first_item = COALESCE(first_item, ?3), last_item = COALESCE(?4, last_item),
                 first_drop = COALESCE(first_drop, ?5), last_drop = COALESCE(?6, last_drop) WHERE id = ?1",
            )?
            .execute((
                self.source.0,
                serde_json::to_string(&report)?,
                items.map(|items| items.0),
                items.map(|items| items.1),
                drops.map(|drops| drops.0),
                drops.map(|drops| drops.1),
            ))?;
        tally.write(connection)?;
        job::save(connection, self.job, &progress(&report))?;
        Ok(report)
    }

    /// Answers the first and the last number given.
    fn store_items(
        &self,
        connection: &Connection,
        terms: &mut HashMap<String, i64>,
        labels: &mut HashSet<i64>,
        tally: &mut Tally,
    ) -> Result<Option<(i64, i64)>> {
        let count = self.kept.len() as i64;
        if count == 0 {
            return Ok(None);
        }
        let next = (Kind::NextItem, 0, 0);
        let first = count::get(connection, next)? + 1;
        let mut insert = connection.prepare_cached(
            "INSERT INTO items (id, hash, source, row, label, text, ts, user, metadata)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for (id, item) in (first..).zip(self.kept) {
            let label = item.label.as_deref().map(|label| interned(connection, terms, label)).transpose()?;
            if let Some(label) = label {
                labels.insert(label);
                tally.add((Kind::Label, label, 0), 1);
            }
            insert.execute((
                id,
                item.hash,
                self.source.0,
                item.row,
                label,
                &item.text,
                &item.ts,
                &item.user,
                &item.metadata,
            ))?;
        }
        tally.add(next, count);
        tally.add((Kind::Source, self.source.0, 0), count);
        tally.add((Kind::Status, ItemStatus::New.code(), 0), count);
        Ok(Some((first, first + count - 1)))
    }

    fn store_dropped(&self, connection: &Connection) -> Result<Option<(i64, i64)>> {
        let mut insert =
            connection.prepare_cached("INSERT INTO dropped (source, row, reason, excerpt) VALUES (?1, ?2, ?3, ?4)")?;
        let mut first = None;
        for (row, reason, text) in self.dropped {
            insert.execute((self.source.0, *row, Code(*reason), beginning(text, EXCERPT)))?;
            first.get_or_insert(connection.last_insert_rowid());
        }
        Ok(first.map(|first| (first, connection.last_insert_rowid())))
    }
}

fn interned(connection: &Connection, terms: &mut HashMap<String, i64>, label: &str) -> Result<i64> {
    if let Some(id) = terms.get(label) {
        return Ok(*id);
    }
    let id = term::intern(connection, label)?;
    terms.insert(label.to_owned(), id);
    Ok(id)
}
