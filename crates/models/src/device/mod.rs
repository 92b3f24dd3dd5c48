//! The layers of a decoder on a graphics processor: everything from the embeddings to the last norm is computed there by candle's own
//! operations, and only embeddings go in and the wanted hidden states come out.

mod attention;
mod vectors;

use candle_core::{Device, Tensor};

use crate::attention::PrefixLayer;
use crate::cancel::CancelToken;
use crate::error::ModelError;
use crate::layers::{Batch, Layers, Pass, PassTurns, Stack};
use crate::shape::Activation;
use attention::{Look, Turned, mask, rotated};
use vectors::{Norm, Vectors};

/// The layers, their weights on a device.
pub(crate) struct DeviceLayers {
    stack: Stack,
    device: Device,
    vectors: Vec<Vectors>,
    output_norm: Norm,
}

/// A batch on a device.
struct DeviceBatch<'a> {
    model: &'a DeviceLayers,
    /// Keys and values of the tokens of all sequences, in the order in which they were read.
    own: Vec<PrefixLayer>,
    /// For each sequence, where its tokens are in `own`.
    entries: Vec<Vec<usize>>,
    /// Tokens read.
    read: usize,
}

/// What the layers of one kind need of a pass.
struct View {
    turns: Turned,
    /// What each token sees, as [`mask`] gives it.
    mask: Tensor,
}

impl DeviceLayers {
    /// Of a stack whose matrices are on `device`; its vectors follow them there.
    pub(crate) fn new(stack: Stack, device: &Device) -> Result<Self, ModelError> {
        let epsilon = stack.shape.epsilon;
        let vectors = stack.layers.iter().map(|layer| Vectors::of(layer, epsilon, device)).collect::<Result<_, _>>()?;
        let output_norm = Norm::new(&stack.output_norm, epsilon, device)?;
        Ok(Self { stack, device: device.clone(), vectors, output_norm })
    }
}

impl Layers for DeviceLayers {
    fn batch(&self, sequences: usize) -> Box<dyn Batch + '_> {
        Box::new(DeviceBatch {
            model: self,
            own: vec![PrefixLayer::default(); self.stack.layers.len()],
            entries: vec![Vec::new(); sequences],
            read: 0,
        })
    }
}

impl Batch for DeviceBatch<'_> {
    fn read(&mut self, x: Vec<f32>, pass: &Pass<'_>, cancel: &CancelToken) -> Result<Option<Vec<f32>>, ModelError> {
        let model = self.model;
        let (stack, device) = (&model.stack, &model.device);
        let mut x = Tensor::from_vec(x, (pass.steps.len(), stack.shape.hidden), device)?;
        for step in pass.steps {
            self.entries[step.sequence].push(self.read);
            self.read += 1;
        }
        let turns = stack.turns(&pass.positions());
        let everywhere = self.view(pass, &turns, None)?;
        let window = stack.shape.local.as_ref().map(|local| local.window);
        let nearby = window.map(|window| self.view(pass, &turns, Some(window))).transpose()?;
        for index in 0..stack.layers.len() {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            let view = nearby.as_ref().filter(|_| stack.window(index).is_some()).unwrap_or(&everywhere);
            // After the last layer's keys and values nothing is asked of the other tokens any more.
            let wanted = (index + 1 == stack.layers.len()).then_some(pass.wanted);
            let Some(mixed) = self.attention_block(index, x, pass, wanted, view)? else { return Ok(Some(Vec::new())) };
            x = model.feed_forward_block(index, mixed)?;
        }
        Ok(Some(model.output_norm.apply(&x)?.flatten_all()?.to_vec1()?))
    }

    fn append_to(&self, prefix: &mut [PrefixLayer]) -> Result<(), ModelError> {
        for (layer, own) in prefix.iter_mut().zip(&self.own) {
            layer.append(own.keys.clone(), own.values.clone())?;
        }
        Ok(())
    }
}

impl DeviceBatch<'_> {
    /// What layers with this window need.
    fn view(&self, pass: &Pass<'_>, turns: &PassTurns, window: Option<usize>) -> Result<View, ModelError> {
        Ok(View {
            turns: Turned::new(turns.of(window), pass.steps.len(), &self.model.device)?,
            mask: mask(pass, &self.entries, self.read, window, &self.model.device)?,
        })
    }

    /// `x` and the attention's result, of the `wanted` tokens alone where there are such. `None` when these are none.
    fn attention_block(
        &mut self,
        index: usize,
        mut x: Tensor,
        pass: &Pass<'_>,
        wanted: Option<&[usize]>,
        view: &View,
    ) -> Result<Option<Tensor>, ModelError> {
        let (model, stack) = (self.model, &self.model.stack);
        let (layer, vectors, heads) = (&stack.layers[index], &model.vectors[index], stack.shape.heads);
        let mut qkv = layer.query_key_value.apply(&vectors.attention_norm.apply(&x)?)?;
        if let Some(bias) = &vectors.bias {
            qkv = qkv.broadcast_add(bias)?;
        }
        let part = |first: usize, count: usize| -> Result<Tensor, ModelError> {
            let columns = qkv.narrow(1, first * heads.width, count * heads.width)?;
            Ok(columns.reshape((pass.steps.len(), count, heads.width))?)
        };
        let (mut query, mut key) = (part(0, heads.query)?, part(heads.query, heads.key_value)?);
        let value = part(heads.query + heads.key_value, heads.key_value)?;
        if let Some((query_norm, key_norm)) = &vectors.head_norms {
            (query, key) = (query_norm.apply(&query)?, key_norm.apply(&key)?);
        }
        let pairs = stack.rope(index).pairs;
        let (mut query, key) = (rotated(&query, &view.turns, pairs)?, rotated(&key, &view.turns, pairs)?);
        self.own[index].append(vec![key], vec![value])?;
        let mut mask = view.mask.clone();
        if let Some(wanted) = wanted {
            if wanted.is_empty() {
                return Ok(None);
            }
            let rows: Vec<i64> = wanted.iter().map(|&row| row as i64).collect();
            let rows = Tensor::new(rows, &model.device)?;
            x = x.index_select(&rows, 0)?;
            query = query.index_select(&rows, 0)?;
            mask = mask.index_select(&rows, 0)?;
        }
        let look = Look { prefix: pass.prefix.layer(index), own: &self.own[index], mask: &mask, heads };
        let mixed = layer.attention_output.apply(&look.attend(&query)?)?;
        added(&x, mixed, vectors.attention_after_norm.as_ref()).map(Some)
    }
}

impl DeviceLayers {
    fn feed_forward_block(&self, index: usize, x: Tensor) -> Result<Tensor, ModelError> {
        let (layer, vectors, inner) = (&self.stack.layers[index], &self.vectors[index], self.stack.shape.feed_forward);
        let gate_up = layer.gate_up.apply(&vectors.feed_forward_norm.apply(&x)?)?;
        let gate = gate_up.narrow(1, 0, inner)?.contiguous()?;
        let gate = match self.stack.shape.activation {
            Activation::Silu => gate.silu()?,
            Activation::Gelu => gate.gelu()?,
        };
        let down = layer.down.apply(&(gate * gate_up.narrow(1, inner, inner)?)?)?;
        added(&x, down, vectors.feed_forward_after_norm.as_ref())
    }
}

/// `x` and a block's result, normalised where the family does that.
fn added(x: &Tensor, result: Tensor, norm: Option<&Norm>) -> Result<Tensor, ModelError> {
    match norm {
        Some(norm) => Ok((x + norm.apply(&result)?)?),
        None => Ok((x + result)?),
    }
}

#[cfg(test)]
mod tests;
