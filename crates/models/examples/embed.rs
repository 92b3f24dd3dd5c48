//! Encodes the lines of a file and prints, as JSON, how long loading and encoding took.
//!
//!     embed FOLDER FILE [query | passage | symmetric] [--vectors]

use std::path::Path;
use std::time::Instant;

use models::{BertEncoder, CancelToken, Purpose, TextEncoder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, file, rest @ ..] = arguments.as_slice() else {
        return Err("usage: embed FOLDER FILE [query | passage | symmetric] [--vectors]".into());
    };
    let purpose = match rest.first().map(String::as_str) {
        Some("query") => Purpose::Query,
        Some("passage") => Purpose::Passage,
        _ => Purpose::Symmetric,
    };
    let content = std::fs::read_to_string(file)?;
    let texts: Vec<&str> = content.lines().collect();
    let began = Instant::now();
    let encoder = BertEncoder::open(Path::new(folder))?;
    let load = began.elapsed().as_secs_f64();
    let cancel = CancelToken::new();
    // Warm, as the peer is.
    encoder.encode_all(&texts[..texts.len().min(64)], purpose, &cancel)?;
    let began = Instant::now();
    let mut vectors = vec![Vec::new(); texts.len()];
    let report = encoder.encode(&texts, purpose, &cancel, &mut |index, vector| {
        vectors[index] = vector;
        std::ops::ControlFlow::Continue(())
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let mut answer = serde_json::json!({
        "encoder": encoder.findings().summary,
        "load_seconds": load,
        "seconds": seconds,
        "texts": report.encoded,
        "tokens": report.tokens,
        "truncated": report.truncated,
    });
    if rest.iter().any(|argument| argument == "--vectors") {
        answer["vectors"] = serde_json::to_value(&vectors)?;
    }
    println!("{answer}");
    Ok(())
}
