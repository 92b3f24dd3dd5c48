//! A dataset's data files: JSONL always (versions are made from it), CSV or Parquet beside it where asked for.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use contract::dataset::{DatasetFormat, Sample};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

/// Samples in a row group of Parquet: what is held in memory at a time.
const GROUP: usize = 20_000;

const SCHEMA: &str = "message sample {
    REQUIRED BYTE_ARRAY id (STRING);
    REQUIRED BYTE_ARRAY text (STRING);
    REQUIRED BYTE_ARRAY label (STRING);
    REQUIRED BYTE_ARRAY origin (STRING);
    OPTIONAL FLOAT confidence;
    REQUIRED BYTE_ARRAY source (STRING);
    REQUIRED INT64 row;
}";

/// Writes one side of a dataset in one format.
pub(crate) enum SampleFile {
    Jsonl(BufWriter<File>),
    Csv(Box<csv::Writer<File>>),
    Parquet(Box<ParquetFile>),
}

pub(crate) struct ParquetFile {
    writer: SerializedFileWriter<File>,
    group: Vec<Sample>,
}

/// The extension of a format's files.
pub(crate) fn extension(format: DatasetFormat) -> &'static str {
    match format {
        DatasetFormat::Jsonl => "jsonl",
        DatasetFormat::Csv => "csv",
        DatasetFormat::Parquet | DatasetFormat::HuggingFace => "parquet",
    }
}

impl SampleFile {
    /// Makes the file.
    pub(crate) fn create(path: &Path, format: DatasetFormat) -> io::Result<Self> {
        let file = File::create(path)?;
        Ok(match format {
            DatasetFormat::Jsonl => Self::Jsonl(BufWriter::with_capacity(1 << 18, file)),
            DatasetFormat::Csv => {
                let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(file);
                writer.write_record(["id", "text", "label", "origin", "confidence", "source", "row"])?;
                Self::Csv(Box::new(writer))
            }
            DatasetFormat::Parquet | DatasetFormat::HuggingFace => {
                let schema = Arc::new(parse_message_type(SCHEMA).map_err(other)?);
                let level = ZstdLevel::try_new(3).map_err(other)?;
                let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
                let writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(other)?;
                Self::Parquet(Box::new(ParquetFile { writer, group: Vec::new() }))
            }
        })
    }

    /// Appends a sample.
    pub(crate) fn push(&mut self, sample: &Sample) -> io::Result<()> {
        match self {
            Self::Jsonl(writer) => {
                serde_json::to_writer(&mut *writer, sample)?;
                writer.write_all(b"\n")
            }
            Self::Csv(writer) => Ok(writer.serialize(sample)?),
            Self::Parquet(parquet) => {
                parquet.group.push(sample.clone());
                if parquet.group.len() >= GROUP { parquet.flush().map_err(other) } else { Ok(()) }
            }
        }
    }

    /// Writes what is left and syncs.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Jsonl(writer) => writer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all(),
            Self::Csv(writer) => writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?.sync_all(),
            Self::Parquet(mut parquet) => {
                parquet.flush().map_err(other)?;
                parquet.writer.into_inner().map_err(other)?.sync_all()
            }
        }
    }
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

impl ParquetFile {
    fn flush(&mut self) -> Result<(), ParquetError> {
        let group = std::mem::take(&mut self.group);
        if group.is_empty() {
            return Ok(());
        }
        let texts = |field: fn(&Sample) -> &str| -> Vec<ByteArray> {
            group.iter().map(|sample| ByteArray::from(field(sample).as_bytes().to_vec())).collect()
        };
        let mut rows = self.writer.next_row_group()?;
        column::<ByteArrayType>(&mut rows, &texts(|sample| &sample.id), None)?;
        column::<ByteArrayType>(&mut rows, &texts(|sample| &sample.text), None)?;
        column::<ByteArrayType>(&mut rows, &texts(|sample| &sample.label), None)?;
        column::<ByteArrayType>(&mut rows, &texts(|sample| &sample.origin), None)?;
        let confidences: Vec<f32> = group.iter().filter_map(|sample| sample.confidence).collect();
        let present: Vec<i16> = group.iter().map(|sample| i16::from(sample.confidence.is_some())).collect();
        column::<FloatType>(&mut rows, &confidences, Some(&present))?;
        column::<ByteArrayType>(&mut rows, &texts(|sample| &sample.source), None)?;
        let numbers: Vec<i64> = group.iter().map(|sample| i64::try_from(sample.row).unwrap_or(i64::MAX)).collect();
        column::<Int64Type>(&mut rows, &numbers, None)?;
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
