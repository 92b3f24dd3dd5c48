//! An encoder of the BERT family in process.
//!
//! Texts are sorted by length and packed without padding into batches of a token budget: the matrices run over all tokens
//! of a batch at once, the attention over each text by itself.

use std::ops::ControlFlow;
use std::path::Path;

use rayon::prelude::*;

use crate::cancel::CancelToken;
use crate::encoder::findings::EncoderFindings;
use crate::encoder::folder::{CONFIG, EncoderFolder, TOKENIZER, WEIGHTS};
use crate::encoder::network::{Network, Packed};
use crate::encoder::shape::EncoderShape;
use crate::encoder::text_encoder::{EncodeReport, Purpose, TextEncoder, VectorSink};
use crate::encoder::tokens::{EncoderTokenizer, Tokens};
use crate::encoder::weights::Weights;
use crate::error::ModelError;
use crate::memory::{choose_precision, free_bytes};

/// Texts whose tokens are kept at once.
const WINDOW: usize = 4096;
/// Tokens of a batch for a small model, unless a single text has more.
const BATCH_TOKENS: usize = 1024;
/// Multiplications of one layer in one batch, so that a large model looks for a cancellation often enough.
const LAYER_WORK: u64 = 4_000_000_000;
/// Memory that a tokenizer takes for each byte of its file, measured with a vocabulary of 250,000.
const TOKENIZER_GROWTH: u64 = 20;

/// An encoder of the BERT family (`bert`, `xlm-roberta`) from a Hugging Face folder.
pub struct BertEncoder {
    network: Network,
    tokenizer: EncoderTokenizer,
    identity: String,
    findings: EncoderFindings,
    batch_tokens: usize,
}

impl BertEncoder {
    /// Loads an encoder from a folder with `config.json`, `tokenizer.json` and `model.safetensors` of 32 or 16 bit numbers.
    /// One that does not fit into the free memory is refused before anything is loaded.
    ///
    /// # Errors
    /// A file that is missing, unreadable or damaged; an architecture or a pooling that is not supported;
    /// [`ModelError::TooLarge`].
    pub fn open(folder: &Path) -> Result<Self, ModelError> {
        let folder = EncoderFolder::read(folder)?;
        let (weight_bytes, free) = (Weights::bytes(&folder)?, free_bytes());
        let batch_tokens = batch_tokens(&folder.shape);
        let scratch = scratch_bytes(&folder, batch_tokens);
        choose_precision(weight_bytes, weight_bytes, scratch, free).map_err(|needed| ModelError::TooLarge {
            path: folder.path.clone(),
            needed,
            free,
        })?;
        let tokenizer =
            EncoderTokenizer::read(&folder.path.join(TOKENIZER), folder.shape.vocabulary, folder.max_tokens)?;
        let findings = EncoderFindings {
            summary: folder.summary(),
            dimensions: folder.shape.hidden,
            max_tokens: folder.max_tokens,
            pooling: folder.pooling,
            prefixes: folder.prefixes.clone(),
            weight_bytes,
            free_bytes: free,
        };
        let identity = identity(&folder)?;
        let weights = Weights::read(&folder)?;
        let network = Network::new(folder.shape, weights, folder.pooling, batch_tokens);
        Ok(Self { network, tokenizer, identity, findings, batch_tokens })
    }

    /// The tokens of the texts, shortest first, each with its text's index; `None` when cancelled.
    fn tokens(
        &self,
        texts: &[&str],
        purpose: Purpose,
        cancel: &CancelToken,
    ) -> Result<Option<Vec<(usize, Tokens)>>, ModelError> {
        let prefix = self.findings.prefixes.before(purpose);
        let tokens = |(index, text): (usize, &&str)| {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            let tokens = match prefix {
                "" => self.tokenizer.encode(text)?,
                prefix => self.tokenizer.encode(&format!("{prefix}{text}"))?,
            };
            Ok(Some((index, tokens)))
        };
        let found: Result<Option<Vec<_>>, ModelError> = texts.par_iter().enumerate().map(tokens).collect();
        let Some(mut found) = found? else { return Ok(None) };
        // The order among equals is that of the texts.
        found.sort_by_key(|(index, tokens)| (tokens.ids.len(), *index));
        Ok(Some(found))
    }
}

