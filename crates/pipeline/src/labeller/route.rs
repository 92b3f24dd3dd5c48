//! A cheap labeller first, a strong one for what the cheap one is unsure of.

use std::ops::ControlFlow;
use std::sync::Arc;

use contract::labeller::{RouteRule, ShareEstimate};
use contract::model::ModelFinding;
use contract::{CallError, ErrorCode};
use learn::threshold::{ErrorEstimate, Thresholds};
use models::CancelToken;

use super::calibrated::{LEVEL, estimate};
use super::open::Bench;
use super::tie::tie;
use super::training::defect;
use super::{Known, Labeller, OpinionSink, Outcome, Question, label_all};

/// Decided items without which an accuracy can't be promised.
const ROUTE_NEEDS: usize = 30;
/// Items on which a budget's threshold is measured.
const SAMPLE: u32 = 400;
/// A confidence that nothing reaches.
const EVERYTHING: f32 = 1.01;
/// Seed of their draw.
const SEED: u64 = 41;

/// A route.
pub(super) struct Route {
    cheap: Arc<dyn Labeller>,
    strong: Arc<dyn Labeller>,
    below: f32,
    /// How often what the cheap one keeps is right, where the threshold was chosen by that.
    kept: Option<ShareEstimate>,
}

impl Route {
    pub(super) fn new(cheap: Arc<dyn Labeller>, strong: Arc<dyn Labeller>, border: Border) -> Self {
        Self { cheap, strong, below: border.below, kept: border.kept }
    }
}

/// Where a route parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Border {
    /// The confidence below which the strong labeller is asked.
    pub(super) below: f32,
    /// How often what the cheap one keeps is right on decided items, where the border was chosen by that.
    pub(super) kept: Option<ShareEstimate>,
}

impl Border {
    fn at(below: f32) -> Self {
        Self { below, kept: None }
    }
}

/// The confidence below which the strong labeller is asked. `known` is what is known of the cheap one, calibrated as it will be.
///
/// For an accuracy it is the cautious choice, the lowest confidence at which even the interval's upper end of the error keeps to
/// it: by the share alone the choice favours the threshold that chance was kind to, and half of all promises would break.
///
/// # Errors
/// [`ErrorCode::ExamplesTooFew`] when an accuracy is asked for and too little is decided; what the cheap labeller says.
pub(super) fn threshold(
    bench: &Bench,
    rule: RouteRule,
    cheap: &dyn Labeller,
    known: impl FnOnce() -> Result<Known, CallError>,
) -> Result<Border, CallError> {
    match rule {
        RouteRule::Threshold { below } => Ok(Border::at(below)),
        RouteRule::Accuracy { at_least } => {
            let known = known()?;
            if known.count() < ROUTE_NEEDS {
                let error = CallError::new(ErrorCode::ExamplesTooFew).with("found", known.count());
                return Err(error.with("needed", ROUTE_NEEDS));
            }
            of_accuracy(at_least, known.verdicts().collect())
        }
        RouteRule::Budget { share } => of_budget(bench, share, cheap).map(Border::at),
    }
}

/// The lowest confidence from which on even the interval's lower end of the accuracy is at least this.
fn of_accuracy(at_least: f32, mut verdicts: Vec<(f32, bool)>) -> Result<Border, CallError> {
    tie(&mut [], &mut verdicts);
    let thresholds = Thresholds::new(&[], &verdicts, LEVEL).map_err(defect)?;
    let limit = 1.0 - f64::from(at_least);
    // Where nothing is good enough the strong one is asked about everything.
    let Some(point) = thresholds.lowest(limit, ErrorEstimate::Upper).map_err(defect)? else {
        return Ok(Border::at(EVERYTHING));
    };
    let wrong = estimate(point.error);
    let kept = ShareEstimate { share: 1.0 - wrong.share, low: 1.0 - wrong.high, high: 1.0 - wrong.low, of: wrong.of };
    #[allow(clippy::cast_possible_truncation)] // A confidence.
    Ok(Border { below: point.threshold as f32, kept: Some(kept) })
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
    // A budget for all of them stops nowhere.
    let beyond = confidences.last().map_or(0.0, |most| most.next_up());
    Ok(confidences.get(place).copied().unwrap_or(beyond))
}

/// A share in thousandths.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 1000.
fn thousandths(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u32
}

impl Labeller for Route {
    fn version(&self) -> String {
        let parts = format!("{}|{}|{:.4}", self.cheap.version(), self.strong.version(), self.below);
        format!("route-{}", &blake3::hash(parts.as_bytes()).to_hex()[..12])
    }

    fn findings(&self) -> Vec<ModelFinding> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 1000.
        let permille = (self.below.clamp(0.0, 1.0) * 1000.0).round() as u32;
        let asked =
            if self.below >= EVERYTHING { ModelFinding::RouteUnproved } else { ModelFinding::RouteBelow { permille } };
        let mut findings = vec![asked];
        if let Some(kept) = self.kept {
            let [permille, low, high] = [kept.share, kept.low, kept.high].map(thousandths);
            findings.push(ModelFinding::RouteKeeps { permille, low, high, of: kept.of });
        }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// So many answers with each confidence, and how many of them are wrong.
    fn answers(groups: &[(f32, usize, usize)]) -> Vec<(f32, bool)> {
        let group = |&(confidence, count, wrong): &(f32, usize, usize)| {
            (0..count).map(move |place| (confidence, place >= wrong)).collect::<Vec<_>>()
        };
        groups.iter().flat_map(group).collect()
    }

    #[test]
    fn an_accuracy_is_kept_to_by_the_interval_and_not_by_the_share_alone() {
        // From 0.5 on 6 of 700 are wrong, less than 1 %, which may well be 1.8 % of the others; of the surest 500 none is.
        let verdicts = answers(&[(0.2, 100, 50), (0.5, 200, 6), (0.9, 500, 0)]);
        let border = of_accuracy(0.99, verdicts.clone()).unwrap();
        assert_eq!(border.below.to_bits(), 0.9_f32.to_bits());
        let kept = border.kept.unwrap();
        assert_eq!((kept.of, kept.share.to_bits()), (500, 1.0_f64.to_bits()));
        assert!(kept.low >= 0.99 && kept.low < 0.995, "{kept:?}");
        // What 97 % asks for is shown by all of these 700.
        assert_eq!(of_accuracy(0.97, verdicts).unwrap().below.to_bits(), 0.5_f32.to_bits());
    }

    #[test]
    fn without_proof_the_strong_one_is_asked_about_everything() {
        assert_eq!(of_accuracy(0.99, answers(&[(0.9, 60, 0)])).unwrap(), Border::at(EVERYTHING));
    }
}
