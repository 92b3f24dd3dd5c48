//! The decoder of the `llama` and `qwen2` architectures: RMS norm, rotary positions, grouped attention, SwiGLU. They differ in the
//! order of the rotated pairs and in the biases of `qwen2`.

use candle_core::Tensor;
use candle_core::quantized::QTensor;
use rayon::prelude::*;

use crate::attention::{OwnLayer, PrefixLayer, Sight, attend};
use crate::cancel::CancelToken;
use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::kernels;
use crate::memory::Precision;
use crate::rope::Rope;
use crate::shape::DecoderShape;
use crate::tensor::{floats, matrix};

/// A matrix of weights, one row an output.
enum Weights {
    /// Dequantised.
    Full(Tensor),
    /// As in the file: parts whose rows follow each other.
    Stored(Vec<QTensor>),
}

impl Weights {
    /// Reads the tensors `names`, each with its number of rows, as one matrix.
    fn read(gguf: &Gguf, names: &[(String, usize)], columns: usize, precision: Precision) -> Result<Self, ModelError> {
        let parts: Vec<QTensor> =
            names.iter().map(|(name, rows)| gguf.tensor(name, &[*rows, columns])).collect::<Result<_, _>>()?;
        match precision {
            Precision::Full => Ok(Self::Full(dequantised(&parts)?)),
            Precision::Stored => Ok(Self::Stored(parts)),
        }
    }

    /// `x · Wᵀ`
    fn apply(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        match self {
            Self::Full(weights) => Ok(x.matmul(&weights.t()?)?),
            Self::Stored(parts) => Ok(x.matmul(&dequantised(parts)?.t()?)?),
        }
    }
}

fn dequantised(parts: &[QTensor]) -> Result<Tensor, ModelError> {
    let tensors: Vec<Tensor> =
        parts.par_iter().map(|part| part.dequantize(&part.device())).collect::<Result<_, _>>()?;
    match tensors.as_slice() {
        [one] => Ok(one.clone()),
        many => Ok(Tensor::cat(many, 0)?),
    }
}

fn vector(gguf: &Gguf, name: &str, width: usize) -> Result<Vec<f32>, ModelError> {
    let tensor = gguf.tensor(name, &[width])?;
    floats(&tensor.dequantize(&tensor.device())?, <[f32]>::to_vec)
}

struct Layer {
    attention_norm: Vec<f32>,
    query_key_value: Weights,
    bias: Option<Vec<f32>>,
    attention_output: Weights,
    feed_forward_norm: Vec<f32>,
    gate_up: Weights,
    down: Weights,
}

impl Layer {
    fn read(gguf: &Gguf, index: usize, shape: &DecoderShape, precision: Precision) -> Result<Self, ModelError> {
        let name = |part: &str| format!("blk.{index}.{part}");
        let (hidden, inner) = (shape.hidden, shape.feed_forward);
        let (query, key) = (shape.heads.query * shape.heads.width, shape.heads.key_width());
        let parts = [("attn_q", query), ("attn_k", key), ("attn_v", key)];
        let bias = if gguf.has_tensor(&name("attn_q.bias")) {
            let mut bias = Vec::new();
            for (part, rows) in parts {
                bias.extend(vector(gguf, &name(&format!("{part}.bias")), rows)?);
            }
            Some(bias)
        } else {
            None
        };
        let weights: Vec<_> = parts.iter().map(|(part, rows)| (name(&format!("{part}.weight")), *rows)).collect();
        let gate_up = [(name("ffn_gate.weight"), inner), (name("ffn_up.weight"), inner)];
        Ok(Self {
            attention_norm: vector(gguf, &name("attn_norm.weight"), hidden)?,
            query_key_value: Weights::read(gguf, &weights, hidden, precision)?,
            bias,
            attention_output: Weights::read(gguf, &[(name("attn_output.weight"), hidden)], query, precision)?,
            feed_forward_norm: vector(gguf, &name("ffn_norm.weight"), hidden)?,
            gate_up: Weights::read(gguf, &gate_up, hidden, precision)?,
            down: Weights::read(gguf, &[(name("ffn_down.weight"), hidden)], inner, precision)?,
        })
    }
}

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
    /// And these, itself included, where it stands in a tree of continuations.
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
}

impl Decoder {
    /// Reads all weights.
    pub(crate) fn read(gguf: &Gguf, shape: DecoderShape, precision: Precision) -> Result<Self, ModelError> {
        let table = [shape.vocabulary, shape.hidden];
        let output = if gguf.has_tensor("output.weight") { Some(gguf.tensor("output.weight", &table)?) } else { None };
        let layers = (0..shape.layers)
            .into_par_iter()
            .map(|index| Layer::read(gguf, index, &shape, precision))
            .collect::<Result<_, _>>()?;
        let factors = match gguf.has_tensor("rope_freqs.weight") {
            true => Some(vector(gguf, "rope_freqs.weight", shape.rope_width / 2)?),
            false => None,
        };
        Ok(Self {
            embedding: gguf.tensor("token_embd.weight", &table)?,
            layers,
            output_norm: vector(gguf, "output_norm.weight", shape.hidden)?,
            output,
            rope: Rope::new(&shape, factors.as_deref()),
            shape,
        })
    }

