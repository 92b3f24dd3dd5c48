//! JSON and JSON Lines as streams of rows: one element in memory at a time.
//!
//! Known shapes of a document: an array of objects, of pairs `[text, label]` or of texts; an object of arrays (one a
//! column); an object of splits, each an array of pairs or objects (as in CLINC150).

use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use contract::{CallError, ErrorCode};
use encoding_rs::{Encoding, UTF_8};
use serde_json::Value;

use crate::csv::Counted;
use crate::encoding::{self, DecodingReader};
use crate::limits::{MAX_COLUMNS, MAX_RECORD, SAMPLE_ROWS};
use crate::record::{Defect, Record, RowSource, unique_names};

type Input = BufReader<DecodingReader<Counted<File>>>;

/// Walks through a document without building it.
struct Cursor {
    path: PathBuf,
    encoding: &'static Encoding,
    input: Input,
    position: Arc<AtomicU64>,
    /// Decoded bytes consumed.
    offset: u64,
    row: u64,
}

impl Cursor {
    fn open(path: &Path, encoding: &'static Encoding) -> Result<Self, CallError> {
        let file = File::open(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
        let position = Arc::new(AtomicU64::new(0));
        let input = DecodingReader::new(Counted::new(file, Arc::clone(&position)), encoding);
        let input = BufReader::with_capacity(256 << 10, input);
        let mut cursor = Self { path: path.to_owned(), encoding, input, position, offset: 0, row: 0 };
        // UTF-8 passes the decoder as it is, with its mark.
        if cursor.input.fill_buf().is_ok_and(|bytes| bytes.starts_with(b"\xEF\xBB\xBF")) {
            cursor.input.consume(3);
            cursor.offset = 3;
        }
        Ok(cursor)
    }

    /// A second cursor at `offset`, for walking several arrays of a document side by side.
    fn at(path: &Path, encoding: &'static Encoding, offset: u64) -> Result<Self, CallError> {
        let mut cursor = Self::open(path, encoding)?;
        let io = |error: std::io::Error| CallError::from_io(&error, path.display(), false);
        if encoding == UTF_8 {
            let mut file = File::open(path).map_err(io)?;
            file.seek(SeekFrom::Start(offset)).map_err(io)?;
            let input = DecodingReader::new(Counted::new(file, Arc::clone(&cursor.position)), encoding);
            cursor.input = BufReader::with_capacity(64 << 10, input);
            cursor.offset = offset;
        } else {
            while cursor.offset < offset && cursor.next_byte()?.is_some() {}
        }
        Ok(cursor)
    }

    fn malformed(&self, detail: &str) -> CallError {
        let detail = format!("{detail} (byte {})", self.offset);
        let error = CallError::new(ErrorCode::JsonMalformed).with("detail", detail).in_file(self.path.display());
        if self.row > 0 { error.at_row(self.row) } else { error }
    }

    fn peek_byte(&mut self) -> Result<Option<u8>, CallError> {
        match self.input.fill_buf() {
            Ok(bytes) => Ok(bytes.first().copied()),
            Err(error) => Err(CallError::from_io(&error, self.path.display(), false)),
        }
    }

    fn next_byte(&mut self) -> Result<Option<u8>, CallError> {
        let byte = self.peek_byte()?;
        if byte.is_some() {
            self.input.consume(1);
            self.offset += 1;
        }
        Ok(byte)
    }

    /// The next byte that is no white space, not consumed.
    fn peek(&mut self) -> Result<Option<u8>, CallError> {
        while let Some(byte) = self.peek_byte()? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.next_byte()?;
        }
        Ok(None)
    }

    fn expect(&mut self, wanted: u8) -> Result<(), CallError> {
        match self.peek()? {
            Some(byte) if byte == wanted => self.next_byte().map(|_| ()),
            Some(byte) => Err(self.malformed(&format!("'{}' instead of '{}'", byte.escape_ascii(), wanted as char))),
            None => Err(self.malformed(&format!("the file ends where '{}' should come", wanted as char))),
        }
    }

    /// Moves to the next element of an array or object whose opening bracket is consumed; `false` at its end.
    fn next_element(&mut self, first: bool, close: u8) -> Result<bool, CallError> {
        match self.peek()? {
            Some(byte) if byte == close => {
                self.next_byte()?;
                Ok(false)
            }
            Some(b',') if !first => {
                self.next_byte()?;
                Ok(true)
            }
            Some(_) if first => Ok(true),
            Some(byte) => Err(self.malformed(&format!("'{}' instead of ','", byte.escape_ascii()))),
            None => Err(self.malformed("the file ends in the middle")),
        }
    }