impl TextEncoder for BertEncoder {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn dimensions(&self) -> usize {
        self.findings.dimensions
    }

    fn findings(&self) -> &EncoderFindings {
        &self.findings
    }

    fn encode(
        &self,
        texts: &[&str],
        purpose: Purpose,
        cancel: &CancelToken,
        sink: &mut VectorSink<'_>,
    ) -> Result<EncodeReport, ModelError> {
        let mut report = EncodeReport { cancelled: true, ..EncodeReport::default() };
        for (window, texts) in texts.chunks(WINDOW).enumerate() {
            let Some(waiting) = self.tokens(texts, purpose, cancel)? else { return Ok(report) };
            let mut rest = waiting.as_slice();
            while !rest.is_empty() {
                let mut budget = 0;
                let fits = |(_, tokens): &&(usize, Tokens)| {
                    budget += tokens.ids.len();
                    budget <= self.batch_tokens
                };
                let (batch, after) = rest.split_at(rest.iter().take_while(fits).count().max(1));
                rest = after;
                let packed = Packed::new(batch.iter().map(|(_, tokens)| tokens.ids.as_slice()));
                let Some(vectors) = self.network.forward(&packed, cancel)? else { return Ok(report) };
                for ((index, tokens), vector) in batch.iter().zip(vectors) {
                    if !vector.iter().all(|number| number.is_finite()) {
                        return Err(ModelError::Failed { detail: "a vector is not finite".to_owned() });
                    }
                    report.encoded += 1;
                    report.truncated += usize::from(tokens.truncated);
                    report.tokens += tokens.ids.len() as u64;
                    if sink(window * WINDOW + index, vector) == ControlFlow::Break(()) {
                        return Ok(report);
                    }
                }
            }
        }
        report.cancelled = false;
        Ok(report)
    }
}

/// The budget of a batch.
fn batch_tokens(shape: &EncoderShape) -> usize {
    let most = LAYER_WORK / shape.layer_numbers().max(1);
    usize::try_from(most).unwrap_or(usize::MAX).clamp(64, BATCH_TOKENS)
}

/// Memory for what is computed in a batch, and for the tokenizer.
fn scratch_bytes(folder: &EncoderFolder, batch_tokens: usize) -> u64 {
    let tokens = batch_tokens.max(folder.max_tokens) as u64;
    let row = 8 * folder.shape.hidden as u64 + 2 * folder.shape.inner as u64;
    let tokenizer = std::fs::metadata(folder.path.join(TOKENIZER)).map_or(0, |file| file.len());
    tokens.saturating_mul(row * 4).saturating_add(tokenizer.saturating_mul(TOKENIZER_GROWTH))
}

/// The hash of the files, and of what else changes the vectors.
fn identity(folder: &EncoderFolder) -> Result<String, ModelError> {
    let mut hasher = blake3::Hasher::new();
    for name in [CONFIG, TOKENIZER, WEIGHTS] {
        let path = folder.path.join(name);
        std::fs::File::open(&path)
            .and_then(|file| hasher.update_reader(file).map(|_| ()))
            .map_err(|source| ModelError::Unreadable { path, source })?;
    }
    let prefixes = &folder.prefixes;
    for part in [&prefixes.query, &prefixes.passage, &prefixes.symmetric] {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    hasher.update(format!("{:?} {}", folder.pooling, folder.max_tokens).as_bytes());
    Ok(format!("encoder:{}", &hasher.finalize().to_hex()[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_computed_in_parts_has_the_same_vector() {
        let Some(folder) = testbed::encoder(testbed::ENGLISH_ENCODER) else { return };
        let mut encoder = BertEncoder::open(&folder).expect("an encoder");
        let texts = ["one text", "and another one of some more words", &"a long one ".repeat(100)];
        let encode = |encoder: &BertEncoder| {
            let vectors = encoder.encode_all(&texts, Purpose::Symmetric, &CancelToken::new()).expect("vectors");
            vectors.expect("not cancelled")
        };
        let whole = encode(&encoder);
        encoder.network.rows_at_once = 7;
        for (whole, parts) in whole.iter().flatten().zip(encode(&encoder).iter().flatten()) {
            assert!((whole - parts).abs() < 1e-5, "{parts}, not {whole}");
        }
    }
}
