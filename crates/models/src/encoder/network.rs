//! The forward pass of BERT: embeddings, layers of attention and feed-forward blocks with the norm after each, and the
//! texts' vectors from their tokens' states.

use std::ops::Range;

use candle_core::Tensor;
use pulp::Arch;
use rayon::prelude::*;

use crate::cancel::CancelToken;
use crate::encoder::attention::{Heads, attend};
use crate::encoder::findings::Pooling;
use crate::encoder::kernels::{activate, add_norm, normalise};
use crate::encoder::shape::EncoderShape;
use crate::encoder::weights::{Layer, Weights};
use crate::error::ModelError;
use crate::kernels::{add_scaled, dot};
use crate::tensor::{floats, matrix};

/// Tokens of several texts, one text after the other.
#[derive(Default)]
pub(crate) struct Packed {
    ids: Vec<u32>,
    /// Where each text begins, and where the last one ends.
    starts: Vec<usize>,
}

impl Packed {
    /// Packs the tokens of texts.
    pub(crate) fn new<'a>(texts: impl IntoIterator<Item = &'a [u32]>) -> Self {
        let mut packed = Self { ids: Vec::new(), starts: vec![0] };
        for text in texts {
            packed.ids.extend_from_slice(text);
            packed.starts.push(packed.ids.len());
        }
        packed
    }
}

/// An encoder in memory.
pub(crate) struct Network {
    shape: EncoderShape,
    weights: Weights,
    pooling: Pooling,
    /// Rows that a matrix takes at once, so that a cancellation is seen inside a very long text too.
    pub(crate) rows_at_once: usize,
}

impl Network {
    /// A network of these weights.
    pub(crate) fn new(shape: EncoderShape, weights: Weights, pooling: Pooling, rows_at_once: usize) -> Self {
        Self { shape, weights, pooling, rows_at_once }
    }

    /// The vector of each text, of length 1; `None` when cancelled.
    pub(crate) fn forward(&self, texts: &Packed, cancel: &CancelToken) -> Result<Option<Vec<Vec<f32>>>, ModelError> {
        let (hidden, rows) = (self.shape.hidden, texts.ids.len());
        let mut x = matrix(self.embed(texts), rows, hidden)?;
        for layer in &self.weights.layers {
            let Some(attended) = self.attention_block(layer, &x, &texts.starts, cancel)? else { return Ok(None) };
            let Some(next) = self.by_rows(rows, cancel, |rows| feed_forward(layer, &attended, rows, &self.shape))?
            else {
                return Ok(None);
            };
            x = next;
        }
        floats(&x, |states| self.pool(states, &texts.starts)).map(Some)
    }

    fn embed(&self, texts: &Packed) -> Vec<f32> {
        let (hidden, embeddings) = (self.shape.hidden, &self.weights.embeddings);
        let mut x = vec![0.0; texts.ids.len() * hidden];
        let positions = texts.starts.windows(2).flat_map(|pair| 0..pair[1] - pair[0]);
        for ((row, id), position) in x.chunks_exact_mut(hidden).zip(&texts.ids).zip(positions) {
            embeddings.row(*id, position, row);
        }
        normalise(&mut x, &embeddings.norm);
        x
    }

    /// `None` when cancelled.
    fn attention_block(
        &self,
        layer: &Layer,
        x: &Tensor,
        starts: &[usize],
        cancel: &CancelToken,
    ) -> Result<Option<Tensor>, ModelError> {
        let (hidden, rows) = (self.shape.hidden, x.dim(0)?);
        let heads = Heads { count: self.shape.heads, width: self.shape.head_width() };
        let part = |rows: Range<usize>| layer.query_key_value.apply(&x.narrow(0, rows.start, rows.len())?);
        let Some(qkv) = self.by_rows(rows, cancel, part)? else { return Ok(None) };
        let mixed = floats(&qkv, |qkv| attend(qkv, &layer.query_key_value.bias, starts, heads, cancel))?;
        let mixed = matrix(mixed, rows, hidden)?;
        self.by_rows(rows, cancel, |rows| {
            let output = layer.attention_output.apply(&mixed.narrow(0, rows.start, rows.len())?)?;
            let (bias, x) = (&layer.attention_output.bias, x.narrow(0, rows.start, rows.len())?);
            let normed = floats(&output, |output| floats(&x, |x| add_norm(output, bias, x, &layer.attention_norm)))??;
            matrix(normed, rows.len(), hidden)
        })
    }

    /// What `part` makes of all rows, a few at a time. `None` when cancelled.
    fn by_rows(
        &self,
        rows: usize,
        cancel: &CancelToken,
        part: impl Fn(Range<usize>) -> Result<Tensor, ModelError>,
    ) -> Result<Option<Tensor>, ModelError> {
        let mut parts = Vec::with_capacity(rows.div_ceil(self.rows_at_once));
        for start in (0..rows).step_by(self.rows_at_once) {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            parts.push(part(start..(start + self.rows_at_once).min(rows))?);
        }
        match parts.as_slice() {
            [all] => Ok(Some(all.clone())),
            parts => Ok(Some(Tensor::cat(parts, 0)?)),
        }
    }

    fn pool(&self, states: &[f32], starts: &[usize]) -> Vec<Vec<f32>> {
        let hidden = self.shape.hidden;
        let arch = Arch::new();
        let vector = |text: &[usize]| {
            arch.dispatch(|| {
                let rows = &states[text[0] * hidden..text[1] * hidden];
                let mut vector = vec![0.0; hidden];
                let pooled = match self.pooling {
                    Pooling::Mean => rows,
                    Pooling::First => &rows[..hidden.min(rows.len())],
                };
                pooled.chunks_exact(hidden).for_each(|row| add_scaled(&mut vector, 1.0, row));
                // The length goes to 1 in any case: the sum need not be divided for the mean.
                let length = dot(&vector, &vector).sqrt().max(f32::MIN_POSITIVE);
                vector.iter_mut().for_each(|number| *number /= length);
                vector
            })
        };
        starts.par_windows(2).map(vector).collect()
    }
}

/// The feed-forward block of some of the rows.
fn feed_forward(layer: &Layer, x: &Tensor, rows: Range<usize>, shape: &EncoderShape) -> Result<Tensor, ModelError> {
    let x = x.narrow(0, rows.start, rows.len())?;
    let up = layer.up.apply(&x)?;
    let inner = floats(&up, |up| activate(up, &layer.up.bias, shape.activation))?;
    let down = layer.down.apply(&matrix(inner, rows.len(), shape.inner)?)?;
    let normed = floats(&down, |down| floats(&x, |x| add_norm(down, &layer.down.bias, x, &layer.output_norm)))??;
    matrix(normed, rows.len(), shape.hidden)
}
