//! Predictions on their way into the store.

use contract::job::JobResult;
use contract::label::{Candidate, LabelReport, Thresholds};
use contract::{ItemId, UnixMillis};
use learn::calibration::Calibration;
use models::{LabelPrompt, Scored};
use store::{NewPrediction, Store};

use crate::job::{JobControl, Stop};
use crate::labeller::Opinion;

/// Predictions are stored when there are so many…
const FULL: usize = 20;
/// …or when the first of them has waited so long, so that a kill loses next to nothing.
const WAIT_MILLIS: i64 = 250;
/// Candidates kept of each prediction.
const CANDIDATES: usize = 10;

/// Collects predictions and stores them in small transactions, each with the job's numbers.
pub(super) struct Batch<'a> {
    pub(super) store: &'a Store,
    pub(super) control: &'a mut JobControl,
    pub(super) model: &'a str,
    pub(super) prompt: &'a LabelPrompt,
    pub(super) prompt_version: &'a str,
    pub(super) thresholds: Thresholds,
    /// What corrects the confidence of raw answers.
    pub(super) calibration: Option<Calibration>,
    pub(super) report: LabelReport,
    /// Items of the plan in all.
    pub(super) total: u64,
    waiting: Vec<NewPrediction>,
    since: UnixMillis,
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
            // What failed is tried again.
            Some(JobResult::Label(report)) => LabelReport { failed: 0, last_failure: None, ..report.clone() },
            _ => LabelReport { model: model.to_owned(), ..LabelReport::default() },
        };
        let (waiting, since, calibration) = (Vec::new(), 0, None);
        Self {
            store,
            control,
            model,
            prompt,
            prompt_version,
            thresholds,
            calibration,
            report,
            total: 0,
            waiting,
            since,
        }
    }

    /// Takes a language model's answer as it came.
    pub(super) fn push_scored(&mut self, item: ItemId, scored: &Scored) -> Result<(), Stop> {
        let mut opinion = Opinion::of(scored.probabilities.clone(), scored.obtained);
        if let Some(calibration) = &self.calibration {
            opinion.calibrate(calibration);
        }
        self.push(item, &opinion)
    }

    /// Takes what a labeller says of an item.
    pub(super) fn push(&mut self, item: ItemId, opinion: &Opinion) -> Result<(), Stop> {
        let now = self.control.now();
        if self.waiting.is_empty() {
            self.since = now;
        }
        let candidates = candidates(self.prompt, &opinion.probabilities);
        let raw = opinion.raw.as_ref().map(|raw| crate::label::candidates(self.prompt, raw));
        // A model that answers with no label at all is a defect of the model.
        let Some(best) = candidates.first() else { return Ok(()) };
        let (confidence, obtained, no_domain) = (best.probability, opinion.obtained, opinion.no_domain);
        self.report.by_strong += u64::from(opinion.by_strong);
        self.waiting.push(NewPrediction { item, candidates, confidence, obtained, raw, no_domain });
        if self.waiting.len() >= FULL || now - self.since >= WAIT_MILLIS { self.flush() } else { Ok(()) }
    }

    /// Stores what waits, together with how far the job is.
    pub(super) fn flush(&mut self) -> Result<(), Stop> {
        let waiting = std::mem::take(&mut self.waiting);
        let (total, job) = (Some(self.total), self.control.job());
        let now = self.control.now();
        let control = &mut *self.control;
        let mut progress = |report: &LabelReport| {
            control.measure(report.labelled + report.failed, total, None, Some(JobResult::Label(report.clone())))
        };
        if waiting.is_empty() {
            let progress = progress(&self.report);
            self.store.save_job_progress(job, &progress)?;
        } else {
            self.store.store_predictions(
                job,
                self.model,
                self.prompt_version,
                &waiting,
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
pub fn candidates(prompt: &LabelPrompt, probabilities: &[f32]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = prompt
        .labels
        .iter()
        .zip(probabilities)
        .map(|(label, probability)| Candidate { domain: label.id.clone(), probability: *probability })
        .collect();
    candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    candidates.truncate(CANDIDATES);
    candidates
}
