//! Two versions beside each other: counts, domains, and the samples that changed, readable.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use contract::Page;
use contract::version::{
    ChangeFilter, DomainChange, RelabelledPair, SampleChange, SampleSide, VersionComparison, VersionStatistics,
};

use crate::content::{Content, Stored};
use crate::difference::{self, Change, Difference};
use crate::line::{lines, starts};
use crate::parent::Parent;
use crate::row::Place;
use crate::{Progress, VersionError, VersionStore};

/// Relabelled pairs that are named.
const PAIRS: usize = 50;
/// Rows of a page at most.
const PAGE: u32 = 1000;
/// Chunks kept while rows are read one after another.
const KEPT: usize = 8;

/// Two versions beside each other. Holds what is needed to read the samples that changed; while it lives, a collection may have
/// moved them, which reading then says as damage: compare anew.
#[derive(Debug)]
pub struct Comparison {
    from: Side,
    to: Side,
    difference: Difference,
}

#[derive(Debug)]
struct Side {
    version: String,
    id: String,
    statistics: VersionStatistics,
    schema: BTreeSet<String>,
    content: Stored,
}

impl VersionStore {
    /// Compares two versions.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Archived`], [`VersionError::Damaged`], [`VersionError::Cancelled`].
    pub fn compare(&self, from: &str, to: &str, told: &mut Progress<'_>) -> Result<Comparison, VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let refs = self.refs()?;
        let objects = self.objects()?;
        let side = |name: &str| -> Result<Side, VersionError> {
            let Parent { version, manifest, content } =
                Parent::open(self, &objects, refs.find(name)?)?.with_index(self);
            let schema = manifest.schema.into_iter().collect();
            let (id, version) = (version.id.to_string(), version.version.to_string());
            Ok(Side { version, id, statistics: manifest.statistics, schema, content })
        };
        let (from, to) = (side(from)?, side(to)?);
        let mut difference = difference::between(Some(&from.content), &to.content, told)?;
        difference.counts.schema_changed = from.schema != to.schema;
        Ok(Comparison { from, to, difference })
    }
}

impl Comparison {
    /// The identities of the older and the newer version.
    pub fn ids(&self) -> (&str, &str) {
        (&self.from.id, &self.to.id)
    }

