//! Choosing examples that are near and yet of different classes.

use std::collections::HashMap;

/// Something that may be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its number.
    pub id: i64,
    /// Its class.
    pub class: u32,
    /// How near it is (a cosine).
    pub relevance: f32,
}

/// Chooses up to `count` candidates with the largest Σ relevance − `diversity` · Σ over classes of n (n − 1) / 2, where n
/// is how many of a class are chosen: every further example of the same class costs `diversity` more. 0 takes the
/// nearest; 2 or more takes each class once before any twice (cosines differ by at most 2).
///
/// What one more candidate of a class adds falls with each, so choosing the best one after the other gives the best set.
/// The result is in the order of choosing; equal candidates come in the order given.
pub fn spread(candidates: &[Candidate], count: usize, diversity: f32) -> Vec<Candidate> {
    let mut left: Vec<Candidate> = candidates.to_vec();
    left.sort_by(|a, b| b.relevance.total_cmp(&a.relevance));
    let mut chosen: Vec<Candidate> = Vec::with_capacity(count.min(left.len()));
    let mut taken: HashMap<u32, u16> = HashMap::new();
    while chosen.len() < count && !left.is_empty() {
        let gain = |candidate: &Candidate| {
            candidate.relevance - diversity * f32::from(*taken.get(&candidate.class).unwrap_or(&0))
        };
        let mut best = 0;
        for at in 1..left.len() {
            if gain(&left[at]) > gain(&left[best]) {
                best = at;
            }
        }
        let candidate = left.remove(best);
        *taken.entry(candidate.class).or_default() += 1;
        chosen.push(candidate);
    }
    chosen
}
