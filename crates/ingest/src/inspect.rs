//! A first look at a file: what it is, what its columns are, its first rows.

use std::path::Path;

use contract::source::{Format, Inspection, ReadOptions};
use contract::{CallError, ErrorCode};
use encoding_rs::Encoding;

use crate::columns;
use crate::csv::CsvSource;
use crate::delimiter::{self, Dialect};
use crate::encoding;
use crate::format::{self, Head};
use crate::json::JsonSource;
use crate::limits::{PREVIEW_CELL, PREVIEW_ROWS, SAMPLE_ROWS};
use crate::parquet::ParquetSource;
use crate::record::{Record, RowSource};
use crate::workbook::SheetSource;

/// A source that is open, and how it was opened.
pub struct Opened {
    pub source: Box<dyn RowSource>,
    pub format: Format,
    pub size: u64,
    pub encoding: Option<&'static Encoding>,
    pub bom: bool,
    pub delimiter: Option<u8>,
    pub header: bool,
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
}

/// Opens a file with what the person said and the rest detected.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Opened, CallError> {
    let head = format::read_head(path)?;
    let format = match options.format {
        Some(format) => format,
        None => format::detect(path, &head)?,
    };
    let encoding_of = || chosen_encoding(options, &head).map_err(|error| error.in_file(path.display()));
    let mut opened = match format {
        Format::Csv => open_csv(path, options, &head, encoding_of()?)?,
        Format::Json | Format::Jsonl => {
            let (encoding, bom) = encoding_of()?;
            let source = Box::new(JsonSource::open(path, encoding, format == Format::Jsonl)?);
            Opened { encoding: Some(encoding), bom, ..Opened::plain(source, format) }
        }
        Format::Parquet => {
            if !head.bytes.starts_with(b"PAR1") {
                let error = CallError::new(ErrorCode::FormatMismatch).with("format", "Parquet");
                return Err(error.in_file(path.display()));
            }
            Opened::plain(Box::new(ParquetSource::open(path)?), format)
        }
        Format::Xlsx | Format::Xls | Format::Ods => {
            let (source, book) = SheetSource::open(path, format, options.sheet.as_deref())?;
            let source = Box::new(source);
            Opened { sheets: book.names, sheet: Some(book.sheet), header: true, ..Opened::plain(source, format) }
        }
    };
    opened.size = head.size;
    Ok(opened)
}

impl Opened {
    fn plain(source: Box<dyn RowSource>, format: Format) -> Self {
        Self {
            source,
            format,
            size: 0,
            encoding: None,
            bom: false,
            delimiter: None,
            header: false,
            sheets: Vec::new(),
            sheet: None,
        }
    }
}

fn chosen_encoding(options: &ReadOptions, head: &Head) -> Result<(&'static Encoding, bool), CallError> {
    let (detected, bom) = encoding::detect(head);
    match &options.encoding {
        Some(name) if name.trim().eq_ignore_ascii_case("utf-16") && encoding::name(detected).starts_with("utf-16") => {
            Ok((detected, bom))
        }
        Some(name) => Ok((encoding::by_name(name)?, bom)),
        None => Ok((detected, bom)),
    }
}

fn open_csv(
    path: &Path,
    options: &ReadOptions,
    head: &Head,
    (encoding, bom): (&'static Encoding, bool),
) -> Result<Opened, CallError> {
    let delimiter = options.delimiter.as_deref().map(chosen_delimiter).transpose();
    let delimiter = delimiter.map_err(|error| error.in_file(path.display()))?;
    let sample = encoding.decode(&head.bytes).0;
    let tabs = path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("tsv") || ext.eq_ignore_ascii_case("tab"));
    let tabs = tabs && sample.contains('\t');
    let dialect = delimiter::detect(sample.as_bytes(), head.whole, tabs, delimiter);
    let header = has_header(path, encoding, dialect)?;
    let source = Box::new(CsvSource::open(path, encoding, dialect, header)?);
    let delimiter = (source.columns().len() > 1 || delimiter.is_some()).then_some(dialect.delimiter);
    Ok(Opened { encoding: Some(encoding), bom, delimiter, header, ..Opened::plain(source, Format::Csv) })
}

