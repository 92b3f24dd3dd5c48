//! Training, calibrating, comparing labellers; the prompt that language models get.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use contract::ComparisonId;

use super::{probability, share};

#[derive(Args)]
pub struct Train {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(value_name = "NAME")]
    pub name: String,
}

#[derive(Args)]
pub struct Calibrate {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub limit: u64,
    #[arg(long)]
    pub trust_labels: bool,
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
}

#[derive(Args)]
pub struct Thresholds {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "P", value_parser = share)]
    pub max_error: Option<f64>,
    #[arg(long)]
    pub trust_labels: bool,
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
}

#[derive(Args)]
pub struct Compare {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: CompareAction,
}

#[derive(Subcommand)]
pub enum CompareAction {
    Run {
        #[arg(value_name = "FIRST")]
        first: String,
        #[arg(value_name = "SECOND")]
        second: String,
        #[arg(long, value_name = "N", default_value_t = 500)]
        limit: u64,
        #[arg(long, value_name = "S", default_value_t = 1)]
        sample_seed: u64,
        #[arg(long, value_name = "FILTER")]
        filter: Option<String>,
        #[arg(long)]
        trust_labels: bool,
        #[arg(long)]
        known_only: bool,
    },
    List,
    Show {
        #[arg(value_name = "ID")]
        id: ComparisonId,
    },
    Disagreements {
        #[arg(value_name = "ID")]
        id: ComparisonId,
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u64,
        #[arg(long, value_name = "ITEM")]
        after: Option<i64>,
    },
    Review {
        #[arg(value_name = "ID")]
        id: ComparisonId,
    },
}

#[derive(Args)]
pub struct Prompt {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: PromptAction,
}

#[derive(Subcommand)]
pub enum PromptAction {
    Show,
    Set {
        #[arg(long, value_name = "FILE")]
        instruction: Option<PathBuf>,
        #[arg(long)]
        nearest: bool,
        #[arg(long, value_name = "N")]
        examples: Option<u32>,
        #[arg(long, value_name = "N")]
        characters: Option<u32>,
        #[arg(long, value_name = "K")]
        shortlist: Option<u32>,
        #[arg(long, value_name = "NAME")]
        encoder: Option<String>,
    },
    Reset,
}

/// What a classifier learns from beside decisions.
#[derive(Args)]
pub struct Trust {
    #[arg(long, value_name = "SOURCE", requires = "classifier")]
    pub trust_source: Vec<i64>,
    #[arg(long, requires = "classifier", conflicts_with = "trust_source")]
    pub trust_all: bool,
}

/// When a route asks its strong labeller: at most one of the three.
#[derive(Args)]
pub struct RouteWhen {
    #[arg(long, value_name = "P", value_parser = probability, requires = "route", group = "when")]
    pub below: Option<f32>,
    #[arg(long, value_name = "P", value_parser = share, requires = "route", group = "when")]
    pub accuracy: Option<f64>,
    #[arg(long, value_name = "P", value_parser = share, requires = "route", group = "when")]
    pub budget: Option<f64>,
}
