//! What is known of a labeller from items whose domain is known.

use std::collections::{BTreeMap, HashSet};

use contract::labeller::TrainingSet;
use contract::model::ModelSpec;
use contract::schema::Schema;
use contract::{CallError, ItemId};
use learn::calibration::Calibration;
use models::most_probable;
use store::{KnownItem, NO_DOMAIN, Store};

use super::training::{Head, MOST_EXAMPLES, defect};

/// How far a row's sum may be from 1 by rounding alone.
const ROUNDING: f32 = 1e-4;
/// Routes that may stand before a classifier.
const MOST_ROUTES: usize = 8;

/// A labeller's probabilities for items whose domain is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// The items, in rising order.
    pub items: Vec<ItemId>,
    /// A row of probabilities for each, in the schema's order.
    pub rows: Vec<f32>,
    /// The true domain of each: its position in the schema; [`NO_DOMAIN`] where people decided that there is none, so that
    /// whatever it is given is wrong.
    pub truth: Vec<u32>,
    /// Domains of the schema: the length of a row.
    pub domains: usize,
}

impl Known {
    /// A row and the true domain for each item.
    #[must_use]
    pub fn of(domains: usize, rows: BTreeMap<ItemId, (Vec<f32>, u32)>) -> Self {
        let mut known = Self { domains, ..Self::default() };
        for (item, (row, truth)) in rows {
            known.items.push(item);
            known.rows.extend(row);
            known.truth.push(truth);
        }
        known
    }

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

/// The items whose domain is known, and those that people decided to belong to none ([`NO_DOMAIN`]), by item number.
///
/// # Errors
/// What the store says.
pub fn known_items(store: &Store, trust_labels: bool) -> Result<Vec<KnownItem>, CallError> {
    let mut known = store.known_items(&TrainingSet { trust_all: trust_labels, trusted_sources: Vec::new() })?;
    known.extend(store.rejected_items()?);
    known.sort_by_key(|known| known.item);
    Ok(known)
}

/// What a labeller said of known items, before any calibration: its latest predictions or what it was asked beside them, and
/// for a classifier what was said of the texts that it was trained on by one that had not seen them. Of each only the ten best
/// candidates are kept, so what is left to 1 is shared by the other domains.
///
/// What belongs to no domain is among it where the labeller gave it one. What the labeller took to belong to none is in review,
/// whatever its confidence, and left out.
///
/// The labels that a classifier trusts are known for it and for a route that asks it first, beside the items given: it has
/// learned from them as from decisions.
///
/// # Errors
/// What the store says.
pub fn evidence_of(store: &Store, model: &str, schema: &Schema, known: &[KnownItem]) -> Result<Known, CallError> {
    gathered(store, model, schema, known, true)
}

/// The same of predictions alone, for a calibration. What was asked beside them may have been asked with another prompt, and is
/// asked again then. The confidence of what was taken to belong to no domain and has one is judged here, too.
///
/// # Errors
/// What the store says.
pub(crate) fn evidence_of_runs(
    store: &Store,
    model: &str,
    schema: &Schema,
    known: &[KnownItem],
) -> Result<Known, CallError> {
    gathered(store, model, schema, known, false)
}

fn gathered(store: &Store, model: &str, schema: &Schema, known: &[KnownItem], asked: bool) -> Result<Known, CallError> {
    let domains = schema.domains.len();
    let known = &with_own_trusted(store, model, known)?;
    let mut rows: BTreeMap<ItemId, (Vec<f32>, u32)> = BTreeMap::new();
    for found in store.evidence(model, known, asked)? {
        if found.no_domain && (asked || found.truth == NO_DOMAIN) {
            continue;
        }
        if let Some(row) = spread(&found.candidates, domains) {
            rows.insert(found.item, (row, found.truth));
        }
    }
    if let ModelSpec::Classifier { .. } = store.model(model)?.spec {
        take_unseen(store, model, schema, known, &mut rows)?;
    }
    Ok(Known::of(domains, rows))
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

/// Takes up what classifiers that had not seen them said of the texts that the latest one was trained on, and what that one, which
/// can't have learned from them, says of those that belong to no domain.
fn take_unseen(
    store: &Store,
    model: &str,
    schema: &Schema,
    known: &[KnownItem],
    rows: &mut BTreeMap<ItemId, (Vec<f32>, u32)>,
) -> Result<(), CallError> {
    let Some(trained) = store.classifier(model)? else { return Ok(()) };
    let head: Head = serde_json::from_str(&trained.head).map_err(defect)?;
    let position = |class: u32| {
        let id = head.domains.get(class as usize)?;
        schema.domains.iter().position(|domain| domain.id == *id).and_then(|place| u32::try_from(place).ok())
    };
    for known in known {
        let hash = known.hash.to_string();
        let candidates = if known.domain == NO_DOMAIN {
            match head.rejected.get(&hash) {
                // It takes it for what it is, whatever an earlier one said.
                Some(None) => {
                    rows.remove(&known.item);
                    continue;
                }
                Some(Some(candidates)) => candidates,
                None => continue,
            }
        } else {
            match head.out_of_fold.get(&hash) {
                Some(candidates) => candidates,
                None => continue,
            }
        };
        let candidates: Vec<(u32, f32)> =
            candidates.iter().filter_map(|(class, probability)| Some((position(*class)?, *probability))).collect();
        if let Some(row) = spread(&candidates, schema.domains.len()) {
            rows.insert(known.item, (row, known.domain));
        }
    }
    Ok(())
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
    // Rounding is left as it is: equal confidences must stay equal, and the same numbers as those that were stored.
    let total: f32 = row.iter().sum();
    if total > 0.0 && (total - 1.0).abs() > ROUNDING {
        row.iter_mut().for_each(|value| *value /= total);
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_stays_the_number_that_was_said() {
        for place in 0..30 {
            let others = (0..30).filter(|other| *other != place).take(9);
            let candidates: Vec<(u32, f32)> =
                std::iter::once((place, 0.9)).chain(others.map(|other| (other, 0.1 / 29.0))).collect();
            let row = spread(&candidates, 30).unwrap_or_default();
            assert_eq!(row.get(place as usize).map(|said| said.to_bits()), Some(0.9_f32.to_bits()), "at {place}");
        }
    }

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
