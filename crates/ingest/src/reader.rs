//! A file's rows, mapped to the fields of items and cleaned, in batches.

use std::fs::File;
use std::path::Path;

use contract::source::{CleaningSettings, ColumnMapping, DropReason, FileSpec, ImportReport};
use contract::{CallError, ErrorCode};

use crate::clean::{CleanItem, Cleaned, Cleaner, text_hash};
use crate::columns;
use crate::encoding;
use crate::inspect::{self, Opened, cut};
use crate::limits::{EXCERPT, METADATA_CELL, METADATA_COLUMNS, SAMPLE_ROWS};
use crate::record::Record;

/// A row that cleaning drops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedItem {
    /// Row as a person counts.
    pub row: u64,
    /// Why.
    pub reason: DropReason,
    /// The beginning of the text.
    pub excerpt: String,
}

/// Rows of a file, cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanBatch {
    /// Rows to keep, in order.
    pub kept: Vec<CleanItem>,
    /// Rows to drop, in order.
    pub dropped: Vec<DroppedItem>,
    /// Rows of the file read so far, this batch included: the cursor to resume from.
    pub read: u64,
    /// How far that is into the file, in [`ImportReader::total`]'s unit.
    pub position: u64,
}

/// Reads a file for import.
pub struct ImportReader {
    opened: Opened,
    file: String,
    mapping: ColumnMapping,
    text: usize,
    label: Option<usize>,
    ts: Option<usize>,
    user: Option<usize>,
    /// Columns beside the mapped ones that are kept, each with its name as a JSON key.
    metadata: Vec<(usize, String)>,
    cleaning: CleaningSettings,
    cleaner: Cleaner,
    record: Record,
    read: u64,
}

impl ImportReader {
    /// Opens a file as the specification says; what it leaves out is detected.
    ///
    /// # Errors
    /// As [`crate::inspect`], and [`ErrorCode::ColumnMissing`], [`ErrorCode::TextColumnUnknown`].
    pub fn open(spec: &FileSpec) -> Result<Self, CallError> {
        let path = Path::new(&spec.path);
        let opened = inspect::open(path, &spec.read)?;
        let names = opened.source.columns().to_vec();
        let mapping = Self::mapping(path, spec, &names)?;
        let column = |name: &Option<String>| -> Result<Option<usize>, CallError> {
            let Some(name) = name else { return Ok(None) };
            let position = names.iter().position(|column| column == name);
            let missing = || {
                let error = CallError::new(ErrorCode::ColumnMissing).with("column", name);
                error.with("columns", names.join(", ")).in_file(&spec.path).in_column(name)
            };
            position.map(Some).ok_or_else(missing)
        };
        let unknown = || {
            let error = CallError::new(ErrorCode::TextColumnUnknown).with("columns", names.join(", "));
            error.in_file(&spec.path)
        };
        let text = column(&mapping.text)?.ok_or_else(unknown)?;
        let (label, ts, user) = (column(&mapping.label)?, column(&mapping.ts)?, column(&mapping.user)?);
        let used = [Some(text), label, ts, user];
        let metadata = (0..names.len())
            .filter(|column| !used.contains(&Some(*column)))
            .take(METADATA_COLUMNS)
            .map(|column| (column, json_text(&cut(&names[column], METADATA_CELL)) + ":"))
            .collect();
        Ok(Self {
            opened,
            file: spec.path.clone(),
            mapping,
            text,
            label,
            ts,
            user,
            metadata,
            cleaner: Cleaner::new(spec.cleaning.clone()),
            cleaning: spec.cleaning.clone(),
            record: Record::default(),
            read: 0,
        })
    }

    /// The person's mapping, completed by the guess from the first rows.
    fn mapping(path: &Path, spec: &FileSpec, names: &[String]) -> Result<ColumnMapping, CallError> {
        let mut mapping = spec.mapping.clone();
        if mapping.text.is_some() && (spec.exact_mapping || names.len() == 1) {
            return Ok(mapping);
        }
        let mut sample = inspect::open(path, &spec.read)?;
        let (mut rows, mut record, mut defects) = (Vec::new(), Record::default(), 0);
        while rows.len() + defects < SAMPLE_ROWS && sample.source.next(&mut record).unwrap_or(false) {
            if record.defect.is_none() {
                rows.push(record.cells().map(str::to_owned).collect::<Vec<_>>());
            } else {
                defects += 1;
            }
        }
        if rows.is_empty() && defects == 0 {
            return Err(CallError::new(ErrorCode::FileEmpty).in_file(&spec.path));
        }
        let (_, guess) = columns::examine(names, &rows);
        let taken = [mapping.text.clone(), mapping.label.clone(), mapping.ts.clone(), mapping.user.clone()];
        let free = |name: Option<String>| name.filter(|name| !taken.contains(&Some(name.clone())));
        // With one column of text there is nothing to choose.
        let only = (names.len() == 1).then(|| names[0].clone());
        mapping.text = mapping.text.or(free(guess.text)).or(only);
        if !spec.exact_mapping {
            let beside_text = |name: Option<String>| free(name).filter(|name| mapping.text.as_ref() != Some(name));
            mapping.label = mapping.label.clone().or(beside_text(guess.label));
            mapping.ts = mapping.ts.clone().or(beside_text(guess.ts));
            mapping.user = mapping.user.clone().or(beside_text(guess.user));
        }
        Ok(mapping)
    }

