//! Counts over a version's samples.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is counted over a version's samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionStatistics {
    /// Samples by domain: train and eval.
    pub domains: BTreeMap<String, (u64, u64)>,
    /// Samples by where the label came from (`decision`, `prediction`, `source`).
    pub origins: BTreeMap<String, u64>,
    /// Samples by source file.
    pub sources: BTreeMap<String, u64>,
    /// Samples by length of the text: how many have at least [`VersionStatistics::LENGTHS`]`[i]` characters and less than the next.
    pub lengths: Vec<u64>,
    /// Characters of all texts together.
    pub characters: u64,
    /// Samples by confidence in tenths: `[0.0, 0.1)` … `[0.9, 1.0]`.
    pub confidences: Vec<u64>,
    /// Samples without a confidence.
    pub without_confidence: u64,
}

impl VersionStatistics {
    /// Lower bounds of the classes of `lengths`, characters.
    pub const LENGTHS: &'static [u64] = &[0, 10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1000, 2000, 5000, 10000];

    /// Mean length of the texts, characters.
    #[allow(clippy::cast_precision_loss)] // A mean for people.
    pub fn mean_length(&self) -> f64 {
        let samples: u64 = self.lengths.iter().sum();
        if samples == 0 { 0.0 } else { self.characters as f64 / samples as f64 }
    }
}
