//! Standard output: one JSON document or a person's summary; a reader that goes away early is no failure.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use catalogue::Language;
use contract::{CallError, ErrorCode};
use serde::Serialize;
use serde_json::Value;

use crate::failure::{Failure, document, line, print_document};

/// What a command answers, in both forms.
pub struct Reply {
    json: Value,
    text: String,
    failed: bool,
    /// The line of an error that goes with it.
    error: Option<String>,
}

impl Reply {
    /// The answer as the contract has it, and as a person reads it.
    ///
    /// # Errors
    /// The answer can't be written as JSON: a defect.
    pub fn new(answer: &impl Serialize, text: impl Into<String>) -> Result<Self, Failure> {
        let json = serde_json::to_value(answer).map_err(|error| Failure::defect(&error))?;
        Ok(Self { json, text: text.into(), failed: false, error: None })
    }

    /// Whether it tells of something that did not go as it should: the exit status says so, too.
    #[must_use]
    pub fn failed_if(mut self, failed: bool) -> Self {
        self.failed = failed;
        self
    }

    /// It tells how far the command came, and this error what stopped it: its line goes to standard error, in JSON it stands in the
    /// answer as `error`.
    #[must_use]
    pub fn failed_with(mut self, lang: Language, error: &CallError) -> Self {
        let line = line(lang, error);
        if let Value::Object(fields) = &mut self.json {
            fields.insert("error".to_owned(), document(error, &line));
        }
        self.error = Some(line);
        self.failed_if(true)
    }

    /// Prints it.
    pub fn print(&self, json: bool) -> ExitCode {
        let text = if json { format!("{:#}\n", self.json) } else { ended(&self.text) };
        let written = write(&text);
        if let Some(error) = &self.error {
            note(error);
        }
        match written {
            Ok(()) if !self.failed => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}

/// With exactly one line end.
fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end())
}

/// Writes to standard output; a closed pipe (`winnow … | head`) ends quietly.
pub fn write(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes a line to standard error; whoever closed it doesn't want to know.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints what the parser has to say: help and version on standard output, wrong usage on standard error. Whoever asked for JSON gets
/// wrong usage as the one document on standard output, too.
pub fn usage(usage: &clap::Error, json: bool) -> ExitCode {
    let _ = usage.print();
    if usage.use_stderr() && json {
        let text = usage.render().to_string();
        // What is wrong is the first paragraph; usage follows.
        let told = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "arguments").with("detail", told);
        print_document(&error, text.trim_end());
    }
    ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2))
}

/// Whether `--json` is among the arguments: they could not be parsed, so it is looked for by hand. What follows `--` is no option.
pub fn wants_json(arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.skip(1).take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

/// A text from a file as it may stand in a terminal: on one line, without control characters (which could move the
/// cursor or change colours), cut to `limit` characters.
pub fn excerpt(text: &str, limit: usize) -> String {
    let mut clean: String =
        text.chars().map(|c| if c.is_control() || is_bidi_control(c) { ' ' } else { c }).take(limit + 1).collect();
    if clean.chars().count() > limit {
        clean = clean.chars().take(limit.saturating_sub(1)).collect();
        clean.truncate(clean.trim_end().len());
        clean.push('…');
    }
    clean
}

/// Marks that turn the direction of what follows, and so could make a line read as something else.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_wanted_where_the_option_stands() {
        let wanted = |arguments: &[&str]| wants_json(arguments.iter().map(OsString::from));
        assert!(wanted(&["winnow", "frobnicate", "--json"]));
        assert!(wanted(&["winnow", "--json"]));
        assert!(!wanted(&["--json", "stats"]) && !wanted(&["winnow", "stats", "--", "--json"]));
    }

    #[test]
    fn an_excerpt_is_one_harmless_line() {
        assert_eq!(excerpt("a\u{1b}[31m\nred", 40), "a [31m red");
        assert_eq!(excerpt("слово за словом", 8), "слово з…");
        assert_eq!(excerpt("exact", 5), "exact");
    }
}
