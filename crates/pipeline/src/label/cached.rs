//! A server's answer as it lies in the cache.

use contract::label::ConfidenceSource;
use models::Scored;
use serde::{Deserialize, Serialize};

/// What was paid for, without what it cost.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CachedAnswer {
    probabilities: Vec<f32>,
    obtained: ConfidenceSource,
}

impl CachedAnswer {
    pub(crate) fn of(scored: &Scored) -> Self {
        Self { probabilities: scored.probabilities.clone(), obtained: scored.obtained }
    }

    /// The answer, if it is about so many labels.
    pub(crate) fn scored(self, labels: usize) -> Option<Scored> {
        (self.probabilities.len() == labels).then_some(Scored {
            probabilities: self.probabilities,
            obtained: self.obtained,
            prompt_tokens: 0,
            completion_tokens: 0,
        })
    }
}