    /// What the file's end is, in the unit of [`CleanBatch::position`].
    pub fn total(&self) -> u64 {
        self.opened.source.total()
    }

    /// Fills in what was used to read the file.
    pub fn describe(&self, report: &mut ImportReport) {
        report.path.clone_from(&self.file);
        report.format = Some(self.opened.format);
        report.encoding = self.opened.encoding.map(encoding::name);
        report.delimiter = self.opened.delimiter.map(|byte| (byte as char).to_string());
        report.sheet.clone_from(&self.opened.sheet);
        report.mapping.clone_from(&self.mapping);
    }

    /// Passes over rows that an interrupted import has dealt with.
    ///
    /// # Errors
    /// I/O errors, and a file that can't be parsed any more.
    pub fn skip(&mut self, rows: u64) -> Result<(), CallError> {
        while self.read < rows && self.opened.source.next(&mut self.record)? {
            self.read += 1;
        }
        Ok(())
    }

    /// The next rows, at most `rows` of them; `None` at the end.
    ///
    /// # Errors
    /// The first row that can't be read, unless such rows are skipped; I/O errors.
    pub fn next_batch(&mut self, rows: usize) -> Result<Option<CleanBatch>, CallError> {
        let mut batch = CleanBatch::default();
        for _ in 0..rows {
            if !self.opened.source.next(&mut self.record)? {
                break;
            }
            self.read += 1;
            self.clean_row(&mut batch)?;
        }
        if self.read == 0 {
            return Err(CallError::new(ErrorCode::FileEmpty).in_file(&self.file));
        }
        batch.read = self.read;
        batch.position = self.opened.source.position();
        Ok((!batch.kept.is_empty() || !batch.dropped.is_empty()).then_some(batch))
    }

    fn clean_row(&mut self, batch: &mut CleanBatch) -> Result<(), CallError> {
        let record = &self.record;
        let mut drop = |reason, text: &str| {
            batch.dropped.push(DroppedItem { row: record.row, reason, excerpt: cut(text.trim(), EXCERPT) });
        };
        if self.cleaning.max_rows.is_some_and(|limit| self.read > limit) {
            drop(DropReason::OverLimit, record.get(self.text));
        } else if let Some(defect) = &record.defect {
            if !self.cleaning.skip_bad_rows {
                let error = record.error(&self.file, self.opened.source.columns());
                return Err(error.unwrap_or_else(|| defect.error(&self.file, record.row)));
            }
            drop(defect.reason(), record.get(self.text));
        } else {
            match self.cleaner.clean(record.get(self.text)) {
                Cleaned::Dropped(reason) => drop(reason, record.get(self.text)),
                Cleaned::Kept(text) => batch.kept.push(CleanItem {
                    row: record.row,
                    hash: text_hash(&text),
                    text: text.into_owned(),
                    label: filled(record, self.label),
                    ts: filled(record, self.ts),
                    user: filled(record, self.user),
                    metadata: self.metadata(record),
                }),
            }
        }
        Ok(())
    }

    /// The other columns' filled cells as a JSON object, cut to a sane size.
    fn metadata(&self, record: &Record) -> Option<String> {
        let mut object = String::new();
        for (column, key) in &self.metadata {
            let value = record.get(*column).trim();
            if !value.is_empty() {
                object.push(if object.is_empty() { '{' } else { ',' });
                object.push_str(key);
                if value.len() <= METADATA_CELL {
                    push_json_text(&mut object, value);
                } else {
                    push_json_text(&mut object, &cut(value, METADATA_CELL));
                }
            }
        }
        (!object.is_empty()).then(|| object + "}")
    }
}

/// Appends a text as a JSON string (RFC 8259, section 7).
fn push_json_text(json: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        json.push_str(&serde_json::Value::from(text).to_string());
    } else {
        json.push('"');
        json.push_str(text);
        json.push('"');
    }
}

fn json_text(text: &str) -> String {
    let mut json = String::new();
    push_json_text(&mut json, text);
    json
}

/// A cell with something in it, trimmed.
fn filled(record: &Record, column: Option<usize>) -> Option<String> {
    column.map(|column| record.get(column).trim()).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Blake3 of a file's bytes, hex.
///
/// # Errors
/// I/O errors.
pub fn content_hash(path: &Path) -> Result<String, CallError> {
    let mut hasher = blake3::Hasher::new();
    File::open(path)
        .and_then(|file| hasher.update_reader(file).map(|_| ()))
        .map_err(|error| CallError::from_io(&error, path.display(), false))?;
    Ok(hasher.finalize().to_hex().to_string())
}
