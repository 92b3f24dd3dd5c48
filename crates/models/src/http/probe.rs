//! What a server offers, found out by asking it.

use std::time::Duration;

use contract::model::ModelFinding;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::answer;
use super::client::{Failure, Secret, Server};
use super::model::stop;
use super::request::Template;
use crate::error::ModelError;
use crate::prompt::{Label, LabelPrompt};

/// Tries of one question that a server fails to answer for reasons that may pass.
const TRIES: u32 = 4;
/// Wait between them; it doubles with each.
const WAIT: Duration = Duration::from_millis(100);
/// Longest wait for an embedding.
const EMBEDDING: Duration = Duration::from_secs(10);

/// How a server is asked, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Its answer is held to the labels by a grammar (llama.cpp), with log-probabilities.
    Grammar,
    /// Its answer is held to a list of choices (vLLM), with log-probabilities.
    Choice {
        /// By the field `guided_choice` (vLLM before 0.12) rather than `structured_outputs`.
        old: bool,
    },
    /// Its answer is held to the labels by a JSON schema.
    Schema {
        /// Whether log-probabilities come with it.
        logprobs: bool,
    },
    /// It is asked for JSON and its answer is checked.
    Plain {
        /// Whether log-probabilities come with it.
        logprobs: bool,
    },
}

impl Mode {
    /// All that are looked for; the last one always works.
    const LOOKED_FOR: [Mode; 6] = [
        Mode::Grammar,
        Mode::Choice { old: false },
        Mode::Choice { old: true },
        Mode::Schema { logprobs: true },
        Mode::Schema { logprobs: false },
        Mode::Plain { logprobs: true },
    ];

    /// What this uses of the server.
    fn findings(self) -> [ModelFinding; 2] {
        use ModelFinding as Found;
        let held = match self {
            Mode::Grammar => Found::Grammar,
            Mode::Choice { .. } => Found::GuidedChoice,
            Mode::Schema { .. } => Found::JsonSchema,
            Mode::Plain { .. } => Found::PlainJson,
        };
        [held, if self.has_logprobs() { Found::Logprobs } else { Found::NoLogprobs }]
    }

    pub(crate) fn has_logprobs(self) -> bool {
        match self {
            Mode::Grammar | Mode::Choice { .. } => true,
            Mode::Schema { logprobs } | Mode::Plain { logprobs } => logprobs,
        }
    }

    /// A name for what changes the answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Grammar => "grammar+logprobs",
            Mode::Choice { old: false } => "choice+logprobs",
            Mode::Choice { old: true } => "guided_choice+logprobs",
            Mode::Schema { logprobs: true } => "json_schema+logprobs",
            Mode::Schema { logprobs: false } => "json_schema",
            Mode::Plain { logprobs: true } => "json+logprobs",
            Mode::Plain { logprobs: false } => "json",
        }
    }
}

/// What a server offers for one model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    /// How many models it lists; none: it lists none but may have some.
    models: usize,
    /// The strongest way to ask.
    pub(crate) mode: Mode,
    /// Numbers of an embedding, where it makes any.
    dimensions: Option<usize>,
}

impl Offer {
    /// Asks the server for all of it.
    ///
    /// # Errors
    /// A server that can't be reached, refuses the key, lacks the model, or is no OpenAI-compatible one.
    pub(crate) async fn of(server: &Server, model: &str) -> Result<Self, ModelError> {
        let models = models_of(server).await?;
        if !models.is_empty() && !models.iter().any(|known| is_called(known, model)) {
            let (server, model) = (server.address(), model.to_owned());
            return Err(ModelError::ServerModel { server, model, models: models.join(", ") });
        }
        let mode = strongest(server, model).await?;
        let dimensions = dimensions(&server.within(EMBEDDING)?, model).await;
        Ok(Self { models: models.len(), mode, dimensions })
    }

    /// In the order in which people read it.
    pub(crate) fn findings(&self) -> Vec<ModelFinding> {
        let models = (self.models > 0).then_some(ModelFinding::Models { count: self.models as u64 });
        let embeddings = match self.dimensions {
            Some(dimensions) => ModelFinding::Embeddings { dimensions: dimensions as u64 },
            None => ModelFinding::NoEmbeddings,
        };
        models.into_iter().chain(self.mode.findings()).chain([embeddings]).collect()
    }
}

