//! Reading a safetensors file: eight bytes with the length of a JSON header, the header with each tensor's type, shape and
//! place, the numbers. Every length is checked before it is believed.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};
use serde::Deserialize;

use crate::error::ModelError;

/// Bytes of the longest header, as the format itself limits it.
const MAX_HEADER: u64 = 100_000_000;
/// Numbers that are converted at once.
const CHUNK: usize = 1 << 18;

/// A type of numbers that weights come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 32 bits.
    F32,
    /// 16 bits, IEEE 754.
    F16,
    /// The upper 16 bits of a 32 bit number.
    Bf16,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        match name {
            "F32" => Some(Self::F32),
            "F16" => Some(Self::F16),
            "BF16" => Some(Self::Bf16),
            _ => None,
        }
    }

    /// Bytes of one number.
    pub(crate) fn bytes(self) -> usize {
        if self == Self::F32 { 4 } else { 2 }
    }
}

/// What the header says of a tensor.
#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

/// The header of a safetensors file.
pub(crate) struct TensorFile {
    path: PathBuf,
    entries: HashMap<String, Entry>,
    data_start: u64,
}

impl TensorFile {
    /// Reads and checks the header.
    pub(crate) fn open(path: &Path) -> Result<Self, ModelError> {
        let unreadable = |source| ModelError::Unreadable { path: path.to_owned(), source };
        let damaged = |detail: String| ModelError::Damaged { path: path.to_owned(), detail };
        let mut file = open_file(path)?;
        let file_bytes = file.metadata().map_err(unreadable)?.len();
        let mut length = [0; 8];
        if file_bytes < 8 {
            return Err(damaged("the file has no header".to_owned()));
        }
        file.read_exact(&mut length).map_err(unreadable)?;
        let length = u64::from_le_bytes(length);
        if length > MAX_HEADER.min(file_bytes - 8) {
            return Err(damaged(format!("the header has {length} bytes, and the file {file_bytes}")));
        }
        let mut header = Vec::new();
        file.take(length).read_to_end(&mut header).map_err(unreadable)?;
        let values: HashMap<String, serde_json::Value> =
            serde_json::from_slice(&header).map_err(|error| damaged(format!("the header: {error}")))?;
        let mut entries = HashMap::with_capacity(values.len());
        for (name, value) in values.into_iter().filter(|(name, _)| name != "__metadata__") {
            let entry: Entry =
                serde_json::from_value(value).map_err(|error| damaged(format!("tensor {name}: {error}")))?;
            let (start, end) = entry.data_offsets;
            let data = file_bytes - 8 - length;
            if start > end || end > data {
                return Err(damaged(format!("tensor {name} lies at {start} to {end} of {data} bytes")));
            }
            entries.insert(name, entry);
        }
        Ok(Self { path: path.to_owned(), entries, data_start: 8 + length })
    }

    /// Number of weights.
    pub(crate) fn parameters(&self) -> u64 {
        let count = |entry: &Entry| entry.shape.iter().fold(1_u64, |product, &side| product.saturating_mul(side));
        let weights = self.entries.values().filter(|entry| Kind::named(&entry.dtype).is_some());
        weights.map(count).fold(0, u64::saturating_add)
    }

    /// Whether a tensor is in the file.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// The type of a tensor, which must have this shape and as many bytes as that takes.
    pub(crate) fn kind(&self, name: &str, shape: &[usize]) -> Result<Kind, ModelError> {
        let entry = self.entries.get(name).ok_or_else(|| self.damaged(format!("tensor {name} is missing")))?;
        if !entry.shape.iter().copied().eq(shape.iter().map(|&side| side as u64)) {
            let found = &entry.shape;
            return Err(self.damaged(format!("tensor {name} has the shape {found:?} and not {shape:?}")));
        }
        let kind = Kind::named(&entry.dtype)
            .ok_or_else(|| self.damaged(format!("tensor {name} has the type {}", entry.dtype)))?;
        let (start, end) = entry.data_offsets;
        let bytes = shape.iter().try_fold(kind.bytes() as u64, |product, &side| product.checked_mul(side as u64));
        if bytes != Some(end - start) {
            return Err(self.damaged(format!("tensor {name} has {} bytes, which its shape does not fit", end - start)));
        }
        Ok(kind)
    }

