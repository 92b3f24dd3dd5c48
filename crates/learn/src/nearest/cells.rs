//! Dividing the space: spherical k-means, and how many cells a search has to look into.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;

use super::scan::{self, decode_all};
use super::{Cell, Nearest, to_unit_length};
use crate::kernels::{dot, largest};
use crate::product::{Before, Factor, Threads, multiply};
use crate::{LearnError, Stop};

/// Vectors that k-means learns from, for each cell.
const SAMPLE_PER_CELL: usize = 48;
/// Rounds of k-means: after these, cells hardly move, and the recall is measured anyway.
const ROUNDS: usize = 8;
/// Vectors whose true neighbours are looked up to measure the recall.
const QUERIES: usize = 400;
/// Neighbours whose recall is measured.
const NEIGHBOURS: usize = 10;
/// The sample may be luckier than what is asked later, so it has to show this much more.
const MARGIN: f64 = 0.01;
/// Vectors that are assigned to cells at a time.
const BLOCK: usize = 1024;

/// The division and what was measured of it.
pub(super) struct Cells {
    /// A unit vector for each cell, one after the other.
    pub(super) centroids: Vec<f32>,
    /// Cells that a search looks into.
    pub(super) probes: usize,
    /// Share of the true neighbours that are in these.
    pub(super) recall: f64,
    /// Vectors at the time.
    pub(super) built_from: usize,
}

impl Cells {
    /// Of a query with each centroid.
    pub(super) fn similarities(&self, query: &[f32], dimension: usize) -> Vec<f32> {
        pulp::Arch::new().dispatch(|| self.centroids.chunks_exact(dimension).map(|row| dot(row, query)).collect())
    }

    /// The cells to look into, from a query's similarities.
    pub(super) fn probed(&self, similarities: &[f32]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..similarities.len()).collect();
        let nearer = |&a: &usize, &b: &usize| similarities[b].total_cmp(&similarities[a]).then(a.cmp(&b));
        if self.probes < order.len() {
            order.select_nth_unstable_by(self.probes, nearer);
            order.truncate(self.probes);
        }
        order
    }
}

impl Nearest {
    /// Divides all vectors anew. Until it is done the old cells stay, so for a while the vectors are held twice.
    pub(super) fn rebuild(&mut self, stop: Stop<'_>) -> Result<(), LearnError> {
        let count = self.len();
        let cell_count = (count as f64).sqrt().round().max(1.0) as usize;
        let mut rng = ChaCha8Rng::seed_from_u64(self.settings.seed);
        let sample = self.sample(&mut rng, cell_count * SAMPLE_PER_CELL);
        let centroids = k_means(&sample, self.dimension, cell_count, stop)?;
        drop(sample);
        let mut cells: Vec<Cell> = Vec::new();
        cells.resize_with(cell_count, Cell::default);
        for old in &self.cells {
            for (ids, vectors) in old.ids.chunks(64 * BLOCK).zip(old.vectors.chunks(64 * BLOCK * self.dimension)) {
                if stop() {
                    return Err(LearnError::Stopped);
                }
                let assigned = vectors
                    .par_chunks(BLOCK * self.dimension)
                    .flat_map_iter(|vectors| nearest_cells(&decode_all(vectors), &centroids, self.dimension));
                let assigned: Vec<u32> = assigned.collect();
                for ((&id, vector), cell) in ids.iter().zip(vectors.chunks_exact(self.dimension)).zip(assigned) {
                    let into = &mut cells[cell as usize];
                    into.ids.push(id);
                    into.vectors.extend_from_slice(vector);
                }
            }
        }
        self.cells = cells;
        for (at, cell) in self.cells.iter().enumerate() {
            for (place, &id) in cell.ids.iter().enumerate() {
                self.places.insert(id, (at as u32, place as u32));
            }
        }
        let (probes, recall) = self.measure(&centroids, &mut rng);
        self.approximate = Some(Cells { centroids, probes, recall, built_from: count });
        Ok(())
    }

    /// Some of the vectors, decoded, without repetition.
    fn sample(&self, rng: &mut ChaCha8Rng, count: usize) -> Vec<f32> {
        let ends: Vec<usize> = self
            .cells
            .iter()
            .scan(0, |end, cell| {
                *end += cell.ids.len();
                Some(*end)
            })
            .collect();
        let mut sample = Vec::with_capacity(count.min(self.len()) * self.dimension);
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        let (chosen, _) = order.partial_shuffle(rng, count);
        for &mut chosen in chosen {
            let chosen = chosen as usize;
            let cell = ends.partition_point(|&end| end <= chosen);
            let place = chosen + self.cells[cell].ids.len() - ends[cell];
            sample.extend(decode_all(&self.cells[cell].vectors[place * self.dimension..(place + 1) * self.dimension]));
        }
        sample
    }

