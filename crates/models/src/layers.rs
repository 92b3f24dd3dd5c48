//! The layers of a decoder, wherever they are computed: one trait, with [`HostLayers`] behind it for main memory and
//! [`DeviceLayers`] for a graphics processor.

use rayon::prelude::*;

use crate::attention::{PrefixLayer, Reach};
use crate::cancel::CancelToken;
use crate::decoder::{Prefix, Step};
use crate::device::DeviceLayers;
use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::host::HostLayers;
use crate::layer::{Layer, optional_vector, vector};
use crate::linear::Backend;
use crate::rope::{Rope, Turns};
use crate::shape::DecoderShape;

/// The layers of a decoder and the norm after them.
pub(crate) trait Layers: Send + Sync {
    /// A batch of so many sequences of which nothing is read yet.
    fn batch(&self, sequences: usize) -> Box<dyn Batch + '_>;
}

/// Sequences that continue one prefix, with the keys and values of what was read of them.
pub(crate) trait Batch {
    /// Reads the tokens of a pass, whose embeddings are `x`, and returns the normalised hidden states of the wanted ones, a row
    /// each, in main memory. `None` when cancelled; the batch is then of no more use.
    fn read(&mut self, x: Vec<f32>, pass: &Pass<'_>, cancel: &CancelToken) -> Result<Option<Vec<f32>>, ModelError>;

    /// Appends keys and values of the first sequence, all of whose tokens see those before them, to a prefix.
    fn append_to(&self, prefix: &mut [PrefixLayer]) -> Result<(), ModelError>;
}

/// What one pass over the layers reads.
pub(crate) struct Pass<'a> {
    pub(crate) steps: &'a [Step],
    /// The steps whose hidden states are asked for.
    pub(crate) wanted: &'a [usize],
    pub(crate) prefix: &'a Prefix,
}

impl Pass<'_> {
    /// Positions of the steps, counted from the prefix's beginning.
    pub(crate) fn positions(&self) -> Vec<usize> {
        self.steps.iter().map(|step| self.prefix.len() + step.position).collect()
    }

    /// What a step sees.
    pub(crate) fn reach(&self, step: usize) -> Reach<'_> {
        let step = &self.steps[step];
        Reach { position: self.prefix.len() + step.position, trunk: step.trunk, ancestors: &step.ancestors }
    }
}

/// The weights that the layers share in form, wherever they are computed.
pub(crate) struct Stack {
    pub(crate) shape: DecoderShape,
    pub(crate) layers: Vec<Layer>,
    pub(crate) output_norm: Vec<f32>,
    rope: Rope,
    /// Of the layers that see a window.
    local_rope: Option<Rope>,
}

/// The turns at the positions of a pass.
pub(crate) struct PassTurns {
    everywhere: Turns,
    nearby: Option<Turns>,
}

impl Stack {
    /// Reads the weights of all layers.
    pub(crate) fn read(gguf: &Gguf, shape: &DecoderShape, backend: &Backend) -> Result<Self, ModelError> {
        let layers = (0..shape.layers)
            .into_par_iter()
            .map(|index| Layer::read(gguf, index, shape, backend))
            .collect::<Result<_, _>>()?;
        // Llama 3 has factors of its frequencies; Phi 3 has them for short and for long contexts.
        let mut factors = optional_vector(gguf, "rope_freqs.weight", shape.rope_width / 2)?;
        if factors.is_none() {
            factors = optional_vector(gguf, "rope_factors_short.weight", shape.rope_width / 2)?;
        }
        let rope = |positions, factors| Rope::new(positions, shape.rope_width, shape.pairs, factors);
        Ok(Self {
            layers,
            output_norm: vector(gguf, "output_norm.weight", shape.hidden)?,
            rope: rope(shape.positions, factors.as_deref()),
            local_rope: shape.local.as_ref().map(|local| rope(local.positions, None)),
            shape: shape.clone(),
        })
    }

    /// The layers, to be computed where the backend has put their weights.
    pub(crate) fn placed(self, backend: &Backend) -> Result<Box<dyn Layers>, ModelError> {
        if backend.device.is_cpu() {
            Ok(Box::new(HostLayers::new(self)))
        } else {
            Ok(Box::new(DeviceLayers::new(self, &backend.device)?))
        }
    }

    /// How far a layer sees if it does not see everything.
    pub(crate) fn window(&self, layer: usize) -> Option<usize> {
        self.shape.local(layer).map(|local| local.window)
    }

    /// The rotations of a layer.
    pub(crate) fn rope(&self, layer: usize) -> &Rope {
        self.local_rope.as_ref().filter(|_| self.shape.local(layer).is_some()).unwrap_or(&self.rope)
    }

    /// The turns at these positions.
    pub(crate) fn turns(&self, positions: &[usize]) -> PassTurns {
        PassTurns {
            everywhere: self.rope.turns(positions),
            nearby: self.local_rope.as_ref().map(|rope| rope.turns(positions)),
        }
    }
}

impl PassTurns {
    /// Those of layers that see everything, or of those that see a window.
    pub(crate) fn of(&self, window: Option<usize>) -> &Turns {
        self.nearby.as_ref().filter(|_| window.is_some()).unwrap_or(&self.everywhere)
    }
}
