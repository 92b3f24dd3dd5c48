//! Work cut into portions that fit into memory.

/// Bytes that what is unpacked beside each other may take: what an export tells must not decide how much memory reading it takes.
pub(crate) const BUDGET: u64 = 768 << 20;

/// Runs of items that weigh no more than [`BUDGET`] together, and have no more than `most`; one that is heavier comes alone.
pub(crate) fn portions<T>(mut items: &[T], most: usize, weight: impl Fn(&T) -> u64) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let mut all = 0_u64;
        let too_heavy = |item: &T| {
            all = all.saturating_add(weight(item));
            all > BUDGET
        };
        let most = items.len().min(most);
        let count = items[..most].iter().position(too_heavy).unwrap_or(most).max(1).min(items.len());
        let (portion, rest) = items.split_at(count);
        items = rest;
        (!portion.is_empty()).then_some(portion)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_are_light_and_short_and_leave_nothing_out() {
        let half = BUDGET / 2;
        let items = [1, 1, 1, half, half, BUDGET, 2 * BUDGET, u64::MAX, 1, 1];
        let cut: Vec<&[u64]> = portions(&items, 2, |weight| *weight).collect();
        let expected: [&[u64]; 7] = [&[1, 1], &[1, half], &[half], &[BUDGET], &[2 * BUDGET], &[u64::MAX], &[1, 1]];
        assert_eq!(cut, expected);
        assert_eq!(portions(&items[..0], 2, |weight| *weight).count(), 0);
    }
}
