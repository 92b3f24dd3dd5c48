//! Does a confidence of 80 % mean that 80 % are right?

use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::error::{at_least, same_size, setting_in};
use crate::statistics::Proportion;

/// The number of bins that is usual for the calibration error (Guo et al., "On Calibration of Modern Neural Networks",
/// 2017).
pub const BINS: usize = 15;

/// Items of similar confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Confidences above this (from 0 on in the first bin) …
    pub from: f64,
    /// … up to this are in the bin.
    pub to: f64,
    /// Mean confidence of its items; the middle of the bin without items.
    pub confidence: f64,
    /// How many items are right, with Wilson's 95 % interval.
    pub accuracy: Proportion,
}

/// The reliability diagram and its summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// Expected calibration error: mean distance of confidence and accuracy over bins of equal width, weighted by items.
    pub ece: f64,
    /// The same over bins with equally many items, which doesn't depend on where confidences crowd.
    pub adaptive_ece: f64,
    /// The largest distance in a bin of equal width.
    pub largest_gap: f64,
    /// The bins of equal width, empty ones too.
    pub bins: Vec<Bin>,
}

/// Measures confidences (between 0 and 1) against what was right, in `bins` bins ([`BINS`] is the standard).
///
/// # Errors
/// [`LearnError::Shape`] when there isn't one confidence for each item, [`LearnError::TooFew`] without items,
/// [`LearnError::Setting`] for no bins or a confidence that is not between 0 and 1.
pub fn reliability(confidences: &[f32], correct: &[bool], bins: usize) -> Result<Reliability, LearnError> {
    same_size("correctness of items", confidences.len(), correct.len())?;
    at_least("confidences", 1, confidences.len())?;
    setting_in("bins", bins as f64, 1.0..=1e6)?;
    confidences.iter().try_for_each(|&confidence| setting_in("confidence", f64::from(confidence), 0.0..=1.0))?;
    let mut tallies = vec![Tally::default(); bins];
    for (&confidence, &correct) in confidences.iter().zip(correct) {
        tallies[bin_of(f64::from(confidence), bins)].add(confidence, correct);
    }
    let width = 1.0 / bins as f64;
    let drawn = tallies.iter().enumerate().map(|(at, tally)| {
        let (from, to) = (at as f64 * width, (at + 1) as f64 * width);
        Ok(Bin {
            from,
            to,
            confidence: if tally.count == 0 { 0.5 * (from + to) } else { tally.sum / tally.count as f64 },
            accuracy: Proportion::wilson(tally.right, tally.count, 0.95)?,
        })
    });
    Ok(Reliability {
        ece: expected_gap(&tallies, confidences.len()),
        adaptive_ece: expected_gap(&equal_masses(confidences, correct, bins), confidences.len()),
        largest_gap: tallies.iter().map(Tally::gap).fold(0.0, f64::max),
        bins: drawn.collect::<Result<_, LearnError>>()?,
    })
}

#[derive(Clone, Copy, Default)]
struct Tally {
    count: u64,
    right: u64,
    sum: f64,
}

impl Tally {
    fn add(&mut self, confidence: f32, correct: bool) {
        self.count += 1;
        self.right += u64::from(correct);
        self.sum += f64::from(confidence);
    }

    /// |accuracy − mean confidence|
    fn gap(&self) -> f64 {
        if self.count == 0 { 0.0 } else { (self.right as f64 - self.sum).abs() / self.count as f64 }
    }
}

/// Bin k holds (k/bins, (k+1)/bins]; 0 belongs to the first.
fn bin_of(confidence: f64, bins: usize) -> usize {
    ((confidence * bins as f64).ceil() as usize).clamp(1, bins) - 1
}

fn expected_gap(tallies: &[Tally], total: usize) -> f64 {
    tallies.iter().map(|tally| tally.count as f64 * tally.gap()).sum::<f64>() / total as f64
}

/// Bins whose sizes differ by at most one, by ascending confidence; equal confidences stay in the order given.
fn equal_masses(confidences: &[f32], correct: &[bool], bins: usize) -> Vec<Tally> {
    let mut order: Vec<usize> = (0..confidences.len()).collect();
    order.sort_by(|&a, &b| confidences[a].total_cmp(&confidences[b]));
    let bins = bins.min(order.len());
    (0..bins)
        .map(|bin| {
            let mut tally = Tally::default();
            for &index in &order[bin * order.len() / bins..(bin + 1) * order.len() / bins] {
                tally.add(confidences[index], correct[index]);
            }
            tally
        })
        .collect()
}
