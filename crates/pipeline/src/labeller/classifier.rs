//! A classifier trained on decisions, as a labeller.

use std::collections::HashMap;
use std::sync::Arc;

use contract::CallError;
use contract::label::ConfidenceSource;
use contract::labeller::TrainingReport;
use contract::model::ModelFinding;
use learn::RowsBuf;
use models::CancelToken;
use store::{Store, TextHash};

use super::evidence::spread;
use super::novelty::NoveltyGuard;
use super::training::{Head, defect};
use super::vectors::{Found, Vectors};
use super::{Labeller, Opinion, OpinionSink, Outcome, Question};

/// Questions whose vectors are held at a time.
const STEP: usize = 512;

/// A trained classifier with its encoder.
pub(super) struct Classifier {
    head: Head,
    vectors: Vectors,
    fingerprint: String,
    report: TrainingReport,
    /// Where the schema's domains stand among the classes it was trained for.
    class_of: Vec<Option<usize>>,
    /// Cross-validated answers about the texts that it was trained on.
    out_of_fold: HashMap<String, Vec<(u32, f32)>>,
    guard: Option<NoveltyGuard>,
}

impl Classifier {
    /// Takes a trained head into use for the schema's domains.
    pub(super) fn new(
        store: &Arc<Store>,
        mut head: Head,
        vectors: Vectors,
        fingerprint: String,
        report: TrainingReport,
        domains: &[String],
    ) -> Result<Self, CallError> {
        let class_of = domains.iter().map(|domain| head.domains.iter().position(|known| known == domain)).collect();
        let out_of_fold = std::mem::take(&mut head.out_of_fold).into_iter().collect();
        let guard = NoveltyGuard::of(store, &head, &vectors)?;
        Ok(Self { head, vectors, fingerprint, report, class_of, out_of_fold, guard })
    }

    /// Its probabilities in the schema's order; a domain that it does not know has none.
    fn in_schema(&self, row: &[f32]) -> Vec<f32> {
        let mut out: Vec<f32> =
            self.class_of.iter().map(|class| class.and_then(|class| row.get(class).copied()).unwrap_or(0.0)).collect();
        let sum: f32 = out.iter().sum();
        if sum > 0.0 {
            out.iter_mut().for_each(|value| *value /= sum);
        }
        out
    }

    fn opinions(&self, questions: &[Question<'_>], vectors: Vec<Vec<f32>>) -> Result<Vec<Opinion>, CallError> {
        let width = self.vectors.dimensions();
        let rows = RowsBuf::new(vectors.concat(), width).map_err(defect)?;
        let classes = self.head.classifier.classes();
        let probabilities = self.head.classifier.probabilities(rows.view()).map_err(defect)?;
        let strange = match &self.guard {
            Some(guard) => guard.strange(rows.view())?,
            None => vec![false; questions.len()],
        };
        let mut opinions = Vec::with_capacity(questions.len());
        for ((question, row), strange) in questions.iter().zip(probabilities.chunks_exact(classes)).zip(strange) {
            // What it has learned by heart it must not judge itself on.
            let seen = self.out_of_fold.get(&TextHash::of(question.text).to_string());
            let held_out = seen.and_then(|candidates| spread(candidates, classes));
            let known = held_out.is_some();
            let probabilities = self.in_schema(held_out.as_deref().unwrap_or(row));
            let obtained = ConfidenceSource::Classifier;
            opinions.push(Opinion { no_domain: strange && !known, ..Opinion::of(probabilities, obtained) });
        }
        Ok(opinions)
    }
}

impl Labeller for Classifier {
    fn version(&self) -> String {
        format!("classifier-{}", &self.fingerprint[..self.fingerprint.len().min(12)])
    }

    fn findings(&self) -> Vec<ModelFinding> {
        let mut findings = vec![ModelFinding::Examples { count: self.report.examples }];
        if let Some(accuracy) = self.report.accuracy {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 1000.
            findings.push(ModelFinding::CrossValidated { permille: (accuracy.share * 1000.0).round() as u32 });
        }
        findings
    }

    fn explained(&self, question: Question<'_>) -> Result<String, CallError> {
        let Some(vectors) = self.vectors.of(&[question], &CancelToken::new(), &mut |_| Ok(()))? else {
            return Ok(String::new());
        };
        let nearest = match &self.guard {
            Some(guard) => guard.nearest_examples(&vectors.concat(), 5)?,
            None => Vec::new(),
        };
        let Some(opinion) = self.opinions(&[question], vectors)?.into_iter().next() else { return Ok(String::new()) };
        let (class, _) = opinion.best();
        let lines: Vec<String> = nearest
            .into_iter()
            .map(|(text, class, cosine)| {
                format!("{cosine:.2}  {}  {text}", self.head.domains.get(class).map_or("", String::as_str))
            })
            .collect();
        Ok(format!("{}\n\n{}", self.head.domains.get(class).map_or("", String::as_str), lines.join("\n")))
    }

    fn label(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
        sink: &mut OpinionSink<'_>,
    ) -> Result<Outcome, CallError> {
        let cancelled = Outcome { cancelled: true, ..Outcome::default() };
        for (step, questions) in questions.chunks(STEP).enumerate() {
            if cancel.is_cancelled() {
                return Ok(cancelled);
            }
            let found = self.vectors.with_origin(questions, cancel, &mut |_| Ok(()))?;
            let Some(Found { vectors, were_there }) = found else { return Ok(cancelled) };
            let opinions = self.opinions(questions, vectors)?.into_iter().zip(were_there);
            for (index, (opinion, is_reused)) in opinions.enumerate() {
                if sink(step * STEP + index, Ok(Opinion { is_reused, ..opinion })).is_break() {
                    return Ok(cancelled);
                }
            }
        }
        Ok(Outcome::default())
    }
}
