//! Texts that a band puts together.

use std::ops::Range;

use rayon::prelude::*;

use crate::gram::{Gram, grams, least_common};
use crate::sketch::Sketches;

/// Each text of a bucket is compared with so many that stand beside it at most. Only buckets of texts that are all alike are
/// larger, and there a text meets its near-duplicates in other bands, in other company.
pub(crate) const REACH: usize = 50;

/// A text in the order of a band: the band's hash, that of the next band (so that in large buckets the more similar stand
/// together), and the text.
pub(crate) type Entry = (u32, u32, u32);

/// The texts in the order of a band.
pub(crate) fn in_order(sketches: &Sketches, band: usize, bands: usize, texts: usize) -> Vec<Entry> {
    let next = (band + 1) % bands;
    let mut order: Vec<Entry> = (0..texts)
        .into_par_iter()
        .map(|text| (sketches.band(text, band), sketches.band(text, next), text as u32))
        .collect();
    order.par_sort_unstable();
    order
}

/// Where the entries of one bucket begin and end, for all that have two or more.
pub(crate) fn buckets(order: &[Entry]) -> Vec<Range<usize>> {
    let mut buckets = Vec::new();
    let mut start = 0;
    for at in 1..=order.len() {
        if at == order.len() || order[at].0 != order[start].0 {
            if at - start > 1 {
                buckets.push(start..at);
            }
            start = at;
        }
    }
    buckets
}

/// The grams of the texts that were looked at last.
pub(crate) struct RecentGrams<'a, F: Fn(usize) -> &'a str> {
    text: F,
    sets: Vec<(usize, Vec<Gram>)>,
}

impl<'a, F: Fn(usize) -> &'a str> RecentGrams<'a, F> {
    pub(crate) fn new(text: F) -> Self {
        Self { text, sets: Vec::new() }
    }

    /// The set of the text that stands at `place`. It replaces one that stands too far away to be compared with it.
    fn of(&mut self, place: usize) -> &[Gram] {
        let slot = place % (2 * REACH);
        if slot >= self.sets.len() {
            self.sets.resize_with(slot + 1, || (usize::MAX, Vec::new()));
        }
        let (held, set) = &mut self.sets[slot];
        if *held != place {
            grams((self.text)(place), set);
            *held = place;
        }
        set
    }

    /// The similarity of two texts, by their places, if it reaches the threshold.
    pub(crate) fn similarity(&mut self, one: usize, other: usize, threshold: f64) -> Option<f64> {
        self.of(one);
        self.of(other);
        let slots = 2 * REACH;
        let (a, b) = (&self.sets[one % slots].1, &self.sets[other % slots].1);
        let shared = crate::gram::common(a, b, least_common(a.len(), b.len(), threshold))?;
        Some(shared as f64 / (a.len() + b.len() - shared) as f64)
    }
}
