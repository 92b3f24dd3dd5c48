//! Attention over a shared prefix and over each sequence's own part.
//!
//! All sequences of a batch continue one prefix. Their queries meet the prefix's keys in one matrix product; their own
//! keys are few and are met one by one, where each token sees only its own sequence and, in a tree, its ancestors.

use std::ops::Range;

use candle_core::{D, Device, Tensor};
use pulp::Arch;
use rayon::prelude::*;

use crate::error::ModelError;
use crate::kernels::{add_scaled, dot, exp};
use crate::tensor::{floats, matrix};

/// Sizes of the attention.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heads {
    /// Query heads.
    pub(crate) query: usize,
    /// Key and value heads.
    pub(crate) key_value: usize,
    /// Width of a head.
    pub(crate) width: usize,
    /// What products of queries and keys are multiplied by.
    pub(crate) scale: f32,
}

impl Heads {
    /// Query heads that share a key head.
    pub(crate) fn group(self) -> usize {
        self.query / self.key_value
    }

    /// Width of all keys of a token.
    pub(crate) fn key_width(self) -> usize {
        self.key_value * self.width
    }
}

/// Keys and values in one layer, one row a token: in main memory a matrix for each key head, on another device one tensor
/// `[tokens, key heads, width]`.
#[derive(Clone, Default)]
pub(crate) struct PrefixLayer {
    pub(crate) keys: Vec<Tensor>,
    pub(crate) values: Vec<Tensor>,
}

impl PrefixLayer {
    /// Its first `length` tokens, in memory of their own.
    pub(crate) fn truncated(&self, length: usize) -> Result<Self, ModelError> {
        let cut = |heads: &[Tensor]| -> Result<Vec<Tensor>, ModelError> {
            heads.iter().map(|head| Ok(head.narrow(0, 0, length)?.copy()?)).collect()
        };
        if length == 0 {
            return Ok(Self::default());
        }
        Ok(Self { keys: cut(&self.keys)?, values: cut(&self.values)? })
    }

    /// Appends the keys and values of a sequence.
    pub(crate) fn extend(&mut self, own: &OwnLayer, heads: Heads) -> Result<(), ModelError> {
        let by_head = |rows: &[f32]| -> Result<Vec<Tensor>, ModelError> {
            let tokens = rows.len() / heads.key_width();
            let head = |head: usize| {
                let mut picked = Vec::with_capacity(tokens * heads.width);
                for row in rows.chunks_exact(heads.key_width()) {
                    picked.extend_from_slice(&row[head * heads.width..][..heads.width]);
                }
                matrix(picked, tokens, heads.width)
            };
            (0..heads.key_value).map(head).collect()
        };
        self.append(by_head(&own.keys)?, by_head(&own.values)?)
    }

    /// Appends tensors of the form that is kept here.
    pub(crate) fn append(&mut self, keys: Vec<Tensor>, values: Vec<Tensor>) -> Result<(), ModelError> {
        for (into, fresh) in [(&mut self.keys, keys), (&mut self.values, values)] {
            if into.is_empty() {
                *into = fresh;
                continue;
            }
            for (known, fresh) in into.iter_mut().zip(fresh) {
                *known = Tensor::cat(&[&*known, &fresh], 0)?.contiguous()?;
            }
        }
        Ok(())
    }
}

/// Keys and values of a sequence's own tokens in one layer, one row a token.
#[derive(Clone, Default)]
pub(crate) struct OwnLayer {
    pub(crate) keys: Vec<f32>,
    pub(crate) values: Vec<f32>,
}

/// What a token sees of its own sequence.
pub(crate) struct Sight<'a> {
    /// Its sequence's keys and values, its own included.
    pub(crate) own: &'a OwnLayer,
    pub(crate) reach: Reach<'a>,
}

/// Which tokens a token sees.
#[derive(Clone, Copy)]
pub(crate) struct Reach<'a> {
    /// Its position, counted from the prefix's beginning.
    pub(crate) position: usize,
    /// It sees the first so many.
    pub(crate) trunk: usize,
    /// And these, the last one being itself.
    pub(crate) ancestors: &'a [usize],
}

impl<'a> Reach<'a> {
    /// The prefix's entries, and those of the own part, that lie within a window of so many positions (itself included).
    pub(crate) fn within(self, window: Option<usize>, prefix: usize) -> (Range<usize>, Range<usize>, &'a [usize]) {
        let window = window.unwrap_or(usize::MAX);
        let first = (self.position + 1).saturating_sub(window);
        let near = self.ancestors.len().saturating_sub(window);
        (first.min(prefix)..prefix, first.saturating_sub(prefix).min(self.trunk)..self.trunk, &self.ancestors[near..])
    }
}

