//! Beside llama.cpp's own server, on the same files: tokens, next-token probabilities, labels.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use contract::label::ConfidenceSource;
use contract::model::ServerSettings;
use models::{
    CancelToken, GgufModel, HttpModel, Label, LabelModel, LabelPrompt, Mode, ModelError, Scored, list_models,
};
use serde_json::{Value, json};
use testbed::LlamaServer;

/// Largest difference of a log-probability among the most probable tokens. Both sides round activations differently.
const TOLERANCE: f64 = 0.3;
/// Or of a probability itself.
const RARE: f64 = 0.02;

/// What trips tokenizers: emoji, line breaks, digits, contractions, scripts, spelled-out special tokens, nothing at all.
const ODD_TEXTS: [&str; 16] = [
    "I am 🙂 happy 👨‍👩‍👧 really",
    "line one\r\nline two\r\n\r\n  indented",
    "\ttabs\t\tand  spaces ",
    "2024-01-31 12:05:59 +7 (495) 123-45-67",
    "a<|im_end|>b<|im_start|>user",
    "ёжик Ёлка йод",
    "naïve café — “quotes” … №5",
    "   ",
    "\n\n\n",
    "don't we'll I'M THEY'RE",
    "ﬁ ligature ½ ² Ⅳ",
    "中文字符 日本語 한국어",
    "a\u{a0}b\u{200b}c",
    "{\"json\": [1, 2.5, null]}",
    "C:\\path\\file.txt http://a.b/c?d=e&f=g",
    "١٢٣ ४५६ e\u{301} combining",
];

/// Real texts in both languages, and the odd ones.
fn texts() -> Vec<String> {
    let read = |name: &str, column: usize| -> Vec<String> {
        let content = std::fs::read_to_string(testbed::sample(name)).unwrap();
        content.lines().skip(1).filter_map(|line| line.split(',').nth(column)).map(str::to_owned).collect()
    };
    let odd = ODD_TEXTS.iter().map(|text| (*text).to_owned());
    read("bank_questions.csv", 0).into_iter().chain(read("goods_services_ru.csv", 0)).chain(odd).collect()
}

/// The server's own interface, for what the OpenAI-compatible one does not tell.
struct Native<'a> {
    server: &'a LlamaServer,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl<'a> Native<'a> {
    fn of(server: &'a LlamaServer) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // The server closes connections that rest while the model here computes.
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        Self { server, client, runtime }
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.server.url())).json(body);
        let request = request.timeout(Duration::from_secs(120));
        self.runtime.block_on(async { request.send().await.unwrap().json().await.unwrap() })
    }
}

fn prompt(labels: &[&str]) -> LabelPrompt {
    let labels = labels.iter().map(|text| Label { id: (*text).to_owned(), text: (*text).to_owned() }).collect();
    let instruction = "Classify the question of a bank's customer. Answer with one of the labels:\n- card_arrival\n- \
                       lost_card\n- pin_blocked\n- exchange_rate\nAnswer with the label only."
        .to_owned();
    LabelPrompt { instruction, labels, ..LabelPrompt::default() }
}

const LABELS: [&str; 4] = ["card_arrival", "lost_card", "pin_blocked", "exchange_rate"];
const QUESTIONS: [&str; 4] = [
    "I am still waiting on my card?",
    "My wallet was stolen, please block the card",
    "I entered the wrong PIN three times",
    "How many dollars do I get for a euro?",
];

fn compare_tokens(model: &GgufModel, server: &Native) {
    for text in texts() {
        let body = json!({"content": text, "add_special": false, "parse_special": true});
        let theirs: Vec<u32> = serde_json::from_value(server.post("/tokenize", &body)["tokens"].take()).unwrap();
        assert_eq!(model.token_ids(&text).unwrap(), theirs, "{text:?}");
    }
}

/// Follows the server's greedy answer and compares the five most probable tokens at each step.
fn compare_probabilities(model: &GgufModel, server: &Native) {
    let mut worst = 0.0_f64;
    for question in QUESTIONS {
        let mut tokens = model.token_ids(&model.rendered(&prompt(&LABELS), question)).unwrap();
        let body = json!({"prompt": tokens, "n_predict": 3, "n_probs": 5, "temperature": 0, "cache_prompt": false});
        for step in server.post("/completion", &body)["completion_probabilities"].as_array().unwrap() {
            let ours: BTreeMap<u32, f64> = model.next_tokens(&tokens, 50).unwrap().into_iter().collect();
            for theirs in step["top_logprobs"].as_array().unwrap() {
                let id = u32::try_from(theirs["id"].as_u64().unwrap()).unwrap();
                let log = theirs["logprob"].as_f64().unwrap();
                let own = ours.get(&id).copied().unwrap_or(f64::NEG_INFINITY);
                worst = worst.max((own - log).abs());
                // A rare token's logarithm says little of how far apart two probabilities are.
                let close = (own - log).abs() <= TOLERANCE || (own.exp() - log.exp()).abs() <= RARE;
                assert!(close, "{question}: token {id} {log} by the server, {own} here");
            }
            tokens.push(u32::try_from(step["id"].as_u64().unwrap()).unwrap());
        }
    }
    eprintln!("{}: largest difference of a log-probability {worst:.3}", model.identity());
}

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
    compare_probabilities(&model, &native);
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
