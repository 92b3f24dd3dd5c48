//! Samples as Parquet.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use contract::dataset::Sample;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

/// Samples in a row group: what is held in memory at a time.
const GROUP: usize = 20_000;

/// The columns, in the order of [`super::row::COLUMNS`].
const SCHEMA: &str = "message sample {
    REQUIRED BYTE_ARRAY id (STRING);
    REQUIRED BYTE_ARRAY text (STRING);
    REQUIRED BYTE_ARRAY label (STRING);
    REQUIRED BYTE_ARRAY origin (STRING);
    OPTIONAL FLOAT confidence;
    REQUIRED BYTE_ARRAY decided_by (STRING);
    REQUIRED BYTE_ARRAY decided_at (STRING);
    REQUIRED BYTE_ARRAY source (STRING);
    REQUIRED INT64 row;
    REQUIRED BYTE_ARRAY parent (STRING);
";

/// A field that is text.
type Field = fn(&Sample) -> &str;

pub(super) struct ParquetFile {
    writer: SerializedFileWriter<File>,
    group: Vec<Sample>,
    weights: bool,
}

impl ParquetFile {
    pub(super) fn create(path: &Path, weights: bool) -> io::Result<Self> {
        let weight = if weights { "REQUIRED DOUBLE weight;\n" } else { "" };
        let schema = Arc::new(parse_message_type(&format!("{SCHEMA}{weight}}}")).map_err(other)?);
        let level = ZstdLevel::try_new(3).map_err(other)?;
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let writer = SerializedFileWriter::new(File::create(path)?, schema, Arc::new(properties)).map_err(other)?;
        Ok(Self { writer, group: Vec::new(), weights })
    }

    pub(super) fn push(&mut self, sample: &Sample) -> io::Result<()> {
        self.group.push(sample.clone());
        if self.group.len() >= GROUP { self.flush().map_err(other) } else { Ok(()) }
    }

    /// Writes what is left and syncs.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush().map_err(other)?;
        self.writer.into_inner().map_err(other)?.sync_all()
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let group = std::mem::take(&mut self.group);
        if group.is_empty() {
            return Ok(());
        }
        let mut rows = self.writer.next_row_group()?;
        let texts = |field: Field| -> Vec<ByteArray> {
            group.iter().map(|sample| ByteArray::from(field(sample).as_bytes().to_vec())).collect()
        };
        let first: [Field; 4] =
            [|sample| &sample.id, |sample| &sample.text, |sample| &sample.label, |sample| &sample.origin];
        for field in first {
            column::<ByteArrayType>(&mut rows, &texts(field), None)?;
        }
        let confidences: Vec<f32> = group.iter().filter_map(|sample| sample.confidence).collect();
        let present: Vec<i16> = group.iter().map(|sample| i16::from(sample.confidence.is_some())).collect();
        column::<FloatType>(&mut rows, &confidences, Some(&present))?;
        let second: [Field; 3] = [|sample| &sample.decided_by, |sample| &sample.decided_at, |sample| &sample.source];
        for field in second {
            column::<ByteArrayType>(&mut rows, &texts(field), None)?;
        }
        let numbers: Vec<i64> = group.iter().map(|sample| i64::try_from(sample.row).unwrap_or(i64::MAX)).collect();
        column::<Int64Type>(&mut rows, &numbers, None)?;
        column::<ByteArrayType>(&mut rows, &texts(|sample| &sample.parent), None)?;
        if self.weights {
            let weights: Vec<f64> = group.iter().map(|sample| sample.weight.unwrap_or(1.0)).collect();
            column::<DoubleType>(&mut rows, &weights, None)?;
        }
        rows.close()?;
        Ok(())
    }
}

fn column<T: DataType>(
    rows: &mut SerializedRowGroupWriter<'_, File>,
    values: &[T::T],
    definitions: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let mut column =
        rows.next_column()?.ok_or_else(|| ParquetError::General("the schema has fewer columns".to_owned()))?;
    column.typed::<T>().write_batch(values, definitions, None)?;
    column.close()
}

/// What the operating system said, where it did.
fn other(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        error => io::Error::other(error),
    }
}
