//! The request for one text, in each way that a server may understand.

use serde_json::{Value, json};

use super::probe::Mode;
use crate::chat::messages;
use crate::prompt::{AFTER_LABEL, BEFORE_LABEL, LabelPrompt};

/// Candidates asked for at each token; what every known server allows.
const TOP: u32 = 20;

/// The field of a JSON answer that holds the label.
pub(crate) const LABEL: &str = "label";
/// The field of a JSON answer in which the model says how sure it is.
pub(crate) const CONFIDENCE: &str = "confidence";

/// The body of a chat completion but for the text: what all texts of a run share is written once.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    before: String,
    after: String,
}

impl Template {
    /// Asks `model` for a label in the way of `mode`.
    pub(crate) fn new(model: &str, prompt: &LabelPrompt, mode: Mode) -> Self {
        let mut chat: Vec<Value> =
            messages(prompt).into_iter().map(|(role, content)| json!({"role": role, "content": content})).collect();
        if let Mode::Plain { .. } = mode {
            say_how(&mut chat);
        }
        let mut rest = json!({
            "temperature": 0,
            // A Cyrillic letter may be two tokens; a label that is cut is no answer.
            "max_tokens": prompt.labels.iter().map(|label| label.text.len()).max().unwrap_or(0) + 32,
        });
        constrain(&mut rest, prompt, mode);
        let shared: String = chat.iter().map(|message| format!("{message},")).collect();
        let (model, rest) = (Value::from(model), rest.to_string());
        let before = format!("{{\"model\":{model},\"messages\":[{shared}{{\"role\":\"user\",\"content\":");
        Self { before, after: format!("}}],{}", rest.trim_start_matches('{')) }
    }

    /// The body for a text.
    pub(crate) fn body(&self, text: &str) -> Vec<u8> {
        let question = Value::from(LabelPrompt::question(text)).to_string();
        [self.before.as_bytes(), question.as_bytes(), self.after.as_bytes()].concat()
    }
}

/// Tells a server that holds its answers to nothing what is wanted.
fn say_how(chat: &mut [Value]) {
    if let Some(first) = chat.first_mut().and_then(|message| message.get_mut("content")) {
        let text = first.as_str().unwrap_or_default();
        let how = "Answer with JSON only: {\"label\": one of the labels, \"confidence\": number from 0 to 1}";
        *first = Value::String(format!("{text}\n{how}"));
    }
}

fn constrain(body: &mut Value, prompt: &LabelPrompt, mode: Mode) {
    match mode {
        Mode::Grammar => {
            body["grammar"] = Value::String(grammar(prompt));
            body["cache_prompt"] = Value::Bool(true);
        }
        Mode::Choice { old: false } => body["structured_outputs"] = json!({ "choice": answers(prompt) }),
        Mode::Choice { old: true } => body["guided_choice"] = answers(prompt),
        Mode::Schema { logprobs } => {
            body["response_format"] = json!({
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": true, "schema": schema(prompt, !logprobs)},
            });
        }
        Mode::Plain { .. } => {}
    }
    if mode.has_logprobs() {
        ask_logprobs(body);
    }
}

/// The whole answers: in their frame, so that the model is in the same place as one in process when it chooses.
fn answers(prompt: &LabelPrompt) -> Value {
    prompt.labels.iter().filter_map(|label| prompt.answer(&label.id)).collect()
}

fn ask_logprobs(body: &mut Value) {
    body["logprobs"] = Value::Bool(true);
    body["top_logprobs"] = TOP.into();
}

fn schema(prompt: &LabelPrompt, confidence: bool) -> Value {
    let labels: Vec<&str> = prompt.labels.iter().map(|label| label.text.as_str()).collect();
    let mut properties = json!({LABEL: {"type": "string", "enum": labels}});
    let mut required = vec![LABEL];
    if confidence {
        properties[CONFIDENCE] = json!({"type": "number"});
        required.push(CONFIDENCE);
    }
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// A grammar (GBNF) of exactly the answers, so that the model is in the same place as one in process when it chooses.
fn grammar(prompt: &LabelPrompt) -> String {
    let labels: Vec<String> = prompt.labels.iter().map(|label| literal(&label.in_json())).collect();
    format!("root ::= {} ({}) {}", literal(BEFORE_LABEL), labels.join(" | "), literal(AFTER_LABEL))
}

/// A text as a literal of the grammar.
fn literal(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|c| match c {
            '"' | '\\' => vec!['\\', c],
            c => vec![c],
        })
        .collect();
    format!("\"{escaped}\"")
}
