//! The likelihood of every label for a batch of texts, read fork by fork from the logits.

use crate::cancel::CancelToken;
use crate::decoder::{Decoder, Prefix, Step, trunk};
use crate::error::ModelError;
use crate::kernels::dot;
use crate::trie::LabelTrie;

/// Branches of the labels' tree whose labels together have less than this probability are not followed: what they have is
/// divided evenly among their labels. So no label's probability is off by more.
pub(crate) const NEGLIGIBLE: f64 = 1e-3;

/// Labels as they are scored: their tree, and the rows of the output matrix at its forks.
pub(crate) struct Choices {
    pub(crate) trie: LabelTrie,
    labels: usize,
    /// Rows of the output matrix for every token of every fork, in order.
    rows: Vec<f32>,
    /// Where each fork's rows begin.
    starts: Vec<usize>,
}

/// What is known of the labels before a text is read, and how much is left out.
#[derive(Clone, Copy)]
pub(crate) struct Weighing<'a> {
    /// Added to each label's log-likelihood before it becomes a probability.
    pub(crate) corrections: &'a [f64],
    /// Branches with less probability are not followed; 0 follows all.
    pub(crate) negligible: f64,
}

/// What a model makes of the labels after a text.
#[derive(Clone, Debug)]
pub(crate) struct Likelihoods {
    /// Natural logarithm of each label's likelihood.
    pub(crate) logs: Vec<f64>,
    /// Tokens read: the text's and the labels'.
    pub(crate) read: usize,
}

/// A fork that is to be looked at for a text.
struct Open {
    sequence: usize,
    fork: usize,
    /// Log-likelihood of coming here.
    log: f64,
    /// The tokens on the way here, as the sequence numbered them.
    ancestors: Vec<usize>,
}

/// One text while it is scored.
struct Text {
    /// Tokens before the labels.
    trunk: usize,
    /// Tokens read so far.
    read: usize,
    logs: Vec<f64>,
}

impl Choices {
    /// Of tokenised answers.
    pub(crate) fn new(answers: &[Vec<u32>], decoder: &Decoder) -> Result<Self, ModelError> {
        let trie = LabelTrie::new(answers)?;
        let mut starts = Vec::with_capacity(trie.forks.len());
        let mut tokens = Vec::new();
        for fork in &trie.forks {
            starts.push(tokens.len());
            tokens.extend(fork.choices.iter().map(|choice| choice.token));
        }
        Ok(Self { trie, labels: answers.len(), rows: decoder.output_rows(&tokens)?, starts })
    }

    /// Natural logarithms of the labels' likelihoods after each text: at each fork the logits of the tokens that may come next,
    /// and only those, are normalised among themselves, and a label's likelihood is the product over its choices. `None` when cancelled.
    pub(crate) fn score(
        &self,
        decoder: &Decoder,
        prefix: &Prefix,
        batch: &[&[u32]],
        weighing: Weighing<'_>,
        cancel: &CancelToken,
    ) -> Result<Option<Vec<Likelihoods>>, ModelError> {
        let mut sequences = decoder.batch(batch.len());
        let mut texts: Vec<Text> = batch
            .iter()
            .map(|tokens| Text { trunk: tokens.len(), read: 0, logs: vec![f64::NEG_INFINITY; self.labels] })
            .collect();
        let root = |sequence| Open { sequence, fork: 0, log: 0.0, ancestors: Vec::new() };
        let mut frontier: Vec<Open> = (0..batch.len()).map(root).collect();
        let mut first = true;
        while !frontier.is_empty() {
            let mut steps = Vec::new();
            let mut wanted = Vec::with_capacity(frontier.len());
            for open in &mut frontier {
                let text = &mut texts[open.sequence];
                if first {
                    steps.extend(trunk(open.sequence, batch[open.sequence]));
                    text.read = text.trunk;
                }
                self.walk(open, text, &mut steps);
                wanted.push(steps.len() - 1);
            }
            first = false;
            let Some(hidden) = decoder.forward(&steps, &wanted, &mut *sequences, prefix, cancel)? else {
                return Ok(None);
            };
            let width = decoder.shape().hidden;
            let mut reached = Vec::new();
            for (open, state) in frontier.iter().zip(hidden.chunks_exact(width)) {
                self.look(open, state, &mut texts[open.sequence], &mut reached);
            }
            frontier = follow(reached, &mut texts, &self.trie, weighing);
        }
        Ok(Some(texts.into_iter().map(|text| Likelihoods { logs: text.logs, read: text.read }).collect()))
    }