/// The attention's result for each token: a row of all query heads. `queries` has the same form; with a `window` a token
/// sees so many tokens, itself included.
pub(crate) fn attend(
    queries: &[f32],
    sights: &[Sight<'_>],
    prefix: Option<&PrefixLayer>,
    heads: Heads,
    window: Option<usize>,
) -> Result<Vec<f32>, ModelError> {
    let empty = PrefixLayer::default();
    let prefix = prefix.unwrap_or(&empty);
    let row = heads.query * heads.width;
    let group_width = heads.group() * heads.width;
    let mut out = vec![0.0; queries.len()];
    for head in 0..heads.key_value {
        let mut query = Vec::with_capacity(sights.len() * group_width);
        for token in queries.chunks_exact(row) {
            query.extend_from_slice(&token[head * group_width..][..group_width]);
        }
        let result = attend_head(query, sights, prefix, View { heads, head, window })?;
        for (token, result) in out.chunks_exact_mut(row).zip(result.chunks_exact(group_width)) {
            token[head * group_width..][..group_width].copy_from_slice(result);
        }
    }
    Ok(out)
}

/// Which key head is looked at, and how far.
#[derive(Clone, Copy)]
struct View {
    heads: Heads,
    head: usize,
    window: Option<usize>,
}

/// One key head with the query heads that share it.
fn attend_head(
    query: Vec<f32>,
    sights: &[Sight<'_>],
    prefix: &PrefixLayer,
    view: View,
) -> Result<Vec<f32>, ModelError> {
    let View { heads, head, .. } = view;
    let group = heads.group();
    let mut own = vec![0.0; query.len()];
    let Some((keys, values)) = prefix.keys.get(head).zip(prefix.values.get(head)) else {
        weigh(&mut [], 0, &query, &mut own, sights, view);
        return Ok(own);
    };
    let length = keys.dim(0)?;
    let query = matrix(query, sights.len() * group, heads.width)?;
    let scores = query.matmul(&keys.t()?)?;
    let mut weights = floats(&scores, <[f32]>::to_vec)?;
    floats(&query, |query| weigh(&mut weights, length, query, &mut own, sights, view))?;
    let weights = Tensor::from_vec(weights, (sights.len() * group, length), &Device::Cpu)?;
    let from_prefix = weights.matmul(values)?;
    debug_assert_eq!(from_prefix.dim(D::Minus1)?, heads.width);
    floats(&from_prefix, |rows| crate::kernels::add(&mut own, rows))?;
    Ok(own)
}

/// What one token sees, its queries, what its own part gives, and its scores of the prefix.
type TokenRows<'a> = (((&'a Sight<'a>, &'a [f32]), &'a mut [f32]), &'a mut [f32]);

/// Turns scores of the prefix (rows of `length`) into weights, and adds what the own part gives to `own`.
fn weigh(scores: &mut [f32], length: usize, query: &[f32], own: &mut [f32], sights: &[Sight<'_>], view: View) {
    let heads = view.heads;
    let group = heads.group();
    let group_width = group * heads.width;
    let arch = Arch::new();
    let token = |(((sight, query), own), scores): TokenRows<'_>| {
        let mut near = Vec::with_capacity(sight.reach.trunk + sight.reach.ancestors.len());
        for member in 0..group {
            let columns = member * heads.width..(member + 1) * heads.width;
            let scores = &mut scores[member * length..(member + 1) * length];
            let (query, own) = (&query[columns.clone()], &mut own[columns]);
            arch.dispatch(|| weigh_row(scores, query, own, sight, view, &mut near));
        }
    };
    let tokens = sights.par_iter().zip(query.par_chunks(group_width)).zip(own.par_chunks_mut(group_width));
    if length == 0 {
        tokens.with_min_len(4).for_each(|token_data| token((token_data, &mut [])));
    } else {
        tokens.zip(scores.par_chunks_mut(group * length)).with_min_len(4).for_each(token);
    }
}

/// Softmax over prefix and own part of one query.
#[inline(always)]
fn weigh_row(
    scores: &mut [f32],
    query: &[f32],
    own: &mut [f32],
    sight: &Sight<'_>,
    View { heads, head, window }: View,
    near: &mut Vec<f32>,
) {
    let scale = heads.scale;
    let (stride, offset) = (heads.key_width(), head * heads.width);
    let (prefix, trunk, ancestors) = sight.reach.within(window, scores.len());
    let entries = || trunk.clone().chain(ancestors.iter().copied());
    let (unseen, scores) = scores.split_at_mut(prefix.start);
    unseen.fill(0.0);
    let mut largest = f32::NEG_INFINITY;
    for score in scores.iter_mut() {
        *score *= scale;
        largest = if *score > largest { *score } else { largest };
    }
    near.clear();
    for entry in entries() {
        let score = dot(query, &sight.own.keys[entry * stride + offset..][..heads.width]) * scale;
        largest = if score > largest { score } else { largest };
        near.push(score);
    }
    let mut lanes = [0.0_f32; 16];
    let mut chunks = scores.chunks_exact_mut(16);
    for chunk in &mut chunks {
        for (score, lane) in chunk.iter_mut().zip(&mut lanes) {
            *score = exp(*score - largest);
            *lane += *score;
        }
    }
    let mut sum = 0.0;
    for score in chunks.into_remainder() {
        *score = exp(*score - largest);
        sum += *score;
    }
    sum += lanes.iter().sum::<f32>();
    for score in near.iter_mut() {
        *score = exp(*score - largest);
        sum += *score;
    }
    let inverse = 1.0 / sum;
    for score in scores.iter_mut() {
        *score *= inverse;
    }
    for (entry, weight) in entries().zip(near.iter()) {
        add_scaled(own, weight * inverse, &sight.own.values[entry * stride + offset..][..heads.width]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_counts_back_through_the_own_part_into_the_prefix() {
        // Ten tokens of prefix, five of trunk, then the third step of a tree: position 17.
        let reach = Reach { position: 17, trunk: 5, ancestors: &[5, 6, 9] };
        assert_eq!(reach.within(None, 10), (0..10, 0..5, &[5, 6, 9][..]));
        assert_eq!(reach.within(Some(10), 10), (8..10, 0..5, &[5, 6, 9][..]));
        assert_eq!(reach.within(Some(5), 10), (10..10, 3..5, &[5, 6, 9][..]));
        assert_eq!(reach.within(Some(2), 10), (10..10, 5..5, &[6, 9][..]));
    }
}
