//! Labellers: whatever says how probable each domain is for a text. A language model with its prompt, a classifier trained
//! on decisions, a route from a cheap one to a strong one, an ensemble; each usable alone and inside another.

mod calibrated;
mod classifier;
mod ensemble;
mod evidence;
mod few_shot;
mod ledger;
mod novelty;
mod open;
mod prior;
mod prompted;
mod rejected;
mod route;
mod tie;
mod training;
mod vectors;

use std::ops::ControlFlow;

use contract::label::ConfidenceSource;
use contract::model::ModelFinding;
use contract::{CallError, ItemId};
use learn::calibration::Calibration;
use models::{CancelToken, ItemError, most_probable};

pub use calibrated::{Calibrated, base_version, calibration_of, version_with};
pub(crate) use calibrated::{LEVEL, estimate, fit_calibration, share_estimate};
pub use evidence::{Known, evidence_of, known_items};
pub(crate) use evidence::{evidence_of_runs, spread};
pub use few_shot::version_of_settings;
pub(crate) use ledger::Ledger;
pub use open::{Bench, open, open_uncalibrated, open_with_prompt};
pub(crate) use prior::settle;
pub use prompted::{base_prompt, project_prompt, prompt_settings, set_prompt_settings};
pub(crate) use tie::tie;
pub(crate) use training::defect;
pub use training::{TRAINING_NEEDS, count_examples, train};
pub use vectors::Vectors;

/// A text to be labelled.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The item that it is the text of, if it is one of the project's: its vector is kept.
    pub item: Option<ItemId>,
    /// The text.
    pub text: &'a str,
}

/// What a labeller says of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// Probability of each domain, in the schema's order; they sum to 1.
    pub probabilities: Vec<f32>,
    /// The same before the labeller's calibration, where it has one.
    pub raw: Option<Vec<f32>>,
    /// How they were obtained.
    pub obtained: ConfidenceSource,
    /// Whether the text seems to belong to no domain.
    pub no_domain: bool,
    /// Whether the strong labeller of a route was asked.
    pub by_strong: bool,
    /// Whether a server's answer was found in the cache.
    pub from_cache: bool,
    /// Whether any of the work for it had been done before this run: a server's answer in the cache, a classifier's vector. What
    /// the run took says less than what the labeller costs.
    pub is_reused: bool,
}

impl Opinion {
    /// Probabilities, obtained so, about which there is nothing special.
    #[must_use]
    pub fn of(probabilities: Vec<f32>, obtained: ConfidenceSource) -> Self {
        let (no_domain, by_strong, from_cache, is_reused) = (false, false, false, false);
        Self { probabilities, raw: None, obtained, no_domain, by_strong, from_cache, is_reused }
    }

    /// Corrects the probabilities and keeps them as they were.
    pub fn calibrate(&mut self, calibration: &Calibration) {
        self.raw = Some(self.probabilities.clone());
        calibration.apply(&mut self.probabilities);
    }

    /// The most probable domain's position and its probability; the first one of equals.
    #[must_use]
    pub fn best(&self) -> (usize, f32) {
        most_probable(&self.probabilities)
    }
}

/// What a run of a labeller cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written or scored.
    pub completion_tokens: u64,
    /// Requests that were tried again.
    pub retries: u64,
}

impl Cost {
    /// Adds another run's.
    pub fn add(&mut self, other: Cost) {
        self.prompt_tokens += other.prompt_tokens;
        self.completion_tokens += other.completion_tokens;
        self.retries += other.retries;
    }
}

/// How a run of a labeller ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What it cost.
    pub cost: Cost,
    /// Whether it ended early, by the token or by the sink.
    pub cancelled: bool,
}

/// Takes what is said of the question at an index; `Break` ends the run.
pub type OpinionSink<'a> = dyn FnMut(usize, Result<Opinion, ItemError>) -> ControlFlow<()> + 'a;

/// Says how probable each domain of the schema is.
pub trait Labeller: Send + Sync {
    /// Changes with everything that changes an opinion: predictions of another version are other work.
    fn version(&self) -> String;

    /// What was found out about it.
    fn findings(&self) -> Vec<ModelFinding>;

    /// What it goes by for a text, for people: the prompt, or the nearest examples.
    ///
    /// # Errors
    /// What the encoder or the store say.
    fn explained(&self, question: Question<'_>) -> Result<String, CallError>;

    /// Labels texts. Each opinion goes to `sink` on the calling thread as soon as it is known, in any order. Stops within a second
    /// after `cancel` is set.
    ///
    /// # Errors
    /// What stops the run: a server that is gone, a model that fails, the store.
    fn label(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
        sink: &mut OpinionSink<'_>,
    ) -> Result<Outcome, CallError>;
}

/// What became of a question; `None` when it was not reached.
pub type Said = Option<Result<Opinion, ItemError>>;

/// Labels texts and gives the opinions in their order; `None` where there is none, and for all when cancelled.
///
/// # Errors
/// As [`Labeller::label`].
pub fn label_all(
    labeller: &dyn Labeller,
    questions: &[Question<'_>],
    cancel: &CancelToken,
) -> Result<(Vec<Said>, Outcome), CallError> {
    let mut opinions = vec![None; questions.len()];
    let outcome = labeller.label(questions, cancel, &mut |index, opinion| {
        if let Some(place) = opinions.get_mut(index) {
            *place = Some(opinion);
        }
        ControlFlow::Continue(())
    })?;
    Ok((opinions, outcome))
}
