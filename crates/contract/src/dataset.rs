//! Datasets: the train/eval split and its files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
    /// Cut every domain to the size of the smallest that is kept.
    pub balance: bool,
    /// Seed of the split.
    pub seed: u64,
    /// Take confident predictions (of items nobody decided on).
    pub include_confident: bool,
    /// Take labels that items came with where no model has checked them yet.
    pub include_unchecked: bool,
    /// Format of the files.
    pub format: DatasetFormat,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self {
            eval: 0.1,
            min_eval: 50,
            min_per_domain: 5,
            max_per_domain: None,
            balance: false,
            seed: 42,
            include_confident: true,
            include_unchecked: true,
            format: DatasetFormat::Jsonl,
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

/// Why a split is not quite what was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SplitNote {
    /// A domain with too few samples was left out.
    DomainLeftOut {
        /// The domain.
        domain: String,
        /// What it has.
        available: u64,
        /// What it needs.
        needed: u64,
    },
    /// Eval was made larger than the share asked for, to reach the minimum.
    EvalRaised {
        /// By the share.
        asked: u64,
        /// Now.
        used: u64,
    },
    /// There are too few items for the minimum of eval: half of them went there.
    EvalBelowMinimum {
        /// The minimum.
        needed: u64,
        /// What there is.
        used: u64,
    },
    /// Texts that stand there several times with different labels, none of which prevails, were left out.
    ConflictsLeftOut {
        /// How many texts.
        texts: u64,
    },
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
    /// Items that wait for review and are therefore not in.
    pub waiting: u64,
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

/// One sample as it stands in `train.jsonl` and `eval.jsonl` (fields in this order).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Stable key: hex of the hash of the normalised text.
    pub id: String,
    /// The text.
    pub text: String,
    /// Domain id.
    pub label: String,
    /// `decision`, `prediction` or `source`.
    pub origin: String,
    /// Confidence of the prediction, where there is one.
    pub confidence: Option<f32>,
    /// File name of the source.
    pub source: String,
    /// Row in that file.
    pub row: u64,
}

/// `metadata.json` beside a dataset's files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetMetadata {
    /// Version of this layout.
    pub format_version: u32,
    /// When it was written.
    pub written: UnixMillis,
    /// Settings.
    pub settings: SplitSettings,
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
