//! Reads one sheet of a workbook from its first cell to its last and sends its rows on.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::mpsc::SyncSender;

use calamine::{Cell, Data, DataRef, Ods, OdsError, Reader, Xls, XlsError, Xlsx, XlsxError};
use contract::source::Format;
use contract::{CallError, ErrorCode};

use crate::limits::{MAX_COLUMNS, MAX_SHEET_CELLS};
use crate::workbook::{Book, Part, SheetRow, damaged};

/// Where rows go.
pub type Sender = SyncSender<Result<Part, CallError>>;

/// Why reading stopped: an error, or nobody listens any more.
type Stop = Option<CallError>;

/// Rows of a batch.
const BATCH: usize = 256;

/// Sends the book, then the rows of the sheet, then an empty batch.
pub fn send_rows(
    file: BufReader<File>,
    path: &Path,
    format: Format,
    wanted: Option<&str>,
    sender: &Sender,
) -> Result<(), Stop> {
    let failed = |error: &dyn std::fmt::Display| Some(damaged(path, format, &error.to_string()));
    let protected = || Some(CallError::new(ErrorCode::FileProtected).in_file(path.display()));
    match format {
        Format::Xls => {
            let book = Xls::new(file).map_err(|error| match error {
                XlsError::Password => protected(),
                error => failed(&error),
            })?;
            send_range(book, path, format, wanted, sender)
        }
        Format::Ods => {
            let book = Ods::new(file).map_err(|error| match error {
                OdsError::Password => protected(),
                error => failed(&error),
            })?;
            send_range(book, path, format, wanted, sender)
        }
        _ => {
            let book = Xlsx::new(file).map_err(|error| match error {
                XlsxError::Password => protected(),
                error => failed(&error),
            })?;
            send_cells(book, path, wanted, sender)
        }
    }
}

/// The sheets to try: the one that was named, or all in their order.
fn candidates(names: &[String], wanted: Option<&str>, path: &Path) -> Result<Vec<String>, Stop> {
    match wanted {
        None => Ok(names.to_vec()),
        Some(wanted) if names.iter().any(|name| name == wanted) => Ok(vec![wanted.to_owned()]),
        Some(wanted) => {
            let error = CallError::new(ErrorCode::SheetMissing).with("sheet", wanted).with("sheets", names.join(", "));
            Err(Some(error.in_file(path.display())))
        }
    }
}

/// What is said when no sheet has a cell: the first thing that went wrong, or that there is nothing.
fn nothing(path: &Path, format: Format, failure: Option<String>) -> Stop {
    Some(match failure {
        Some(detail) => damaged(path, format, &detail),
        None => CallError::new(ErrorCode::FileEmpty).in_file(path.display()),
    })
}

/// XLSX, a cell at a time.
fn send_cells(mut book: Xlsx<BufReader<File>>, path: &Path, wanted: Option<&str>, sender: &Sender) -> Result<(), Stop> {
    let format = Format::Xlsx;
    let names = book.sheet_names();
    let mut failure = None;
    for name in candidates(&names, wanted, path)? {
        // A chart sheet has no cells to read; that is no damage as long as another sheet has.
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(error) => {
                failure.get_or_insert(error.to_string());
                continue;
            }
        };
        let mut next = || loop {
            match cells.next_cell() {
                Ok(Some(cell)) if *cell.get_value() == DataRef::Empty => {}
                other => return other,
            }
        };
        let first = match next() {
            Ok(Some(cell)) => cell,
            Ok(None) => continue,
            Err(error) => {
                failure.get_or_insert(error.to_string());
                continue;
            }
        };
        let mut rows = Rows::new(sender);
        let mut ahead = Some(first);
        let mut sent_book = false;
        while let Some(cell) = ahead {
            if !sent_book {
                sent_book = true;
                let book = Book { names: names.clone(), sheet: name.clone(), last_row: None };
                sender.send(Ok(Part::Book(book))).map_err(|_| None)?;
            }
            rows.add(&cell)?;
            ahead = next().map_err(|error| Some(damaged(path, format, &error.to_string()).at_row(rows.row())))?;
        }
        return rows.finish();
    }
    Err(nothing(path, format, failure))
}

/// Cells gathered into rows, rows into batches.
struct Rows<'a> {
    sender: &'a Sender,
    batch: Vec<SheetRow>,
    current: SheetRow,
}

impl<'a> Rows<'a> {
    fn new(sender: &'a Sender) -> Self {
        Self { sender, batch: Vec::new(), current: SheetRow { number: 0, cells: Vec::new() } }
    }

    fn row(&self) -> u64 {
        self.current.number.max(1)
    }

    fn add(&mut self, cell: &Cell<DataRef<'_>>) -> Result<(), Stop> {
        let (row, column) = cell.get_position();
        let (number, column) = (u64::from(row) + 1, column as usize);
        if number != self.current.number {
            self.end_row(number)?;
        }
        if column < MAX_COLUMNS {
            if self.current.cells.len() <= column {
                self.current.cells.resize(column + 1, String::new());
            }
            self.current.cells[column] = match cell.get_value() {
                DataRef::SharedString(text) => (*text).to_owned(),
                other => render(&Data::from(other.clone())),
            };
        }
        Ok(())
    }

    fn end_row(&mut self, next: u64) -> Result<(), Stop> {
        let row = std::mem::replace(&mut self.current, SheetRow { number: next, cells: Vec::new() });
        if row.cells.iter().any(|cell| !cell.is_empty()) {
            self.batch.push(row);
        }
        if self.batch.len() >= BATCH {
            self.sender.send(Ok(Part::Rows(std::mem::take(&mut self.batch)))).map_err(|_| None)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Stop> {
        self.end_row(0)?;
        if !self.batch.is_empty() {
            self.sender.send(Ok(Part::Rows(std::mem::take(&mut self.batch)))).map_err(|_| None)?;
        }
        self.sender.send(Ok(Part::Rows(Vec::new()))).map_err(|_| None)
    }
}

/// XLS and ODS, a sheet at a time.
fn send_range<R: Reader<BufReader<File>>>(
    mut book: R,
    path: &Path,
    format: Format,
    wanted: Option<&str>,
    sender: &Sender,
) -> Result<(), Stop>
where
    R::Error: std::fmt::Display,
{
    let names = book.sheet_names();
    let mut failure = None;
    for name in candidates(&names, wanted, path)? {
        let range = match book.worksheet_range(&name) {
            Ok(range) if range.is_empty() => continue,
            Ok(range) => range,
            Err(error) => {
                failure.get_or_insert(error.to_string());
                continue;
            }
        };
        let (height, width) = range.get_size();
        if height.saturating_mul(width) > MAX_SHEET_CELLS {
            return Err(Some(damaged(path, format, &format!("{height} rows of {width} columns"))));
        }
        let (first_row, first_column) = range.start().map_or((0, 0), |(row, column)| (u64::from(row), column as usize));
        let last_row = Some(first_row + height as u64);
        let book = Book { names: names.clone(), sheet: name, last_row };
        sender.send(Ok(Part::Book(book))).map_err(|_| None)?;
        let mut rows = Rows::new(sender);
        for (index, cells) in range.rows().enumerate() {
            rows.end_row(first_row + index as u64 + 1)?;
            let skipped = std::iter::repeat_n(String::new(), first_column);
            rows.current.cells = skipped.chain(cells.iter().map(render)).take(MAX_COLUMNS).collect();
        }
        return rows.finish();
    }
    Err(nothing(path, format, failure))
}

/// A cell as a person sees it.
fn render(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        }
        Data::DateTime(time) => time.as_f64().to_string(),
    }
}