    /// Counts, by domain and by pair of labels.
    pub fn summary(&self) -> VersionComparison {
        let (before, after) = (&self.from.statistics, &self.to.statistics);
        let names = label_names(&self.difference, before, after);
        let pair = |((old, new), samples): (&(Option<u64>, Option<u64>), &u64)| {
            let name = |label: &Option<u64>| names.get(label.as_ref()?).map(|name| (*name).to_owned());
            Some(RelabelledPair { from: name(old)?, to: name(new)?, samples: *samples })
        };
        let mut relabelled: Vec<RelabelledPair> = self.difference.labels.iter().filter_map(pair).collect();
        relabelled.sort_by(|a, b| b.samples.cmp(&a.samples).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
        relabelled.truncate(PAIRS);
        VersionComparison {
            from: self.from.version.clone(),
            to: self.to.version.clone(),
            changes: self.difference.counts,
            domains: domains(&self.difference, before, after),
            label_drift: label_drift(before, after),
            relabelled,
        }
    }

    /// A page of the samples that changed, in the newer version's order, then those that went.
    ///
    /// # Errors
    /// [`VersionError::Damaged`].
    pub fn page(
        &self,
        filter: &ChangeFilter,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Page<SampleChange>, VersionError> {
        let first = after.map_or(0, |after| usize::try_from(after).map_or(0, |after| after + 1));
        let limit = limit.clamp(1, PAGE) as usize;
        let (mut rows, mut next) = (Vec::new(), None);
        self.visit(filter, first, &mut |place, change| {
            if rows.len() == limit {
                next = i64::try_from(place).ok().map(|place| place - 1);
                return ControlFlow::Break(());
            }
            rows.push(change);
            ControlFlow::Continue(())
        })?;
        let plain = filter.domain.is_none() && filter.text.is_none();
        let total =
            plain.then(|| self.difference.changes.iter().filter(|change| of_kind(filter, change)).count() as u64);
        Ok(Page { rows, next, total })
    }

    /// Visits the samples that changed, from a place on.
    ///
    /// # Errors
    /// [`VersionError::Damaged`].
    pub fn visit(
        &self,
        filter: &ChangeFilter,
        first: usize,
        visit: &mut dyn FnMut(usize, SampleChange) -> ControlFlow<()>,
    ) -> Result<(), VersionError> {
        let words: Vec<String> =
            filter.text.iter().flat_map(|text| text.split_whitespace()).map(str::to_lowercase).collect();
        let (mut older, mut newer) = (Reader::new(&self.from.content), Reader::new(&self.to.content));
        for (place, change) in self.difference.changes.iter().enumerate().skip(first) {
            if !of_kind(filter, change) {
                continue;
            }
            let change = readable(change, &mut older, &mut newer)?;
            if matches(&change, filter.domain.as_deref(), &words) && visit(place, change).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn of_kind(filter: &ChangeFilter, change: &Change) -> bool {
    filter.kinds.is_empty() || filter.kinds.iter().any(|kind| change.kinds.has(*kind))
}

fn readable(change: &Change, older: &mut Reader<'_>, newer: &mut Reader<'_>) -> Result<SampleChange, VersionError> {
    let before = change.old.map(|place| older.sample(place)).transpose()?;
    let after = change.new.map(|place| newer.sample(place)).transpose()?;
    let (id, before, after) = match (before, after) {
        (before, Some((id, after))) => (id, before.map(|(_, before)| before), Some(after)),
        (Some((id, before)), None) => (id, Some(before), None),
        (None, None) => (String::new(), None, None),
    };
    Ok(SampleChange { id, kinds: change.kinds.iter().collect(), before, after })
}

fn matches(change: &SampleChange, domain: Option<&str>, words: &[String]) -> bool {
    let sides = || change.before.iter().chain(&change.after);
    domain.is_none_or(|domain| sides().any(|side| side.label == domain))
        && (words.is_empty() || {
            let texts: Vec<String> = sides().map(|side| side.text.to_lowercase()).collect();
            words.iter().all(|word| change.id.contains(word) || texts.iter().any(|text| text.contains(word)))
        })
}

/// Reads single samples; rows that stand together cost one chunk.
pub(crate) struct Reader<'a> {
    content: &'a dyn Content,
    /// Chunks read last, the latest at the end.
    kept: Vec<KeptChunk>,
}

/// A chunk in memory.
struct KeptChunk {
    file: u8,
    chunk: u32,
    bytes: Vec<u8>,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'a> Reader<'a> {
    pub fn new(content: &'a dyn Content) -> Self {
        Self { content, kept: Vec::new() }
    }

    /// A sample's id and what there is to see of it.
    pub fn sample(&mut self, place: Place) -> Result<(String, SampleSide), VersionError> {
        let content = self.content;
        let row = content.sample(place, self.line(place)?)?;
        Ok((row.name().into_owned(), row.side(place.split())))
    }

    /// A sample's line.
    pub fn line(&mut self, place: Place) -> Result<&[u8], VersionError> {
        let at = self.kept.iter().position(|kept| (kept.file, kept.chunk) == (place.file, place.chunk));
        if let Some(at) = at {
            let last = self.kept.len() - 1;
            self.kept.swap(at, last);
        } else {
            let bytes = self.content.read(place.file, place.chunk)?;
            let starts = starts(lines(&bytes).map(<[u8]>::len)).collect();
            if self.kept.len() == KEPT {
                self.kept.remove(0);
            }
            self.kept.push(KeptChunk { file: place.file, chunk: place.chunk, bytes, starts });
        }
        let line = self.kept.last().and_then(|kept| {
            let start = *kept.starts.get(place.line as usize)?;
            let end = kept.starts.get(place.line as usize + 1).copied().unwrap_or(kept.bytes.len());
            kept.bytes.get(start..end)
        });
        line.ok_or_else(|| self.content.no_sample(place, "no such line"))
    }
}

fn label_names<'a>(
    difference: &Difference,
    before: &'a VersionStatistics,
    after: &'a VersionStatistics,
) -> HashMap<u64, &'a str> {
    let names = before.domains.keys().chain(after.domains.keys());
    names.map(|name| (difference.label_print(name), name.as_str())).collect()
}

/// What changed by domain, most changed first.
pub(crate) fn domains(
    difference: &Difference,
    before: &VersionStatistics,
    after: &VersionStatistics,
) -> Vec<DomainChange> {
    let mut gained: HashMap<u64, u64> = HashMap::new();
    let mut lost: HashMap<u64, u64> = HashMap::new();
    for ((old, new), samples) in &difference.labels {
        old.map(|old| *lost.entry(old).or_default() += samples);
        new.map(|new| *gained.entry(new).or_default() += samples);
    }
    let names: BTreeSet<&str> = before.domains.keys().chain(after.domains.keys()).map(String::as_str).collect();
    let counts = |statistics: &VersionStatistics, name: &str| statistics.domains.get(name).copied().unwrap_or_default();
    let mut domains: Vec<DomainChange> = names
        .into_iter()
        .map(|name| DomainChange {
            domain: name.to_owned(),
            before: counts(before, name),
            after: counts(after, name),
            gained: gained.get(&difference.label_print(name)).copied().unwrap_or(0),
            lost: lost.get(&difference.label_print(name)).copied().unwrap_or(0),
        })
        .collect();
    domains.sort_by_key(|change| std::cmp::Reverse(change.gained + change.lost));
    domains
}

/// Jensen–Shannon distance of two versions' label distributions: the square root of the divergence to the base 2 (Endres and Schindelin
/// 2003), in [0, 1]. 0 where one of them is empty.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Shares of counts below 2^53.
pub fn label_drift(before: &VersionStatistics, after: &VersionStatistics) -> f64 {
    let count = |(train, eval): &(u64, u64)| (train + eval) as f64;
    let total = |statistics: &VersionStatistics| statistics.domains.values().map(count).sum::<f64>();
    let (all_before, all_after) = (total(before), total(after));
    if all_before == 0.0 || all_after == 0.0 {
        return 0.0;
    }
    let share =
        |statistics: &VersionStatistics, name: &String, all: f64| statistics.domains.get(name).map_or(0.0, count) / all;
    let part = |share: f64, mean: f64| if share > 0.0 { share * (share / mean).log2() } else { 0.0 };
    let names: BTreeSet<&String> = before.domains.keys().chain(after.domains.keys()).collect();
    let divergence: f64 = names
        .into_iter()
        .map(|name| {
            let (p, q) = (share(before, name, all_before), share(after, name, all_after));
            let mean = f64::midpoint(p, q);
            f64::midpoint(part(p, mean), part(q, mean))
        })
        .sum();
    divergence.clamp(0.0, 1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statistics(counts: &[(&str, u64, u64)]) -> VersionStatistics {
        let domains = counts.iter().map(|(name, train, eval)| ((*name).to_owned(), (*train, *eval))).collect();
        VersionStatistics { domains, ..VersionStatistics::default() }
    }

    #[test]
    fn the_drift_of_labels_is_that_of_scipy() {
        // scipy.spatial.distance.jensenshannon([90, 10, 0], [45, 45, 10], base=2) and so on, scipy 1.17.1.
        let old = statistics(&[("a", 80, 10), ("b", 10, 0)]);
        let new = statistics(&[("a", 40, 5), ("b", 40, 5), ("c", 10, 0)]);
        assert!((label_drift(&old, &new) - 0.438_223_393_045_696_7).abs() < 1e-9, "{}", label_drift(&old, &new));
        assert!(label_drift(&old, &old).abs() < 1e-9);
        assert!((label_drift(&statistics(&[("a", 1, 0)]), &statistics(&[("b", 5, 0)])) - 1.0).abs() < 1e-12);
        assert!(label_drift(&statistics(&[]), &new).abs() < 1e-12);
    }
}
