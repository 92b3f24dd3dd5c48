//! The weights of an encoder of the BERT family, as the forward pass wants them.

use candle_core::Tensor;
use rayon::prelude::*;

use crate::encoder::folder::EncoderFolder;
use crate::encoder::kernels::Norm;
use crate::encoder::shape::EncoderShape;
use crate::encoder::tensor_file::{Kind, TensorFile, widen};
use crate::error::ModelError;
use crate::kernels::dot;
use crate::tensor::matrix;

/// What the names of the tensors may begin with: that of a bare model, or of one inside a larger one.
const ROOTS: [&str; 3] = ["", "bert.", "roberta."];

/// A matrix with one row an output, and what is added after it.
pub(crate) struct Linear {
    weights: Tensor,
    pub(crate) bias: Vec<f32>,
}

impl Linear {
    fn read(file: &TensorFile, name: &str, rows: usize, columns: usize) -> Result<Self, ModelError> {
        let weights = file.floats(&format!("{name}.weight"), &[rows, columns])?;
        let bias = file.floats(&format!("{name}.bias"), &[rows])?;
        Ok(Self { weights: matrix(weights, rows, columns)?, bias })
    }

    /// `x · Wᵀ`, without the bias.
    pub(crate) fn apply(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        Ok(x.matmul(&self.weights.t()?)?)
    }
}

/// One layer.
pub(crate) struct Layer {
    /// Query, key and value below each other. Queries are divided by the root of a head's width already.
    pub(crate) query_key_value: Linear,
    pub(crate) attention_output: Linear,
    pub(crate) attention_norm: Norm,
    pub(crate) up: Linear,
    pub(crate) down: Linear,
    pub(crate) output_norm: Norm,
}

impl Layer {
    fn read(file: &TensorFile, name: &str, shape: &EncoderShape) -> Result<Self, ModelError> {
        let (hidden, inner) = (shape.hidden, shape.inner);
        let mut weights = Vec::with_capacity(3 * hidden * hidden);
        for part in ["query", "key", "value"] {
            weights.extend(file.floats(&format!("{name}attention.self.{part}.weight"), &[hidden, hidden])?);
        }
        let mut bias = file.floats(&format!("{name}attention.self.query.bias"), &[hidden])?;
        let value_bias = file.floats(&format!("{name}attention.self.value.bias"), &[hidden])?;
        // A key's bias adds the same to all scores of a query, which the softmax takes out again: it is left out.
        file.kind(&format!("{name}attention.self.key.bias"), &[hidden])?;
        let scale = 1.0 / (shape.head_width() as f32).sqrt();
        weights[..hidden * hidden].iter_mut().chain(&mut bias).for_each(|number| *number *= scale);
        let dense = format!("{name}attention.output.dense");
        let rows = file.floats(&format!("{dense}.weight"), &[hidden, hidden])?;
        let mut output_bias = file.floats(&format!("{dense}.bias"), &[hidden])?;
        // The weights of the values sum to 1: their bias goes through the next matrix as it is.
        for (bias, row) in output_bias.iter_mut().zip(rows.chunks_exact(hidden)) {
            *bias += dot(row, &value_bias);
        }
        Ok(Self {
            query_key_value: Linear { weights: matrix(weights, 3 * hidden, hidden)?, bias },
            attention_output: Linear { weights: matrix(rows, hidden, hidden)?, bias: output_bias },
            attention_norm: norm(file, &format!("{name}attention.output.LayerNorm"), shape)?,
            up: Linear::read(file, &format!("{name}intermediate.dense"), inner, hidden)?,
            down: Linear::read(file, &format!("{name}output.dense"), hidden, inner)?,
            output_norm: norm(file, &format!("{name}output.LayerNorm"), shape)?,
        })
    }
}

fn norm(file: &TensorFile, name: &str, shape: &EncoderShape) -> Result<Norm, ModelError> {
    let read = |part: &str| file.floats(&format!("{name}.{part}"), &[shape.hidden]);
    Ok(Norm { gain: read("weight")?, shift: read("bias")?, epsilon: shape.epsilon })
}