    /// Consumes one value; its bytes go to `bytes` unless it is larger than [`MAX_RECORD`] or not wanted. Answers its size.
    fn value(&mut self, bytes: &mut Vec<u8>, wanted: bool) -> Result<usize, CallError> {
        bytes.clear();
        self.peek()?;
        let mut scan = ValueScan::default();
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) => return Err(CallError::from_io(&error, self.path.display(), false)),
            };
            if chunk.is_empty() {
                // A bare number or word may end with the file.
                let bare = scan.size > 0 && scan.depth == 0 && !scan.string;
                return if bare { Ok(scan.size) } else { Err(self.malformed("the file ends in the middle")) };
            }
            let (taken, end) = scan.over(chunk);
            if wanted && scan.size <= MAX_RECORD {
                bytes.extend_from_slice(&chunk[..taken]);
            }
            self.input.consume(taken);
            self.offset += taken as u64;
            match end {
                Some(true) => return Ok(scan.size),
                Some(false) => return Err(self.malformed("a bracket too many")),
                None => {}
            }
        }
    }

    /// Consumes a line with its end; the first [`MAX_RECORD`] bytes go to `bytes`. `false` at the end of the file.
    fn line(&mut self, bytes: &mut Vec<u8>, size: &mut usize) -> Result<bool, CallError> {
        let mut some = false;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) => return Err(CallError::from_io(&error, self.path.display(), false)),
            };
            if chunk.is_empty() {
                return Ok(some);
            }
            some = true;
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let line = &chunk[..end.unwrap_or(chunk.len())];
            *size += line.len();
            if *size <= MAX_RECORD {
                bytes.extend_from_slice(line);
            }
            let taken = line.len() + usize::from(end.is_some());
            self.input.consume(taken);
            self.offset += taken as u64;
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    fn key(&mut self, bytes: &mut Vec<u8>) -> Result<String, CallError> {
        self.value(bytes, true)?;
        let key = serde_json::from_slice(bytes).map_err(|error| self.malformed(&error.to_string()))?;
        self.expect(b':')?;
        Ok(key)
    }

    /// Parses the bytes of an element into a value, or says what is wrong with this row.
    fn parse(&self, bytes: &[u8], size: usize) -> Result<Value, Defect> {
        if size > MAX_RECORD {
            return Err(Defect::TooLarge { size });
        }
        let text =
            std::str::from_utf8(bytes).map_err(|_| Defect::BadEncoding { encoding: encoding::name(self.encoding) })?;
        serde_json::from_str(text).map_err(|error| Defect::BadJson { detail: error.to_string() })
    }
}

/// Where in a value the reading stands.
#[derive(Default)]
struct ValueScan {
    depth: usize,
    string: bool,
    escaped: bool,
    size: usize,
}

impl ValueScan {
    /// Passes over bytes up to the value's end: how many, and whether the value ended there (or could not).
    fn over(&mut self, chunk: &[u8]) -> (usize, Option<bool>) {
        for (index, &byte) in chunk.iter().enumerate() {
            if self.string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.string = false,
                    _ => {}
                }
            } else {
                let after = matches!(byte, b',' | b']' | b'}' | b':') || byte.is_ascii_whitespace();
                if self.depth == 0 && self.size > 0 && after {
                    return (index, Some(true));
                }
                match byte {
                    b'"' => self.string = true,
                    b'[' | b'{' => self.depth += 1,
                    b']' | b'}' if self.depth == 0 => return (index, Some(false)),
                    b']' | b'}' => self.depth -= 1,
                    _ => {}
                }
            }
            self.size += 1;
            if self.depth == 0 && !self.string && matches!(byte, b'"' | b']' | b'}') {
                return (index + 1, Some(true));
            }
        }
        (chunk.len(), None)
    }
}

/// The shape of a document, and where its arrays begin.
enum Shape {
    Rows,
    Lines,
    Splits,
    Columns(Vec<Cursor>),
}

/// Reads a JSON document or JSON Lines.
pub struct JsonSource {
    shape: Shape,
    cursor: Cursor,
    columns: Vec<String>,
    total: u64,
    row: u64,
    bytes: Vec<u8>,
    /// The split whose rows come now.
    split: Option<String>,
    first: bool,
    over: bool,
}

