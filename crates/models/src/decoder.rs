//! The decoder: embeddings, layers, and the rows of the output matrix. What the families have of their own (biases, norms of heads
//! and of results, windows, the activation) is in [`DecoderShape`] and [`Layer`](crate::layer::Layer).

use candle_core::Tensor;
use candle_core::quantized::QTensor;

use crate::attention::PrefixLayer;
use crate::cancel::CancelToken;
use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::layers::{Batch, Layers, Pass, Stack};
use crate::linear::Backend;
use crate::shape::DecoderShape;
use crate::tensor::floats;

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

    /// The keys and values of a layer; `None` before anything is read.
    pub(crate) fn layer(&self, index: usize) -> Option<&PrefixLayer> {
        self.layers.get(index)
    }
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
    layers: Box<dyn Layers>,
    /// `None` where the embedding serves as output.
    output: Option<QTensor>,
}

impl Decoder {
    /// Reads all weights.
    pub(crate) fn read(gguf: &Gguf, shape: DecoderShape, backend: &Backend) -> Result<Self, ModelError> {
        let layers = Stack::read(gguf, &shape, backend)?.placed(backend)?;
        Self::over(gguf, shape, layers)
    }

    /// Over layers that have been read, and with the file's tables, which stay in main memory.
    pub(crate) fn over(gguf: &Gguf, shape: DecoderShape, layers: Box<dyn Layers>) -> Result<Self, ModelError> {
        let table = [shape.vocabulary, shape.hidden];
        let output = if gguf.has_tensor("output.weight") { Some(gguf.tensor("output.weight", &table)?) } else { None };
        Ok(Self { embedding: gguf.tensor("token_embd.weight", &table)?, layers, output, shape })
    }

    /// The sizes.
    pub(crate) fn shape(&self) -> &DecoderShape {
        &self.shape
    }

    /// A batch of so many sequences of which nothing is read yet.
    pub(crate) fn batch(&self, sequences: usize) -> Box<dyn Batch + '_> {
        self.layers.batch(sequences)
    }

    /// Reads tokens of a batch and returns the normalised hidden states of those in `wanted`, in its order. `None` when
    /// cancelled; the batch is then of no more use.
    pub(crate) fn forward(
        &self,
        steps: &[Step],
        wanted: &[usize],
        batch: &mut dyn Batch,
        prefix: &Prefix,
        cancel: &CancelToken,
    ) -> Result<Option<Vec<f32>>, ModelError> {
        let ids: Vec<u32> = steps.iter().map(|step| step.token).collect();
        let ids = Tensor::new(ids, &candle_core::Device::Cpu)?;
        let mut x = floats(&self.embedding.embedding(&ids)?, <[f32]>::to_vec)?;
        if self.shape.embedding_scale != 1.0 {
            x.iter_mut().for_each(|value| *value *= self.shape.embedding_scale);
        }
        batch.read(x, &Pass { steps, wanted, prefix }, cancel)
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
            let mut batch = self.batch(1);
            let steps: Vec<Step> = trunk(0, chunk);
            if self.forward(&steps, &[], &mut *batch, &prefix, cancel)?.is_none() {
                return Ok(None);
            }
            batch.append_to(&mut prefix.layers)?;
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
