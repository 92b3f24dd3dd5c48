//! Above which confidence an answer is taken without a person looking: how many go to review, and how many of the
//! others will be wrong.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::error::setting_in;
use crate::statistics::{Proportion, beta_cdf};

/// What a threshold means. Items with at least this confidence are accepted, the others go to review, and with them those
/// that go there at every threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdPoint {
    /// The threshold.
    pub threshold: f64,
    /// Items that go to review.
    pub review: u64,
    /// Items that are accepted.
    pub accepted: u64,
    /// Share of items that go to review; 0 without items.
    pub review_share: f64,
    /// Wrong ones among the decided items that would have been accepted, with the interval of Clopper and Pearson.
    pub error: Proportion,
    /// Mean of 1 − confidence over the accepted items: their expected error if confidences are calibrated. `None` when
    /// none is accepted.
    pub error_by_confidence: Option<f64>,
}

/// Which expectation of the error has to stay below a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorEstimate {
    /// The share of wrong ones among decided items.
    Share,
    /// The upper end of its interval: the careful choice.
    Upper,
    /// The mean of 1 − confidence over accepted items.
    Confidence,
}

/// Confidences, sorted once, to answer for any threshold in the time of a binary search.
///
/// The error among accepted items is measured on decided ones; it is honest when, at each confidence above the threshold,
/// items were chosen for deciding regardless of how likely they were wrong (as in a random sample, or when all were).
#[derive(Clone, Debug)]
pub struct Thresholds {
    /// Of all items, ascending.
    all: Vec<f32>,
    /// At each place, the sum of 1 − confidence from there on.
    doubt_from: Vec<f64>,
    /// Of decided items, ascending.
    decided: Vec<f32>,
    /// At each place, how many are wrong from there on.
    wrong_from: Vec<u64>,
    /// Items that are never accepted, whatever their confidence.
    always_reviewed: u64,
    level: f64,
}

impl Thresholds {
    /// Takes the confidences (between 0 and 1) of all items, those of decided items with whether the answer was right,
    /// and the level of the intervals (0.95). Four bytes plus eight an item.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for a confidence that is not between 0 and 1 or a level that is not inside.
    pub fn new(all: &[f32], decided: &[(f32, bool)], level: f64) -> Result<Self, LearnError> {
        setting_in("level", level, f64::MIN_POSITIVE..1.0)?;
        for &confidence in all.iter().chain(decided.iter().map(|(confidence, _)| confidence)) {
            setting_in("confidence", f64::from(confidence), 0.0..=1.0)?;
        }
        let mut all = all.to_vec();
        all.par_sort_unstable_by(f32::total_cmp);
        let mut doubt_from = vec![0.0; all.len() + 1];
        for at in (0..all.len()).rev() {
            doubt_from[at] = doubt_from[at + 1] + (1.0 - f64::from(all[at]));
        }
        let mut decided = decided.to_vec();
        decided.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut wrong_from = vec![0; decided.len() + 1];
        for at in (0..decided.len()).rev() {
            wrong_from[at] = wrong_from[at + 1] + u64::from(!decided[at].1);
        }
        let decided = decided.into_iter().map(|(confidence, _)| confidence).collect();
        Ok(Self { all, doubt_from, decided, wrong_from, always_reviewed: 0, level })
    }

    /// The same with so many items more that go to review at every threshold. They must be neither among all items nor among
    /// the decided ones: they are never accepted, so they say nothing of the error among what is.
    #[must_use]
    pub fn with_always_reviewed(self, count: u64) -> Self {
        Self { always_reviewed: count, ..self }
    }

    /// What a threshold means. It is compared as confidences are, in single precision: 0.9 accepts a confidence of 0.9.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for a threshold that is not a number.
    pub fn at(&self, threshold: f64) -> Result<ThresholdPoint, LearnError> {
        setting_in("threshold", threshold, ..)?;
        let applied = threshold as f32;
        let below = self.all.partition_point(|&confidence| confidence < applied);
        let accepted = self.all.len() - below;
        let review = below as u64 + self.always_reviewed;
        let total = self.all.len() as u64 + self.always_reviewed;
        let from = self.decided.partition_point(|&confidence| confidence < applied);
        let decided = (self.decided.len() - from) as u64;
        Ok(ThresholdPoint {
            threshold,
            review,
            accepted: accepted as u64,
            review_share: if total == 0 { 0.0 } else { review as f64 / total as f64 },
            error: Proportion::clopper_pearson(self.wrong_from[from], decided, self.level)?,
            error_by_confidence: (accepted > 0).then(|| self.doubt_from[below] / accepted as f64),
        })
    }

