//! Texts to token ids, by the folder's own `tokenizer.json`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tokenizers::{Tokenizer, TruncationDirection, TruncationParams, TruncationStrategy};

use crate::encoder::folder::read_up_to;
use crate::error::ModelError;

/// Bytes of the largest tokenizer that is read.
const MAX_FILE: u64 = 512 << 20;
/// Bytes of a text that are looked at first, for each token that the model reads. Few texts have more in a token.
const BYTES_PER_TOKEN: usize = 16;

/// Turns texts into token ids.
pub(crate) struct EncoderTokenizer {
    tokenizer: Tokenizer,
    path: PathBuf,
    vocabulary: usize,
    limit: usize,
}

/// The tokens of a text, special ones included.
pub(crate) struct Tokens {
    /// Their numbers, all of them rows of the model's table.
    pub(crate) ids: Vec<u32>,
    /// Whether the text is longer than the limit.
    pub(crate) truncated: bool,
}

impl EncoderTokenizer {
    /// Reads a tokenizer for a model with a table of `vocabulary` tokens that reads `limit` at most. Padding and limit of the
    /// file are not used: some pad every text to 128 tokens, which would make the means wrong.
    pub(crate) fn read(path: &Path, vocabulary: usize, limit: usize) -> Result<Self, ModelError> {
        let damaged = |detail: String| ModelError::Damaged { path: path.to_owned(), detail };
        let bytes = read_up_to(path, MAX_FILE)?.ok_or_else(|| ModelError::Missing { path: path.to_owned() })?;
        // The reader of these files has places that end in a panic for crafted ones.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let mut tokenizer = Tokenizer::from_bytes(&bytes)?;
            tokenizer.with_padding(None);
            tokenizer.with_truncation(Some(TruncationParams {
                direction: TruncationDirection::Right,
                max_length: limit,
                strategy: TruncationStrategy::LongestFirst,
                stride: 0,
            }))?;
            Ok::<_, tokenizers::Error>(tokenizer)
        }));
        let tokenizer = match read {
            Ok(Ok(tokenizer)) => tokenizer,
            Ok(Err(error)) => return Err(damaged(error.to_string())),
            Err(_) => return Err(damaged("the tokenizer is inconsistent".to_owned())),
        };
        let tokenizer = Self { tokenizer, path: path.to_owned(), vocabulary, limit };
        // A tokenizer of another model would be noticed only in the middle of a run.
        if tokenizer.encode("a")?.ids.is_empty() {
            return Err(damaged("the tokenizer makes no tokens".to_owned()));
        }
        Ok(tokenizer)
    }

    /// The tokens of a text, cut to the limit. Of a text that is far longer only the beginning is looked at.
    pub(crate) fn encode(&self, text: &str) -> Result<Tokens, ModelError> {
        let mut bytes = self.limit.saturating_mul(BYTES_PER_TOKEN);
        loop {
            let beginning = beginning(text, bytes);
            let whole = beginning.len() == text.len();
            let (ids, overflow) = self.encode_beginning(beginning)?;
            // Where the beginning overflows, what follows it can't change the tokens that are kept.
            if whole || overflow {
                return Ok(Tokens { ids, truncated: overflow });
            }
            bytes = bytes.saturating_mul(4);
        }
    }

    fn encode_beginning(&self, text: &str) -> Result<(Vec<u32>, bool), ModelError> {
        let damaged = |detail: String| ModelError::Damaged { path: self.path.clone(), detail };
        let encoding = match catch_unwind(AssertUnwindSafe(|| self.tokenizer.encode_fast(text, true))) {
            Ok(Ok(encoding)) => encoding,
            Ok(Err(error)) => return Err(damaged(error.to_string())),
            Err(_) => return Err(damaged("the tokenizer is inconsistent".to_owned())),
        };
        let ids = encoding.get_ids().to_vec();
        match ids.iter().find(|&&id| id as usize >= self.vocabulary) {
            Some(id) => Err(damaged(format!("token {id} of a model with {} tokens", self.vocabulary))),
            None if ids.len() > self.limit => Err(damaged(format!("{} tokens, and {} fit", ids.len(), self.limit))),
            None => Ok((ids, !encoding.get_overflowing().is_empty())),
        }
    }
}

/// The first `bytes` of a text, cut after a blank if there is one in their last quarter, so that no word is cut.
fn beginning(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let mut end = bytes;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = &text[..end];
    match cut.rfind(char::is_whitespace).filter(|blank| *blank >= end / 4 * 3) {
        Some(blank) => &cut[..blank],
        None => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_between_words_and_never_inside_a_letter() {
        assert_eq!(beginning("short", 10), "short");
        assert_eq!(beginning("aaaaaaaa bbbbbbbb", 10), "aaaaaaaa");
        assert_eq!(beginning("aaaaaaaaaaaa", 10), "aaaaaaaaaa");
        assert_eq!(beginning("a bbbbbbbbbbbbbbbb", 10), "a bbbbbbbb");
        assert_eq!(beginning("яяяяяя", 5), "яя");
    }
}