    /// The sizes.
    pub(crate) fn shape(&self) -> &DecoderShape {
        &self.shape
    }

    /// Reads tokens: extends their sequences' own parts and returns the normalised hidden state of each. `None` when
    /// cancelled; the own parts are then of no more use.
    pub(crate) fn forward(
        &self,
        steps: &[Step],
        own: &mut [OwnPart],
        prefix: &Prefix,
        cancel: &CancelToken,
    ) -> Result<Option<Vec<f32>>, ModelError> {
        let ids: Vec<u32> = steps.iter().map(|step| step.token).collect();
        let ids = Tensor::new(ids, &candle_core::Device::Cpu)?;
        let mut x = floats(&self.embedding.embedding(&ids)?, <[f32]>::to_vec)?;
        let positions: Vec<usize> = steps.iter().map(|step| prefix.length + step.position).collect();
        let turns = self.rope.turns(&positions);
        let empty = PrefixLayer::default();
        for (index, layer) in self.layers.iter().enumerate() {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            let shared = prefix.layers.get(index).unwrap_or(&empty);
            self.attention_block(layer, index, &mut x, steps, own, shared, &turns)?;
            self.feed_forward_block(layer, &mut x)?;
        }
        Ok(Some(kernels::rms_norm(&x, &self.output_norm, self.shape.epsilon)))
    }

    #[allow(clippy::too_many_arguments)]
    fn attention_block(
        &self,
        layer: &Layer,
        index: usize,
        x: &mut [f32],
        steps: &[Step],
        own: &mut [OwnPart],
        prefix: &PrefixLayer,
        turns: &crate::rope::Turns,
    ) -> Result<(), ModelError> {
        let heads = self.shape.heads;
        let normed = kernels::rms_norm(x, &layer.attention_norm, self.shape.epsilon);
        let normed = matrix(normed, steps.len(), self.shape.hidden)?;
        let mut qkv = floats(&layer.query_key_value.apply(&normed)?, <[f32]>::to_vec)?;
        let query_width = heads.query * heads.width;
        let row = query_width + 2 * heads.key_width();
        self.rope.rotate(&mut qkv, row, heads, layer.bias.as_deref(), turns);
        let mut queries = Vec::with_capacity(steps.len() * query_width);
        for (step, row) in steps.iter().zip(qkv.chunks_exact(row)) {
            let (query, key_value) = row.split_at(query_width);
            let (key, value) = key_value.split_at(heads.key_width());
            queries.extend_from_slice(query);
            let own = own[step.sequence].layer(index);
            own.keys.extend_from_slice(key);
            own.values.extend_from_slice(value);
        }
        let sights: Vec<Sight<'_>> = steps
            .iter()
            .map(|step| Sight { own: &own[step.sequence].layers[index], trunk: step.trunk, ancestors: &step.ancestors })
            .collect();
        let mixed = attend(&queries, &sights, prefix, heads)?;
        let mixed = layer.attention_output.apply(&matrix(mixed, steps.len(), query_width)?)?;
        floats(&mixed, |mixed| kernels::add(x, mixed))
    }

    fn feed_forward_block(&self, layer: &Layer, x: &mut [f32]) -> Result<(), ModelError> {
        let rows = x.len() / self.shape.hidden;
        let normed = kernels::rms_norm(x, &layer.feed_forward_norm, self.shape.epsilon);
        let gate_up = layer.gate_up.apply(&matrix(normed, rows, self.shape.hidden)?)?;
        let inner = floats(&gate_up, |gate_up| kernels::silu_times(gate_up, self.shape.feed_forward))?;
        let down = layer.down.apply(&matrix(inner, rows, self.shape.feed_forward)?)?;
        floats(&down, |down| kernels::add(x, down))
    }

    /// Reads a prefix, so many tokens at a time. `None` when cancelled.
    pub(crate) fn prefix(
        &self,
        tokens: &[u32],
        at_once: usize,
        cancel: &CancelToken,
    ) -> Result<Option<Prefix>, ModelError> {
        let mut prefix = Prefix { layers: vec![PrefixLayer::default(); self.shape.layers], length: 0 };
        for chunk in tokens.chunks(at_once) {
            let mut own = [OwnPart::default()];
            let steps: Vec<Step> = trunk(0, chunk);
            if self.forward(&steps, &mut own, &prefix, cancel)?.is_none() {
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
