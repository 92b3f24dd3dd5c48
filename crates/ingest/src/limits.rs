//! Bounds on what a file may make us hold.

/// Largest cell, bytes: more is a defect of the row.
pub const MAX_CELL: usize = 1 << 20;
/// Largest record of a text file, bytes: a quote that is never closed must not swallow memory.
pub const MAX_RECORD: usize = 16 << 20;
/// How much of a file is looked at to find out what it is, bytes.
pub const SAMPLE: usize = 1 << 20;
/// How many rows are looked at to guess the columns.
pub const SAMPLE_ROWS: usize = 1000;
/// Rows shown in a preview.
pub const PREVIEW_ROWS: usize = 50;
/// Characters of a cell shown in a preview.
pub const PREVIEW_CELL: usize = 500;
/// Columns kept beside the mapped ones as metadata.
pub const METADATA_COLUMNS: usize = 16;
/// Characters of a metadata value.
pub const METADATA_CELL: usize = 200;
/// Characters of a dropped row's excerpt.
pub const EXCERPT: usize = 200;
/// Columns of a table.
pub const MAX_COLUMNS: usize = 10_000;
/// Unpacked size of a workbook, bytes: a million rows of twenty columns are about half of it.
pub const MAX_WORKBOOK: u64 = 2 << 30;
/// Cells of a sheet that is read at once (XLS holds 16 million at most).
pub const MAX_SHEET_CELLS: usize = 1 << 24;
