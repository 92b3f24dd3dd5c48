//! A completion server that computes labels from the text alone: for tests of what lies around a model, at any speed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::web_server::{Reply, Request, WebServer};

/// A server that keeps to JSON schemas, reports no log-probabilities, makes no embeddings and has the model `m`.
pub struct LabelServer(WebServer);

impl LabelServer {
    /// Its model.
    pub const MODEL: &'static str = "m";
    /// Tokens that each answer is said to have read.
    pub const PROMPT_TOKENS: u64 = 10;
    /// Tokens that each answer is said to have written.
    pub const COMPLETION_TOKENS: u64 = 2;

    /// Starts a server that takes so long for each answer.
    pub fn start(time: Duration) -> Self {
        let answers = AtomicU64::new(0);
        Self(WebServer::start(move |request| {
            let reply = reply(request, answers.fetch_add(1, Ordering::Relaxed));
            std::thread::sleep(time);
            reply
        }))
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Requests so far, with those of probes.
    pub fn requests(&self) -> usize {
        self.0.requests()
    }

    /// Which of so many labels it gives a text.
    pub fn label(text: &str, labels: usize) -> usize {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        usize::try_from(hasher.finish() % labels.max(1) as u64).unwrap_or(0)
    }
}

fn reply(request: &Request, number: u64) -> Reply {
    if request.target == "GET /v1/models" {
        return Reply::json(json!({"data": [{"id": LabelServer::MODEL}]}));
    }
    if request.target != "POST /v1/chat/completions" {
        return Reply::status(501);
    }
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let schema = &body["response_format"]["json_schema"]["schema"]["properties"]["label"]["enum"];
    let Some(labels) = schema.as_array().filter(|_| body.get("logprobs").is_none()) else {
        return Reply::Answer(400, Vec::new(), json!({"error": {"message": "unknown field"}}).to_string());
    };
    let asked = body["messages"].as_array().and_then(|chat| chat.last()).and_then(|last| last["content"].as_str());
    let text = asked.unwrap_or_default().trim_start_matches("Text: ");
    let label = &labels[LabelServer::label(text, labels.len())];
    let content = json!({"label": label, "confidence": 0.9}).to_string();
    Reply::json(json!({
        "id": format!("chatcmpl-{number:032}"),
        "choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": LabelServer::PROMPT_TOKENS, "completion_tokens": LabelServer::COMPLETION_TOKENS},
    }))
}
