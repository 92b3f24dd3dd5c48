//! The layers of a decoder in main memory: matrix products by candle, all between them by our own kernels.

use candle_core::Tensor;

use crate::attention::{OwnLayer, PrefixLayer, Sight, attend};
use crate::cancel::CancelToken;
use crate::error::ModelError;
use crate::kernels;
use crate::layer::Layer;
use crate::layers::{Batch, Layers, Pass, Stack};
use crate::rope::Turns;
use crate::tensor::{floats, matrix};

/// The layers, their weights in main memory.
pub(crate) struct HostLayers {
    stack: Stack,
}

/// A batch in main memory.
struct HostBatch<'a> {
    stack: &'a Stack,
    own: Vec<OwnPart>,
}

/// A sequence that continues the prefix: keys and values of its own tokens.
#[derive(Clone, Default)]
struct OwnPart {
    layers: Vec<OwnLayer>,
}

impl HostLayers {
    /// Of a stack whose weights are in main memory.
    pub(crate) fn new(stack: Stack) -> Self {
        Self { stack }
    }
}

impl Layers for HostLayers {
    fn batch(&self, sequences: usize) -> Box<dyn Batch + '_> {
        let part = OwnPart { layers: vec![OwnLayer::default(); self.stack.layers.len()] };
        Box::new(HostBatch { stack: &self.stack, own: vec![part; sequences] })
    }
}

impl Batch for HostBatch<'_> {
    fn read(&mut self, mut x: Vec<f32>, pass: &Pass<'_>, cancel: &CancelToken) -> Result<Option<Vec<f32>>, ModelError> {
        let stack = self.stack;
        let turns = stack.turns(&pass.positions());
        for (index, layer) in stack.layers.iter().enumerate() {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            // After the last layer's keys and values nothing is asked of the other tokens any more.
            let wanted = (index + 1 == stack.layers.len()).then_some(pass.wanted);
            self.attention_block(index, &mut x, pass, wanted, turns.of(stack.window(index)))?;
            if !x.is_empty() {
                self.feed_forward_block(layer, &mut x)?;
            }
        }
        Ok(Some(kernels::rms_norm(&x, &stack.output_norm, stack.shape.epsilon)))
    }

    fn append_to(&self, prefix: &mut [PrefixLayer]) -> Result<(), ModelError> {
        for (layer, own) in prefix.iter_mut().zip(self.own.iter().take(1).flat_map(|part| &part.layers)) {
            layer.extend(own, self.stack.shape.heads)?;
        }
        Ok(())
    }
}

impl HostBatch<'_> {
    /// Adds the attention's result to `x`, which keeps the rows of the `wanted` tokens alone where there are such.
    fn attention_block(
        &mut self,
        index: usize,
        x: &mut Vec<f32>,
        pass: &Pass<'_>,
        wanted: Option<&[usize]>,
        turns: &Turns,
    ) -> Result<(), ModelError> {
        let (shape, layer) = (&self.stack.shape, &self.stack.layers[index]);
        let heads = shape.heads;
        let normed = kernels::rms_norm(x, &layer.attention_norm, shape.epsilon);
        let normed = matrix(normed, pass.steps.len(), shape.hidden)?;
        let mut qkv = floats(&layer.query_key_value.apply(&normed)?, <[f32]>::to_vec)?;
        let query_width = heads.query * heads.width;
        let row = query_width + 2 * heads.key_width();
        self.stack.rope(index).rotate(&mut qkv, row, heads, &layer.head_parts, turns);
        let mut queries = Vec::with_capacity(pass.steps.len() * query_width);
        for (step, row) in pass.steps.iter().zip(qkv.chunks_exact(row)) {
            let (query, key_value) = row.split_at(query_width);
            let (key, value) = key_value.split_at(heads.key_width());
            queries.extend_from_slice(query);
            let own = &mut self.own[step.sequence].layers[index];
            own.keys.extend_from_slice(key);
            own.values.extend_from_slice(value);
        }
        if let Some(wanted) = wanted {
            *x = rows(x, shape.hidden, wanted);
            queries = rows(&queries, query_width, wanted);
        }
        if x.is_empty() {
            return Ok(());
        }
        let sights = self.sights(index, pass, wanted);
        let mixed = attend(&queries, &sights, pass.prefix.layer(index), heads, self.stack.window(index))?;
        let mixed = layer.attention_output.apply(&matrix(mixed, sights.len(), query_width)?)?;
        self.add_normed(x, &mixed, layer.attention_after_norm.as_deref())
    }

    /// What the tokens that are asked for see in a layer; all tokens without `wanted`.
    fn sights<'a>(&'a self, layer: usize, pass: &'a Pass<'_>, wanted: Option<&[usize]>) -> Vec<Sight<'a>> {
        let sight =
            |step: usize| Sight { own: &self.own[pass.steps[step].sequence].layers[layer], reach: pass.reach(step) };
        match wanted {
            Some(wanted) => wanted.iter().copied().map(sight).collect(),
            None => (0..pass.steps.len()).map(sight).collect(),
        }
    }

    fn feed_forward_block(&self, layer: &Layer, x: &mut [f32]) -> Result<(), ModelError> {
        let shape = &self.stack.shape;
        let (hidden, inner) = (shape.hidden, shape.feed_forward);
        let rows = x.len() / hidden;
        let normed = kernels::rms_norm(x, &layer.feed_forward_norm, shape.epsilon);
        let gate_up = layer.gate_up.apply(&matrix(normed, rows, hidden)?)?;
        let gated = floats(&gate_up, |gate_up| kernels::gated(gate_up, inner, shape.activation))?;
        let down = layer.down.apply(&matrix(gated, rows, inner)?)?;
        self.add_normed(x, &down, layer.feed_forward_after_norm.as_deref())
    }

    /// Adds a block's result to `x`, normalised where the family does that.
    fn add_normed(&self, x: &mut [f32], result: &Tensor, norm: Option<&[f32]>) -> Result<(), ModelError> {
        floats(result, |result| match norm {
            Some(norm) => kernels::add(x, &kernels::rms_norm(result, norm, self.stack.shape.epsilon)),
            None => kernels::add(x, result),
        })
    }
}

/// The rows with these numbers.
fn rows(all: &[f32], width: usize, wanted: &[usize]) -> Vec<f32> {
    wanted.iter().flat_map(|&row| &all[row * width..(row + 1) * width]).copied().collect()
}
