//! What can be typed. The help texts are in the catalogue (`text/help.rs`), in both languages; see [`crate::help`].

mod dataset;
mod import;
mod label;
mod labellers;
mod models;
mod review;
mod run;
mod version;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use contract::{ItemId, JobId};

pub use dataset::{Split, Write};
pub use import::{Import, Reading};
pub use label::{BudgetArguments, Label, ThresholdArguments};
pub use labellers::{Calibrate, Compare, CompareAction, Prompt, PromptAction, Thresholds, Train};
pub use models::{Models, ModelsAction, NewModel, ServerTuning, model_spec};
pub use review::{Review, ReviewAction};
pub use run::Run;
pub use version::{Commit, MergeOptions, Version, VersionAction, YesNo, commit_source};

#[derive(Parser)]
#[command(name = "winnow", version, arg_required_else_help = true)]
pub struct Arguments {
    #[arg(long, global = true, display_order = 900)]
    pub json: bool,
    /// Read before parsing, by [`crate::language`]; here so that the parser knows it.
    #[arg(long, global = true, display_order = 901, value_enum, value_name = "LANG")]
    pub lang: Option<LanguageName>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum LanguageName {
    En,
    Ru,
}

#[derive(Subcommand)]
pub enum Command {
    Init(Init),
    Import(Import),
    Schema(Schema),
    Models(Models),
    Label(Label),
    Train(Train),
    Calibrate(Calibrate),
    Thresholds(Thresholds),
    Compare(Compare),
    Prompt(Prompt),
    Encoders,
    Review(Review),
    Write(Write),
    Version(Version),
    Jobs(Jobs),
    Items(Items),
    Stats(Project),
    Run(Box<Run>),
}

/// A number from 0 to 1.
fn probability(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|value| (0.0..=1.0).contains(value)).ok_or_else(|| "0…1".to_owned())
}

/// A number between 0 and 1.
fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|value| *value > 0.0 && *value < 1.0).ok_or_else(|| "0 < … < 1".to_owned())
}

#[derive(Args)]
pub struct Project {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

#[derive(Args)]
pub struct Init {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

#[derive(Args)]
pub struct Schema {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: SchemaAction,
}

#[derive(Subcommand)]
pub enum SchemaAction {
    Show,
    Set {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    FromLabels,
}

#[derive(Args)]
pub struct Jobs {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: JobsAction,
}

#[derive(Subcommand)]
pub enum JobsAction {
    List {
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
    },
    Cancel {
        #[arg(value_name = "ID")]
        id: JobId,
    },
    Resume {
        #[arg(value_name = "ID")]
        id: JobId,
    },
}

#[derive(Args)]
pub struct Items {
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[command(subcommand)]
    pub action: ItemsAction,
}

#[derive(Subcommand)]
pub enum ItemsAction {
    List {
        /// `items list DIR` is understood as well as `items DIR list`.
        #[arg(value_name = "DIR", hide = true)]
        folder: Option<PathBuf>,
        #[arg(long, value_name = "FILTER")]
        filter: Option<String>,
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u64,
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    Stats {
        #[arg(value_name = "DIR", hide = true)]
        folder: Option<PathBuf>,
    },
    Show {
        #[arg(value_name = "ID")]
        id: ItemId,
    },
    Similar {
        #[arg(value_name = "ID")]
        id: ItemId,
        #[arg(long, value_name = "N", default_value_t = 10)]
        count: u32,
    },
}
