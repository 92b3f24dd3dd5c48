//! The decoder: RMS norm, rotary positions, grouped attention, gated feed-forward. What the families have of their own (biases,
//! norms of heads and of results, windows, the activation) is in [`DecoderShape`] and [`Layer`].

use candle_core::Tensor;
use candle_core::quantized::QTensor;
use rayon::prelude::*;

use crate::attention::{OwnLayer, PrefixLayer, Sight, attend};
use crate::cancel::CancelToken;
use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::kernels;
use crate::layer::{Layer, optional_vector, vector};
use crate::linear::Backend;
use crate::rope::{Rope, Turns};
use crate::shape::DecoderShape;
use crate::tensor::{floats, matrix};

/// The keys and values that all sequences of a run continue.
#[derive(Clone, Default)]
pub(crate) struct Prefix {
    layers: Vec<PrefixLayer>,
    length: usize,
}

impl Prefix {
    /// Tokens in it.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Its first `length` tokens.
    pub(crate) fn truncated(&self, length: usize) -> Result<Self, ModelError> {
        let length = length.min(self.length);
        let layers = self.layers.iter().map(|layer| layer.truncated(length)).collect::<Result<_, _>>()?;
        Ok(Self { layers, length })
    }
}

/// A sequence that continues the prefix: keys and values of its own tokens.
#[derive(Clone, Default)]
pub(crate) struct OwnPart {
    layers: Vec<OwnLayer>,
}

/// One token to be read.
pub(crate) struct Step {
    /// Which sequence of the batch.
    pub(crate) sequence: usize,
    /// The token.
    pub(crate) token: u32,
    /// Its position after the prefix.
    pub(crate) position: usize,
    /// It sees so many of its sequence's first tokens (itself included, where it is one of them).
    pub(crate) trunk: usize,
    /// And these, itself included, where it stands in a tree of continuations: numbered as the sequence read them.
    pub(crate) ancestors: Vec<usize>,
}

/// A decoder in memory.
pub(crate) struct Decoder {
    shape: DecoderShape,
    embedding: QTensor,
    layers: Vec<Layer>,
    output_norm: Vec<f32>,
    /// `None` where the embedding serves as output.
    output: Option<QTensor>,
    rope: Rope,
    /// Of the layers that see a window.
    local_rope: Option<Rope>,
}

impl Decoder {
    /// Reads all weights.
    pub(crate) fn read(gguf: &Gguf, shape: DecoderShape, backend: &Backend) -> Result<Self, ModelError> {
        let table = [shape.vocabulary, shape.hidden];
        let output = if gguf.has_tensor("output.weight") { Some(gguf.tensor("output.weight", &table)?) } else { None };
        let layers = (0..shape.layers)
            .into_par_iter()
            .map(|index| Layer::read(gguf, index, &shape, backend))
            .collect::<Result<_, _>>()?;
        // Llama 3 has factors of its frequencies; Phi 3 has them for short and for long contexts.
        let mut factors = optional_vector(gguf, "rope_freqs.weight", shape.rope_width / 2)?;
        if factors.is_none() {
            factors = optional_vector(gguf, "rope_factors_short.weight", shape.rope_width / 2)?;
        }
        let rope = |positions, factors| Rope::new(positions, shape.rope_width, shape.pairs, factors);
        Ok(Self {
            embedding: gguf.tensor("token_embd.weight", &table)?,
            layers,
            output_norm: vector(gguf, "output_norm.weight", shape.hidden)?,
            output,
            rope: rope(shape.positions, factors.as_deref()),
            local_rope: shape.local.as_ref().map(|local| rope(local.positions, None)),
            shape,
        })
    }

    /// The sizes.
    pub(crate) fn shape(&self) -> &DecoderShape {
        &self.shape
    }

