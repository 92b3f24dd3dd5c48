//! How good a classifier is on examples that it hasn't seen.

use serde::{Deserialize, Serialize};

use crate::error::{at_least, same_size, setting_in};
use crate::kernels::largest;
use crate::logistic::{Examples, LinearClassifier, LogisticSettings, train_on};
use crate::statistics::{Proportion, log_loss};
use crate::{Folds, LearnError, Stop};

/// Predictions for every example by classifiers that were trained without it, and what they are worth.
#[derive(Clone, Debug)]
pub struct OutOfFold {
    /// A row of probabilities for each example. A class all of whose examples were held out together has 0 there.
    pub probabilities: Vec<f32>,
    /// The share of examples whose most probable class is theirs, with Wilson's 95 % interval.
    pub accuracy: Proportion,
    /// The mean of −ln(probability of the true class), see [`log_loss`].
    pub log_loss: f64,
}

/// One strength of the penalty that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GridPoint {
    /// Inverse strength of the penalty.
    pub c: f64,
    /// Log loss on held-out examples.
    pub log_loss: f64,
    /// Accuracy on held-out examples.
    pub accuracy: f64,
}

/// The strength with the lowest held-out log loss, and its figures.
#[derive(Clone, Debug)]
pub struct ChosenC {
    /// The choice: the smaller, so the simpler, of equals.
    pub c: f64,
    /// Every strength that was tried, ascending.
    pub grid: Vec<GridPoint>,
    /// The held-out predictions with the chosen strength. Its figures are slightly flattered by the choice.
    pub out_of_fold: OutOfFold,
}

/// Predicts each example by a classifier trained on the other folds.
///
/// # Errors
/// [`LearnError::Shape`] when the folds are of other examples, and the errors of [`crate::logistic::train`].
pub fn out_of_fold(
    examples: &Examples<'_>,
    folds: &Folds,
    settings: &LogisticSettings,
    stop: Stop<'_>,
) -> Result<OutOfFold, LearnError> {
    choose_c(examples, folds, &[settings.c], settings, stop).map(|chosen| chosen.out_of_fold)
}

/// Tries each `c` of `grid` (the `c` of `settings` is not used) and keeps the best by held-out log loss. Within a fold
/// the classifiers are trained from the strongest penalty to the weakest, each starting where the last one ended.
/// Sample weights count in training; the figures count every example once.
///
/// # Errors
/// [`LearnError::TooFew`] for an empty grid, [`LearnError::Setting`] for a `c` that is not above 0,
/// [`LearnError::Shape`] when the folds are of other examples, and the errors of [`crate::logistic::train`].
pub fn choose_c(
    examples: &Examples<'_>,
    folds: &Folds,
    grid: &[f64],
    settings: &LogisticSettings,
    stop: Stop<'_>,
) -> Result<ChosenC, LearnError> {
    at_least("strengths to choose from", 1, grid.len())?;
    same_size("examples in folds", examples.count(), folds.examples())?;
    for &c in grid {
        setting_in("c", c, f64::MIN_POSITIVE..)?;
    }
    let mut grid = grid.to_vec();
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    let classes = examples.classes();
    let mut predictions = vec![vec![0.0_f32; examples.count() * classes]; grid.len()];
    for fold in 0..folds.count() {
        let (learnt, held) = folds.parts(fold);
        let rows = examples.rows().gather(&held);
        let mut last: Option<LinearClassifier> = None;
        for (&c, predictions) in grid.iter().zip(&mut predictions) {
            let training = train_on(examples, &learnt, &LogisticSettings { c, ..*settings }, last.as_ref(), stop)?;
            let probabilities = training.classifier.probabilities(rows.view())?;
            for (&index, row) in held.iter().zip(probabilities.chunks_exact(classes)) {
                predictions[index * classes..(index + 1) * classes].copy_from_slice(row);
            }
            last = Some(training.classifier);
        }
    }
    best_of(examples, &grid, predictions)
}

fn best_of(examples: &Examples<'_>, grid: &[f64], predictions: Vec<Vec<f32>>) -> Result<ChosenC, LearnError> {
    let mut tried = Vec::with_capacity(grid.len());
    let mut best: Option<(f64, OutOfFold)> = None;
    for (&c, probabilities) in grid.iter().zip(predictions) {
        let figures = judge(examples, probabilities)?;
        tried.push(GridPoint { c, log_loss: figures.log_loss, accuracy: figures.accuracy.share });
        if best.as_ref().is_none_or(|(_, best)| figures.log_loss < best.log_loss) {
            best = Some((c, figures));
        }
    }
    let (c, out_of_fold) = best.ok_or(LearnError::TooFew { what: "strengths to choose from", needed: 1, found: 0 })?;
    Ok(ChosenC { c, grid: tried, out_of_fold })
}

fn judge(examples: &Examples<'_>, probabilities: Vec<f32>) -> Result<OutOfFold, LearnError> {
    let right = probabilities
        .chunks_exact(examples.classes())
        .zip(examples.targets())
        .filter(|(row, target)| largest(row) == Some(**target as usize))
        .count();
    let log_loss = log_loss(&probabilities, examples.targets(), examples.classes())?;
    let accuracy = Proportion::wilson(right as u64, examples.count() as u64, 0.95)?;
    Ok(OutOfFold { probabilities, accuracy, log_loss })
}
