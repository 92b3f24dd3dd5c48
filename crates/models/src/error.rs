//! What can go wrong with a model, a text or a server.

use std::path::PathBuf;

use contract::{CallError, ErrorCode};

/// One text could not be labelled; the run goes on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ItemError {
    /// The text does not fit into the model's context.
    #[error("the text has {tokens} tokens with its prompt, and the model's context holds {limit}")]
    TooLong {
        /// Tokens of prompt and text.
        tokens: usize,
        /// The context.
        limit: usize,
    },
    /// The answer was not one of the labels, after all retries.
    #[error("the answer is not one of the labels: {answer:?}")]
    Answer {
        /// What was answered, cut to a readable length.
        answer: String,
    },
    /// The answer was too long to be one of the labels, after all retries.
    #[error("the answer has more than {limit} bytes")]
    AnswerTooLong {
        /// Bytes that were read of it.
        limit: usize,
    },
    /// No answer came in time, each time that this text was asked about.
    #[error("no answer from {server} in {seconds} s")]
    TimedOut {
        /// The server's address.
        server: String,
        /// How long each was waited for.
        seconds: u64,
    },
    /// The server refused this text.
    #[error("{server} refused the request with status {status}: {detail}")]
    Refused {
        /// The server's address.
        server: String,
        /// HTTP status.
        status: u16,
        /// What it said.
        detail: String,
    },
    /// The connection was lost each time that this text was asked about, while other texts got through.
    #[error("{server} was lost again and again: {detail}")]
    Lost {
        /// The server's address.
        server: String,
        /// What the network said.
        detail: String,
    },
}

/// The run must stop.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file does not exist.
    #[error("{path}: no such file")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A folder was given.
    #[error("{path}: is a folder")]
    Directory {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system refused to read the file.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// The file is not GGUF.
    #[error("{path}: not a GGUF file")]
    NotGguf {
        /// The file.
        path: PathBuf,
    },
    /// The file is cut or inconsistent.
    #[error("{path}: damaged: {detail}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// An architecture that is not supported.
    #[error("{path}: architecture {architecture:?} is not supported (supported: {supported})")]
    Architecture {
        /// The file.
        path: PathBuf,
        /// What the file says.
        architecture: String,
        /// What is supported.
        supported: String,
    },
    /// A tokenizer that is not supported.
    #[error("{path}: tokenizer {tokenizer:?} is not supported")]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// What the file says.
        tokenizer: String,
    },
    /// A chat template that is not supported.
    #[error("{path}: chat template is not supported: {detail}")]
    Template {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        detail: String,
    },
    /// The model does not fit in the memory that is free.
    #[error("{path}: needs {needed} bytes of memory, and {free} are free")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Bytes needed.
        needed: u64,
        /// Bytes free.
        free: u64,
    },
    /// The prompt without any text fills the context already.
    #[error("the prompt has {tokens} tokens, and the model's context holds {limit}")]
    PromptTooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// The context.
        limit: usize,
    },
    /// The prompt has no labels, or two labels with the same text.
    #[error("the labels can't be told apart: {detail}")]
    Labels {
        /// What is wrong.
        detail: String,
    },
    /// The computation failed.
    #[error("the model's computation failed: {detail}")]
    Failed {
        /// What candle said.
        detail: String,
    },
    /// An address that is not http or https.
    #[error("{server:?} is not an http or https address")]
    Address {
        /// What was given.
        server: String,
    },
    /// The server can't be reached, or was lost on the way.
    #[error("{server} can't be reached: {detail}")]
    ServerGone {
        /// The server's address.
        server: String,
        /// What the network said.
        detail: String,
    },
    /// The server refused the key.
    #[error("{server} refused the key (status {status})")]
    ServerRefused {
        /// The server's address.
        server: String,
        /// HTTP status.
        status: u16,
    },
    /// The server doesn't have the model.
    #[error("{server} has no model {model:?} (it has: {models})")]
    ServerModel {
        /// The server's address.
        server: String,
        /// What was asked for.
        model: String,
        /// What it has.
        models: String,
    },
    /// The server says that it doesn't have the model, or not any more.
    #[error("{server} does not offer the model {model:?}: {detail}")]
    ModelGone {
        /// The server's address.
        server: String,
        /// What was asked for.
        model: String,
        /// What it said.
        detail: String,
    },
    /// The server is there and has not loaded its model yet.
    #[error("{server} is still loading its model")]
    ServerLoading {
        /// The server's address.
        server: String,
    },
    /// No answer came in time.
    #[error("no answer from {server} in {seconds} s")]
    ServerTimedOut {
        /// The server's address.
        server: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The server sends everybody to another address. Texts and key go to nobody who was not chosen.
    #[error("{server} sends to {to}")]
    Redirected {
        /// The server's address.
        server: String,
        /// Where it sends to.
        to: String,
    },
    /// The account has no money or quota left.
    #[error("the account's quota at {server} is used up (status {status}): {detail}")]
    QuotaUsedUp {
        /// The server's address.
        server: String,
        /// HTTP status.
        status: u16,
        /// What it said.
        detail: String,
    },
    /// What answers there is not an OpenAI-compatible server.
    #[error("{server} is not an OpenAI-compatible server: {detail}")]
    NotApi {
        /// The server's address.
        server: String,
        /// What came instead.
        detail: String,
    },
    /// The server failed again and again.
    #[error("{server} failed with status {status}: {detail}")]
    ServerFailed {
        /// The server's address.
        server: String,
        /// The last HTTP status.
        status: u16,
        /// What it said.
        detail: String,
    },
}

