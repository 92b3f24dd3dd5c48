//! A GGUF file as a labeller: the probability of each label read from the logits.
//!
//! The prompt's shared part is read once and kept. Texts are sorted by length and read in batches of a token budget, then
//! the tokens that several labels share, as a tree after each text. At every fork of that tree the
//! logits of the tokens that may come next there, and only those, are computed and normalised among themselves, which
//! is what decoding under a grammar of the labels does; a label's likelihood is the product over its choices. Nothing is
//! generated or parsed, and the probabilities of all labels sum to one.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use contract::label::ConfidenceSource;
use contract::model::ModelFinding;

use crate::cancel::CancelToken;
use crate::chat::{Chat, Frame};
use crate::decoder::Decoder;
use crate::error::{ItemError, ModelError};
use crate::gguf::Gguf;
use crate::graphics;
use crate::label_model::{LabelModel, RunReport, Scored, Sink};
use crate::memory::free_bytes;
use crate::placement::{Needs, Placement, place};
use crate::prepared::{Kept, Prepared};
use crate::prior;
use crate::prompt::LabelPrompt;
use crate::scoring::{Likelihoods, NEGLIGIBLE, Weighing, probabilities};
use crate::shape::DecoderShape;
use crate::tokenizer::TextTokenizer;

/// Tokens that one pass reads at most, unless a single text has more.
const BATCH_TOKENS: usize = 768;

/// A model in memory.
pub struct GgufModel {
    decoder: Decoder,
    tokenizer: TextTokenizer,
    chat: Chat,
    identity: String,
    findings: Vec<ModelFinding>,
    kept: Mutex<Kept>,
}

/// Texts as the model reads them, with their numbers.
pub(crate) struct Questions {
    /// Tokens of each text that fits, shortest first.
    pub(crate) fitting: Vec<(usize, Vec<u32>)>,
    /// Why the others can't be read.
    pub(crate) failed: Vec<(usize, ItemError)>,
}

/// What a file's header tells, for people.
///
/// # Errors
/// A file that is missing, no GGUF, damaged, or of an architecture, tokenizer or template that is not supported.
pub fn describe_gguf(path: &Path) -> Result<String, ModelError> {
    let gguf = Gguf::open(path)?;
    let shape = DecoderShape::from_gguf(&gguf)?;
    let tokenizer = TextTokenizer::from_gguf(&gguf)?;
    Chat::from_gguf(&gguf, &tokenizer)?;
    Ok(summary(&gguf, &shape))
}

#[allow(clippy::cast_precision_loss)] // For people to read.
fn summary(gguf: &Gguf, shape: &DecoderShape) -> String {
    let millions = gguf.parameters() as f64 / 1e6;
    let size = if millions < 1000.0 { format!("{millions:.0}M") } else { format!("{:.1}B", millions / 1000.0) };
    let name = gguf.text("general.name").map(|name| format!("{name} · ")).unwrap_or_default();
    format!("{name}{} · {size} · {}", shape.architecture, gguf.quantisation())
}

