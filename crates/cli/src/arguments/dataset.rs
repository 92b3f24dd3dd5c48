//! Datasets.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use contract::dataset::{Balance, DatasetFormat, SplitSettings};

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
            format: self.format.contract(),
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

impl DatasetFormatName {
    /// The contract's form.
    pub fn contract(self) -> DatasetFormat {
        match self {
            Self::Jsonl => DatasetFormat::Jsonl,
            Self::Csv => DatasetFormat::Csv,
            Self::Parquet => DatasetFormat::Parquet,
        }
    }
}