/// The name of the column that tells a row's split.
const SPLIT: &str = "split";

impl JsonSource {
    /// Opens a document (or lines) and finds out its shape and columns.
    pub fn open(path: &Path, encoding: &'static Encoding, lines: bool) -> Result<Self, CallError> {
        let mut source = Self::start(path, encoding, lines)?;
        if let Shape::Columns(_) = source.shape {
            return Ok(source);
        }
        // A first pass over the beginning collects the columns; reading then starts over.
        let mut names: Vec<String> = Vec::new();
        for _ in 0..SAMPLE_ROWS {
            match source.next_value()? {
                None => break,
                Some((_, Ok(value))) => {
                    for name in column_names(&value) {
                        if !names.contains(&name) && names.len() < MAX_COLUMNS {
                            names.push(name);
                        }
                    }
                }
                Some((_, Err(_))) => {}
            }
        }
        if names.is_empty() && matches!(source.shape, Shape::Splits) {
            return Err(source.cursor.malformed("an object without lists of rows"));
        }
        if names.is_empty() {
            return Err(CallError::new(ErrorCode::FileEmpty).in_file(path.display()));
        }
        if matches!(source.shape, Shape::Splits) {
            names.push(SPLIT.to_owned());
        }
        source = Self::start(path, encoding, lines)?;
        source.columns = names;
        Ok(source)
    }

    fn start(path: &Path, encoding: &'static Encoding, lines: bool) -> Result<Self, CallError> {
        let mut cursor = Cursor::open(path, encoding)?;
        let total = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let mut columns = Vec::new();
        let shape = if lines {
            Shape::Lines
        } else {
            match cursor.peek()? {
                Some(b'[') => {
                    cursor.expect(b'[')?;
                    Shape::Rows
                }
                Some(b'{') => match Self::columns_of(path, encoding)? {
                    Some((names, cursors)) => {
                        columns = unique_names(names);
                        Shape::Columns(cursors)
                    }
                    None => {
                        cursor.expect(b'{')?;
                        Shape::Splits
                    }
                },
                Some(_) => return Err(cursor.malformed("neither an array nor an object")),
                None => return Err(CallError::new(ErrorCode::FileEmpty).in_file(path.display())),
            }
        };
        Ok(Self { shape, cursor, columns, total, row: 0, bytes: Vec::new(), split: None, first: true, over: false })
    }

    /// If the document is an object of arrays of scalars: the columns and a cursor inside each array.
    fn columns_of(path: &Path, encoding: &'static Encoding) -> Result<Option<(Vec<String>, Vec<Cursor>)>, CallError> {
        let mut cursor = Cursor::open(path, encoding)?;
        let (mut bytes, mut names, mut cursors, mut first) = (Vec::new(), Vec::new(), Vec::new(), true);
        cursor.expect(b'{')?;
        while cursor.next_element(first, b'}')? {
            first = false;
            let name = cursor.key(&mut bytes)?;
            if cursor.peek()? == Some(b'[') {
                let offset = cursor.offset;
                cursor.expect(b'[')?;
                if matches!(cursor.peek()?, Some(b'[' | b'{')) {
                    return Ok(None);
                }
                let mut column = Cursor::at(path, encoding, offset)?;
                column.expect(b'[')?;
                names.push(name);
                cursors.push(column);
                let mut first = true;
                while cursor.next_element(first, b']')? {
                    cursor.value(&mut bytes, false)?;
                    first = false;
                }
            } else {
                cursor.value(&mut bytes, false)?;
            }
        }
        Ok((!cursors.is_empty()).then_some((names, cursors)))
    }

    /// The next element and its row, or the defect of that row.
    fn next_value(&mut self) -> Result<Option<(u64, Result<Value, Defect>)>, CallError> {
        if matches!(self.shape, Shape::Lines) {
            return self.next_line();
        }
        if matches!(self.shape, Shape::Splits) && self.split.is_none() {
            self.enter_split()?;
        }
        if self.over {
            return Ok(None);
        }
        while !self.cursor.next_element(self.first, b']')? {
            if !matches!(self.shape, Shape::Splits) || !self.enter_split()? {
                self.over = true;
                return Ok(None);
            }
        }
        self.first = false;
        self.row += 1;
        self.cursor.row = self.row;
        let size = self.cursor.value(&mut self.bytes, true)?;
        Ok(Some((self.row, self.cursor.parse(&self.bytes, size))))
    }

