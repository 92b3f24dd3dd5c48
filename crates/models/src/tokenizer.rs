//! A tokenizer built from a GGUF file's own vocabulary and merges, equal to llama.cpp's.

use std::collections::HashMap;
use std::sync::OnceLock;

use tokenizers::models::bpe::BPE;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer};

use crate::error::ModelError;
use crate::gguf::Gguf;

/// The regular expression with which Qwen2 cuts texts, as in the model's own `tokenizer.json`.
const QWEN2_PATTERN: &str =
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// GGUF's token types for control tokens and tokens that a user defined.
const SPECIAL_TYPES: [u64; 2] = [3, 4];

/// Turns texts into token ids.
pub(crate) struct TextTokenizer {
    /// Knows no special tokens: a text that spells one out stays a text.
    plain: Tokenizer,
    /// Knows them; made when it is first asked for.
    with_special: OnceLock<Tokenizer>,
    /// Ids of the special tokens by their text.
    special: HashMap<String, u32>,
}

impl TextTokenizer {
    /// Builds the tokenizer that the file describes.
    pub(crate) fn from_gguf(gguf: &Gguf) -> Result<Self, ModelError> {
        let model = gguf.required_text("tokenizer.ggml.model")?;
        let pre = gguf.text("tokenizer.ggml.pre").unwrap_or("default");
        let unsupported =
            || ModelError::Tokenizer { path: gguf.path().to_owned(), tokenizer: format!("{model}/{pre}") };
        if model != "gpt2" {
            return Err(unsupported());
        }
        let cut = pre_tokenizer(pre).ok_or_else(unsupported)?;
        let tokens = gguf.texts("tokenizer.ggml.tokens")?;
        let types = gguf.numbers("tokenizer.ggml.token_type")?;
        let mut vocabulary = Vec::with_capacity(tokens.len());
        let mut special = HashMap::new();
        for (id, token) in tokens.iter().enumerate() {
            let id = u32::try_from(id).map_err(|_| gguf.damaged("the vocabulary is too large".to_owned()))?;
            vocabulary.push(((*token).to_owned(), id));
            if types.get(id as usize).is_some_and(|kind| SPECIAL_TYPES.contains(kind)) {
                special.insert((*token).to_owned(), id);
            }
        }
        let mut merges = Vec::new();
        for merge in gguf.texts("tokenizer.ggml.merges")? {
            let (left, right) =
                merge.split_once(' ').ok_or_else(|| gguf.damaged(format!("the merge {merge:?} has one part")))?;
            merges.push((left.to_owned(), right.to_owned()));
        }
        let inconsistent = |error: tokenizers::Error| gguf.damaged(format!("the tokenizer is inconsistent: {error}"));
        let bpe = BPE::builder()
            .vocab_and_merges(vocabulary.into_iter().collect::<tokenizers::models::bpe::Vocab>(), merges)
            .build()
            .map_err(inconsistent)?;
        let mut plain = Tokenizer::new(bpe);
        plain.with_pre_tokenizer(Some(cut));
        Ok(Self { plain, with_special: OnceLock::new(), special })
    }

    /// Ids of a text; special tokens in it are read as plain text.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        ids(&self.plain, text)
    }

    /// Id of a special token.
    pub(crate) fn special(&self, token: &str) -> Option<u32> {
        self.special.get(token).copied()
    }

    /// Ids of a text in which special tokens stand for themselves, as llama.cpp's server reads a prompt.
    pub(crate) fn encode_with_special(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        if let Some(tokenizer) = self.with_special.get() {
            return ids(tokenizer, text);
        }
        let mut tokenizer = self.plain.clone();
        let added = self.special.keys().map(|token| AddedToken::from(token.clone(), true).normalized(false));
        tokenizer.add_special_tokens(added).map_err(failed)?;
        ids(self.with_special.get_or_init(|| tokenizer), text)
    }
}

fn ids(tokenizer: &Tokenizer, text: &str) -> Result<Vec<u32>, ModelError> {
    Ok(tokenizer.encode_fast(text, false).map_err(failed)?.get_ids().to_vec())
}

fn failed(error: tokenizers::Error) -> ModelError {
    ModelError::Failed { detail: format!("tokenizer: {error}") }
}

/// How texts are cut before merging, by GGUF's name for it.
fn pre_tokenizer(name: &str) -> Option<PreTokenizerWrapper> {
    match name {
        "smollm" => Some(
            Sequence::new(vec![
                PreTokenizerWrapper::Digits(Digits::new(true)),
                PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, true)),
            ])
            .into(),
        ),
        "qwen2" => {
            let pattern = SplitPattern::Regex(QWEN2_PATTERN.to_owned());
            let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false).ok()?;
            Some(
                Sequence::new(vec![
                    PreTokenizerWrapper::Split(split),
                    PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, false)),
                ])
                .into(),
            )
        }
        _ => None,
    }
}
