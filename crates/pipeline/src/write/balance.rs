//! Balancing what is written: weights, and small domains repeated.

/// How often each train sample of a part (train itself, or a fold's) is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Copies {
    /// By domain: how often each sample is written, and the last rank of those written once more.
    by_domain: Vec<(u64, Option<u64>)>,
}

impl Copies {
    /// Repeats the samples of each domain up to the size of the largest; the remainder goes to those with the least ranks. `samples`
    /// gives domain and rank of each train sample.
    pub(super) fn oversampling(domains: usize, samples: impl Iterator<Item = (u32, u64)>) -> Self {
        let mut ranks: Vec<Vec<u64>> = vec![Vec::new(); domains];
        samples.for_each(|(domain, rank)| ranks[domain as usize].push(rank));
        let most = ranks.iter().map(Vec::len).max().unwrap_or(0);
        let repeat = |mut ranks: Vec<u64>| {
            if ranks.is_empty() {
                return (1, None);
            }
            let (times, rest) = (most / ranks.len(), most % ranks.len());
            let last = rest.checked_sub(1).map(|last| *ranks.select_nth_unstable(last).1);
            (times as u64, last)
        };
        Self { by_domain: ranks.into_iter().map(repeat).collect() }
    }

    /// How often a train sample is written.
    pub(super) fn of(&self, domain: u32, rank: u64) -> u64 {
        match self.by_domain.get(domain as usize) {
            Some((times, last)) => times + u64::from(last.is_some_and(|last| rank <= last)),
            None => 1,
        }
    }
}

/// The weight of a sample of each domain: the mean size of a domain divided by its own, so that the mean over all samples is 1.
pub(super) fn weights(sizes: &[u64]) -> Vec<f64> {
    let there: Vec<u64> = sizes.iter().copied().filter(|size| *size > 0).collect();
    let mean = there.iter().sum::<u64>() as f64 / there.len().max(1) as f64;
    sizes.iter().map(|size| if *size > 0 { mean / *size as f64 } else { 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_domains_are_repeated_up_to_the_largest() {
        let samples: Vec<(u32, u64)> = [(0, 10), (1, 5), (2, 3)]
            .into_iter()
            .flat_map(|(domain, size)| (0..size).map(move |rank| (domain, rank * 7 + 1)))
            .collect();
        let copies = Copies::oversampling(4, samples.iter().copied());
        for domain in 0..3 {
            let written: u64 =
                samples.iter().filter(|(of, _)| *of == domain).map(|(of, rank)| copies.of(*of, *rank)).sum();
            assert_eq!(written, 10);
        }
        assert_eq!((copies.of(2, 1), copies.of(2, 15)), (4, 3));
        assert_eq!(Copies::default().of(7, 0), 1);
    }

    #[test]
    fn weights_are_one_on_average() {
        let sizes = [100, 10, 0, 40];
        let weights = weights(&sizes);
        let sum: f64 = weights.iter().zip(sizes).map(|(weight, size)| weight * size as f64).sum();
        assert!((sum - 150.0).abs() < 1e-9 && weights[1] == 5.0);
    }
}
