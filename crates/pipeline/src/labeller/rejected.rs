//! What people decided to belong to no domain, as a classifier sees it: it learns nothing from it, and so can be judged by it.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::{CallError, ItemId};
use learn::RowsBuf;
use models::CancelToken;
use store::{KnownItem, NO_DOMAIN, Store, TextHash};

use super::evidence::spread;
use super::novelty::NoveltyGuard;
use super::training::{Head, best_of, defect};
use super::vectors::Vectors;
use super::{Known, Question};

/// Texts whose vectors are held at a time.
const PAGE: usize = 512;

/// By hash of the text what a head says of it; `None` where it takes it to belong to no domain.
pub(super) type SaidOfRejected = BTreeMap<String, Option<Vec<(u32, f32)>>>;

/// What a head says of items that belong to no domain; `None` when cancelled.
///
/// # Errors
/// What encoder and store say.
pub(super) fn said_of_rejected(
    store: &Arc<Store>,
    head: &Head,
    vectors: &Vectors,
    rejected: &[KnownItem],
    cancel: &CancelToken,
) -> Result<Option<SaidOfRejected>, CallError> {
    let mut said = BTreeMap::new();
    if rejected.is_empty() {
        return Ok(Some(said));
    }
    let guard = NoveltyGuard::of(store, head, vectors)?;
    for page in rejected.chunks(PAGE) {
        let items: Vec<ItemId> = page.iter().map(|rejected| rejected.item).collect();
        let texts = store.item_texts(&items)?;
        if texts.is_empty() {
            continue;
        }
        let questions: Vec<Question<'_>> =
            texts.iter().map(|(item, text)| Question { item: Some(*item), text }).collect();
        let Some(rows) = vectors.of(&questions, cancel, &mut |_| Ok(()))? else { return Ok(None) };
        let rows = RowsBuf::new(rows.concat(), vectors.dimensions()).map_err(defect)?;
        let probabilities = head.classifier.probabilities(rows.view()).map_err(defect)?;
        let strange = match &guard {
            Some(guard) => guard.strange(rows.view())?,
            None => vec![false; texts.len()],
        };
        let rows = probabilities.chunks_exact(head.classifier.classes());
        for (((_, text), row), strange) in texts.iter().zip(rows).zip(strange) {
            said.insert(TextHash::of(text).to_string(), (!strange).then(|| best_of(row)));
        }
    }
    Ok(Some(said))
}

/// What is known of a classifier, with what belongs to no domain and is given one by its head all the same.
pub(super) fn with_rejected(known: &Known, rejected: &[KnownItem], head: &Head) -> Known {
    let domains = known.domains;
    let rows = known.items.iter().zip(known.rows.chunks_exact(domains.max(1))).zip(&known.truth);
    let mut all: BTreeMap<ItemId, (Vec<f32>, u32)> =
        rows.map(|((item, row), truth)| (*item, (row.to_vec(), *truth))).collect();
    for item in rejected {
        let said = head.rejected.get(&item.hash.to_string()).and_then(Option::as_ref);
        if let Some(row) = said.and_then(|candidates| spread(candidates, domains)) {
            all.insert(item.item, (row, NO_DOMAIN));
        }
    }
    Known::of(domains, all)
}
