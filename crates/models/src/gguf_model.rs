//! A GGUF file as a labeller: the probability of each label read from the logits.
//!
//! The prompt's shared part is read once and kept. Texts are sorted by length and read in batches of a token budget; in the
//! same pass the tokens that several labels share are read as a tree after each text. At every fork of that tree the
//! logits of the tokens that may come next there, and only those, are computed and normalised among themselves, which
//! is what decoding under a grammar of the labels does; a label's probability is the product over its choices. Nothing is
//! generated or parsed, and the probabilities of all labels sum to one.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use contract::label::ConfidenceSource;
use contract::model::ModelFinding;

use crate::cancel::CancelToken;
use crate::chat::ChatMl;
use crate::decoder::{Decoder, OwnPart, Prefix, Step, trunk};
use crate::error::{ItemError, ModelError};
use crate::gguf::Gguf;
use crate::kernels::dot;
use crate::label_model::{LabelModel, RunReport, Scored, Sink};
use crate::memory::{Precision, choose_precision, free_bytes};
use crate::prompt::LabelPrompt;
use crate::shape::DecoderShape;
use crate::tokenizer::TextTokenizer;
use crate::trie::LabelTrie;

/// Tokens that one pass reads at most, unless a single text has more.
const BATCH_TOKENS: usize = 768;
/// Memory for the activations of a pass and the prefix's keys, a generous estimate.
const SCRATCH: u64 = 512 << 20;

/// A model in memory.
pub struct GgufModel {
    decoder: Decoder,
    tokenizer: TextTokenizer,
    chat: ChatMl,
    identity: String,
    findings: Vec<ModelFinding>,
    /// The prompt used last.
    prepared: Mutex<Option<Arc<Prepared>>>,
}

/// A prompt that the model has read.
struct Prepared {
    version: String,
    prefix: Prefix,
    trie: LabelTrie,
    /// Rows of the output matrix for every token of every fork, in order.
    rows: Vec<f32>,
    /// Where each fork's rows begin.
    starts: Vec<usize>,
    /// Tokens of the longest label.
    longest: usize,
}

/// What a file's header tells, for people.
///
/// # Errors
/// A file that is missing, no GGUF, damaged, or of an architecture, tokenizer or template that is not supported.
pub fn describe_gguf(path: &Path) -> Result<String, ModelError> {
    let gguf = Gguf::open(path)?;
    let shape = DecoderShape::from_gguf(&gguf)?;
    let tokenizer = TextTokenizer::from_gguf(&gguf)?;
    ChatMl::from_gguf(&gguf, &tokenizer)?;
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
        let chat = ChatMl::from_gguf(&gguf, &tokenizer)?;
        let free = free_bytes();
        let bytes = |precision| shape.weight_bytes(&gguf, precision);
        let precision = choose_precision(bytes(Precision::Full), bytes(Precision::Stored), SCRATCH, free)
            .map_err(|needed| ModelError::TooLarge { path: path.to_owned(), needed, free })?;
        let findings = vec![
            ModelFinding::File { summary: summary(&gguf, &shape) },
            ModelFinding::Weights { full: precision == Precision::Full, bytes: bytes(precision), free },
            ModelFinding::Context { tokens: shape.context as u64 },
        ];
        let identity = format!("gguf:{}", file_hash(path)?);
        let decoder = Decoder::read(&gguf, shape, precision)?;
        Ok(Self { decoder, tokenizer, chat, identity, findings, prepared: Mutex::new(None) })
    }

    pub(crate) fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    pub(crate) fn tokenizer(&self) -> &TextTokenizer {
        &self.tokenizer
    }

    /// Reads the prompt, or takes it as it was read last time. `None` when cancelled.
    fn prepare(&self, prompt: &LabelPrompt, cancel: &CancelToken) -> Result<Option<Arc<Prepared>>, ModelError> {
        let version = prompt.version();
        let mut kept = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = kept.as_ref().filter(|ready| ready.version == version) {
            return Ok(Some(Arc::clone(ready)));
        }
        let labels: Vec<Vec<u32>> =
            prompt.labels.iter().map(|label| self.tokenizer.encode(&label.in_json())).collect::<Result<_, _>>()?;
        let trie = LabelTrie::new(&labels, self.chat.after_label(&self.tokenizer)?)?;
        let longest = labels.iter().map(Vec::len).max().unwrap_or(0);
        let tokens = self.chat.shared(prompt, &self.tokenizer)?;
        let limit = self.decoder.shape().context;
        if tokens.len() + longest >= limit {
            return Err(ModelError::PromptTooLong { tokens: tokens.len(), limit });
        }
        let Some(prefix) = self.decoder.prefix(&tokens, BATCH_TOKENS, cancel)? else { return Ok(None) };
        let mut starts = Vec::with_capacity(trie.forks.len());
        let mut choices = Vec::new();
        for fork in &trie.forks {
            starts.push(choices.len());
            choices.extend_from_slice(&fork.tokens);
        }
        let rows = self.decoder.output_rows(&choices)?;
        let ready = Arc::new(Prepared { version, prefix, trie, rows, starts, longest });
        *kept = Some(Arc::clone(&ready));
        Ok(Some(ready))
    }

    /// Reads a batch of texts and the labels' tree after each; answers the probabilities of each text's labels.
    fn score(
        &self,
        prepared: &Prepared,
        batch: &[(usize, Vec<u32>)],
        cancel: &CancelToken,
    ) -> Result<Option<Vec<Vec<f32>>>, ModelError> {
        let mut steps = Vec::new();
        let mut first = Vec::with_capacity(batch.len());
        for (sequence, (_, tokens)) in batch.iter().enumerate() {
            first.push(steps.len());
            steps.extend(trunk(sequence, tokens));
            steps.extend(prepared.trie.steps.iter().map(|step| Step {
                sequence,
                token: step.token,
                position: tokens.len() + step.depth,
                trunk: tokens.len(),
                ancestors: step.ancestors.iter().map(|ancestor| tokens.len() + ancestor).collect(),
            }));
        }
        let mut own = vec![OwnPart::default(); batch.len()];
        let Some(hidden) = self.decoder.forward(&steps, &mut own, &prepared.prefix, cancel)? else {
            return Ok(None);
        };
        let width = self.decoder.shape().hidden;
        let state = |step: usize| &hidden[step * width..(step + 1) * width];
        let answers = batch.iter().zip(first).map(|((_, tokens), first)| {
            let last = first + tokens.len() - 1;
            probabilities(prepared, width, |after: Option<usize>| state(after.map_or(last, |step| last + 1 + step)))
        });
        Ok(Some(answers.collect()))
    }
}

