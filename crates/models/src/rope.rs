//! Rotary positions.

use pulp::Arch;
use rayon::prelude::*;

use crate::attention::Heads;
use crate::kernels::rms_norm_in_place;

/// Which two numbers of a head are rotated together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PairOrder {
    /// 0 and 1, 2 and 3, …
    Neighbours,
    /// The first of each half, the second of each half, …
    Halves,
}

/// How a position becomes angles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Positions {
    /// The slowest rotation's wave length is about this many positions, times 2π.
    pub(crate) base: f32,
    /// Positions are divided by it.
    pub(crate) stretch: f32,
    /// What is rotated is multiplied by it.
    pub(crate) amplitude: f32,
}

/// Frequencies of the rotations.
pub(crate) struct Rope {
    frequencies: Vec<f32>,
    amplitude: f32,
    pub(crate) pairs: PairOrder,
}

/// Sines and cosines of the positions of a batch, one row a token.
pub(crate) struct Turns {
    pub(crate) sines: Vec<f32>,
    pub(crate) cosines: Vec<f32>,
}

/// What is done to queries and keys before they are rotated.
#[derive(Default)]
pub(crate) struct HeadParts {
    /// Added to queries, keys and values, one number a column.
    pub(crate) bias: Option<Vec<f32>>,
    /// Weights of the norms of each query head and each key head, and their epsilon.
    pub(crate) norms: Option<(Vec<f32>, Vec<f32>, f32)>,
}

impl Rope {
    /// Rotates the first `width` numbers of each head; frequencies are divided by the file's own factors where it has them.
    pub(crate) fn new(positions: Positions, width: usize, pairs: PairOrder, factors: Option<&[f32]>) -> Self {
        let frequency = |pair: usize| {
            let plain = positions.base.powf(-((2 * pair) as f32) / width as f32);
            plain / factors.map_or(1.0, |factors| factors[pair]) / positions.stretch
        };
        let frequencies = (0..width / 2).map(frequency).collect();
        Self { frequencies, amplitude: positions.amplitude, pairs }
    }

    /// The turns at these positions.
    pub(crate) fn turns(&self, positions: &[usize]) -> Turns {
        let mut turns = Turns { sines: Vec::new(), cosines: Vec::new() };
        for &position in positions {
            for frequency in &self.frequencies {
                let (sine, cosine) = (position as f32 * frequency).sin_cos();
                turns.sines.push(sine * self.amplitude);
                turns.cosines.push(cosine * self.amplitude);
            }
        }
        turns
    }

    /// Prepares rows of queries, keys and values as `parts` say, and rotates queries and keys.
    pub(crate) fn rotate(&self, qkv: &mut [f32], row: usize, heads: Heads, parts: &HeadParts, turns: &Turns) {
        let arch = Arch::new();
        let pairs = self.frequencies.len();
        qkv.par_chunks_mut(row)
            .zip(turns.sines.par_chunks(pairs).zip(turns.cosines.par_chunks(pairs)))
            .with_min_len(16)
            .for_each(|(row, (sines, cosines))| {
                arch.dispatch(|| {
                    if let Some(bias) = &parts.bias {
                        for (value, bias) in row.iter_mut().zip(bias) {
                            *value += bias;
                        }
                    }
                    for (index, head) in
                        row.chunks_exact_mut(heads.width).take(heads.query + heads.key_value).enumerate()
                    {
                        if let Some((query, key, epsilon)) = &parts.norms {
                            rms_norm_in_place(head, if index < heads.query { query } else { key }, *epsilon);
                        }
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
