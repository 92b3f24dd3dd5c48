//! Confidences that differ by rounding alone.

/// How far two confidences may be apart by rounding alone: a few units in the last place, added up over a row.
const ROUNDING: f32 = 2e-6;

/// Makes confidences that differ by rounding alone equal, the lowest of them: a threshold must not part what a labeller said with
/// one and the same confidence, which is computed anew wherever it is read.
pub(crate) fn tie(all: &mut [f32], verdicts: &mut [(f32, bool)]) {
    let mut sorted: Vec<f32> = all.iter().copied().chain(verdicts.iter().map(|(confidence, _)| *confidence)).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let mut lowest: Vec<f32> = Vec::new();
    for confidence in sorted {
        if lowest.last().is_none_or(|lowest| confidence - lowest > ROUNDING) {
            lowest.push(confidence);
        }
    }
    let tied = |confidence: f32| {
        let place = lowest.partition_point(|lowest| *lowest <= confidence);
        lowest.get(place.saturating_sub(1)).copied().unwrap_or(confidence)
    };
    all.iter_mut().for_each(|confidence| *confidence = tied(*confidence));
    verdicts.iter_mut().for_each(|(confidence, _)| *confidence = tied(*confidence));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_parts_nothing_and_little_is_not_rounding() {
        let above = f32::from_bits(0.9_f32.to_bits() + 1);
        let mut all = [above, 0.9, 0.9001];
        let mut verdicts = [(above, true), (f32::from_bits(0.9_f32.to_bits() + 2), false), (0.3, true)];
        tie(&mut all, &mut verdicts);
        assert_eq!(all.map(f32::to_bits), [0.9_f32, 0.9, 0.9001].map(f32::to_bits));
        assert_eq!(verdicts.map(|(confidence, _)| confidence.to_bits()), [0.9_f32, 0.9, 0.3].map(f32::to_bits));
    }
}
