//! The whole job in one go.

use std::path::PathBuf;

use clap::Args;

use super::{BudgetArguments, Commit, Reading, ServerTuning, Split, ThresholdArguments};

#[derive(Args)]
pub struct Run {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub model: String,
    #[arg(long, value_name = "PATH", conflicts_with = "server")]
    pub gguf: Option<PathBuf>,
    #[arg(long, value_name = "URL", requires = "server_model")]
    pub server: Option<String>,
    #[arg(long, value_name = "ID", requires = "server")]
    pub server_model: Option<String>,
    #[arg(long, value_name = "VAR", requires = "server")]
    pub key_env: Option<String>,
    #[command(flatten)]
    pub tuning: ServerTuning,
    #[command(flatten)]
    pub reading: Reading,
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    #[arg(long, value_name = "S", requires = "limit")]
    pub sample_seed: Option<u64>,
    #[command(flatten)]
    pub thresholds: ThresholdArguments,
    #[command(flatten)]
    pub budget: BudgetArguments,
    #[command(flatten)]
    pub split: Split,
    #[command(flatten)]
    pub commit: Commit,
}
