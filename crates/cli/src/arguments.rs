//! What can be typed. The help texts are in the catalogue (`text/help.rs`), in both languages; see [`crate::help`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use contract::dataset::{DatasetFormat, SplitSettings};
use contract::label::Thresholds;
use contract::model::{KeySource, ModelSpec, ServerSettings};
use contract::review::{Action, ReviewStatus};
use contract::source::{CleaningSettings, ColumnMapping, FileSpec, Format, ReadOptions};
use contract::version::Increment;
use contract::{ItemId, JobId};

use crate::failure::Failure;
use crate::session::path_text;

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
    pub fn of_file(&self, file: &std::path::Path) -> Result<FileSpec, Failure> {
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
pub struct Models {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: ModelsAction,
}

#[derive(Subcommand)]
pub enum ModelsAction {
    List,
    Add {
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        origin: ModelOrigin,
        #[arg(long, value_name = "ID", requires = "server")]
        model: Option<String>,
        #[arg(long, value_name = "VAR", requires = "server")]
        key_env: Option<String>,
        #[command(flatten)]
        tuning: ServerTuning,
    },
    Test {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "TEXT")]
        texts: Vec<String>,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Exactly one of the two.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct ModelOrigin {
    #[arg(long, value_name = "PATH")]
    pub gguf: Option<PathBuf>,
    #[arg(long, value_name = "URL", requires = "model")]
    pub server: Option<String>,
}

#[derive(Args)]
pub struct ServerTuning {
    #[arg(long, value_name = "N", requires = "server")]
    pub concurrency: Option<u32>,
    #[arg(long, value_name = "MS", requires = "server")]
    pub min_interval: Option<u64>,
    #[arg(long, value_name = "N", requires = "server")]
    pub retries: Option<u32>,
    #[arg(long, value_name = "S", requires = "server")]
    pub timeout: Option<u64>,
    #[arg(long, value_name = "H", requires = "server")]
    pub cache_hours: Option<u32>,
}

impl ServerTuning {
    /// The settings, with the product's defaults where nothing was said.
    pub fn settings(&self) -> ServerSettings {
        let default = ServerSettings::default();
        ServerSettings {
            concurrency: self.concurrency.unwrap_or(default.concurrency),
            min_interval_ms: self.min_interval.or(default.min_interval_ms),
            retries: self.retries.unwrap_or(default.retries),
            timeout_ms: self.timeout.map_or(default.timeout_ms, |seconds| seconds.saturating_mul(1000)),
            cache_hours: self.cache_hours.unwrap_or(default.cache_hours),
        }
    }
}

/// The model that options describe; `None` when they describe none.
pub fn model_spec(
    gguf: Option<&PathBuf>,
    server: Option<(&String, &String)>,
    key_env: Option<&String>,
    settings: ServerSettings,
) -> Result<Option<ModelSpec>, Failure> {
    if let Some(path) = gguf {
        return Ok(Some(ModelSpec::Gguf { path: path_text(path)? }));
    }
    Ok(server.map(|(url, model)| ModelSpec::Server {
        url: url.clone(),
        model: model.clone(),
        key: key_env.map_or(KeySource::None, |variable| KeySource::Environment { variable: variable.clone() }),
        settings,
    }))
}

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

#[derive(Args)]
pub struct Review {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: ReviewAction,
}

#[derive(Subcommand)]
pub enum ReviewAction {
    List {
        #[arg(long, value_enum, value_name = "STATUS")]
        status: Option<StatusName>,
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u64,
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    Next {
        #[arg(long, value_name = "N", default_value_t = 1)]
        count: u32,
    },
    Decide {
        #[arg(value_name = "ID")]
        id: ItemId,
        #[command(flatten)]
        verdict: Verdict,
        #[arg(long, value_name = "WHO")]
        reviewer: String,
    },
    Undo {
        #[arg(long, value_name = "WHO")]
        reviewer: String,
    },
    Export {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Verdict {
    #[arg(long)]
    approve: bool,
    #[arg(long, value_name = "DOMAIN")]
    correct: Option<String>,
    #[arg(long)]
    skip: bool,
    #[arg(long)]
    reject: bool,
}

impl Verdict {
    /// The one that was given (the parser sees to it that it is one).
    pub fn action(self) -> Action {
        match self {
            Self { correct: Some(domain), .. } => Action::Correct { domain },
            Self { skip: true, .. } => Action::Skip,
            Self { reject: true, .. } => Action::Reject,
            Self { .. } => Action::Approve,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum StatusName {
    Pending,
    InReview,
    Approved,
    Corrected,
    Skipped,
    Rejected,
}

impl StatusName {
    /// The contract's form.
    pub fn contract(self) -> ReviewStatus {
        match self {
            Self::Pending => ReviewStatus::Pending,
            Self::InReview => ReviewStatus::InReview,
            Self::Approved => ReviewStatus::Approved,
            Self::Corrected => ReviewStatus::Corrected,
            Self::Skipped => ReviewStatus::Skipped,
            Self::Rejected => ReviewStatus::Rejected,
        }
    }
}

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
            balance: self.balance,
            seed: self.seed,
            include_confident: !self.without_predictions,
            include_unchecked: !self.without_unchecked,
            format: match self.format {
                DatasetFormatName::Jsonl => DatasetFormat::Jsonl,
                DatasetFormatName::Csv => DatasetFormat::Csv,
                DatasetFormatName::Parquet => DatasetFormat::Parquet,
            },
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
}

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
    pub split: Split,
    #[command(flatten)]
    pub commit: Commit,
}
