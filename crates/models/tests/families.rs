//! Every supported family beside llama.cpp: tiny models with random weights (`reference/tiny_models.py`), whose architecture,
//! tokenizer and chat template are those of the real ones.
#![allow(clippy::unwrap_used)]

mod beside;

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use beside::{Native, compare_probabilities, compare_tokens, texts};
use models::{GgufModel, Label, LabelModel, LabelPrompt};
use serde_json::{Value, json};
use testbed::LlamaServer;

/// The weights are of 32 bits and nothing is rounded but keys and values (16 bits at the server).
const TOLERANCE: f64 = 0.05;

/// The folder with the tiny models, made once; `None`, said loudly, where nothing was promised.
fn tiny(name: &str) -> Option<PathBuf> {
    static MADE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = MADE.get_or_init(|| {
        let (python, donor) = (testbed::server_python()?, testbed::small_model()?);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("tiny-models");
        let script = testbed::repository().join("crates/models/tests/reference/tiny_models.py");
        let made = Command::new(python).arg(script).arg(&folder).arg(donor).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Some(folder)
    });
    folder.as_ref().map(|folder| folder.join(format!("{name}.gguf")))
}

fn prompt() -> LabelPrompt {
    let labels = ["card_arrival", "lost_card", "pin_blocked"].map(|text| Label { id: text.into(), text: text.into() });
    LabelPrompt {
        instruction: "Classify the question of a bank's customer.\n- card_arrival\n- lost_card\n- pin_blocked"
            .to_owned(),
        labels: labels.into(),
        shots: vec![("Where is my card?".to_owned(), "card_arrival".to_owned())],
        ..LabelPrompt::default()
    }
}

/// The prompt as the server renders it with the file's template.
fn rendered_by(server: &Native, prompt: &LabelPrompt, text: &str) -> String {
    let question = |text: &str| LabelPrompt::question(text);
    let answer = |id: &str| prompt.answer(id).unwrap();
    let mut rest: Vec<Value> = Vec::new();
    for (text, id) in &prompt.shots {
        rest.push(json!({"role": "user", "content": question(text)}));
        rest.push(json!({"role": "assistant", "content": answer(id)}));
    }
    rest.push(json!({"role": "user", "content": question(text)}));
    let mut chat = vec![json!({"role": "system", "content": prompt.instruction})];
    chat.extend(rest.iter().cloned());
    let with_system = server.post("/apply-template", &json!({"messages": chat}));
    if let Some(rendered) = with_system["prompt"].as_str() {
        return rendered.to_owned();
    }
    rest[0]["content"] = format!("{}\n{}", prompt.instruction, rest[0]["content"].as_str().unwrap()).into();
    let without = server.post("/apply-template", &json!({"messages": rest}));
    without["prompt"].as_str().unwrap_or_else(|| panic!("{with_system} {without}")).to_owned()
}

fn compare(name: &str) {
    let Some(path) = tiny(name) else { return };
    let Some(server) = LlamaServer::start(&path) else { return };
    let model = GgufModel::open(&path).unwrap();
    let native = Native::of(&server);
    compare_tokens(&model, &native);
    let text = "How long does a card take to arrive?";
    let ours = model.rendered(&prompt(), text);
    let theirs = rendered_by(&native, &prompt(), text);
    // The server puts the mark of the beginning before the tokens and not into the text.
    let bare = |text: &str| text.trim_start_matches("<s>").to_owned();
    assert_eq!(bare(ours.strip_suffix("{\"label\": \"").unwrap()).trim_end(), bare(&theirs).trim_end());
    // Longer than the smallest window, shorter, and in one piece with several windows.
    let all = texts();
    for count in [1, 3, 20] {
        let mut tokens = model.token_ids(&all[16..16 + count].join("\n")).unwrap();
        tokens.truncate(400);
        compare_probabilities(&model, &native, tokens, TOLERANCE);
    }
    compare_probabilities(&model, &native, model.token_ids(&ours).unwrap(), TOLERANCE);
    labels_as_token_by_token(&model);
}

/// The likelihood of labels that are read as a tree after a kept prefix is what the same tokens give one after another.
fn labels_as_token_by_token(model: &GgufModel) {
    let prompt = prompt();
    let text = "I lost it";
    let scored = model.log_likelihoods(&prompt, &[text]).unwrap().remove(0).unwrap();
    let question = model.question_tokens(&prompt, text).unwrap();
    let mut expected: Vec<f64> = Vec::new();
    for answer in &question.answers {
        let mut tokens = question.tokens.clone();
        let mut log = 0.0;
        for (at, token) in answer.iter().enumerate() {
            let all: std::collections::HashMap<u32, f64> =
                model.next_tokens(&tokens, usize::MAX).unwrap().into_iter().collect();
            let open = question.answers.iter().filter(|other| other.get(..at) == Some(&answer[..at]));
            let allowed: std::collections::BTreeSet<u32> = open.filter_map(|other| other.get(at).copied()).collect();
            let sum: f64 = allowed.iter().map(|token| all[token].exp()).sum();
            log += all[token] - sum.ln();
            tokens.push(*token);
        }
        expected.push(log);
    }
    for (scored, expected) in scored.iter().zip(&expected) {
        assert!((scored - expected).abs() < 1e-3, "{scored} as a tree, {expected} token by token");
    }
}

#[test]
fn qwen2() {
    compare("qwen2");
}

#[test]
fn qwen3() {
    compare("qwen3");
}

#[test]
fn phi3() {
    compare("phi3");
}

#[test]
fn gemma3() {
    compare("gemma3");
}

#[test]
fn mistral() {
    compare("mistral");
}

#[test]
fn ways_of_cutting_texts() {
    for name in ["gpt-2", "llama-bpe", "tekken", "gpt-4o"] {
        let Some(path) = tiny(&format!("cut-{name}")) else { return };
        let Some(server) = LlamaServer::start(&path) else { return };
        compare_tokens(&GgufModel::open(&path).unwrap(), &Native::of(&server));
    }
}