/// Whether a model of the list is the one asked for. Ollama lists `llama3.2:latest` and answers to `llama3.2`.
fn is_called(listed: &str, asked: &str) -> bool {
    listed == asked || listed.strip_suffix(":latest") == Some(asked)
}

/// The ids of the models that a server offers.
///
/// # Errors
/// A server that can't be reached, refuses the key, or is no OpenAI-compatible one.
pub fn list_models(address: &str, key: Option<Secret>) -> Result<Vec<String>, ModelError> {
    let server = Server::new(address, key, Duration::from_secs(15))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ModelError::Failed { detail: error.to_string() })?;
    runtime.block_on(models_of(&server))
}

pub(crate) async fn models_of(server: &Server) -> Result<Vec<String>, ModelError> {
    let list = patiently(|| server.get("models")).await.map_err(|failure| match failure {
        Failure::NotFound(detail) => ModelError::NotApi { server: server.address(), detail },
        failure => stop(server, "", failure),
    })?;
    let Some(entries) = list["data"].as_array() else {
        let detail = list.to_string().chars().take(200).collect();
        return Err(ModelError::NotApi { server: server.address(), detail });
    };
    Ok(entries.iter().filter_map(|entry| entry["id"].as_str()).map(str::to_owned).collect())
}

/// Repeats a question that fails for a reason that may pass: a server that stumbles once is not weaker for it. A server that is
/// not there at all is not waited for.
async fn patiently<F>(question: impl Fn() -> F) -> Result<Value, Failure>
where
    F: Future<Output = Result<Value, Failure>>,
{
    let mut wait = WAIT;
    for _ in 1..TRIES {
        match question().await {
            Err(Failure::Passing { after, status, .. }) if status != 501 => sleep(after.unwrap_or(wait)).await,
            Err(Failure::TimedOut(_) | Failure::Lost(_) | Failure::NotJson(_)) => sleep(wait).await,
            answer => return answer,
        }
        wait *= 2;
    }
    question().await
}

/// Finds the strongest way to ask: each is tried on a question whose answer shows whether the server kept to it.
async fn strongest(server: &Server, model: &str) -> Result<Mode, ModelError> {
    let label = |text: &str| Label { id: text.to_owned(), text: text.to_owned() };
    // Nobody answers so unless held to it.
    let prompt = LabelPrompt {
        instruction: "Reply with one short word.".to_owned(),
        labels: vec![label("qx_first"), label("qx_second")],
        ..LabelPrompt::default()
    };
    for mode in Mode::LOOKED_FOR {
        let template = Template::new(model, &prompt, mode);
        match patiently(|| server.post("chat/completions", template.body("Hello"))).await {
            Ok(reply) if kept_to(&reply, &prompt, mode) => return Ok(mode),
            Ok(_) | Err(Failure::Rejected { .. }) => {}
            // Some servers fail inside on what they don't know.
            Err(Failure::Passing { status: 500 | 501, .. }) => {}
            Err(failure) => return Err(stop(server, model, failure)),
        }
    }
    Ok(Mode::Plain { logprobs: false })
}

fn kept_to(reply: &Value, prompt: &LabelPrompt, mode: Mode) -> bool {
    use contract::label::ConfidenceSource as Source;
    if let Mode::Plain { .. } = mode {
        return answer::has_logprobs(reply);
    }
    let wanted = if mode.has_logprobs() { Source::TokenLogprobs } else { Source::SelfReport };
    answer::read(reply, prompt).is_ok_and(|scored| scored.obtained == wanted)
}

/// The length of an embedding of a word; `None` where the server makes none (404, 501) or fails to.
async fn dimensions(server: &Server, model: &str) -> Option<usize> {
    let body = json!({"model": model, "input": "word"}).to_string().into_bytes();
    let reply = server.post("embeddings", body).await.ok()?;
    reply["data"][0]["embedding"].as_array().map(Vec::len).filter(|length| *length > 0)
}
