//! One question about one text.

use std::time::Duration;

use contract::label::FaultCounts;
use serde_json::Value;

use super::answer::{self, Tokens};
use super::client::{Failure, Server, said};
use super::model::whole_seconds;
use super::request::Template;
use crate::error::ItemError;
use crate::label_model::Scored;
use crate::prompt::LabelPrompt;

/// What all questions of a run share.
pub(crate) struct Questions {
    pub(crate) server: Server,
    pub(crate) template: Template,
    pub(crate) prompt: LabelPrompt,
}

/// How a question ended.
pub(crate) enum Outcome {
    /// With an answer; the server's name for it.
    Scored(Scored, Option<String>),
    /// This text has none, ever.
    Item(ItemError),
    /// Another try may help.
    Fault(Fault),
    /// Nobody gets an answer any more.
    Over(Failure),
}

/// What may pass.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The server failed.
    Server(Failure),
    /// The answer is no completion, or is about another text.
    Malformed(String, Tokens),
    /// The answer is none of the labels.
    NotALabel(String, Tokens),
}

impl Fault {
    /// Its place in the counts.
    pub(crate) fn count(&self, counts: &mut FaultCounts) {
        let count = match self {
            Fault::Server(Failure::Passing { status: 429, .. }) => &mut counts.rate_limited,
            Fault::Server(Failure::TimedOut(_)) => &mut counts.timeouts,
            Fault::Server(Failure::Unreachable(_) | Failure::Lost(_)) => &mut counts.connections_lost,
            Fault::Server(Failure::NotJson(_) | Failure::TooLong(_)) | Fault::Malformed(..) => &mut counts.malformed,
            Fault::Server(_) => &mut counts.server_errors,
            Fault::NotALabel(..) => &mut counts.not_a_label,
        };
        *count += 1;
    }

    /// The server's side of it; `None` where the server works and its model is wrong.
    pub(crate) fn of_server(&self) -> Option<Failure> {
        match self {
            Fault::Server(failure) => Some(failure.clone()),
            Fault::Malformed(detail, _) => Some(Failure::NotJson(detail.clone())),
            Fault::NotALabel(..) => None,
        }
    }

    /// Whether fewer requests at once may help.
    pub(crate) fn is_congestion(&self) -> bool {
        matches!(self, Fault::Server(Failure::Passing { status: 429 | 503, .. } | Failure::TimedOut(_)))
    }

    pub(crate) fn is_rate_limit(&self) -> bool {
        matches!(self, Fault::Server(Failure::Passing { status: 429, .. }))
    }

    /// How long the server asks to be left alone.
    pub(crate) fn after(&self) -> Option<Duration> {
        if let Fault::Server(Failure::Passing { after, .. }) = self { *after } else { None }
    }

    pub(crate) fn tokens(&self) -> Tokens {
        match self {
            Fault::Server(_) => Tokens::default(),
            Fault::Malformed(_, tokens) | Fault::NotALabel(_, tokens) => *tokens,
        }
    }

    /// What is said of a text that met nothing else.
    pub(crate) fn of_item(self, server: &Server) -> ItemError {
        let server = server.address();
        match self {
            Fault::Server(Failure::Passing { status, detail, .. }) => ItemError::Refused { server, status, detail },
            Fault::Server(Failure::TimedOut(time)) => ItemError::TimedOut { server, seconds: whole_seconds(time) },
            Fault::Server(Failure::TooLong(limit)) => ItemError::AnswerTooLong { limit },
            Fault::Server(Failure::Unreachable(detail) | Failure::Lost(detail)) => ItemError::Lost { server, detail },
            Fault::Server(failure) => ItemError::Answer { answer: failure.detail() },
            Fault::Malformed(answer, _) | Fault::NotALabel(answer, _) => ItemError::Answer { answer },
        }
    }
}

/// Asks once.
pub(crate) async fn ask(questions: &Questions, text: &str) -> Outcome {
    match questions.server.post("chat/completions", questions.template.body(text)).await {
        Ok(reply) => match answer::read(&reply, &questions.prompt) {
            Ok(scored) => Outcome::Scored(scored, reply["id"].as_str().map(str::to_owned)),
            Err(wrong) => Outcome::Fault(match wrong.answer {
                Some(answer) => Fault::NotALabel(answer, wrong.tokens),
                None => Fault::Malformed(reply.to_string().chars().take(200).collect(), wrong.tokens),
            }),
        },
        Err(Failure::Rejected { status, body }) => Outcome::Item(rejected(&questions.server, status, &body)),
        Err(failure) if failure.may_pass() => Outcome::Fault(Fault::Server(failure)),
        Err(failure) => Outcome::Over(failure),
    }
}

/// A request that the server won't accept: too long, or something else about this text.
fn rejected(server: &Server, status: u16, body: &str) -> ItemError {
    let error: Value = serde_json::from_str(body).unwrap_or_default();
    let number = |name: &str| error["error"][name].as_u64().and_then(|number| usize::try_from(number).ok());
    if let (Some(tokens), Some(limit)) = (number("n_prompt_tokens"), number("n_ctx")) {
        return ItemError::TooLong { tokens, limit };
    }
    ItemError::Refused { server: server.address(), status, detail: said(body) }
}
