//! What a model in memory makes of a text, token by token: for people who doubt it and for comparison with other programs.

use crate::cancel::CancelToken;
use crate::decoder::{Prefix, trunk};
use crate::error::ModelError;
use crate::gguf_model::{GgufModel, batches};
use crate::kernels::dot;
use crate::prompt::LabelPrompt;

/// Rows of the output matrix that are dequantised at once: the whole of it may be larger than the model.
const ROWS_AT_ONCE: usize = 8_192;

impl GgufModel {
    /// The ids of a text's tokens, equal to those of llama.cpp's `/tokenize` with `add_special: false, parse_special: true`:
    /// special tokens such as `<|im_end|>` that the text spells out are read as such, which labelling never does.
    ///
    /// # Errors
    /// [`ModelError::Failed`] when the tokenizer gives up.
    pub fn token_ids(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        self.tokenizer().encode_with_special(text)
    }

    /// The most probable next tokens after `tokens`, and the natural logarithms of their probabilities over the whole
    /// vocabulary, most probable first.
    ///
    /// # Errors
    /// No tokens or more than the model's context ([`ModelError::PromptTooLong`]), or a failing computation.
    pub fn next_tokens(&self, tokens: &[u32], top: usize) -> Result<Vec<(u32, f64)>, ModelError> {
        let decoder = self.decoder();
        let (width, vocabulary, limit) = (decoder.shape().hidden, decoder.shape().vocabulary, decoder.shape().context);
        let known = |token: &u32| (*token as usize) < vocabulary;
        if tokens.is_empty() || tokens.len() > limit || !tokens.iter().all(known) {
            return Err(ModelError::PromptTooLong { tokens: tokens.len(), limit });
        }
        let cancel = CancelToken::new();
        let (before, last) = tokens.split_at(tokens.len() - 1);
        let cancelled = || ModelError::Failed { detail: "cancelled".to_owned() };
        let prefix = decoder.prefix(Prefix::default(), before, 512, &cancel)?.ok_or_else(cancelled)?;
        let mut own = decoder.batch(1);
        let hidden = decoder.forward(&trunk(0, last), &[0], &mut *own, &prefix, &cancel)?.ok_or_else(cancelled)?;
        let mut logits = Vec::with_capacity(vocabulary);
        let ids: Vec<u32> = (0..u32::try_from(vocabulary).unwrap_or(u32::MAX)).collect();
        for ids in ids.chunks(ROWS_AT_ONCE) {
            let rows = decoder.output_rows(ids)?;
            logits.extend(rows.chunks_exact(width).map(|row| f64::from(dot(&hidden, row))));
        }
        let highest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let normaliser = highest + logits.iter().map(|logit| (logit - highest).exp()).sum::<f64>().ln();
        let mut ranked: Vec<(u32, f64)> =
            ids.into_iter().zip(logits.into_iter().map(|logit| logit - normaliser)).collect();
        ranked.sort_by(|(_, left), (_, right)| right.total_cmp(left));
        ranked.truncate(top);
        Ok(ranked)
    }

    /// Natural logarithms of the labels' likelihoods for each text, as the model gives them: nothing is corrected and nothing
    /// left out. `None` for a text that does not fit.
    ///
    /// # Errors
    /// As [`LabelModel::label`](crate::LabelModel::label).
    pub fn log_likelihoods(&self, prompt: &LabelPrompt, texts: &[&str]) -> Result<Vec<Option<Vec<f64>>>, ModelError> {
        let cancel = CancelToken::new();
        let cancelled = || ModelError::Failed { detail: "cancelled".to_owned() };
        let prepared = self.prepare(prompt, &cancel)?.ok_or_else(cancelled)?;
        let mut found = vec![None; texts.len()];
        for batch in batches(&self.questions(&prepared, texts)?.fitting) {
            let answers = self.score(&prepared, batch, 0.0, &cancel)?.ok_or_else(cancelled)?;
            for ((index, _), answer) in batch.iter().zip(answers) {
                found[*index] = Some(answer.logs);
            }
        }
        Ok(found)
    }

    /// Rows and columns of the matrices that one layer multiplies with, and the number of layers.
    pub fn products(&self) -> (Vec<(usize, usize)>, usize) {
        let shape = self.decoder().shape();
        let query = shape.heads.query * shape.heads.width;
        let attention = [(query + 2 * shape.heads.key_width(), shape.hidden), (shape.hidden, query)];
        let feed_forward = [(2 * shape.feed_forward, shape.hidden), (shape.hidden, shape.feed_forward)];
        (attention.into_iter().chain(feed_forward).collect(), shape.layers)
    }

    /// The tokens that the model reads for a text, and each label's tokens after them.
    ///
    /// # Errors
    /// As [`LabelModel::label`](crate::LabelModel::label).
    pub fn question_tokens(&self, prompt: &LabelPrompt, text: &str) -> Result<QuestionTokens, ModelError> {
        let frame = self.frame(prompt)?;
        let mut tokens = frame.shared.clone();
        tokens.extend(frame.question(text, self.tokenizer())?);
        Ok(QuestionTokens { tokens, answers: frame.answers })
    }
}

/// A text as a model reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionTokens {
    /// Everything before the place where labels part.
    pub tokens: Vec<u32>,
    /// The rest of each label's answer.
    pub answers: Vec<Vec<u32>>,
}
