//! The figures of docs/CONFIDENCE.md: how good the classifier is, what its confidence is worth, whether a threshold keeps what it
//! promises, and how well what belongs to no domain is recognised.
//!
//! `confidence_figures ENCODER TRAIN TEST OUT [SHOTS]` reads CSV files (text, label; any names) or CLINC150's JSON (then TEST is ignored),
//! takes SHOTS texts a domain for training (all without it), and writes figures as JSON to standard output and the vectors
//! and targets (little-endian f32 and u32) to the folder OUT, for scikit-learn beside.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use learn::calibration::{Calibration, fit};
use learn::cross_validation::choose_c;
use learn::logistic::{Examples, LogisticSettings, train};
use learn::nearest::near_duplicates;
use learn::novelty::{Method, Novelty, Queries, cross_fitted_scores, threshold};
use learn::reliability::{BINS, reliability};
use learn::statistics::roc_auc;
use learn::threshold::{ErrorEstimate, Thresholds};
use learn::{Folds, NEVER, Rows, RowsBuf};
use models::{BertEncoder, CancelToken, Purpose, TextEncoder};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;
/// Texts with their labels.
type Labelled = Vec<(String, String)>;

/// Strengths of the regularisation that are tried, as the product does.
const STRENGTHS: [f64; 6] = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [encoder, train_file, test_file, out, rest @ ..] = arguments.as_slice() else {
        return Err("confidence_figures ENCODER TRAIN TEST OUT [SHOTS]".into());
    };
    let shots = rest.first().map(|shots| shots.parse::<usize>()).transpose()?;
    let (train_set, test_set, outside) = read(Path::new(train_file), Path::new(test_file))?;
    let train_set = few(train_set, shots);
    let encoder = BertEncoder::open(Path::new(encoder))?;
    let mut names: Vec<String> = train_set.iter().map(|(_, label)| label.clone()).collect();
    names.sort();
    names.dedup();
    let number: HashMap<&str, u32> = names.iter().map(String::as_str).zip(0..).collect();
    let targets = |set: &Labelled| -> Vec<u32> {
        set.iter().filter_map(|(_, label)| number.get(label.as_str()).copied()).collect()
    };
    let (train_y, test_y) = (targets(&train_set), targets(&test_set));
    let (train_x, test_x) = (encode(&encoder, &train_set)?, encode(&encoder, &test_set)?);
    let out = Path::new(out);
    fs::create_dir_all(out)?;
    for (name, rows, y) in [("train", &train_x, &train_y), ("test", &test_x, &test_y)] {
        fs::write(
            out.join(format!("{name}.f32")),
            bytes(rows.view().values().iter().map(|value| value.to_le_bytes())),
        )?;
        fs::write(out.join(format!("{name}.u32")), bytes(y.iter().map(|value| value.to_le_bytes())))?;
    }
    let mut figures = classified(&train_x, &train_y, &test_x, &test_y, names.len())?;
    if !outside.is_empty() {
        let outside_x = encode(&encoder, &outside)?;
        figures["out_of_scope"] = out_of_scope(&train_x, &train_y, &test_x, &outside_x, names.len())?;
    }
    figures["train"] = train_y.len().into();
    figures["test"] = test_y.len().into();
    figures["domains"] = names.len().into();
    println!("{figures:#}");
    Ok(())
}

/// Accuracy, calibration and thresholds: all of them chosen by cross-validation on the training set, and judged on the test set.
fn classified(train_x: &RowsBuf, train_y: &[u32], test_x: &RowsBuf, test_y: &[u32], classes: usize) -> Outcome<Value> {
    let examples = Examples::new(train_x.view(), train_y, classes)?;
    let folds = folds(train_x, train_y)?;
    let base = LogisticSettings::default();
    let chosen = choose_c(&examples, &folds, &STRENGTHS, &base, NEVER)?;
    let trained = train(&examples, &LogisticSettings { c: chosen.c, ..base }, None, NEVER)?;
    let calibration = fit(&chosen.out_of_fold.probabilities, train_y, classes, 29)?.calibration;
    let mut held_out = chosen.out_of_fold.probabilities.clone();
    calibration.apply_all(&mut held_out, classes);
    let mut rows = trained.classifier.probabilities(test_x.view())?;
    let (before, right) = verdicts(&rows, test_y, classes);
    calibration.apply_all(&mut rows, classes);
    let (after, _) = verdicts(&rows, test_y, classes);
    let (known, known_right) = verdicts(&held_out, train_y, classes);
    let known: Vec<(f32, bool)> = known.into_iter().zip(known_right).collect();
    let thresholds = Thresholds::new(&after, &known, 0.95)?;
    let mut promises = Vec::new();
    for limit in [0.01, 0.02, 0.05, 0.1] {
        for (name, estimate) in [("suggested", ErrorEstimate::Share), ("cautious", ErrorEstimate::Upper)] {
            let Some(point) = thresholds.lowest(limit, estimate)? else { continue };
            let accepted: Vec<bool> = after
                .iter()
                .zip(&right)
                .filter(|(confidence, _)| f64::from(**confidence) >= point.threshold)
                .map(|(_, right)| *right)
                .collect();
            let wrong = accepted.iter().filter(|right| !**right).count();
            promises.push(json!({
                "at_most": limit, "choice": name, "threshold": point.threshold, "to_review": point.review_share,
                "expected": point.error.share, "low": point.error.low, "high": point.error.high,
                "true": wrong as f64 / accepted.len().max(1) as f64,
            }));
        }
    }
    let hits = right.iter().filter(|right| **right).count();
    Ok(json!({
        "c": chosen.c,
        "cross_validated": chosen.out_of_fold.accuracy.share,
        "accuracy": hits as f64 / right.len().max(1) as f64,
        "calibration": match &calibration {
            Calibration::Identity => "none".to_owned(),
            Calibration::Temperature { temperature } => format!("temperature {temperature:.3}"),
            Calibration::Isotonic(map) => format!("isotonic, {} steps", map.confidence.len()),
        },
        "ece_before": reliability(&before, &right, BINS)?.ece,
        "ece_after": reliability(&after, &right, BINS)?.ece,
        "thresholds": promises,
    }))
}

