//! What belongs to no domain: texts unlike everything that the classifier was trained on.

use std::sync::Arc;

use contract::{CallError, ItemId};
use learn::logistic::{Examples, LinearClassifier};
use learn::nearest::{Nearest, NearestSettings};
use learn::novelty::{Method, Novelty, Queries, cross_fitted_scores, threshold};
use learn::{Folds, LearnError, NEVER, Rows, RowsBuf, Stop};
use serde::{Deserialize, Serialize};
use store::Store;

use super::training::{Head, defect};
use super::vectors::Vectors;

/// How strangeness is measured, see docs/CONFIDENCE.md: the best of five on CLINC150…
const METHOD: Method = Method::RelativeMahalanobis;
/// …and the best where there are too few examples to know how they spread in all directions.
const METHOD_OF_FEW: Method = Method::NearestCosine { neighbours: 3 };
/// Examples a dimension from which on they are enough for that.
const ENOUGH: usize = 2;
/// Share of texts of the domains that must not be taken for strange.
const KEPT: f64 = 0.95;
/// Examples without which nothing can be said of what is strange.
const NEEDS: usize = 50;
/// Vectors read at a time.
const PAGE: usize = 2_048;

/// From which score on a text is taken to belong to no domain.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Strangeness {
    pub(crate) method: Method,
    pub(crate) from: f64,
}

/// Finds that score from texts of the domains alone, each judged by the others; `None` with too few of them.
pub(super) fn strangeness(
    examples: &Examples<'_>,
    logits: Rows<'_>,
    folds: &Folds,
    stop: Stop<'_>,
) -> Result<Option<Strangeness>, LearnError> {
    if examples.count() < NEEDS {
        return Ok(None);
    }
    let many = examples.count() >= ENOUGH * examples.rows().columns();
    let method = if many { METHOD } else { METHOD_OF_FEW };
    let scores = cross_fitted_scores(method, examples, logits, folds, stop)?;
    Ok(Some(Strangeness { method, from: threshold(&scores, KEPT)? }))
}

/// Recognises texts of no domain, and finds the examples that a text is nearest to.
pub(super) struct NoveltyGuard {
    strangeness: Strangeness,
    novelty: Novelty,
    classifier: LinearClassifier,
    nearest: Nearest,
    items: Vec<ItemId>,
    classes: Vec<u32>,
    store: Arc<Store>,
}

impl NoveltyGuard {
    /// Takes up what a head was trained on; `None` where it was too little, or its vectors are gone.
    pub(super) fn of(store: &Arc<Store>, head: &Head, vectors: &Vectors) -> Result<Option<Self>, CallError> {
        let Some(strangeness) = head.strangeness else { return Ok(None) };
        let identity = vectors.identity();
        let (mut items, mut classes, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (page, page_classes) in head.items.chunks(PAGE).zip(head.classes.chunks(PAGE)) {
            let kept = store.vectors(&identity, page)?;
            for (item, class) in page.iter().zip(page_classes) {
                if let Some(vector) = kept.get(item) {
                    items.push(*item);
                    classes.push(*class);
                    values.extend_from_slice(vector);
                }
            }
        }
        if items.len() < NEEDS {
            return Ok(None);
        }
        let width = vectors.dimensions();
        let rows = RowsBuf::new(values, width).map_err(defect)?;
        let examples = Examples::new(rows.view(), &classes, head.domains.len()).map_err(defect)?;
        let novelty = Novelty::fit(strangeness.method, &examples, NEVER).map_err(defect)?;
        let ids = (0..i64::try_from(items.len()).unwrap_or(i64::MAX)).collect();
        let nearest =
            Nearest::build(width, ids, rows.view().values(), NearestSettings::default(), NEVER).map_err(defect)?;
        let classifier = head.classifier.clone();
        Ok(Some(Self { strangeness, novelty, classifier, nearest, items, classes, store: store.clone() }))
    }

    /// Whether each text seems to belong to no domain.
    pub(super) fn strange(&self, rows: Rows<'_>) -> Result<Vec<bool>, CallError> {
        let logits = self.classifier.logits(rows).map_err(defect)?;
        let logits = Rows::new(&logits, self.classifier.classes()).map_err(defect)?;
        let queries = Queries::new(rows, logits).map_err(defect)?;
        let scores = self.novelty.scores(&queries).map_err(defect)?;
        Ok(scores.into_iter().map(|score| score > self.strangeness.from).collect())
    }

    /// The examples that a text with this vector is nearest to: text, class, cosine.
    pub(super) fn nearest_examples(
        &self,
        vector: &[f32],
        count: usize,
    ) -> Result<Vec<(String, usize, f32)>, CallError> {
        let mut examples = Vec::new();
        for (place, cosine) in self.nearest.search(vector, count).map_err(defect)? {
            let Some(place) = usize::try_from(place).ok().filter(|place| *place < self.items.len()) else { continue };
            let texts = self.store.item_texts(&[self.items[place]])?;
            examples.extend(texts.into_iter().map(|(_, text)| (text, self.classes[place] as usize, cosine)));
        }
        Ok(examples)
    }
}
