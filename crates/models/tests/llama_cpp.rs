//! Beside llama.cpp's own server, on the same files: tokens, next-token probabilities, labels.
#![allow(clippy::unwrap_used)]

mod beside;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use contract::label::ConfidenceSource;
use contract::model::ServerSettings;
use models::{
    CancelToken, GgufModel, HttpModel, Label, LabelModel, LabelPrompt, Mode, ModelError, Scored, list_models,
};
use testbed::LlamaServer;

use beside::{Native, compare_probabilities, compare_tokens};

fn prompt(labels: &[&str]) -> LabelPrompt {
    let labels = labels.iter().map(|text| Label { id: (*text).to_owned(), text: (*text).to_owned() }).collect();
    let instruction = "Classify the question of a bank's customer. Answer with one of the labels:\n- card_arrival\n- \
                       lost_card\n- pin_blocked\n- exchange_rate\nAnswer with the label only."
        .to_owned();
    LabelPrompt { instruction, labels, ..LabelPrompt::default() }
}

/// Largest difference of a log-probability among the five most probable tokens. Both sides round activations differently.
const TOLERANCE: f64 = 0.3;
/// The same where the weights are of 32 bits.
const UNROUNDED: f64 = 0.05;
const LABELS: [&str; 4] = ["card_arrival", "lost_card", "pin_blocked", "exchange_rate"];
const QUESTIONS: [&str; 4] = [
    "I am still waiting on my card?",
    "My wallet was stolen, please block the card",
    "I entered the wrong PIN three times",
    "How many dollars do I get for a euro?",
];

fn label(model: &dyn LabelModel) -> Vec<Scored> {
    let mut answers = BTreeMap::new();
    let mut sink = |index, result: Result<Scored, _>| {
        answers.insert(index, result.unwrap());
        ControlFlow::Continue(())
    };
    let report = model.label(&prompt(&LABELS), &QUESTIONS, &CancelToken::new(), &mut sink).unwrap();
    assert_eq!((report.labelled, report.failed, report.cancelled), (QUESTIONS.len(), 0, false));
    answers.into_values().collect()
}

fn connected(server: &LlamaServer) -> HttpModel {
    let model = HttpModel::connect(&server.url(), LlamaServer::MODEL, None, ServerSettings::default()).unwrap();
    assert_eq!(model.mode(), Mode::Grammar, "the strongest way that llama.cpp offers is found");
    model
}

fn label_over_http(server: &LlamaServer) {
    for scored in label(&connected(server)) {
        assert_eq!(scored.obtained, ConfidenceSource::TokenLogprobs);
        assert!((scored.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{scored:?}");
    }
}

/// The probabilities that are read from the logits in process are those that the server reports for its constrained answer.
fn compare_labels(model: &GgufModel, server: &LlamaServer) {
    let remote = connected(server);
    for ((ours, theirs), question) in label(model).iter().zip(label(&remote)).zip(QUESTIONS) {
        assert_eq!(ours.obtained, ConfidenceSource::LabelLikelihood);
        assert!((ours.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{ours:?}");
        assert_eq!(ours.best().0, theirs.best().0, "{question}: {ours:?} {theirs:?}");
        assert!((ours.best().1 - theirs.best().1).abs() < 0.08, "{question}: {ours:?} {theirs:?}");
    }
    assert_eq!(label(model), label(model), "the same answer every time");
}

fn compare(path: &Path) {
    let Some(server) = LlamaServer::start(path) else { return };
    let model = GgufModel::open(path).unwrap();
    let native = Native::of(&server);
    compare_tokens(&model, &native);
    for question in QUESTIONS {
        let tokens = model.token_ids(&model.rendered(&prompt(&LABELS), question)).unwrap();
        compare_probabilities(&model, &native, tokens, TOLERANCE);
    }
    label_over_http(&server);
    if path.ends_with(testbed::STARTER_MODEL) {
        // SmolLM2, held to a grammar, begins labels with tokens that are not their own ("l", "lo"), so its answers over a
        // server are others.
        compare_labels(&model, &server);
    }
    assert_eq!(list_models(&server.url(), None).unwrap(), [LlamaServer::MODEL]);
    let other = HttpModel::connect(&server.url(), "another", None, ServerSettings::default());
    assert!(matches!(other, Err(ModelError::ServerModel { .. })));
}

#[test]
fn smollm2_agrees_with_llama_cpp() {
    if let Some(path) = testbed::small_model() {
        compare(&path);
    }
}

#[test]
fn the_starter_model_agrees_with_llama_cpp() {
    if let Some(path) = testbed::starter_model() {
        compare(&path);
    }
}

#[test]
fn the_larger_model_agrees_with_llama_cpp() {
    if let Some(path) = testbed::larger_model() {
        compare(&path);
    }
}

/// A base model: no template, SentencePiece, windows. llama.cpp rounds activations to 8 bits where weights are quantised, which
/// moves this small model by up to 0.8; with the same weights in 32 bits both sides compute the same.
#[test]
fn gemma_agrees_with_llama_cpp_where_nothing_is_rounded() {
    let (Some(stored), Some(python)) = (testbed::gemma_model(), testbed::server_python()) else { return };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gemma-32-bits.gguf");
    let script = testbed::repository().join("crates/models/tests/reference/dequantise.py");
    let made = Command::new(python).arg(script).arg(stored).arg(&path).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let Some(server) = LlamaServer::start(&path) else { return };
    let model = GgufModel::open(&path).unwrap();
    let native = Native::of(&server);
    compare_tokens(&model, &native);
    for question in QUESTIONS {
        let tokens = model.question_tokens(&prompt(&LABELS), question).unwrap().tokens;
        compare_probabilities(&model, &native, tokens, UNROUNDED);
    }
    // Longer than the window of 512 tokens.
    let long = model.token_ids(&beside::texts()[16..100].join("\n")).unwrap();
    assert!(long.len() > 600);
    compare_probabilities(&model, &native, long, UNROUNDED);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_text_changes_nothing_for_its_neighbours() {
    let Some(path) = testbed::small_model() else { return };
    let model = GgufModel::open(&path).unwrap();
    let together = label(&model);
    for (index, question) in QUESTIONS.iter().enumerate() {
        let mut alone = None;
        let mut sink = |_, result: Result<Scored, _>| {
            alone = Some(result.unwrap());
            ControlFlow::Continue(())
        };
        model.label(&prompt(&LABELS), &[question], &CancelToken::new(), &mut sink).unwrap();
        for (alone, together) in alone.unwrap().probabilities.iter().zip(&together[index].probabilities) {
            assert!((alone - together).abs() < 1e-3, "{question}: {alone} {together}");
        }
    }
}

#[test]
fn a_cancelled_run_stops_with_what_it_has() {
    let Some(path) = testbed::small_model() else { return };
    let model = GgufModel::open(&path).unwrap();
    let texts = vec!["How long does a card take to arrive?"; 4_000];
    let cancel = CancelToken::new();
    let mut answered = 0;
    let mut sink = |_, _| {
        answered += 1;
        cancel.cancel();
        ControlFlow::Continue(())
    };
    let report = model.label(&prompt(&LABELS), &texts, &cancel, &mut sink).unwrap();
    assert!(report.cancelled && report.labelled == answered && answered < texts.len(), "{report:?}");
}
