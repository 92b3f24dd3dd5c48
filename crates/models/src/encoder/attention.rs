//! Attention of each text's tokens over all tokens of the same text. Texts lie one after the other without padding.

use std::ops::Range;

use pulp::Arch;
use rayon::prelude::*;

use crate::cancel::CancelToken;
use crate::kernels::exp;

/// Tokens whose queries one task works on.
const QUERIES_PER_TASK: usize = 64;
/// Columns that are computed at once.
const LANES: usize = 16;
/// Queries that are computed at once: each row of keys or values that is loaded serves all of them.
const TOGETHER: usize = 4;

/// Sizes of the attention.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heads {
    /// Their number.
    pub(crate) count: usize,
    /// Width of one.
    pub(crate) width: usize,
}

impl Heads {
    fn hidden(self) -> usize {
        self.count * self.width
    }
}

/// What one task computes: some of a text's tokens, all heads.
struct Task<'a> {
    /// The text's tokens.
    text: Range<usize>,
    /// Those of them whose queries are answered.
    queries: Range<usize>,
    /// A row of `hidden` for each of the queries.
    out: &'a mut [f32],
}

/// A thread's working memory.
#[derive(Default)]
struct Scratch {
    /// Keys of a head, a column a token: `[width][padded tokens]`.
    keys: Vec<f32>,
    /// Values of a head: `[tokens][padded width]`.
    values: Vec<f32>,
    /// Queries of a head with their bias: `[TOGETHER][width]`.
    queries: Vec<f32>,
    /// Weights of the tokens: `[TOGETHER][padded tokens]`.
    scores: Vec<f32>,
}

/// The attention's result, a row of `hidden` a token. `qkv` has a row of query, key and value for each token; the queries
/// are scaled, and `query_bias` is still to be added to them. Text `i` has the tokens from `starts[i]` to `starts[i + 1]`.
/// When cancelled, the rest of the result is zeros.
pub(crate) fn attend(
    qkv: &[f32],
    query_bias: &[f32],
    starts: &[usize],
    heads: Heads,
    cancel: &CancelToken,
) -> Vec<f32> {
    let hidden = heads.hidden();
    let mut out = vec![0.0; qkv.len() / 3];
    let mut tasks = Vec::new();
    let mut rest = out.as_mut_slice();
    for text in starts.windows(2).map(|pair| pair[0]..pair[1]) {
        let mut first = text.start;
        while first < text.end {
            let queries = first..(first + QUERIES_PER_TASK).min(text.end);
            let (own, after) = rest.split_at_mut(queries.len() * hidden);
            rest = after;
            first = queries.end;
            tasks.push(Task { text: text.clone(), queries, out: own });
        }
    }
    let arch = Arch::new();
    tasks.into_par_iter().with_min_len(4).for_each_init(Scratch::default, |scratch, task| {
        if cancel.is_cancelled() {
            return;
        }
        arch.dispatch(|| answer(task, qkv, query_bias, heads, scratch));
    });
    out
}

#[inline(always)]
fn answer(task: Task<'_>, qkv: &[f32], query_bias: &[f32], heads: Heads, scratch: &mut Scratch) {
    let (hidden, width) = (heads.hidden(), heads.width);
    let tokens = task.text.len();
    let (tokens_padded, width_padded) = (tokens.next_multiple_of(LANES), width.next_multiple_of(LANES));
    scratch.keys.clear();
    scratch.keys.resize(width * tokens_padded, 0.0);
    scratch.values.clear();
    scratch.values.resize(tokens * width_padded, 0.0);
    scratch.queries.resize(TOGETHER * width, 0.0);
    scratch.scores.resize(TOGETHER * tokens_padded, 0.0);
    for head in 0..heads.count {
        let columns = head * width..(head + 1) * width;
        for (token, row) in
            qkv[task.text.start * 3 * hidden..task.text.end * 3 * hidden].chunks_exact(3 * hidden).enumerate()
        {
            let (_, key_value) = row.split_at(hidden);
            let (key, value) = key_value.split_at(hidden);
            for (place, number) in scratch.keys[token..].iter_mut().step_by(tokens_padded).zip(&key[columns.clone()]) {
                *place = *number;
            }
            scratch.values[token * width_padded..][..width].copy_from_slice(&value[columns.clone()]);
        }
        let rows = qkv[task.queries.start * 3 * hidden..task.queries.end * 3 * hidden].chunks(TOGETHER * 3 * hidden);
        for (rows, out) in rows.zip(task.out.chunks_mut(TOGETHER * hidden)) {
            for (query, row) in scratch.queries.chunks_exact_mut(width).zip(rows.chunks_exact(3 * hidden)) {
                for ((query, number), bias) in
                    query.iter_mut().zip(&row[columns.clone()]).zip(&query_bias[columns.clone()])
                {
                    *query = number + bias;
                }
            }
            score(&scratch.queries, &scratch.keys, &mut scratch.scores, width, tokens_padded);
            for scores in scratch.scores.chunks_exact_mut(tokens_padded) {
                softmax(&mut scores[..tokens]);
            }
            for block in (0..width).step_by(LANES) {
                let mixed = mix(&scratch.scores, &scratch.values[block..], tokens, tokens_padded, width_padded);
                let lanes = LANES.min(width - block);
                for (out, mixed) in out.chunks_exact_mut(hidden).zip(&mixed) {
                    out[columns.start + block..][..lanes].copy_from_slice(&mixed[..lanes]);
                }
            }
        }
    }
}

