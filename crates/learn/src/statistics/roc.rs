//! How well a score tells two kinds of items apart.

use serde::{Deserialize, Serialize};

use super::special::normal_quantile;
use crate::LearnError;
use crate::error::{at_least, setting_in};

/// The area under the ROC curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RocAuc {
    /// The probability that a positive item scores above a negative one, ties counting half.
    pub auc: f64,
    /// Its standard error (DeLong, DeLong and Clarke-Pearson, 1988); NaN with fewer than two items of a kind.
    pub standard_error: f64,
    /// Lower end of the normal interval, not below 0.
    pub low: f64,
    /// Upper end of the normal interval, not above 1.
    pub high: f64,
}

/// The area for scores of positive and of negative items, with DeLong's interval at `level` (0.95). Time grows as
/// n log n (the midranks of Sun and Xu, 2014). With a single item of a kind the interval is (0, 1).
///
/// # Errors
/// [`LearnError::TooFew`] without items of either kind, [`LearnError::NotFinite`] for a score that is not finite,
/// [`LearnError::Setting`] for a level not between 0 and 1.
pub fn roc_auc(positive: &[f64], negative: &[f64], level: f64) -> Result<RocAuc, LearnError> {
    setting_in("level", level, f64::MIN_POSITIVE..1.0)?;
    at_least("positive scores", 1, positive.len())?;
    at_least("negative scores", 1, negative.len())?;
    for (what, scores) in [("positive scores", positive), ("negative scores", negative)] {
        if let Some(at) = scores.iter().position(|score| !score.is_finite()) {
            return Err(LearnError::NotFinite { what, at });
        }
    }
    let together: Vec<f64> = positive.iter().chain(negative).copied().collect();
    let ranks = midranks(&together);
    let (of_positive, of_negative) = ranks.split_at(positive.len());
    let (m, n) = (positive.len() as f64, negative.len() as f64);
    // For each positive item the share of negative ones below it, and for each negative one of positive ones above it.
    let above: Vec<f64> = of_positive.iter().zip(midranks(positive)).map(|(all, own)| (all - own) / n).collect();
    let below: Vec<f64> = of_negative.iter().zip(midranks(negative)).map(|(all, own)| 1.0 - (all - own) / m).collect();
    let auc = above.iter().sum::<f64>() / m;
    let standard_error = (variance(&above, auc) / m + variance(&below, auc) / n).sqrt();
    let half = normal_quantile(0.5 + 0.5 * level) * standard_error;
    let (low, high) = if half.is_nan() { (0.0, 1.0) } else { ((auc - half).max(0.0), (auc + half).min(1.0)) };
    Ok(RocAuc { auc, standard_error, low, high })
}

/// Ranks from 1, equal values sharing the mean of theirs.
fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let mut to = from + 1;
        while to < order.len() && values[order[to]] == values[order[from]] {
            to += 1;
        }
        let rank = 0.5 * (from + 1 + to) as f64;
        for &index in &order[from..to] {
            ranks[index] = rank;
        }
        from = to;
    }
    ranks
}

/// Unbiased; NaN for a single value.
fn variance(values: &[f64], mean: f64) -> f64 {
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}
