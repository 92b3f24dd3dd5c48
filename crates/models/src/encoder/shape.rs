//! The sizes of an encoder, read from its `config.json` and checked before they are believed.

use std::ops::RangeInclusive;
use std::path::Path;

use serde_json::{Map, Value};

use crate::error::ModelError;

/// Architectures whose forward pass this is.
const SUPPORTED: [&str; 2] = ["bert", "xlm-roberta"];

/// The non-linearity between the two matrices of a feed-forward block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// `x · Φ(x)` with the exact normal distribution.
    Gelu,
    /// The same with the distribution approximated by a hyperbolic tangent.
    GeluTanh,
    /// `max(x, 0)`
    Relu,
}

/// Sizes of an encoder of the BERT family.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EncoderShape {
    /// As the file names it.
    pub(crate) architecture: String,
    /// Rows of the table of tokens.
    pub(crate) vocabulary: usize,
    /// Width of a token's state, which is the length of a vector.
    pub(crate) hidden: usize,
    /// Number of layers.
    pub(crate) layers: usize,
    /// Attention heads.
    pub(crate) heads: usize,
    /// Width inside a feed-forward block.
    pub(crate) inner: usize,
    /// Rows of the table of positions.
    pub(crate) positions: usize,
    /// Row of a text's first token in that table: XLM-R leaves out those up to its padding token's number.
    pub(crate) first_position: usize,
    /// Rows of the table of token types.
    pub(crate) token_types: usize,
    /// What keeps the layer norm from dividing by zero.
    pub(crate) epsilon: f32,
    /// Between the two matrices of a feed-forward block.
    pub(crate) activation: Activation,
}

impl EncoderShape {
    /// Reads `config.json`, which lies at `path`.
    pub(crate) fn read(path: &Path, config: &Map<String, Value>) -> Result<Self, ModelError> {
        let damaged = |detail: String| ModelError::Damaged { path: path.to_owned(), detail };
        let unsupported = |architecture: String| ModelError::Architecture {
            path: path.to_owned(),
            architecture,
            supported: SUPPORTED.join(", "),
        };
        let number = |key: &str, range: RangeInclusive<usize>| {
            let value = config.get(key).ok_or_else(|| damaged(format!("{key} is missing")))?;
            let whole = value.as_u64().and_then(|value| usize::try_from(value).ok());
            whole.filter(|value| range.contains(value)).ok_or_else(|| damaged(format!("{key} is {value}")))
        };
        let text = |key: &str| config.get(key).and_then(Value::as_str);
        let architecture = text("model_type").ok_or_else(|| damaged("model_type is missing".to_owned()))?;
        if !SUPPORTED.contains(&architecture) {
            return Err(unsupported(architecture.to_owned()));
        }
        if let Some(other) = text("position_embedding_type").filter(|kind| *kind != "absolute") {
            return Err(unsupported(format!("{architecture}, positions {other}")));
        }
        let activation = match text("hidden_act").unwrap_or("gelu") {
            "gelu" => Activation::Gelu,
            "gelu_new" | "gelu_pytorch_tanh" => Activation::GeluTanh,
            "relu" => Activation::Relu,
            other => return Err(unsupported(format!("{architecture}, hidden_act {other}"))),
        };
        let (hidden, heads) = (number("hidden_size", 1..=8192)?, number("num_attention_heads", 1..=256)?);
        if hidden % heads != 0 {
            return Err(damaged(format!("hidden_size {hidden} is no multiple of num_attention_heads {heads}")));
        }
        let positions = number("max_position_embeddings", 8..=65_536)?;
        let first_position = if architecture == "bert" { 0 } else { number("pad_token_id", 0..=positions - 8)? + 1 };
        Ok(Self {
            architecture: architecture.to_owned(),
            vocabulary: number("vocab_size", 1..=1 << 22)?,
            hidden,
            layers: number("num_hidden_layers", 1..=128)?,
            heads,
            inner: number("intermediate_size", 1..=65_536)?,
            positions,
            first_position,
            token_types: number("type_vocab_size", 1..=64)?,
            epsilon: epsilon(config).ok_or_else(|| damaged("layer_norm_eps is out of range".to_owned()))?,
            activation,
        })
    }

    /// Tokens of the longest text that the table of positions has rows for.
    pub(crate) fn longest(&self) -> usize {
        self.positions - self.first_position
    }

    /// Width of an attention head.
    pub(crate) fn head_width(&self) -> usize {
        self.hidden / self.heads
    }

    /// Numbers in the matrices and vectors of one layer.
    pub(crate) fn layer_numbers(&self) -> u64 {
        let (hidden, inner) = (self.hidden as u64, self.inner as u64);
        4 * hidden * hidden + 2 * hidden * inner + 9 * hidden + inner
    }
}

/// BERT's 1e-12 where nothing is said.
#[allow(clippy::cast_possible_truncation)] // The layer norm is computed with 32 bits.
fn epsilon(config: &Map<String, Value>) -> Option<f32> {
    let Some(value) = config.get("layer_norm_eps") else { return Some(1e-12) };
    value.as_f64().filter(|value| (0.0..=0.1).contains(value)).map(|value| value as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(change: impl FnOnce(&mut Value)) -> Result<EncoderShape, ModelError> {
        let mut config = serde_json::json!({
            "model_type": "bert", "vocab_size": 100, "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4,
            "intermediate_size": 48, "max_position_embeddings": 64, "type_vocab_size": 2, "hidden_act": "gelu",
            "layer_norm_eps": 1e-5, "pad_token_id": 1,
        });
        change(&mut config);
        EncoderShape::read(Path::new("config.json"), config.as_object().expect("an object"))
    }

    #[test]
    fn xlm_r_begins_after_its_padding_token() {
        assert_eq!(read(|_| {}).expect("bert").longest(), 64);
        let xlm = read(|config| config["model_type"] = "xlm-roberta".into()).expect("xlm-roberta");
        assert_eq!((xlm.first_position, xlm.longest()), (2, 62));
    }

    #[test]
    fn refuses_what_it_cannot_compute() {
        let refused = |change: fn(&mut Value)| read(change).expect_err("refused");
        for change in [
            (|config| config["model_type"] = "modernbert".into()) as fn(&mut Value),
            |config| config["hidden_act"] = "swish".into(),
            |config| config["position_embedding_type"] = "relative_key".into(),
        ] {
            assert!(matches!(refused(change), ModelError::Architecture { .. }));
        }
        for change in [
            (|config| config["hidden_size"] = 0.into()) as fn(&mut Value),
            |config| config["hidden_size"] = 26.into(),
            |config| config["hidden_size"] = (-3).into(),
            |config| config["vocab_size"] = u64::MAX.into(),
            |config| config["num_hidden_layers"] = "2".into(),
            |config| config["layer_norm_eps"] = 7.into(),
            |config| config["max_position_embeddings"] = 1.into(),
            |config| config["model_type"] = 3.into(),
        ] {
            assert!(matches!(refused(change), ModelError::Damaged { .. }));
        }
    }
}
