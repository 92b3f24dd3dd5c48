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

/// What a run may cost at most. A run that reaches it takes the answers that are under way and ends as done; what is left
/// waits for the next run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Budget {
    /// Tokens read and written together, over all resumptions of the job. May be passed by the requests under way.
    pub max_tokens: Option<u64>,
    /// Seconds since the job started or was resumed, pauses included.
    pub max_seconds: Option<u64>,
}

/// Which part of a [`Budget`] was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetKind {
    /// [`Budget::max_tokens`].
    Tokens,
    /// [`Budget::max_seconds`].
    Time,
}

/// What went wrong with requests to a server, each tried again or given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FaultCounts {
    /// The server asked to slow down (429).
    pub rate_limited: u64,
    /// The server failed (5xx and other passing statuses).
    pub server_errors: u64,
    /// No whole answer in time.
    pub timeouts: u64,
    /// No connection, or it was cut.
    pub connections_lost: u64,
    /// An answer that is no chat completion, or one that belongs to another request.
    pub malformed: u64,
    /// A completion that is none of the labels.
    pub not_a_label: u64,
}

impl FaultCounts {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.rate_limited
            + self.server_errors
            + self.timeouts
            + self.connections_lost
            + self.malformed
            + self.not_a_label
    }
}

impl std::ops::Add for FaultCounts {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            rate_limited: self.rate_limited + more.rate_limited,
            server_errors: self.server_errors + more.server_errors,
            timeouts: self.timeouts + more.timeouts,
            connections_lost: self.connections_lost + more.connections_lost,
            malformed: self.malformed + more.malformed,
            not_a_label: self.not_a_label + more.not_a_label,
        }
    }
}

/// A run that waits for its server to come back, and goes on by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: UnixMillis,
    /// When the server is tried next.
    pub next_try: UnixMillis,
    /// What the server did last.
    pub reason: crate::CallError,
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
    /// What it may cost.
    #[serde(default)]
    pub budget: Budget,
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
    /// What went wrong with requests to a server.
    pub faults: FaultCounts,
    /// The server is gone and is waited for.
    pub paused: Option<Box<Pause>>,
    /// Time spent waiting for a server to come back, milliseconds.
    pub paused_millis: u64,
    /// Most requests that were under way at once.
    pub peak_concurrency: u32,
    /// The budget that ended the run.
    pub ended_by: Option<BudgetKind>,
    /// Items that a run ended by its budget left unlabelled.
    pub left: u64,
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
