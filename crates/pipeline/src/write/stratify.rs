//! How large eval is and how it is shared among the domains.

use contract::dataset::SplitSettings;

/// Tolerates the rounding of a share such as 0.1, which has no exact binary form.
const EPSILON: f64 = 1e-9;

/// Samples of eval for `total` samples by the share asked for, rounded up.
pub(crate) fn eval_by_share(total: u64, settings: &SplitSettings) -> u64 {
    (total as f64 * settings.eval - EPSILON).ceil().max(0.0) as u64
}

/// Samples of eval to aim at for `total` samples: by the share asked for, but never all; raised to the minimum, but then never
/// over a half. What comes of it is told when the samples are on their sides.
pub(crate) fn eval_size(total: u64, settings: &SplitSettings) -> u64 {
    let asked = eval_by_share(total, settings).min(total.saturating_sub(1));
    if asked >= settings.min_eval { asked } else { settings.min_eval.min(total / 2).max(asked) }
}

/// Shares `eval` among domains of these sizes in proportion, by largest remainder; every domain has at least one sample
/// in train and, where eval is large enough, one in eval. The sum is `eval`, or less when train would lose a domain.
pub(crate) fn eval_counts(sizes: &[u64], eval: u64) -> Vec<u64> {
    let total: u64 = sizes.iter().sum();
    let most: Vec<u64> = sizes.iter().map(|size| size.saturating_sub(1)).collect();
    let eval = eval.min(most.iter().sum());
    let splittable = most.iter().filter(|most| **most > 0).count() as u64;
    let least = u64::from(eval >= splittable);
    // Exact in integers: size * eval / total and its remainder.
    let quota = |index: usize| u128::from(sizes[index]) * u128::from(eval);
    let total = u128::from(total.max(1));
    let mut counts: Vec<u64> =
        (0..sizes.len()).map(|index| ((quota(index) / total) as u64).max(least).min(most[index])).collect();
    // How far a count lies below its quota, in units of 1/total.
    let shortfall = |counts: &[u64], index: usize| quota(index) as i128 - i128::from(counts[index]) * total as i128;
    let sum = |counts: &[u64]| counts.iter().sum::<u64>();
    while sum(&counts) != eval {
        let grow = sum(&counts) < eval;
        let room = |index: &usize| if grow { counts[*index] < most[*index] } else { counts[*index] > least };
        let next = (0..sizes.len()).filter(room).max_by_key(|&index| {
            let shortfall = shortfall(&counts, index);
            // Of equals the larger domain, then the first one.
            (if grow { shortfall } else { -shortfall }, sizes[index], std::cmp::Reverse(index))
        });
        match next {
            Some(index) if grow => counts[index] += 1,
            Some(index) => counts[index] -= 1,
            None => break,
        }
    }
    counts
}
