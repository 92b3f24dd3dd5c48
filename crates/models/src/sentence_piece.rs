//! SentencePiece's byte-pair tokenizer as llama.cpp computes it (`llm_tokenizer_spm`): of all neighbours that form a known
//! piece, those with the highest score are joined first, the leftmost among equals; what is no piece in the end is
//! written as its bytes.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use crate::error::ModelError;
use crate::gguf::Gguf;

/// What stands for a blank inside pieces.
const BLANK: &str = "\u{2581}";

/// The pieces of a vocabulary.
pub(crate) struct SentencePieces {
    ids: HashMap<String, u32>,
    scores: Vec<f32>,
    bytes: Vec<u32>,
    /// A text, or a part of one after a special token, begins with a blank of its own.
    leading_blank: bool,
}

/// A run of the text that is one piece so far.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    length: usize,
    before: Option<usize>,
    after: Option<usize>,
}

/// Two neighbours that may be joined.
struct Pair {
    score: f32,
    left: usize,
    right: usize,
    /// Bytes of both when they met: a pair of which one side has grown since is void.
    length: usize,
}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then_with(|| other.left.cmp(&self.left))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pair {}

impl SentencePieces {
    /// Reads pieces and scores.
    pub(crate) fn from_gguf(gguf: &Gguf, tokens: &[&str]) -> Result<Self, ModelError> {
        let scores = gguf.reals("tokenizer.ggml.scores")?;
        if scores.len() != tokens.len() {
            return Err(gguf.damaged(format!("{} tokens have {} scores", tokens.len(), scores.len())));
        }
        // Of two that are written the same, the later one counts.
        let ids: HashMap<String, u32> =
            tokens.iter().zip(0..).map(|(token, id): (_, u32)| ((*token).to_owned(), id)).collect();
        let byte = |byte: u8| {
            let named = ids.get(&format!("<0x{byte:02X}>"));
            named.or_else(|| ids.get(&char::from(byte).to_string())).copied()
        };
        let bytes = (0..=u8::MAX).map(byte).collect::<Option<Vec<u32>>>();
        let bytes = bytes.ok_or_else(|| gguf.damaged("the vocabulary lacks tokens of bytes".to_owned()))?;
        let leading_blank = gguf.number("tokenizer.ggml.add_space_prefix").is_none_or(|add| add != 0);
        Ok(Self { ids, scores, bytes, leading_blank })
    }

    /// Ids of a text without special tokens; `begins` tells that it stands at the beginning or after a special token.
    pub(crate) fn encode(&self, text: &str, begins: bool) -> Vec<u32> {
        if text.is_empty() {
            return Vec::new();
        }
        let blank = if begins && self.leading_blank { BLANK } else { "" };
        let text = format!("{blank}{}", text.replace(' ', BLANK));
        let mut runs = characters(&text);
        let mut pairs = BinaryHeap::new();
        for right in 1..runs.len() {
            self.meet(&text, &runs, right - 1, right, &mut pairs);
        }
        while let Some(pair) = pairs.pop() {
            let (left, right) = (runs[pair.left], runs[pair.right]);
            if left.length == 0 || right.length == 0 || left.length + right.length != pair.length {
                continue;
            }
            runs[pair.left] = Run { length: pair.length, after: right.after, ..left };
            runs[pair.right].length = 0;
            if let Some(after) = right.after {
                runs[after].before = Some(pair.left);
                self.meet(&text, &runs, pair.left, after, &mut pairs);
            }
            if let Some(before) = left.before {
                self.meet(&text, &runs, before, pair.left, &mut pairs);
            }
        }
        let mut ids = Vec::new();
        for run in runs.iter().filter(|run| run.length > 0) {
            let piece = &text[run.start..run.start + run.length];
            match self.ids.get(piece) {
                Some(id) => ids.push(*id),
                None => ids.extend(piece.bytes().map(|byte| self.bytes[usize::from(byte)])),
            }
        }
        ids
    }

    /// Notes two neighbours if they form a piece.
    fn meet(&self, text: &str, runs: &[Run], left: usize, right: usize, pairs: &mut BinaryHeap<Pair>) {
        let length = runs[left].length + runs[right].length;
        let joined = &text[runs[left].start..runs[left].start + length];
        if let Some(score) = self.ids.get(joined).and_then(|id| self.scores.get(*id as usize)) {
            pairs.push(Pair { score: *score, left, right, length });
        }
    }
}

fn characters(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(text.len());
    for (start, character) in text.char_indices() {
        let index = runs.len();
        if let Some(last) = runs.last_mut() {
            last.after = Some(index);
        }
        runs.push(Run { start, length: character.len_utf8(), before: index.checked_sub(1), after: None });
    }
    runs
}
