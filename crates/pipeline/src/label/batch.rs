//! Predictions on their way into the store.

use contract::job::JobResult;
use contract::label::{Candidate, LabelReport, Thresholds};
use contract::{ItemId, UnixMillis};
use models::{LabelPrompt, Scored};
use store::{NewAnswer, NewPrediction, Store};

use crate::job::{JobControl, Stop};

/// Answers that come within so much time of the last transaction share the next one: a kill loses no more than that, and a
/// slow model's answer is stored at once.
const TOGETHER_MILLIS: i64 = 50;
/// So many are stored without waiting for that.
const FULL: usize = 2_000;
/// Progress that comes with nothing to store is told and stored this often.
const TELL_MILLIS: i64 = 200;
/// Candidates kept of each prediction.
const CANDIDATES: usize = 10;

/// Collects predictions and stores them in small transactions, each with the answers that they were read from and with the
/// job's numbers.
pub(super) struct Batch<'a> {
    pub(super) store: &'a Store,
    pub(super) control: &'a mut JobControl,
    pub(super) model: &'a str,
    pub(super) prompt: &'a LabelPrompt,
    pub(super) prompt_version: &'a str,
    pub(super) thresholds: Thresholds,
    pub(super) report: LabelReport,
    /// Items of the plan in all.
    pub(super) total: u64,
    waiting: Vec<NewPrediction>,
    answers: Vec<NewAnswer>,
    /// When something was stored last.
    stored: UnixMillis,
}

impl<'a> Batch<'a> {
    pub(super) fn new(
        store: &'a Store,
        control: &'a mut JobControl,
        model: &'a str,
        (prompt, prompt_version): (&'a LabelPrompt, &'a str),
        thresholds: Thresholds,
    ) -> Self {
        let report = match control.result() {
            // What failed or was left is tried again.
            Some(JobResult::Label(report)) => {
                let again = LabelReport { failed: 0, last_failure: None, ..report.clone() };
                LabelReport { paused: None, ended_by: None, left: 0, ..again }
            }
            _ => LabelReport { model: model.to_owned(), ..LabelReport::default() },
        };
        let (waiting, answers, stored, total) = (Vec::new(), Vec::new(), 0, 0);
        Self { store, control, model, prompt, prompt_version, thresholds, report, total, waiting, answers, stored }
    }

    /// Takes what is known of an item.
    pub(super) fn push(&mut self, item: ItemId, scored: &Scored) -> Result<(), Stop> {
        let candidates = candidates(self.prompt, scored);
        // A model that answers with no label at all is a defect of the model.
        let Some(best) = candidates.first() else { return Ok(()) };
        let (confidence, obtained) = (best.probability, scored.obtained);
        self.waiting.push(NewPrediction { item, candidates, confidence, obtained });
        if self.waiting.len() >= FULL { self.flush() } else { self.store_if_due() }
    }

    /// Takes an answer that is to be kept; it is stored with the next prediction.
    pub(super) fn keep(&mut self, answer: NewAnswer) {
        self.answers.push(answer);
    }

    /// Stores what has waited long enough.
    pub(super) fn store_if_due(&mut self) -> Result<(), Stop> {
        let waited = self.control.now() - self.stored;
        let long = if self.waiting.is_empty() { TELL_MILLIS } else { TOGETHER_MILLIS };
        // A clock set back must not keep things from being stored.
        if waited >= long || waited < 0 { self.flush() } else { Ok(()) }
    }

    /// Stores what waits, together with how far the job is.
    pub(super) fn flush(&mut self) -> Result<(), Stop> {
        let (waiting, answers) = (std::mem::take(&mut self.waiting), std::mem::take(&mut self.answers));
        let (total, job) = (Some(self.total), self.control.job());
        let now = self.control.now();
        self.stored = now;
        let control = &mut *self.control;
        let mut progress = |report: &LabelReport| {
            control.measure(report.labelled + report.failed, total, None, Some(JobResult::Label(report.clone())))
        };
        if waiting.is_empty() {
            let progress = progress(&self.report);
            self.store.save_job_progress(job, &progress)?;
        } else {
            self.store.store_answered(
                job,
                self.model,
                self.prompt_version,
                (&waiting, &answers),
                self.thresholds,
                &mut self.report,
                progress,
                now,
            )?;
        }
        self.control.publish();
        Ok(())
    }
}

/// The best labels, most probable first; of equals the first in the schema.
#[must_use]
pub fn candidates(prompt: &LabelPrompt, scored: &Scored) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = prompt
        .labels
        .iter()
        .zip(&scored.probabilities)
        .map(|(label, probability)| Candidate { domain: label.id.clone(), probability: *probability })
        .collect();
    candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    candidates.truncate(CANDIDATES);
    candidates
}
