//! What is known of a labeller from items whose domain is known.

use std::collections::{BTreeMap, HashSet};

use contract::labeller::TrainingSet;
use contract::model::ModelSpec;
use contract::schema::Schema;
use contract::{CallError, ItemId};
use learn::calibration::Calibration;
use models::most_probable;
use store::{KnownItem, Store};

use super::training::{Head, MOST_EXAMPLES, defect};

/// Routes that may stand before a classifier.
const MOST_ROUTES: usize = 8;

/// A labeller's probabilities for items whose domain is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// The items, in rising order.
    pub items: Vec<ItemId>,
    /// A row of probabilities for each, in the schema's order.
    pub rows: Vec<f32>,
    /// The true domain of each: its position in the schema.
    pub truth: Vec<u32>,
    /// Domains of the schema: the length of a row.
    pub domains: usize,
}

impl Known {
    /// What is known of these items alone, which must be among them and in rising order.
    #[must_use]
    pub fn only(&self, items: &[ItemId]) -> Self {
        let mut part = Self { domains: self.domains, ..Self::default() };
        for &item in items {
            let Ok(place) = self.items.binary_search(&item) else { continue };
            part.items.push(item);
            part.rows.extend_from_slice(&self.rows[place * self.domains..(place + 1) * self.domains]);
            part.truth.push(self.truth[place]);
        }
        part
    }

    /// The same with each row calibrated.
    #[must_use]
    pub fn calibrated(mut self, calibration: &Calibration) -> Self {
        calibration.apply_all(&mut self.rows, self.domains);
        self
    }

    /// Takes up what was said of an item that is not among them.
    pub fn insert(&mut self, item: ItemId, row: &[f32], truth: u32) {
        let Err(place) = self.items.binary_search(&item) else { return };
        self.items.insert(place, item);
        self.truth.insert(place, truth);
        self.rows.splice(place * self.domains..place * self.domains, row.iter().copied());
    }

    /// How many items.
    #[must_use]
    pub fn count(&self) -> usize {
        self.truth.len()
    }

    /// Confidence of each and whether it was right.
    pub fn verdicts(&self) -> impl Iterator<Item = (f32, bool)> + '_ {
        self.rows.chunks_exact(self.domains.max(1)).zip(&self.truth).map(|(row, truth)| {
            let (place, confidence) = most_probable(row);
            (confidence, place == *truth as usize)
        })
    }
}

/// The items whose domain is known.
///
/// # Errors
/// What the store says.
pub fn known_items(store: &Store, trust_labels: bool) -> Result<Vec<KnownItem>, CallError> {
    Ok(store.known_items(&TrainingSet { trust_all: trust_labels, trusted_sources: Vec::new() })?)
}

/// What a labeller said of known items, before any calibration: its latest predictions, and for a classifier what was said of
/// the texts that it was trained on by one that had not seen them. Of each only the ten best candidates are kept, so what
/// is left to 1 is shared by the other domains.
///
/// The labels that a classifier trusts are known for it and for a route that asks it first, beside the items given: it has
/// learned from them as from decisions.
///
/// # Errors
/// What the store says.
pub fn evidence_of(store: &Store, model: &str, schema: &Schema, known: &[KnownItem]) -> Result<Known, CallError> {
    let domains = schema.domains.len();
    let known = &with_own_trusted(store, model, known)?;
    let mut rows: BTreeMap<ItemId, (Vec<f32>, u32)> = BTreeMap::new();
    for found in store.evidence(model, known)? {
        if let Some(row) = spread(&found.candidates, domains) {
            rows.insert(found.item, (row, found.truth));
        }
    }
    if let ModelSpec::Classifier { .. } = store.model(model)?.spec {
        rows.extend(cross_validated(store, model, schema, known)?);
    }
    let mut evidence = Known { domains, ..Known::default() };
    for (item, (row, truth)) in rows {
        evidence.items.push(item);
        evidence.rows.extend(row);
        evidence.truth.push(truth);
    }
    Ok(evidence)
}

