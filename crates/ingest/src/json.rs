//! JSON and JSON Lines as streams of rows: one element in memory at a time.
//!
//! Known shapes of a document: an array of objects, of pairs `[text, label]` or of texts; an object of arrays (one a
//! column); an object of splits, each an array of pairs or objects (as in CLINC150).

use std::path::Path;

use contract::{CallError, ErrorCode};
use encoding_rs::Encoding;
use serde_json::Value;

use crate::json_cursor::Cursor;
use crate::limits::{MAX_COLUMNS, SAMPLE_ROWS};
use crate::record::{Defect, Record, RowSource, unique_names};

/// A row's number and its value, or what is wrong with it.
type Element = (u64, Result<Value, Defect>);

/// The columns of an object of arrays, and a cursor inside each of them.
type ColumnCursors = (Vec<String>, Vec<Cursor>);

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
    fn columns_of(path: &Path, encoding: &'static Encoding) -> Result<Option<ColumnCursors>, CallError> {
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
    fn next_value(&mut self) -> Result<Option<Element>, CallError> {
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

    fn next_line(&mut self) -> Result<Option<Element>, CallError> {
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
            _ => self.cursor.consumed(),
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
