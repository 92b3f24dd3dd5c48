//! Encoders whose files were changed: other types of numbers and positions, damage of all kinds.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use models::{BertEncoder, CancelToken, ModelError, Purpose, TextEncoder, describe_encoder, find_encoders};
use serde_json::{Value, json};
use tempfile::TempDir;
use testbed::{ENGLISH_ENCODER, MULTILINGUAL_ENCODER};

const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];
const TEXTS: [&str; 4] = ["I lost my card", "How much is a transfer abroad?", "", "😀 and a few words more"];

/// A folder with the files of the English encoder, to be changed.
struct Changed {
    folder: TempDir,
}

impl Changed {
    fn new() -> Option<Self> {
        let original = testbed::encoder(ENGLISH_ENCODER)?;
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        for name in FILES {
            // A link costs nothing; a change replaces it and never touches the file.
            let (original, own) = (original.join(name), folder.path().join(name));
            fs::hard_link(&original, &own).or_else(|_| fs::copy(&original, &own).map(drop)).unwrap();
        }
        Some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let _ = fs::remove_file(self.file(name));
        fs::write(self.file(name), content).unwrap();
    }

    fn config(&self, change: impl FnOnce(&mut Value)) {
        let mut config = serde_json::from_slice(&fs::read(self.file("config.json")).unwrap()).unwrap();
        change(&mut config);
        self.write("config.json", config.to_string());
    }

    /// Writes the weights anew, each tensor changed.
    fn weights(&self, change: impl Fn(&str, &mut Tensor)) {
        let mut tensors = Tensor::read_all(&fs::read(self.file("model.safetensors")).unwrap());
        tensors.iter_mut().for_each(|(name, tensor)| change(name, tensor));
        self.write("model.safetensors", Tensor::write_all(&tensors));
    }

    fn error(&self) -> ModelError {
        BertEncoder::open(self.path()).map(|_| ()).expect_err("an error")
    }

    fn vectors(&self) -> Vec<Vec<f32>> {
        vectors(&BertEncoder::open(self.path()).unwrap())
    }
}

fn vectors(encoder: &BertEncoder) -> Vec<Vec<f32>> {
    encoder.encode_all(&TEXTS, Purpose::Symmetric, &CancelToken::new()).unwrap().unwrap()
}

