//! A tokenizer built from a GGUF file's own vocabulary, equal to llama.cpp's.

use tokenizers::Tokenizer;
use tokenizers::models::bpe::{BPE, Vocab};

use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::pre_tokenizer::PreTokenizer;
use crate::sentence_piece::SentencePieces;
use crate::special::{Part, SpecialTokens};

/// GGUF's token types.
const UNKNOWN: u64 = 2;
const CONTROL: u64 = 3;
const USER_DEFINED: u64 = 4;

/// Turns texts into token ids.
pub(crate) struct TextTokenizer {
    pieces: Pieces,
    /// The tokens that are found in any text before it is cut: runs of line breaks and the like, but none that a chat
    /// template uses, so that a text can't pretend to be a conversation.
    of_texts: SpecialTokens,
    /// All special tokens.
    of_prompts: SpecialTokens,
    /// Put before a prompt that doesn't begin with it.
    beginning: Option<u32>,
    names: [String; 2],
}

enum Pieces {
    /// Byte pairs over a text that was cut before.
    Bytes(Box<Tokenizer>),
    Sentence(SentencePieces),
}

impl TextTokenizer {
    /// Builds the tokenizer that the file describes.
    pub(crate) fn from_gguf(gguf: &Gguf) -> Result<Self, ModelError> {
        let model = gguf.required_text("tokenizer.ggml.model")?;
        let pre = gguf.text("tokenizer.ggml.pre").unwrap_or("default");
        let unsupported =
            || ModelError::Tokenizer { path: gguf.path().to_owned(), tokenizer: format!("{model}/{pre}") };
        let tokens = gguf.texts("tokenizer.ggml.tokens")?;
        if u32::try_from(tokens.len()).is_err() {
            return Err(gguf.damaged("the vocabulary is too large".to_owned()));
        }
        let (pieces, marked) = match model {
            "llama" => (Pieces::Sentence(SentencePieces::from_gguf(gguf, &tokens)?), true),
            "gpt2" => {
                let pre = PreTokenizer::named(pre).ok_or_else(unsupported)?;
                let marked = pre.marks_beginning;
                (Pieces::Bytes(Box::new(byte_pairs(gguf, &tokens, pre)?)), marked)
            }
            _ => return Err(unsupported()),
        };
        let types = gguf.numbers("tokenizer.ggml.token_type")?;
        let template = gguf.text("tokenizer.chat_template").unwrap_or_default();
        let of_type = |wanted: &'static [u64]| {
            let all = tokens.iter().copied().zip(0_u32..).zip(&types);
            all.filter(|(_, kind)| wanted.contains(kind)).map(|(token, _)| token)
        };
        // Phi 3 was taught without the blanks after its marks.
        let name = gguf.text("general.name").unwrap_or_default().to_lowercase();
        let phi = name.contains("phi-3") || name.contains("phi3");
        let swallows_blanks = |token: &str| phi && !["<unk>", "<s>", "<|endoftext|>"].contains(&token);
        let marks = gguf.number("tokenizer.ggml.add_bos_token").map_or(marked, |add| add != 0);
        let id = |key: &str| {
            let id = gguf.number(key).and_then(|id| u32::try_from(id).ok());
            id.filter(|id| (*id as usize) < tokens.len())
        };
        let beginning = id("tokenizer.ggml.bos_token_id");
        let named = |id: Option<u32>| id.map_or_else(String::new, |id| tokens[id as usize].to_owned());
        let names = [named(beginning), named(id("tokenizer.ggml.eos_token_id"))];
        Ok(Self {
            pieces,
            of_texts: SpecialTokens::new(
                of_type(&[USER_DEFINED]).filter(|(token, _)| token.trim().is_empty() || !template.contains(token)),
                swallows_blanks,
            )?,
            of_prompts: SpecialTokens::new(of_type(&[UNKNOWN, CONTROL, USER_DEFINED]), swallows_blanks)?,
            beginning: beginning.filter(|_| marks),
            names,
        })
    }

    /// How the file writes the marks of a prompt's beginning and end, as chat templates use them.
    pub(crate) fn marks(&self) -> [&str; 2] {
        self.names.each_ref().map(String::as_str)
    }

    /// Ids of a text; special tokens in it are read as plain text. `begins` tells that it stands at the beginning or after a
    /// special token.
    pub(crate) fn encode(&self, text: &str, begins: bool) -> Result<Vec<u32>, ModelError> {
        self.join(&self.of_texts, text, begins)
    }

    /// Ids of a text in which special tokens stand for themselves, as llama.cpp's server reads a prompt.
    pub(crate) fn encode_with_special(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        self.join(&self.of_prompts, text, true)
    }

    /// The same, for the beginning of a prompt: with the mark that the model expects there.
    pub(crate) fn encode_beginning(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let mut ids = self.encode_with_special(text)?;
        if let Some(mark) = self.beginning.filter(|mark| ids.first() != Some(mark)) {
            ids.insert(0, mark);
        }
        Ok(ids)
    }

    /// Where the last special token of a text ends.
    pub(crate) fn after_last_special(&self, text: &str) -> Option<usize> {
        let end = |part: &Part<'_>| if let Part::Special(_, end) = part { Some(*end) } else { None };
        self.of_prompts.parts(text).iter().rev().find_map(end)
    }

    /// Where the first special token of a text begins.
    pub(crate) fn first_special(&self, text: &str) -> Option<usize> {
        match self.of_prompts.parts(text).as_slice() {
            [Part::Special(..), ..] => Some(0),
            [Part::Text(before), Part::Special(..), ..] => Some(before.len()),
            _ => None,
        }
    }

    fn join(&self, special: &SpecialTokens, text: &str, begins: bool) -> Result<Vec<u32>, ModelError> {
        let mut ids = Vec::new();
        let mut begins = begins;
        for part in special.parts(text) {
            match part {
                Part::Special(id, _) => ids.push(id),
                Part::Text(text) => ids.extend(self.pieces.encode(text, begins)?),
            }
            begins = matches!(part, Part::Special(..));
        }
        Ok(ids)
    }
}

impl Pieces {
    fn encode(&self, text: &str, begins: bool) -> Result<Vec<u32>, ModelError> {
        match self {
            Self::Bytes(tokenizer) => {
                let encoded = tokenizer
                    .encode_fast(text, false)
                    .map_err(|error| ModelError::Failed { detail: format!("tokenizer: {error}") })?;
                Ok(encoded.get_ids().to_vec())
            }
            Self::Sentence(pieces) => Ok(pieces.encode(text, begins)),
        }
    }
}

fn byte_pairs(gguf: &Gguf, tokens: &[&str], pre: PreTokenizer) -> Result<Tokenizer, ModelError> {
    let vocabulary: Vocab = tokens.iter().zip(0..).map(|(token, id)| ((*token).to_owned(), id)).collect();
    let mut merges = Vec::new();
    for merge in gguf.texts("tokenizer.ggml.merges")? {
        let (left, right) =
            merge.split_once(' ').ok_or_else(|| gguf.damaged(format!("the merge {merge:?} has one part")))?;
        merges.push((left.to_owned(), right.to_owned()));
    }
    let bpe = BPE::builder()
        .vocab_and_merges(vocabulary, merges)
        .ignore_merges(pre.whole_pieces)
        .build()
        .map_err(|error| gguf.damaged(format!("the tokenizer is inconsistent: {error}")))?;
    let mut tokenizer = Tokenizer::new(bpe);
    tokenizer.with_pre_tokenizer(Some(pre.cut));
    Ok(tokenizer)
}
