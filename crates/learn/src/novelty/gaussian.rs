//! Normal distributions with different means and one covariance.

use rayon::prelude::*;

use crate::error::same_size;
use crate::logistic::Examples;
use crate::product::{Before, Factor, Threads, multiply};
use crate::{LearnError, Rows};

/// Rows that are whitened at a time.
const BLOCK: usize = 4096;

/// Class means after whitening: in that space the Mahalanobis distance is the plain one.
pub(super) struct Gaussian {
    columns: usize,
    /// Taken from every vector first, which keeps the numbers small.
    centre: Vec<f32>,
    /// L⁻¹, row after row, where L·Lᵀ is the covariance.
    whitener: Vec<f32>,
    /// A whitened mean for each class that has examples.
    means: Vec<f32>,
}

impl Gaussian {
    /// Learns the means and the covariance around them, shrunk towards a multiple of the identity as far as Ledoit and
    /// Wolf (2004) find best, so that it can be inverted with fewer examples than columns too.
    pub(super) fn of_classes(examples: &Examples<'_>) -> Self {
        let columns = examples.rows().columns();
        let mut sums = vec![0.0_f64; examples.classes() * columns];
        let mut counts = vec![0_u64; examples.classes()];
        for (row, &target) in examples.rows().iter().zip(examples.targets()) {
            let target = target as usize;
            counts[target] += 1;
            for (sum, &value) in sums[target * columns..(target + 1) * columns].iter_mut().zip(row) {
                *sum += f64::from(value);
            }
        }
        let mut centre = vec![0.0_f64; columns];
        for (sums, &count) in sums.chunks_exact_mut(columns).zip(&counts) {
            for (centre, sum) in centre.iter_mut().zip(sums) {
                *centre += *sum / examples.count() as f64;
                *sum /= count.max(1) as f64;
            }
        }
        let mut residuals = Vec::with_capacity(examples.rows().values().len());
        for (row, &target) in examples.rows().iter().zip(examples.targets()) {
            let mean = &sums[target as usize * columns..];
            residuals.extend(row.iter().zip(mean).map(|(&value, mean)| (f64::from(value) - mean) as f32));
        }
        let whitener = inverse_root(shrunk_covariance(&residuals, columns), columns);
        let centre: Vec<f32> = centre.into_iter().map(|value| value as f32).collect();
        let present: Vec<f32> = sums
            .chunks_exact(columns)
            .zip(&counts)
            .filter(|(_, count)| **count > 0)
            .flat_map(|(mean, _)| mean.iter().zip(&centre).map(|(&value, &centre)| value as f32 - centre))
            .collect();
        let means = whiten(&present, &whitener, columns);
        Self { columns, centre, whitener, means }
    }

    /// The squared distance of each row to the nearest mean.
    pub(super) fn distances(&self, rows: Rows<'_>) -> Result<Vec<f64>, LearnError> {
        same_size("columns of vectors", self.columns, rows.columns())?;
        let mut distances = Vec::with_capacity(rows.count());
        let classes = self.means.len() / self.columns;
        let lengths: Vec<f64> = self.means.chunks_exact(self.columns).map(square).collect();
        for block in rows.values().chunks(BLOCK * self.columns) {
            let centred: Vec<f32> = block
                .chunks_exact(self.columns)
                .flat_map(|row| row.iter().zip(&self.centre).map(|(value, centre)| value - centre))
                .collect();
            let white = whiten(&centred, &self.whitener, self.columns);
            let mut products = vec![0.0; white.len() / self.columns * classes];
            let means = Factor::new(&self.means, self.columns).transposed();
            multiply(Factor::new(&white, self.columns), means, &mut products, Before::Replaced, Threads::All);
            // ‖z − m‖² = ‖z‖² − 2 z·m + ‖m‖²
            distances.par_extend(white.par_chunks_exact(self.columns).zip(products.par_chunks_exact(classes)).map(
                |(row, products)| {
                    let to_mean = products.iter().zip(&lengths).map(|(&dot, length)| length - 2.0 * f64::from(dot));
                    (square(row) + to_mean.fold(f64::INFINITY, f64::min)).max(0.0)
                },
            ));
        }
        Ok(distances)
    }
}

fn square(row: &[f32]) -> f64 {
    row.iter().map(|&value| f64::from(value) * f64::from(value)).sum()
}

fn whiten(rows: &[f32], whitener: &[f32], columns: usize) -> Vec<f32> {
    let mut white = vec![0.0; rows.len()];
    let transposed = Factor::new(whitener, columns).transposed();
    multiply(Factor::new(rows, columns), transposed, &mut white, Before::Replaced, Threads::All);
    white
}

/// The covariance of centred rows, shrunk by Ledoit and Wolf's intensity.
fn shrunk_covariance(residuals: &[f32], columns: usize) -> Vec<f64> {
    let count = (residuals.len() / columns) as f64;
    let mut products = vec![0.0; columns * columns];
    let rows = Factor::new(residuals, columns);
    multiply(rows.transposed(), rows, &mut products, Before::Replaced, Threads::All);
    let mut covariance: Vec<f64> = products.into_iter().map(|sum| f64::from(sum) / count).collect();
    let size = columns as f64;
    let variance: f64 = (0..columns).map(|at| covariance[at * columns + at]).sum::<f64>() / size;
    let squares: f64 = covariance.iter().map(|value| value * value).sum();
    let fourths: f64 = residuals.chunks_exact(columns).map(|row| square(row).powi(2)).sum();
    let spread = squares - size * variance * variance;
    let noise = (fourths / count - squares) / count;
    let shrinkage = if spread > 0.0 { (noise / spread).clamp(0.0, 1.0) } else { 1.0 };
    for value in &mut covariance {
        *value *= 1.0 - shrinkage;
    }
    for at in 0..columns {
        covariance[at * columns + at] += shrinkage * variance;
    }
    covariance
}

/// L⁻¹ for the covariance L·Lᵀ (Cholesky). A direction without any variance gets a hundred-millionth of the mean one:
/// leaving it is then very strange, but not infinitely. Without any variance at all, for vectors of unit length, that is
/// 10⁻¹².
fn inverse_root(mut matrix: Vec<f64>, size: usize) -> Vec<f32> {
    let mean = (0..size).map(|at| matrix[at * size + at]).sum::<f64>() / size as f64;
    let least = (1e-8 * mean).max(1e-12);
    for row in 0..size {
        let (above, rest) = matrix.split_at_mut(row * size);
        let current = &mut rest[..size];
        for column in 0..row {
            let other = &above[column * size..column * size + column + 1];
            let sum: f64 = current[..column].iter().zip(other).map(|(a, b)| a * b).sum();
            current[column] = (current[column] - sum) / other[column];
        }
        let sum: f64 = current[..row].iter().map(|value| value * value).sum();
        current[row] = (current[row] - sum).max(least).sqrt();
    }
    // The inverse, row after row: L⁻¹[i] = (eᵢ − Σₖ L[i][k] L⁻¹[k]) / L[i][i].
    let mut inverse = vec![0.0_f64; size * size];
    for row in 0..size {
        let (above, rest) = inverse.split_at_mut(row * size);
        let current = &mut rest[..size];
        current[row] = 1.0;
        for (k, other) in above.chunks_exact(size).enumerate() {
            let factor = matrix[row * size + k];
            for (value, other) in current[..=k].iter_mut().zip(other) {
                *value -= factor * other;
            }
        }
        let diagonal = matrix[row * size + row];
        current[..=row].iter_mut().for_each(|value| *value /= diagonal);
    }
    inverse.into_iter().map(|value| value as f32).collect()
}