    /// Moves into the next array of the document; `false` at its end.
    fn enter_split(&mut self) -> Result<bool, CallError> {
        if self.over {
            return Ok(false);
        }
        let mut bytes = Vec::new();
        let mut first = self.split.is_none();
        while self.cursor.next_element(first, b'}')? {
            first = false;
            let name = self.cursor.key(&mut bytes)?;
            if self.cursor.peek()? == Some(b'[') {
                self.cursor.expect(b'[')?;
                self.split = Some(name);
                self.first = true;
                return Ok(true);
            }
            self.cursor.value(&mut bytes, false)?;
            self.split.get_or_insert_default();
        }
        self.over = true;
        Ok(false)
    }

    fn next_line(&mut self) -> Result<Option<(u64, Result<Value, Defect>)>, CallError> {
        loop {
            self.bytes.clear();
            let mut size = 0;
            if !self.cursor.line(&mut self.bytes, &mut size)? {
                return Ok(None);
            }
            self.row += 1;
            if !self.bytes.trim_ascii().is_empty() {
                return Ok(Some((self.row, self.cursor.parse(&self.bytes, size))));
            }
        }
    }

    /// The next row of an object of arrays: one element of each; they must end together.
    fn next_across(&mut self, record: &mut Record) -> Result<bool, CallError> {
        let Shape::Columns(cursors) = &mut self.shape else { return Ok(false) };
        if self.over {
            return Ok(false);
        }
        let (mut some, mut ended) = (0, 0);
        self.row += 1;
        record.clear(self.row);
        for cursor in cursors {
            cursor.row = self.row;
            if cursor.next_element(self.first, b']')? {
                some += 1;
                let size = cursor.value(&mut self.bytes, true)?;
                match cursor.parse(&self.bytes, size) {
                    Ok(value) => push_value(record, Some(&value)),
                    Err(defect) => record.defect = Some(defect),
                }
            } else {
                ended += 1;
            }
        }
        self.first = false;
        self.over = some == 0;
        if some > 0 && ended > 0 {
            return Err(Defect::Ragged { expected: some + ended, found: some }
                .error(&self.cursor.path.display().to_string(), self.row));
        }
        Ok(some > 0)
    }
}

impl RowSource for JsonSource {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<bool, CallError> {
        if let Shape::Columns(_) = self.shape {
            return self.next_across(record);
        }
        let Some((row, value)) = self.next_value()? else { return Ok(false) };
        record.clear(row);
        match value {
            Err(defect) => record.defect = Some(defect),
            Ok(value) => {
                let own = self.columns.len() - usize::from(matches!(self.shape, Shape::Splits));
                push_row(record, &value, &self.columns[..own]);
                if matches!(self.shape, Shape::Splits) {
                    record.push(self.split.as_deref().unwrap_or_default());
                }
            }
        }
        Ok(true)
    }

    fn position(&self) -> u64 {
        match &self.shape {
            Shape::Columns(cursors) => cursors.iter().map(|cursor| cursor.offset).max().unwrap_or(0),
            _ => {
                let buffered = self.cursor.input.buffer().len() as u64;
                self.cursor.position.load(Ordering::Relaxed).saturating_sub(buffered)
            }
        }
    }

    fn total(&self) -> u64 {
        self.total
    }
}

/// Names of the columns of pairs and of plain texts.
const PAIR: [&str; 2] = ["text", "label"];

fn column_names(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields.keys().cloned().collect(),
        Value::Array(cells) => (0..cells.len())
            .map(|index| PAIR.get(index).map_or_else(|| format!("column_{}", index + 1), |name| (*name).to_owned()))
            .collect(),
        _ => vec![PAIR[0].to_owned()],
    }
}

fn push_row(record: &mut Record, value: &Value, columns: &[String]) {
    match value {
        Value::Object(fields) => columns.iter().for_each(|column| push_value(record, fields.get(column))),
        Value::Array(cells) => {
            if cells.len() != columns.len() {
                record.defect = Some(Defect::Ragged { expected: columns.len(), found: cells.len() });
            }
            (0..columns.len()).for_each(|index| push_value(record, cells.get(index)));
        }
        other => {
            push_value(record, Some(other));
            (1..columns.len()).for_each(|_| record.push(""));
        }
    }
}

fn push_value(record: &mut Record, value: Option<&Value>) {
    match value {
        None | Some(Value::Null) => record.push(""),
        Some(Value::String(text)) => record.push(text),
        Some(other) => record.push(&other.to_string()),
    }
}