    /// Adds the steps that lead to a fork.
    fn walk(&self, open: &mut Open, text: &mut Text, steps: &mut Vec<Step>) {
        let fork = &self.trie.forks[open.fork];
        for (index, &token) in fork.way.iter().enumerate() {
            open.ancestors.push(text.read);
            text.read += 1;
            steps.push(Step {
                sequence: open.sequence,
                token,
                position: text.trunk + fork.depth + index,
                trunk: text.trunk,
                ancestors: open.ancestors.clone(),
            });
        }
    }

    /// Spreads the likelihood of a fork over its choices; those after which labels part again are `reached`.
    fn look(&self, open: &Open, state: &[f32], text: &mut Text, reached: &mut Vec<Open>) {
        let choices = &self.trie.forks[open.fork].choices;
        let width = state.len();
        let rows = &self.rows[self.starts[open.fork] * width..][..choices.len() * width];
        let logs = log_softmax(rows.chunks_exact(width).map(|row| f64::from(dot(state, row))).collect());
        for (choice, log) in choices.iter().zip(logs) {
            let log = open.log + log;
            #[allow(clippy::cast_precision_loss)] // A handful of labels.
            let even = log - (choice.labels.len() as f64).ln();
            choice.labels.iter().for_each(|&label| text.logs[label] = even);
            if let Some(fork) = choice.next {
                reached.push(Open { sequence: open.sequence, fork, log, ancestors: open.ancestors.clone() });
            }
        }
    }
}

/// The forks whose labels may still come to more than what is negligible.
fn follow(reached: Vec<Open>, texts: &mut [Text], trie: &LabelTrie, weighing: Weighing<'_>) -> Vec<Open> {
    if weighing.negligible <= 0.0 {
        return reached;
    }
    let extremes: Vec<(f64, f64)> = trie.forks.iter().map(|fork| extremes(fork, weighing.corrections)).collect();
    // At least so much all labels come to, however the likelihood of an open fork is divided among its labels.
    let mut least = vec![0.0; texts.len()];
    for (text, least) in texts.iter().zip(&mut least) {
        *least = text.logs.iter().zip(weighing.corrections).map(|(log, correction)| (log + correction).exp()).sum();
    }
    for open in &reached {
        let labels = trie.forks[open.fork].choices.iter().flat_map(|choice| &choice.labels);
        let text = &texts[open.sequence];
        let even: f64 = labels.map(|&label| (text.logs[label] + weighing.corrections[label]).exp()).sum();
        least[open.sequence] += (open.log + extremes[open.fork].0).exp() - even;
    }
    let matters = |open: &Open| (open.log + extremes[open.fork].1).exp() >= weighing.negligible * least[open.sequence];
    reached.into_iter().filter(matters).collect()
}

/// The smallest and the largest correction of the labels after a fork.
fn extremes(fork: &crate::trie::Fork, corrections: &[f64]) -> (f64, f64) {
    let all = || fork.choices.iter().flat_map(|choice| &choice.labels).map(|&label| corrections[label]);
    (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
}

/// Probabilities of the labels from their log-likelihoods and corrections; they sum to 1.
pub(crate) fn probabilities(logs: &[f64], corrections: &[f64]) -> Vec<f32> {
    let corrected: Vec<f64> = logs.iter().zip(corrections).map(|(log, correction)| log + correction).collect();
    #[allow(clippy::cast_possible_truncation)] // Probabilities are kept as f32.
    log_softmax(corrected).into_iter().map(|log| log.exp() as f32).collect()
}

fn log_softmax(mut logits: Vec<f64>) -> Vec<f64> {
    let highest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - highest).exp()).sum();
    let shift = highest + sum.ln();
    logits.iter_mut().for_each(|logit| *logit -= shift);
    logits
}
