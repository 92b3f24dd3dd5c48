//! Predictions on their way into the store.

use std::collections::HashSet;

use contract::job::JobResult;
use contract::label::{Budget, BudgetKind, Candidate, LabelReport, Thresholds};
use contract::{CallError, ErrorCode, ItemId, UnixMillis};
use learn::calibration::Calibration;
use models::{ItemError, LabelPrompt, Scored};
use store::{ItemToLabel, NewAnswer, NewPrediction, Store};

use crate::job::{JobControl, Stop};
use crate::labeller::Opinion;

/// Answers that come within so much time of the last transaction share the next one: a kill loses no more than that, and a
/// slow model's answer is stored at once.
const TOGETHER_MILLIS: i64 = 50;
/// So many are stored without waiting for that.
const FULL: usize = 2_000;
/// Progress that comes with nothing to store is told and stored this often.
const TELL_MILLIS: i64 = 200;
/// Candidates kept of each prediction.
const CANDIDATES: usize = 10;
/// So many answers of a run that are none of the labels, without a single one that is, end it.
const USELESS_ANSWERS: u64 = 50;
/// The same for texts that had all their tries, where single answers are not heard of.
const USELESS_TEXTS: u64 = 20;

/// Collects predictions and stores them in small transactions, each with the answers that they were read from and with the
/// job's numbers.
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
    /// Items that failed for reasons that may pass.
    pub(super) may_pass: HashSet<ItemId>,
    worth: Worth,
    waiting: Vec<NewPrediction>,
    answers: Vec<NewAnswer>,
    /// When something was stored last.
    stored: UnixMillis,
}

/// What a run's own answers were worth so far: a model that can't do the work is not paid for all of it.
struct Worth {
    /// Answers that were none of the labels before this run.
    before: u64,
    /// Whether an answer was one of the labels.
    is_proved: bool,
    /// Texts whose answers were never one of the labels.
    texts: u64,
    /// The last such answer.
    answer: String,
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
                let again = LabelReport { failed: 0, last_failure: None, ..*report.clone() };
                LabelReport { paused: None, ended_by: None, left: 0, ..again }
            }
            _ => LabelReport { model: model.to_owned(), ..LabelReport::default() },
        };
        let (waiting, answers, stored, total) = (Vec::new(), Vec::new(), 0, 0);
        let worth = Worth { before: report.faults.not_a_label, is_proved: false, texts: 0, answer: String::new() };
        Self {
            store,
            control,
            model,
            prompt,
            prompt_version,
            thresholds,
            calibration: None,
            report,
            total,
            may_pass: HashSet::new(),
            worth,
            waiting,
            answers,
            stored,
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
        let candidates = candidates(self.prompt, &opinion.probabilities);
        let raw = opinion.raw.as_ref().map(|raw| crate::label::candidates(self.prompt, raw));
        // A model that answers with no label at all is a defect of the model.
        let Some(best) = candidates.first() else { return Ok(()) };
        let (confidence, obtained, no_domain) = (best.probability, opinion.obtained, opinion.no_domain);
        self.report.by_strong += u64::from(opinion.by_strong);
        self.waiting.push(NewPrediction { item, candidates, confidence, obtained, raw, no_domain });
        if self.waiting.len() >= FULL { self.flush() } else { self.store_if_due() }
    }

    /// Takes the failure of items with one text.
    pub(super) fn fail(&mut self, items: &[ItemId], error: ItemError) {
        if error.may_pass() {
            self.may_pass.extend(items);
        }
        if let ItemError::Answer { answer } = &error {
            self.worth.texts += 1;
            self.worth.answer.clone_from(answer);
        }
        self.report.failed += items.len() as u64;
        self.report.last_failure = Some(error.into());
    }

    /// Items that failed are asked about once more: until they fail again they count as left.
    pub(super) fn ask_again(&mut self, items: &[ItemToLabel]) {
        let texts: HashSet<&str> = items.iter().map(|item| item.text.as_str()).collect();
        self.report.failed = self.report.failed.saturating_sub(items.len() as u64);
        self.report.retries += texts.len() as u64;
    }

    /// The model has answered with a label in this run: it is worth asking, whatever else it answers.
    pub(super) fn prove(&mut self) {
        self.worth.is_proved = true;
    }

    /// Fails when the model has answered often enough in this run, and with a label not once. `wrong`: its last wrong answer.
    pub(super) fn check_answers(&self, wrong: Option<&str>) -> Result<(), Stop> {
        let answers = self.report.faults.not_a_label.saturating_sub(self.worth.before);
        self.check_worth(answers, USELESS_ANSWERS, wrong.unwrap_or_default())
    }

    /// The same by the texts that had all their tries.
    pub(super) fn check_texts(&self) -> Result<(), Stop> {
        self.check_worth(self.worth.texts, USELESS_TEXTS, &self.worth.answer)
    }

    fn check_worth(&self, count: u64, most: u64, wrong: &str) -> Result<(), Stop> {
        if self.worth.is_proved || count < most {
            return Ok(());
        }
        let error = CallError::new(ErrorCode::AnswersUseless).with("name", self.model);
        Err(error.with("count", count).with("answer", wrong).into())
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
            control.measure(
                report.labelled + report.failed,
                total,
                None,
                Some(JobResult::Label(Box::new(report.clone()))),
            )
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

impl Batch<'_> {
    /// Whether the budget of a run that began then is used up; the report says which part of it.
    pub(super) fn is_spent(&mut self, budget: Budget, began: UnixMillis) -> bool {
        let report = &mut self.report;
        let tokens = report.prompt_tokens + report.completion_tokens;
        let seconds = u64::try_from((self.control.now() - began) / 1000).unwrap_or(0);
        if budget.max_tokens.is_some_and(|most| tokens >= most) {
            report.ended_by.get_or_insert(BudgetKind::Tokens);
        }
        if budget.max_seconds.is_some_and(|most| seconds >= most) {
            report.ended_by.get_or_insert(BudgetKind::Time);
        }
        report.ended_by.is_some()
    }

    /// The report of a run that was neither stopped nor failed.
    pub(super) fn finish(mut self) -> Result<LabelReport, Stop> {
        let report = &mut self.report;
        report.left = self.total.saturating_sub(report.labelled + report.failed);
        if report.left == 0 {
            // The last item used it up, and nothing was left undone for it.
            report.ended_by = None;
        }
        if report.failed == 0 {
            // What failed once was labelled in the end.
            report.last_failure = None;
        }
        self.flush()?;
        Ok(self.report)
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
