//! Sources: inspecting a file, cleaning it, importing it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{CallError, JobId, Page, SourceId, UnixMillis, call::call};

/// A file's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Excel 2007 and later.
    Xlsx,
    /// Excel before 2007.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// Separated values: comma, tab, semicolon, … (TSV too).
    Csv,
    /// One JSON document: array of objects, object of arrays, or (splits of) pairs `[text, label]`.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

/// How to read a file; what is `None` is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadOptions {
    /// Format.
    pub format: Option<Format>,
    /// Encoding label as in the WHATWG Encoding Standard (`utf-8`, `utf-16le`, `windows-1251`, `koi8-r`, `ibm866`),
    /// or `cp866`, `cp1251`, `utf-16`.
    pub encoding: Option<String>,
    /// Delimiter of separated values, one character (`\t` for a tab).
    pub delimiter: Option<String>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
}

/// Which column is what; `text` is needed to import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnMapping {
    /// The text to be labelled.
    pub text: Option<String>,
    /// The label it came with.
    pub label: Option<String>,
    /// Time.
    pub ts: Option<String>,
    /// User.
    pub user: Option<String>,
}

/// What a column seems to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Free text.
    Text,
    /// Few different values.
    Category,
    /// Numbers.
    Number,
    /// Dates or times.
    Time,
    /// Identifiers: all different, short.
    Identifier,
    /// Nothing in the rows looked at.
    Empty,
}

/// A column of the inspected file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// Name (made up as `column_3` where the file gives none).
    pub name: String,
    /// What it seems to hold.
    pub kind: ColumnKind,
    /// Share of filled cells among the rows looked at, 0 to 1.
    pub filled: f32,
    /// Different values among the rows looked at.
    pub distinct: u64,
}

/// What was found out about a file by reading its beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The file.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Format.
    pub format: Format,
    /// Encoding (canonical label), where the format has one to choose.
    pub encoding: Option<String>,
    /// Whether a byte order mark said so.
    pub bom: bool,
    /// Delimiter of separated values.
    pub delimiter: Option<String>,
    /// Whether the first row holds the columns' names.
    pub header: bool,
    /// All sheets of a workbook.
    pub sheets: Vec<String>,
    /// The sheet looked at.
    pub sheet: Option<String>,
    /// The columns.
    pub columns: Vec<ColumnInfo>,
    /// The guess of what is what.
    pub mapping: ColumnMapping,
    /// The first rows (at most 50), cells in column order, each cut to 500 characters.
    pub rows: Vec<Vec<String>>,
    /// An estimate of the number of rows from the size, or the exact number where the format tells.
    pub rows_estimate: Option<u64>,
    /// What looks wrong in the beginning of the file, though it can be read.
    pub warnings: Vec<CallError>,
}

/// Cleaning (ETL) settings; the defaults are the product's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct CleaningSettings {
    /// Shortest text kept, in characters after normalisation.
    pub min_length: u32,
    /// Longest text kept, in characters after normalisation.
    pub max_length: u32,
    /// Keep texts that are equal after normalisation.
    pub keep_duplicates: bool,
    /// Stop after this many rows of the file.
    pub max_rows: Option<u64>,
    /// Drop rows that can't be read (ragged, broken encoding, NUL, giant cell) under their reason instead of
    /// stopping at the first one.
    pub skip_bad_rows: bool,
    /// Unicode NFC normalisation.
    pub normalise_unicode: bool,
    /// Trim and join runs of white space into one blank.
    pub normalise_whitespace: bool,
}

impl Default for CleaningSettings {
    fn default() -> Self {
        Self {
            min_length: 3,
            max_length: 1000,
            keep_duplicates: false,
            max_rows: None,
            skip_bad_rows: false,
            normalise_unicode: true,
            normalise_whitespace: true,
        }
    }
}

/// Why a row was not kept. Each dropped row has exactly one reason: the first that holds, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// Another number of fields than the header.
    Ragged,
    /// Bytes that are not text in the file's encoding.
    BadEncoding,
    /// A NUL byte.
    NulByte,
    /// A cell over the size limit.
    CellTooLarge,
    /// No text, or white space only.
    Empty,
    /// Shorter than the minimum.
    TooShort,
    /// Longer than the maximum.
    TooLong,
    /// Equal, after normalisation, to an item that is there already.
    Duplicate,
    /// Beyond the row limit.
    OverLimit,
}

impl DropReason {
    /// Every reason, in order of precedence.
    pub const ALL: &'static [DropReason] = &[
        DropReason::Ragged,
        DropReason::BadEncoding,
        DropReason::NulByte,
        DropReason::CellTooLarge,
        DropReason::Empty,
        DropReason::TooShort,
        DropReason::TooLong,
        DropReason::Duplicate,
        DropReason::OverLimit,
    ];
}

