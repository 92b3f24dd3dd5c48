//! Character 5-grams of a text and how similar two sets of them are.

/// Characters of a gram.
const LENGTH: usize = 5;
/// Bits of a character.
const BITS: u32 = 21;

/// Up to five characters and how many: two grams are equal only when their characters are.
pub(crate) type Gram = u128;

/// The set of grams of a normalised text, ascending.
pub(crate) fn grams(text: &str, into: &mut Vec<Gram>) {
    into.clear();
    each(text, |gram| into.push(gram));
    into.sort_unstable();
    into.dedup();
}

/// Every gram of a normalised text as often as it stands there; a text shorter than a gram is one.
pub(crate) fn each(text: &str, mut visit: impl FnMut(Gram)) {
    let mut window: Gram = 0;
    let mut length = 0;
    for letter in text.chars() {
        window = ((window << BITS) | Gram::from(u32::from(letter))) & MASK;
        length += 1;
        if length >= LENGTH {
            visit(window | LONG);
        }
    }
    if length < LENGTH {
        visit(window | (length as Gram) << (BITS * LENGTH as u32));
    }
}

const MASK: Gram = (1 << (BITS * LENGTH as u32)) - 1;
const LONG: Gram = (LENGTH as Gram) << (BITS * LENGTH as u32);

/// A gram's hash.
pub(crate) fn hash(gram: Gram) -> u64 {
    mix(gram as u64 ^ mix((gram >> 64) as u64 ^ 0x9e37_79b9_7f4a_7c15))
}

/// The finaliser of SplitMix64.
pub(crate) fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// How many grams two sets of these sizes must share to be as similar as `threshold`.
pub(crate) fn least_common(a: usize, b: usize, threshold: f64) -> usize {
    // |A ∩ B| / (|A| + |B| − |A ∩ B|) ≥ t; what binary fractions add to it doesn't count.
    ((threshold / (1.0 + threshold) * (a + b) as f64) - 1e-9).ceil().max(0.0) as usize
}

/// Grams that two sets share, or `None` when they are fewer than `least`.
pub(crate) fn common(a: &[Gram], b: &[Gram], least: usize) -> Option<usize> {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        if shared + (a.len() - i).min(b.len() - j) < least {
            return None;
        }
        shared += usize::from(a[i] == b[j]);
        let (forward, back) = (a[i] <= b[j], b[j] <= a[i]);
        i += usize::from(forward);
        j += usize::from(back);
    }
    (shared >= least).then_some(shared)
}

/// The Jaccard similarity of two texts as they are; [`crate::Texts`] normalises.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f64 {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    grams(a, &mut one);
    grams(b, &mut other);
    let shared = common(&one, &other, 0).unwrap_or(0);
    shared as f64 / (one.len() + other.len() - shared) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_that_of_sets_of_grams() {
        assert_eq!(similarity("abcdefg", "abcdefg"), 1.0);
        assert_eq!(similarity("", ""), 1.0);
        assert_eq!(similarity("abc", "abd"), 0.0);
        // abcde bcdef cdefg | bcdef cdefg defgh
        assert_eq!(similarity("abcdefg", "bcdefgh"), 0.5);
        assert_eq!(similarity("aaaaaaaaaa", "aaaaa"), 1.0);
        assert_eq!(similarity("aaaa", "aaaaa"), 0.0);
        assert_eq!(similarity("карта утеряна", "карта утеряна"), 1.0);
    }

    #[test]
    fn the_least_common_is_where_the_threshold_is_reached() {
        for (a, b) in [(1, 1), (5, 5), (9, 10), (10, 12), (36, 45), (57, 61), (1000, 900)] {
            for threshold in [0.1, 0.5, 0.8, 0.9, 1.0] {
                let least = least_common(a, b, threshold);
                let reached = |shared: usize| shared as f64 / (a + b - shared) as f64 >= threshold - 1e-12;
                assert!(reached(least), "{a} {b} {threshold}");
                assert!(least == 0 || !reached(least - 1), "{a} {b} {threshold}");
            }
        }
    }
}