impl GgufModel {
    /// Loads a model. One that does not fit into the free memory is refused before anything is loaded.
    ///
    /// # Errors
    /// As [`describe_gguf`], and [`ModelError::TooLarge`].
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        let gguf = Gguf::open(path)?;
        let shape = DecoderShape::from_gguf(&gguf)?;
        let tokenizer = TextTokenizer::from_gguf(&gguf)?;
        let chat = Chat::from_gguf(&gguf, &tokenizer)?;
        let free = free_bytes();
        let Placement { backend, findings: placed } = place(&Needs::of(&gguf, &shape), graphics::find(), free)
            .map_err(|needed| ModelError::TooLarge { path: path.to_owned(), needed, free })?;
        let mut findings = vec![ModelFinding::File { summary: summary(&gguf, &shape) }];
        findings.extend(placed);
        findings.push(ModelFinding::Context { tokens: shape.context as u64 });
        let identity = format!("gguf:{}", file_hash(path)?);
        let decoder = Decoder::read(&gguf, shape, &backend)?;
        Ok(Self { decoder, tokenizer, chat, identity, findings, kept: Mutex::default() })
    }

    pub(crate) fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    pub(crate) fn tokenizer(&self) -> &TextTokenizer {
        &self.tokenizer
    }

    /// The prompt's tokens around a text.
    pub(crate) fn frame(&self, prompt: &LabelPrompt) -> Result<Frame, ModelError> {
        self.chat.frame(prompt, &self.tokenizer)
    }

    /// Reads the prompt, or takes it as it was read last time. `None` when cancelled.
    pub(crate) fn prepare(
        &self,
        prompt: &LabelPrompt,
        cancel: &CancelToken,
    ) -> Result<Option<Arc<Prepared>>, ModelError> {
        let version = prompt.version();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = kept.prompt.as_ref().filter(|ready| ready.version == version) {
            return Ok(Some(Arc::clone(ready)));
        }
        let frame = self.frame(prompt)?;
        let before = kept.prompt.take();
        let read = Prepared::read(version.clone(), frame, before.as_deref(), &self.decoder, BATCH_TOKENS, cancel)?;
        let Some(mut prepared) = read else { return Ok(None) };
        prepared.corrections = match kept.corrections(&version) {
            Some(known) => known,
            None => {
                let Some(sample) = self.sample(&prepared, prompt, cancel)? else { return Ok(None) };
                if !sample.is_empty() {
                    prepared.corrections = prior::corrections(&sample);
                }
                kept.keep_corrections(&version, &prepared.corrections);
                prepared.corrections
            }
        };
        let ready = Arc::new(prepared);
        kept.prompt = Some(Arc::clone(&ready));
        Ok(Some(ready))
    }

    /// Log-likelihoods of the labels for each text of the prompt's calibration that fits. `None` when cancelled.
    fn sample(
        &self,
        prepared: &Prepared,
        prompt: &LabelPrompt,
        cancel: &CancelToken,
    ) -> Result<Option<Vec<Vec<f64>>>, ModelError> {
        let texts: Vec<&str> = prompt.calibration.iter().map(String::as_str).collect();
        let mut sample = Vec::with_capacity(texts.len());
        // A sum of floating-point numbers depends on the order: it is always the same one.
        for batch in batches(&self.questions(prepared, &texts)?.fitting) {
            let Some(answers) = self.score(prepared, batch, 0.0, cancel)? else { return Ok(None) };
            sample.extend(answers.into_iter().map(|answer| answer.logs));
        }
        Ok(Some(sample))
    }

    /// The texts as tokens.
    pub(crate) fn questions(&self, prepared: &Prepared, texts: &[&str]) -> Result<Questions, ModelError> {
        let limit = self.decoder.shape().context;
        let mut questions = Questions { fitting: Vec::with_capacity(texts.len()), failed: Vec::new() };
        for (index, text) in texts.iter().enumerate() {
            let ids = prepared.frame.question(text, &self.tokenizer)?;
            if ids.is_empty() {
                return Err(ModelError::Failed { detail: "the tokenizer gives no tokens".to_owned() });
            }
            let tokens = prepared.prefix.len() + ids.len() + prepared.choices.trie.deepest();
            if tokens <= limit {
                questions.fitting.push((index, ids));
            } else {
                questions.failed.push((index, ItemError::TooLong { tokens, limit }));
            }
        }
        // Neighbours of one length share a pass; the order among equals is that of the texts.
        questions.fitting.sort_by_key(|(index, tokens)| (tokens.len(), *index));
        Ok(questions)
    }

    /// Log-likelihoods of the labels, and tokens read, for a batch of texts.
    pub(crate) fn score(
        &self,
        prepared: &Prepared,
        batch: &[(usize, Vec<u32>)],
        negligible: f64,
        cancel: &CancelToken,
    ) -> Result<Option<Vec<Likelihoods>>, ModelError> {
        let tokens: Vec<&[u32]> = batch.iter().map(|(_, tokens)| tokens.as_slice()).collect();
        let weighing = Weighing { corrections: &prepared.corrections, negligible };
        prepared.choices.score(&self.decoder, &prepared.prefix, &tokens, weighing, cancel)
    }
}