/// A tensor of a safetensors file.
struct Tensor {
    kind: String,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Tensor {
    fn read_all(file: &[u8]) -> BTreeMap<String, Self> {
        let (length, rest) = file.split_first_chunk::<8>().unwrap();
        let (header, data) = rest.split_at(usize::try_from(u64::from_le_bytes(*length)).unwrap());
        let header: BTreeMap<String, Value> = serde_json::from_slice(header).unwrap();
        let tensors = header.into_iter().filter(|(name, _)| name != "__metadata__");
        tensors
            .map(|(name, entry)| {
                let [start, end]: [usize; 2] = serde_json::from_value(entry["data_offsets"].clone()).unwrap();
                let shape = serde_json::from_value(entry["shape"].clone()).unwrap();
                let kind = entry["dtype"].as_str().unwrap().to_owned();
                (name, Self { kind, shape, bytes: data[start..end].to_vec() })
            })
            .collect()
    }

    fn write_all(tensors: &BTreeMap<String, Self>) -> Vec<u8> {
        let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
        for (name, tensor) in tensors {
            let start = data.len();
            data.extend_from_slice(&tensor.bytes);
            let entry = json!({"dtype": tensor.kind, "shape": tensor.shape, "data_offsets": [start, data.len()]});
            header.insert(name.clone(), entry);
        }
        with_header(&Value::Object(header).to_string(), &data)
    }

    /// Turns 32 bit numbers into others.
    fn convert<const N: usize>(&mut self, kind: &str, number: impl Fn(f32) -> [u8; N]) {
        if self.kind == "F32" {
            self.kind = kind.to_owned();
            let numbers = self.bytes.as_chunks::<4>().0;
            self.bytes = numbers.iter().flat_map(|bytes| number(f32::from_le_bytes(*bytes))).collect();
        }
    }
}

fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

fn assert_close(ours: &[Vec<f32>], others: &[Vec<f32>], least: f32) {
    for (ours, others) in ours.iter().zip(others) {
        let cosine: f32 = ours.iter().zip(others).map(|(a, b)| a * b).sum();
        assert!(cosine >= least, "{cosine}");
    }
}

#[test]
fn reads_16_bit_weights() {
    let Some(original) = Changed::new() else { return };
    let full = original.vectors();
    let half = Changed::new().unwrap();
    half.weights(|_, tensor| tensor.convert("F16", |number| half::f16::from_f32(number).to_le_bytes()));
    assert_close(&half.vectors(), &full, 0.99999);
    let brain = Changed::new().unwrap();
    brain.weights(|_, tensor| tensor.convert("BF16", |number| half::bf16::from_f32(number).to_le_bytes()));
    assert_close(&brain.vectors(), &full, 0.999);
    assert_ne!(BertEncoder::open(half.path()).unwrap().identity(), BertEncoder::open(brain.path()).unwrap().identity());
}

#[test]
fn xlm_r_counts_positions_from_its_padding_token_on() {
    let Some(changed) = Changed::new() else { return };
    let bert = changed.vectors();
    changed.config(|config| {
        config["model_type"] = "xlm-roberta".into();
        config["pad_token_id"] = 1.into();
        config["max_position_embeddings"] = 514.into();
        config["type_vocab_size"] = 1.into();
    });
    changed.weights(|name, tensor| {
        if name.ends_with("position_embeddings.weight") {
            // Two rows that no text uses.
            let garbage = 7.0_f32.to_le_bytes().repeat(2 * tensor.shape[1]);
            tensor.bytes.splice(..0, garbage);
            tensor.shape[0] += 2;
        } else if name.ends_with("token_type_embeddings.weight") {
            tensor.bytes.truncate(4 * tensor.shape[1]);
            tensor.shape[0] = 1;
        }
    });
    assert_eq!(changed.vectors(), bert);
    assert_eq!(BertEncoder::open(changed.path()).unwrap().findings().max_tokens, 512);
}

#[test]
fn finds_tensors_below_another_root_and_the_first_token_s_vector() {
    let Some(changed) = Changed::new() else { return };
    let mean = changed.vectors();
    let mut tensors = Tensor::read_all(&fs::read(changed.file("model.safetensors")).unwrap());
    tensors = tensors.into_iter().map(|(name, tensor)| (format!("bert.{name}"), tensor)).collect();
    changed.write("model.safetensors", Tensor::write_all(&tensors));
    assert_eq!(changed.vectors(), mean);
    fs::create_dir(changed.file("1_Pooling")).unwrap();
    changed.write("1_Pooling/config.json", r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#);
    assert_ne!(changed.vectors(), mean);
    changed.write("1_Pooling/config.json", r#"{"pooling_mode_max_tokens": true}"#);
    assert!(matches!(changed.error(), ModelError::Architecture { .. }));
}

#[test]
fn missing_files_are_named() {
    for name in FILES {
        let Some(changed) = Changed::new() else { return };
        fs::remove_file(changed.file(name)).unwrap();
        assert!(matches!(changed.error(), ModelError::Missing { path } if path.ends_with(name)), "{name}");
        assert!(
            find_encoders(&[changed.path().parent().unwrap().to_owned()]).iter().all(|path| path != changed.path())
        );
    }
    let nowhere = Path::new("/nowhere/at/all");
    assert!(matches!(describe_encoder(nowhere), Err(ModelError::Missing { .. })));
}

#[test]
fn damaged_weights_are_refused() {
    let Some(original) = testbed::encoder(ENGLISH_ENCODER) else { return };
    let whole = fs::read(original.join("model.safetensors")).unwrap();
    let entry = |entry: Value| with_header(&json!({"embeddings.word_embeddings.weight": entry}).to_string(), &[0; 64]);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("a few bytes", b"abc".to_vec()),
        ("cut in the header", whole[..1000].to_vec()),
        ("cut in the numbers", whole[..whole.len() / 2].to_vec()),
        ("an endless header", [&u64::MAX.to_le_bytes()[..], b"{}"].concat()),
        ("no JSON", with_header("no JSON at all", &[])),
        ("a list", with_header("[1, 2]", &[])),
        ("no tensors", with_header("{}", &[])),
        ("no offsets", entry(json!({"dtype": "F32", "shape": [2, 2]}))),
        ("negative shape", entry(json!({"dtype": "F32", "shape": [-2, 2], "data_offsets": [0, 16]}))),
        ("end before start", entry(json!({"dtype": "F32", "shape": [2, 2], "data_offsets": [16, 0]}))),
        ("beyond the end", entry(json!({"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 1_u64 << 40]}))),
        ("another shape", entry(json!({"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}))),
        ("too few bytes", entry(json!({"dtype": "F32", "shape": [30522, 384], "data_offsets": [0, 16]}))),
        ("whole numbers", entry(json!({"dtype": "I64", "shape": [30522, 384], "data_offsets": [0, 16]}))),
        ("overflowing shape", entry(json!({"dtype": "F32", "shape": [u64::MAX, u64::MAX], "data_offsets": [0, 64]}))),
    ];
    let changed = Changed::new().unwrap();
    for (what, content) in cases {
        changed.write("model.safetensors", content);
        let error = changed.error();
        assert!(
            matches!(&error, ModelError::Damaged { path, .. } if path.ends_with("model.safetensors")),
            "{what}: {error}"
        );
    }
}

#[test]
fn a_missing_tensor_and_numbers_that_are_none_are_noticed() {
    let Some(changed) = Changed::new() else { return };
    changed.weights(|name, tensor| {
        if name == "encoder.layer.3.output.dense.bias" {
            tensor.bytes = f32::NAN.to_le_bytes().repeat(tensor.shape[0]);
        }
    });
    let encoder = BertEncoder::open(changed.path()).unwrap();
    let error = encoder.encode_all(&TEXTS, Purpose::Symmetric, &CancelToken::new()).expect_err("not finite");
    assert!(matches!(error, ModelError::Failed { .. }), "{error}");
    let mut tensors = Tensor::read_all(&fs::read(changed.file("model.safetensors")).unwrap());
    tensors.remove("encoder.layer.5.attention.self.key.bias");
    changed.write("model.safetensors", Tensor::write_all(&tensors));
    assert!(matches!(changed.error(), ModelError::Damaged { detail, .. } if detail.contains("layer.5")));
}

#[test]
fn damaged_settings_are_refused() {
    let Some(changed) = Changed::new() else { return };
    let original = fs::read(changed.file("config.json")).unwrap();
    for content in ["", "[]", "{}", "{\"model_type\": \"bert\"}", "\u{0}\u{0}", "{\"model_type\""] {
        changed.write("config.json", content);
        assert!(matches!(changed.error(), ModelError::Damaged { .. }), "{content}");
    }
    changed.write("config.json", &original);
    changed.config(|config| config["num_hidden_layers"] = 7.into());
    assert!(matches!(changed.error(), ModelError::Damaged { detail, .. } if detail.contains("layer.6")));
    changed.config(|config| config["model_type"] = "t5".into());
    assert!(matches!(changed.error(), ModelError::Architecture { architecture, .. } if architecture == "t5"));
    changed.write("config.json", &original);
    for limit in ["-1", "0", "\"x\"", "1.5"] {
        changed.write("sentence_bert_config.json", format!("{{\"max_seq_length\": {limit}}}"));
        assert!(matches!(changed.error(), ModelError::Damaged { .. }), "{limit}");
    }
}

#[test]
fn damaged_and_foreign_tokenizers_are_refused() {
    let Some(changed) = Changed::new() else { return };
    for content in ["", "{}", "{\"model\": {\"type\": \"BPE\"}}", "null"] {
        changed.write("tokenizer.json", content);
        assert!(
            matches!(changed.error(), ModelError::Damaged { path, .. } if path.ends_with("tokenizer.json")),
            "{content}"
        );
    }
    // The other model's tokens have numbers beyond this one's table.
    let Some(other) = testbed::encoder(MULTILINGUAL_ENCODER) else { return };
    changed.write("tokenizer.json", fs::read(other.join("tokenizer.json")).unwrap());
    let encoder = BertEncoder::open(changed.path());
    let error = encoder.and_then(|encoder| {
        let texts = ["выращивание зерновых культур", "中文", "😀"];
        encoder.encode_all(&texts, Purpose::Symmetric, &CancelToken::new())
    });
    assert!(matches!(error, Err(ModelError::Damaged { .. })));
}

#[test]
fn what_does_not_fit_is_refused_with_numbers() {
    let Some(changed) = Changed::new() else { return };
    let (rows, columns) = (1_u64 << 22, 8192_u64);
    changed.config(|config| {
        config["vocab_size"] = rows.into();
        config["hidden_size"] = columns.into();
        config["num_attention_heads"] = 64.into();
    });
    let bytes = rows * columns * 4;
    let header = json!({"embeddings.word_embeddings.weight": {
        "dtype": "F32", "shape": [rows, columns], "data_offsets": [0, bytes],
    }});
    changed.write("model.safetensors", with_header(&header.to_string(), &[]));
    // Sparse: it takes no space on the disk.
    let file = fs::OpenOptions::new().write(true).open(changed.file("model.safetensors")).unwrap();
    file.set_len(file.metadata().unwrap().len() + bytes).unwrap();
    let ModelError::TooLarge { needed, free, .. } = changed.error() else { panic!("too large") };
    assert!(needed > bytes && free < needed, "{needed} of {free}");
    assert!(describe_encoder(changed.path()).unwrap().contains("34.4B"), "it can be described all the same");
}
