//! The folder of an encoder as Hugging Face lays it out: which folders are one, and what one says of itself.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::encoder::findings::Pooling;
use crate::encoder::prefixes::Prefixes;
use crate::encoder::shape::EncoderShape;
use crate::encoder::tensor_file::TensorFile;
use crate::error::ModelError;

/// What every encoder has.
pub(crate) const CONFIG: &str = "config.json";
/// What every encoder has.
pub(crate) const TOKENIZER: &str = "tokenizer.json";
/// What every encoder has.
pub(crate) const WEIGHTS: &str = "model.safetensors";
/// Prompts, where somebody wrote them down.
const PROMPTS: &str = "config_sentence_transformers.json";
/// The limit that the model was trained with, where it is lower than what the positions allow.
const LIMIT: &str = "sentence_bert_config.json";
/// How tokens become one vector.
const POOLING: &str = "1_Pooling/config.json";
/// The model's card, whose head names the languages.
const CARD: &str = "README.md";

/// Bytes of the largest JSON file of settings that is read.
const MAX_SETTINGS: u64 = 4 << 20;
/// Languages that are listed; of more only the number is said.
const MAX_LANGUAGES: usize = 6;

/// What a folder says of its encoder, weights apart.
pub(crate) struct EncoderFolder {
    /// The folder.
    pub(crate) path: PathBuf,
    /// The sizes.
    pub(crate) shape: EncoderShape,
    /// The header of the weights' file.
    pub(crate) tensors: TensorFile,
    /// How tokens become one vector.
    pub(crate) pooling: Pooling,
    /// Tokens of the longest text.
    pub(crate) max_tokens: usize,
    /// What stands before each text.
    pub(crate) prefixes: Prefixes,
}

impl EncoderFolder {
    /// Reads the settings and the weights' header.
    pub(crate) fn read(path: &Path) -> Result<Self, ModelError> {
        let file = path.join(CONFIG);
        let config = settings(&file)?.ok_or_else(|| ModelError::Missing { path: file.clone() })?;
        let shape = EncoderShape::read(&file, &config)?;
        let tensors = TensorFile::open(&path.join(WEIGHTS))?;
        let folder_name = name(path);
        let model_name = config.get("_name_or_path").and_then(Value::as_str).unwrap_or_default();
        let prompts = settings(&path.join(PROMPTS))?;
        Ok(Self {
            path: path.to_owned(),
            pooling: pooling(path)?,
            max_tokens: max_tokens(path, &shape)?,
            prefixes: Prefixes::detect(prompts.as_ref(), &[&folder_name, model_name]),
            shape,
            tensors,
        })
    }

    /// Name, architecture, number of weights, dimensions and languages in one line.
    #[allow(clippy::cast_precision_loss)] // For people to read.
    pub(crate) fn summary(&self) -> String {
        let millions = self.tensors.parameters() as f64 / 1e6;
        let size = if millions < 1000.0 { format!("{millions:.0}M") } else { format!("{:.1}B", millions / 1000.0) };
        let mut parts =
            vec![name(&self.path), self.shape.architecture.clone(), size, format!("{}d", self.shape.hidden)];
        let languages = languages(&self.path);
        if languages.len() > MAX_LANGUAGES {
            parts.push(format!("{}, …({})", languages[..MAX_LANGUAGES].join(", "), languages.len()));
        } else if !languages.is_empty() {
            parts.push(languages.join(", "));
        }
        parts.join(" · ")
    }
}