fn has_header(path: &Path, encoding: &'static Encoding, dialect: Dialect) -> Result<bool, CallError> {
    let mut source = CsvSource::open(path, encoding, dialect, true)?;
    let first: Vec<String> = source.columns().to_vec();
    let rows = first_rows(&mut source, 50)?;
    Ok(columns::is_header(&first, &rows))
}

fn chosen_delimiter(text: &str) -> Result<u8, CallError> {
    match text {
        "\\t" | "tab" | "\t" => Ok(b'\t'),
        text if text.len() == 1 && text.is_ascii() && !matches!(text, "\"" | "\n" | "\r") => Ok(text.as_bytes()[0]),
        other => Err(CallError::new(ErrorCode::DelimiterInvalid).with("delimiter", other)),
    }
}

/// The cells of the first sound rows.
fn first_rows(source: &mut dyn RowSource, count: usize) -> Result<Vec<Vec<String>>, CallError> {
    let (mut rows, mut record) = (Vec::new(), Record::default());
    while rows.len() < count && source.next(&mut record)? {
        if record.defect.is_none() {
            rows.push(record.cells().map(str::to_owned).collect());
        }
    }
    Ok(rows)
}

/// Bad rows named in an inspection.
const MAX_WARNINGS: usize = 5;

/// Reads the beginning of a file and tells what it is.
///
/// # Errors
/// A file that is missing, a folder, empty, damaged, protected, or of no known format.
pub fn inspect(path: &Path, options: &ReadOptions) -> Result<Inspection, CallError> {
    let mut opened = open(path, options)?;
    let (mut rows, mut warnings, mut record) = (Vec::new(), Vec::new(), Record::default());
    let file = path.display().to_string();
    while rows.len() < SAMPLE_ROWS {
        match opened.source.next(&mut record) {
            Ok(false) => break,
            Ok(true) => match &record.defect {
                Some(_) if warnings.len() < MAX_WARNINGS => {
                    warnings.extend(record.error(&file, opened.source.columns()));
                }
                Some(_) => {}
                None => rows.push(record.cells().map(str::to_owned).collect::<Vec<_>>()),
            },
            // The beginning can be shown; the import will stop there.
            Err(error) if !rows.is_empty() => {
                warnings.push(error);
                break;
            }
            Err(error) => return Err(error),
        }
    }
    if rows.is_empty() && warnings.is_empty() {
        return Err(CallError::new(ErrorCode::FileEmpty).in_file(file));
    }
    let (position, total) = (opened.source.position().max(1), opened.source.total());
    let names = opened.source.columns().to_vec();
    let (columns, mapping) = columns::examine(&names, &rows);
    let read = rows.len() as u64;
    // A share of what was buffered, not of what was parsed, where the file is small: then the rows are all there.
    let estimate = if read < SAMPLE_ROWS as u64 { read } else { (read * total / position).max(read) };
    Ok(Inspection {
        path: file,
        size: opened.size,
        format: opened.format,
        encoding: opened.encoding.map(encoding::name),
        bom: opened.bom,
        delimiter: opened.delimiter.map(|byte| (byte as char).to_string()),
        header: opened.header,
        sheets: opened.sheets,
        sheet: opened.sheet,
        columns,
        mapping,
        rows: rows
            .iter()
            .take(PREVIEW_ROWS)
            .map(|row| row.iter().map(|cell| cut(cell, PREVIEW_CELL)).collect())
            .collect(),
        rows_estimate: Some(opened.source.rows().unwrap_or(estimate)),
        warnings,
    })
}

/// At most `limit` characters, with an ellipsis where something was cut.
pub fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
