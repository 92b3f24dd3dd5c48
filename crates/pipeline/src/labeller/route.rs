//! A cheap labeller first, a strong one for what the cheap one is unsure of.

use std::ops::ControlFlow;
use std::sync::Arc;

use contract::labeller::RouteRule;
use contract::model::ModelFinding;
use contract::{CallError, ErrorCode};
use learn::threshold::{ErrorEstimate, Thresholds};
use models::CancelToken;

use super::calibrated::LEVEL;
use super::open::Bench;
use super::training::defect;
use super::{Known, Labeller, OpinionSink, Outcome, Question, label_all};

/// Decided items without which an accuracy can't be promised.
const ROUTE_NEEDS: usize = 30;
/// Items on which a budget's threshold is measured.
const SAMPLE: u32 = 400;
/// Seed of their draw.
const SEED: u64 = 41;

/// A route.
pub(super) struct Route {
    cheap: Arc<dyn Labeller>,
    strong: Arc<dyn Labeller>,
    below: f32,
}

impl Route {
    pub(super) fn new(cheap: Arc<dyn Labeller>, strong: Arc<dyn Labeller>, below: f32) -> Self {
        Self { cheap, strong, below }
    }
}

/// The confidence below which the strong labeller is asked. `known` is what is known of the cheap one, calibrated as it will be.
///
/// # Errors
/// [`ErrorCode::ExamplesTooFew`] when an accuracy is asked for and too little is decided; what the cheap labeller says.
pub(super) fn threshold(
    bench: &Bench,
    rule: RouteRule,
    cheap: &dyn Labeller,
    known: impl FnOnce() -> Result<Known, CallError>,
) -> Result<f32, CallError> {
    match rule {
        RouteRule::Threshold { below } => Ok(below),
        RouteRule::Accuracy { at_least } => {
            let known = known()?;
            if known.count() < ROUTE_NEEDS {
                let error = CallError::new(ErrorCode::ExamplesTooFew).with("found", known.count());
                return Err(error.with("needed", ROUTE_NEEDS));
            }
            let verdicts: Vec<(f32, bool)> = known.verdicts().collect();
            let thresholds = Thresholds::new(&[], &verdicts, LEVEL).map_err(defect)?;
            let limit = 1.0 - f64::from(at_least);
            let lowest = thresholds.lowest(limit, ErrorEstimate::Share).map_err(defect)?;
            // Where nothing is good enough the strong one is asked about everything.
            #[allow(clippy::cast_possible_truncation)] // A confidence.
            Ok(lowest.map_or(1.01, |point| point.threshold as f32))
        }
        RouteRule::Budget { share } => of_budget(bench, share, cheap),
    }
}

/// The confidence that this share of the project's items is below, measured on a sample.
fn of_budget(bench: &Bench, share: f32, cheap: &dyn Labeller) -> Result<f32, CallError> {
    let items = bench.store.sample_items(SAMPLE, SEED)?;
    let questions: Vec<Question<'_>> = items.iter().map(|(item, text)| Question { item: Some(*item), text }).collect();
    let (opinions, _) = label_all(cheap, &questions, &CancelToken::new())?;
    let mut confidences: Vec<f32> =
        opinions.into_iter().flatten().filter_map(Result::ok).map(|opinion| opinion.best().1).collect();
    confidences.sort_by(f32::total_cmp);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A few hundred.
    let place = (confidences.len() as f32 * share) as usize;
    Ok(confidences.get(place).copied().unwrap_or(0.0))
}

impl Labeller for Route {
    fn version(&self) -> String {
        let parts = format!("{}|{}|{:.4}", self.cheap.version(), self.strong.version(), self.below);
        format!("route-{}", &blake3::hash(parts.as_bytes()).to_hex()[..12])
    }

    fn findings(&self) -> Vec<ModelFinding> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 1000.
        let permille = (self.below.clamp(0.0, 1.0) * 1000.0).round() as u32;
        let mut findings = vec![ModelFinding::RouteBelow { permille }];
        findings.extend(self.cheap.findings());
        findings.extend(self.strong.findings());
        findings
    }

    fn explained(&self, question: Question<'_>) -> Result<String, CallError> {
        Ok(format!("{}\n\n—\n\n{}", self.cheap.explained(question)?, self.strong.explained(question)?))
    }

    fn label(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
        sink: &mut OpinionSink<'_>,
    ) -> Result<Outcome, CallError> {
        // The places, and whether the cheap one's answer had been worked out before: its part of the cost is then missing.
        let mut unsure: Vec<(usize, bool)> = Vec::new();
        let mut outcome = self.cheap.label(questions, cancel, &mut |index, opinion| match opinion {
            // What belongs to no domain gains nothing from a second look: a person decides.
            Ok(opinion) if opinion.no_domain || opinion.best().1 >= self.below => sink(index, Ok(opinion)),
            opinion => {
                unsure.push((index, opinion.is_ok_and(|opinion| opinion.is_reused)));
                ControlFlow::Continue(())
            }
        })?;
        if outcome.cancelled || unsure.is_empty() {
            return Ok(outcome);
        }
        unsure.sort_unstable();
        let asked: Vec<Question<'_>> = unsure.iter().filter_map(|&(index, _)| questions.get(index).copied()).collect();
        let strong = self.strong.label(&asked, cancel, &mut |place, opinion| {
            let Some(&(index, is_reused)) = unsure.get(place) else { return ControlFlow::Continue(()) };
            let opinion = opinion.map(|mut opinion| {
                opinion.by_strong = true;
                opinion.is_reused |= is_reused;
                opinion
            });
            sink(index, opinion)
        })?;
        outcome.cost.add(strong.cost);
        outcome.cancelled = strong.cancelled;
        Ok(outcome)
    }
}