/// How well each way of measuring strangeness tells the domains' texts from others, and what a threshold that keeps 95 % of the
/// former finds.
fn out_of_scope(
    train_x: &RowsBuf,
    train_y: &[u32],
    test_x: &RowsBuf,
    outside_x: &RowsBuf,
    classes: usize,
) -> Outcome<Value> {
    let examples = Examples::new(train_x.view(), train_y, classes)?;
    let folds = folds(train_x, train_y)?;
    let settings = LogisticSettings { c: 30.0, ..LogisticSettings::default() };
    let chosen = choose_c(&examples, &folds, &[30.0], &settings, NEVER)?;
    let classifier = train(&examples, &settings, None, NEVER)?.classifier;
    let logs: Vec<f32> = chosen.out_of_fold.probabilities.iter().map(|p| p.max(f32::MIN_POSITIVE).ln()).collect();
    let mut found = serde_json::Map::new();
    for (name, method) in [
        ("max probability", Method::MaxProbability),
        ("energy", Method::Energy),
        ("nearest cosine, 1", Method::NearestCosine { neighbours: 1 }),
        ("nearest cosine, 3", Method::NearestCosine { neighbours: 3 }),
        ("nearest cosine, 10", Method::NearestCosine { neighbours: 10 }),
        ("Mahalanobis", Method::Mahalanobis),
        ("relative Mahalanobis", Method::RelativeMahalanobis),
    ] {
        let novelty = Novelty::fit(method, &examples, NEVER)?;
        let scores = |rows: &RowsBuf| -> Outcome<Vec<f64>> {
            let logits = classifier.logits(rows.view())?;
            Ok(novelty.scores(&Queries::new(rows.view(), Rows::new(&logits, classes)?)?)?)
        };
        let (inside, outside) = (scores(test_x)?, scores(outside_x)?);
        let auc = roc_auc(&outside, &inside, 0.95)?;
        let own = cross_fitted_scores(method, &examples, Rows::new(&logs, classes)?, &folds, NEVER)?;
        let from = threshold(&own, 0.95)?;
        let share = |scores: &[f64]| scores.iter().filter(|score| **score > from).count() as f64 / scores.len() as f64;
        found.insert(
            name.to_owned(),
            json!({"auc": auc.auc, "low": auc.low, "high": auc.high, "found": share(&outside), "false_alarms": share(&inside)}),
        );
    }
    Ok(Value::Object(found))
}

/// Folds in which variants of one text are held out together.
fn folds(rows: &RowsBuf, targets: &[u32]) -> Outcome<Folds> {
    let cosine = std::env::var("NEAR_DUPLICATE").ok().and_then(|cosine| cosine.parse().ok()).unwrap_or(0.85);
    let groups = near_duplicates(rows.view(), targets, cosine, NEVER)?;
    Ok(Folds::grouped(targets, &groups, 5, 17)?)
}

fn verdicts(rows: &[f32], truth: &[u32], classes: usize) -> (Vec<f32>, Vec<bool>) {
    let best = |row: &[f32]| row.iter().copied().enumerate().fold((0, f32::MIN), |a, b| if b.1 > a.1 { b } else { a });
    rows.chunks_exact(classes)
        .zip(truth)
        .map(|(row, truth)| {
            let (place, confidence) = best(row);
            (confidence.clamp(0.0, 1.0), place == *truth as usize)
        })
        .unzip()
}

fn encode(encoder: &BertEncoder, set: &Labelled) -> Outcome<RowsBuf> {
    let texts: Vec<&str> = set.iter().map(|(text, _)| text.as_str()).collect();
    let vectors = encoder.encode_all(&texts, Purpose::Symmetric, &CancelToken::new())?.ok_or("cancelled")?;
    Ok(RowsBuf::new(vectors.concat(), encoder.dimensions())?)
}

/// The first so many texts of each label.
fn few(set: Labelled, shots: Option<usize>) -> Labelled {
    let Some(shots) = shots else { return set };
    let mut taken: HashMap<String, usize> = HashMap::new();
    set.into_iter()
        .filter(|(_, label)| {
            let count = taken.entry(label.clone()).or_default();
            *count += 1;
            *count <= shots
        })
        .collect()
}

/// Training set, test set, and texts of no domain.
fn read(train: &Path, test: &Path) -> Outcome<(Labelled, Labelled, Labelled)> {
    if train.extension().is_none_or(|extension| extension != "json") {
        return Ok((table(train)?, table(test)?, Vec::new()));
    }
    let all: HashMap<String, Vec<(String, String)>> = serde_json::from_str(&fs::read_to_string(train)?)?;
    let part = |name: &str| all.get(name).cloned().unwrap_or_default();
    Ok((part("train"), part("test"), part("oos_test")))
}

fn table(file: &Path) -> Outcome<Labelled> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file)?;
    let rows = reader.records().map(|record| {
        let record = record?;
        Ok((record.get(0).unwrap_or_default().to_owned(), record.get(1).unwrap_or_default().to_owned()))
    });
    rows.collect::<Result<_, csv::Error>>().map_err(Into::into)
}

fn bytes<const N: usize>(values: impl Iterator<Item = [u8; N]>) -> Vec<u8> {
    values.flatten().collect()
}
