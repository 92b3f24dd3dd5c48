//! How texts are cut before byte pairs are merged, by GGUF's name for it (`tokenizer.ggml.pre`). The patterns are those of the
//! models' own `tokenizer.json`.

use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{PreTokenizerWrapper, SplitDelimiterBehavior};

const QWEN2: &str =
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const GPT_4O: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// What a name stands for.
pub(crate) struct PreTokenizer {
    /// Cuts texts, and writes bytes as characters.
    pub(crate) cut: PreTokenizerWrapper,
    /// A piece that is a token as it stands is not merged from its bytes.
    pub(crate) whole_pieces: bool,
    /// Prompts begin with a mark of their beginning unless the file says otherwise.
    pub(crate) marks_beginning: bool,
}

impl PreTokenizer {
    /// By its name; `None` for one that is not known.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let (cut, whole_pieces, marks_beginning) = match name {
            "smollm" => (
                Sequence::new(vec![
                    PreTokenizerWrapper::Digits(Digits::new(true)),
                    PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, true)),
                ])
                .into(),
                false,
                false,
            ),
            "gpt-2" => (PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, true)), false, false),
            "qwen2" => (split_by(QWEN2)?, false, false),
            "llama-bpe" => (split_by(LLAMA3)?, true, true),
            "tekken" => (split_by(TEKKEN)?, true, true),
            "gpt-4o" => (split_by(GPT_4O)?, false, false),
            _ => return None,
        };
        Some(Self { cut, whole_pieces, marks_beginning })
    }
}

fn split_by(pattern: &str) -> Option<PreTokenizerWrapper> {
    let pattern = SplitPattern::Regex(pattern.to_owned());
    let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false).ok()?;
    Some(
        Sequence::new(vec![
            PreTokenizerWrapper::Split(split),
            PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, false)),
        ])
        .into(),
    )
}