/// The table of tokens in the file's own type: it is the largest tensor, and of it only a few rows are read.
enum Table {
    Full(Vec<f32>),
    Half(Kind, Vec<u16>),
}

/// What a token is before the first layer.
pub(crate) struct Embeddings {
    tokens: Table,
    /// Rows of the positions from a text's first on, the row of the first token type added to each.
    positions: Vec<f32>,
    pub(crate) norm: Norm,
    hidden: usize,
}

impl Embeddings {
    fn read(file: &TensorFile, root: &str, shape: &EncoderShape) -> Result<Self, ModelError> {
        let hidden = shape.hidden;
        let name = |part: &str| format!("{root}embeddings.{part}.weight");
        let (tokens, table) = (name("word_embeddings"), [shape.vocabulary, hidden]);
        let tokens = match file.kind(&tokens, &table)? {
            Kind::F32 => Table::Full(file.floats(&tokens, &table)?),
            kind => Table::Half(kind, file.halves(&tokens, &table)?),
        };
        let mut positions = file.floats(&name("position_embeddings"), &[shape.positions, hidden])?;
        positions.drain(..shape.first_position * hidden);
        let types = file.floats(&name("token_type_embeddings"), &[shape.token_types, hidden])?;
        for row in positions.chunks_exact_mut(hidden) {
            row.iter_mut().zip(&types).for_each(|(number, first)| *number += first);
        }
        Ok(Self { tokens, positions, norm: norm(file, &format!("{root}embeddings.LayerNorm"), shape)?, hidden })
    }

    /// The row of a token at a position of its text, before the norm.
    pub(crate) fn row(&self, token: u32, position: usize, into: &mut [f32]) {
        let token = token as usize * self.hidden..(token as usize + 1) * self.hidden;
        match &self.tokens {
            Table::Full(numbers) => into.copy_from_slice(&numbers[token]),
            Table::Half(kind, numbers) => widen(*kind, &numbers[token], into),
        }
        let position = &self.positions[position * self.hidden..][..self.hidden];
        into.iter_mut().zip(position).for_each(|(number, position)| *number += position);
    }
}

/// All weights.
pub(crate) struct Weights {
    pub(crate) embeddings: Embeddings,
    pub(crate) layers: Vec<Layer>,
}

impl Weights {
    /// Reads and converts the weights.
    pub(crate) fn read(folder: &EncoderFolder) -> Result<Self, ModelError> {
        let (file, shape, root) = (&folder.tensors, &folder.shape, root(&folder.tensors)?);
        let layers = (0..shape.layers)
            .into_par_iter()
            .map(|index| Layer::read(file, &format!("{root}encoder.layer.{index}."), shape))
            .collect::<Result<_, _>>()?;
        Ok(Self { embeddings: Embeddings::read(file, root, shape)?, layers })
    }

    /// Bytes that the weights take once they are read.
    pub(crate) fn bytes(folder: &EncoderFolder) -> Result<u64, ModelError> {
        let (file, shape) = (&folder.tensors, &folder.shape);
        let table = format!("{}embeddings.word_embeddings.weight", root(file)?);
        let kind = file.kind(&table, &[shape.vocabulary, shape.hidden])?;
        let [vocabulary, hidden, layers] = [shape.vocabulary, shape.hidden, shape.layers].map(|size| size as u64);
        let positions = (shape.positions + shape.token_types) as u64 * hidden;
        Ok(vocabulary * hidden * kind.bytes() as u64 + 4 * (positions + layers * shape.layer_numbers()))
    }
}

fn root(file: &TensorFile) -> Result<&'static str, ModelError> {
    let table = |root: &&str| file.has(&format!("{root}embeddings.word_embeddings.weight"));
    let missing = || file.damaged("tensor embeddings.word_embeddings.weight is missing".to_owned());
    ROOTS.into_iter().find(table).ok_or_else(missing)
}
