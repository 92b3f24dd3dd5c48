//! The weights of one layer, under the names that GGUF gives them.

use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::linear::{Backend, Linear};
use crate::rope::HeadParts;
use crate::shape::DecoderShape;
use crate::tensor::floats;

/// One layer: attention, then feed-forward, each normalised before and, in some families, after.
pub(crate) struct Layer {
    pub(crate) attention_norm: Vec<f32>,
    pub(crate) query_key_value: Box<dyn Linear>,
    pub(crate) head_parts: HeadParts,
    pub(crate) attention_output: Box<dyn Linear>,
    pub(crate) attention_after_norm: Option<Vec<f32>>,
    pub(crate) feed_forward_norm: Vec<f32>,
    pub(crate) gate_up: Box<dyn Linear>,
    pub(crate) down: Box<dyn Linear>,
    pub(crate) feed_forward_after_norm: Option<Vec<f32>>,
}

/// Reads a vector of weights.
pub(crate) fn vector(gguf: &Gguf, name: &str, width: usize) -> Result<Vec<f32>, ModelError> {
    let tensor = gguf.tensor(name, &[width])?;
    floats(&tensor.dequantize(&tensor.device())?, <[f32]>::to_vec)
}

/// The same, where the file has it.
pub(crate) fn optional_vector(gguf: &Gguf, name: &str, width: usize) -> Result<Option<Vec<f32>>, ModelError> {
    if gguf.has_tensor(name) { vector(gguf, name, width).map(Some) } else { Ok(None) }
}

impl Layer {
    /// Reads the layer with this number.
    pub(crate) fn read(gguf: &Gguf, index: usize, shape: &DecoderShape, backend: &Backend) -> Result<Self, ModelError> {
        let name = |part: &str| format!("blk.{index}.{part}");
        let (hidden, inner) = (shape.hidden, shape.feed_forward);
        let (query, key) = (shape.heads.query * shape.heads.width, shape.heads.key_width());
        // Phi 3 has queries, keys and values in one tensor, and gates and values in another.
        let query_key_value = if gguf.has_tensor(&name("attn_qkv.weight")) {
            vec![(name("attn_qkv.weight"), query + 2 * key)]
        } else {
            vec![(name("attn_q.weight"), query), (name("attn_k.weight"), key), (name("attn_v.weight"), key)]
        };
        let gate_up = if gguf.has_tensor(&name("ffn_gate.weight")) {
            vec![(name("ffn_gate.weight"), inner), (name("ffn_up.weight"), inner)]
        } else {
            vec![(name("ffn_up.weight"), 2 * inner)]
        };
        Ok(Self {
            attention_norm: vector(gguf, &name("attn_norm.weight"), hidden)?,
            query_key_value: backend.read(gguf, &query_key_value, hidden)?,
            head_parts: head_parts(gguf, &name, shape, &[("attn_q", query), ("attn_k", key), ("attn_v", key)])?,
            attention_output: backend.read(gguf, &[(name("attn_output.weight"), hidden)], query)?,
            attention_after_norm: optional_vector(gguf, &name("post_attention_norm.weight"), hidden)?,
            feed_forward_norm: vector(gguf, &name("ffn_norm.weight"), hidden)?,
            gate_up: backend.read(gguf, &gate_up, hidden)?,
            down: backend.read(gguf, &[(name("ffn_down.weight"), hidden)], inner)?,
            feed_forward_after_norm: optional_vector(gguf, &name("post_ffw_norm.weight"), hidden)?,
        })
    }
}

fn head_parts(
    gguf: &Gguf,
    name: &impl Fn(&str) -> String,
    shape: &DecoderShape,
    parts: &[(&str, usize)],
) -> Result<HeadParts, ModelError> {
    let mut bias = optional_vector(gguf, &name("attn_qkv.bias"), parts.iter().map(|(_, rows)| rows).sum())?;
    if gguf.has_tensor(&name("attn_q.bias")) {
        let mut joined = Vec::new();
        for (part, rows) in parts {
            joined.extend(vector(gguf, &name(&format!("{part}.bias")), *rows)?);
        }
        bias = Some(joined);
    }
    let query = optional_vector(gguf, &name("attn_q_norm.weight"), shape.heads.width)?;
    let key = optional_vector(gguf, &name("attn_k_norm.weight"), shape.heads.width)?;
    let norms = query.zip(key).map(|(query, key)| (query, key, shape.epsilon));
    Ok(HeadParts { bias, norms })
}