/// What an import (or its trial) did with the rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportReport {
    /// The file.
    pub path: String,
    /// Rows read.
    pub read: u64,
    /// Items kept.
    pub kept: u64,
    /// Rows dropped, by reason.
    pub dropped: BTreeMap<DropReason, u64>,
    /// Kept items that came with a label.
    pub with_label: u64,
    /// Different labels among them.
    pub labels: u64,
    /// Whether the whole file was read (a trial may look at the beginning only).
    pub complete: bool,
    /// Format, encoding and delimiter that were used.
    pub format: Option<Format>,
    /// Encoding that was used.
    pub encoding: Option<String>,
    /// Delimiter that was used.
    pub delimiter: Option<String>,
    /// Sheet that was used.
    pub sheet: Option<String>,
    /// Which columns were used.
    pub mapping: ColumnMapping,
    /// Blake3 of the file's bytes, hex.
    pub content_hash: Option<String>,
}

/// One file to import and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileSpec {
    /// The file.
    pub path: String,
    /// How to read it.
    pub read: ReadOptions,
    /// Which column is what; what is `None` is detected (`text`) or guessed by name (the others).
    pub mapping: ColumnMapping,
    /// Don't guess `label`, `ts` and `user` where the mapping leaves them out.
    pub exact_mapping: bool,
    /// Cleaning.
    pub cleaning: CleaningSettings,
}

/// State of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Its import runs, waits or was interrupted.
    Importing,
    /// Complete.
    Ready,
}

/// A source of the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Number.
    pub id: SourceId,
    /// File name without folders.
    pub name: String,
    /// State.
    pub state: SourceState,
    /// When its import finished (or began, while it runs).
    pub imported: UnixMillis,
    /// What happened to its rows.
    pub report: ImportReport,
}

/// A dropped row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DroppedRow {
    /// Key for paging.
    pub key: i64,
    /// File.
    pub file: String,
    /// Row as a person counts (see [`crate::Place::row`]).
    pub row: u64,
    /// Why.
    pub reason: DropReason,
    /// The beginning of the text (at most 200 characters).
    pub excerpt: String,
}

/// Looks at the beginning of a file. Needs no project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InspectFile {
    /// The file.
    pub path: String,
    /// What the person already corrected.
    #[serde(default)]
    pub read: ReadOptions,
}

/// Tries the cleaning on the first `rows` rows (all when `None`) without keeping anything; counts duplicates of what
/// the project has, too.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TryCleaning {
    /// The project's folder.
    pub project: String,
    /// The file.
    pub file: FileSpec,
    /// How many rows to try.
    pub rows: Option<u64>,
}

/// Starts the import of files, one after another in one job. The job fails at the first file that can't be imported;
/// that file leaves nothing behind, those before it stay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartImport {
    /// The project's folder.
    pub project: String,
    /// The files.
    pub files: Vec<FileSpec>,
}

/// All sources, latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListSources {
    /// The project's folder.
    pub project: String,
}

/// Dropped rows of a source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListDropped {
    /// The project's folder.
    pub project: String,
    /// The source.
    pub source: SourceId,
    /// Only this reason.
    pub reason: Option<DropReason>,
    /// Paging key.
    pub after: Option<i64>,
    /// Page size.
    pub limit: u32,
}

/// Writes the dropped rows of a source as CSV (`file,row,reason,text`), or of all sources when `None`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportDropped {
    /// The project's folder.
    pub project: String,
    /// The source.
    pub source: Option<SourceId>,
    /// The file to write; a file in `exports/` when `None`.
    pub to: Option<String>,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrittenFile {
    /// Where.
    pub path: String,
    /// Rows in it.
    pub rows: u64,
}

/// Removes a source with the items that nobody has decided on and no dataset holds; answers how many were removed
/// and how many stayed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemoveSource {
    /// The project's folder.
    pub project: String,
    /// The source.
    pub source: SourceId,
}

/// What [`RemoveSource`] did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemovedSource {
    /// Items removed.
    pub removed: u64,
    /// Items that stayed because a person has decided on them.
    pub stayed: u64,
}

call! {
    InspectFile => Inspection, "inspect_file";
    TryCleaning => ImportReport, "try_cleaning";
    StartImport => JobId, "start_import";
    ListSources => Vec<Source>, "list_sources";
    ListDropped => Page<DroppedRow>, "list_dropped";
    ExportDropped => WrittenFile, "export_dropped";
    RemoveSource => RemovedSource, "remove_source";
}
