//! Products with a matrix of weights, wherever they are computed: one trait, and what stands behind it.

use candle_core::quantized::{QStorage, QTensor};
use candle_core::{Device, Tensor};
use rayon::prelude::*;

use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::memory::Precision;

/// A matrix of weights, one row an output, ready to be multiplied with.
pub(crate) trait Linear: Send + Sync {
    /// `x · Wᵀ`; `x` and the result are in the memory where the weights are.
    fn apply(&self, x: &Tensor) -> Result<Tensor, ModelError>;
}

/// Where the products are computed, and how the weights are kept there.
pub(crate) struct Backend {
    pub(crate) precision: Precision,
    pub(crate) device: Device,
}

impl Backend {
    /// Reads the tensors `names`, each with its number of rows, as one matrix.
    pub(crate) fn read(
        &self,
        gguf: &Gguf,
        names: &[(String, usize)],
        columns: usize,
    ) -> Result<Box<dyn Linear>, ModelError> {
        let parts: Vec<QTensor> =
            names.iter().map(|(name, rows)| gguf.tensor(name, &[*rows, columns])).collect::<Result<_, _>>()?;
        match self.precision {
            Precision::Full => Ok(Box::new(Full(dequantised(&parts)?.to_device(&self.device)?))),
            Precision::Stored => {
                let parts = parts.into_iter().map(|part| moved(part, &self.device)).collect::<Result<_, _>>()?;
                Ok(Box::new(Stored(parts)))
            }
        }
    }
}

/// A tensor as it is stored, in a device's memory.
fn moved(part: QTensor, device: &Device) -> Result<QTensor, ModelError> {
    if device.is_cpu() {
        return Ok(part);
    }
    let storage = QStorage::from_data(part.data()?, device, part.dtype())?;
    Ok(QTensor::new(storage, part.shape())?)
}

/// Dequantised once.
struct Full(Tensor);

impl Linear for Full {
    fn apply(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        Ok(x.matmul(&self.0.t()?)?)
    }
}

/// As in the file, dequantised for each product: parts whose rows follow each other.
struct Stored(Vec<QTensor>);

impl Linear for Stored {
    fn apply(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        Ok(x.matmul(&dequantised(&self.0)?.t()?)?)
    }
}

fn dequantised(parts: &[QTensor]) -> Result<Tensor, ModelError> {
    let tensors: Vec<Tensor> =
        parts.par_iter().map(|part| part.dequantize(&part.device())).collect::<Result<_, _>>()?;
    match tensors.as_slice() {
        [one] => Ok(one.clone()),
        many => Ok(Tensor::cat(many, 0)?),
    }
}
