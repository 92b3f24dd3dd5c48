//! Datasets: the train/eval split and its files.

mod note;
mod quality;
mod sample;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use note::{EvalLimit, SplitNote};
pub use quality::{Agreement, LengthReport, QualityReport};
pub use sample::Sample;

use crate::{DatasetId, JobId, UnixMillis, call::call};

/// Format of a dataset's files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatasetFormat {
    /// One JSON object a line.
    #[default]
    Jsonl,
    /// Comma-separated, with a header.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// A folder as Hugging Face's `datasets` expects it: `README.md` (the dataset card) and Parquet under `data/`.
    HuggingFace,
}

/// What decides which samples are held out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitBy {
    /// Chance, with every domain keeping its share.
    #[default]
    Chance,
    /// Time: the latest samples are eval. Samples without a time are train.
    Time,
}

/// How domains of different sizes are balanced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Balance {
    /// Not.
    #[default]
    None,
    /// Every domain is cut to the size of the smallest that is kept.
    Smallest,
    /// Each sample has a weight: the mean size of a domain divided by that of its own, so that weights are 1 on average.
    Weights,
    /// Samples of small domains are repeated in train, up to the size of the largest.
    Oversample,
}

impl<'de> Deserialize<'de> for Balance {
    /// Reads the name; `true` and `false` stood for [`Balance::Smallest`] and [`Balance::None`] in datasets written before.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, rename_all = "snake_case")]
        enum Form {
            Flag(bool),
            Name(Name),
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Name {
            None,
            Smallest,
            Weights,
            Oversample,
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Flag(false) | Form::Name(Name::None) => Balance::None,
            Form::Flag(true) | Form::Name(Name::Smallest) => Balance::Smallest,
            Form::Name(Name::Weights) => Balance::Weights,
            Form::Name(Name::Oversample) => Balance::Oversample,
        })
    }
}

/// A span of time whose samples stay together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeSpan {
    /// An hour, UTC.
    Hour,
    /// A day, UTC.
    Day,
    /// A week from Monday, UTC.
    Week,
    /// A calendar month, UTC.
    Month,
}

/// Where synthetics may stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Synthetics {
    /// In train alone; those whose parent is in eval are left out.
    #[default]
    Train,
    /// Beside their parent.
    Both,
    /// Nowhere.
    LeftOut,
}

/// How train and eval are made; the defaults are the product's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SplitSettings {
    /// Share of eval, in (0, 1).
    pub eval: f64,
    /// Eval samples at least.
    pub min_eval: u64,
    /// Samples of each domain at least: a domain with fewer is left out and said so.
    pub min_per_domain: u64,
    /// At most so many of each domain.
    pub max_per_domain: Option<u64>,
    /// How domains of different sizes are balanced.
    pub balance: Balance,
    /// What decides which samples are held out.
    pub split_by: SplitBy,
    /// So many folds (2 to 20) beside train and eval: each a pair of train and eval whose evals together are all samples (but
    /// synthetics that may not be held out).
    pub folds: Option<u32>,
    /// Near-duplicates stay on one side: texts whose sets of character 5-grams have at least this Jaccard similarity, in (0, 1];
    /// `None` looks at equal texts alone.
    pub near_duplicates: Option<f64>,
    /// All samples of a user stay on one side.
    pub group_users: bool,
    /// All samples of a span of time stay on one side.
    pub group_time: Option<TimeSpan>,
    /// Where synthetics may stand.
    pub synthetics: Synthetics,
    /// Rows of a file at most; what is more goes into further files (`train-00000-of-00003.jsonl`).
    pub shard_rows: Option<u64>,
    /// Bytes of a file at most, but one row at least.
    pub shard_bytes: Option<u64>,
    /// Seed of the split.
    pub seed: u64,
    /// Take confident predictions (of items nobody decided on).
    pub include_confident: bool,
    /// Take labels that items came with where no model has checked them yet.
    pub include_unchecked: bool,
    /// Format of the files.
    pub format: DatasetFormat,
    /// In CSV, begins cells that a spreadsheet would take for a formula with an apostrophe.
    pub formula_safe: bool,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self {
            eval: 0.1,
            min_eval: 50,
            min_per_domain: 5,
            max_per_domain: None,
            balance: Balance::None,
            split_by: SplitBy::Chance,
            folds: None,
            near_duplicates: Some(0.8),
            group_users: false,
            group_time: None,
            synthetics: Synthetics::Train,
            shard_rows: None,
            shard_bytes: None,
            seed: 42,
            include_confident: true,
            include_unchecked: true,
            format: DatasetFormat::Jsonl,
            formula_safe: false,
        }
    }
}

