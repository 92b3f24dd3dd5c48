//! Where a model is computed and how its weights are kept there, chosen by what memory is free before anything is loaded.

use candle_core::Device;
use contract::model::ModelFinding;

use crate::gguf::Gguf;
use crate::graphics::Graphics;
use crate::linear::Backend;
use crate::memory::{Precision, choose_precision};
use crate::shape::DecoderShape;

/// Memory for the activations of a pass and the prefix's keys, a generous estimate.
const SCRATCH: u64 = 512 << 20;

/// Bytes that a model's weights take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    /// The tables of embeddings and outputs, which are always in main memory and as in the file.
    tables: u64,
    /// The layers, dequantised.
    full: u64,
    /// The layers, as in the file.
    stored: u64,
    /// The largest matrix of a layer, dequantised.
    largest: u64,
}

/// A choice, and what people should know of it.
pub(crate) struct Placement {
    pub(crate) backend: Backend,
    pub(crate) findings: Vec<ModelFinding>,
}

impl Needs {
    /// Those of a file with this shape.
    pub(crate) fn of(gguf: &Gguf, shape: &DecoderShape) -> Self {
        let tables = gguf.tensor_bytes("token_embd.weight") + gguf.tensor_bytes("output.weight");
        Self {
            tables,
            full: 4 * shape.layer_weights() * shape.layers as u64,
            stored: gguf.file_bytes().saturating_sub(tables),
            largest: 4 * 2 * (shape.feed_forward * shape.hidden) as u64,
        }
    }

    fn bytes(&self, precision: Precision) -> u64 {
        match precision {
            Precision::Full => self.full,
            Precision::Stored => self.stored,
        }
    }
}

/// Chooses the graphics processor where there is one with enough memory, else this processor, which has `free` bytes of main memory.
/// `Err` has the bytes of main memory needed at least.
pub(crate) fn place(needs: &Needs, graphics: Option<Result<Graphics, String>>, free: u64) -> Result<Placement, u64> {
    let mut findings = Vec::new();
    match graphics {
        None => {}
        Some(Err(detail)) => findings.push(ModelFinding::NoGraphics { detail }),
        Some(Ok(Graphics { device, name, free })) => {
            // What is stored is dequantised on the graphics processor too, a matrix at a time.
            match choose_precision(needs.full, needs.stored, SCRATCH + needs.largest, free) {
                Ok(precision) => {
                    findings.push(ModelFinding::Graphics { name });
                    findings.push(weights(precision, needs.bytes(precision), free));
                    return Ok(Placement { backend: Backend { precision, device }, findings });
                }
                Err(needed) => findings.push(ModelFinding::GraphicsTooSmall { name, needed, free }),
            }
        }
    }
    let bytes = |precision| needs.tables + needs.bytes(precision);
    let precision = choose_precision(bytes(Precision::Full), bytes(Precision::Stored), SCRATCH, free)?;
    findings.push(weights(precision, bytes(precision), free));
    Ok(Placement { backend: Backend { precision, device: Device::Cpu }, findings })
}

fn weights(precision: Precision, bytes: u64, free: u64) -> ModelFinding {
    ModelFinding::Weights { full: precision == Precision::Full, bytes, free }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;
    const NEEDS: Needs = Needs { tables: GIB, full: 28 * GIB, stored: 4 * GIB, largest: GIB / 2 };

    fn graphics(free: u64) -> Option<Result<Graphics, String>> {
        Some(Ok(Graphics { device: Device::Cpu, name: "Card".to_owned(), free }))
    }

    fn findings(graphics: Option<Result<Graphics, String>>, free: u64) -> Vec<ModelFinding> {
        place(&NEEDS, graphics, free).unwrap().findings
    }

    #[test]
    fn a_graphics_processor_is_taken_where_the_layers_fit() {
        let card = ModelFinding::Graphics { name: "Card".to_owned() };
        let stored = ModelFinding::Weights { full: false, bytes: 4 * GIB, free: 8 * GIB };
        assert_eq!(findings(graphics(8 * GIB), GIB), [card.clone(), stored]);
        let full = ModelFinding::Weights { full: true, bytes: 28 * GIB, free: 80 * GIB };
        assert_eq!(findings(graphics(80 * GIB), GIB), [card, full]);
    }

    #[test]
    fn one_that_is_missing_or_too_small_is_said_and_this_processor_computes() {
        let stored = ModelFinding::Weights { full: false, bytes: 5 * GIB, free: 16 * GIB };
        let missing = ModelFinding::NoGraphics { detail: "no driver".to_owned() };
        assert_eq!(findings(Some(Err("no driver".to_owned())), 16 * GIB), [missing, stored.clone()]);
        let found = findings(graphics(5 * GIB), 16 * GIB);
        // Layers, scratch, the largest matrix, and what is left for everything else.
        let needed = 4 * GIB + SCRATCH + GIB / 2 + (256 << 20);
        assert_eq!(found[0], ModelFinding::GraphicsTooSmall { name: "Card".to_owned(), needed, free: 5 * GIB });
        assert_eq!(found[1], stored);
        assert_eq!(findings(None, 16 * GIB), [found[1].clone()]);
    }

    #[test]
    fn what_fits_nowhere_is_refused_with_the_bytes_of_main_memory() {
        let needed = 5 * GIB + SCRATCH + (256 << 20);
        assert_eq!(place(&NEEDS, graphics(2 * GIB), 3 * GIB).err(), Some(needed));
        assert_eq!(place(&NEEDS, None, 3 * GIB).err(), Some(needed));
    }
}
