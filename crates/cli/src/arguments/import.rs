//! What an import is told.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use contract::source::{CleaningSettings, ColumnMapping, FileSpec, Format, ReadOptions};

use crate::failure::Failure;
use crate::session::path_text;

#[derive(Args)]
pub struct Import {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub dropped: Option<PathBuf>,
    #[arg(long)]
    pub dry_run: bool,
}

/// How files are read and cleaned.
#[derive(Args)]
pub struct Reading {
    #[arg(long, value_name = "COL")]
    pub text: Option<String>,
    #[arg(long, value_name = "COL")]
    pub label: Option<String>,
    #[arg(long, value_name = "COL")]
    pub ts: Option<String>,
    #[arg(long, value_name = "COL")]
    pub user: Option<String>,
    #[arg(long)]
    pub only_named_columns: bool,
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub source_format: Option<SourceFormat>,
    #[arg(long, value_name = "E")]
    pub encoding: Option<String>,
    #[arg(long, value_name = "C")]
    pub delimiter: Option<String>,
    #[arg(long, value_name = "S")]
    pub sheet: Option<String>,
    #[arg(long, value_name = "N")]
    pub max_rows: Option<u64>,
    #[arg(long, value_name = "N", default_value_t = CleaningSettings::default().min_length)]
    pub min_length: u32,
    #[arg(long, value_name = "N", default_value_t = CleaningSettings::default().max_length)]
    pub max_length: u32,
    #[arg(long)]
    pub keep_duplicates: bool,
    #[arg(long)]
    pub skip_bad_rows: bool,
}

impl Reading {
    /// The contract's form, for one file.
    pub fn of_file(&self, file: &Path) -> Result<FileSpec, Failure> {
        Ok(FileSpec {
            path: path_text(file)?,
            read: ReadOptions {
                format: self.source_format.map(SourceFormat::contract),
                encoding: self.encoding.clone(),
                delimiter: self.delimiter.clone(),
                sheet: self.sheet.clone(),
            },
            mapping: ColumnMapping {
                text: self.text.clone(),
                label: self.label.clone(),
                ts: self.ts.clone(),
                user: self.user.clone(),
            },
            exact_mapping: self.only_named_columns,
            cleaning: CleaningSettings {
                min_length: self.min_length,
                max_length: self.max_length,
                keep_duplicates: self.keep_duplicates,
                max_rows: self.max_rows,
                skip_bad_rows: self.skip_bad_rows,
                ..CleaningSettings::default()
            },
        })
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SourceFormat {
    Xlsx,
    Xls,
    Ods,
    Csv,
    Json,
    Jsonl,
    Parquet,
}

impl SourceFormat {
    fn contract(self) -> Format {
        match self {
            Self::Xlsx => Format::Xlsx,
            Self::Xls => Format::Xls,
            Self::Ods => Format::Ods,
            Self::Csv => Format::Csv,
            Self::Json => Format::Json,
            Self::Jsonl => Format::Jsonl,
            Self::Parquet => Format::Parquet,
        }
    }
}
