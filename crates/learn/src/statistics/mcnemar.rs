//! Are two labellers of the same items equally good?

use serde::{Deserialize, Serialize};

use super::special::{beta_cdf, chi_square_tail};

/// McNemar's test on the items where exactly one of two is right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// Items that only the first has right.
    pub only_first: u64,
    /// Items that only the second has right.
    pub only_second: u64,
    /// Two-sided binomial probability of so uneven a split by chance. Valid for any number; the one to report.
    pub exact: f64,
    /// (|b − c| − 1)² / (b + c), with Edwards' continuity correction; 0 when the two never differ.
    pub chi_square: f64,
    /// The probability of a larger statistic by chance, by the chi-square distribution; good from b + c = 25 on.
    pub approximate: f64,
}

/// The test, from the numbers of items that only the first or only the second has right. Two that never differ have
/// p = 1.
pub fn mcnemar(only_first: u64, only_second: u64) -> McNemar {
    let (few, all) = (only_first.min(only_second), only_first + only_second);
    let (b, c) = (only_first as f64, only_second as f64);
    // P(X ≤ few) for X ~ Binomial(all, 1/2) = I_{1/2}(all − few, few + 1): no sum to overflow, however many there are.
    let exact = if 2 * few == all { 1.0 } else { (2.0 * beta_cdf(0.5, (all - few) as f64, few as f64 + 1.0)).min(1.0) };
    let chi_square = if all == 0 { 0.0 } else { ((b - c).abs() - 1.0).powi(2) / (b + c) };
    let approximate = if all == 0 { 1.0 } else { chi_square_tail(chi_square) };
    McNemar { only_first, only_second, exact, chi_square, approximate }
}
