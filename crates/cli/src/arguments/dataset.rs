//! Datasets.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use contract::dataset::{Balance, DatasetFormat, SplitBy, SplitSettings, Synthetics, TimeSpan};

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
    #[arg(long, value_name = "N")]
    pub max_per_domain: Option<u64>,
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, default_missing_value = "smallest")]
    pub balance: Option<BalanceName>,
    #[arg(long, value_enum, value_name = "BY", default_value = "chance")]
    pub split_by: SplitByName,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=20))]
    pub folds: Option<u32>,
    #[arg(long, value_name = "SIM", value_parser = near_duplicates, default_value = "0.8")]
    pub near_duplicates: NearDuplicates,
    #[arg(long)]
    pub group_users: bool,
    #[arg(long, value_enum, value_name = "SPAN")]
    pub group_time: Option<TimeSpanName>,
    #[arg(long, value_enum, value_name = "WHERE", default_value = "train")]
    pub synthetics: SyntheticsName,
    #[arg(long, value_name = "S", default_value_t = SplitSettings::default().seed)]
    pub seed: u64,
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "jsonl")]
    pub format: DatasetFormatName,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub shard_rows: Option<u64>,
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub shard_bytes: Option<u64>,
    #[arg(long)]
    pub formula_safe: bool,
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
            balance: self.balance.map_or(Balance::None, BalanceName::contract),
            split_by: match self.split_by {
                SplitByName::Chance => SplitBy::Chance,
                SplitByName::Time => SplitBy::Time,
            },
            folds: self.folds,
            near_duplicates: self.near_duplicates.0,
            group_users: self.group_users,
            group_time: self.group_time.map(TimeSpanName::contract),
            synthetics: match self.synthetics {
                SyntheticsName::Train => Synthetics::Train,
                SyntheticsName::Both => Synthetics::Both,
                SyntheticsName::LeftOut => Synthetics::LeftOut,
            },
            shard_rows: self.shard_rows,
            shard_bytes: self.shard_bytes,
            seed: self.seed,
            include_confident: !self.without_predictions,
            include_unchecked: !self.without_unchecked,
            format: self.format.contract(),
            formula_safe: self.formula_safe,
        }
    }
}

/// A similarity, or that near-duplicates are not looked for.
#[derive(Clone, Copy)]
pub struct NearDuplicates(Option<f64>);

/// A number above 0, up to 1, or `off`.
fn near_duplicates(text: &str) -> Result<NearDuplicates, String> {
    if text == "off" {
        return Ok(NearDuplicates(None));
    }
    let number: Option<f64> = text.parse().ok().filter(|value| *value > 0.0 && *value <= 1.0);
    number.map(|value| NearDuplicates(Some(value))).ok_or_else(|| "0 < … ≤ 1, off".to_owned())
}

/// A number of bytes: `500000`, `500K`, `64M`, `1G`.
fn bytes(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1 << 10),
        Some((at, 'm' | 'M')) => (&text[..at], 1 << 20),
        Some((at, 'g' | 'G')) => (&text[..at], 1 << 30),
        _ => (text, 1),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    number.filter(|bytes| *bytes > 0).ok_or_else(|| "500000, 500K, 64M, 1G".to_owned())
}

#[derive(Clone, Copy, ValueEnum)]
pub enum BalanceName {
    None,
    Smallest,
    Weights,
    Oversample,
}

impl BalanceName {
    fn contract(self) -> Balance {
        match self {
            Self::None => Balance::None,
            Self::Smallest => Balance::Smallest,
            Self::Weights => Balance::Weights,
            Self::Oversample => Balance::Oversample,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SplitByName {
    Chance,
    Time,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum TimeSpanName {
    Hour,
    Day,
    Week,
    Month,
}

impl TimeSpanName {
    fn contract(self) -> TimeSpan {
        match self {
            Self::Hour => TimeSpan::Hour,
            Self::Day => TimeSpan::Day,
            Self::Week => TimeSpan::Week,
            Self::Month => TimeSpan::Month,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SyntheticsName {
    Train,
    Both,
    LeftOut,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum DatasetFormatName {
    Jsonl,
    Csv,
    Parquet,
    HuggingFace,
}

impl DatasetFormatName {
    /// The contract's form.
    pub fn contract(self) -> DatasetFormat {
        match self {
            Self::Jsonl => DatasetFormat::Jsonl,
            Self::Csv => DatasetFormat::Csv,
            Self::Parquet => DatasetFormat::Parquet,
            Self::HuggingFace => DatasetFormat::HuggingFace,
        }
    }
}
