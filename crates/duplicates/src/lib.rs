//! Near-duplicate texts. Two texts are near-duplicates when the Jaccard similarity of their sets of character 5-grams, with
//! case folded and whitespace collapsed, is at least a threshold.
//!
//! Candidates come from MinHash with banded locality-sensitive hashing; every candidate is verified on the grams themselves, so a
//! pair that is reported is one. A pair at the threshold is missed with a probability below a thousandth; more similar ones hardly
//! ever. What is found depends on the texts and their order alone, not on the machine or the number of threads.
//!
//! This crate imports nothing of ours, and knows of texts alone.

mod across;
mod bucket;
mod cluster;
mod gram;
mod groups;
mod sketch;
mod texts;

use std::ops::ControlFlow;

pub use across::{Pair, pairs_across};
pub use cluster::clusters;
pub use gram::similarity;
pub use groups::Groups;
pub use texts::Texts;

/// How similar two texts must be to be near-duplicates: a Jaccard similarity in (0, 1].
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Similarity(f64);

impl Similarity {
    /// The similarity; `None` when it is not in (0, 1].
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        (value > 0.0 && value <= 1.0).then_some(Self(value))
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

/// Told how far the work is (done, of all) between its steps; answers whether it shall go on.
pub type Watch<'a> = dyn FnMut(u64, u64) -> ControlFlow<()> + 'a;

/// The watch asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the search for near-duplicates was stopped")
    }
}

impl std::error::Error for Cancelled {}

/// Progress over several steps of known size.
struct Steps<'a, 'w> {
    watch: &'a mut Watch<'w>,
    done: u64,
    all: u64,
}

impl Steps<'_, '_> {
    fn advance(&mut self, by: u64) -> Result<(), Cancelled> {
        self.done = (self.done + by).min(self.all);
        match (self.watch)(self.done, self.all) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Cancelled),
        }
    }
}
