//! The layers in candle's operations beside our own kernels: what they make of the same labels must agree on this processor, and on a
//! graphics processor where the tests were built for one and find it.
#![allow(clippy::unwrap_used)]

use std::fs::File;

use candle_core::quantized::gguf_file::{Value, write};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::DeviceLayers;
use crate::cancel::CancelToken;
use crate::decoder::{Decoder, Prefix};
use crate::gguf::Gguf;
use crate::graphics;
use crate::layers::Stack;
use crate::linear::Backend;
use crate::memory::Precision;
use crate::scoring::{Choices, Weighing};
use crate::shape::DecoderShape;

const HIDDEN: usize = 64;
const INNER: usize = 96;
/// Width of all queries of a token, and of all keys.
const QUERY: usize = 64;
const KEY: usize = 32;
const WIDTH: usize = 16;
const VOCABULARY: usize = 50;
const LAYERS: usize = 3;

/// A family, by what its files have beside the matrices that all have.
struct Family {
    architecture: &'static str,
    /// One matrix of queries, keys and values and one of gates and values, as Phi 3 has them.
    joined: bool,
    bias: bool,
    head_norms: bool,
    after_norms: bool,
    /// Numbers of a head that are rotated.
    rotated: u32,
    window: Option<u32>,
    /// The embedding serves as output.
    tied: bool,
}

const LLAMA: Family = Family {
    architecture: "llama",
    joined: false,
    bias: false,
    head_norms: false,
    after_norms: false,
    rotated: 16,
    window: None,
    tied: false,
};

/// A file of random weights.
struct Writer {
    random: ChaCha8Rng,
    tensors: Vec<(String, QTensor)>,
}

impl Writer {
    fn add(&mut self, name: &str, shape: &[usize], centre: f32, spread: f32, kind: GgmlDType) {
        let count = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|_| centre + spread * self.random.random_range(-1.0_f32..1.0)).collect();
        let tensor = Tensor::from_vec(values, shape, &Device::Cpu).unwrap();
        self.tensors.push((name.to_owned(), QTensor::quantize(&tensor, kind).unwrap()));
    }

    fn matrix(&mut self, name: &str, rows: usize, columns: usize) {
        self.add(name, &[rows, columns], 0.0, 2.0 / (columns as f32).sqrt(), GgmlDType::Q8_0);
    }

    fn vector(&mut self, name: &str, width: usize, centre: f32) {
        self.add(name, &[width], centre, 0.5, GgmlDType::F32);
    }

    fn layer(&mut self, index: usize, family: &Family) {
        let name = |part: &str| format!("blk.{index}.{part}");
        self.vector(&name("attn_norm.weight"), HIDDEN, 1.0);
        self.vector(&name("ffn_norm.weight"), HIDDEN, 1.0);
        if family.joined {
            self.matrix(&name("attn_qkv.weight"), QUERY + 2 * KEY, HIDDEN);
            self.matrix(&name("ffn_up.weight"), 2 * INNER, HIDDEN);
        } else {
            for (part, rows) in [("attn_q", QUERY), ("attn_k", KEY), ("attn_v", KEY)] {
                self.matrix(&name(&format!("{part}.weight")), rows, HIDDEN);
                if family.bias {
                    self.vector(&name(&format!("{part}.bias")), rows, 0.0);
                }
            }
            self.matrix(&name("ffn_gate.weight"), INNER, HIDDEN);
            self.matrix(&name("ffn_up.weight"), INNER, HIDDEN);
        }
        if family.head_norms {
            self.vector(&name("attn_q_norm.weight"), WIDTH, 1.0);
            self.vector(&name("attn_k_norm.weight"), WIDTH, 1.0);
        }
        if family.after_norms {
            self.vector(&name("post_attention_norm.weight"), HIDDEN, 1.0);
            self.vector(&name("post_ffw_norm.weight"), HIDDEN, 1.0);
        }
        self.matrix(&name("attn_output.weight"), HIDDEN, QUERY);
        self.matrix(&name("ffn_down.weight"), HIDDEN, INNER);
    }
}