/// Scalar products of the queries with all keys.
#[inline(always)]
fn score(queries: &[f32], keys: &[f32], scores: &mut [f32], width: usize, tokens_padded: usize) {
    for block in (0..tokens_padded).step_by(LANES) {
        let mut sums = [[0.0_f32; LANES]; TOGETHER];
        for (column, keys) in keys.chunks_exact(tokens_padded).enumerate() {
            let keys = &keys[block..block + LANES];
            for (query, sums) in sums.iter_mut().enumerate() {
                let number = queries[query * width + column];
                for lane in 0..LANES {
                    sums[lane] += number * keys[lane];
                }
            }
        }
        for (query, sums) in sums.iter().enumerate() {
            scores[query * tokens_padded + block..][..LANES].copy_from_slice(sums);
        }
    }
}

#[inline(always)]
fn softmax(scores: &mut [f32]) {
    let largest =
        scores.iter().fold(f32::NEG_INFINITY, |largest, &score| if score > largest { score } else { largest });
    let mut lanes = [0.0_f32; LANES];
    let mut chunks = scores.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for (score, lane) in chunk.iter_mut().zip(&mut lanes) {
            *score = exp(*score - largest);
            *lane += *score;
        }
    }
    let mut sum: f32 = 0.0;
    for score in chunks.into_remainder() {
        *score = exp(*score - largest);
        sum += *score;
    }
    sum += lanes.iter().sum::<f32>();
    let inverse = 1.0 / sum;
    scores.iter_mut().for_each(|score| *score *= inverse);
}

/// The values' columns of one block, weighted.
#[inline(always)]
fn mix(
    scores: &[f32],
    values: &[f32],
    tokens: usize,
    tokens_padded: usize,
    width_padded: usize,
) -> [[f32; LANES]; TOGETHER] {
    let mut sums = [[0.0_f32; LANES]; TOGETHER];
    for token in 0..tokens {
        let values = &values[token * width_padded..][..LANES];
        for (query, sums) in sums.iter_mut().enumerate() {
            let weight = scores[query * tokens_padded + token];
            for lane in 0..LANES {
                sums[lane] += weight * values[lane];
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, number by number.
    fn plain(qkv: &[f32], bias: &[f32], starts: &[usize], heads: Heads) -> Vec<f32> {
        let hidden = heads.hidden();
        let number = |token: usize, part: usize, column: usize| f64::from(qkv[(token * 3 + part) * hidden + column]);
        let mut out = Vec::new();
        for text in starts.windows(2) {
            for query in text[0]..text[1] {
                for column in 0..hidden {
                    let head = column / heads.width * heads.width;
                    let weights: Vec<f64> = (text[0]..text[1])
                        .map(|key| {
                            let columns = head..head + heads.width;
                            columns.map(|c| (number(query, 0, c) + f64::from(bias[c])) * number(key, 1, c)).sum::<f64>()
                        })
                        .map(f64::exp)
                        .collect();
                    let mixed: f64 =
                        weights.iter().enumerate().map(|(key, weight)| weight * number(text[0] + key, 2, column)).sum();
                    out.push((mixed / weights.iter().sum::<f64>()) as f32);
                }
            }
        }
        out
    }

    #[test]
    fn equals_the_definition_for_all_lengths() {
        for heads in [Heads { count: 3, width: 32 }, Heads { count: 2, width: 10 }, Heads { count: 1, width: 1 }] {
            let starts = [0, 1, 3, 19, 35, 168];
            let numbers = |seed: usize, count: usize| -> Vec<f32> {
                (0..count).map(|i| ((i * 7919 + seed) % 1013) as f32 / 1013.0 - 0.5).collect()
            };
            let (qkv, bias) = (numbers(1, 168 * 3 * heads.hidden()), numbers(5, heads.hidden()));
            let (ours, exact) =
                (attend(&qkv, &bias, &starts, heads, &CancelToken::new()), plain(&qkv, &bias, &starts, heads));
            for (ours, exact) in ours.iter().zip(&exact) {
                assert!((ours - exact).abs() < 1e-5, "{ours}, not {exact}");
            }
        }
    }
}
