//! Splits by time: the latest are held out.

/// A group as a split by time sees it.
pub(super) struct TimedGroup {
    /// Its latest time: with it in train nothing in train would be later than eval begins.
    pub(super) at: Option<i64>,
    pub(super) rank: u64,
    /// Samples that may be held out.
    pub(super) size: u64,
}

/// Groups from the earliest (or without a time) to the latest.
fn in_time(groups: &[TimedGroup]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|group| (groups[*group].at, groups[*group].rank));
    order
}

/// Holds out the latest groups up to `eval` samples, as nearly as the groups let it; none without a time, and never all.
pub(super) fn hold_out(groups: &[TimedGroup], eval: u64) -> Vec<bool> {
    let all: u64 = groups.iter().map(|group| group.size).sum();
    let mut held_out = vec![false; groups.len()];
    let mut held = 0;
    for group in in_time(groups).into_iter().rev() {
        let TimedGroup { at, size, .. } = groups[group];
        let then = held + size;
        // Past the aim it is taken only where that is nearer; after it nothing older is taken.
        if at.is_none() || then >= all || then > eval && then - eval >= eval - held {
            break;
        }
        held_out[group] = true;
        held = then;
        if held >= eval {
            break;
        }
    }
    held_out
}

/// The fold of each group: `count` spans of time with about as many samples each.
pub(super) fn folds(groups: &[TimedGroup], count: usize) -> Vec<u32> {
    let all: u64 = groups.iter().map(|group| group.size).sum::<u64>().max(1);
    let mut folds = vec![0; groups.len()];
    let mut before = 0;
    for group in in_time(groups) {
        // Where the group's middle falls.
        let middle = u128::from(2 * before + groups[group].size);
        folds[group] = (middle * count as u128 / u128::from(2 * all)).min(count as u128 - 1) as u32;
        before += groups[group].size;
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(parts: &[(Option<i64>, u64)]) -> Vec<TimedGroup> {
        parts.iter().map(|(at, size)| TimedGroup { at: *at, rank: 0, size: *size }).collect()
    }

    #[test]
    fn the_latest_are_held_out() {
        let days = groups(&[(Some(3), 2), (None, 5), (Some(1), 4), (Some(9), 1), (Some(7), 2)]);
        assert_eq!(hold_out(&days, 3), [false, false, false, true, true]);
        assert_eq!(hold_out(&days, 1), [false, false, false, true, false]);
        assert_eq!(hold_out(&days, 2), [false, false, false, true, false], "one is as near as three");
        assert_eq!(hold_out(&groups(&[(Some(1), 4)]), 1), [false], "not all");
        assert_eq!(folds(&days, 2), [1, 0, 1, 1, 1], "five earlier ones and nine later ones");
    }
}
