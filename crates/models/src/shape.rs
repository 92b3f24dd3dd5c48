//! The sizes of a decoder, read from a GGUF file and checked.

use crate::attention::Heads;
use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::memory::Precision;

/// The architectures that the decoder computes.
const SUPPORTED: [(&str, PairOrder); 2] = [("llama", PairOrder::Neighbours), ("qwen2", PairOrder::Halves)];

/// Which two numbers of a head are rotated together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PairOrder {
    /// 0 and 1, 2 and 3, …
    Neighbours,
    /// The first of each half, the second of each half, …
    Halves,
}

/// The sizes of a decoder.
#[derive(Clone, Debug)]
pub(crate) struct DecoderShape {
    pub(crate) architecture: String,
    pub(crate) layers: usize,
    pub(crate) hidden: usize,
    pub(crate) feed_forward: usize,
    pub(crate) vocabulary: usize,
    pub(crate) context: usize,
    pub(crate) heads: Heads,
    pub(crate) epsilon: f32,
    pub(crate) rope_base: f32,
    pub(crate) rope_width: usize,
    pub(crate) pairs: PairOrder,
}

impl DecoderShape {
    /// Reads and checks the sizes.
    pub(crate) fn from_gguf(gguf: &Gguf) -> Result<Self, ModelError> {
        let architecture = gguf.required_text("general.architecture")?.to_owned();
        let unsupported = |architecture: String| ModelError::Architecture {
            path: gguf.path().to_owned(),
            architecture,
            supported: SUPPORTED.map(|(name, _)| name).join(", "),
        };
        let Some((_, pairs)) = SUPPORTED.iter().find(|(name, _)| *name == architecture) else {
            return Err(unsupported(architecture));
        };
        let key = |name: &str| format!("{architecture}.{name}");
        if gguf.number(&key("expert_count")).is_some_and(|experts| experts > 0) {
            return Err(unsupported(format!("{architecture} with experts")));
        }
        if let Some(scaling) = gguf.text(&key("rope.scaling.type")).filter(|scaling| *scaling != "none") {
            return Err(unsupported(format!("{architecture} with {scaling} scaling of positions")));
        }
        let hidden = gguf.bounded(&key("embedding_length"), 32..=65_536)?;
        let query = gguf.bounded(&key("attention.head_count"), 1..=1_024)?;
        let key_value = match gguf.number(&key("attention.head_count_kv")) {
            Some(_) => gguf.bounded(&key("attention.head_count_kv"), 1..=query)?,
            None => query,
        };
        let width = match gguf.number(&key("attention.key_length")) {
            Some(_) => gguf.bounded(&key("attention.key_length"), 2..=1_024)?,
            None => hidden / query,
        };
        if width < 2 || width % 2 != 0 || query % key_value != 0 {
            return Err(gguf.damaged(format!("{query} heads over {key_value} of width {width}")));
        }
        let rope_width = match gguf.number(&key("rope.dimension_count")) {
            Some(_) => gguf.bounded(&key("rope.dimension_count"), 2..=width)?,
            None => width,
        };
        Ok(Self {
            layers: gguf.bounded(&key("block_count"), 1..=1_024)?,
            hidden,
            feed_forward: gguf.bounded(&key("feed_forward_length"), 1..=1_000_000)?,
            vocabulary: gguf.texts("tokenizer.ggml.tokens")?.len(),
            context: gguf.bounded(&key("context_length"), 1..=100_000_000)?,
            heads: Heads { query, key_value, width },
            epsilon: gguf
                .real(&key("attention.layer_norm_rms_epsilon"))
                .filter(|epsilon| epsilon.is_finite() && *epsilon > 0.0)
                .ok_or_else(|| gguf.damaged("the epsilon of the norm is missing".to_owned()))?,
            rope_base: gguf
                .real(&key("rope.freq_base"))
                .filter(|base| base.is_finite() && *base > 1.0)
                .unwrap_or(10_000.0),
            rope_width: rope_width / 2 * 2,
            pairs: *pairs,
            architecture,
        })
    }

    /// Weights of one layer.
    pub(crate) fn layer_weights(&self) -> u64 {
        let query = (self.heads.query * self.heads.width) as u64;
        let key_value = 2 * self.heads.key_width() as u64;
        self.hidden as u64 * (2 * query + key_value + 3 * self.feed_forward as u64)
    }

    /// Bytes that the weights take.
    pub(crate) fn weight_bytes(&self, gguf: &Gguf, precision: Precision) -> u64 {
        let tables = gguf.tensor_bytes("token_embd.weight") + gguf.tensor_bytes("output.weight");
        match precision {
            Precision::Full => tables + 4 * self.layer_weights() * self.layers as u64,
            Precision::Stored => gguf.file_bytes(),
        }
    }
}
