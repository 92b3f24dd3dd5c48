//! The best few of many.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Greater is worse: a lower score, or an equal one with a larger number.
#[derive(Clone, Copy, PartialEq)]
struct Hit {
    score: f32,
    id: i64,
}

impl Eq for Hit {}

impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.id.cmp(&other.id))
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Keeps the `k` best of what is offered, in whatever order that comes.
#[derive(Clone)]
pub(super) struct TopK {
    k: usize,
    worst_first: BinaryHeap<Hit>,
}

impl TopK {
    pub(super) fn new(k: usize) -> Self {
        Self { k, worst_first: BinaryHeap::new() }
    }

    #[inline(always)]
    pub(super) fn offer(&mut self, id: i64, score: f32) {
        let hit = Hit { score, id };
        if self.worst_first.len() < self.k {
            self.worst_first.push(hit);
        } else if let Some(mut worst) = self.worst_first.peek_mut()
            && hit < *worst
        {
            *worst = hit;
        }
    }

    pub(super) fn merge(mut self, other: Self) -> Self {
        for hit in other.worst_first {
            self.offer(hit.id, hit.score);
        }
        self
    }

    pub(super) fn into_sorted(self) -> Vec<(i64, f32)> {
        self.worst_first.into_sorted_vec().into_iter().map(|hit| (hit.id, hit.score)).collect()
    }
}
