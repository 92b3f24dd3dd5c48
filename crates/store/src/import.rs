//! Importing: batches of rows go in together with the job's cursor.
//!
//! What makes it fast, measured on a million rows: texts that the project has are found in a set in memory (16 bytes each, loaded
//! once) instead of an index on disk; item numbers are given here, so that rows are appended; labels are small numbers; one
//! transaction holds a batch.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use contract::source::{DropReason, ImportReport};
use contract::{JobId, SourceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension};

use crate::code::Code;
use crate::count::{self, Kind};
use crate::import_batch::Batch;
use crate::source::Stage;
use crate::store::Durability;
use crate::{JobProgress, NewDrop, Result, Store, StoreError, TextHash, TextHashes, job, source};

/// An item to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// [`TextHash::of`] the text; computed by the caller, beside the parsing.
    pub hash: TextHash,
    /// Row as a person counts (see [`contract::Place::row`]).
    pub row: u64,
    /// The normalised text.
    pub text: String,
    /// Label it came with.
    pub label: Option<String>,
    /// Time as it stands in the file.
    pub ts: Option<String>,
    /// User.
    pub user: Option<String>,
    /// The other columns as a JSON object of strings, where they are kept.
    pub metadata: Option<String>,
}

/// A file whose import begins.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSource {
    /// File name without folders.
    pub name: String,
    /// The job that imports it.
    pub job: JobId,
    /// Keep texts that are equal after normalisation.
    pub keep_duplicates: bool,
    /// What is known of the report already: path, format, encoding, delimiter, sheet, mapping. Counts are ignored: the store
    /// counts itself.
    pub report: ImportReport,
}

/// An import that isn't finished.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportSummary {
    /// The source.
    pub source: SourceId,
    /// Its file name.
    pub name: String,
    /// Whether equal texts are kept.
    pub keep_duplicates: bool,
    /// Whether its removal had begun: it can be discarded, not resumed.
    pub discarding: bool,
    /// The report so far, exact as of the job's cursor.
    pub report: ImportReport,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// Items kept.
    pub kept: u64,
    /// Items that were there already; stored as dropped rows.
    pub duplicates: u64,
}

/// Writes one source. Between two batches other writers get their turn. Dropping it leaves the import unfinished, to be
/// resumed or discarded. One import at a time: two would not see each other's texts.
pub struct ImportWriter<'a> {
    store: &'a Store,
    source: SourceId,
    job: JobId,
    keep_duplicates: bool,
    report: ImportReport,
    /// Hashes of all texts of the project.
    hashes: TextHashes,
    terms: HashMap<String, i64>,
    /// Labels of this source.
    labels: HashSet<i64>,
}

impl Store {
    /// Begins the import of a file; the source shows as importing from now on.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn begin_import(&self, source: &NewSource, now: UnixMillis) -> Result<ImportWriter<'_>> {
        let given = source.report.clone();
        let report = with_details(ImportReport::default(), given);
        let stored = serde_json::to_string(&report)?;
        let id = self.write(Durability::Crash, |transaction| {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO sources (name, job, state, keep_duplicates, imported, report) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let stage = Code(Stage::Importing);
            insert.execute((&source.name, source.job.0, stage, source.keep_duplicates, now, stored))?;
            Ok(SourceId(transaction.last_insert_rowid()))
        })?;
        let keep_duplicates = source.keep_duplicates;
        self.import_writer(Begun { source: id, job: source.job, keep_duplicates, report, labels: HashSet::new() })
    }

    /// Goes on with an import where its last batch ended.
    ///
    /// # Errors
    /// [`crate::StoreError::SourceMissing`], also when it is complete or being removed.
    pub fn resume_import(&self, source: SourceId) -> Result<ImportWriter<'_>> {
        self.kept_hashes()?;
        let begun = self.read(|connection| begun(connection, source))?;
        self.import_writer(begun)
    }

    /// The imports of a job that aren't finished (at most one, unless something went wrong twice).
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn unfinished_imports(&self, job: JobId) -> Result<Vec<ImportSummary>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, name, keep_duplicates, state, report FROM sources WHERE job = ?1 AND state <> ?2 ORDER BY id",
            )?;
            let mut rows = query.query((job.0, Code(Stage::Ready)))?;
            let mut unfinished = Vec::new();
            while let Some(row) = rows.next()? {
                unfinished.push(ImportSummary {
                    source: SourceId(row.get(0)?),
                    name: row.get(1)?,
                    keep_duplicates: row.get(2)?,
                    discarding: row.get::<_, Code<Stage>>(3)?.0 == Stage::Removing,
                    report: serde_json::from_str(&row.get::<_, String>(4)?)?,
                });
            }
            Ok(unfinished)
        })
    }

    fn import_writer(&self, begun: Begun) -> Result<ImportWriter<'_>> {
        let kept = self.kept_hashes()?.lock().unwrap_or_else(PoisonError::into_inner).take();
        let hashes = match kept {
            Some(hashes) => hashes,
            None => self.read(load_hashes)?,
        };
        let Begun { source, job, keep_duplicates, report, labels } = begun;
        Ok(ImportWriter { store: self, source, job, keep_duplicates, report, hashes, terms: HashMap::new(), labels })
    }
}

/// What is known of an import that has begun.
struct Begun {
    source: SourceId,
    job: JobId,
    keep_duplicates: bool,
    report: ImportReport,
    labels: HashSet<i64>,
}

