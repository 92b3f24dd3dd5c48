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

/// The body of a chat completion that asks for the label of `text`.
pub(crate) fn body(model: &str, prompt: &LabelPrompt, text: &str, mode: Mode) -> Value {
    let mut chat: Vec<Value> =
        messages(prompt).into_iter().map(|(role, content)| json!({"role": role, "content": content})).collect();
    chat.push(json!({"role": "user", "content": LabelPrompt::question(text)}));
    let longest = prompt.labels.iter().map(|label| label.text.len()).max().unwrap_or(0);
    let mut body = json!({
        "model": model,
        "messages": chat,
        "temperature": 0,
        // A Cyrillic letter may be two tokens; a label that is cut is no answer.
        "max_tokens": longest + 32,
    });
    match mode {
        Mode::Grammar => {
            body["grammar"] = Value::String(grammar(prompt));
            body["cache_prompt"] = Value::Bool(true);
            ask_logprobs(&mut body);
        }
        Mode::Schema { logprobs } => {
            body["response_format"] = json!({
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": true, "schema": schema(prompt, !logprobs)},
            });
            if logprobs {
                ask_logprobs(&mut body);
            }
        }
        Mode::Plain => {
            if let Some(first) = body["messages"].get_mut(0).and_then(|message| message.get_mut("content")) {
                let text = first.as_str().unwrap_or_default();
                let how = "Answer with JSON only: {\"label\": one of the labels, \"confidence\": number from 0 to 1}";
                *first = Value::String(format!("{text}\n{how}"));
            }
        }
    }
    body
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
