//! Looking through cells.

use pulp::Arch;
use rayon::prelude::*;

use super::Cell;
use super::half::{self, QUERY_SCALE, SUM_SCALE};
use super::top::TopK;
use crate::product::{Before, Factor, Threads, multiply};

/// Queries that are searched together: with more, more of them share the decoding of a cell.
pub(super) const QUERIES: usize = 1024;
/// Vectors that one task looks through.
const SEGMENT: usize = 1024;

/// Parts of the probed cells: the cell, and its vectors from and to.
fn segments(cells: &[Cell], probed: impl Iterator<Item = usize>) -> Vec<(usize, usize, usize)> {
    probed
        .flat_map(|cell| {
            let count = cells[cell].ids.len();
            (0..count).step_by(SEGMENT).map(move |from| (cell, from, count.min(from + SEGMENT)))
        })
        .collect()
}

/// The nearest to one query in some cells.
pub(super) fn one(cells: &[Cell], probed: &[usize], query: &[f32], k: usize) -> TopK {
    let dimension = query.len();
    let scaled: Vec<f32> = query.iter().map(|value| value * QUERY_SCALE).collect();
    let arch = Arch::new();
    segments(cells, probed.iter().copied())
        .into_par_iter()
        .fold(
            || TopK::new(k),
            |mut top, (cell, from, to)| {
                let ids = &cells[cell].ids[from..to];
                let vectors = &cells[cell].vectors[from * dimension..to * dimension];
                arch.dispatch(|| {
                    for (&id, vector) in ids.iter().zip(vectors.chunks_exact(dimension)) {
                        top.offer(id, half::dot(&scaled, vector) * SUM_SCALE);
                    }
                });
                top
            },
        )
        .reduce(|| TopK::new(k), TopK::merge)
}

/// The nearest to each of many queries; `asked` names the queries that look into each cell.
pub(super) fn many(cells: &[Cell], asked: &[Vec<usize>], queries: &[f32], dimension: usize, k: usize) -> Vec<TopK> {
    let count = queries.len() / dimension;
    let probed = (0..cells.len()).filter(|&cell| asked.get(cell).is_some_and(|asked| !asked.is_empty()));
    let none = || vec![TopK::new(k); count];
    segments(cells, probed)
        .into_par_iter()
        .fold(none, |mut tops, (cell, from, to)| {
            let asked = &asked[cell];
            let gathered = gather(asked, queries, dimension, count);
            let rows = gathered.as_deref().unwrap_or(queries);
            let vectors = decode_all(&cells[cell].vectors[from * dimension..to * dimension]);
            let mut scores = vec![0.0; asked.len() * (to - from)];
            let columns = Factor::new(&vectors, dimension).transposed();
            multiply(Factor::new(rows, dimension), columns, &mut scores, Before::Replaced, Threads::One);
            for (&query, scores) in asked.iter().zip(scores.chunks_exact(to - from)) {
                for (&id, &score) in cells[cell].ids[from..to].iter().zip(scores) {
                    tops[query].offer(id, score);
                }
            }
            tops
        })
        .reduce(none, |a, b| a.into_iter().zip(b).map(|(a, b)| a.merge(b)).collect())
}

/// The queries that ask, one after the other; `None` when all do.
fn gather(asked: &[usize], queries: &[f32], dimension: usize, count: usize) -> Option<Vec<f32>> {
    (asked.len() < count).then(|| {
        asked.iter().flat_map(|&query| &queries[query * dimension..(query + 1) * dimension]).copied().collect()
    })
}

pub(super) fn decode_all(stored: &[u16]) -> Vec<f32> {
    let mut decoded = vec![0.0; stored.len()];
    Arch::new().dispatch(|| {
        for (into, &bits) in decoded.iter_mut().zip(stored) {
            *into = half::decode(bits);
        }
    });
    decoded
}
