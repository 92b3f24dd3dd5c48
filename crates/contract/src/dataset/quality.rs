//! What tells the quality of a dataset.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Counts over a dataset's samples that tell its quality.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QualityReport {
    /// Characters of the texts: least, mean, median, most. This and what follows is `None` where only the writer of the dataset could
    /// know, and the files were changed since.
    pub length: Option<LengthReport>,
    /// Samples by language (ISO 639-3 code; `und` where it can't be told).
    pub languages: Option<BTreeMap<String, u64>>,
    /// Samples by confidence in tenths: `[0.0, 0.1)` … `[0.9, 1.0]`.
    pub confidences: Vec<u64>,
    /// Samples without a confidence.
    pub without_confidence: u64,
    /// Samples that are synthetic.
    pub synthetics: Option<u64>,
    /// Items that were left out because their text stands there already.
    pub duplicates: Option<u64>,
    /// Groups of near-duplicates and the samples in them, where they were looked for.
    pub near_duplicates: Option<(u64, u64)>,
    /// Agreement of reviewers, where several decided on the same items.
    pub agreement: Option<Agreement>,
}

/// Lengths of texts, characters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LengthReport {
    /// Shortest.
    pub min: u64,
    /// Mean.
    pub mean: f64,
    /// Median.
    pub median: u64,
    /// Longest.
    pub max: u64,
}

/// How far reviewers agree on the items that several of them decided on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Krippendorff's alpha for nominal labels, in [-1, 1].
    pub alpha: f64,
    /// Share of pairs of decisions on an item that agree.
    pub agreeing: f64,
    /// Items that several decided on.
    pub items: u64,
    /// Reviewers.
    pub reviewers: u64,
    /// Items that reviewers gave different domains.
    #[serde(default)]
    pub disagreeing: u64,
    /// Ids of the samples of these items, the first [`Agreement::NAMED`] in the order of the ids.
    #[serde(default)]
    pub disputed: Vec<String>,
}

impl Agreement {
    /// Samples that are named where reviewers disagree.
    pub const NAMED: usize = 100;
}
