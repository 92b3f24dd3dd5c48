//! What a labeller's confidence is worth: calibration on people's decisions, and what a threshold would mean.

use serde::{Deserialize, Serialize};

use crate::call::call;
use crate::labeller::ShareEstimate;
use crate::{JobId, UnixMillis};

/// How confidence is corrected.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CalibrationMethod {
    /// Not at all.
    None,
    /// All log-probabilities are divided by one number.
    Temperature {
        /// The number; above 1 the labeller was too sure of itself.
        temperature: f64,
    },
    /// A step-wise rising map of confidence to how often it was right.
    Isotonic {
        /// Steps of the map.
        steps: u32,
    },
}

/// A bin of a reliability diagram.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Lower end of the bin's confidence.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Items in it.
    pub count: u64,
    /// Their mean confidence.
    pub confidence: f64,
    /// How often they were right, with its interval.
    pub accuracy: ShareEstimate,
}

/// What confidence was worth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reliability {
    /// Expected calibration error over 15 equal bins.
    pub ece: f64,
    /// Mean squared distance of confidence from being right (0 or 1).
    pub brier: f64,
    /// The bins that are not empty.
    pub bins: Vec<ReliabilityBin>,
}

/// A labeller's calibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationReport {
    /// The labeller.
    pub model: String,
    /// Items with a known truth and an answer of this labeller.
    pub examples: u64,
    /// How often it was right on them.
    pub accuracy: ShareEstimate,
    /// How confidence is corrected.
    pub method: CalibrationMethod,
    /// What its confidence was worth as it came.
    pub before: Reliability,
    /// What it is worth corrected, each item judged by a correction that did not see it.
    pub after: Reliability,
    /// When it was fitted.
    pub at: UnixMillis,
}

/// Labels what people decided on (where this labeller has not) and fits the calibration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartCalibration {
    /// The project's folder.
    pub project: String,
    /// The labeller.
    pub model: String,
    /// At most so many items are labelled for it.
    #[serde(default = "most_items")]
    pub limit: u64,
    /// Take the label that an undecided item came with for the truth.
    #[serde(default)]
    pub trust_labels: bool,
}

fn most_items() -> u64 {
    2_000
}

/// The latest calibration; `None` when there is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetCalibration {
    /// The project's folder.
    pub project: String,
    /// The labeller.
    pub model: String,
}

/// What a threshold would mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdPoint {
    /// Confidence below this goes to review.
    pub threshold: f32,
    /// Items that would go to review: those below, and those that seem to belong to no domain.
    pub to_review: u64,
    /// Items that would be accepted.
    pub accepted: u64,
    /// Share of wrong labels to be expected among the accepted, with its interval; `None` when nothing is known or accepted.
    pub error: Option<ShareEstimate>,
}

/// What thresholds would mean for the items that a labeller has labelled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdReport {
    /// The labeller.
    pub model: String,
    /// Items that it labelled: its own latest predictions count, whichever labeller has run since.
    pub items: u64,
    /// Of these, the ones that seem to belong to no domain: they go to review at every threshold.
    #[serde(default)]
    pub no_domain: u64,
    /// Items whose truth is known, without those that are never accepted: what the errors are judged on. One that people decided
    /// to belong to no domain is among them where it was given one, which is wrong.
    pub known: u64,
    /// The curve, thresholds rising.
    pub points: Vec<ThresholdPoint>,
    /// The lowest threshold at which the expected error is at most what was asked for.
    pub suggested: Option<ThresholdPoint>,
    /// The lowest threshold at which even the interval's upper end is at most that.
    pub cautious: Option<ThresholdPoint>,
}

/// What thresholds would mean.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetThresholds {
    /// The project's folder.
    pub project: String,
    /// The labeller.
    pub model: String,
    /// Largest share of wrong labels that is acceptable.
    #[serde(default)]
    pub max_error: Option<f64>,
    /// Take the label that an undecided item came with for the truth. The labels that a classifier learns from count for it
    /// anyway.
    #[serde(default)]
    pub trust_labels: bool,
}

/// A plot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Plot {
    /// Confidence against how often it was right, before and after calibration.
    Reliability {
        /// The labeller.
        model: String,
    },
    /// Expected error and share of review by threshold.
    Thresholds {
        /// The labeller.
        model: String,
        /// Largest share of wrong labels that is acceptable, drawn as a line.
        max_error: Option<f64>,
        /// Take the label that an undecided item came with for the truth.
        #[serde(default)]
        trust_labels: bool,
    },
}

/// A plot as SVG. Its colours are classes (`plot-…`) that the page's styles define, so that it fits either theme.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetPlot {
    /// The project's folder.
    pub project: String,
    /// Which.
    pub plot: Plot,
    /// Language of its words.
    pub language: crate::settings::Language,
}

call! {
    StartCalibration => JobId, "start_calibration";
    GetCalibration => Option<CalibrationReport>, "get_calibration";
    GetThresholds => ThresholdReport, "get_thresholds";
    GetPlot => String, "get_plot";
}
