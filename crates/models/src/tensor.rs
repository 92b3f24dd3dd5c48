//! Passing numbers between candle's matrices and plain slices without copying.

use candle_core::{Device, Storage, Tensor};

use crate::error::ModelError;

/// A matrix from its rows.
pub(crate) fn matrix(values: Vec<f32>, rows: usize, columns: usize) -> Result<Tensor, ModelError> {
    Ok(Tensor::from_vec(values, (rows, columns), &Device::Cpu)?)
}

/// Lends the numbers of a contiguous tensor in main memory.
pub(crate) fn floats<R>(tensor: &Tensor, read: impl FnOnce(&[f32]) -> R) -> Result<R, ModelError> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    let Storage::Cpu(storage) = &*storage else {
        return Err(ModelError::Failed { detail: "the tensor is not in main memory".to_owned() });
    };
    let all = storage.as_slice::<f32>()?;
    let start = layout.start_offset();
    Ok(read(&all[start..start + layout.shape().elem_count()]))
}
