//! Importing: batches of rows go in together with the job's cursor.

use contract::source::ImportReport;
use contract::{JobId, SourceId, UnixMillis};
use rusqlite::Connection;

use crate::{JobProgress, NewDrop, Result, Store, TextHash, TextHashes};

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
/// resumed or discarded.
pub struct ImportWriter<'a> {
    store: &'a Store,
}

impl Store {
    /// Begins the import of a file; the source shows as importing from now on.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn begin_import(&self, source: &NewSource, now: UnixMillis) -> Result<ImportWriter<'_>> {
        unimplemented!("{source:?} {now}")
    }

    /// Goes on with an import where its last batch ended.
    ///
    /// # Errors
    /// [`crate::StoreError::SourceMissing`], also when it is complete.
    pub fn resume_import(&self, source: SourceId) -> Result<ImportWriter<'_>> {
        unimplemented!("{source}")
    }

    /// The imports of a job that aren't finished (at most one, unless something went wrong twice).
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn unfinished_imports(&self, job: JobId) -> Result<Vec<ImportSummary>> {
        unimplemented!("{job}")
    }
}

impl ImportWriter<'_> {
    /// The source that is written.
    pub fn source(&self) -> SourceId {
        unimplemented!("{}", self.store.folder().path().display())
    }

    /// The report so far: exact for all batches pushed, also those before a crash.
    pub fn report(&self) -> &ImportReport {
        unimplemented!()
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
        let _ = (items, drops, progress);
        unimplemented!()
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
        let _ = (details, progress, now);
        unimplemented!()
    }

    /// Removes all that the import wrote, in steps that let other writers in between. Stopped half-way, the import is still listed
    /// by [`Store::unfinished_imports`] and can be discarded again, but not resumed.
    ///
    /// # Errors
    /// As [`ImportWriter::push`].
    pub fn discard(self) -> Result<()> {
        unimplemented!()
    }
}

pub(crate) fn load_hashes(_connection: &Connection) -> Result<TextHashes> {
    unimplemented!()
}
