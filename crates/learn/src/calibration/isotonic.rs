//! Isotonic regression of correctness on confidence.

use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::error::{at_least, same_size};
use crate::kernels::largest;

/// A curve that never falls: straight between its points, level beyond its ends. It is what scikit-learn's
/// `IsotonicRegression(out_of_bounds="clip")` holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IsotonicMap {
    /// The points' confidences, ascending.
    pub confidence: Vec<f32>,
    /// The calibrated confidence at each, never falling.
    pub calibrated: Vec<f32>,
}

impl IsotonicMap {
    /// The curve's value at a confidence; the confidence itself when the curve has no points.
    pub fn value(&self, confidence: f32) -> f32 {
        let points = self.confidence.len().min(self.calibrated.len());
        if points == 0 {
            return confidence;
        }
        let after = self.confidence[..points].partition_point(|&x| x < confidence);
        if after == 0 {
            return self.calibrated[0];
        }
        if after == points {
            return self.calibrated[points - 1];
        }
        let (x0, x1) = (f64::from(self.confidence[after - 1]), f64::from(self.confidence[after]));
        let (y0, y1) = (f64::from(self.calibrated[after - 1]), f64::from(self.calibrated[after]));
        (y0 + (y1 - y0) * (f64::from(confidence) - x0) / (x1 - x0)) as f32
    }
}

/// A run of confidences that get the same value.
struct Block {
    from: f32,
    to: f32,
    right: f64,
    count: f64,
}

/// Fits the curve with the smallest squared distance from correctness, by pooling adjacent violators.
///
/// # Errors
/// [`LearnError::Shape`] when there isn't one confidence for each item, [`LearnError::TooFew`] without items,
/// [`LearnError::NotFinite`].
pub fn fit_isotonic(confidences: &[f32], correct: &[bool]) -> Result<IsotonicMap, LearnError> {
    same_size("correctness of items", confidences.len(), correct.len())?;
    at_least("confidences", 1, confidences.len())?;
    crate::error::all_finite("confidences", confidences)?;
    let mut order: Vec<usize> = (0..confidences.len()).collect();
    order.sort_unstable_by(|&a, &b| confidences[a].total_cmp(&confidences[b]));
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    while at < order.len() {
        let confidence = confidences[order[at]];
        let mut block = Block { from: confidence, to: confidence, right: 0.0, count: 0.0 };
        while at < order.len() && confidences[order[at]] == confidence {
            block.right += f64::from(u8::from(correct[order[at]]));
            block.count += 1.0;
            at += 1;
        }
        // Compared by products of whole numbers, so that equal shares are equal.
        while let Some(before) = blocks.pop() {
            if before.right * block.count < block.right * before.count {
                blocks.push(before);
                break;
            }
            block.from = before.from;
            block.right += before.right;
            block.count += before.count;
        }
        blocks.push(block);
    }
    let mut map = IsotonicMap::default();
    for block in blocks {
        let value = (block.right / block.count) as f32;
        map.confidence.push(block.from);
        map.calibrated.push(value);
        if block.to > block.from {
            map.confidence.push(block.to);
            map.calibrated.push(value);
        }
    }
    Ok(map)
}

/// See [`super::Calibration::apply`].
pub(super) fn apply(map: &IsotonicMap, row: &mut [f32]) {
    let Some(at) = largest(row) else { return };
    let top = f64::from(row[at]);
    let others: f64 = row.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, &p)| f64::from(p)).sum();
    if top <= 0.0 || others <= 0.0 {
        // With a single possible class there is nothing to share.
        return;
    }
    let second =
        row.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, &p)| f64::from(p)).fold(0.0, f64::max);
    // Below this the next class, scaled by (1 − value) / others, would be above the top.
    let least = second / (others + second);
    let value = f64::from(map.value(row[at])).clamp(least, 1.0);
    let scale = (1.0 - value) / others;
    for (other, p) in row.iter_mut().enumerate() {
        if other != at {
            *p = (f64::from(*p) * scale) as f32;
        }
    }
    let highest = row.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, &p)| p).fold(0.0, f32::max);
    // Strictly above, so that rounding and the order of classes don't decide.
    row[at] = (value as f32).max(highest.next_up());
}
