//! What the scripts under `reference` wrote, and numbers drawn by seed.
#![allow(dead_code)] // Each test file uses a part of it.

use std::path::PathBuf;

use learn::RowsBuf;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

/// Columns of the real features.
pub const COLUMNS: usize = 32;
/// Classes of the real features.
pub const CLASSES: usize = 77;
/// The last rows, which the reference did not train on.
pub const HELD: usize = 600;

fn bytes(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A stored answer of the references.
pub fn json(name: &str) -> Value {
    serde_json::from_slice(&bytes(name)).expect("stored JSON")
}

/// Real features with their classes: those to learn from, and those held out.
pub struct Banking {
    pub train: RowsBuf,
    pub train_targets: Vec<u32>,
    pub held: RowsBuf,
    pub held_targets: Vec<u32>,
}

pub fn banking() -> Banking {
    let values: Vec<f32> = bytes("banking.rows.i16")
        .chunks_exact(2)
        .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32767.0)
        .collect();
    let mut targets: Vec<u32> = bytes("banking.targets.u8").into_iter().map(u32::from).collect();
    let at = targets.len() - HELD;
    let held_targets = targets.split_off(at);
    let rows = |values: &[f32]| RowsBuf::new(values.to_vec(), COLUMNS).expect("whole rows");
    let (train, held) = values.split_at(at * COLUMNS);
    Banking { train: rows(train), train_targets: targets, held: rows(held), held_targets }
}

/// scikit-learn's probabilities for the held-out rows.
pub fn held_out_probabilities() -> Vec<f32> {
    bytes("banking.held_out.f32")
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect()
}

pub fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap_or_else(|| panic!("not a list: {value}"));
    list.iter().map(|value| value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))).collect()
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))
}

pub fn classes(value: &Value) -> Vec<u32> {
    numbers(value).into_iter().map(|class| class as u32).collect()
}

#[track_caller]
pub fn close(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    assert!((ours - theirs).abs() <= tolerance, "{what}: {ours}, the reference says {theirs}");
}

pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// About normal: the sum of twelve uniform numbers.
pub fn normal(rng: &mut ChaCha8Rng) -> f32 {
    (0..12).map(|_| rng.random::<f32>()).sum::<f32>() - 6.0
}

/// Vectors around random centres, not of unit length, with their clusters.
pub fn clustered(
    rng: &mut ChaCha8Rng,
    count: usize,
    columns: usize,
    clusters: usize,
    noise: f32,
) -> (Vec<f32>, Vec<u32>) {
    let centres: Vec<f32> = (0..clusters * columns).map(|_| normal(rng)).collect();
    let mut values = Vec::with_capacity(count * columns);
    let mut targets = Vec::with_capacity(count);
    for _ in 0..count {
        let cluster = rng.random_range(0..clusters);
        targets.push(cluster as u32);
        for column in 0..columns {
            values.push(centres[cluster * columns + column] + noise * normal(rng));
        }
    }
    (values, targets)
}
