//! Confidence that means what it says: a labeller behind the calibration fitted on people's decisions.

use std::borrow::Cow;
use std::sync::Arc;

use contract::confidence::{CalibrationMethod, CalibrationReport, Reliability, ReliabilityBin};
use contract::labeller::ShareEstimate;
use contract::model::ModelFinding;
use contract::{CallError, UnixMillis};
use learn::calibration::Calibration;
use learn::reliability::{BINS, reliability};
use learn::statistics::Proportion;
use models::CancelToken;
use store::{NO_DOMAIN, Store};

use super::training::defect;
use super::{Known, Labeller, OpinionSink, Outcome, Question};

/// Seed of the folds that the calibration is judged by.
const SEED: u64 = 29;
/// Level of every interval.
pub(crate) const LEVEL: f64 = 0.95;

/// The latest calibration of a labeller with its number; `None` when there is none.
///
/// # Errors
/// What the store says, or a calibration that can't be read.
pub fn calibration_of(store: &Store, model: &str) -> Result<Option<(i64, Calibration)>, CallError> {
    let Some(stored) = store.calibration(model)? else { return Ok(None) };
    let calibration = serde_json::from_str(&stored.calibration).map_err(defect)?;
    Ok(Some((stored.id, calibration)))
}

/// Fits a calibration on what is known of a labeller.
///
/// # Errors
/// Too few items; numbers that don't fit together.
pub(crate) fn fit_calibration(
    model: &str,
    known: &Known,
    now: UnixMillis,
) -> Result<(Calibration, CalibrationReport), CallError> {
    let (rows, truth, classes) = with_none(known);
    let fit = learn::calibration::fit(&rows, &truth, classes, SEED).map_err(defect)?;
    let (before, right): (Vec<f32>, Vec<bool>) = known.verdicts().unzip();
    let method = match &fit.calibration {
        Calibration::Identity => CalibrationMethod::None,
        Calibration::Temperature { temperature } => CalibrationMethod::Temperature { temperature: *temperature },
        Calibration::Isotonic(map) => {
            CalibrationMethod::Isotonic { steps: u32::try_from(map.confidence.len()).unwrap_or(u32::MAX) }
        }
    };
    let report = CalibrationReport {
        model: model.to_owned(),
        examples: known.count() as u64,
        accuracy: share_estimate(right.iter().filter(|right| **right).count() as u64, right.len() as u64),
        method,
        before: judged(&before, &right, fit.before.top_brier)?,
        after: judged(&fit.held_out, &right, fit.after.top_brier)?,
        at: now,
    };
    Ok((fit.calibration, report))
}

/// What is known, as a fit wants it: "no domain" is one class more, which the labeller never names. So whatever is said of
/// what belongs to none is wrong. Without any of these the rows stay as they are.
fn with_none(known: &Known) -> (Cow<'_, [f32]>, Cow<'_, [u32]>, usize) {
    if known.truth.iter().all(|truth| *truth != NO_DOMAIN) {
        return (Cow::Borrowed(known.rows.as_slice()), Cow::Borrowed(known.truth.as_slice()), known.domains);
    }
    let mut rows = Vec::with_capacity(known.rows.len() + known.count());
    for row in known.rows.chunks_exact(known.domains.max(1)) {
        rows.extend_from_slice(row);
        rows.push(0.0);
    }
    let none = u32::try_from(known.domains).unwrap_or(NO_DOMAIN);
    let truth: Vec<u32> = known.truth.iter().map(|truth| if *truth == NO_DOMAIN { none } else { *truth }).collect();
    (Cow::Owned(rows), Cow::Owned(truth), known.domains + 1)
}

fn judged(confidences: &[f32], right: &[bool], brier: f64) -> Result<Reliability, CallError> {
    let found = reliability(confidences, right, BINS).map_err(defect)?;
    let bin = |bin: &learn::reliability::Bin| ReliabilityBin {
        from: bin.from,
        to: bin.to,
        count: bin.accuracy.trials,
        confidence: bin.confidence,
        accuracy: estimate(bin.accuracy),
    };
    let bins = found.bins.iter().filter(|bin| bin.accuracy.trials > 0).map(bin).collect();
    Ok(Reliability { ece: found.ece, brier, bins })
}

/// A share with Wilson's interval.
pub(crate) fn share_estimate(successes: u64, trials: u64) -> ShareEstimate {
    Proportion::wilson(successes, trials, LEVEL).map(estimate).unwrap_or_default()
}

/// The contract's form of a share.
pub(crate) fn estimate(proportion: Proportion) -> ShareEstimate {
    ShareEstimate { share: proportion.share, low: proportion.low, high: proportion.high, of: proportion.trials }
}

/// A labeller behind a calibration.
pub struct Calibrated {
    inner: Arc<dyn Labeller>,
    number: i64,
    calibration: Calibration,
}

impl Calibrated {
    /// The labeller behind this calibration of that number; itself where there is none.
    #[must_use]
    pub fn behind(inner: Arc<dyn Labeller>, calibration: Option<(i64, Calibration)>) -> Arc<dyn Labeller> {
        match calibration {
            Some((number, calibration)) => Arc::new(Self { inner, number, calibration }),
            None => inner,
        }
    }
}

/// What stands between the version of a labeller and the number of its calibration.
const CALIBRATION_MARK: char = '~';

/// The version of a labeller behind a calibration.
#[must_use]
pub fn version_with(version: String, calibration: Option<&(i64, Calibration)>) -> String {
    match calibration {
        Some((number, _)) => format!("{version}{CALIBRATION_MARK}{number}"),
        None => version,
    }
}

/// The version of a labeller whatever its calibration.
#[must_use]
pub fn base_version(version: &str) -> &str {
    version.split(CALIBRATION_MARK).next().unwrap_or(version)
}

impl Labeller for Calibrated {
    fn version(&self) -> String {
        format!("{}{CALIBRATION_MARK}{}", self.inner.version(), self.number)
    }

    fn findings(&self) -> Vec<ModelFinding> {
        self.inner.findings()
    }

    fn explained(&self, question: Question<'_>) -> Result<String, CallError> {
        self.inner.explained(question)
    }

    fn label(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
        sink: &mut OpinionSink<'_>,
    ) -> Result<Outcome, CallError> {
        self.inner.label(questions, cancel, &mut |index, opinion| {
            sink(
                index,
                opinion.map(|mut opinion| {
                    opinion.calibrate(&self.calibration);
                    opinion
                }),
            )
        })
    }
}
