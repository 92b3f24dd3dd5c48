//! The loss of a classifier over its examples, and the gradient.

use pulp::Arch;
use rayon::prelude::*;

use super::classifier::ABSENT_BIAS;
use super::{Examples, LinearClassifier};
use crate::kernels::softmax;
use crate::product::{Before, Factor, Threads, multiply};

/// Rows that are worked on at a time: their logits stay in the cache between the two products, and the memory does not
/// grow with rows × classes.
const BLOCK: usize = 4096;
/// Rows of one task within a block.
const ROWS_PER_TASK: usize = 256;

/// The objective, divided by the sum of the weights, over the classes that have examples.
///
/// The columns are centred: with an intercept that isn't penalised this changes nothing but the intercept, and it takes
/// away the common direction of embeddings, along which the search would otherwise crawl. A point of the search is
/// the weights, a row for each present class, followed by the biases.
pub(super) struct Objective {
    rows: Vec<f32>,
    means: Vec<f64>,
    columns: usize,
    /// For each row, the place of its class in `present`.
    targets: Vec<u32>,
    /// For each row, its share of the sum of all weights.
    shares: Vec<f32>,
    present: Vec<u32>,
    classes: usize,
    penalty: f64,
    weights: Vec<f32>,
    bias: Vec<f32>,
    residuals: Vec<f32>,
    slope: Vec<f32>,
}

impl Objective {
    pub(super) fn new(examples: &Examples<'_>, indexes: &[usize], c: f64) -> Self {
        let used: Vec<usize> = indexes.iter().copied().filter(|&index| examples.weight(index) > 0.0).collect();
        let total: f64 = used.iter().map(|&index| f64::from(examples.weight(index))).sum();
        let targets: Vec<u32> = used.iter().filter_map(|&index| examples.targets().get(index).copied()).collect();
        let mut present = targets.clone();
        present.sort_unstable();
        present.dedup();
        let targets: Vec<u32> =
            targets.iter().map(|target| present.partition_point(|class| class < target) as u32).collect();
        let shares: Vec<f32> = used.iter().map(|&index| (f64::from(examples.weight(index)) / total) as f32).collect();
        let columns = examples.rows().columns();
        let mut rows = examples.rows().gather(&used);
        let means = centre(rows.values_mut(), columns, &shares);
        // See the module above for two classes.
        let penalty = if present.len() == 2 { 2.0 } else { 1.0 } / (c * total);
        let width = present.len();
        Self {
            rows: rows.into_values(),
            means,
            columns,
            residuals: vec![0.0; BLOCK.min(used.len()) * width],
            targets,
            shares,
            classes: examples.classes(),
            penalty,
            weights: vec![0.0; width * columns],
            bias: vec![0.0; width],
            slope: vec![0.0; width * columns],
            present,
        }
    }

    /// Rows that count.
    pub(super) fn count(&self) -> usize {
        self.targets.len()
    }

    /// The classes that have examples, ascending.
    pub(super) fn present(&self) -> &[u32] {
        &self.present
    }

    /// Where the search begins.
    pub(super) fn point_of(&self, start: Option<&LinearClassifier>) -> Vec<f64> {
        let mut point = vec![0.0; self.present.len() * (self.columns + 1)];
        let Some(start) = start else { return point };
        let (weights, biases) = point.split_at_mut(self.present.len() * self.columns);
        for ((class, weights), bias) in self.present.iter().zip(weights.chunks_exact_mut(self.columns)).zip(biases) {
            let (Some(row), Some(&old)) = (start.weights().row(*class as usize), start.bias().get(*class as usize))
            else {
                continue;
            };
            if old <= ABSENT_BIAS {
                continue;
            }
            *bias = f64::from(old);
            for ((weight, &value), mean) in weights.iter_mut().zip(row).zip(&self.means) {
                *weight = f64::from(value);
                *bias += f64::from(value) * mean;
            }
        }
        point
    }

