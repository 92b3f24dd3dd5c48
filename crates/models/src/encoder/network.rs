//! The forward pass of BERT: embeddings, layers of attention and feed-forward blocks with the norm after each, and the
//! texts' vectors from their tokens' states.

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
}

impl Network {
    /// A network of these weights.
    pub(crate) fn new(shape: EncoderShape, weights: Weights, pooling: Pooling) -> Self {
        Self { shape, weights, pooling }
    }

    /// The vector of each text, of length 1; `None` when cancelled.
    pub(crate) fn forward(&self, texts: &Packed, cancel: &CancelToken) -> Result<Option<Vec<Vec<f32>>>, ModelError> {
        let (hidden, rows) = (self.shape.hidden, texts.ids.len());
        let mut x = matrix(self.embed(texts), rows, hidden)?;
        for layer in &self.weights.layers {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            x = matrix(self.attention_block(layer, &x, &texts.starts)?, rows, hidden)?;
            x = matrix(self.feed_forward_block(layer, &x)?, rows, hidden)?;
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

    fn attention_block(
        &self,
        layer: &Layer,
        x: &candle_core::Tensor,
        starts: &[usize],
    ) -> Result<Vec<f32>, ModelError> {
        let heads = Heads { count: self.shape.heads, width: self.shape.head_width() };
        let qkv = layer.query_key_value.apply(x)?;
        let mixed = floats(&qkv, |qkv| attend(qkv, &layer.query_key_value.bias, starts, heads))?;
        let rows = mixed.len() / self.shape.hidden;
        let output = layer.attention_output.apply(&matrix(mixed, rows, self.shape.hidden)?)?;
        let bias = &layer.attention_output.bias;
        floats(&output, |output| floats(x, |x| add_norm(output, bias, x, &layer.attention_norm)))?
    }

    fn feed_forward_block(&self, layer: &Layer, x: &candle_core::Tensor) -> Result<Vec<f32>, ModelError> {
        let up = layer.up.apply(x)?;
        let inner = floats(&up, |up| activate(up, &layer.up.bias, self.shape.activation))?;
        let rows = inner.len() / self.shape.inner;
        let down = layer.down.apply(&matrix(inner, rows, self.shape.inner)?)?;
        floats(&down, |down| floats(x, |x| add_norm(down, &layer.down.bias, x, &layer.output_norm)))?
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
