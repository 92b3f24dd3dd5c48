//! Servers' answers as they lie in the cache.

use contract::label::ConfidenceSource;
use contract::{CallError, ErrorCode, UnixMillis};
use models::{LabelPrompt, Scored, cache_key};
use serde::{Deserialize, Serialize};
use store::{NewAnswer, Store, StoreError};

/// What was paid for, without what it cost.
#[derive(Debug, Serialize, Deserialize)]
struct CachedAnswer {
    probabilities: Vec<f32>,
    obtained: ConfidenceSource,
}

/// The answers of one model to one prompt.
pub(crate) struct Cache {
    /// Of all that an answer depends on but the text.
    shared: [u8; 32],
    labels: usize,
    /// How long an answer stays valid.
    millis: i64,
}

impl Cache {
    pub(crate) fn new(identity: &str, prompt: &LabelPrompt, hours: u32) -> Self {
        // The prompt is long, and hashed once rather than with each text.
        let shared = cache_key(identity, prompt, "");
        Self { shared, labels: prompt.labels.len(), millis: i64::from(hours) * 3_600_000 }
    }

    /// Names the answer about a text.
    pub(crate) fn key(&self, text: &str) -> [u8; 32] {
        *blake3::keyed_hash(&self.shared, text.as_bytes()).as_bytes()
    }

    /// The answers that are there, in the order of the keys.
    pub(crate) fn find(
        &self,
        store: &Store,
        keys: &[[u8; 32]],
        now: UnixMillis,
    ) -> Result<Vec<Option<Scored>>, StoreError> {
        let answers = store.cached_answers(keys, now)?;
        Ok(answers.into_iter().map(|answer| self.read(&answer?)).collect())
    }

    /// An answer that doesn't parse was written by another version; asking again mends it.
    fn read(&self, json: &str) -> Option<Scored> {
        let CachedAnswer { probabilities, obtained } = serde_json::from_str(json).ok()?;
        let scored = Scored { probabilities, obtained, prompt_tokens: 0, completion_tokens: 0 };
        (scored.probabilities.len() == self.labels).then_some(scored)
    }

    /// An answer as it is kept.
    pub(crate) fn kept(&self, key: [u8; 32], scored: &Scored, now: UnixMillis) -> Result<NewAnswer, CallError> {
        let answer = CachedAnswer { probabilities: scored.probabilities.clone(), obtained: scored.obtained };
        let answer = serde_json::to_string(&answer)
            .map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))?;
        Ok(NewAnswer { key, answer, expires: now + self.millis })
    }
}