    /// The classifier that a point stands for.
    pub(super) fn classifier_of(&self, point: &[f64]) -> LinearClassifier {
        let mut all = vec![0.0; self.classes * self.columns];
        let mut bias = vec![ABSENT_BIAS; self.classes];
        let (weights, biases) = point.split_at(self.present.len() * self.columns);
        for ((&class, weights), centred) in self.present.iter().zip(weights.chunks_exact(self.columns)).zip(biases) {
            let class = class as usize;
            let shift: f64 = weights.iter().zip(&self.means).map(|(weight, mean)| weight * mean).sum();
            bias[class] = (centred - shift) as f32;
            for (into, &weight) in all[class * self.columns..].iter_mut().zip(weights) {
                *into = weight as f32;
            }
        }
        LinearClassifier::of(all, bias, self.columns)
    }

    /// The value at a point, and the gradient.
    pub(super) fn evaluate(&mut self, point: &[f64], gradient: &mut [f64]) -> f64 {
        let width = self.present.len();
        let (weights, bias) = point.split_at(width * self.columns);
        narrow(weights, &mut self.weights);
        narrow(bias, &mut self.bias);
        let (slopes, bias_slopes) = gradient.split_at_mut(width * self.columns);
        bias_slopes.fill(0.0);
        let mut value = 0.0;
        for (at, rows) in self.rows.chunks(BLOCK * self.columns).enumerate() {
            let count = rows.len() / self.columns;
            let from = at * BLOCK;
            let residuals = &mut self.residuals[..count * width];
            let rows = Factor::new(rows, self.columns);
            let weights = Factor::new(&self.weights, self.columns).transposed();
            multiply(rows, weights, residuals, Before::Replaced, Threads::All);
            let (targets, shares) = (&self.targets[from..from + count], &self.shares[from..from + count]);
            value += losses(residuals, &self.bias, targets, shares, bias_slopes);
            let before = if at == 0 { Before::Replaced } else { Before::Kept };
            multiply(Factor::new(residuals, width).transposed(), rows, &mut self.slope, before, Threads::All);
        }
        for ((slope, &sum), &weight) in slopes.iter_mut().zip(&self.slope).zip(weights) {
            *slope = f64::from(sum) + self.penalty * weight;
            value += 0.5 * self.penalty * weight * weight;
        }
        value
    }
}

/// Turns the logits (without bias) of some rows into `share · (probability − truth)`, adds their columns' sums to
/// `bias_slopes`, and returns the sum of the losses.
fn losses(logits: &mut [f32], bias: &[f32], targets: &[u32], shares: &[f32], bias_slopes: &mut [f64]) -> f64 {
    let width = bias.len();
    let arch = Arch::new();
    let parts: Vec<(f64, Vec<f64>)> = logits
        .par_chunks_mut(width * ROWS_PER_TASK)
        .zip(targets.par_chunks(ROWS_PER_TASK))
        .zip(shares.par_chunks(ROWS_PER_TASK))
        .map(|((logits, targets), shares)| {
            arch.dispatch(|| {
                let mut loss = 0.0;
                let mut sums = vec![0.0; width];
                for ((row, &target), &share) in logits.chunks_exact_mut(width).zip(targets).zip(shares) {
                    for (logit, bias) in row.iter_mut().zip(bias) {
                        *logit += bias;
                    }
                    let own = row[target as usize];
                    loss += f64::from(share) * f64::from(softmax(row) - own);
                    row[target as usize] -= 1.0;
                    for (residual, sum) in row.iter_mut().zip(&mut sums) {
                        *residual *= share;
                        *sum += f64::from(*residual);
                    }
                }
                (loss, sums)
            })
        })
        .collect();
    // Summed in the order of the rows, so that the number of threads doesn't show.
    let mut value = 0.0;
    for (loss, sums) in parts {
        value += loss;
        for (into, sum) in bias_slopes.iter_mut().zip(sums) {
            *into += sum;
        }
    }
    value
}

/// Takes the weighted mean out of each column and returns the means.
fn centre(rows: &mut [f32], columns: usize, shares: &[f32]) -> Vec<f64> {
    let mut means = vec![0.0_f64; columns];
    for (row, &share) in rows.chunks_exact(columns).zip(shares) {
        for (mean, &value) in means.iter_mut().zip(row) {
            *mean += f64::from(share) * f64::from(value);
        }
    }
    for row in rows.chunks_exact_mut(columns) {
        for (value, mean) in row.iter_mut().zip(&means) {
            *value = (f64::from(*value) - mean) as f32;
        }
    }
    means
}

fn narrow(from: &[f64], into: &mut [f32]) {
    for (into, &value) in into.iter_mut().zip(from) {
        *into = value as f32;
    }
}
