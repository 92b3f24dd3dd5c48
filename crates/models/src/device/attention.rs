//! Rotary positions and attention in candle's operations. All tokens meet the keys of the prefix and of the whole batch in one matrix
//! product; what a token does not see is masked.

use candle_core::{D, Device, Tensor};

use crate::attention::{Heads, PrefixLayer};
use crate::error::ModelError;
use crate::layers::Pass;
use crate::rope::{PairOrder, Turns};

/// Scores that are computed at once: what bounds the memory of long batches after long prefixes (64 MiB in 32 bits). So few in tests
/// that even theirs are computed in parts.
const SCORES_AT_ONCE: usize = if cfg!(test) { 1 << 10 } else { 1 << 24 };

/// Sines and cosines on a device, `[tokens, 1, pairs]`.
pub(super) struct Turned {
    sines: Tensor,
    cosines: Tensor,
    pairs: usize,
}

impl Turned {
    /// Of so many tokens.
    pub(super) fn new(turns: &Turns, tokens: usize, device: &Device) -> Result<Self, ModelError> {
        let pairs = turns.sines.len() / tokens;
        let moved = |values: &[f32]| Tensor::from_slice(values, (tokens, 1, pairs), device);
        Ok(Self { sines: moved(&turns.sines)?, cosines: moved(&turns.cosines)?, pairs })
    }
}

/// Rotates heads, `[tokens, heads, width]`; numbers of a head beyond the rotated pairs stay as they are.
pub(super) fn rotated(heads: &Tensor, turns: &Turned, order: PairOrder) -> Result<Tensor, ModelError> {
    let (tokens, count, width) = heads.dims3()?;
    let pairs = turns.pairs;
    let (a, b) = match order {
        PairOrder::Neighbours => {
            let both = heads.narrow(2, 0, 2 * pairs)?.reshape((tokens, count, pairs, 2))?;
            (both.narrow(3, 0, 1)?.squeeze(3)?, both.narrow(3, 1, 1)?.squeeze(3)?)
        }
        PairOrder::Halves => (heads.narrow(2, 0, pairs)?, heads.narrow(2, pairs, pairs)?),
    };
    let first = (a.broadcast_mul(&turns.cosines)? - b.broadcast_mul(&turns.sines)?)?;
    let second = (a.broadcast_mul(&turns.sines)? + b.broadcast_mul(&turns.cosines)?)?;
    let turned = match order {
        PairOrder::Neighbours => Tensor::stack(&[first, second], 3)?.flatten_from(2)?,
        PairOrder::Halves => Tensor::cat(&[first, second], 2)?,
    };
    if 2 * pairs == width {
        return Ok(turned);
    }
    Ok(Tensor::cat(&[turned, heads.narrow(2, 2 * pairs, width - 2 * pairs)?], 2)?)
}

/// What is added to the scores of each step, `[steps, prefix and batch]`: 0 where it sees the token, minus infinity where not.
/// `entries` says for each sequence where its tokens are among the `read` ones of the batch.
pub(super) fn mask(
    pass: &Pass<'_>,
    entries: &[Vec<usize>],
    read: usize,
    window: Option<usize>,
    device: &Device,
) -> Result<Tensor, ModelError> {
    let prefix = pass.prefix.len();
    let columns = prefix + read;
    let mut mask = vec![f32::NEG_INFINITY; pass.steps.len() * columns];
    for (index, row) in mask.chunks_exact_mut(columns).enumerate() {
        let (before, trunk, ancestors) = pass.reach(index).within(window, prefix);
        row[before].fill(0.0);
        let own = &entries[pass.steps[index].sequence];
        for token in trunk.chain(ancestors.iter().copied()) {
            row[prefix + own[token]] = 0.0;
        }
    }
    Ok(Tensor::from_vec(mask, (pass.steps.len(), columns), device)?)
}

/// What queries look at.
pub(super) struct Look<'a> {
    pub(super) prefix: Option<&'a PrefixLayer>,
    pub(super) own: &'a PrefixLayer,
    /// As [`mask`] gives it, one row a query.
    pub(super) mask: &'a Tensor,
    pub(super) heads: Heads,
}

impl Look<'_> {
    /// The attention's result for `queries` `[tokens, query heads, width]`: a row of all query heads for each.
    pub(super) fn attend(&self, queries: &Tensor) -> Result<Tensor, ModelError> {
        let Heads { query, key_value, width, .. } = self.heads;
        let (tokens, group) = (queries.dim(0)?, self.heads.group());
        // `[key heads, tokens, the query heads that share one, width]`
        let queries = queries.reshape((tokens, key_value, group, width))?.transpose(0, 1)?;
        let keys = self.all(|layer| &layer.keys)?.permute((1, 2, 0))?.contiguous()?;
        let values = self.all(|layer| &layer.values)?.transpose(0, 1)?.contiguous()?;
        let at_once = (SCORES_AT_ONCE / (query * keys.dim(2)?)).max(1);
        let mut results = Vec::new();
        for first in (0..tokens).step_by(at_once) {
            let count = at_once.min(tokens - first);
            let queries = queries.narrow(1, first, count)?.contiguous()?;
            let queries = queries.reshape((key_value, count * group, width))?;
            let weights = self.weights(&queries, &keys, first, count)?;
            let result = weights.matmul(&values)?.reshape((key_value, count, group, width))?;
            results.push(result.transpose(0, 1)?.contiguous()?.reshape((count, query * width))?);
        }
        Ok(Tensor::cat(&results, 0)?)
    }

    /// Softmax of the scores of `count` tokens from the `first` on.
    fn weights(&self, queries: &Tensor, keys: &Tensor, first: usize, count: usize) -> Result<Tensor, ModelError> {
        let (group, columns) = (self.heads.group(), keys.dim(2)?);
        let scores = (queries.matmul(keys)? * f64::from(self.heads.scale))?;
        let scores = scores.reshape((self.heads.key_value, count, group, columns))?;
        let mask = self.mask.narrow(0, first, count)?.reshape((1, count, 1, columns))?;
        let scores = scores.broadcast_add(&mask)?;
        let weights = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?)?.exp()?;
        let weights = weights.broadcast_div(&weights.sum_keepdim(D::Minus1)?)?;
        Ok(weights.reshape((self.heads.key_value, count * group, columns))?)
    }

    /// Keys or values of prefix and batch, `[tokens, key heads, width]`.
    fn all(&self, part: impl Fn(&PrefixLayer) -> &Vec<Tensor>) -> Result<Tensor, ModelError> {
        let layers = self.prefix.into_iter().chain([self.own]);
        let parts: Vec<&Tensor> = layers.flat_map(part).collect();
        Ok(Tensor::cat(&parts, 0)?)
    }
}