    /// Reads tokens: extends their sequences' own parts and returns the normalised hidden states of those in `wanted`, in
    /// its order. `None` when cancelled; the own parts are then of no more use.
    pub(crate) fn forward(
        &self,
        steps: &[Step],
        wanted: &[usize],
        own: &mut [OwnPart],
        prefix: &Prefix,
        cancel: &CancelToken,
    ) -> Result<Option<Vec<f32>>, ModelError> {
        let ids: Vec<u32> = steps.iter().map(|step| step.token).collect();
        let ids = Tensor::new(ids, &candle_core::Device::Cpu)?;
        let mut x = floats(&self.embedding.embedding(&ids)?, <[f32]>::to_vec)?;
        if self.shape.embedding_scale != 1.0 {
            x.iter_mut().for_each(|value| *value *= self.shape.embedding_scale);
        }
        let positions: Vec<usize> = steps.iter().map(|step| prefix.length + step.position).collect();
        let everywhere = self.rope.turns(&positions);
        let nearby = self.local_rope.as_ref().map(|rope| rope.turns(&positions));
        let mut pass = Pass { steps, own, prefix, wanted: None };
        for (index, layer) in self.layers.iter().enumerate() {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            let turns = match (self.shape.local(index), &nearby) {
                (Some(_), Some(nearby)) => nearby,
                _ => &everywhere,
            };
            if index + 1 == self.layers.len() {
                // After the last layer's keys and values nothing is asked of the other tokens any more.
                pass.wanted = Some(wanted);
            }
            self.attention_block(layer, index, &mut x, &mut pass, turns)?;
            if !x.is_empty() {
                self.feed_forward_block(layer, &mut x)?;
            }
        }
        Ok(Some(kernels::rms_norm(&x, &self.output_norm, self.shape.epsilon)))
    }

    /// Adds the attention's result to `x`, which keeps the rows of the pass's `wanted` tokens alone where it has them.
    fn attention_block(
        &self,
        layer: &Layer,
        index: usize,
        x: &mut Vec<f32>,
        pass: &mut Pass<'_>,
        turns: &Turns,
    ) -> Result<(), ModelError> {
        let (heads, local) = (self.shape.heads, self.shape.local(index));
        let normed = kernels::rms_norm(x, &layer.attention_norm, self.shape.epsilon);
        let normed = matrix(normed, pass.steps.len(), self.shape.hidden)?;
        let mut qkv = floats(&layer.query_key_value.apply(&normed)?, <[f32]>::to_vec)?;
        let query_width = heads.query * heads.width;
        let row = query_width + 2 * heads.key_width();
        let rope = self.local_rope.as_ref().filter(|_| local.is_some()).unwrap_or(&self.rope);
        rope.rotate(&mut qkv, row, heads, &layer.head_parts, turns);
        let mut queries = Vec::with_capacity(pass.steps.len() * query_width);
        for (step, row) in pass.steps.iter().zip(qkv.chunks_exact(row)) {
            let (query, key_value) = row.split_at(query_width);
            let (key, value) = key_value.split_at(heads.key_width());
            queries.extend_from_slice(query);
            let own = pass.own[step.sequence].layer(index);
            own.keys.extend_from_slice(key);
            own.values.extend_from_slice(value);
        }
        if let Some(wanted) = pass.wanted {
            *x = rows(x, self.shape.hidden, wanted);
            queries = rows(&queries, query_width, wanted);
        }
        if x.is_empty() {
            return Ok(());
        }
        let sights = pass.sights(index);
        let prefix = pass.prefix.layers.get(index);
        let mixed = attend(&queries, &sights, prefix, heads, local.map(|local| local.window))?;
        let mixed = layer.attention_output.apply(&matrix(mixed, sights.len(), query_width)?)?;
        self.add_normed(x, &mixed, layer.attention_after_norm.as_deref())
    }

