//! Comparing two labellers on the same items.

use serde::{Deserialize, Serialize};

use crate::call::call;
use crate::label::LabelScope;
use crate::labeller::ShareEstimate;
use crate::{ComparisonId, ItemId, JobId, Page, UnixMillis};

/// Labels a sample with two labellers; keeps the answers apart from the items' predictions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartComparison {
    /// The project's folder.
    pub project: String,
    /// One labeller.
    pub first: String,
    /// The other.
    pub second: String,
    /// The sample.
    #[serde(default)]
    pub scope: LabelScope,
    /// Take the label that an undecided item came with for the truth.
    #[serde(default)]
    pub trust_labels: bool,
    /// Only items whose truth is known.
    #[serde(default)]
    pub known_only: bool,
}

/// How one labeller did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LabellerScore {
    /// Its name.
    pub model: String,
    /// Version of its prompt or training.
    pub version: String,
    /// Items that it answered.
    pub answered: u64,
    /// Items that it could not answer.
    pub failed: u64,
    /// How often it is right, on items whose truth is known.
    pub accuracy: Option<ShareEstimate>,
    /// Mean of the domains' F1.
    pub macro_f1: Option<f64>,
    /// Expected calibration error of its confidence.
    pub ece: Option<f64>,
    /// Mean confidence.
    pub confidence: f64,
    /// Confidence of what it answered: ten equal bins of [0, 1].
    pub histogram: [u64; 10],
    /// Time, milliseconds, loading not counted.
    pub millis: u64,
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub completion_tokens: u64,
    /// Of its answers, those that this run did not work out in full: a server's answer came from the cache, a text's vector was
    /// there, or the comparison went on after a stop. Their time and tokens are missing above: with any, its cost isn't known.
    pub cached: u64,
}

impl LabellerScore {
    /// Whether time and tokens are those of all its answers.
    #[must_use]
    pub fn cost_is_known(&self) -> bool {
        self.cached == 0
    }
}

/// A cell of a confusion matrix that is not empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfusionCell {
    /// The truth.
    pub truth: String,
    /// What was predicted.
    pub predicted: String,
    /// How often.
    pub count: u64,
}

/// What a comparison showed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Comparison {
    /// Number.
    pub id: ComparisonId,
    /// When.
    pub at: UnixMillis,
    /// Items in the sample.
    pub items: u64,
    /// Of these, with a known truth.
    pub known: u64,
    /// Of these, decided by people.
    pub decided: u64,
    /// One labeller.
    pub first: LabellerScore,
    /// The other.
    pub second: LabellerScore,
    /// Items on which both say the same.
    pub agreement: Option<ShareEstimate>,
    /// Cohen's kappa of the two.
    pub kappa: Option<f64>,
    /// Known items that only the first has right.
    pub only_first: u64,
    /// Known items that only the second has right.
    pub only_second: u64,
    /// Known items that both have right.
    pub both_right: u64,
    /// Known items that both have wrong.
    pub both_wrong: u64,
    /// Probability of a difference at least as large by chance (McNemar, exact, two-sided).
    pub p_value: Option<f64>,
    /// The labeller that is better, if the difference is real (p < 0.05).
    pub better: Option<String>,
    /// What to go on with: the better one, or where no difference is shown the faster one, or where the cost of either isn't known
    /// ([`LabellerScore::cached`]) the one that was right more often; `None` where they were equally so.
    pub pick: Option<String>,
    /// Confusions of the first, most frequent first, right ones included.
    pub first_confusion: Vec<ConfusionCell>,
    /// Confusions of the second.
    pub second_confusion: Vec<ConfusionCell>,
}

impl Comparison {
    /// Whether time and tokens of both are those of all their answers.
    #[must_use]
    pub fn costs_are_known(&self) -> bool {
        self.first.cost_is_known() && self.second.cost_is_known()
    }
}

/// An item about which two labellers disagree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disagreement {
    /// The item.
    pub item: ItemId,
    /// The beginning of its text (at most 300 characters).
    pub excerpt: String,
    /// What the first says.
    pub first: Option<String>,
    /// Its confidence.
    pub first_confidence: Option<f32>,
    /// What the second says.
    pub second: Option<String>,
    /// Its confidence.
    pub second_confidence: Option<f32>,
    /// The truth, where it is known.
    pub truth: Option<String>,
}

/// Comparisons of the project, latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListComparisons {
    /// The project's folder.
    pub project: String,
    /// At most so many.
    pub limit: u32,
}

/// One comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetComparison {
    /// The project's folder.
    pub project: String,
    /// Which.
    pub id: ComparisonId,
}

/// Where two labellers disagree, by item number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListDisagreements {
    /// The project's folder.
    pub project: String,
    /// The comparison.
    pub id: ComparisonId,
    /// Paging key: the last item's number.
    pub after: Option<i64>,
    /// Page size (at most 1000).
    pub limit: u32,
}

/// Puts what two labellers disagree about, and nobody has decided on, into the review queue; answers how many were put there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReviewDisagreements {
    /// The project's folder.
    pub project: String,
    /// The comparison.
    pub id: ComparisonId,
}

call! {
    StartComparison => JobId, "start_comparison";
    ListComparisons => Vec<Comparison>, "list_comparisons";
    GetComparison => Comparison, "get_comparison";
    ListDisagreements => Page<Disagreement>, "list_disagreements";
    ReviewDisagreements => u64, "review_disagreements";
}
