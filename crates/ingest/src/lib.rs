//! Sources: what a file is, its rows as a stream, cleaning.
//!
//! Nothing here knows of stores or jobs. Files are hostile: every limit is in [`limits`], and no reader holds more than
//! a record of a text file at a time (of workbooks the shared strings, of XLS and ODS the sheet).
//!
//! Errors are [`contract::CallError`]: each one is read by a person and names the file and, where there is one, the row.

mod clean;
mod columns;
mod csv;
mod delimiter;
mod encoding;
mod format;
mod inspect;
mod json;
mod json_cursor;
mod parquet;
mod reader;
mod record;
mod russian;
mod schema;
mod sheet;
mod workbook;

pub mod limits;

pub use clean::{CleanItem, Cleaned, Cleaner, text_hash};
pub use inspect::inspect;
pub use reader::{CleanBatch, DroppedItem, ImportReader, content_hash};
pub use schema::{check_schema, read_schema, suggest_domain};
