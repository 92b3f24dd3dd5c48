//! Counts over samples that can be added and taken away, so that a version's statistics cost what changed.

use std::collections::{BTreeMap, HashMap};

use contract::version::VersionStatistics;

use crate::digest::{Digest, Digests, Names};
use crate::row::Row;

/// Counts; negative where more was taken away than added.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    domains: HashMap<String, [i64; 2]>,
    origins: HashMap<String, i64>,
    sources: HashMap<String, i64>,
    lengths: [i64; VersionStatistics::LENGTHS.len()],
    characters: i64,
    confidences: [i64; 10],
    without_confidence: i64,
}

impl Tally {
    /// Adds a sample of a file (0 train, 1 eval), or with −1 takes it away.
    pub fn count(&mut self, row: &Row<'_>, file: u8, sign: i64) {
        self.count_named((&row.label, &row.origin, &row.source), file, sign);
        self.count_size(row.characters(), row.tenth(), sign);
    }

    /// Takes samples away that a digest is kept of.
    pub fn take_away(&mut self, digest: &Digest, names: &Names, file: u8) {
        let (labels, kinds) = (&names.labels, &names.kinds);
        let named = (labels.name(digest.label), kinds.name(digest.kind), names.sources.name(digest.source));
        self.count_named(named, file, -1);
        self.count_size(digest.characters.into(), digest.tenth(), -1);
    }

    /// The counts over these samples of a file.
    pub fn of(samples: &Digests, file: u8) -> Self {
        let mut tally = Self::default();
        let names = &samples.names;
        let [mut labels, mut kinds, mut sources] =
            [&names.labels, &names.kinds, &names.sources].map(|list| vec![0_i64; list.len()]);
        for digest in &samples.digests {
            labels[digest.label as usize] += 1;
            kinds[digest.kind as usize] += 1;
            sources[digest.source as usize] += 1;
            tally.count_size(digest.characters.into(), digest.tenth(), 1);
        }
        for (place, count) in (0..).zip(labels) {
            add(&mut tally.domains, names.labels.name(place))[usize::from(file)] += count;
        }
        for (place, count) in (0..).zip(kinds) {
            *add(&mut tally.origins, names.kinds.name(place)) += count;
        }
        for (place, count) in (0..).zip(sources) {
            *add(&mut tally.sources, names.sources.name(place)) += count;
        }
        tally
    }

    fn count_named(&mut self, (label, origin, source): (&str, &str, &str), file: u8, sign: i64) {
        add(&mut self.domains, label)[usize::from(file)] += sign;
        *add(&mut self.origins, origin) += sign;
        *add(&mut self.sources, source) += sign;
    }

    fn count_size(&mut self, characters: u64, tenth: Option<u8>, sign: i64) {
        let class = VersionStatistics::LENGTHS.iter().rposition(|bound| *bound <= characters).unwrap_or(0);
        self.lengths[class] += sign;
        self.characters += sign * i64::try_from(characters).unwrap_or(i64::MAX);
        match tenth {
            Some(tenth) => self.confidences[usize::from(tenth)] += sign,
            None => self.without_confidence += sign,
        }
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: &Self) {
        for (label, [train, eval]) in &other.domains {
            let counts = add(&mut self.domains, label);
            counts[0] += train;
            counts[1] += eval;
        }
        other.origins.iter().for_each(|(origin, count)| *add(&mut self.origins, origin) += count);
        other.sources.iter().for_each(|(source, count)| *add(&mut self.sources, source) += count);
        self.lengths.iter_mut().zip(other.lengths).for_each(|(count, more)| *count += more);
        self.confidences.iter_mut().zip(other.confidences).for_each(|(count, more)| *count += more);
        self.characters += other.characters;
        self.without_confidence += other.without_confidence;
    }

    /// What a version's statistics become with these counts.
    pub fn applied_to(&self, before: &VersionStatistics) -> VersionStatistics {
        let list = |before: &[u64], change: &[i64]| -> Vec<u64> {
            change.iter().enumerate().map(|(at, change)| sum(before.get(at).copied().unwrap_or(0), *change)).collect()
        };
        let mut domains = before.domains.clone();
        for (label, [train, eval]) in &self.domains {
            let counts = domains.entry(label.clone()).or_default();
            *counts = (sum(counts.0, *train), sum(counts.1, *eval));
        }
        domains.retain(|_, counts| *counts != (0, 0));
        VersionStatistics {
            domains,
            origins: named(&before.origins, &self.origins),
            sources: named(&before.sources, &self.sources),
            lengths: list(&before.lengths, &self.lengths),
            characters: sum(before.characters, self.characters),
            confidences: list(&before.confidences, &self.confidences),
            without_confidence: sum(before.without_confidence, self.without_confidence),
        }
    }
}

fn add<'a, T: Default>(counts: &'a mut HashMap<String, T>, name: &str) -> &'a mut T {
    // `entry` would take a new string for each sample; the borrow checker wants the second look.
    if !counts.contains_key(name) {
        counts.insert(name.to_owned(), T::default());
    }
    counts.get_mut(name).expect("just inserted")
}

fn named(before: &BTreeMap<String, u64>, change: &HashMap<String, i64>) -> BTreeMap<String, u64> {
    let mut counts = before.clone();
    for (name, change) in change {
        let count = counts.entry(name.clone()).or_default();
        *count = sum(*count, *change);
    }
    counts.retain(|_, count| *count > 0);
    counts
}

fn sum(before: u64, change: i64) -> u64 {
    before.saturating_add_signed(change)
}
