//! Datasets and their versions.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use contract::dataset::{Balance, DatasetFormat, SplitSettings};
use contract::version::Increment;

use super::share;

#[derive(Args)]
pub struct Write {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub split: Split,
    #[arg(long)]
    pub dry_run: bool,
}

/// How train and eval are made.
#[derive(Args)]
pub struct Split {
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = SplitSettings::default().eval)]
    pub eval: f64,
    #[arg(long, value_name = "N", default_value_t = SplitSettings::default().min_eval)]
    pub min_eval: u64,
    #[arg(long, value_name = "N", default_value_t = SplitSettings::default().min_per_domain)]
    pub min_per_domain: u64,
    #[arg(long)]
    pub balance: bool,
    #[arg(long, value_name = "N")]
    pub max_per_domain: Option<u64>,
    #[arg(long, value_name = "S", default_value_t = SplitSettings::default().seed)]
    pub seed: u64,
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "jsonl")]
    pub format: DatasetFormatName,
    #[arg(long)]
    pub without_predictions: bool,
    #[arg(long)]
    pub without_unchecked: bool,
}

impl Split {
    /// The contract's form.
    pub fn settings(&self) -> SplitSettings {
        SplitSettings {
            eval: self.eval,
            min_eval: self.min_eval,
            min_per_domain: self.min_per_domain,
            max_per_domain: self.max_per_domain,
            balance: if self.balance { Balance::Smallest } else { Balance::None },
            seed: self.seed,
            include_confident: !self.without_predictions,
            include_unchecked: !self.without_unchecked,
            format: match self.format {
                DatasetFormatName::Jsonl => DatasetFormat::Jsonl,
                DatasetFormatName::Csv => DatasetFormat::Csv,
                DatasetFormatName::Parquet => DatasetFormat::Parquet,
            },
            ..SplitSettings::default()
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum DatasetFormatName {
    Jsonl,
    Csv,
    Parquet,
}

#[derive(Args)]
pub struct Version {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: VersionAction,
}

#[derive(Subcommand)]
pub enum VersionAction {
    Commit(Commit),
    List,
    Show {
        #[arg(value_name = "V")]
        version: String,
    },
    Checkout {
        #[arg(value_name = "V")]
        version: String,
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
    },
}

/// What a version is committed with.
#[derive(Args)]
pub struct Commit {
    #[arg(short, long, value_name = "MESSAGE")]
    pub message: String,
    #[arg(long, value_name = "T")]
    pub tag: Option<String>,
    #[arg(long, value_name = "WHO")]
    pub author: Option<String>,
    #[arg(long, value_enum, value_name = "PART", default_value = "auto")]
    pub increment: IncrementName,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum IncrementName {
    Auto,
    Major,
    Minor,
    Patch,
}

impl IncrementName {
    /// The contract's form.
    pub fn contract(self) -> Increment {
        match self {
            Self::Auto => Increment::Auto,
            Self::Major => Increment::Major,
            Self::Minor => Increment::Minor,
            Self::Patch => Increment::Patch,
        }
    }
}
