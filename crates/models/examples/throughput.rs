//! How fast and in how much memory a model in process labels:
//! `cargo run --release -p models --example throughput -- MODEL.gguf SCHEMA.json FILE.tsv`
//!
//! The file has a text and a label a line, separated by a tab. Prints one JSON document: figures, this machine's own limit for the
//! model's matrix products, and the messages of the prompt, so that another program can be asked the same.

use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use candle_core::{Device, Tensor};
use contract::schema::{Domain, Schema};
use models::{CancelToken, GgufModel, LabelModel, LabelPrompt, RunReport};
use serde_json::{Value, json};

/// Texts that the labels' prior is read from.
const PRIOR: usize = 32;
/// Rows of the products that are timed, as many as a pass has.
const ROWS: usize = 768;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, schema, file] = arguments.as_slice() else {
        return Err("usage: throughput MODEL.gguf SCHEMA.json FILE.tsv".into());
    };
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(schema)?)?;
    let domains: Vec<Domain> = serde_json::from_value(schema["domains"].clone())?;
    let content = std::fs::read_to_string(file)?;
    let rows: Vec<(&str, &str)> = content.lines().filter_map(|line| line.split_once('\t')).collect();
    let texts: Vec<&str> = rows.iter().map(|(text, _)| *text).collect();
    // As in a run of the product: what the labels have for some of the texts, whatever the text, is taken off.
    let step = (texts.len() / PRIOR).max(1);
    let calibration = texts.iter().step_by(step).take(PRIOR).map(|text| (*text).to_owned()).collect();
    let prompt = LabelPrompt { calibration, ..LabelPrompt::for_schema(&Schema { domains, revision: 1 }) };
    let began = Instant::now();
    let model = GgufModel::open(Path::new(model))?;
    let loading = began.elapsed().as_secs_f64();
    let began = Instant::now();
    label(&model, &prompt, &texts[..1], &mut |_, _| {})?;
    let reading = began.elapsed().as_secs_f64();
    let mut right = 0;
    let began = Instant::now();
    let report = label(&model, &prompt, &texts, &mut |index, best| {
        right += usize::from(prompt.labels[best].id == rows[index].1);
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let prefix = label(&model, &prompt, &[], &mut |_, _| {})?.prompt_tokens;
    // The prefix was read before the clock started.
    let tokens = report.prompt_tokens - prefix + report.completion_tokens;
    let peak = peak_mib();
    println!(
        "{}",
        json!({
            "texts": texts.len(), "labels": prompt.labels.len(), "right": right, "seconds": seconds,
            "loading_seconds": loading, "prompt_seconds": reading, "prompt_tokens": prefix, "tokens": tokens,
            "limit_tokens_per_second": limit(&model)?, "peak_mib": peak, "messages": messages(&prompt),
            "questions": texts.iter().map(|text| LabelPrompt::question(text)).collect::<Vec<_>>(),
        })
    );
    Ok(())
}

fn label(
    model: &GgufModel,
    prompt: &LabelPrompt,
    texts: &[&str],
    answer: &mut dyn FnMut(usize, usize),
) -> Result<RunReport, Box<dyn Error>> {
    let mut failed = None;
    let report = model.label(prompt, texts, &CancelToken::new(), &mut |index, scored| {
        match scored {
            Ok(scored) => answer(index, scored.best().0),
            Err(error) => failed = Some(error),
        }
        ControlFlow::Continue(())
    })?;
    failed.map_or(Ok(report), |error| Err(error.into()))
}

/// The prompt's messages before the text.
fn messages(prompt: &LabelPrompt) -> Vec<Value> {
    let mut messages = vec![json!({"role": "system", "content": prompt.instruction})];
    for (text, id) in &prompt.shots {
        if let Some(answer) = prompt.answer(id) {
            messages.push(json!({"role": "user", "content": LabelPrompt::question(text)}));
            messages.push(json!({"role": "assistant", "content": answer}));
        }
    }
    messages
}

/// Tokens a second if nothing were computed but the model's matrix products, at the rate of plain 32-bit products of the same
/// shapes: the best of three rounds.
fn limit(model: &GgufModel) -> Result<f64, Box<dyn Error>> {
    let (shapes, layers) = model.products();
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let mut round = 0.0;
        for &(rows, columns) in &shapes {
            let weights = Tensor::rand(-1.0_f32, 1.0, (rows, columns), &Device::Cpu)?;
            let x = Tensor::rand(-1.0_f32, 1.0, (ROWS, columns), &Device::Cpu)?;
            let began = Instant::now();
            for _ in 0..3 {
                std::hint::black_box(x.matmul(&weights.t()?)?);
            }
            round += began.elapsed().as_secs_f64() / 3.0;
        }
        best = best.min(round);
    }
    #[allow(clippy::cast_precision_loss)] // Small counts.
    Ok(ROWS as f64 / (best * layers as f64))
}

/// The most memory that this process had, in MiB (Linux).
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}