/// The probability of each label, given the hidden state after each step of the tree (`None`: before it).
fn probabilities<'a>(prepared: &Prepared, width: usize, state: impl Fn(Option<usize>) -> &'a [f32]) -> Vec<f32> {
    let choices: Vec<Vec<f64>> = prepared
        .trie
        .forks
        .iter()
        .zip(&prepared.starts)
        .map(|(fork, &start)| {
            let hidden = state(fork.after);
            let rows = &prepared.rows[start * width..(start + fork.tokens.len()) * width];
            log_softmax(rows.chunks_exact(width).map(|row| f64::from(dot(hidden, row))).collect())
        })
        .collect();
    let logs = prepared.trie.paths.iter().map(|path| path.iter().map(|&(fork, choice)| choices[fork][choice]).sum());
    let exact: Vec<f64> = logs.map(f64::exp).collect();
    let sum: f64 = exact.iter().sum();
    #[allow(clippy::cast_possible_truncation)] // Probabilities are kept as f32.
    exact.into_iter().map(|probability| (probability / sum) as f32).collect()
}

fn log_softmax(mut logits: Vec<f64>) -> Vec<f64> {
    let highest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - highest).exp()).sum();
    let shift = highest + sum.ln();
    logits.iter_mut().for_each(|logit| *logit -= shift);
    logits
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
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn findings(&self) -> Vec<ModelFinding> {
        self.findings.clone()
    }

    fn rendered(&self, prompt: &LabelPrompt, text: &str) -> String {
        self.chat.rendered(prompt, text)
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
        let limit = self.decoder.shape().context;
        let mut waiting = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            let tokens = self.chat.question(text, &self.tokenizer)?;
            let needed = prepared.prefix.len() + tokens.len() + prepared.longest;
            if needed <= limit {
                waiting.push((index, tokens));
                continue;
            }
            report.failed += 1;
            if sink(index, Err(ItemError::TooLong { tokens: needed, limit })) == ControlFlow::Break(()) {
                return Ok(report);
            }
        }
        // Neighbours of one length share a pass; the order among equals is that of the texts.
        waiting.sort_by_key(|(index, tokens)| (tokens.len(), *index));
        let tree = prepared.trie.steps.len();
        let mut rest = waiting.as_slice();
        while !rest.is_empty() {
            let mut budget = 0;
            let fits = |(_, tokens): &&(usize, Vec<u32>)| {
                budget += tokens.len() + tree;
                budget <= BATCH_TOKENS
            };
            let (batch, after) = rest.split_at(rest.iter().take_while(fits).count().max(1));
            rest = after;
            let Some(answers) = self.score(&prepared, batch, cancel)? else { return Ok(report) };
            for ((index, tokens), probabilities) in batch.iter().zip(answers) {
                let scored = Scored {
                    probabilities,
                    obtained: ConfidenceSource::LabelLikelihood,
                    prompt_tokens: u32::try_from(tokens.len()).unwrap_or(u32::MAX),
                    completion_tokens: u32::try_from(tree).unwrap_or(u32::MAX),
                };
                report.labelled += 1;
                report.prompt_tokens += tokens.len() as u64;
                report.completion_tokens += tree as u64;
                if sink(*index, Ok(scored)) == ControlFlow::Break(()) {
                    return Ok(report);
                }
            }
        }
        report.cancelled = false;
        Ok(report)
    }
}
