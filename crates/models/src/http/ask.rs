//! One text, asked until there is an answer or no hope of one.

use std::sync::Arc;
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use tokio::time::sleep;

use super::client::{Failure, Server};
use super::probe::Mode;
use super::{answer, request};
use crate::error::ItemError;
use crate::label_model::Scored;
use crate::prompt::LabelPrompt;

/// The first wait between two tries; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait between two tries, unless the server asks for more.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What all questions of a run share.
pub(crate) struct Questions {
    pub(crate) server: Server,
    pub(crate) model: String,
    pub(crate) prompt: LabelPrompt,
    pub(crate) mode: Mode,
    pub(crate) retries: u32,
}

/// How a question ended.
pub(crate) enum Outcome {
    /// An answer.
    Scored(Scored),
    /// This text has none.
    Item(ItemError),
    /// The server failed so often that this text was given up.
    Failed(Failure),
}

/// Asks for one text; answers the outcome and how often it was tried again. `seed` varies the waits.
pub(crate) async fn ask(questions: Arc<Questions>, text: String, seed: u64) -> (Outcome, u64) {
    let body = request::body(&questions.model, &questions.prompt, &text, questions.mode);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut tries = 0;
    loop {
        let (outcome, after) = attempt(&questions, &body).await;
        let again = match &outcome {
            Outcome::Scored(_) => false,
            Outcome::Item(ItemError::Answer { .. }) => true,
            Outcome::Item(_) => false,
            Outcome::Failed(failure) => {
                matches!(failure, Failure::Passing { .. } | Failure::Unreachable(_) | Failure::NotJson(_))
            }
        };
        if !again || tries >= u64::from(questions.retries) {
            return (outcome, tries);
        }
        let doubled = FIRST_WAIT.saturating_mul(1 << tries.min(10)).min(LONGEST_WAIT);
        // Half of the wait is random, so that many clients don't come back at once.
        let wait = doubled.mul_f64(random.random_range(0.5..1.0));
        sleep(after.map_or(wait, |asked| asked.max(wait))).await;
        tries += 1;
    }
}

async fn attempt(questions: &Questions, body: &Value) -> (Outcome, Option<Duration>) {
    match questions.server.exchange("chat/completions", Some(body)).await {
        Ok(reply) => match answer::read(&reply, &questions.prompt) {
            Ok(scored) => (Outcome::Scored(scored), None),
            Err(error) => (Outcome::Item(error), None),
        },
        Err(Failure::Rejected { status, body }) => (Outcome::Item(rejected(questions, status, &body)), None),
        Err(failure) => {
            let after = if let Failure::Passing { after, .. } = &failure { *after } else { None };
            (Outcome::Failed(failure), after)
        }
    }
}

/// A request that the server won't accept: too long, or something else about this text.
fn rejected(questions: &Questions, status: u16, body: &str) -> ItemError {
    let error: Value = serde_json::from_str(body).unwrap_or_default();
    let number = |name: &str| error["error"][name].as_u64().and_then(|number| usize::try_from(number).ok());
    if let (Some(tokens), Some(limit)) = (number("n_prompt_tokens"), number("n_ctx")) {
        return ItemError::TooLong { tokens, limit };
    }
    let detail = error["error"]["message"].as_str().unwrap_or(body).chars().take(300).collect();
    ItemError::Refused { server: questions.server.address(), status, detail }
}
