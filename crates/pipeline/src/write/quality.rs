//! Counts over a dataset's samples that tell its quality.

use std::collections::{BTreeMap, HashMap, HashSet};

use contract::ItemId;
use contract::dataset::{Agreement, LengthReport, QualityReport, Sample};
use learn::statistics::krippendorff_alpha;
use store::{ReviewerLabel, Store, StoreError};

use super::language::Languages;
use super::split::Chosen;

/// The quality of the samples that were seen.
#[derive(Default)]
pub(super) struct Quality {
    lengths: BTreeMap<u64, u64>,
    languages: Languages,
    confidences: [u64; 10],
    without_confidence: u64,
    synthetics: u64,
}

impl Quality {
    /// Counts samples.
    pub(super) fn count(&mut self, samples: &[Sample]) {
        for sample in samples {
            *self.lengths.entry(sample.text.chars().count() as u64).or_default() += 1;
            match sample.confidence {
                Some(confidence) => self.confidences[((confidence * 10.0) as usize).min(9)] += 1,
                None => self.without_confidence += 1,
            }
            self.synthetics += u64::from(!sample.parent.is_empty());
        }
        let texts: Vec<&str> = samples.iter().map(|sample| sample.text.as_str()).collect();
        self.languages.count(&texts);
    }

    /// The report; what only the split and the store know is the caller's to add.
    pub(super) fn report(self) -> QualityReport {
        QualityReport {
            length: Some(lengths(&self.lengths)),
            languages: Some(self.languages.counts()),
            confidences: self.confidences.to_vec(),
            without_confidence: self.without_confidence,
            synthetics: Some(self.synthetics),
            ..QualityReport::default()
        }
    }
}

fn lengths(counts: &BTreeMap<u64, u64>) -> LengthReport {
    let texts: u64 = counts.values().sum();
    let characters: u64 = counts.iter().map(|(length, texts)| length * texts).sum();
    let mut before = 0;
    let median = counts.iter().find(|(_, count)| {
        before += **count;
        2 * before >= texts
    });
    LengthReport {
        min: counts.keys().next().copied().unwrap_or(0),
        mean: if texts > 0 { characters as f64 / texts as f64 } else { 0.0 },
        median: median.map_or(0, |(length, _)| *length),
        max: counts.keys().next_back().copied().unwrap_or(0),
    }
}

/// How far reviewers agree on the items that are in the dataset and that several of them decided on. `chosen` are the samples by
/// the hash of their text, which is their id; `items` are those of them that were written.
pub(super) fn agreement(store: &Store, items: &[ItemId], chosen: &[Chosen]) -> Result<Option<Agreement>, StoreError> {
    let mut labels = store.reviewer_labels()?;
    let held: HashSet<ItemId> = if labels.is_empty() { HashSet::new() } else { items.iter().copied().collect() };
    labels.retain(|label| held.contains(&label.item));
    let Some(mut agreement) = agreement_of(&labels) else { return Ok(None) };
    let disputed = disputed(&labels);
    agreement.disagreeing = disputed.len() as u64;
    let named = chosen.iter().filter(|chosen| disputed.contains(&chosen.key.item)).take(Agreement::NAMED);
    agreement.disputed = named.map(|chosen| chosen.key.hash.to_string()).collect();
    Ok(Some(agreement))
}

/// The items that reviewers gave different domains; `labels` are sorted by item.
fn disputed(labels: &[ReviewerLabel]) -> HashSet<ItemId> {
    let of_items = labels.chunk_by(|one, other| one.item == other.item);
    let differ = |of_item: &&[ReviewerLabel]| of_item.iter().any(|label| label.domain != of_item[0].domain);
    of_items.filter(differ).map(|of_item| of_item[0].item).collect()
}

/// `labels` are sorted by item.
fn agreement_of(labels: &[ReviewerLabel]) -> Option<Agreement> {
    let mut numbers: HashMap<i64, u32> = HashMap::new();
    let mut classes: Vec<u32> = Vec::with_capacity(labels.len());
    for label in labels {
        let next = numbers.len() as u32;
        classes.push(*numbers.entry(label.domain).or_insert(next));
    }
    let mut items: Vec<&[u32]> = Vec::new();
    let mut rest = classes.as_slice();
    for of_item in labels.chunk_by(|one, other| one.item == other.item) {
        let (item, after) = rest.split_at(of_item.len());
        items.push(item);
        rest = after;
    }
    let alpha = krippendorff_alpha(items).ok()?;
    let reviewers: HashSet<u32> = labels.iter().map(|label| label.reviewer).collect();
    Some(Agreement {
        alpha: alpha.alpha,
        agreeing: alpha.agreeing,
        items: alpha.items,
        reviewers: reviewers.len() as u64,
        ..Agreement::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_summed_up() {
        let report = lengths(&BTreeMap::from([(2, 1), (5, 2), (90, 1)]));
        assert_eq!(report, LengthReport { min: 2, mean: 25.5, median: 5, max: 90 });
        assert_eq!(lengths(&BTreeMap::new()), LengthReport::default());
    }

    #[test]
    fn agreement_is_that_of_the_items_with_several_decisions() {
        let label = |item, reviewer, domain| ReviewerLabel { item: ItemId(item), reviewer, domain };
        assert_eq!(agreement_of(&[]), None);
        let labels = [label(1, 0, 7), label(1, 1, 7), label(2, 0, 7), label(2, 2, 9)];
        let agreement = agreement_of(&labels).expect("decisions");
        assert_eq!((agreement.agreeing, agreement.items, agreement.reviewers), (0.5, 2, 3));
        assert!(agreement.alpha.abs() < 1e-12, "three of one, one of the other: {}", agreement.alpha);
        assert_eq!(disputed(&labels), HashSet::from([ItemId(2)]));
    }
}
