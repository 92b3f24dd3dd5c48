//! Exports for people: what was reviewed, what was dropped. Streamed into a file that appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use contract::review::Action;
use contract::source::{DropReason, WrittenFile};
use contract::{CallError, SourceId};
use serde::Serialize;
use store::{ReviewedItem, Store, StoreError};

/// A line of the export of what was reviewed.
#[derive(Serialize)]
struct ReviewedLine<'a> {
    item: i64,
    text: &'a str,
    label: Option<&'a str>,
    predicted: Option<&'a str>,
    confidence: Option<f32>,
    decided: Option<&'a str>,
    action: &'static str,
    reviewer: &'a str,
    time: i64,
}

/// A line of the export of dropped rows.
#[derive(Serialize)]
struct DroppedLine<'a> {
    file: &'a str,
    row: u64,
    reason: DropReason,
    text: &'a str,
}

/// Writes every item with a decision that holds: CSV if the file's extension says so, else JSONL. Times are milliseconds
/// since 1970 UTC.
///
/// # Errors
/// What store and disk say; the file is then as it was.
pub fn export_reviewed(store: &Store, to: &Path) -> Result<WrittenFile, CallError> {
    export(to, |lines| {
        store.each_reviewed(|reviewed: ReviewedItem| {
            lines.push(&ReviewedLine {
                item: reviewed.item.0,
                text: &reviewed.text,
                label: reviewed.label.as_deref(),
                predicted: reviewed.predicted.as_deref(),
                confidence: reviewed.confidence,
                decided: reviewed.decided.as_deref(),
                action: action_name(&reviewed.action),
                reviewer: &reviewed.reviewer,
                time: reviewed.at,
            })
        })
    })
}

/// Writes the dropped rows of a source, or of all: JSONL if the file's extension says so, else CSV.
///
/// # Errors
/// What store and disk say; the file is then as it was.
pub fn export_dropped(store: &Store, source: Option<SourceId>, to: &Path) -> Result<WrittenFile, CallError> {
    if let Some(source) = source {
        store.source(source)?;
    }
    export(to, |lines| {
        store.each_dropped(source, |dropped| {
            let (file, text) = (dropped.file.as_str(), dropped.excerpt.as_str());
            lines.push(&DroppedLine { file, row: dropped.row, reason: dropped.reason, text })
        })
    })
}

fn action_name(action: &Action) -> &'static str {
    match action {
        Action::Approve => "approve",
        Action::Correct { .. } => "correct",
        Action::Skip => "skip",
        Action::Reject => "reject",
    }
}

/// What can go wrong on the way.
enum ExportError {
    Store(StoreError),
    Io(io::Error),
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The open file in its format.
enum Lines {
    Csv(Box<csv::Writer<File>>),
    Jsonl(BufWriter<File>),
}

struct Export {
    lines: Lines,
    rows: u64,
}

impl Export {
    fn push(&mut self, line: &impl Serialize) -> Result<(), ExportError> {
        self.rows += 1;
        match &mut self.lines {
            Lines::Csv(writer) => writer.serialize(line).map_err(io::Error::from)?,
            Lines::Jsonl(writer) => {
                serde_json::to_writer(&mut *writer, line).map_err(io::Error::from)?;
                writer.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn finish(self) -> io::Result<u64> {
        let file = match self.lines {
            Lines::Csv(writer) => writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?,
            Lines::Jsonl(writer) => writer.into_inner().map_err(io::IntoInnerError::into_error)?,
        };
        file.sync_all()?;
        Ok(self.rows)
    }
}

fn export(to: &Path, fill: impl FnOnce(&mut Export) -> Result<(), ExportError>) -> Result<WrittenFile, CallError> {
    let failed = |error: &io::Error| CallError::from_io(error, to.display(), true);
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    if to.is_dir() || name.is_empty() {
        return Err(failed(&io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let part = to.with_file_name(format!(".{name}.part"));
    let is_jsonl = to
        .extension()
        .is_some_and(|extension| ["jsonl", "json", "ndjson"].iter().any(|name| extension.eq_ignore_ascii_case(name)));
    let outcome = (|| -> Result<u64, ExportError> {
        if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder)?;
        }
        let file = File::create(&part)?;
        let lines = if is_jsonl {
            Lines::Jsonl(BufWriter::new(file))
        } else {
            Lines::Csv(Box::new(csv::Writer::from_writer(file)))
        };
        let mut export = Export { lines, rows: 0 };
        fill(&mut export)?;
        let rows = export.finish()?;
        fs::rename(&part, to)?;
        Ok(rows)
    })();
    outcome.map(|rows| WrittenFile { path: to.display().to_string(), rows }).map_err(|error| {
        // The first error is the one worth telling.
        let _ = fs::remove_file(&part);
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Io(error) => failed(&error),
        }
    })
}
