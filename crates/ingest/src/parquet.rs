//! Parquet as a stream of rows, one row group's pages at a time.

use std::fs::File;
use std::path::Path;

use contract::{CallError, ErrorCode};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;

use crate::limits::MAX_COLUMNS;
use crate::record::{Record, RowSource, unique_names};

/// Reads a Parquet file.
pub struct ParquetSource {
    path: String,
    rows: RowIter<'static>,
    columns: Vec<String>,
    row: u64,
    total: u64,
}

impl ParquetSource {
    /// Opens a file and reads its footer.
    pub fn open(path: &Path) -> Result<Self, CallError> {
        let damaged = |detail: String| damaged(&path.display().to_string(), &detail);
        let file = File::open(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
        let reader = SerializedFileReader::new(file).map_err(|error| damaged(error.to_string()))?;
        let metadata = reader.metadata().file_metadata();
        let total = u64::try_from(metadata.num_rows()).map_err(|_| damaged("rows".to_owned()))?;
        let fields = metadata.schema().get_fields();
        if fields.len() > MAX_COLUMNS {
            return Err(damaged(format!("{} columns", fields.len())));
        }
        let columns = unique_names(fields.iter().map(|field| field.name().to_owned()));
        if total == 0 {
            return Err(CallError::new(ErrorCode::FileEmpty).in_file(path.display()));
        }
        let rows = RowIter::from_file_into(Box::new(reader));
        Ok(Self { path: path.display().to_string(), rows, columns, row: 0, total })
    }
}

fn damaged(path: &str, detail: &str) -> CallError {
    CallError::new(ErrorCode::FileDamaged).with("format", "Parquet").with("detail", detail).in_file(path)
}

impl RowSource for ParquetSource {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<bool, CallError> {
        let Some(row) = self.rows.next() else { return Ok(false) };
        self.row += 1;
        let row = row.map_err(|error| damaged(&self.path, &error.to_string()).at_row(self.row))?;
        record.clear(self.row);
        row.get_column_iter().for_each(|(_, field)| record.push(&render(field)));
        Ok(true)
    }

    fn position(&self) -> u64 {
        self.row
    }

    fn total(&self) -> u64 {
        self.total
    }

    fn rows(&self) -> Option<u64> {
        Some(self.total)
    }
}

/// A value as a person writes it; nested ones as the library shows them.
fn render(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Double(number) => number.to_string(),
        Field::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}
