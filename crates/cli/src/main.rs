//! Winnow without a window: each command is a few calls of `contract`, answered by `api`, told in the person's language.
//!
//! Layout: [`arguments`] is what can be typed, [`commands`] what it does (one file a command), [`session`] the way to
//! `api` (calls, jobs with progress, Ctrl-C), [`report`] what people read (one file a subject), [`failure`] how it ends
//! when it does not end well. Nothing here asks a question: a command has all it needs or says what is missing.

mod arguments;
mod commands;
mod failure;
mod help;
mod interrupt;
mod language;
mod output;
mod progress;
mod report;
mod session;

use std::process::ExitCode;

fn main() -> ExitCode {
    let language = language::of_process(std::env::args_os());
    let arguments = match help::parse(language) {
        Ok(arguments) => arguments,
        Err(usage) => return output::usage(&usage, output::wants_json(std::env::args_os())),
    };
    let json = arguments.json;
    match commands::execute(arguments, language) {
        Ok(reply) => reply.print(json),
        Err(failure) => failure.print(language, json),
    }
}
