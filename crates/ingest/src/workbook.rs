//! Workbooks: XLSX, XLS, ODS. A sheet is held whole; its format bounds it at about a million rows.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, Ods, OdsError, Range, Reader, Xls, XlsError, Xlsx};
use contract::source::Format;
use contract::{CallError, ErrorCode};

use crate::limits::{MAX_COLUMNS, MAX_WORKBOOK};
use crate::record::{Record, RowSource, unique_names};

/// The sheets of a workbook and one of them.
pub struct Sheet {
    /// All sheets' names.
    pub names: Vec<String>,
    /// The chosen one's name.
    pub name: String,
    range: Range<Data>,
}

/// Reads one sheet: the one named, else the first that has cells.
pub fn read_sheet(path: &Path, format: Format, sheet: Option<&str>) -> Result<Sheet, CallError> {
    check_unpacked_size(path, format)?;
    let file = File::open(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
    let input = BufReader::new(file);
    match format {
        Format::Xls => {
            let book = Xls::new(input).map_err(|error| match error {
                XlsError::Password => CallError::new(ErrorCode::FileProtected).in_file(path.display()),
                error => damaged(path, format, &error.to_string()),
            })?;
            choose(book, path, format, sheet)
        }
        Format::Ods => {
            let book = Ods::new(input).map_err(|error| match error {
                OdsError::Password => CallError::new(ErrorCode::FileProtected).in_file(path.display()),
                error => damaged(path, format, &error.to_string()),
            })?;
            choose(book, path, format, sheet)
        }
        _ => {
            let book = Xlsx::new(input).map_err(|error| damaged(path, format, &error.to_string()))?;
            choose(book, path, format, sheet)
        }
    }
}

fn choose<R: Reader<BufReader<File>>>(
    mut book: R,
    path: &Path,
    format: Format,
    sheet: Option<&str>,
) -> Result<Sheet, CallError>
where
    R::Error: std::fmt::Display,
{
    let names = book.sheet_names();
    let mut range_of =
        |name: &str| book.worksheet_range(name).map_err(|error| damaged(path, format, &error.to_string()));
    if let Some(wanted) = sheet {
        let Some(name) = names.iter().find(|name| *name == wanted).cloned() else {
            let error = CallError::new(ErrorCode::SheetMissing).with("sheet", wanted).with("sheets", names.join(", "));
            return Err(error.in_file(path.display()));
        };
        let range = range_of(&name)?;
        return Ok(Sheet { names, name, range });
    }
    for name in &names {
        // A chart sheet has no cells to read; that is no damage as long as another one has.
        if let Ok(range) = range_of(name)
            && !range.is_empty()
        {
            return Ok(Sheet { name: name.clone(), names: names.clone(), range });
        }
    }
    match names.first() {
        Some(name) => {
            range_of(name)?;
            Err(CallError::new(ErrorCode::FileEmpty).in_file(path.display()))
        }
        None => Err(CallError::new(ErrorCode::FileEmpty).in_file(path.display())),
    }
}

fn damaged(path: &Path, format: Format, detail: &str) -> CallError {
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

/// Rows of a sheet.
pub struct SheetSource {
    range: Range<Data>,
    columns: Vec<String>,
    /// Index in the range of the next row.
    next: usize,
    /// Row of the sheet, as a person counts, of the range's first.
    first_row: u64,
}

impl SheetSource {
    /// The rows below the header (or all, with made-up names).
    pub fn new(sheet: Sheet, header: bool, path: &Path) -> Result<Self, CallError> {
        let range = sheet.range;
        let width = range.width();
        if width > MAX_COLUMNS {
            return Err(damaged(path, Format::Xlsx, &format!("{width} columns")));
        }
        let names = |row: Option<&[Data]>| {
            (0..width).map(|column| row.and_then(|row| row.get(column)).map(render).unwrap_or_default()).collect::<Vec<_>>()
        };
        let columns = unique_names(if header { names(range.rows().next()) } else { names(None) });
        let first_row = range.start().map_or(1, |(row, _)| u64::from(row) + 1);
        Ok(Self { range, columns, next: usize::from(header), first_row })
    }
}

impl RowSource for SheetSource {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<bool, CallError> {
        let (height, width) = self.range.get_size();
        if self.next >= height {
            return Ok(false);
        }
        record.clear(self.first_row + self.next as u64);
        for column in 0..width {
            match self.range.get((self.next, column)) {
                Some(Data::String(text)) => record.push(text),
                Some(cell) => record.push(&render(cell)),
                None => record.push(""),
            }
        }
        self.next += 1;
        Ok(true)
    }

    fn position(&self) -> u64 {
        self.next as u64
    }

    fn total(&self) -> u64 {
        self.range.height() as u64
    }

    fn rows(&self) -> Option<u64> {
        Some((self.range.height() as u64).saturating_sub(1))
    }
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
