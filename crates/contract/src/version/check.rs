//! Promises: what must hold before a version may be called stable.

use serde::{Deserialize, Serialize};

use super::{Split, VersionStatus, VersionSummary};
use crate::{JobId, UnixMillis, call::call};

/// What a version promises; what is `None` or false is not promised.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checks {
    /// Samples of each domain of the schema at least, train and eval together.
    pub min_per_domain: Option<u64>,
    /// Jensen–Shannon distance of the label distribution from the parent's at most, in [0, 1].
    pub max_label_drift: Option<f64>,
    /// No text stands in train and in eval.
    pub no_leakage: bool,
    /// No text in train is this similar to one in eval: Jaccard similarity of character 5-grams, in (0, 1]; 0.8 is usual.
    pub no_near_duplicates: Option<f64>,
    /// Reviewers agree at least so much: Krippendorff's alpha over items that several decided on, in [-1, 1].
    pub min_agreement: Option<f64>,
    /// No sample has a confidence below this without a person's decision, in [0, 1].
    pub no_unreviewed_below: Option<f64>,
}

impl Checks {
    /// Whether nothing is promised.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// [`Checks::min_per_domain`].
    MinPerDomain,
    /// [`Checks::max_label_drift`].
    LabelDrift,
    /// [`Checks::no_leakage`].
    Leakage,
    /// [`Checks::no_near_duplicates`].
    NearDuplicates,
    /// [`Checks::min_agreement`].
    Agreement,
    /// [`Checks::no_unreviewed_below`].
    Unreviewed,
}

/// How a promise was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Which.
    pub kind: CheckKind,
    /// Whether it holds. What can't be told (agreement where nobody decided twice) does not hold.
    pub passed: bool,
    /// What was measured, in the promise's unit; `None` where it can't be told.
    pub measured: Option<f64>,
    /// What was promised, in the same unit.
    pub limit: Option<f64>,
    /// How many rows or domains break it; 1 where it does not hold and none can be named.
    pub failures: u64,
    /// Domains that break it; for a drift the fewest without which it would hold, those that moved most first.
    pub domains: Vec<String>,
    /// The first 100 rows that break it; for an agreement those that reviewers gave different domains.
    pub rows: Vec<CheckRow>,
}

/// A row that breaks a promise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckRow {
    /// The sample's id.
    pub id: String,
    /// Where it stands.
    pub split: Split,
    /// Its line in that file, from 1.
    pub line: u64,
    /// Its text.
    pub text: String,
    /// Its label.
    pub label: String,
    /// Its confidence.
    pub confidence: Option<f32>,
    /// The row that it repeats, for leakage and near-duplicates: split, line and text.
    pub other: Option<(Split, u64, String)>,
}

/// How all promises of a version were found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The version.
    pub version: String,
    /// Whether all hold.
    pub passed: bool,
    /// Each.
    pub results: Vec<CheckResult>,
    /// When it was looked at.
    pub checked: UnixMillis,
}

/// Starts looking whether a version's promises hold, or those given instead. The job's result is a [`CheckReport`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartCheck {
    /// The project's folder.
    pub project: String,
    /// Number, tag or id.
    pub version: String,
    /// Other promises than the version's own, to try them.
    #[serde(default)]
    pub checks: Option<Checks>,
}

/// Starts giving a version a status; stable is looked at first. The job's result is a [`StatusChange`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartStatus {
    /// The project's folder.
    pub project: String,
    /// Number, tag or id.
    pub version: String,
    /// The status.
    pub status: VersionStatus,
}

/// What became of a change of status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusChange {
    /// The version as it is now; its status is as before when a promise does not hold.
    pub version: VersionSummary,
    /// The status it had.
    pub before: VersionStatus,
    /// How its promises were found, where they were looked at.
    pub report: Option<CheckReport>,
}

call! {
    StartCheck => JobId, "start_check";
    StartStatus => JobId, "start_status";
}
