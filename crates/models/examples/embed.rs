//! Encodes the lines of a file and prints, as JSON, how long loading and encoding took. Writes the vectors into a file, as
//! little-endian numbers of 32 bits, where one is named.
//!
//!     embed FOLDER FILE [query | passage | symmetric] [VECTORS]

use std::path::Path;
use std::time::Instant;

use models::{BertEncoder, CancelToken, Purpose, TextEncoder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, file, rest @ ..] = arguments.as_slice() else {
        return Err("usage: embed FOLDER FILE [query | passage | symmetric] [VECTORS]".into());
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
    let answer = serde_json::json!({
        "encoder": encoder.findings().summary,
        "load_seconds": load,
        "seconds": seconds,
        "texts": report.encoded,
        "tokens": report.tokens,
        "truncated": report.truncated,
    });
    if let Some(out) = rest.get(1) {
        let bytes: Vec<u8> = vectors.iter().flatten().flat_map(|number| number.to_le_bytes()).collect();
        std::fs::write(out, bytes)?;
    }
    println!("{answer}");
    Ok(())
}
