//! How a command ends when it does not end well.

use std::process::ExitCode;

use catalogue::{Language, Text, error_message, t};
use contract::{CallError, ErrorCode};
use serde_json::{Value, json};

use crate::output::{excerpt, note, usage, write};

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// A call or a job failed.
    Call(Box<CallError>),
    /// A person stopped the job; what is done is kept.
    Stopped,
    /// The arguments don't go together, which the parser could not see.
    Usage(Box<clap::Error>),
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error.code {
            ErrorCode::Cancelled => Self::Stopped,
            _ => Self::Call(Box::new(error)),
        }
    }
}

impl Failure {
    /// A defect of the program.
    pub fn defect(detail: &impl ToString) -> Self {
        CallError::new(ErrorCode::Internal).with("detail", detail.to_string()).into()
    }

    /// Tells it: in words on standard error, or as the one JSON document on standard output
    /// (`{"error": {code, params, place, message}}`).
    pub fn print(&self, lang: Language, json: bool) -> ExitCode {
        let (error, message) = match self {
            Failure::Call(error) => ((**error).clone(), line(lang, error)),
            Failure::Stopped => (CallError::new(ErrorCode::Cancelled), t(lang, Text::CommandStopped).to_owned()),
            Failure::Usage(error) => return usage(error, json),
        };
        if json {
            print_document(&error, &message);
        } else {
            note(&message);
        }
        ExitCode::FAILURE
    }
}

/// An error as standard error has it, in the person's language: what and where, then what to do.
pub fn line(lang: Language, error: &CallError) -> String {
    let text = error_message(lang, error);
    let mut message = format!("{}: ", t(lang, Text::CommandError));
    if let Some(place) = &text.place {
        message.push_str(&format!("{}: ", excerpt(place, 1000)));
    }
    message.push_str(&excerpt(&text.what, 2000));
    message.push_str(&format!("\n  {}", excerpt(&text.hint, 2000)));
    if let Some(command) = text.command {
        message.push_str(&format!(" ({command})"));
    }
    message
}

/// An error as JSON has it: `{code, params, place, message}`.
pub fn document(error: &CallError, message: &str) -> Value {
    let mut document = json!(error);
    document["message"] = message.into();
    document
}

/// Prints the one JSON document of an error, `{"error": {code, params, place, message}}`.
pub fn print_document(error: &CallError, message: &str) {
    let document = json!({ "error": document(error, message) });
    // Nobody is left to tell when this can't be written either.
    let _ = write(&format!("{document:#}\n"));
}