/// Writes a model of a family and reads its header.
fn model(family: &Family, folder: &tempfile::TempDir) -> Gguf {
    let mut writer = Writer { random: ChaCha8Rng::seed_from_u64(7), tensors: Vec::new() };
    writer.matrix("token_embd.weight", VOCABULARY, HIDDEN);
    if !family.tied {
        writer.matrix("output.weight", VOCABULARY, HIDDEN);
    }
    writer.vector("output_norm.weight", HIDDEN, 1.0);
    (0..LAYERS).for_each(|index| writer.layer(index, family));
    let number = |value: usize| Value::U32(u32::try_from(value).unwrap());
    let words = (0..VOCABULARY).map(|token| Value::String(token.to_string())).collect();
    let mut keys = vec![
        ("block_count", number(LAYERS)),
        ("context_length", number(512)),
        ("embedding_length", number(HIDDEN)),
        ("feed_forward_length", number(INNER)),
        ("attention.head_count", number(QUERY / WIDTH)),
        ("attention.head_count_kv", number(KEY / WIDTH)),
        ("attention.layer_norm_rms_epsilon", Value::F32(1e-6)),
        ("rope.dimension_count", Value::U32(family.rotated)),
    ];
    if let Some(window) = family.window {
        keys.push(("attention.sliding_window", Value::U32(window)));
        keys.push(("attention.sliding_window_pattern", Value::U32(2)));
    }
    let mut metadata: Vec<(String, Value)> =
        keys.into_iter().map(|(key, value)| (format!("{}.{key}", family.architecture), value)).collect();
    metadata.push(("general.architecture".to_owned(), Value::String(family.architecture.to_owned())));
    metadata.push(("tokenizer.ggml.tokens".to_owned(), Value::Array(words)));
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let tensors: Vec<(&str, &QTensor)> = writer.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let path = folder.path().join("model.gguf");
    write(&mut File::create(&path).unwrap(), &metadata, &tensors).unwrap();
    Gguf::open(&path).unwrap()
}

/// Log-likelihoods of labels that part several times, after texts of different lengths, after a prefix that goes on after a part of
/// another one.
fn scores(decoder: &Decoder) -> Vec<f64> {
    let cancel = CancelToken::new();
    let prefix: Vec<u32> = (0..23).map(|at| (at * 7 + 3) % 50).collect();
    let before = decoder.prefix(Prefix::default(), &prefix, 9, &cancel).unwrap().unwrap();
    let known = before.truncated(14).unwrap();
    let read = decoder.prefix(known, &[5, 4, 3, 2], 9, &cancel).unwrap().unwrap();
    let answers = [vec![1, 2, 3], vec![1, 2, 4, 5], vec![1, 2, 4, 6], vec![7, 8, 9], vec![7, 8, 10, 11]];
    let choices = Choices::new(&answers, decoder).unwrap();
    let texts: [&[u32]; 3] = [&[40, 41, 42, 43, 44], &[30], &[20, 21, 22, 23, 24, 25, 26, 27, 28]];
    let weighing = Weighing { corrections: &[0.0; 5], negligible: 0.0 };
    let mut found = Vec::new();
    for prefix in [Prefix::default(), read] {
        let scored = choices.score(decoder, &prefix, &texts, weighing, &cancel).unwrap().unwrap();
        found.extend(scored.into_iter().flat_map(|likelihoods| likelihoods.logs));
    }
    found
}

fn agree(family: &Family) {
    let folder = tempfile::tempdir().unwrap();
    agree_on(&model(family, &folder), 1e-4);
}

/// Everything that computes a model gives the same likelihoods of labels.
fn agree_on(gguf: &Gguf, tolerance: f64) {
    let shape = DecoderShape::from_gguf(gguf).unwrap();
    let graphics = graphics::find().and_then(Result::ok).map(|graphics| graphics.device);
    for precision in [Precision::Full, Precision::Stored] {
        let here = Backend { precision, device: Device::Cpu };
        let host = scores(&Decoder::read(gguf, shape.clone(), &here).unwrap());
        let (lowest, highest) = host.iter().fold((0.0_f64, -99.0_f64), |(a, b), &log| (a.min(log), b.max(log)));
        assert!(highest - lowest > 0.5, "the labels are all alike: {host:?}");
        for device in [Device::Cpu].into_iter().chain(graphics.clone()) {
            let stack = Stack::read(gguf, &shape, &Backend { precision, device: device.clone() }).unwrap();
            let layers = Box::new(DeviceLayers::new(stack, &device).unwrap());
            let ours = scores(&Decoder::over(gguf, shape.clone(), layers).unwrap());
            for (host, ours) in host.iter().zip(&ours) {
                assert!(
                    (host - ours).abs() < tolerance,
                    "{host} by our kernels, {ours} by candle's operations on {device:?}"
                );
            }
        }
    }
}

#[test]
fn llama() {
    agree(&LLAMA);
}

#[test]
fn qwen2_with_biases() {
    agree(&Family { architecture: "qwen2", bias: true, tied: true, ..LLAMA });
}

#[test]
fn qwen3_with_norms_of_heads() {
    agree(&Family { architecture: "qwen3", head_norms: true, ..LLAMA });
}

#[test]
fn phi3_with_joined_matrices_and_heads_rotated_in_part() {
    agree(&Family { architecture: "phi3", joined: true, rotated: 12, ..LLAMA });
}

#[test]
fn gemma3_with_windows_and_norms_of_results() {
    for window in [2, 6, 20] {
        let window = Some(window);
        agree(&Family { architecture: "gemma3", head_norms: true, after_norms: true, tied: true, window, ..LLAMA });
    }
}

#[test]
fn a_real_model() {
    let Some(path) = testbed::small_model() else { return };
    // Thirty layers of sums in another order.
    agree_on(&Gguf::open(&path).unwrap(), 2e-3);
}
