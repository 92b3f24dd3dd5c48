//! A prompt that a model has read, kept for the texts to come.

use std::sync::Arc;

use crate::cancel::CancelToken;
use crate::chat::Frame;
use crate::decoder::{Decoder, Prefix};
use crate::error::ModelError;
use crate::scoring::Choices;

/// A prompt that the model has read.
pub(crate) struct Prepared {
    /// The prompt's version.
    pub(crate) version: String,
    /// The tokens of the prefix.
    tokens: Vec<u32>,
    pub(crate) prefix: Prefix,
    pub(crate) frame: Frame,
    pub(crate) choices: Choices,
    /// Added to the labels' log-likelihoods.
    pub(crate) corrections: Vec<f64>,
}

impl Prepared {
    /// Reads a prompt's frame, going on from where it and the prompt before part. `None` when cancelled.
    pub(crate) fn read(
        version: String,
        frame: Frame,
        before: Option<&Self>,
        decoder: &Decoder,
        at_once: usize,
        cancel: &CancelToken,
    ) -> Result<Option<Self>, ModelError> {
        let choices = Choices::new(&frame.answers, decoder)?;
        let tokens = frame.shared.clone();
        let limit = decoder.shape().context;
        if tokens.len() + choices.trie.deepest() >= limit {
            return Err(ModelError::PromptTooLong { tokens: tokens.len(), limit });
        }
        let known = match before {
            Some(before) => {
                let common = before.tokens.iter().zip(&tokens).take_while(|(a, b)| a == b).count();
                before.prefix.truncated(common)?
            }
            None => Prefix::default(),
        };
        let rest = &tokens[known.len()..];
        let Some(prefix) = decoder.prefix(known, rest, at_once, cancel)? else { return Ok(None) };
        let corrections = vec![0.0; frame.answers.len()];
        Ok(Some(Self { version, tokens, prefix, frame, choices, corrections }))
    }
}

/// The prompt read last.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) prompt: Option<Arc<Prepared>>,
    /// Corrections by prompt, the latest last.
    corrections: Vec<(String, Vec<f64>)>,
}

/// Prompts whose corrections are kept: they cost as much as labelling the calibration's texts.
const KEPT: usize = 32;

impl Kept {
    /// The corrections found for a prompt of this version.
    pub(crate) fn corrections(&self, version: &str) -> Option<Vec<f64>> {
        self.corrections.iter().find(|(known, _)| known == version).map(|(_, found)| found.clone())
    }

    /// Keeps them.
    pub(crate) fn keep_corrections(&mut self, version: &str, corrections: &[f64]) {
        if self.corrections.len() >= KEPT {
            self.corrections.remove(0);
        }
        self.corrections.push((version.to_owned(), corrections.to_vec()));
    }
}
