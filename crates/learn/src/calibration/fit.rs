//! Which calibration, and what it brings on items that it was not fitted on.

use serde::{Deserialize, Serialize};

use super::{Calibration, fit_isotonic, fit_temperature, top_of_each};
use crate::reliability::{BINS, reliability};
use crate::statistics::{Proportion, brier, check_probabilities, log_loss};
use crate::{Folds, LearnError};

/// With fewer decided items nothing is fitted.
pub const LEAST_EXAMPLES: usize = 20;
/// The isotonic curve is tried only with more decided items than this: with fewer it follows chance.
pub const ISOTONIC_EXAMPLES: usize = 500;

const FOLDS: usize = 5;

/// How good probabilities are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationFigures {
    /// Share of items whose most probable class is true. No calibration changes it.
    pub accuracy: Proportion,
    /// Expected calibration error over 15 bins of equal width.
    pub ece: f64,
    /// The same over 15 bins of equally many items.
    pub adaptive_ece: f64,
    /// Brier score over all classes, see [`brier`].
    pub brier: f64,
    /// Mean squared distance of the top probability from being right.
    pub top_brier: f64,
    /// Log loss, see [`log_loss`].
    pub log_loss: f64,
}

impl CalibrationFigures {
    /// Measures rows of `classes` probabilities.
    ///
    /// # Errors
    /// [`LearnError::Shape`], [`LearnError::ClassOutOfRange`], [`LearnError::TooFew`] without rows.
    pub fn of(probabilities: &[f32], truth: &[u32], classes: usize) -> Result<Self, LearnError> {
        check_probabilities(probabilities, truth, classes)?;
        let (confidences, correct) = top_of_each(probabilities, truth, classes);
        let right = correct.iter().filter(|&&correct| correct).count();
        let measured = reliability(&confidences, &correct, BINS)?;
        let squares: f64 = confidences
            .iter()
            .zip(&correct)
            .map(|(&confidence, &correct)| (f64::from(confidence) - f64::from(u8::from(correct))).powi(2))
            .sum();
        Ok(Self {
            accuracy: Proportion::wilson(right as u64, truth.len() as u64, 0.95)?,
            ece: measured.ece,
            adaptive_ece: measured.adaptive_ece,
            brier: brier(probabilities, truth, classes)?,
            top_brier: squares / truth.len() as f64,
            log_loss: log_loss(probabilities, truth, classes)?,
        })
    }
}

/// One kind of calibration that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// Fitted on all items.
    pub calibration: Calibration,
    /// Measured on items held out of the fit: each item is calibrated by what the other folds gave.
    pub held_out: CalibrationFigures,
}

/// The chosen calibration and what it brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationFit {
    /// The choice, fitted on all items.
    pub calibration: Calibration,
    /// How many items it was fitted on.
    pub examples: usize,
    /// The probabilities as they came.
    pub before: CalibrationFigures,
    /// With the chosen kind, measured on held-out items.
    pub after: CalibrationFigures,
    /// Everything that was tried.
    pub tried: Vec<Tried>,
    /// The top probability of each row with the chosen kind, each calibrated by what the other folds gave: what `after` was
    /// measured on.
    pub held_out: Vec<f32>,
}

/// Fits a calibration on rows of `classes` probabilities and the true classes.
///
/// With fewer than [`LEAST_EXAMPLES`] items nothing is fitted. Otherwise a temperature is, and with more than
/// [`ISOTONIC_EXAMPLES`] also an isotonic curve, which is taken when its Brier score of the top probability is better on
/// held-out items (5 folds, stratified by correctness, drawn from `seed`). A choice that doesn't better that score of the
/// probabilities as they came is dropped for [`Calibration::Identity`].
///
/// # Errors
/// [`LearnError::Shape`], [`LearnError::ClassOutOfRange`], [`LearnError::TooFew`] without rows.
pub fn fit(probabilities: &[f32], truth: &[u32], classes: usize, seed: u64) -> Result<CalibrationFit, LearnError> {
    let before = CalibrationFigures::of(probabilities, truth, classes)?;
    let mut tried = Vec::new();
    if truth.len() >= LEAST_EXAMPLES {
        tried.push(cross_fit(Kind::Temperature, probabilities, truth, classes, seed)?);
    }
    if truth.len() > ISOTONIC_EXAMPLES {
        tried.push(cross_fit(Kind::Isotonic, probabilities, truth, classes, seed)?);
    }
    let (mut calibration, mut after) = (Calibration::Identity, before);
    let mut held_out = top_of_each(probabilities, truth, classes).0;
    for (candidate, rows) in &tried {
        if candidate.held_out.top_brier < after.top_brier {
            (calibration, after) = (candidate.calibration.clone(), candidate.held_out);
            held_out = top_of_each(rows, truth, classes).0;
        }
    }
    let tried = tried.into_iter().map(|(candidate, _)| candidate).collect();
    Ok(CalibrationFit { calibration, examples: truth.len(), before, after, tried, held_out })
}

#[derive(Clone, Copy)]
enum Kind {
    Temperature,
    Isotonic,
}

impl Kind {
    fn fit(self, probabilities: &[f32], truth: &[u32], classes: usize) -> Result<Calibration, LearnError> {
        match self {
            Self::Temperature => fit_temperature(probabilities, truth, classes)
                .map(|temperature| Calibration::Temperature { temperature }),
            Self::Isotonic => {
                let (confidences, correct) = top_of_each(probabilities, truth, classes);
                fit_isotonic(&confidences, &correct).map(Calibration::Isotonic)
            }
        }
    }
}

/// A kind with its figures, and the rows that these were measured on.
fn cross_fit(
    kind: Kind,
    probabilities: &[f32],
    truth: &[u32],
    classes: usize,
    seed: u64,
) -> Result<(Tried, Vec<f32>), LearnError> {
    let correct: Vec<u32> = top_of_each(probabilities, truth, classes).1.into_iter().map(u32::from).collect();
    let folds = Folds::stratified(&correct, FOLDS, seed)?;
    let mut calibrated = probabilities.to_vec();
    for fold in 0..folds.count() {
        let (learnt, held) = folds.parts(fold);
        let mut rows = Vec::with_capacity(learnt.len() * classes);
        for &index in &learnt {
            rows.extend_from_slice(&probabilities[index * classes..(index + 1) * classes]);
        }
        let truths: Vec<u32> = learnt.iter().map(|&index| truth[index]).collect();
        let calibration = kind.fit(&rows, &truths, classes)?;
        for &index in &held {
            calibration.apply(&mut calibrated[index * classes..(index + 1) * classes]);
        }
    }
    let held_out = CalibrationFigures::of(&calibrated, truth, classes)?;
    Ok((Tried { calibration: kind.fit(probabilities, truth, classes)?, held_out }, calibrated))
}