/// The known items with those whose label this classifier, or the one that this route asks first, trusts.
fn with_own_trusted(store: &Store, model: &str, known: &[KnownItem]) -> Result<Vec<KnownItem>, CallError> {
    let mut all = known.to_vec();
    let Some(training) = own_training(store, model)? else { return Ok(all) };
    if !training.trust_all && training.trusted_sources.is_empty() {
        return Ok(all);
    }
    let given: HashSet<ItemId> = known.iter().map(|known| known.item).collect();
    let mut trusted = store.known_items(&training)?;
    trusted.retain(|known| !given.contains(&known.item));
    // As many as it learns from, cut in the same order: hashes are as good as random, so that a cut keeps an even draw.
    trusted.sort_by_key(|known| (std::cmp::Reverse(known.decided), known.hash));
    trusted.truncate(MOST_EXAMPLES);
    all.extend(trusted);
    all.sort_by_key(|known| known.item);
    Ok(all)
}

/// What the classifier of that name learns from; for a route, the classifier that it asks first.
fn own_training(store: &Store, model: &str) -> Result<Option<TrainingSet>, CallError> {
    let mut name = model.to_owned();
    for _ in 0..=MOST_ROUTES {
        match store.model(&name)?.spec {
            ModelSpec::Classifier { training, .. } => return Ok(Some(training)),
            ModelSpec::Route { cheap, .. } => name = cheap,
            ModelSpec::Gguf { .. } | ModelSpec::Server { .. } | ModelSpec::Ensemble { .. } => return Ok(None),
        }
    }
    Ok(None)
}

/// What classifiers that had not seen them said of the texts that the latest one was trained on.
fn cross_validated(
    store: &Store,
    model: &str,
    schema: &Schema,
    known: &[KnownItem],
) -> Result<BTreeMap<ItemId, (Vec<f32>, u32)>, CallError> {
    let Some(trained) = store.classifier(model)? else { return Ok(BTreeMap::new()) };
    let head: Head = serde_json::from_str(&trained.head).map_err(defect)?;
    let position = |class: u32| {
        let id = head.domains.get(class as usize)?;
        schema.domains.iter().position(|domain| domain.id == *id).and_then(|place| u32::try_from(place).ok())
    };
    let mut rows = BTreeMap::new();
    for known in known {
        let Some(candidates) = head.out_of_fold.get(&known.hash.to_string()) else { continue };
        let candidates: Vec<(u32, f32)> =
            candidates.iter().filter_map(|(class, probability)| Some((position(*class)?, *probability))).collect();
        if let Some(row) = spread(&candidates, schema.domains.len()) {
            rows.insert(known.item, (row, known.domain));
        }
    }
    Ok(rows)
}

/// A row of probabilities from the best candidates; `None` without any.
pub(crate) fn spread(candidates: &[(u32, f32)], domains: usize) -> Option<Vec<f32>> {
    let named: Vec<(usize, f32)> = candidates
        .iter()
        .map(|(domain, probability)| (*domain as usize, probability.max(0.0)))
        .filter(|(domain, _)| *domain < domains)
        .collect();
    if named.is_empty() {
        return None;
    }
    let sum: f32 = named.iter().map(|(_, probability)| probability).sum();
    #[allow(clippy::cast_precision_loss)] // Domains are few.
    let rest = (1.0 - sum).max(0.0) / (domains - named.len()).max(1) as f32;
    let mut row = vec![rest; domains];
    for (domain, probability) in named {
        row[domain] = probability;
    }
    let total: f32 = row.iter().sum();
    if total > 0.0 {
        row.iter_mut().for_each(|value| *value /= total);
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_shares_the_rest() {
        let row = spread(&[(2, 0.6), (0, 0.3)], 4).unwrap_or_default();
        for (found, expected) in row.iter().zip([0.3, 0.05, 0.6, 0.05]) {
            assert!((found - expected).abs() < 1e-6, "{row:?}");
        }
        assert_eq!(spread(&[], 4), None);
        assert_eq!(spread(&[(9, 0.5)], 4), None, "a domain that the schema has no more");
    }
}
