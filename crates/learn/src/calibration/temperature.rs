//! Temperature scaling.

use crate::LearnError;
use crate::kernels::largest;
use crate::statistics::check_probabilities;

/// The lowest temperature that is fitted: without a single mistake the best would be 0.
pub const LOWEST_TEMPERATURE: f64 = 0.1;
/// The highest temperature that is fitted: for probabilities that say nothing the best would be infinite.
pub const HIGHEST_TEMPERATURE: f64 = 20.0;

const STEPS: usize = 100;

/// The temperature with the smallest log loss on rows of `classes` probabilities, between [`LOWEST_TEMPERATURE`] and
/// [`HIGHEST_TEMPERATURE`]; 1 when no row tells (each gives its true class the probability 0).
///
/// The loss is convex in 1/T, so Newton's method, kept within a shrinking bracket, finds the one minimum.
///
/// # Errors
/// [`LearnError::Shape`], [`LearnError::ClassOutOfRange`], [`LearnError::TooFew`] without rows.
pub fn fit_temperature(probabilities: &[f32], truth: &[u32], classes: usize) -> Result<f64, LearnError> {
    check_probabilities(probabilities, truth, classes)?;
    let logits = Logits::new(probabilities, truth, classes);
    if logits.rows.is_empty() {
        return Ok(1.0);
    }
    let (mut low, mut high) = (1.0 / HIGHEST_TEMPERATURE, 1.0 / LOWEST_TEMPERATURE);
    if logits.slopes(low).0 >= 0.0 {
        return Ok(HIGHEST_TEMPERATURE);
    }
    if logits.slopes(high).0 <= 0.0 {
        return Ok(LOWEST_TEMPERATURE);
    }
    let mut inverse = 1.0;
    for _ in 0..STEPS {
        let (slope, curvature) = logits.slopes(inverse);
        if slope > 0.0 {
            high = inverse;
        } else {
            low = inverse;
        }
        let newton = inverse - slope / curvature;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        if (next - inverse).abs() <= 1e-12 * inverse {
            break;
        }
        inverse = next;
    }
    Ok(1.0 / inverse)
}

/// ln p of the classes that are possible at all, less that of the true class: what the loss depends on.
struct Logits {
    rows: Vec<Vec<f64>>,
}

impl Logits {
    fn new(probabilities: &[f32], truth: &[u32], classes: usize) -> Self {
        let rows = probabilities.chunks_exact(classes).zip(truth).filter_map(|(row, &truth)| {
            let own = f64::from(row[truth as usize]);
            // No temperature helps where the true class was ruled out.
            (own > 0.0).then(|| row.iter().filter(|&&p| p > 0.0).map(|&p| (f64::from(p) / own).ln()).collect())
        });
        Self { rows: rows.collect() }
    }

    /// First and second derivative of the loss Σ ln Σ exp(z/T) by 1/T: the mean of z and its variance.
    fn slopes(&self, inverse: f64) -> (f64, f64) {
        let (mut slope, mut curvature) = (0.0, 0.0);
        for row in &self.rows {
            let top = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let (mut total, mut sum, mut squares) = (0.0, 0.0, 0.0);
            for &z in row {
                let weight = ((z - top) * inverse).exp();
                total += weight;
                sum += weight * z;
                squares += weight * z * z;
            }
            let mean = sum / total;
            slope += mean;
            curvature += squares / total - mean * mean;
        }
        (slope, curvature)
    }
}

/// pᵢ^(1/T), scaled to sum to 1.
pub(super) fn apply(temperature: f64, row: &mut [f32]) {
    let Some(at) = largest(row) else { return };
    let top = row[at];
    if !(temperature > 0.0 && temperature.is_finite() && top > 0.0) {
        return;
    }
    let inverse = (1.0 / temperature) as f32;
    let mut total = 0.0_f64;
    for value in row.iter_mut() {
        *value = if *value > 0.0 { (*value / top).powf(inverse) } else { 0.0 };
        total += f64::from(*value);
    }
    let scale = (1.0 / total) as f32;
    row.iter_mut().for_each(|value| *value *= scale);
}
