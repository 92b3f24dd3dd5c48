//! What a server offers, found out by asking it.

use std::time::Duration;

use contract::model::ModelFinding;
use serde_json::Value;

use super::client::{Failure, Secret, Server};
use super::model::stop;
use super::{answer, request};
use crate::error::ModelError;
use crate::prompt::{Label, LabelPrompt};

/// How a server is asked, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Its answer is held to the labels by a grammar (llama.cpp), with log-probabilities.
    Grammar,
    /// Its answer is held to the labels by a JSON schema.
    Schema {
        /// Whether log-probabilities come with it.
        logprobs: bool,
    },
    /// It is asked for JSON and its answer is checked.
    Plain,
}

impl Mode {
    /// What this uses of the server.
    pub(crate) fn findings(self) -> Vec<ModelFinding> {
        use ModelFinding as Found;
        match self {
            Mode::Grammar => vec![Found::Grammar, Found::Logprobs],
            Mode::Schema { logprobs: true } => vec![Found::JsonSchema, Found::Logprobs],
            Mode::Schema { logprobs: false } => vec![Found::JsonSchema],
            Mode::Plain => vec![Found::PlainJson],
        }
    }

    /// A name for what changes the answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Grammar => "grammar+logprobs",
            Mode::Schema { logprobs: true } => "json_schema+logprobs",
            Mode::Schema { logprobs: false } => "json_schema",
            Mode::Plain => "json",
        }
    }
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
    let list = server.exchange("models", None).await.map_err(|failure| match failure {
        Failure::NotFound(detail) => ModelError::NotApi { server: server.address(), detail },
        failure => stop(server, "", failure),
    })?;
    let Some(entries) = list["data"].as_array() else {
        let detail = list.to_string().chars().take(200).collect();
        return Err(ModelError::NotApi { server: server.address(), detail });
    };
    Ok(entries.iter().filter_map(|entry| entry["id"].as_str()).map(str::to_owned).collect())
}

/// Finds the strongest way to ask: each is tried on a question whose answer shows whether the server kept to it.
pub(crate) async fn strongest(server: &Server, model: &str) -> Result<Mode, ModelError> {
    let label = |text: &str| Label { id: text.to_owned(), text: text.to_owned() };
    // Nobody answers so unless held to it.
    let prompt = LabelPrompt {
        instruction: "Reply with one short word.".to_owned(),
        labels: vec![label("qx_first"), label("qx_second")],
        ..LabelPrompt::default()
    };
    for mode in [Mode::Grammar, Mode::Schema { logprobs: true }, Mode::Schema { logprobs: false }] {
        match server.exchange("chat/completions", Some(&request::body(model, &prompt, "Hello", mode))).await {
            Ok(reply) if kept_to(&reply, &prompt, mode) => return Ok(mode),
            Ok(_) | Err(Failure::Rejected { .. }) => {}
            // Some servers fail inside on what they don't know.
            Err(Failure::Passing { status: 500 | 501, .. }) => {}
            Err(failure) => return Err(stop(server, model, failure)),
        }
    }
    Ok(Mode::Plain)
}

fn kept_to(reply: &Value, prompt: &LabelPrompt, mode: Mode) -> bool {
    use contract::label::ConfidenceSource as Source;
    answer::read(reply, prompt).is_ok_and(|scored| match mode {
        Mode::Grammar | Mode::Schema { logprobs: true } => scored.obtained == Source::TokenLogprobs,
        Mode::Schema { logprobs: false } => scored.obtained == Source::SelfReport,
        Mode::Plain => true,
    })
}