    /// How many cells have to be looked into for the wanted recall, and the recall that this gives on the sample: for
    /// each true neighbour of some stored vectors, the rank of its cell by similarity with the query tells from how
    /// many on it is found.
    fn measure(&self, centroids: &[f32], rng: &mut ChaCha8Rng) -> (usize, f64) {
        let sample = self.sample(rng, QUERIES);
        let queries = sample.len() / self.dimension;
        let all: Vec<Vec<usize>> = self.cells.iter().map(|_| (0..queries).collect()).collect();
        let nearest = scan::many(&self.cells, &all, &sample, self.dimension, NEIGHBOURS + 1);
        let mut found_at = vec![0_u64; self.cells.len()];
        for (query, top) in sample.chunks_exact(self.dimension).zip(nearest) {
            let similarities: Vec<f32> = centroids.chunks_exact(self.dimension).map(|row| dot(row, query)).collect();
            // The first hit is the vector itself, or its equal.
            for (id, _) in top.into_sorted().into_iter().skip(1) {
                let Some(&(cell, _)) = self.places.get(&id) else { continue };
                let own = similarities[cell as usize];
                found_at[similarities.iter().filter(|&&other| other > own).count()] += 1;
            }
        }
        let total: u64 = found_at.iter().sum();
        let (mut found, mut share) = (0, 1.0);
        for (rank, count) in found_at.iter().enumerate() {
            found += count;
            share = if total == 0 { 1.0 } else { found as f64 / total as f64 };
            if share >= (self.settings.recall + MARGIN).min(1.0) {
                return (rank + 1, share);
            }
        }
        (self.cells.len(), share)
    }
}

/// The nearest centroid of each vector.
pub(super) fn nearest_cells(vectors: &[f32], centroids: &[f32], dimension: usize) -> Vec<u32> {
    let cells = centroids.len() / dimension;
    let mut nearest = Vec::with_capacity(vectors.len() / dimension);
    for block in vectors.chunks(BLOCK * dimension) {
        let mut similarities = vec![0.0; block.len() / dimension * cells];
        let columns = Factor::new(centroids, dimension).transposed();
        multiply(Factor::new(block, dimension), columns, &mut similarities, Before::Replaced, Threads::One);
        nearest.extend(similarities.chunks_exact(cells).map(|row| largest(row).unwrap_or(0) as u32));
    }
    nearest
}

/// Centroids of unit length for a shuffled sample. A cell that loses all its vectors gets one from the largest cell.
fn k_means(sample: &[f32], dimension: usize, cells: usize, stop: Stop<'_>) -> Result<Vec<f32>, LearnError> {
    let mut centroids = sample[..cells * dimension].to_vec();
    for _ in 0..ROUNDS {
        if stop() {
            return Err(LearnError::Stopped);
        }
        let assigned: Vec<u32> = sample
            .par_chunks(BLOCK * dimension)
            .flat_map_iter(|block| nearest_cells(block, &centroids, dimension))
            .collect();
        let mut sums = vec![0.0_f32; cells * dimension];
        let mut counts = vec![0_usize; cells];
        for (vector, &cell) in sample.chunks_exact(dimension).zip(&assigned) {
            counts[cell as usize] += 1;
            for (sum, value) in sums[cell as usize * dimension..].iter_mut().zip(vector) {
                *sum += value;
            }
        }
        for cell in 0..cells {
            if counts[cell] == 0 {
                let fullest = (0..cells).max_by_key(|&cell| counts[cell]).unwrap_or(0);
                if let Some(member) = assigned.iter().position(|&other| other as usize == fullest) {
                    sums[cell * dimension..(cell + 1) * dimension]
                        .copy_from_slice(&sample[member * dimension..(member + 1) * dimension]);
                }
                // Halved in the books, so that the next empty cell takes from another one.
                counts[fullest] /= 2;
            }
        }
        sums.chunks_exact_mut(dimension).for_each(to_unit_length);
        centroids = sums;
    }
    Ok(centroids)
}