    /// Reads a tensor of this shape as 32 bit numbers.
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let kind = self.kind(name, shape)?;
        let count = shape.iter().product();
        let mut floats = vec![0.0; count];
        let mut halves = vec![0_u16; if kind == Kind::F32 { 0 } else { CHUNK.min(count) }];
        let mut filled = 0;
        self.chunks(name, kind, count, |bytes| {
            let numbers = bytes.len() / kind.bytes();
            let into = &mut floats[filled..filled + numbers];
            filled += numbers;
            match kind {
                Kind::F32 => from_bytes(into, bytes, f32::from_le_bytes),
                Kind::F16 | Kind::Bf16 => {
                    let halves = &mut halves[..numbers];
                    from_bytes(halves, bytes, u16::from_le_bytes);
                    widen(kind, halves, into);
                }
            }
        })?;
        Ok(floats)
    }

    /// Reads a tensor of 16 bit numbers as it is.
    pub(crate) fn halves(&self, name: &str, shape: &[usize]) -> Result<Vec<u16>, ModelError> {
        let kind = self.kind(name, shape)?;
        let mut halves = vec![0_u16; shape.iter().product()];
        let (count, mut filled) = (halves.len(), 0);
        self.chunks(name, kind, count, |bytes| {
            let into = &mut halves[filled..];
            from_bytes(into, bytes, u16::from_le_bytes);
            filled += bytes.len() / 2;
        })?;
        Ok(halves)
    }

    /// An error about this file.
    pub(crate) fn damaged(&self, detail: String) -> ModelError {
        ModelError::Damaged { path: self.path.clone(), detail }
    }

    /// Lends the bytes of a tensor of `count` numbers, piece by piece.
    fn chunks(&self, name: &str, kind: Kind, count: usize, mut take: impl FnMut(&[u8])) -> Result<(), ModelError> {
        let unreadable = |source| ModelError::Unreadable { path: self.path.clone(), source };
        let start = self.entries.get(name).map_or(0, |entry| entry.data_offsets.0);
        let mut file = open_file(&self.path)?;
        file.seek(SeekFrom::Start(self.data_start + start)).map_err(unreadable)?;
        let mut bytes = vec![0; CHUNK.min(count) * kind.bytes()];
        let mut left = count;
        while left > 0 {
            let numbers = left.min(CHUNK);
            let bytes = &mut bytes[..numbers * kind.bytes()];
            file.read_exact(bytes).map_err(unreadable)?;
            take(bytes);
            left -= numbers;
        }
        Ok(())
    }
}

/// Turns 16 bit numbers into as many of 32 bits.
pub(crate) fn widen(kind: Kind, halves: &[u16], into: &mut [f32]) {
    use half::slice::HalfBitsSliceExt;
    match kind {
        Kind::F16 => halves.reinterpret_cast::<f16>().convert_to_f32_slice(into),
        Kind::Bf16 | Kind::F32 => halves.reinterpret_cast::<bf16>().convert_to_f32_slice(into),
    }
}

fn from_bytes<const N: usize, T>(into: &mut [T], bytes: &[u8], number: impl Fn([u8; N]) -> T) {
    let (numbers, _) = bytes.as_chunks::<N>();
    for (into, bytes) in into.iter_mut().zip(numbers) {
        *into = number(*bytes);
    }
}

fn open_file(path: &Path) -> Result<File, ModelError> {
    File::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => ModelError::Missing { path: path.to_owned() },
        _ => ModelError::Unreadable { path: path.to_owned(), source },
    })
}
