//! Vectors of texts: kept by item, computed once.

use std::collections::HashMap;
use std::sync::Arc;

use contract::{CallError, ItemId};
use models::{CancelToken, Purpose, TextEncoder};
use store::Store;

use super::Question;

/// Texts encoded between two stores of their vectors.
const STEP: usize = 512;

/// Vectors of questions, in their order.
pub(super) struct Found {
    pub(super) vectors: Vec<Vec<f32>>,
    /// Of each, whether the project had it already.
    pub(super) were_there: Vec<bool>,
}

/// An encoder with the vectors that the project keeps of it.
#[derive(Clone)]
pub struct Vectors {
    encoder: Arc<dyn TextEncoder>,
    store: Arc<Store>,
}

impl Vectors {
    /// The vectors of an encoder.
    #[must_use]
    pub fn new(encoder: Arc<dyn TextEncoder>, store: Arc<Store>) -> Self {
        Self { encoder, store }
    }

    /// Names the encoder in the store.
    #[must_use]
    pub fn identity(&self) -> String {
        self.encoder.identity()
    }

    /// Length of a vector.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }

    /// One vector a question, in order, of unit length; `None` when cancelled. Those of items are taken from the store or put there;
    /// equal texts are encoded once. `told` hears how many are ready.
    ///
    /// # Errors
    /// What the encoder or the store say.
    pub fn of(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
        told: &mut dyn FnMut(usize) -> Result<(), CallError>,
    ) -> Result<Option<Vec<Vec<f32>>>, CallError> {
        Ok(self.with_origin(questions, cancel, told)?.map(|found| found.vectors))
    }

    /// The same, and of each whether it was there already.
    ///
    /// # Errors
    /// As [`Vectors::of`].
    pub(super) fn with_origin(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
        told: &mut dyn FnMut(usize) -> Result<(), CallError>,
    ) -> Result<Option<Found>, CallError> {
        let identity = self.encoder.identity();
        let items: Vec<ItemId> = questions.iter().filter_map(|question| question.item).collect();
        let mut kept = self.store.vectors(&identity, &items)?;
        let mut vectors: Vec<Vec<f32>> = questions
            .iter()
            .map(|question| question.item.and_then(|item| kept.remove(&item)).unwrap_or_default())
            .collect();
        let were_there: Vec<bool> = vectors.iter().map(|vector| !vector.is_empty()).collect();
        let missing: Vec<usize> = (0..vectors.len()).filter(|&index| !were_there[index]).collect();
        let mut ready = vectors.len() - missing.len();
        told(ready)?;
        for step in missing.chunks(STEP) {
            // Equal texts of one step share a place.
            let mut places: HashMap<&str, usize> = HashMap::new();
            let mut texts: Vec<&str> = Vec::new();
            for &index in step {
                places.entry(questions[index].text).or_insert_with(|| {
                    texts.push(questions[index].text);
                    texts.len() - 1
                });
            }
            let Some(fresh) = self.encoder.encode_all(&texts, Purpose::Symmetric, cancel)? else { return Ok(None) };
            let mut stored = Vec::new();
            for &index in step {
                let vector = places.get(questions[index].text).and_then(|&place| fresh.get(place));
                let vector = vector.cloned().unwrap_or_default();
                if let Some(item) = questions[index].item {
                    stored.push((item, vector.clone()));
                }
                vectors[index] = vector;
            }
            self.keep(&identity, &stored)?;
            ready += step.len();
            told(ready)?;
        }
        Ok(Some(Found { vectors, were_there }))
    }

    /// Keeps vectors where the project may be written to: one that is only looked at computes them again.
    fn keep(&self, identity: &str, vectors: &[(ItemId, Vec<f32>)]) -> Result<(), CallError> {
        if vectors.is_empty() || !matches!(self.store.access(), contract::project::Access::ReadWrite) {
            return Ok(());
        }
        Ok(self.store.store_vectors(identity, self.encoder.dimensions(), vectors)?)
    }
}
