//! Walks through a JSON document, or JSON Lines, without building it.

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
use crate::limits::MAX_RECORD;
use crate::record::Defect;

type Input = BufReader<DecodingReader<Counted<File>>>;

/// A place in a document.
pub(crate) struct Cursor {
    pub(crate) path: PathBuf,
    encoding: &'static Encoding,
    input: Input,
    position: Arc<AtomicU64>,
    /// Decoded bytes consumed.
    pub(crate) offset: u64,
    /// The row that errors name; 0 before the first.
    pub(crate) row: u64,
}

impl Cursor {
    pub(crate) fn open(path: &Path, encoding: &'static Encoding) -> Result<Self, CallError> {
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
    pub(crate) fn at(path: &Path, encoding: &'static Encoding, offset: u64) -> Result<Self, CallError> {
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

    pub(crate) fn malformed(&self, detail: &str) -> CallError {
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
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, CallError> {
        while let Some(byte) = self.peek_byte()? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.next_byte()?;
        }
        Ok(None)
    }

    pub(crate) fn expect(&mut self, wanted: u8) -> Result<(), CallError> {
        match self.peek()? {
            Some(byte) if byte == wanted => self.next_byte().map(|_| ()),
            Some(byte) => Err(self.malformed(&format!("'{}' instead of '{}'", byte.escape_ascii(), wanted as char))),
            None => Err(self.malformed(&format!("the file ends where '{}' should come", wanted as char))),
        }
    }

    /// Moves to the next element of an array or object whose opening bracket is consumed; `false` at its end.
    pub(crate) fn next_element(&mut self, first: bool, close: u8) -> Result<bool, CallError> {
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
    pub(crate) fn value(&mut self, bytes: &mut Vec<u8>, wanted: bool) -> Result<usize, CallError> {
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
    pub(crate) fn line(&mut self, bytes: &mut Vec<u8>, size: &mut usize) -> Result<bool, CallError> {
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

    pub(crate) fn key(&mut self, bytes: &mut Vec<u8>) -> Result<String, CallError> {
        self.value(bytes, true)?;
        let key = serde_json::from_slice(bytes).map_err(|error| self.malformed(&error.to_string()))?;
        self.expect(b':')?;
        Ok(key)
    }

    /// Bytes of the file that were read and are done with.
    pub(crate) fn consumed(&self) -> u64 {
        let buffered = self.input.buffer().len() as u64;
        self.position.load(Ordering::Relaxed).saturating_sub(buffered)
    }

    /// Parses the bytes of an element into a value, or says what is wrong with this row.
    pub(crate) fn parse(&self, bytes: &[u8], size: usize) -> Result<Value, Defect> {
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
