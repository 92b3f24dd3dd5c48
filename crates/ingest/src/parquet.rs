//! Parquet as a stream of rows, one row group's pages at a time.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use contract::{CallError, ErrorCode};
use parquet::basic::{LogicalType, TimeUnit};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;
use serde_json::Value;

use crate::limits::MAX_COLUMNS;
use crate::record::{Record, RowSource, unique_names};

/// Reads a Parquet file.
pub struct ParquetSource {
    path: String,
    rows: RowIter<'static>,
    columns: Vec<String>,
    /// Which columns hold times in nanoseconds.
    nanoseconds: Vec<bool>,
    row: u64,
    total: u64,
}

impl ParquetSource {
    /// Opens a file and reads its footer.
    pub fn open(path: &Path) -> Result<Self, CallError> {
        let damaged = |detail: String| damaged(&path.display().to_string(), &detail);
        let file = File::open(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
        let reader = catch_unwind(|| SerializedFileReader::new(file))
            .map_err(|_| damaged("its content can't be understood".to_owned()))?
            .map_err(|error| damaged(error.to_string()))?;
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
        let nanoseconds = fields.iter().map(|field| is_nanoseconds(field)).collect();
        let rows = catch_unwind(AssertUnwindSafe(|| RowIter::from_file_into(Box::new(reader))))
            .map_err(|_| damaged("its content can't be understood".to_owned()))?;
        Ok(Self { path: path.display().to_string(), rows, columns, nanoseconds, row: 0, total })
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
        self.row += 1;
        let rows = &mut self.rows;
        // The library gives up by panicking on some types and on some damaged pages.
        let next = catch_unwind(AssertUnwindSafe(|| rows.next()))
            .map_err(|_| damaged(&self.path, "its content can't be understood").at_row(self.row))?;
        let Some(row) = next else { return Ok(false) };
        let row = row.map_err(|error| damaged(&self.path, &error.to_string()).at_row(self.row))?;
        record.clear(self.row);
        for (index, (_, field)) in row.get_column_iter().enumerate() {
            match field {
                Field::Str(text) => record.push(text),
                Field::Long(nanoseconds) if self.nanoseconds.get(index) == Some(&true) => {
                    record.push(&Field::TimestampMicros(nanoseconds.div_euclid(1000)).to_string());
                }
                other => record.push(&render(other)),
            }
        }
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

/// Whether a column holds times in nanoseconds, which the library gives as bare numbers.
fn is_nanoseconds(field: &Type) -> bool {
    matches!(
        field.get_basic_info().logical_type_ref(),
        Some(LogicalType::Timestamp(time)) if matches!(time.unit, TimeUnit::NANOS)
    )
}

/// A value as a person writes it; a nested one as JSON.
fn render(field: &Field) -> String {
    match json(field) {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn json(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::Bool(*value),
        Field::Str(text) => Value::String(text.clone()),
        Field::Bytes(bytes) => Value::String(match std::str::from_utf8(bytes.data()) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.data().iter().map(|byte| format!("{byte:02x}")).collect(),
        }),
        Field::Byte(number) => (*number).into(),
        Field::Short(number) => (*number).into(),
        Field::Int(number) => (*number).into(),
        Field::Long(number) => (*number).into(),
        Field::UByte(number) => (*number).into(),
        Field::UShort(number) => (*number).into(),
        Field::UInt(number) => (*number).into(),
        Field::ULong(number) => (*number).into(),
        Field::Double(number) => Value::String(number.to_string()),
        Field::Float(number) => Value::String(number.to_string()),
        Field::Group(row) => {
            Value::Object(row.get_column_iter().map(|(name, value)| (name.clone(), json(value))).collect())
        }
        Field::ListInternal(list) => Value::Array(list.elements().iter().map(json).collect()),
        Field::MapInternal(map) => {
            Value::Object(map.entries().iter().map(|(key, value)| (render(key), json(value))).collect())
        }
        other => Value::String(other.to_string()),
    }
}
