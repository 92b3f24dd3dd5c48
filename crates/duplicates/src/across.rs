//! Near-duplicates between two sets of texts.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::bucket::{Entry, REACH, RecentGrams, buckets};
use crate::sketch::{Scheme, Sketches};
use crate::{Cancelled, Similarity, Steps, Texts, Watch};

/// Buckets between two looks at the watch.
const BUCKETS: usize = 1 << 14;

/// A text with a near-duplicate in the other set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Position in the left set.
    pub left: u32,
    /// Position of its most similar text in the right set, the first of equals.
    pub right: u32,
    /// How similar they are.
    pub similarity: f64,
}

/// The texts of `left` that have a near-duplicate in `right`, by position, each with its most similar one.
///
/// # Errors
/// [`Cancelled`] when the watch asks to stop.
pub fn pairs_across(
    left: &Texts,
    right: &Texts,
    similarity: Similarity,
    watch: &mut Watch<'_>,
) -> Result<Vec<Pair>, Cancelled> {
    let mut best = equal(left, right);
    let lefts: Vec<u32> = (0..left.len()).filter(|at| best[*at].is_none()).map(|at| at as u32).collect();
    let rights: Vec<u32> = (0..right.len() as u32).collect();
    let scheme = Scheme::of(similarity);
    let whole = (lefts.len() + rights.len()) as u64;
    let mut steps = Steps { watch, done: 0, all: whole * 2 };
    let sketches = (Sketches::of(left, &lefts, scheme, &mut steps)?, Sketches::of(right, &rights, scheme, &mut steps)?);
    let search = Search { texts: (left, right), lefts: &lefts, sketches: &sketches, threshold: similarity.value() };
    for band in 0..scheme.bands {
        let order = search.in_order(band, scheme.bands);
        for some in buckets(&order).chunks(BUCKETS) {
            let pairs: Vec<Pair> =
                some.par_iter().flat_map_iter(|bucket| search.pairs(&order[bucket.clone()])).collect();
            for pair in pairs {
                let held = &mut best[pair.left as usize];
                let better = held.is_none_or(|held| {
                    pair.similarity > held.similarity || pair.similarity == held.similarity && pair.right < held.right
                });
                if better {
                    *held = Some(pair);
                }
            }
            steps.advance(0)?;
        }
        let share = |band: usize| whole * band as u64 / scheme.bands as u64;
        steps.advance(share(band + 1) - share(band))?;
    }
    Ok(best.into_iter().flatten().collect())
}

/// For each left text the first right one that is equal.
fn equal(left: &Texts, right: &Texts) -> Vec<Option<Pair>> {
    let mut first: HashMap<&str, u32> = HashMap::with_capacity(right.len());
    for at in 0..right.len() {
        first.entry(right.get(at)).or_insert(at as u32);
    }
    let pair = |at: usize| {
        let right = *first.get(left.get(at))?;
        Some(Pair { left: at as u32, right, similarity: 1.0 })
    };
    (0..left.len()).map(pair).collect()
}

struct Search<'a> {
    texts: (&'a Texts, &'a Texts),
    /// The left texts that were sketched.
    lefts: &'a [u32],
    sketches: &'a (Sketches, Sketches),
    threshold: f64,
}

impl Search<'_> {
    /// Both sets in the order of a band; the right ones are numbered after the left ones.
    fn in_order(&self, band: usize, bands: usize) -> Vec<Entry> {
        let (left, right) = self.sketches;
        let (next, lefts) = ((band + 1) % bands, self.lefts.len());
        let entry = |at: usize| {
            let (sketches, place) = if at < lefts { (left, at) } else { (right, at - lefts) };
            (sketches.band(place, band), sketches.band(place, next), at as u32)
        };
        let mut order: Vec<Entry> = (0..lefts + self.texts.1.len()).into_par_iter().map(entry).collect();
        order.par_sort_unstable();
        order
    }

    /// The near-duplicates across the sets in a bucket.
    fn pairs(&self, bucket: &[Entry]) -> Vec<Pair> {
        let lefts = self.lefts.len();
        let place = |at: usize| bucket[at].2 as usize;
        let mut recent = RecentGrams::new(|at| match place(at).checked_sub(lefts) {
            None => self.texts.0.get(self.lefts[place(at)] as usize),
            Some(right) => self.texts.1.get(right),
        });
        let mut pairs = Vec::new();
        // The texts of the other side that stood last before this one, in both directions: each pair within reach is met once.
        let mut before: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        for at in 0..bucket.len() {
            let side = usize::from(place(at) >= lefts);
            let others = &before[1 - side];
            for &other in others[others.len().saturating_sub(REACH)..].iter().rev() {
                if at - other >= 2 * REACH {
                    break;
                }
                let (one, two) = if side == 0 { (at, other) } else { (other, at) };
                let (left, right) = (place(one), place(two) - lefts);
                if !self.sketches.0.may_be_similar(left, (&self.sketches.1, right), self.threshold) {
                    continue;
                }
                if let Some(similarity) = recent.similarity(one, two, self.threshold) {
                    pairs.push(Pair { left: self.lefts[left], right: right as u32, similarity });
                }
            }
            before[side].push(at);
        }
        pairs
    }
}
