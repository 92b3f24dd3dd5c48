//! Norms and biases of a layer on a device.

use candle_core::{D, Device, Tensor};

use crate::error::ModelError;
use crate::layer::Layer;

/// A root-mean-square norm of rows.
pub(super) struct Norm {
    weight: Tensor,
    epsilon: f64,
}

/// The vectors of one layer.
pub(super) struct Vectors {
    pub(super) attention_norm: Norm,
    /// Added to queries, keys and values, one number a column.
    pub(super) bias: Option<Tensor>,
    /// Norms of each query head and of each key head.
    pub(super) head_norms: Option<(Norm, Norm)>,
    pub(super) attention_after_norm: Option<Norm>,
    pub(super) feed_forward_norm: Norm,
    pub(super) feed_forward_after_norm: Option<Norm>,
}

impl Norm {
    /// With these weights.
    pub(super) fn new(weight: &[f32], epsilon: f32, device: &Device) -> Result<Self, ModelError> {
        Ok(Self { weight: Tensor::new(weight, device)?, epsilon: f64::from(epsilon) })
    }

    /// Normalises `x` over its last dimension.
    pub(super) fn apply(&self, x: &Tensor) -> Result<Tensor, ModelError> {
        let size = (x.sqr()?.mean_keepdim(D::Minus1)? + self.epsilon)?.sqrt()?;
        Ok(x.broadcast_div(&size)?.broadcast_mul(&self.weight)?)
    }
}

impl Vectors {
    /// Those of a layer.
    pub(super) fn of(layer: &Layer, epsilon: f32, device: &Device) -> Result<Self, ModelError> {
        let norm = |weight: &[f32]| Norm::new(weight, epsilon, device);
        let parts = &layer.head_parts;
        let head_norms = match &parts.norms {
            Some((query, key, epsilon)) => {
                Some((Norm::new(query, *epsilon, device)?, Norm::new(key, *epsilon, device)?))
            }
            None => None,
        };
        Ok(Self {
            attention_norm: norm(&layer.attention_norm)?,
            bias: parts.bias.as_ref().map(|bias| Tensor::new(bias.as_slice(), device)).transpose()?,
            head_norms,
            attention_after_norm: layer.attention_after_norm.as_deref().map(norm).transpose()?,
            feed_forward_norm: norm(&layer.feed_forward_norm)?,
            feed_forward_after_norm: layer.feed_forward_after_norm.as_deref().map(norm).transpose()?,
        })
    }
}