/// One domain's part in a split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainSplit {
    /// The domain's id.
    pub domain: String,
    /// Items with a trusted label of this domain.
    pub available: u64,
    /// Into train.
    pub train: u64,
    /// Into eval.
    pub eval: u64,
    /// Left out by the minimum, the cap or balancing.
    pub left_out: u64,
}

/// A split in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SplitPreview {
    /// Train samples.
    pub train: u64,
    /// Eval samples.
    pub eval: u64,
    /// By domain, most first.
    pub domains: Vec<DomainSplit>,
    /// Where the labels come from: decided by people.
    pub decided: u64,
    /// Confident predictions.
    pub confident: u64,
    /// Unchecked labels of the source.
    pub unchecked: u64,
    /// Items that wait for review and are therefore not in; `None` where the files are not those that were written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<u64>,
    /// Groups of several samples that stay together; `None` likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<u64>,
    /// Samples in such groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grouped: Option<u64>,
    /// Train and eval samples of each fold, where folds were asked for.
    pub folds: Vec<(u64, u64)>,
    /// Train rows that repeat a sample, where small domains are oversampled; `train` counts each sample once.
    pub repeated: u64,
    /// Whether near-duplicates are not known yet, so that they count as different texts here: in answers to [`PreviewSplit`] with
    /// `at_once` alone, never in what is written.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub near_duplicates_pending: bool,
    /// What the person should know.
    pub notes: Vec<SplitNote>,
}

/// A written dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetSummary {
    /// Number.
    pub id: DatasetId,
    /// Its folder (`exports/dataset-N`).
    pub folder: String,
    /// When.
    pub written: UnixMillis,
    /// Settings.
    pub settings: SplitSettings,
    /// Counts.
    pub split: SplitPreview,
    /// Hash over all that went in (items, labels, settings), hex.
    pub input_hash: String,
    /// The version that it was committed as.
    pub version: Option<String>,
}

/// `metadata.json` beside a dataset's files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetMetadata {
    /// Version of this layout.
    pub format_version: u32,
    /// When it was written.
    pub written: UnixMillis,
    /// Settings; `None` where the files come from elsewhere.
    #[serde(default)]
    pub settings: Option<SplitSettings>,
    /// Counts.
    pub split: SplitPreview,
    /// The schema's domain ids in order.
    pub domains: Vec<String>,
    /// Source files: name, content hash, items.
    pub sources: Vec<SourcePart>,
    /// Predictions by model name and prompt version.
    pub models: BTreeMap<String, u64>,
    /// Hash over all that went in, hex.
    pub input_hash: String,
    /// SHA-256 of each data file, hex, by name.
    pub files: BTreeMap<String, String>,
    /// Quality.
    #[serde(default)]
    pub quality: QualityReport,
}

/// A source's part in a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourcePart {
    /// File name.
    pub name: String,
    /// Blake3 of the file, hex.
    pub content_hash: Option<String>,
    /// Samples from it.
    pub samples: u64,
}

/// What a split with these settings would give, now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreviewSplit {
    /// The project's folder.
    pub project: String,
    /// Settings.
    #[serde(default)]
    pub settings: SplitSettings,
    /// Whether to answer before near-duplicates are found, where that would take a while; the answer then says so, and the same
    /// question without this waits for them.
    #[serde(default)]
    pub at_once: bool,
}

/// Starts writing a dataset.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartWrite {
    /// The project's folder.
    pub project: String,
    /// Settings.
    #[serde(default)]
    pub settings: SplitSettings,
}

/// Written datasets, latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListDatasets {
    /// The project's folder.
    pub project: String,
}

call! {
    PreviewSplit => SplitPreview, "preview_split";
    StartWrite => JobId, "start_write";
    ListDatasets => Vec<DatasetSummary>, "list_datasets";
}
