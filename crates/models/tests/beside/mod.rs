//! What tests beside llama.cpp share: its server's own interface, the texts, the comparisons.
#![allow(clippy::unwrap_used, dead_code)]

pub mod scatter;

use std::collections::BTreeMap;
use std::time::Duration;

use models::GgufModel;
use serde_json::{Value, json};
use testbed::LlamaServer;

/// Steps of the server's greedy answer that are compared.
const STEPS: usize = 3;
/// Texts that tokenizers are compared on.
const TEXTS: usize = 1_000;

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
pub fn texts() -> Vec<String> {
    let lines = |path: std::path::PathBuf| -> Vec<String> {
        std::fs::read_to_string(path).unwrap().lines().skip(1).map(str::to_owned).collect()
    };
    let odd = ODD_TEXTS.iter().map(|text| (*text).to_owned());
    let samples = ["goods_services_ru.csv", "bank_questions.csv"].map(|name| lines(testbed::sample(name)));
    let many = testbed::data("banking77_train.csv").map(lines).unwrap_or_default().into_iter().step_by(19);
    let texts: Vec<String> = odd.chain(samples.into_iter().flatten()).chain(many).take(TEXTS).collect();
    assert_eq!(texts.len(), TEXTS);
    texts
}

/// The texts of a sample file of the product: what stands before the last column.
pub fn sample_texts(name: &str) -> Vec<String> {
    let content = std::fs::read_to_string(testbed::sample(name)).unwrap();
    let text = |line: &str| line.rsplit_once(',').unwrap().0.trim_matches('"').replace("\"\"", "\"");
    content.lines().skip(1).map(text).collect()
}

/// The server's own interface, for what the OpenAI-compatible one does not tell.
pub struct Native<'a> {
    server: &'a LlamaServer,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl<'a> Native<'a> {
    /// Of a running server.
    pub fn of(server: &'a LlamaServer) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // The server closes connections that rest while the model here computes.
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        Self { server, client, runtime }
    }

    /// Posts JSON and reads the answer.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.server.url())).json(body);
        let request = request.timeout(Duration::from_secs(120));
        self.runtime.block_on(async { request.send().await.unwrap().json().await.unwrap() })
    }
}

/// The same tokens for every text.
pub fn compare_tokens(model: &GgufModel, server: &Native) {
    for text in texts() {
        let body = json!({"content": text, "add_special": false, "parse_special": true});
        let theirs: Vec<u32> = serde_json::from_value(server.post("/tokenize", &body)["tokens"].take()).unwrap();
        assert_eq!(model.token_ids(&text).unwrap(), theirs, "{text:?}");
    }
}

/// Follows the server's greedy answer to `tokens` and compares the five most probable tokens at each step.
pub fn compare_probabilities(model: &GgufModel, server: &Native, mut tokens: Vec<u32>, tolerance: f64) {
    let mut worst = 0.0_f64;
    let body = json!({"prompt": tokens, "n_predict": STEPS, "n_probs": 5, "temperature": 0, "cache_prompt": false,
        "ignore_eos": true});
    let answer = server.post("/completion", &body);
    for step in answer["completion_probabilities"].as_array().unwrap_or_else(|| panic!("{answer}")) {
        let ours: BTreeMap<u32, f64> = model.next_tokens(&tokens, 50).unwrap().into_iter().collect();
        for theirs in step["top_logprobs"].as_array().unwrap() {
            let id = u32::try_from(theirs["id"].as_u64().unwrap()).unwrap();
            let log = theirs["logprob"].as_f64().unwrap();
            let own = ours.get(&id).copied().unwrap_or(f64::NEG_INFINITY);
            let apart = (own - log).abs();
            assert!(apart <= tolerance, "after {} tokens: token {id} {log} by the server, {own} here", tokens.len());
            worst = worst.max(apart);
        }
        tokens.push(u32::try_from(step["id"].as_u64().unwrap()).unwrap());
    }
    eprintln!("largest difference of a log-probability {worst:.4}");
}
