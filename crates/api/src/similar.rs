//! The index of an open project's vectors, kept between calls.

use std::sync::{Mutex, PoisonError};

use contract::{CallError, ErrorCode, ItemId};
use learn::NEVER;
use learn::nearest::{Nearest, NearestSettings};
use store::Store;

/// Vectors read at a time.
const PAGE: u32 = 4_096;

/// The index as far as it has been read: exact up to 100,000 items, approximate beyond.
#[derive(Default)]
pub(crate) struct SimilarItems {
    read: Mutex<Option<Read>>,
}

struct Read {
    encoder: String,
    index: Nearest,
    /// The last item that was read.
    last: i64,
    /// Vectors in the store when they were read: where there are others, the index is read anew or goes on.
    count: u64,
}

impl SimilarItems {
    /// The items most like one, most similar first; none where it has no vector.
    pub(crate) fn of(&self, store: &Store, item: ItemId, count: u32) -> Result<Vec<(ItemId, f32)>, CallError> {
        let Some(encoder) = store.main_encoder()? else { return Ok(Vec::new()) };
        let mut vectors = store.vectors(&encoder, &[item])?;
        let Some(query) = vectors.remove(&item) else { return Ok(Vec::new()) };
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = store.vector_count(&encoder)?;
        let stale = read.as_ref().is_none_or(|read| {
            // Vectors that went, or came before the last item read, are not seen by going on.
            read.encoder != encoder || kept < read.count || read.index.dimension() != query.len()
        });
        if stale {
            *read = Some(Read { encoder, index: empty(query.len())?, last: i64::MIN, count: 0 });
        }
        let Some(read) = read.as_mut() else { return Ok(Vec::new()) };
        if kept != read.count {
            go_on(read, store)?;
            if read.index.len() as u64 != kept {
                *read = Read { encoder: read.encoder.clone(), index: empty(query.len())?, last: i64::MIN, count: 0 };
                go_on(read, store)?;
            }
            read.count = kept;
        }
        let found = read.index.search(&query, count as usize + 1).map_err(defect)?;
        let others = found.into_iter().map(|(id, cosine)| (ItemId(id), cosine)).filter(|(id, _)| *id != item);
        Ok(others.take(count as usize).collect())
    }
}

fn empty(dimensions: usize) -> Result<Nearest, CallError> {
    Nearest::build(dimensions, Vec::new(), &[], NearestSettings::default(), NEVER).map_err(defect)
}

/// Reads the vectors after the last one.
fn go_on(read: &mut Read, store: &Store) -> Result<(), CallError> {
    loop {
        let page = store.next_vectors(&read.encoder, read.last, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        read.last = last.0;
        let (ids, rows): (Vec<i64>, Vec<Vec<f32>>) = page.into_iter().map(|(item, row)| (item.0, row)).unzip();
        read.index.add(&ids, &rows.concat(), NEVER).map_err(defect)?;
    }
}

fn defect(error: impl std::fmt::Display) -> CallError {
    CallError::new(ErrorCode::Internal).with("detail", error)
}
