//! Workbooks: XLSX, XLS, ODS. A thread of its own reads the cells and hands over rows in batches; of XLSX only the shared
//! strings are held, the older format and ODS are read a sheet at a time (their formats bound it).

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};

use contract::source::Format;
use contract::{CallError, ErrorCode};

use crate::limits::{MAX_COLUMNS, MAX_WORKBOOK, SAMPLE_ROWS};
use crate::record::{Record, RowSource, unique_names};
use crate::sheet::{self, Sender};

/// What is known of a workbook before its rows come.
pub struct Book {
    /// All sheets' names.
    pub names: Vec<String>,
    /// The chosen one's name.
    pub sheet: String,
    /// The last row that the sheet says it has; a hint.
    pub last_row: Option<u64>,
}

/// A row of a sheet that has something in it.
pub struct SheetRow {
    /// Row as a person counts.
    pub number: u64,
    /// Its cells as a person sees them, up to the last filled one.
    pub cells: Vec<String>,
}

/// What the reading thread sends, after the book: rows, or an empty batch at the end.
pub enum Part {
    /// Comes first.
    Book(Book),
    /// Some rows; none of them is the end.
    Rows(Vec<SheetRow>),
}

/// Rows of a sheet.
pub struct SheetSource {
    path: String,
    format: Format,
    parts: Receiver<Result<Part, CallError>>,
    waiting: VecDeque<SheetRow>,
    over: bool,
    columns: Vec<String>,
    row: u64,
    last_row: Option<u64>,
    header_row: u64,
}

/// Batches that the reading thread may be ahead.
const AHEAD: usize = 4;

impl SheetSource {
    /// Opens the sheet named, else the first that has cells. The first row is the header; rows of a title above it, with
    /// fewer cells than the table has columns, are passed over.
    ///
    /// # Errors
    /// A workbook that is damaged, protected, empty, too large, or has no such sheet.
    pub fn open(path: &Path, format: Format, wanted: Option<&str>) -> Result<(Self, Book), CallError> {
        check_unpacked_size(path, format)?;
        let (sender, parts) = sync_channel(AHEAD);
        let (file, wanted) = (path.to_owned(), wanted.map(str::to_owned));
        std::thread::spawn(move || send(&file, format, wanted.as_deref(), &sender));
        let mut source = Self {
            path: path.display().to_string(),
            format,
            parts,
            waiting: VecDeque::new(),
            over: false,
            columns: Vec::new(),
            row: 0,
            last_row: None,
            header_row: 0,
        };
        let book = match source.receive()? {
            Part::Book(book) => book,
            Part::Rows(_) => return Err(damaged(path, format, "no sheets")),
        };
        source.last_row = book.last_row;
        source.read_columns()?;
        Ok((source, book))
    }

    fn read_columns(&mut self) -> Result<(), CallError> {
        while self.waiting.len() < SAMPLE_ROWS && self.fetch()? {}
        let sample = || self.waiting.iter().take(SAMPLE_ROWS);
        let width = sample().map(|row| row.cells.len()).max().unwrap_or(0).min(MAX_COLUMNS);
        let filled = |row: &SheetRow| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let most = sample().take(20).map(filled).max().unwrap_or(0);
        // A title above a table of three and more columns fills a cell or two.
        let title = |row: &SheetRow| most > 2 && filled(row) * 2 < most;
        while self.waiting.front().is_some_and(title) {
            self.waiting.pop_front();
        }
        let Some(mut header) = self.waiting.pop_front() else {
            return Err(CallError::new(ErrorCode::FileEmpty).in_file(&self.path));
        };
        header.cells.resize(width, String::new());
        self.columns = unique_names(header.cells);
        self.header_row = header.number;
        Ok(())
    }

    fn receive(&self) -> Result<Part, CallError> {
        // The thread ends without a word only when the library gives up on what it reads.
        let lost = |_| damaged(Path::new(&self.path), self.format, "its content can't be understood");
        self.parts.recv().map_err(lost)?
    }

    /// Gets more rows; `false` at the end.
    fn fetch(&mut self) -> Result<bool, CallError> {
        if !self.over {
            match self.receive()? {
                Part::Rows(rows) if rows.is_empty() => self.over = true,
                Part::Rows(rows) => self.waiting.extend(rows),
                Part::Book(_) => {}
            }
        }
        Ok(!self.over)
    }
}

impl RowSource for SheetSource {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<bool, CallError> {
        while self.waiting.is_empty() && self.fetch()? {}
        let Some(row) = self.waiting.pop_front() else { return Ok(false) };
        self.row = row.number;
        record.clear(row.number);
        for column in 0..self.columns.len() {
            record.push(row.cells.get(column).map_or("", String::as_str));
        }
        Ok(true)
    }

    fn position(&self) -> u64 {
        self.row
    }

    fn total(&self) -> u64 {
        self.last_row.unwrap_or(0).max(self.row)
    }

    fn rows(&self) -> Option<u64> {
        self.last_row.map(|last| last.saturating_sub(self.header_row))
    }
}

/// The reading thread: ends when all is sent or nobody listens any more.
fn send(path: &Path, format: Format, wanted: Option<&str>, sender: &Sender) {
    let file = match File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) => return drop(sender.send(Err(CallError::from_io(&error, path.display(), false)))),
    };
    if let Err(Some(error)) = sheet::send_rows(file, path, format, wanted, sender) {
        // Nobody listens: nobody wants to know.
        let _ = sender.send(Err(error));
    }
}

/// An error about the file's content.
pub fn damaged(path: &Path, format: Format, detail: &str) -> CallError {
    let name = match format {
        Format::Xls => "XLS",
        Format::Ods => "ODS",
        _ => "XLSX",
    };
    CallError::new(ErrorCode::FileDamaged).with("format", name).with("detail", detail).in_file(path.display())
}

/// Refuses an archive that says it unpacks to more than any workbook does.
fn check_unpacked_size(path: &Path, format: Format) -> Result<(), CallError> {
    if format == Format::Xls {
        return Ok(());
    }
    let file = File::open(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
    let archive =
        zip::ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(path, format, &error.to_string()))?;
    match archive.decompressed_size() {
        Some(size) if size > u128::from(MAX_WORKBOOK) => {
            Err(damaged(path, format, &format!("unpacks to {size} bytes")))
        }
        _ => Ok(()),
    }
}