/// Cuts texts into batches of a token budget.
pub(crate) fn batches(texts: &[(usize, Vec<u32>)]) -> Vec<&[(usize, Vec<u32>)]> {
    let mut batches = Vec::new();
    let mut rest = texts;
    while !rest.is_empty() {
        let mut budget = 0;
        let fits = |(_, tokens): &&(usize, Vec<u32>)| {
            budget += tokens.len();
            budget <= BATCH_TOKENS
        };
        let (batch, after) = rest.split_at(rest.iter().take_while(fits).count().max(1));
        batches.push(batch);
        rest = after;
    }
    batches
}

/// BLAKE3 of a file, the first 16 hexadecimal digits.
fn file_hash(path: &Path) -> Result<String, ModelError> {
    let mut hasher = blake3::Hasher::new();
    File::open(path)
        .and_then(|file| hasher.update_reader(file).map(|_| ()))
        .map_err(|source| ModelError::Unreadable { path: path.to_owned(), source })?;
    Ok(hasher.finalize().to_hex()[..16].to_owned())
}

impl LabelModel for GgufModel {
    fn corrections(&self, prompt: &LabelPrompt, cancel: &CancelToken) -> Result<Option<Vec<f64>>, ModelError> {
        Ok(self.prepare(prompt, cancel)?.map(|prepared| prepared.corrections.clone()))
    }

    fn know_corrections(&self, prompt: &LabelPrompt, corrections: Vec<f64>) {
        if corrections.len() == prompt.labels.len() && corrections.iter().all(|value| value.is_finite()) {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.keep_corrections(&prompt.version(), &corrections);
        }
    }

    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn findings(&self) -> Vec<ModelFinding> {
        self.findings.clone()
    }

    fn rendered(&self, prompt: &LabelPrompt, text: &str) -> String {
        self.chat.rendered(prompt, text, &self.tokenizer)
    }

    fn label(
        &self,
        prompt: &LabelPrompt,
        texts: &[&str],
        cancel: &CancelToken,
        sink: &mut Sink<'_>,
    ) -> Result<RunReport, ModelError> {
        let mut report = RunReport { cancelled: true, ..RunReport::default() };
        let Some(prepared) = self.prepare(prompt, cancel)? else { return Ok(report) };
        report.prompt_tokens = prepared.prefix.len() as u64;
        let questions = self.questions(&prepared, texts)?;
        for (index, error) in questions.failed {
            report.failed += 1;
            if sink(index, Err(error)) == ControlFlow::Break(()) {
                return Ok(report);
            }
        }
        for batch in batches(&questions.fitting) {
            let Some(answers) = self.score(&prepared, batch, NEGLIGIBLE, cancel)? else { return Ok(report) };
            for ((index, tokens), Likelihoods { logs, read }) in batch.iter().zip(answers) {
                let scored_tokens = read - tokens.len();
                let scored = Scored {
                    probabilities: probabilities(&logs, &prepared.corrections),
                    obtained: ConfidenceSource::LabelLikelihood,
                    prompt_tokens: u32::try_from(tokens.len()).unwrap_or(u32::MAX),
                    completion_tokens: u32::try_from(scored_tokens).unwrap_or(u32::MAX),
                };
                report.labelled += 1;
                report.prompt_tokens += tokens.len() as u64;
                report.completion_tokens += scored_tokens as u64;
                if sink(*index, Ok(scored)) == ControlFlow::Break(()) {
                    return Ok(report);
                }
            }
        }
        report.cancelled = false;
        Ok(report)
    }
}