    /// The curve at `steps` + 1 thresholds from 0 to 1.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for no steps.
    pub fn curve(&self, steps: usize) -> Result<Vec<ThresholdPoint>, LearnError> {
        setting_in("steps", steps as f64, 1.0..=1e6)?;
        (0..=steps).map(|step| self.at(step as f64 / steps as f64)).collect()
    }

    /// The lowest threshold whose expected error is at most `limit`; `None` when there is none, or when no decided item
    /// says anything (no item at all, for [`ErrorEstimate::Confidence`]).
    ///
    /// By decided items, only their confidences are thresholds: below the lowest of them nothing is known.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for a limit that is not between 0 and 1.
    pub fn lowest(&self, limit: f64, estimate: ErrorEstimate) -> Result<Option<ThresholdPoint>, LearnError> {
        setting_in("limit", limit, 0.0..=1.0)?;
        let found = match estimate {
            ErrorEstimate::Confidence => {
                // The mean doubt falls as the threshold rises.
                let mean = |at: usize| self.doubt_from[at] / (self.all.len() - at) as f64;
                let (mut low, mut high) = (0, self.all.len());
                while low < high {
                    let middle = (low + high) / 2;
                    if mean(middle) <= limit { high = middle } else { low = middle + 1 }
                }
                // Among equal confidences all or none are accepted.
                let first = self.all.get(low).copied();
                first.map(|confidence| {
                    let starts = self.all.partition_point(|&other| other < confidence);
                    let next = self.all.partition_point(|&other| other <= confidence);
                    if mean(starts) <= limit { Some(confidence) } else { self.all.get(next).copied() }
                })
            }
            .flatten(),
            ErrorEstimate::Share | ErrorEstimate::Upper => (0..self.decided.len())
                .filter(|&at| at == 0 || self.decided[at - 1] < self.decided[at])
                .find(|&at| self.holds(at, limit, estimate))
                .map(|at| self.decided[at]),
        };
        found.map(|threshold| self.at(f64::from(threshold))).transpose()
    }

    /// The decided items from this place on have at most `limit` errors.
    fn holds(&self, at: usize, limit: f64, estimate: ErrorEstimate) -> bool {
        let (count, wrong) = ((self.decided.len() - at) as f64, self.wrong_from[at] as f64);
        if estimate == ErrorEstimate::Share || limit >= 1.0 {
            return wrong <= limit * count;
        }
        // The upper end is at most the limit exactly when so few errors are improbable at the limit: one evaluation
        // instead of a search for the end.
        beta_cdf(1.0 - limit, count - wrong, wrong + 1.0) <= 0.5 * (1.0 - self.level) && wrong < count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_compared_as_confidences_are() {
        // 0.9 is a little less in single precision than in double.
        let thresholds = Thresholds::new(&[0.9; 3], &[(0.9, true), (0.9, false)], 0.95);
        let point = thresholds.clone().and_then(|thresholds| thresholds.at(0.9));
        assert_eq!(point.map(|point| (point.accepted, point.error.trials)), Ok((3, 2)));
        let curve = thresholds.and_then(|thresholds| thresholds.curve(100));
        assert_eq!(curve.map(|points| (points[90].accepted, points[91].accepted)), Ok((3, 0)));
    }

    #[test]
    fn what_is_never_accepted_goes_to_review_at_every_threshold() {
        let thresholds = Thresholds::new(&[0.4, 0.8, 0.9], &[(0.4, false), (0.8, true), (0.9, true)], 0.95);
        let thresholds = thresholds.map(|thresholds| thresholds.with_always_reviewed(2));
        let counts = |point: ThresholdPoint| (point.review, point.accepted, point.error.successes, point.error.trials);
        let at = |threshold| thresholds.clone().and_then(|thresholds| thresholds.at(threshold));
        assert_eq!(at(0.0).map(counts), Ok((2, 3, 1, 3)));
        assert_eq!(at(0.5).map(counts), Ok((3, 2, 0, 2)));
        assert_eq!(at(1.0).map(counts), Ok((5, 0, 0, 0)));
        assert_eq!(at(0.0).map(|point| point.review_share), Ok(0.4));
        let lowest = thresholds.clone().and_then(|thresholds| thresholds.lowest(0.0, ErrorEstimate::Share));
        assert_eq!(lowest.map(|point| point.map(counts)), Ok(Some((3, 2, 0, 2))));
        let only = Thresholds::new(&[], &[], 0.95).and_then(|thresholds| thresholds.with_always_reviewed(4).at(0.0));
        assert_eq!(only.map(|point| (point.review, point.review_share)), Ok((4, 1.0)));
    }
}
