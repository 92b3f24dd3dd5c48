//! The one thing that callers ask of a model: the probability of each label for each text.

use std::ops::ControlFlow;
use std::time::Duration;

use contract::CallError;
use contract::label::{ConfidenceSource, FaultCounts};
use contract::model::ModelFinding;

use crate::cancel::CancelToken;
use crate::error::{ItemError, ModelError};
use crate::prompt::LabelPrompt;

/// What a model said of one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Probability of each label, in the order of [`LabelPrompt::labels`]; they sum to 1.
    pub probabilities: Vec<f32>,
    /// How they were obtained.
    pub obtained: ConfidenceSource,
    /// Tokens that the model read for this text (for a shared prefix that is kept: without it).
    pub prompt_tokens: u32,
    /// Tokens that the model wrote or scored for this text.
    pub completion_tokens: u32,
}

impl Scored {
    /// The most probable label and its probability; the first one of equals.
    pub fn best(&self) -> (usize, f32) {
        most_probable(&self.probabilities)
    }
}

/// Position and value of the largest probability; the first one of equals.
pub fn most_probable(probabilities: &[f32]) -> (usize, f32) {
    let mut best = (0, f32::NEG_INFINITY);
    for (index, &probability) in probabilities.iter().enumerate() {
        if probability > best.1 {
            best = (index, probability);
        }
    }
    best
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunReport {
    /// Texts with an answer.
    pub labelled: usize,
    /// Texts that failed, each with an [`ItemError`].
    pub failed: usize,
    /// Requests to a server that were tried again.
    pub retries: u64,
    /// Tokens read, the shared prefix once.
    pub prompt_tokens: u64,
    /// Tokens written or scored.
    pub completion_tokens: u64,
    /// Whether the run ended early, by the token or by the sink.
    pub cancelled: bool,
}

/// Takes the result of the text at an index; `Break` ends the run.
pub type Sink<'a> = dyn FnMut(usize, Result<Scored, ItemError>) -> ControlFlow<()> + 'a;

/// What a run shall do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Go on.
    GoOn,
    /// Ask nothing more, but take the answers to what has been asked.
    Finish,
    /// End at once.
    Stop,
}

/// What has passed between a run and its server so far. A model in process has no faults and no pauses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traffic {
    /// Tokens read, also for answers that were of no use.
    pub prompt_tokens: u64,
    /// Tokens written or scored, likewise.
    pub completion_tokens: u64,
    /// Requests that were tried again.
    pub retries: u64,
    /// What went wrong, by kind.
    pub faults: FaultCounts,
    /// Texts with an answer; a listener may not have taken all of them yet.
    pub answered: u64,
    /// The last answer that was none of the labels, cut to a readable length.
    pub wrong_answer: Option<String>,
    /// Most requests that were under way at once.
    pub peak_concurrency: u32,
    /// Time spent waiting for a server to come back, before the pause of now.
    pub paused: Duration,
    /// The pause of now.
    pub pause: Option<Waiting>,
}

/// A run that waits for its server to come back.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// How long it has waited.
    pub since: Duration,
    /// In how long the server is tried next.
    pub next_try: Duration,
    /// What the server did last.
    pub reason: CallError,
}

/// Hears of a run as it goes, on the thread that called it.
pub trait Listener {
    /// Takes the result of the text at an index.
    fn answer(&mut self, index: usize, answer: Result<Scored, ItemError>) -> Next;

    /// Takes what has passed between the run and its server: before each answer, ten times a second without one, and at the end.
    fn traffic(&mut self, traffic: &Traffic) -> Next;
}

/// A model that labels texts.
pub trait LabelModel: Send + Sync {
    /// All that changes the answers apart from prompt and text: the file's hash, or the server and the model's id.
    fn identity(&self) -> String;

    /// What was found out about the model: precision, memory; or what the server offers.
    fn findings(&self) -> Vec<ModelFinding>;

    /// The prompt as the model gets it for `text`.
    fn rendered(&self, prompt: &LabelPrompt, text: &str) -> String;

    /// Labels texts. Each result goes to `sink` on the calling thread as soon as it is known, in any order.
    ///
    /// Stops within half a second after `cancel` is set, with [`RunReport::cancelled`].
    ///
    /// # Errors
    /// A [`ModelError`] stops the run; what the sink has had stays valid, and a later run can take the rest.
    fn label(
        &self,
        prompt: &LabelPrompt,
        texts: &[&str],
        cancel: &CancelToken,
        sink: &mut Sink<'_>,
    ) -> Result<RunReport, ModelError>;

    /// What is added to the labels' log-likelihoods so that long and common names don't win by themselves, read from the prompt's
    /// calibration; `None` for a model that has no such thing, and when cancelled. With [`LabelModel::know_corrections`] it is
    /// not read again.
    ///
    /// # Errors
    /// As [`LabelModel::label`].
    fn corrections(&self, _: &LabelPrompt, _: &CancelToken) -> Result<Option<Vec<f64>>, ModelError> {
        Ok(None)
    }

    /// Takes what [`LabelModel::corrections`] gave for this prompt before.
    fn know_corrections(&self, _: &LabelPrompt, _: Vec<f64>) {}

    /// As [`LabelModel::label`], for who wants to hear more than the answers. A model whose answers cost nothing to lose ends at
    /// once where the listener says [`Next::Finish`].
    ///
    /// # Errors
    /// As [`LabelModel::label`].
    fn label_heard(
        &self,
        prompt: &LabelPrompt,
        texts: &[&str],
        cancel: &CancelToken,
        listener: &mut dyn Listener,
    ) -> Result<RunReport, ModelError> {
        let mut traffic = Traffic::default();
        let report = self.label(prompt, texts, cancel, &mut |index, answer| {
            if let Ok(scored) = &answer {
                traffic.prompt_tokens += u64::from(scored.prompt_tokens);
                traffic.completion_tokens += u64::from(scored.completion_tokens);
            }
            let heard = listener.traffic(&traffic);
            match (listener.answer(index, answer), heard) {
                (Next::GoOn, Next::GoOn) => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        })?;
        let (prompt_tokens, completion_tokens) = (report.prompt_tokens, report.completion_tokens);
        let _ = listener.traffic(&Traffic { prompt_tokens, completion_tokens, retries: report.retries, ..traffic });
        Ok(report)
    }
}
