//! Agreement beyond chance.

use serde::{Deserialize, Serialize};

use super::Confusion;
use super::special::normal_quantile;
use crate::LearnError;
use crate::error::{at_least, setting_in};

/// Cohen's kappa of two labellers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kappa {
    /// (agreement − agreement by chance) / (1 − agreement by chance): 1 is perfect, 0 is chance. 1 when both give every
    /// item one and the same class.
    pub kappa: f64,
    /// Share of items that both give the same class.
    pub agreement: f64,
    /// What that share would be if they labelled independently with the same frequencies.
    pub by_chance: f64,
    /// Lower end of the interval (normal, with the standard error of Fleiss, Cohen and Everitt, 1969).
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The kappa of the two labellers whose pairs are counted in `pairs`, with an interval at `level` (0.95).
///
/// # Errors
/// [`LearnError::TooFew`] without pairs, [`LearnError::Setting`] for a level not between 0 and 1.
pub fn cohen_kappa(pairs: &Confusion, level: f64) -> Result<Kappa, LearnError> {
    setting_in("level", level, f64::MIN_POSITIVE..1.0)?;
    at_least("pairs of labels", 1, usize::try_from(pairs.total()).unwrap_or(usize::MAX))?;
    let n = pairs.total() as f64;
    let (rows, columns) = (pairs.by_truth(), pairs.by_prediction());
    let share = |count: u64| count as f64 / n;
    let agreement = share(pairs.right());
    let by_chance: f64 =
        rows.iter().map(|(class, &count)| share(count) * share(*columns.get(class).unwrap_or(&0))).sum();
    if by_chance >= 1.0 {
        return Ok(Kappa { kappa: 1.0, agreement, by_chance, low: 1.0, high: 1.0 });
    }
    let kappa = (agreement - by_chance) / (1.0 - by_chance);
    let (mut diagonal, mut other) = (0.0, 0.0);
    for cell in pairs.cells() {
        let p = share(cell.count);
        if cell.truth == cell.predicted {
            let sum = share(*rows.get(&cell.truth).unwrap_or(&0)) + share(*columns.get(&cell.truth).unwrap_or(&0));
            diagonal += p * (1.0 - sum * (1.0 - kappa)).powi(2);
        } else {
            let sum = share(*columns.get(&cell.truth).unwrap_or(&0)) + share(*rows.get(&cell.predicted).unwrap_or(&0));
            other += p * sum * sum;
        }
    }
    let variance = diagonal + (1.0 - kappa).powi(2) * other - (kappa - by_chance * (1.0 - kappa)).powi(2);
    let error = variance.max(0.0).sqrt() / ((1.0 - by_chance) * n.sqrt());
    let half = normal_quantile(0.5 + 0.5 * level) * error;
    Ok(Kappa { kappa, agreement, by_chance, low: (kappa - half).max(-1.0), high: (kappa + half).min(1.0) })
}
