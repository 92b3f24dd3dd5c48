//! The sizes of a decoder and what sets its family apart, read from a GGUF file and checked.

use crate::attention::Heads;
use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::rope::{PairOrder, Positions};

/// What the architectures have of their own; names as GGUF gives them.
struct Family {
    architecture: &'static str,
    pairs: PairOrder,
    activation: Activation,
    /// Embeddings are multiplied by the root of the hidden width.
    scaled_embedding: bool,
    /// One layer in so many sees all, the others a window; where the file does not say.
    window_period: Option<usize>,
}

const FAMILIES: [Family; 5] = [
    Family::plain("llama", PairOrder::Neighbours),
    Family::plain("qwen2", PairOrder::Halves),
    Family::plain("qwen3", PairOrder::Halves),
    Family::plain("phi3", PairOrder::Halves),
    Family {
        activation: Activation::Gelu,
        scaled_embedding: true,
        window_period: Some(6),
        ..Family::plain("gemma3", PairOrder::Halves)
    },
];

impl Family {
    const fn plain(architecture: &'static str, pairs: PairOrder) -> Self {
        Self { architecture, pairs, activation: Activation::Silu, scaled_embedding: false, window_period: None }
    }
}

/// The non-linearity of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// x / (1 + e^-x)
    Silu,
    /// The approximation with a hyperbolic tangent.
    Gelu,
}

/// Layers that see only their neighbourhood.
#[derive(Clone, Debug)]
pub(crate) struct LocalLayers {
    /// A token sees so many tokens, itself included.
    pub(crate) window: usize,
    /// Each layer whose number is a multiple of this, counted from 1, sees everything.
    pub(crate) period: usize,
    /// Their rotary positions.
    pub(crate) positions: Positions,
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
    pub(crate) activation: Activation,
    pub(crate) embedding_scale: f32,
    pub(crate) pairs: PairOrder,
    pub(crate) rope_width: usize,
    /// Rotary positions of the layers that see everything.
    pub(crate) positions: Positions,
    pub(crate) local: Option<LocalLayers>,
}

/// Reads one architecture's keys.
struct Keys<'a> {
    gguf: &'a Gguf,
    architecture: &'a str,
}

impl Keys<'_> {
    fn name(&self, key: &str) -> String {
        format!("{}.{key}", self.architecture)
    }

    fn bounded(&self, key: &str, range: std::ops::RangeInclusive<usize>) -> Result<usize, ModelError> {
        self.gguf.bounded(&self.name(key), range)
    }

    fn optional(&self, key: &str, range: std::ops::RangeInclusive<usize>) -> Result<Option<usize>, ModelError> {
        match self.gguf.number(&self.name(key)) {
            Some(_) => self.bounded(key, range).map(Some),
            None => Ok(None),
        }
    }

    fn positive(&self, key: &str) -> Option<f32> {
        self.gguf.real(&self.name(key)).filter(|value| value.is_finite() && *value > 0.0)
    }

    fn unsupported(&self, what: &str) -> ModelError {
        let known = FAMILIES.map(|family| family.architecture);
        ModelError::Architecture {
            path: self.gguf.path().to_owned(),
            architecture: format!("{}{what}", self.architecture),
            supported: known.join(", "),
        }
    }

    #[allow(clippy::cast_precision_loss)] // Widths.
    fn heads(&self, hidden: usize) -> Result<Heads, ModelError> {
        let query = self.bounded("attention.head_count", 1..=1_024)?;
        let key_value = self.optional("attention.head_count_kv", 1..=query)?.unwrap_or(query);
        let width = self.optional("attention.key_length", 2..=1_024)?.unwrap_or(hidden / query);
        let value_width = self.optional("attention.value_length", 2..=1_024)?.unwrap_or(width);
        if width < 2 || width % 2 != 0 || query % key_value != 0 || value_width != width {
            return Err(self
                .gguf
                .damaged(format!("{query} heads over {key_value} of width {width} and {value_width}")));
        }
        // The largest Gemma 3 alone scales by what would be the width of a head if its heads filled the hidden state.
        let largest = self.architecture == "gemma3" && self.gguf.number(&self.name("block_count")) == Some(62);
        let scale = 1.0 / (if largest { hidden / query } else { width } as f32).sqrt();
        Ok(Heads { query, key_value, width, scale })
    }

    /// Rotary positions of the layers that see everything, and the longest context for which they hold.
    fn positions(&self, context: usize) -> Result<(Positions, usize), ModelError> {
        let base = self.positive("rope.freq_base").unwrap_or(10_000.0);
        let scaling = self.gguf.text(&self.name("rope.scaling.type")).unwrap_or("none");
        let amplitude = self.positive("rope.scaling.attn_factor").unwrap_or(1.0);
        let stretch = match scaling {
            "none" => 1.0,
            "linear" | "longrope" => self.positive("rope.scaling.factor").unwrap_or(1.0),
            other => return Err(self.unsupported(&format!(" with {other} scaling of positions"))),
        };
        // Up to the length of the original training the factors for short contexts hold, and that is what is offered here. Not
        // every file that has such factors names the scaling.
        let original = self.optional("rope.scaling.original_context_length", 1..=100_000_000)?;
        Ok((Positions { base, stretch, amplitude }, original.unwrap_or(context).min(context)))
    }

    fn refuse_unknown_parts(&self) -> Result<(), ModelError> {
        if self.gguf.number(&self.name("expert_count")).is_some_and(|experts| experts > 0) {
            return Err(self.unsupported(" with experts"));
        }
        if self.positive("attn_logit_softcapping").or_else(|| self.positive("final_logit_softcapping")).is_some() {
            return Err(self.unsupported(" with soft caps of logits"));
        }
        Ok(())
    }
}

