//! Shares of counted things and how sure they are.

use serde::{Deserialize, Serialize};

use super::special::{beta_quantile, normal_quantile};
use crate::LearnError;
use crate::error::setting_in;

/// `successes` of `trials`, and the interval in which the share behind them lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proportion {
    /// How many succeeded.
    pub successes: u64,
    /// Of how many.
    pub trials: u64,
    /// Their ratio; 0 without trials.
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Proportion {
    /// With Wilson's interval, see [`wilson`].
    ///
    /// # Errors
    /// As [`wilson`].
    pub fn wilson(successes: u64, trials: u64, level: f64) -> Result<Self, LearnError> {
        wilson(successes, trials, level).map(|ends| Self::of(successes, trials, ends))
    }

    /// With the interval of Clopper and Pearson, see [`clopper_pearson`].
    ///
    /// # Errors
    /// As [`clopper_pearson`].
    pub fn clopper_pearson(successes: u64, trials: u64, level: f64) -> Result<Self, LearnError> {
        clopper_pearson(successes, trials, level).map(|ends| Self::of(successes, trials, ends))
    }

    fn of(successes: u64, trials: u64, (low, high): (f64, f64)) -> Self {
        let share = if trials == 0 { 0.0 } else { successes as f64 / trials as f64 };
        Self { successes, trials, share, low, high }
    }
}

/// Wilson's score interval, two-sided at `level` (0.95): right on average, good for small numbers. (0, 1) without
/// trials.
///
/// # Errors
/// [`LearnError::Setting`] for more successes than trials or a level not between 0 and 1.
pub fn wilson(successes: u64, trials: u64, level: f64) -> Result<(f64, f64), LearnError> {
    check(successes, trials, level)?;
    if trials == 0 {
        return Ok((0.0, 1.0));
    }
    let z = normal_quantile(0.5 + 0.5 * level);
    let n = trials as f64;
    let share = successes as f64 / n;
    let scale = 1.0 / (1.0 + z * z / n);
    let middle = scale * (share + z * z / (2.0 * n));
    let half = scale * z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    // At the ends the formula gives 0 and 1 up to rounding.
    let low = if successes == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if successes == trials { 1.0 } else { (middle + half).min(1.0) };
    Ok((low, high))
}

/// The "exact" interval of Clopper and Pearson, two-sided at `level` (0.95): covers at least as often as promised, so
/// it suits guarantees. (0, 1) without trials.
///
/// # Errors
/// [`LearnError::Setting`] for more successes than trials or a level not between 0 and 1.
pub fn clopper_pearson(successes: u64, trials: u64, level: f64) -> Result<(f64, f64), LearnError> {
    check(successes, trials, level)?;
    let tail = 0.5 * (1.0 - level);
    let (hits, misses) = (successes as f64, (trials - successes) as f64);
    let low = if successes == 0 { 0.0 } else { beta_quantile(tail, hits, misses + 1.0) };
    // From the other side, so that a share near 1 keeps its digits.
    let high = if successes == trials { 1.0 } else { 1.0 - beta_quantile(tail, misses, hits + 1.0) };
    Ok((low, high))
}

fn check(successes: u64, trials: u64, level: f64) -> Result<(), LearnError> {
    setting_in("successes", successes as f64, 0.0..=trials as f64)?;
    setting_in("level", level, f64::MIN_POSITIVE..1.0)
}
