//! Clusters: texts that are linked by near-duplicates.

use rayon::prelude::*;

use crate::bucket::{Entry, REACH, RecentGrams, buckets, in_order};
use crate::gram::{hash, mix};
use crate::sketch::{Scheme, Sketches};
use crate::{Cancelled, Groups, Similarity, Steps, Texts, Watch};

/// Entries of a bucket that are compared at a time, so that a large bucket occupies more than one thread.
const PART: usize = 4096;
/// Parts between two looks at the watch.
const PARTS: usize = 1 << 14;

/// For each text the first text of its cluster. Two texts are in one cluster when a chain of near-duplicates links them.
///
/// A million texts of 60 characters take about 300 MB beside the texts.
///
/// # Errors
/// [`Cancelled`] when the watch asks to stop.
pub fn clusters(texts: &Texts, similarity: Similarity, watch: &mut Watch<'_>) -> Result<Vec<u32>, Cancelled> {
    let mut groups = Groups::new(texts.len());
    let chosen = different(texts, &mut groups);
    let scheme = Scheme::of(similarity);
    // To sketch a text costs about as much as to look at it in all bands.
    let all = chosen.len() as u64 * 2;
    let mut steps = Steps { watch, done: 0, all };
    let sketches = Sketches::of(texts, &chosen, scheme, &mut steps)?;
    let mut found = Groups::new(chosen.len());
    for band in 0..scheme.bands {
        let order = in_order(&sketches, band, scheme.bands, chosen.len());
        let names = found.clone().names();
        let search = Search { texts, chosen: &chosen, sketches: &sketches, names: &names, order: &order, similarity };
        let parts = parts(&order);
        for some in parts.chunks(PARTS) {
            let edges: Vec<(u32, u32)> = some.par_iter().flat_map_iter(|part| search.edges(part)).collect();
            for (one, other) in edges {
                found.join(one, other);
            }
            steps.advance(0)?;
        }
        let share = |band: usize| (chosen.len() * band / scheme.bands) as u64;
        steps.advance(share(band + 1) - share(band))?;
    }
    for (place, name) in found.names().into_iter().enumerate() {
        groups.join(chosen[place], chosen[name as usize]);
    }
    Ok(groups.names())
}

/// Joins equal texts and answers the first of each.
fn different(texts: &Texts, groups: &mut Groups) -> Vec<u32> {
    let key = |text: &str| {
        text.as_bytes().chunks(16).fold(text.len() as u64, |state, part| {
            let mut bytes = [0; 16];
            bytes[..part.len()].copy_from_slice(part);
            mix(state ^ hash(u128::from_le_bytes(bytes)))
        })
    };
    let mut keyed: Vec<(u64, u32)> =
        (0..texts.len()).into_par_iter().map(|text| (key(texts.get(text)), text as u32)).collect();
    let text = |at: &(u64, u32)| texts.get(at.1 as usize);
    keyed.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| text(a).cmp(text(b))).then(a.1.cmp(&b.1)));
    let mut first: Vec<u32> = Vec::with_capacity(keyed.len());
    for at in 0..keyed.len() {
        if at > 0 && keyed[at].0 == keyed[at - 1].0 && text(&keyed[at]) == text(&keyed[at - 1]) {
            groups.join(keyed[at].1, keyed[at - 1].1);
        } else {
            first.push(keyed[at].1);
        }
    }
    first.sort_unstable();
    first
}

/// A bucket, or a part of a large one: where it begins, and which of its entries are compared with what stands before them.
struct Part {
    begin: usize,
    from: usize,
    to: usize,
}

fn parts(order: &[Entry]) -> Vec<Part> {
    let cut = |bucket: std::ops::Range<usize>| {
        let (begin, end) = (bucket.start, bucket.end);
        bucket.step_by(PART).map(move |from| Part { begin, from, to: (from + PART).min(end) })
    };
    buckets(order).into_iter().flat_map(cut).collect()
}

struct Search<'a> {
    texts: &'a Texts,
    /// The texts that were sketched; places in it are what is joined.
    chosen: &'a [u32],
    sketches: &'a Sketches,
    /// The groups as the bands before left them.
    names: &'a [u32],
    order: &'a [Entry],
    similarity: Similarity,
}

impl Search<'_> {
    /// Near-duplicates in a part that link texts which are not linked yet. Leaving out those that are changes nothing in what is
    /// linked in the end, so the answer does not depend on the order in which parts are looked at.
    fn edges(&self, part: &Part) -> Vec<(u32, u32)> {
        let first = part.from.saturating_sub(REACH).max(part.begin);
        let place = |at: usize| self.order[first + at].2 as usize;
        let count = part.to - first;
        let mut local = Groups::new(count);
        let mut recent = RecentGrams::new(|at| self.texts.get(self.chosen[place(at)] as usize));
        let mut edges = Vec::new();
        for at in part.from - first..count {
            for before in (at.saturating_sub(REACH)..at).rev() {
                if local.name(at as u32) == local.name(before as u32) {
                    continue;
                }
                let (one, other) = (place(before), place(at));
                let linked = self.names[one] == self.names[other];
                if !linked {
                    let threshold = self.similarity.value();
                    if !self.sketches.may_be_similar(one, (self.sketches, other), threshold)
                        || recent.similarity(before, at, threshold).is_none()
                    {
                        continue;
                    }
                    edges.push((one as u32, other as u32));
                }
                local.join(before as u32, at as u32);
            }
        }
        edges
    }
}
