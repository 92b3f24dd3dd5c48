//! What is labelled, and what goes to review.

use std::path::PathBuf;

use clap::Args;
use contract::label::{Budget, Thresholds};

use super::probability;

#[derive(Args)]
pub struct Label {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(long, value_name = "NAME")]
    pub model: String,
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    #[arg(long, value_name = "S", requires = "limit")]
    pub sample_seed: Option<u64>,
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    #[command(flatten)]
    pub thresholds: ThresholdArguments,
    #[command(flatten)]
    pub budget: BudgetArguments,
}

#[derive(Args)]
pub struct BudgetArguments {
    #[arg(long, value_name = "N")]
    pub max_tokens: Option<u64>,
    #[arg(long, value_name = "S")]
    pub max_seconds: Option<u64>,
}

impl BudgetArguments {
    /// The contract's form.
    pub fn contract(&self) -> Budget {
        Budget { max_tokens: self.max_tokens, max_seconds: self.max_seconds }
    }
}

#[derive(Args)]
pub struct ThresholdArguments {
    #[arg(long, value_name = "P", value_parser = probability, default_value_t = Thresholds::default().review_below)]
    pub threshold: f32,
    #[arg(long, value_name = "P", value_parser = probability)]
    pub high_threshold: Option<f32>,
}

impl ThresholdArguments {
    /// The contract's form; high priority never begins above the threshold of review.
    pub fn contract(&self) -> Thresholds {
        let high = self.high_threshold.unwrap_or(Thresholds::default().high_below.min(self.threshold));
        Thresholds { review_below: self.threshold, high_below: high }
    }
}