fn begun(connection: &Connection, source: SourceId) -> Result<Begun> {
    let mut query =
        connection.prepare_cached("SELECT job, keep_duplicates, report FROM sources WHERE id = ?1 AND state = ?2")?;
    let found: Option<(i64, bool, String)> = query
        .query_row((source.0, Code(Stage::Importing)), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (job, keep_duplicates, report) = found.ok_or(StoreError::SourceMissing(source))?;
    let (first, last) = source::item_range(connection, source)?;
    let mut query = connection.prepare_cached(
        "SELECT DISTINCT label FROM items WHERE id BETWEEN ?1 AND ?2 AND source = ?3 AND label IS NOT NULL",
    )?;
    let labels = query.query_map((first, last, source.0), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(Begun { source, job: JobId(job), keep_duplicates, report: serde_json::from_str(&report)?, labels })
}

/// The counts of one report with all else of another.
fn with_details(counts: ImportReport, details: ImportReport) -> ImportReport {
    let ImportReport { read, kept, dropped, with_label, labels, .. } = counts;
    ImportReport { read, kept, dropped, with_label, labels, ..details }
}

impl ImportWriter<'_> {
    /// The source that is written.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The report so far: exact for all batches pushed, also those before a crash.
    pub fn report(&self) -> &ImportReport {
        &self.report
    }

    /// Stores a batch in one transaction: its items without those whose text the project has (kept as dropped rows, reason
    /// duplicate), its dropped rows, the counts and the job's progress and cursor. 10 000 to 20 000 rows are a good size.
    /// `read` of the report grows by items and drops.
    ///
    /// `progress` sees the report as it will stand and gives what is stored of the job.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`] and whatever SQLite says; nothing of the batch is stored then.
    pub fn push(
        &mut self,
        items: Vec<NewItem>,
        drops: Vec<NewDrop>,
        progress: impl FnOnce(&ImportReport) -> JobProgress,
    ) -> Result<Pushed> {
        let mut fresh = Vec::with_capacity(items.len());
        let mut kept = Vec::with_capacity(items.len());
        let mut dropped: Vec<(u64, DropReason, &str)> =
            drops.iter().map(|drop| (drop.row, drop.reason, drop.excerpt.as_str())).collect();
        for item in &items {
            let is_new = self.hashes.insert(item.hash);
            if is_new {
                fresh.push(item.hash);
            }
            if is_new || self.keep_duplicates {
                kept.push(item);
            } else {
                dropped.push((item.row, DropReason::Duplicate, &item.text));
            }
        }
        dropped.sort_unstable_by_key(|(row, ..)| *row);
        let pushed = Pushed { kept: kept.len() as u64, duplicates: (items.len() - kept.len()) as u64 };
        let batch = Batch { source: self.source, job: self.job, kept: &kept, dropped: &dropped };
        let (store, terms, labels) = (self.store, &mut self.terms, &mut self.labels);
        let before = &self.report;
        let stored =
            store.write(Durability::Crash, |transaction| batch.store(transaction, before, terms, labels, progress));
        match stored {
            Ok(report) => self.report = report,
            Err(error) => {
                // Nothing was stored: what this batch taught is unlearnt.
                fresh.iter().for_each(|hash| {
                    self.hashes.remove(hash);
                });
                self.terms.clear();
                self.labels = store.read(|connection| begun(connection, self.source))?.labels;
                return Err(error);
            }
        }
        Ok(pushed)
    }

    /// Completes the source with what is known at the end (`details`: all of a report but its counts) and the job's progress.
    ///
    /// # Errors
    /// As [`ImportWriter::push`].
    pub fn finish(
        self,
        details: ImportReport,
        progress: impl FnOnce(&ImportReport) -> JobProgress,
        now: UnixMillis,
    ) -> Result<ImportReport> {
        let report = with_details(self.report.clone(), details);
        let stored = serde_json::to_string(&report)?;
        self.store.write(Durability::PowerCut, |transaction| {
            transaction
                .prepare_cached("UPDATE sources SET state = ?2, imported = ?3, report = ?4 WHERE id = ?1")?
                .execute((self.source.0, Code(Stage::Ready), now, stored))?;
            job::save(transaction, self.job, &progress(&report))
        })?;
        Ok(report)
    }

    /// Removes all that the import wrote, in steps that let other writers in between. Stopped half-way, the import is still listed
    /// by [`Store::unfinished_imports`] and can be discarded with [`Store::remove_source`], but not resumed.
    ///
    /// # Errors
    /// As [`ImportWriter::push`].
    pub fn discard(self) -> Result<()> {
        let (store, source) = (self.store, self.source);
        drop(self);
        store.remove_source(source)?;
        Ok(())
    }
}

impl Drop for ImportWriter<'_> {
    /// Leaves the hashes for the next import.
    fn drop(&mut self) {
        if let Ok(kept) = self.store.kept_hashes() {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(std::mem::take(&mut self.hashes));
        }
    }
}

/// The hashes of all texts of the project.
pub(crate) fn load_hashes(connection: &Connection) -> Result<TextHashes> {
    let items = count::sum(connection, Kind::Source)?;
    let mut hashes = TextHashes::with_capacity_and_hasher(usize::try_from(items).unwrap_or(0), Default::default());
    let mut query = connection.prepare_cached("SELECT hash FROM items")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        hashes.insert(row.get(0)?);
    }
    Ok(hashes)
}
