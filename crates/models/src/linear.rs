//! Products with a matrix of weights, wherever they are computed: one trait, and what stands behind it.

use candle_core::quantized::QTensor;
use candle_core::{Device, Tensor};
use rayon::prelude::*;

use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::memory::Precision;

/// A matrix of weights, one row an output, ready to be multiplied with.
pub(crate) trait Linear: Send + Sync {
    /// `x · Wᵀ`; `x` and the result are in main memory.
    fn apply(&self, x: &Tensor) -> Result<Tensor, ModelError>;
}

/// Where the products are computed, and how the weights are kept there.
pub(crate) struct Backend {
    precision: Precision,
    /// A graphics processor, where there is one that can be used.
    device: Option<Device>,
}

impl Backend {
    /// The graphics processor if the program was built for one (feature `cuda`) and one answers, else this processor.
    pub(crate) fn choose(precision: Precision) -> Self {
        Self { precision, device: graphics_processor() }
    }

    /// Whether a graphics processor computes.
    pub(crate) fn is_accelerated(&self) -> bool {
        self.device.is_some()
    }

    /// Reads the tensors `names`, each with its number of rows, as one matrix.
    pub(crate) fn read(
        &self,
        gguf: &Gguf,
        names: &[(String, usize)],
        columns: usize,
    ) -> Result<Box<dyn Linear>, ModelError> {
        let parts: Vec<QTensor> =
            names.iter().map(|(name, rows)| gguf.tensor(name, &[*rows, columns])).collect::<Result<_, _>>()?;
        match (&self.device, self.precision) {
            (Some(device), _) => Ok(Box::new(OnDevice(dequantised(&parts)?.to_device(device)?))),
            (None, Precision::Full) => Ok(Box::new(Full(dequantised(&parts)?))),
            (None, Precision::Stored) => Ok(Box::new(Stored(parts))),
        }
    }
}

#[cfg(feature = "cuda")]
fn graphics_processor() -> Option<Device> {
    Device::new_cuda(0).ok()
}

#[cfg(not(feature = "cuda"))]
fn graphics_processor() -> Option<Device> {
    None
}

/// Dequantised, in main memory.
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

/// Dequantised, in the memory of a graphics processor.
struct OnDevice(Tensor);

impl Linear for OnDevice {
    fn apply(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        let product = x.to_device(self.0.device())?.matmul(&self.0.t()?)?;
        Ok(product.to_device(&Device::Cpu)?)
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