impl DecoderShape {
    /// Reads and checks the sizes.
    pub(crate) fn from_gguf(gguf: &Gguf) -> Result<Self, ModelError> {
        let architecture = gguf.required_text("general.architecture")?;
        let keys = Keys { gguf, architecture };
        let Some(family) = FAMILIES.iter().find(|family| family.architecture == architecture) else {
            return Err(keys.unsupported(""));
        };
        keys.refuse_unknown_parts()?;
        let hidden = keys.bounded("embedding_length", 32..=65_536)?;
        let heads = keys.heads(hidden)?;
        let (positions, mut context) = keys.positions(keys.bounded("context_length", 1..=100_000_000)?)?;
        let window = keys.optional("attention.sliding_window", 0..=100_000_000)?.filter(|window| *window > 0);
        let local = match (window, family.window_period) {
            (Some(window), Some(usual)) => {
                let period = keys.optional("attention.sliding_window_pattern", 1..=1_024)?.unwrap_or(usual);
                let base = keys.positive("rope.freq_base_swa").unwrap_or(10_000.0);
                Some(LocalLayers { window, period, positions: Positions { base, stretch: 1.0, amplitude: 1.0 } })
            }
            // Within one window there is nothing that a layer does not see.
            (Some(window), None) => {
                context = context.min(window);
                None
            }
            (None, _) => None,
        };
        Ok(Self {
            architecture: architecture.to_owned(),
            layers: keys.bounded("block_count", 1..=1_024)?,
            hidden,
            feed_forward: keys.bounded("feed_forward_length", 1..=1_000_000)?,
            vocabulary: gguf.texts("tokenizer.ggml.tokens")?.len(),
            context,
            heads,
            epsilon: keys
                .positive("attention.layer_norm_rms_epsilon")
                .ok_or_else(|| gguf.damaged("the epsilon of the norm is missing".to_owned()))?,
            activation: family.activation,
            #[allow(clippy::cast_precision_loss)] // A width.
            embedding_scale: if family.scaled_embedding { (hidden as f32).sqrt() } else { 1.0 },
            pairs: family.pairs,
            rope_width: keys.optional("rope.dimension_count", 2..=heads.width)?.unwrap_or(heads.width) / 2 * 2,
            positions,
            local,
        })
    }

    /// What a layer, counted from 0, sees if it doesn't see everything.
    pub(crate) fn local(&self, layer: usize) -> Option<&LocalLayers> {
        self.local.as_ref().filter(|local| !(layer + 1).is_multiple_of(local.period))
    }

    /// Weights of one layer.
    pub(crate) fn layer_weights(&self) -> u64 {
        let query = (self.heads.query * self.heads.width) as u64;
        let key_value = 2 * self.heads.key_width() as u64;
        self.hidden as u64 * (2 * query + key_value + 3 * self.feed_forward as u64)
    }
}