impl From<candle_core::Error> for ModelError {
    fn from(error: candle_core::Error) -> Self {
        Self::Failed { detail: error.to_string() }
    }
}

impl ItemError {
    /// Whether the same text may be labelled later: what failed lies with the server or its model, not with the text.
    pub fn may_pass(&self) -> bool {
        match self {
            ItemError::TooLong { .. } => false,
            ItemError::Refused { status, .. } => matches!(status, 408 | 409 | 425 | 429 | 500..=599),
            ItemError::Answer { .. } | ItemError::AnswerTooLong { .. } => true,
            ItemError::Lost { .. } | ItemError::TimedOut { .. } => true,
        }
    }
}

impl From<&ItemError> for CallError {
    fn from(error: &ItemError) -> Self {
        match error {
            ItemError::TooLong { tokens, limit } => {
                CallError::new(ErrorCode::TextTooLong).with("tokens", tokens).with("limit", limit)
            }
            ItemError::Answer { answer } => CallError::new(ErrorCode::AnswerInvalid).with("answer", answer),
            ItemError::AnswerTooLong { limit } => CallError::new(ErrorCode::AnswerTooLong).with("limit", limit),
            ItemError::TimedOut { server, seconds } => {
                CallError::new(ErrorCode::ServerTimedOut).with("server", server).with("seconds", seconds)
            }
            ItemError::Refused { server, status, detail } => CallError::new(ErrorCode::ServerFailed)
                .with("server", server)
                .with("status", status)
                .with("detail", detail),
            ItemError::Lost { server, detail } => {
                CallError::new(ErrorCode::ServerUnreachable).with("server", server).with("detail", detail)
            }
        }
    }
}

impl From<&ModelError> for CallError {
    fn from(error: &ModelError) -> Self {
        use ErrorCode as Code;
        use ModelError as E;
        let new = CallError::new;
        match error {
            E::Missing { path } => new(Code::FileMissing).in_file(path.display()),
            E::Directory { path } => new(Code::FileIsDirectory).in_file(path.display()),
            E::Unreadable { path, source } => CallError::from_io(source, path.display(), false),
            E::NotGguf { path } => new(Code::ModelNotGguf).in_file(path.display()),
            E::Damaged { path, detail } => new(Code::ModelDamaged).with("detail", detail).in_file(path.display()),
            E::Architecture { path, architecture, supported } => new(Code::ModelArchitecture)
                .with("architecture", architecture)
                .with("supported", supported)
                .in_file(path.display()),
            E::Tokenizer { path, tokenizer } => {
                new(Code::ModelTokenizer).with("tokenizer", tokenizer).in_file(path.display())
            }
            E::Template { path, detail } => new(Code::ModelTemplate).with("detail", detail).in_file(path.display()),
            E::TooLarge { path, needed, free } => {
                new(Code::ModelTooLarge).with("needed", needed).with("free", free).in_file(path.display())
            }
            E::PromptTooLong { tokens, limit } => new(Code::TextTooLong).with("tokens", tokens).with("limit", limit),
            E::Labels { detail } => new(Code::SchemaMalformed).with("detail", detail),
            E::Failed { detail } => new(Code::ModelFailed).with("detail", detail),
            E::Address { server } => new(Code::ServerAddress).with("server", server),
            E::ServerGone { server, detail } => {
                new(Code::ServerUnreachable).with("server", server).with("detail", detail)
            }
            E::ServerRefused { server, status } => {
                new(Code::ServerRefused).with("server", server).with("status", status)
            }
            E::ServerModel { server, model, models } => {
                new(Code::ServerModelMissing).with("server", server).with("model", model).with("models", models)
            }
            E::ModelGone { server, model, detail } => {
                new(Code::ServerModelGone).with("server", server).with("model", model).with("detail", detail)
            }
            E::ServerLoading { server } => new(Code::ServerLoading).with("server", server),
            E::ServerTimedOut { server, seconds } => {
                new(Code::ServerTimedOut).with("server", server).with("seconds", seconds)
            }
            E::Redirected { server, to } => new(Code::ServerRedirects).with("server", server).with("target", to),
            E::QuotaUsedUp { server, status, detail } => {
                new(Code::ServerQuota).with("server", server).with("status", status).with("detail", detail)
            }
            E::NotApi { server, detail } => new(Code::ServerNotApi).with("server", server).with("detail", detail),
            E::ServerFailed { server, status, detail } => {
                new(Code::ServerFailed).with("server", server).with("status", status).with("detail", detail)
            }
        }
    }
}

impl From<ItemError> for CallError {
    fn from(error: ItemError) -> Self {
        (&error).into()
    }
}

impl From<ModelError> for CallError {
    fn from(error: ModelError) -> Self {
        (&error).into()
    }
}
