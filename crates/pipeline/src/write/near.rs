//! The clusters of near-duplicates of a project's texts, kept while the same texts are asked for again: the person who designs a
//! split changes its numbers many times.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contract::{CallError, ErrorCode, ItemId};
use duplicates::{Similarity, clusters};
use store::{Store, TrustedKey};

use crate::job::Stop;

/// Texts read from the store at a time.
const STEP: usize = 5000;
/// Results kept: with and without unchecked labels, say.
const KEPT: usize = 3;

/// For each text of a list the first of its cluster.
pub type Clusters = Arc<Vec<u32>>;

/// What a result belongs to: the texts and the similarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Subject([u8; 32]);

/// Clusters of near-duplicates, computed once for the same texts.
#[derive(Default)]
pub struct NearDuplicates {
    kept: Mutex<Vec<(Subject, Clusters)>>,
    /// One preview computes at a time: the next may find what it needs.
    previewing: Mutex<()>,
    /// What the latest preview needs; one that computes something else gives up.
    wanted: Mutex<Option<Subject>>,
}

impl NearDuplicates {
    /// For a preview that does not wait: what was found already. Whoever looks for something else now gives up.
    pub(super) fn known(&self, keys: &[TrustedKey], similarity: f64) -> Option<Clusters> {
        let subject = Subject::of(keys, similarity);
        *lock(&self.wanted) = Some(subject);
        self.kept(subject)
    }

    /// For a preview: one that a later preview makes superfluous ends with [`ErrorCode::Cancelled`].
    pub(super) fn for_preview(
        &self,
        store: &Store,
        keys: &[TrustedKey],
        similarity: f64,
    ) -> Result<Clusters, CallError> {
        let subject = Subject::of(keys, similarity);
        *lock(&self.wanted) = Some(subject);
        let _turn = lock(&self.previewing);
        let mut go_on = |_, _| {
            let wanted = *lock(&self.wanted) == Some(subject);
            if wanted { Ok(()) } else { Err(Stop::Cancelled) }
        };
        self.of(store, keys, (subject, similarity), &mut go_on).map_err(|stop| match stop {
            Stop::Cancelled => CallError::new(ErrorCode::Cancelled),
            Stop::Failed(error) => error,
        })
    }

    /// For a job, which `go_on` may stop; it is told how far the work is.
    pub(super) fn for_job(
        &self,
        store: &Store,
        keys: &[TrustedKey],
        similarity: f64,
        go_on: &mut dyn FnMut(u64, u64) -> Result<(), Stop>,
    ) -> Result<Clusters, Stop> {
        self.of(store, keys, (Subject::of(keys, similarity), similarity), go_on)
    }

    fn of(
        &self,
        store: &Store,
        keys: &[TrustedKey],
        (subject, similarity): (Subject, f64),
        go_on: &mut dyn FnMut(u64, u64) -> Result<(), Stop>,
    ) -> Result<Clusters, Stop> {
        if let Some(kept) = self.kept(subject) {
            return Ok(kept);
        }
        let invalid =
            || CallError::new(ErrorCode::ArgumentInvalid).with("name", "near_duplicates").with("value", similarity);
        let similarity = Similarity::new(similarity).ok_or_else(invalid)?;
        let texts = texts(store, keys, go_on)?;
        let mut stopped = None;
        let found = clusters(&texts, similarity, &mut |done, all| match go_on(done, all) {
            Ok(()) => ControlFlow::Continue(()),
            Err(stop) => {
                stopped = Some(stop);
                ControlFlow::Break(())
            }
        });
        let found = Arc::new(found.map_err(|_| stopped.unwrap_or(Stop::Cancelled))?);
        let mut kept = lock(&self.kept);
        kept.insert(0, (subject, found.clone()));
        kept.truncate(KEPT);
        Ok(found)
    }

    fn kept(&self, subject: Subject) -> Option<Clusters> {
        lock(&self.kept).iter().find(|(of, _)| *of == subject).map(|(_, kept)| kept.clone())
    }
}

/// The texts of the keys, in their order; one that went in between is empty, and near to nothing that is written.
fn texts(
    store: &Store,
    keys: &[TrustedKey],
    go_on: &mut dyn FnMut(u64, u64) -> Result<(), Stop>,
) -> Result<duplicates::Texts, Stop> {
    let mut texts = duplicates::Texts::with_capacity(keys.len(), keys.len() * 64);
    for part in keys.chunks(STEP) {
        go_on(0, keys.len() as u64)?;
        let items: Vec<ItemId> = part.iter().map(|key| key.item).collect();
        let mut read = store.item_texts(&items)?.into_iter().peekable();
        for item in items {
            let text = read.next_if(|(of, _)| *of == item);
            texts.push(text.as_ref().map_or("", |(_, text)| text));
        }
    }
    Ok(texts)
}

impl Subject {
    fn of(keys: &[TrustedKey], similarity: f64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&similarity.to_le_bytes());
        for key in keys {
            hasher.update(&key.hash.0);
        }
        Self(*hasher.finalize().as_bytes())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
