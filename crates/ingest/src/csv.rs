//! Separated values as a stream of rows: one record in memory at a time, whatever the file's size or faults.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use contract::{CallError, ErrorCode};
use csv_core::{ReadRecordResult, Reader};
use encoding_rs::Encoding;

use crate::delimiter::Dialect;
use crate::encoding::{self, DecodingReader};
use crate::limits::{MAX_CELL, MAX_COLUMNS, MAX_RECORD};
use crate::record::{Defect, Record, RowSource, unique_names};

/// Counts the bytes that pass.
pub struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    /// Counts into `count`.
    pub fn new(inner: R, count: Arc<AtomicU64>) -> Self {
        Self { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Reads a text table.
pub struct CsvSource {
    path: String,
    encoding: &'static Encoding,
    input: DecodingReader<Counted<File>>,
    position: Arc<AtomicU64>,
    total: u64,
    parser: Reader,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    output: Vec<u8>,
    ends: Vec<usize>,
    columns: Vec<String>,
    /// The row that was read last, as a person counts.
    row: u64,
    over: bool,
}

/// A record as it came out of the parser.
struct Parsed {
    bytes: usize,
    fields: usize,
    too_large: bool,
}

impl CsvSource {
    /// Opens a table; its first record gives the columns' names if `header`, else they are made up.
    pub fn open(path: &Path, encoding: &'static Encoding, dialect: Dialect, header: bool) -> Result<Self, CallError> {
        let file = File::open(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
        let total = file.metadata().map_or(0, |metadata| metadata.len());
        let position = Arc::new(AtomicU64::new(0));
        let mut source = Self {
            path: path.display().to_string(),
            encoding,
            input: DecodingReader::new(Counted::new(file, Arc::clone(&position)), encoding),
            position,
            total,
            parser: dialect.parser(),
            buffer: vec![0; 256 << 10],
            start: 0,
            end: 0,
            output: vec![0; 64 << 10],
            ends: vec![0; 256],
            columns: Vec::new(),
            row: 0,
            over: false,
        };
        source.read_columns(path, encoding, dialect, header)?;
        Ok(source)
    }

    fn read_columns(
        &mut self,
        path: &Path,
        encoding: &'static Encoding,
        dialect: Dialect,
        header: bool,
    ) -> Result<(), CallError> {
        let mut record = Record::default();
        if !self.next_record(&mut record)? {
            return Err(CallError::new(ErrorCode::FileEmpty).in_file(&self.path));
        }
        if record.len() > MAX_COLUMNS {
            let error = CallError::new(ErrorCode::FileDamaged).with("format", "CSV");
            return Err(error.with("detail", format!("{} columns", record.len())).in_file(&self.path).at_row(1));
        }
        if let Some(defect) = &record.defect {
            return Err(defect.error(&self.path, 1));
        }
        if header {
            self.columns = unique_names(record.cells().map(str::to_owned));
            return Ok(());
        }
        // The first record is data: start over.
        let columns = unique_names((0..record.len()).map(|_| String::new()));
        let file = File::open(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
        self.position.store(0, Ordering::Relaxed);
        self.input = DecodingReader::new(Counted::new(file, Arc::clone(&self.position)), encoding);
        (self.parser, self.start, self.end, self.row, self.over) = (dialect.parser(), 0, 0, 0, false);
        self.columns = columns;
        Ok(())
    }

    /// Reads the next record without comparing it with the header.
    fn next_record(&mut self, record: &mut Record) -> Result<bool, CallError> {
        let Some(parsed) = self.parse()? else { return Ok(false) };
        self.row += 1;
        record.clear(self.row);
        if parsed.too_large {
            record.defect = Some(Defect::TooLarge { size: parsed.bytes });
            return Ok(true);
        }
        let bytes = &self.output[..parsed.bytes];
        let Ok(text) = std::str::from_utf8(bytes) else {
            record.defect = Some(Defect::BadEncoding { encoding: encoding::name(self.encoding) });
            return Ok(true);
        };
        let mut start = 0;
        for &end in &self.ends[..parsed.fields] {
            let Some(cell) = text.get(start..end).filter(|cell| !encoding::is_foreign(cell, self.encoding)) else {
                record.defect = Some(Defect::BadEncoding { encoding: encoding::name(self.encoding) });
                return Ok(true);
            };
            record.push(cell);
            start = end;
        }
        Ok(true)
    }

    /// Runs the parser over one record. What a record has beyond [`MAX_RECORD`] is read and thrown away.
    fn parse(&mut self) -> Result<Option<Parsed>, CallError> {
        let mut parsed = Parsed { bytes: 0, fields: 0, too_large: false };
        let (mut kept, mut kept_fields) = (0, 0);
        loop {
            if self.start == self.end && !self.over {
                self.start = 0;
                self.end = self.input.read(&mut self.buffer).map_err(|error| {
                    CallError::from_io(&error, &self.path, false).at_row(self.row + 1)
                })?;
                self.over = self.end == 0;
            }
            let (result, read, written, fields) = self.parser.read_record(
                &self.buffer[self.start..self.end],
                &mut self.output[kept..],
                &mut self.ends[kept_fields..],
            );
            self.start += read;
            kept += written;
            kept_fields += fields;
            parsed.bytes += written;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.output.len() < MAX_RECORD => {
                    self.output.resize(self.output.len() * 2, 0);
                }
                ReadRecordResult::OutputFull => (kept, parsed.too_large) = (0, true),
                ReadRecordResult::OutputEndsFull if self.ends.len() <= MAX_COLUMNS => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull => (kept_fields, parsed.too_large) = (0, true),
                ReadRecordResult::Record => {
                    parsed.fields = kept_fields;
                    // Memory taken by one giant record is given back.
                    if self.output.len() > 4 * MAX_CELL && kept < MAX_CELL {
                        self.output.truncate(4 * MAX_CELL);
                        self.output.shrink_to_fit();
                    }
                    return Ok(Some(parsed));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }
}

impl RowSource for CsvSource {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<bool, CallError> {
        let some = self.next_record(record)?;
        if some && record.defect.is_none() {
            record.fit(self.columns.len());
        }
        Ok(some)
    }

    fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed).saturating_sub((self.end - self.start) as u64)
    }

    fn total(&self) -> u64 {
        self.total
    }
}
