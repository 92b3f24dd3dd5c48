//! Reading a GGUF file: header, metadata, tensors, with every length checked before it is believed.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use candle_core::Device;
use candle_core::quantized::QTensor;
use candle_core::quantized::gguf_file::{Content, Value};

use crate::error::ModelError;

/// The header of a GGUF file.
pub(crate) struct Gguf {
    path: PathBuf,
    content: Content,
    file_bytes: u64,
}

impl Gguf {
    /// Reads the header.
    pub(crate) fn open(path: &Path) -> Result<Self, ModelError> {
        let mut file = open_file(path)?;
        let unreadable = |source| ModelError::Unreadable { path: path.to_owned(), source };
        let file_bytes = file.metadata().map_err(unreadable)?.len();
        let mut magic = [0; 4];
        match file.read_exact(&mut magic) {
            Ok(()) if &magic == b"GGUF" => {}
            Ok(()) => return Err(ModelError::NotGguf { path: path.to_owned() }),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Err(ModelError::NotGguf { path: path.to_owned() });
            }
            Err(error) => return Err(unreadable(error)),
        }
        drop(file);
        let damaged = |detail: String| ModelError::Damaged { path: path.to_owned(), detail };
        let mut reader = BufReader::with_capacity(1 << 20, open_file(path)?);
        // Candle divides by the file's own alignment: a crafted zero must not end the program.
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| Content::read(&mut reader)));
        let content = match read {
            Ok(Ok(content)) => content,
            Ok(Err(error)) => return Err(damaged(error.to_string())),
            Err(_) => return Err(damaged("the header is inconsistent".to_owned())),
        };
        let gguf = Self { path: path.to_owned(), content, file_bytes };
        gguf.check_tensors()?;
        Ok(gguf)
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Size of the file in bytes.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// Number of weights.
    pub(crate) fn parameters(&self) -> u64 {
        self.content.tensor_infos.values().map(|info| info.shape.elem_count() as u64).sum()
    }

    /// Type of most of the weights, as the file names it.
    pub(crate) fn quantisation(&self) -> String {
        let mut by_type: Vec<(String, usize)> = Vec::new();
        for info in self.content.tensor_infos.values() {
            let name = format!("{:?}", info.ggml_dtype);
            match by_type.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += info.shape.elem_count(),
                None => by_type.push((name, info.shape.elem_count())),
            }
        }
        by_type.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        by_type.into_iter().next().map(|(name, _)| name).unwrap_or_default()
    }

    /// A text of the metadata.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.content.metadata.get(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// A text of the metadata that must be there.
    pub(crate) fn required_text(&self, key: &str) -> Result<&str, ModelError> {
        self.text(key).ok_or_else(|| self.damaged(format!("{key} is missing")))
    }

    /// A whole number of the metadata, whatever its width.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        whole(self.content.metadata.get(key)?)
    }

    /// A whole number of the metadata that must be there and lie in `range`.
    pub(crate) fn bounded(&self, key: &str, range: std::ops::RangeInclusive<usize>) -> Result<usize, ModelError> {
        let found = self.number(key).ok_or_else(|| self.damaged(format!("{key} is missing")))?;
        usize::try_from(found)
            .ok()
            .filter(|value| range.contains(value))
            .ok_or_else(|| self.damaged(format!("{key} is {found}")))
    }

    /// A real number of the metadata.
    pub(crate) fn real(&self, key: &str) -> Option<f32> {
        match self.content.metadata.get(key)? {
            Value::F32(value) => Some(*value),
            Value::F64(value) => Some(*value as f32),
            _ => None,
        }
    }

    /// A list of texts of the metadata.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<&str>, ModelError> {
        let Some(Value::Array(values)) = self.content.metadata.get(key) else {
            return Err(self.damaged(format!("{key} is missing")));
        };
        values
            .iter()
            .map(|value| match value {
                Value::String(text) => Ok(text.as_str()),
                _ => Err(self.damaged(format!("{key} holds something else than texts"))),
            })
            .collect()
    }

    /// A list of whole numbers of the metadata.
    pub(crate) fn numbers(&self, key: &str) -> Result<Vec<u64>, ModelError> {
        let Some(Value::Array(values)) = self.content.metadata.get(key) else {
            return Err(self.damaged(format!("{key} is missing")));
        };
        values
            .iter()
            .map(|value| whole(value).ok_or_else(|| self.damaged(format!("{key} holds something else than numbers"))))
            .collect()
    }

    /// A list of real numbers of the metadata.
    pub(crate) fn reals(&self, key: &str) -> Result<Vec<f32>, ModelError> {
        let Some(Value::Array(values)) = self.content.metadata.get(key) else {
            return Err(self.damaged(format!("{key} is missing")));
        };
        values
            .iter()
            .map(|value| match value {
                Value::F32(value) => Ok(*value),
                _ => Err(self.damaged(format!("{key} holds something else than real numbers"))),
            })
            .collect()
    }

    /// Whether a tensor is in the file.
    pub(crate) fn has_tensor(&self, name: &str) -> bool {
        self.content.tensor_infos.contains_key(name)
    }

    /// Bytes of a tensor in the file.
    pub(crate) fn tensor_bytes(&self, name: &str) -> u64 {
        self.content.tensor_infos.get(name).map_or(0, |info| {
            let blocks = info.shape.elem_count() / info.ggml_dtype.block_size();
            (blocks * info.ggml_dtype.type_size()) as u64
        })
    }

    /// Reads a tensor, which must have this shape.
    pub(crate) fn tensor(&self, name: &str, shape: &[usize]) -> Result<QTensor, ModelError> {
        let info =
            self.content.tensor_infos.get(name).ok_or_else(|| self.damaged(format!("tensor {name} is missing")))?;
        if info.shape.dims() != shape {
            let found = info.shape.dims();
            return Err(self.damaged(format!("tensor {name} has the shape {found:?} and not {shape:?}")));
        }
        let mut file = open_file(&self.path)?;
        self.content.tensor(&mut file, name, &Device::Cpu).map_err(|error| self.damaged(error.to_string()))
    }

    /// An error about this file.
    pub(crate) fn damaged(&self, detail: String) -> ModelError {
        ModelError::Damaged { path: self.path.clone(), detail }
    }

    /// Every tensor must have a sane shape and lie inside the file.
    fn check_tensors(&self) -> Result<(), ModelError> {
        for (name, info) in &self.content.tensor_infos {
            let elements = info.shape.dims().iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim as u64));
            let block = info.ggml_dtype.block_size() as u64;
            let end = elements
                .filter(|elements| elements % block == 0)
                .and_then(|elements| (elements / block).checked_mul(info.ggml_dtype.type_size() as u64))
                .and_then(|bytes| bytes.checked_add(info.offset))
                .and_then(|end| end.checked_add(self.content.tensor_data_offset))
                .ok_or_else(|| self.damaged(format!("tensor {name} has an impossible shape")))?;
            if end > self.file_bytes {
                let have = self.file_bytes;
                return Err(self.damaged(format!("tensor {name} ends at byte {end}, and the file has {have}")));
            }
        }
        Ok(())
    }
}

fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::U8(value) => Some(u64::from(*value)),
        Value::U16(value) => Some(u64::from(*value)),
        Value::U32(value) => Some(u64::from(*value)),
        Value::U64(value) => Some(*value),
        Value::I8(value) => u64::try_from(*value).ok(),
        Value::I16(value) => u64::try_from(*value).ok(),
        Value::I32(value) => u64::try_from(*value).ok(),
        Value::I64(value) => u64::try_from(*value).ok(),
        Value::Bool(value) => Some(u64::from(*value)),
        _ => None,
    }
}

fn open_file(path: &Path) -> Result<File, ModelError> {
    if path.is_dir() {
        return Err(ModelError::Directory { path: path.to_owned() });
    }
    File::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => ModelError::Missing { path: path.to_owned() },
        _ => ModelError::Unreadable { path: path.to_owned(), source },
    })
}
