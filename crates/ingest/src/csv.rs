//! Separated values as a stream of rows: one record in memory at a time, whatever the file's size or faults.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use contract::{CallError, ErrorCode};
use csv_core::{ReadRecordResult, Reader};
use encoding_rs::{Encoding, UTF_8};

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
    /// The parser has got the line break that ends the file.
    ended: bool,
    dialect: Dialect,
    /// Decoded bytes that the parser has consumed.
    consumed: u64,
    /// Where the record begins whose quote is never closed: reading goes on with the line after that.
    restart: Option<u64>,
    restarts: u32,
}

/// How often reading may go on after a quote that is never closed; each time the rest of the file is parsed again.
const MAX_RESTARTS: u32 = 20;

/// A record as it came out of the parser.
struct Parsed {
    bytes: usize,
    fields: usize,
    too_large: bool,
    /// The file ended inside quotes.
    unclosed: bool,
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
            ended: false,
            dialect,
            consumed: 0,
            restart: None,
            restarts: 0,
        };
        source.read_columns(header)?;
        Ok(source)
    }

    fn read_columns(&mut self, header: bool) -> Result<(), CallError> {
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
        self.columns = unique_names((0..record.len()).map(|_| String::new()));
        self.row = 0;
        self.reopen(0)
    }

    /// Starts over at an offset of the decoded text.
    fn reopen(&mut self, offset: u64) -> Result<(), CallError> {
        let io = |error: std::io::Error| CallError::from_io(&error, &self.path, false);
        let mut file = File::open(&self.path).map_err(io)?;
        // UTF-8 passes the decoder as it is: its offsets are the file's.
        let start = if self.encoding == UTF_8 { file.seek(SeekFrom::Start(offset)).map_err(io)? } else { 0 };
        self.position.store(start, Ordering::Relaxed);
        self.input = DecodingReader::new(Counted::new(file, Arc::clone(&self.position)), self.encoding);
        (self.parser, self.start, self.end) = (self.dialect.parser(), 0, 0);
        (self.over, self.ended) = (false, false);
        self.consumed = start;
        while self.consumed < offset {
            let wanted = usize::try_from(offset - self.consumed).unwrap_or(usize::MAX);
            let passed = wanted.min(self.fill()?.len());
            if passed == 0 {
                break;
            }
            self.pass(passed);
        }
        Ok(())
    }

    /// The decoded bytes at hand; empty at the end of the file.
    fn fill(&mut self) -> Result<&[u8], CallError> {
        if self.start == self.end && !self.over {
            self.start = 0;
            self.end = self
                .input
                .read(&mut self.buffer)
                .map_err(|error| CallError::from_io(&error, &self.path, false).at_row(self.row + 1))?;
            self.over = self.end == 0;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn pass(&mut self, bytes: usize) {
        self.start += bytes;
        self.consumed += bytes as u64;
    }

    /// Goes back to the beginning of a record whose quote is never closed, and on with the line after that.
    fn restart_at(&mut self, offset: u64) -> Result<(), CallError> {
        self.restarts += 1;
        if self.restarts > MAX_RESTARTS {
            return Err(Defect::QuoteUnclosed.error(&self.path, self.row));
        }
        self.reopen(offset)?;
        let (mut in_line, mut ended) = (false, false);
        while !ended {
            let bytes = self.fill()?;
            if bytes.is_empty() {
                break;
            }
            let mut passed = 0;
            for &byte in bytes {
                let line_break = matches!(byte, b'\n' | b'\r');
                // The second half of the line break before the record may still be there.
                if line_break && in_line {
                    ended = true;
                    break;
                }
                in_line |= !line_break;
                passed += 1;
            }
            self.pass(passed);
        }
        Ok(())
    }

    /// Reads the next record without comparing it with the header.
    fn next_record(&mut self, record: &mut Record) -> Result<bool, CallError> {
        if let Some(offset) = self.restart.take() {
            self.restart_at(offset)?;
        }
        let began = self.consumed;
        let Some(parsed) = self.parse()? else { return Ok(false) };
        self.row += 1;
        record.clear(self.row);
        let text = std::str::from_utf8(&self.output[..parsed.bytes.min(self.output.len())]);
        if parsed.unclosed {
            self.restart = Some(began);
            record.defect = Some(Defect::QuoteUnclosed);
        } else if parsed.too_large {
            record.defect = Some(Defect::TooLarge { size: parsed.bytes });
        } else if let Ok(text) = text
            && self.encoding == UTF_8
        {
            record.fill(text, &self.ends[..parsed.fields]);
        } else {
            let bytes = &self.output[..parsed.bytes];
            self.take_cells(bytes, &self.ends[..parsed.fields], record);
        }
        Ok(true)
    }

    /// Takes the cells one by one and marks the one that is no text in the encoding.
    fn take_cells(&self, bytes: &[u8], ends: &[usize], record: &mut Record) {
        let mut start = 0;
        for &end in ends {
            let cell = std::str::from_utf8(&bytes[start..end]).ok();
            match cell.filter(|cell| !encoding::is_foreign(cell, self.encoding)) {
                Some(cell) => record.push(cell),
                None => record.push_defect(Defect::BadEncoding { encoding: encoding::name(self.encoding) }),
            }
            start = end;
        }
    }

    /// Runs the parser over one record. What a record has beyond [`MAX_RECORD`] is read and thrown away.
    fn parse(&mut self) -> Result<Option<Parsed>, CallError> {
        let mut parsed = Parsed { bytes: 0, fields: 0, too_large: false, unclosed: false };
        let (mut kept, mut kept_fields) = (0, 0);
        loop {
            // The end of the file gets a line break, which ends the last record, unless it falls inside quotes.
            let last = self.fill()?.is_empty() && !self.ended;
            self.ended |= last;
            let input = if last { &b"\n"[..] } else { &self.buffer[self.start..self.end] };
            let (output, ends) = (&mut self.output[kept..], &mut self.ends[kept_fields..]);
            let (result, read, written, fields) = self.parser.read_record(input, output, ends);
            if last {
                parsed.unclosed = result != ReadRecordResult::Record && written > 0;
                // No room for the line break: again, with more.
                self.ended = read > 0;
            } else {
                self.pass(read);
            }
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