    fn feed_forward_block(&self, layer: &Layer, x: &mut [f32]) -> Result<(), ModelError> {
        let (hidden, inner) = (self.shape.hidden, self.shape.feed_forward);
        let rows = x.len() / hidden;
        let normed = kernels::rms_norm(x, &layer.feed_forward_norm, self.shape.epsilon);
        let gate_up = layer.gate_up.apply(&matrix(normed, rows, hidden)?)?;
        let gated = floats(&gate_up, |gate_up| kernels::gated(gate_up, inner, self.shape.activation))?;
        let down = layer.down.apply(&matrix(gated, rows, inner)?)?;
        self.add_normed(x, &down, layer.feed_forward_after_norm.as_deref())
    }

    /// Adds a block's result to `x`, normalised where the family does that.
    fn add_normed(&self, x: &mut [f32], result: &Tensor, norm: Option<&[f32]>) -> Result<(), ModelError> {
        floats(result, |result| match norm {
            Some(norm) => kernels::add(x, &kernels::rms_norm(result, norm, self.shape.epsilon)),
            None => kernels::add(x, result),
        })
    }

    /// Reads a prefix that goes on after `known`, so many tokens at a time. `None` when cancelled.
    pub(crate) fn prefix(
        &self,
        known: Prefix,
        tokens: &[u32],
        at_once: usize,
        cancel: &CancelToken,
    ) -> Result<Option<Prefix>, ModelError> {
        let mut prefix = known;
        prefix.layers.resize_with(self.shape.layers, PrefixLayer::default);
        for chunk in tokens.chunks(at_once) {
            let mut own = [OwnPart::default()];
            let steps: Vec<Step> = trunk(0, chunk);
            if self.forward(&steps, &[], &mut own, &prefix, cancel)?.is_none() {
                return Ok(None);
            }
            for (layer, own) in prefix.layers.iter_mut().zip(&own[0].layers) {
                layer.extend(own, self.shape.heads)?;
            }
            prefix.length += chunk.len();
        }
        Ok(Some(prefix))
    }

    /// The rows of the output matrix that give the logits of `tokens`.
    pub(crate) fn output_rows(&self, tokens: &[u32]) -> Result<Vec<f32>, ModelError> {
        let ids = Tensor::new(tokens, &candle_core::Device::Cpu)?;
        let table = self.output.as_ref().unwrap_or(&self.embedding);
        floats(&table.embedding(&ids)?, <[f32]>::to_vec)
    }
}

/// What one pass over the layers reads and fills.
struct Pass<'a> {
    steps: &'a [Step],
    own: &'a mut [OwnPart],
    prefix: &'a Prefix,
    /// The tokens that are still asked for; `None` for all.
    wanted: Option<&'a [usize]>,
}

impl Pass<'_> {
    /// What the tokens that are asked for see in a layer.
    fn sights(&self, layer: usize) -> Vec<Sight<'_>> {
        let sight = |step: usize| {
            let step = &self.steps[step];
            Sight {
                own: &self.own[step.sequence].layers[layer],
                position: self.prefix.length + step.position,
                trunk: step.trunk,
                ancestors: &step.ancestors,
            }
        };
        match self.wanted {
            Some(wanted) => wanted.iter().copied().map(sight).collect(),
            None => (0..self.steps.len()).map(sight).collect(),
        }
    }
}

/// The rows with these numbers.
fn rows(all: &[f32], width: usize, wanted: &[usize]) -> Vec<f32> {
    wanted.iter().flat_map(|&row| &all[row * width..(row + 1) * width]).copied().collect()
}

impl OwnPart {
    fn layer(&mut self, index: usize) -> &mut OwnLayer {
        while self.layers.len() <= index {
            self.layers.push(OwnLayer::default());
        }
        &mut self.layers[index]
    }
}

/// The steps of a sequence's first tokens, each seeing those before it.
pub(crate) fn trunk(sequence: usize, tokens: &[u32]) -> Vec<Step> {
    let step = |(position, &token): (usize, &u32)| Step {
        sequence,
        token,
        position,
        trunk: position + 1,
        ancestors: Vec::new(),
    };
    tokens.iter().enumerate().map(step).collect()
}
