//! One row of a table as a source gives it.

use contract::source::DropReason;
use contract::{CallError, ErrorCode};

use crate::limits::MAX_CELL;

/// What makes a row unusable as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Another number of fields than the header has.
    Ragged { expected: usize, found: usize },
    /// A quote that is opened here and never closed.
    QuoteUnclosed,
    /// Bytes that are no text in the file's encoding.
    BadEncoding { encoding: String },
    /// A NUL byte.
    NulByte,
    /// A cell, or the whole record, is too large.
    TooLarge { size: usize },
    /// A line that is not the JSON it should be.
    BadJson { detail: String },
}

impl Defect {
    /// The reason under which such a row is counted when bad rows are skipped.
    pub fn reason(&self) -> DropReason {
        match self {
            Defect::Ragged { .. } | Defect::QuoteUnclosed | Defect::BadJson { .. } => DropReason::Ragged,
            Defect::BadEncoding { .. } => DropReason::BadEncoding,
            Defect::NulByte => DropReason::NulByte,
            Defect::TooLarge { .. } => DropReason::CellTooLarge,
        }
    }

    /// The error when bad rows are not skipped.
    pub fn error(&self, file: &str, row: u64) -> CallError {
        let error = match self {
            Defect::Ragged { expected, found } => {
                CallError::new(ErrorCode::RowRagged).with("expected", expected).with("found", found)
            }
            Defect::BadEncoding { encoding } => CallError::new(ErrorCode::EncodingInvalid).with("encoding", encoding),
            Defect::QuoteUnclosed => CallError::new(ErrorCode::QuoteUnclosed),
            Defect::NulByte => CallError::new(ErrorCode::NulByte),
            Defect::TooLarge { size } => {
                CallError::new(ErrorCode::CellTooLarge).with("size", size).with("limit", MAX_CELL)
            }
            Defect::BadJson { detail } => CallError::new(ErrorCode::JsonMalformed).with("detail", detail),
        };
        error.in_file(file).at_row(row)
    }
}

/// A row: its cells one after another in one buffer, which is used again for the next row.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Row as a person counts (see [`contract::Place::row`]).
    pub row: u64,
    /// What is wrong with it; the cells may be incomplete then.
    pub defect: Option<Defect>,
    defect_column: Option<usize>,
    text: String,
    ends: Vec<usize>,
}

impl Record {
    /// Empties it for the next row.
    pub fn clear(&mut self, row: u64) {
        self.row = row;
        self.defect = None;
        self.defect_column = None;
        self.text.clear();
        self.ends.clear();
    }

    /// Appends a cell; one that is too large or holds a NUL makes the row defective.
    pub fn push(&mut self, cell: &str) {
        if cell.len() > MAX_CELL {
            self.push_defect(Defect::TooLarge { size: cell.len() });
        } else {
            if cell.as_bytes().contains(&0) {
                self.mark(Defect::NulByte, self.ends.len());
            }
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
    }

    /// Appends a cell that can't be taken.
    pub fn push_defect(&mut self, defect: Defect) {
        self.mark(defect, self.ends.len());
        self.ends.push(self.text.len());
    }

    /// Takes all cells of a row at once: their texts one after another, and where each ends.
    pub fn fill(&mut self, text: &str, ends: &[usize]) {
        if text.len() > MAX_CELL || text.as_bytes().contains(&0) {
            let mut start = 0;
            for &end in ends {
                self.push(text.get(start..end).unwrap_or_default());
                start = end;
            }
        } else if ends.iter().all(|&end| text.is_char_boundary(end)) {
            self.text.push_str(text);
            self.ends.extend_from_slice(ends);
        }
    }

    /// The first defect counts, and the column it is in.
    fn mark(&mut self, defect: Defect, column: usize) {
        if self.defect.is_none() {
            self.defect = Some(defect);
            self.defect_column = Some(column);
        }
    }

    /// The error that the row's defect is when bad rows are not skipped.
    pub fn error(&self, file: &str, columns: &[String]) -> Option<CallError> {
        let error = self.defect.as_ref()?.error(file, self.row);
        let column = self.defect_column.and_then(|column| columns.get(column));
        Some(match column {
            Some(column) => error.in_column(column),
            None => error,
        })
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; empty where the row has none.
    pub fn get(&self, column: usize) -> &str {
        let Some(&end) = self.ends.get(column) else { return "" };
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.text[start..end]
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.get(column))
    }

    /// Cuts superfluous empty cells at the end, or marks the row as ragged.
    pub fn fit(&mut self, expected: usize) {
        while self.len() > expected && self.get(self.len() - 1).is_empty() {
            self.ends.pop();
        }
        if self.len() != expected {
            self.defect.get_or_insert(Defect::Ragged { expected, found: self.ends.len() });
        }
    }
}

/// A table read from its beginning to its end.
pub trait RowSource: Send {
    /// The columns' names.
    fn columns(&self) -> &[String];
    /// Reads the next row into `record`; `false` at the end.
    fn next(&mut self, record: &mut Record) -> Result<bool, CallError>;
    /// Bytes of the file read so far, or rows where the format has no order of bytes.
    fn position(&self) -> u64;
    /// What [`RowSource::position`] ends at.
    fn total(&self) -> u64;
    /// Exact number of rows, where the format tells.
    fn rows(&self) -> Option<u64> {
        None
    }
}

/// Gives every column a name of its own: empty ones by position, repeated ones by number.
pub fn unique_names(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for (position, name) in names.into_iter().enumerate() {
        let name = name.trim();
        let base = if name.is_empty() { format!("column_{}", position + 1) } else { name.to_owned() };
        let mut name = base.clone();
        let mut number = 2;
        while unique.contains(&name) {
            name = format!("{base}_{number}");
            number += 1;
        }
        unique.push(name);
    }
    unique
}
