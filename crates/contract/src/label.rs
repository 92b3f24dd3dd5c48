//! Labelling: predictions, runs over items, agreement with existing labels.

use serde::{Deserialize, Serialize};

use crate::item::ItemFilter;
use crate::{JobId, UnixMillis, call::call};

/// How a confidence was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfidenceSource {
    /// Likelihood of each label under the model, over all labels.
    LabelLikelihood,
    /// Token log-probabilities of a server's answer, over the labels.
    TokenLogprobs,
    /// The model said a number.
    SelfReport,
    /// The server gave an answer and nothing to derive a probability from.
    AnswerOnly,
    /// A classifier trained on decisions.
    Classifier,
    /// Several labellers, combined.
    Vote,
}

/// A domain that a model thinks possible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The domain's id.
    pub domain: String,
    /// Probability in [0, 1]; over all domains they sum to 1.
    pub probability: f32,
}

/// What a model said of an item. Never changed or removed, only followed by another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Best domain.
    pub domain: String,
    /// Its confidence.
    pub confidence: f32,
    /// How the confidence was obtained.
    pub obtained: ConfidenceSource,
    /// Whether it was corrected by the labeller's calibration on people's decisions.
    #[serde(default)]
    pub calibrated: bool,
    /// The best candidates (at most 10), most probable first.
    pub candidates: Vec<Candidate>,
    /// The model's name in the project.
    pub model: String,
    /// Version of the prompt: hash of wording, schema and examples.
    pub prompt_version: String,
    /// When.
    pub at: UnixMillis,
}

/// Thresholds that decide what goes to review.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Confidence below this goes to review.
    pub review_below: f32,
    /// Confidence below this goes to review with high priority.
    pub high_below: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { review_below: 0.5, high_below: 0.3 }
    }
}

/// Which items a run labels. Items that have a valid prediction of the same model, prompt and schema are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LabelScope {
    /// Only these.
    pub filter: ItemFilter,
    /// At most so many.
    pub limit: Option<u64>,
    /// Draw the `limit` at random with this seed instead of taking the first ones.
    pub sample_seed: Option<u64>,
}

/// Starts labelling.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartLabelling {
    /// The project's folder.
    pub project: String,
    /// The model's name.
    pub model: String,
    /// Which items.
    #[serde(default)]
    pub scope: LabelScope,
    /// What goes to review.
    #[serde(default)]
    pub thresholds: Thresholds,
}

/// What a labelling run did so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LabelReport {
    /// The model's name.
    pub model: String,
    /// Items labelled.
    pub labelled: u64,
    /// Of these, answered from the cache.
    pub from_cache: u64,
    /// Confident enough.
    pub confident: u64,
    /// Sent to review.
    pub to_review: u64,
    /// Unsure, but the queue was full: they come when it has room.
    pub beyond_queue: u64,
    /// Agree with the label that they came with.
    pub agreed: u64,
    /// Disagree with it.
    pub disagreed: u64,
    /// Recognised as belonging to no domain, and sent to review as such.
    pub no_domain: u64,
    /// Answered by the strong labeller of a route.
    pub by_strong: u64,
    /// Could not be labelled (tried again by the next run).
    pub failed: u64,
    /// The last failure, for the person.
    pub last_failure: Option<crate::CallError>,
    /// Tokens read by the model.
    pub prompt_tokens: u64,
    /// Tokens written by the model.
    pub completion_tokens: u64,
    /// Requests to a server that were tried again.
    pub retries: u64,
    /// Confidence of the items labelled: ten equal bins of [0, 1].
    pub confidence: [u64; 10],
}

/// Agreement of the latest predictions with the labels that items came with, for one domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainAgreement {
    /// The existing label.
    pub label: String,
    /// Items checked.
    pub checked: u64,
    /// Items where the prediction is the same.
    pub agreed: u64,
    /// The most frequent other prediction.
    pub confused_with: Option<String>,
}

/// Agreement over all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgreementReport {
    /// Items with both an existing label and a prediction.
    pub checked: u64,
    /// Of these, the same.
    pub agreed: u64,
    /// Items whose existing label is no domain of the schema.
    pub outside_schema: u64,
    /// By existing label, most disagreement first.
    pub by_label: Vec<DomainAgreement>,
}

/// How far predictions agree with the labels that items came with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetAgreement {
    /// The project's folder.
    pub project: String,
}

call! {
    StartLabelling => JobId, "start_labelling";
    GetAgreement => AgreementReport, "get_agreement";
}
