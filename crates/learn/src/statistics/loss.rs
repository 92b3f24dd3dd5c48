//! Proper scores: they are best, on average, for the probabilities that are true.

use crate::LearnError;
use crate::error::{at_least, classes_in_range, same_size};

/// What a probability of 0 counts as in a logarithm: the spacing of `f32` at 1, as in scikit-learn.
pub const LEAST_PROBABILITY: f64 = f32::EPSILON as f64;

/// The mean of −ln(probability of the true class), in nats; probabilities below [`LEAST_PROBABILITY`] count as that.
/// `probabilities` holds a row of `classes` numbers for each of `truth`.
///
/// # Errors
/// [`LearnError::Shape`], [`LearnError::ClassOutOfRange`], [`LearnError::TooFew`] without rows.
pub fn log_loss(probabilities: &[f32], truth: &[u32], classes: usize) -> Result<f64, LearnError> {
    check(probabilities, truth, classes)?;
    let sum: f64 = probabilities
        .chunks_exact(classes)
        .zip(truth)
        .map(|(row, &truth)| -f64::from(row[truth as usize]).clamp(LEAST_PROBABILITY, 1.0).ln())
        .sum();
    Ok(sum / truth.len() as f64)
}

/// The mean over rows of the sum over classes of (probability − truth)², between 0 and 2 (Brier, 1950).
///
/// # Errors
/// [`LearnError::Shape`], [`LearnError::ClassOutOfRange`], [`LearnError::TooFew`] without rows.
pub fn brier(probabilities: &[f32], truth: &[u32], classes: usize) -> Result<f64, LearnError> {
    check(probabilities, truth, classes)?;
    let sum: f64 = probabilities
        .chunks_exact(classes)
        .zip(truth)
        .map(|(row, &truth)| {
            let squares: f64 = row.iter().map(|&p| f64::from(p) * f64::from(p)).sum();
            squares + 1.0 - 2.0 * f64::from(row[truth as usize])
        })
        .sum();
    Ok(sum / truth.len() as f64)
}

pub(crate) fn check(probabilities: &[f32], truth: &[u32], classes: usize) -> Result<(), LearnError> {
    at_least("rows of probabilities", 1, truth.len())?;
    same_size("probabilities", truth.len() * classes, probabilities.len())?;
    classes_in_range(truth, classes)
}
