//! Rotary positions.

use pulp::Arch;
use rayon::prelude::*;

use crate::attention::Heads;
use crate::shape::{DecoderShape, PairOrder};

/// Frequencies of the rotations.
pub(crate) struct Rope {
    frequencies: Vec<f32>,
    pairs: PairOrder,
}

/// Sines and cosines of the positions of a batch, one row a token.
pub(crate) struct Turns {
    sines: Vec<f32>,
    cosines: Vec<f32>,
}

impl Rope {
    /// The frequencies of a shape, divided by the file's own factors where it has them.
    pub(crate) fn new(shape: &DecoderShape, factors: Option<&[f32]>) -> Self {
        let width = shape.rope_width;
        let frequency = |pair: usize| {
            let plain = shape.rope_base.powf(-((2 * pair) as f32) / width as f32);
            plain / factors.map_or(1.0, |factors| factors[pair])
        };
        Self { frequencies: (0..width / 2).map(frequency).collect(), pairs: shape.pairs }
    }

    /// The turns at these positions.
    pub(crate) fn turns(&self, positions: &[usize]) -> Turns {
        let mut turns = Turns { sines: Vec::new(), cosines: Vec::new() };
        for &position in positions {
            for frequency in &self.frequencies {
                let (sine, cosine) = (position as f32 * frequency).sin_cos();
                turns.sines.push(sine);
                turns.cosines.push(cosine);
            }
        }
        turns
    }

    /// Adds the bias to rows of queries, keys and values, and rotates queries and keys.
    pub(crate) fn rotate(&self, qkv: &mut [f32], row: usize, heads: Heads, bias: Option<&[f32]>, turns: &Turns) {
        let arch = Arch::new();
        let pairs = self.frequencies.len();
        qkv.par_chunks_mut(row)
            .zip(turns.sines.par_chunks(pairs).zip(turns.cosines.par_chunks(pairs)))
            .with_min_len(16)
            .for_each(|(row, (sines, cosines))| {
                arch.dispatch(|| {
                    if let Some(bias) = bias {
                        for (value, bias) in row.iter_mut().zip(bias) {
                            *value += bias;
                        }
                    }
                    for head in row.chunks_exact_mut(heads.width).take(heads.query + heads.key_value) {
                        self.rotate_head(head, sines, cosines);
                    }
                });
            });
    }

    #[inline(always)]
    fn rotate_head(&self, head: &mut [f32], sines: &[f32], cosines: &[f32]) {
        match self.pairs {
            PairOrder::Neighbours => {
                for (pair, (sine, cosine)) in head.chunks_exact_mut(2).zip(sines.iter().zip(cosines)) {
                    let (a, b) = (pair[0], pair[1]);
                    pair[0] = a * cosine - b * sine;
                    pair[1] = a * sine + b * cosine;
                }
            }
            PairOrder::Halves => {
                let (first, rest) = head.split_at_mut(self.frequencies.len());
                for ((a, b), (sine, cosine)) in first.iter_mut().zip(rest).zip(sines.iter().zip(cosines)) {
                    (*a, *b) = (*a * cosine - *b * sine, *a * sine + *b * cosine);
                }
            }
        }
    }
}
