//! What is kept of each text: hashes of the bands of its MinHash signature, and a bound on what it can share with another.

use pulp::Arch;
use rayon::prelude::*;

use crate::gram::{self, mix};
use crate::{Cancelled, Similarity, Steps, Texts};

/// A pair at the threshold is missed with this probability at most.
const MISS: f64 = 1e-3;
/// Rows of a band at most: more would find hardly fewer false candidates.
const MOST_ROWS: i32 = 8;
/// Bands of usual thresholds; lower ones need more.
const USUAL_BANDS: usize = 20;
const MOST_BANDS: usize = 64;
/// Texts between two looks at the watch.
const STEP: usize = 1 << 15;

/// How a signature is cut into bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scheme {
    pub(crate) bands: usize,
    rows: usize,
}

impl Scheme {
    /// The most selective scheme that misses no more than [`MISS`] at the threshold: the longest bands of which twenty are
    /// enough, and of those as many as are needed.
    pub(crate) fn of(similarity: Similarity) -> Self {
        let needed = |rows: i32| {
            let hit = similarity.value().powi(rows).min(1.0 - 1e-12);
            (MISS.ln() / (1.0 - hit).ln()).ceil().max(1.0) as usize
        };
        let rows = (1..=MOST_ROWS).rev().find(|rows| needed(*rows) <= USUAL_BANDS).unwrap_or(1);
        Self { bands: needed(rows).min(MOST_BANDS), rows: rows as usize }
    }
}

/// 256 bits of which each gram of the text sets one.
type Bits = [u64; 4];

/// The sketches of texts, by their positions in the list that was sketched.
#[derive(Default)]
pub(crate) struct Sketches {
    bands: Vec<u32>,
    bits: Vec<Bits>,
    sizes: Vec<u32>,
    count: usize,
}

impl Sketches {
    /// Sketches the chosen texts; `steps` advances by one for each.
    pub(crate) fn of(
        texts: &Texts,
        chosen: &[u32],
        scheme: Scheme,
        steps: &mut Steps<'_, '_>,
    ) -> Result<Self, Cancelled> {
        let hashes = Hashes::new(scheme.bands * scheme.rows);
        let mut all = Self {
            bands: vec![0; chosen.len() * scheme.bands],
            bits: vec![Bits::default(); chosen.len()],
            sizes: vec![0; chosen.len()],
            count: scheme.bands,
        };
        for start in (0..chosen.len()).step_by(STEP) {
            let end = (start + STEP).min(chosen.len());
            let bands = all.bands[start * scheme.bands..end * scheme.bands].par_chunks_mut(scheme.bands);
            let kept = all.bits[start..end].par_iter_mut().zip(&mut all.sizes[start..end]);
            bands.zip(kept).zip(&chosen[start..end]).for_each_init(
                Scratch::default,
                |scratch, ((bands, kept), text)| {
                    hashes.sketch(texts.get(*text as usize), scheme.rows, bands, kept, scratch);
                },
            );
            steps.advance((end - start) as u64)?;
        }
        Ok(all)
    }

    /// The hash of a text's band.
    pub(crate) fn band(&self, text: usize, band: usize) -> u32 {
        self.bands[text * self.count + band]
    }

    /// Whether two texts may be as similar as that, by their sizes and bits alone; never false for those that are.
    pub(crate) fn may_be_similar(&self, one: usize, (others, other): (&Self, usize), threshold: f64) -> bool {
        let (size, other_size) = (self.sizes[one] as usize, others.sizes[other] as usize);
        let least = gram::least_common(size, other_size, threshold);
        if size.min(other_size) < least {
            return false;
        }
        // Grams whose bit the other lacks are not in the other.
        let (bits, other_bits) = (&self.bits[one], &others.bits[other]);
        let alone = |a: &Bits, b: &Bits| a.iter().zip(b).map(|(a, b)| (a & !b).count_ones() as usize).sum::<usize>();
        (size - alone(bits, other_bits)).min(other_size - alone(other_bits, bits)) >= least
    }
}

#[derive(Default)]
struct Scratch {
    /// The set of the grams' hashes: as good as that of the grams, and quicker to sort.
    set: Vec<u64>,
    hashes: Vec<u32>,
    signature: Vec<u32>,
}

/// The hash functions of MinHash: `(x ^ key) * odd` modulo 2³², of a gram's hash x.
struct Hashes {
    keys: Vec<u32>,
    factors: Vec<u32>,
    arch: Arch,
}

impl Hashes {
    fn new(count: usize) -> Self {
        let draw = |seed: u64, index: usize| (mix(mix(seed) ^ index as u64) >> 32) as u32;
        Self {
            keys: (0..count).map(|index| draw(1, index)).collect(),
            factors: (0..count).map(|index| draw(2, index) | 1).collect(),
            arch: Arch::new(),
        }
    }

    fn sketch(&self, text: &str, rows: usize, bands: &mut [u32], kept: (&mut Bits, &mut u32), scratch: &mut Scratch) {
        let Scratch { set, hashes, signature } = scratch;
        set.clear();
        gram::each(text, |gram| set.push(gram::hash(gram)));
        set.sort_unstable();
        set.dedup();
        let (bits, size) = kept;
        *size = u32::try_from(set.len()).unwrap_or(u32::MAX);
        hashes.clear();
        for &hash in set.iter() {
            bits[(hash >> 62) as usize] |= 1 << ((hash >> 56) & 63);
            hashes.push(hash as u32);
        }
        signature.clear();
        signature.resize(self.keys.len(), u32::MAX);
        self.arch.dispatch(|| least(hashes, &self.keys, &self.factors, signature));
        for (band, rows) in bands.iter_mut().zip(signature.chunks_exact(rows)) {
            *band = rows.iter().fold(0x51_7c_c1_b7_u64, |state, row| mix(state ^ u64::from(*row))) as u32;
        }
    }
}

/// The least value of each hash function over the grams; a loop that vectorises.
#[inline(always)]
fn least(hashes: &[u32], keys: &[u32], factors: &[u32], signature: &mut [u32]) {
    for hash in hashes {
        for ((least, key), factor) in signature.iter_mut().zip(keys).zip(factors) {
            *least = (*least).min((hash ^ key).wrapping_mul(*factor));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_find_what_is_at_the_threshold() {
        for value in [0.15, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0] {
            let scheme = Scheme::of(Similarity::new(value).expect("in range"));
            let missed = (1.0 - value.powi(scheme.rows as i32)).powi(scheme.bands as i32);
            assert!(missed <= MISS, "{value}: {scheme:?} misses {missed}");
        }
    }
}
