//! What thresholds would mean: how many items go to review, and how many labels among the accepted are wrong.

use contract::confidence::{ThresholdPoint, ThresholdReport};
use contract::{CallError, ItemId};
use learn::threshold::{ErrorEstimate, Thresholds};
use store::Store;

use crate::labeller::{LEVEL, calibration_of, defect, estimate, evidence_of, known_items, tie};

/// Steps of the curve.
const STEPS: usize = 100;

/// The thresholds' curve of a labeller, from what it said of the items whose domain is known, calibrated as it would be now;
/// and the lowest thresholds that keep to `max_error`. Known is what people decided, what a classifier itself learns from,
/// and with `trust_labels` whatever has a label.
///
/// Items that the labeller takes to belong to no domain go to review at every threshold and are never judged by. One that people
/// decided to belong to none is wrong whatever domain it was given. What it labelled are its own latest predictions, whichever
/// labeller has run since.
///
/// # Errors
/// What the store says.
pub fn thresholds(
    store: &Store,
    model: &str,
    max_error: Option<f64>,
    trust_labels: bool,
) -> Result<ThresholdReport, CallError> {
    let mut known = evidence_of(store, model, &store.schema()?, &known_items(store, trust_labels)?)?;
    if let Some((_, calibration)) = calibration_of(store, model)? {
        known = known.calibrated(&calibration);
    }
    let strange = store.no_domain_items(model)?;
    let may_pass: Vec<ItemId> =
        known.items.iter().copied().filter(|item| strange.binary_search(item).is_err()).collect();
    if may_pass.len() < known.count() {
        known = known.only(&may_pass);
    }
    let mut verdicts: Vec<(f32, bool)> =
        known.verdicts().map(|(confidence, right)| (confidence.clamp(0.0, 1.0), right)).collect();
    let mut all = store.confidences(model)?;
    all.iter_mut().for_each(|confidence| *confidence = confidence.clamp(0.0, 1.0));
    let no_domain = strange.len() as u64;
    let items = all.len() as u64 + no_domain;
    if items == 0 {
        // Nothing labelled yet: the known items show what to expect.
        all = verdicts.iter().map(|(confidence, _)| *confidence).collect();
    }
    tie(&mut all, &mut verdicts);
    let thresholds = Thresholds::new(&all, &verdicts, LEVEL).map_err(defect)?.with_always_reviewed(no_domain);
    let points = thresholds.curve(STEPS).map_err(defect)?.into_iter().map(point).collect();
    let lowest = |estimate| match max_error {
        // Where nothing is accepted nothing is promised.
        Some(limit) => thresholds
            .lowest(limit, estimate)
            .map(|found| found.map(point).filter(|point| point.accepted > 0))
            .map_err(defect),
        None => Ok(None),
    };
    Ok(ThresholdReport {
        model: model.to_owned(),
        items,
        no_domain,
        known: verdicts.len() as u64,
        points,
        suggested: lowest(ErrorEstimate::Share)?,
        cautious: lowest(ErrorEstimate::Upper)?,
    })
}

fn point(point: learn::threshold::ThresholdPoint) -> ThresholdPoint {
    ThresholdPoint {
        #[allow(clippy::cast_possible_truncation)] // From 0 to 1.
        threshold: point.threshold as f32,
        to_review: point.review,
        accepted: point.accepted,
        error: Some(estimate(point.error)).filter(|error| error.of > 0 && point.accepted > 0),
    }
}