/// The encoders in these folders: their sub-folders that hold configuration, tokenizer and weights, by name. A folder that
/// can't be read holds none.
pub fn find_encoders(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        let path = entry.path();
        if [CONFIG, TOKENIZER, WEIGHTS].iter().all(|file| path.join(file).is_file()) && !found.contains(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What an encoder's folder says of it, for people: name, architecture, number of weights, dimensions and, where its card
/// names them, languages. No weights are read.
///
/// # Errors
/// A file that is missing or damaged, or an architecture that is not supported.
pub fn describe_encoder(folder: &Path) -> Result<String, ModelError> {
    Ok(EncoderFolder::read(folder)?.summary())
}

fn name(folder: &Path) -> String {
    // Of "models/.." the last part would say nothing.
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A JSON object in a file; `None` where there is no such file.
fn settings(file: &Path) -> Result<Option<Map<String, Value>>, ModelError> {
    let Some(bytes) = read_up_to(file, MAX_SETTINGS)? else { return Ok(None) };
    let read = serde_json::from_slice(&bytes);
    read.map(Some).map_err(|error| ModelError::Damaged { path: file.to_owned(), detail: error.to_string() })
}

/// The bytes of a file that has no more than `limit`; `None` where there is no such file.
pub(crate) fn read_up_to(file: &Path, limit: u64) -> Result<Option<Vec<u8>>, ModelError> {
    let unreadable = |source| ModelError::Unreadable { path: file.to_owned(), source };
    if file.is_dir() {
        return Err(ModelError::Directory { path: file.to_owned() });
    }
    let opened = match File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut bytes = Vec::new();
    opened.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(ModelError::Damaged { path: file.to_owned(), detail: format!("has more than {limit} bytes") });
    }
    Ok(Some(bytes))
}

/// The mean, where the folder says nothing else.
fn pooling(folder: &Path) -> Result<Pooling, ModelError> {
    let file = folder.join(POOLING);
    let Some(settings) = settings(&file)? else { return Ok(Pooling::Mean) };
    let set = |mode: &str| settings.get(mode).and_then(Value::as_bool).unwrap_or(false);
    let modes = settings.keys().filter(|key| key.starts_with("pooling_mode_") && set(key)).collect::<Vec<_>>();
    match (set("pooling_mode_mean_tokens"), set("pooling_mode_cls_token"), modes.len()) {
        (true, false, 1) => Ok(Pooling::Mean),
        (false, true, 1) => Ok(Pooling::First),
        // Newer versions write the mode as a word.
        (false, false, 0) => match settings.get("pooling_mode").and_then(Value::as_str) {
            None | Some("mean") => Ok(Pooling::Mean),
            Some("cls") => Ok(Pooling::First),
            Some(other) => Err(unsupported_pooling(file, other)),
        },
        _ => Err(unsupported_pooling(file, &modes.iter().map(|mode| mode.as_str()).collect::<Vec<_>>().join(" + "))),
    }
}

fn unsupported_pooling(path: PathBuf, modes: &str) -> ModelError {
    ModelError::Architecture { path, architecture: modes.to_owned(), supported: "mean, cls".to_owned() }
}

/// What the positions allow, or less where the model was trained with less.
fn max_tokens(folder: &Path, shape: &EncoderShape) -> Result<usize, ModelError> {
    let file = folder.join(LIMIT);
    let Some(settings) = settings(&file)? else { return Ok(shape.longest()) };
    match settings.get("max_seq_length") {
        None | Some(Value::Null) => Ok(shape.longest()),
        Some(value) => value
            .as_u64()
            .and_then(|limit| usize::try_from(limit).ok())
            .filter(|limit| *limit >= 8)
            .map(|limit| limit.min(shape.longest()))
            .ok_or_else(|| ModelError::Damaged { path: file, detail: format!("max_seq_length is {value}") }),
    }
}

/// The languages that the head of the model's card names: `language: en`, or a list in the lines below. A card that can't be
/// understood names none.
fn languages(folder: &Path) -> Vec<String> {
    let Ok(Some(card)) = read_up_to(&folder.join(CARD), MAX_SETTINGS) else { return Vec::new() };
    let card = String::from_utf8_lossy(&card);
    let head = card.lines().skip_while(|line| line.trim() != "---").skip(1).take_while(|line| line.trim() != "---");
    let mut languages = Vec::new();
    let mut inside = false;
    for line in head {
        let listed = if let Some(rest) = line.strip_prefix("language:") {
            inside = true;
            rest.trim().trim_start_matches('[').trim_end_matches(']')
        } else if let Some(item) = line.trim().strip_prefix("- ").filter(|_| inside) {
            item
        } else {
            inside = false;
            continue;
        };
        let words = listed.split(',').map(|word| word.trim().trim_matches(['"', '\'']));
        // What is no name of a language is not shown to people.
        let names = words.filter(|word| {
            (2..=16).contains(&word.len()) && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
        languages.extend(names.map(str::to_owned));
    }
    languages
}
