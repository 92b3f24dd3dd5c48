//! Reading the review queue.

use contract::review::{Action, ReviewCard, ReviewProgress, ReviewRow, ReviewStatus};
use contract::{ItemId, Page, UnixMillis};

use crate::{Result, Store};

/// An item that was reviewed, for export.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedItem {
    /// The item.
    pub item: ItemId,
    /// Its text.
    pub text: String,
    /// Label it came with.
    pub label: Option<String>,
    /// Domain of the latest prediction.
    pub predicted: Option<String>,
    /// Its confidence.
    pub confidence: Option<f32>,
    /// Domain after the decision.
    pub decided: Option<String>,
    /// The decision that holds.
    pub action: Action,
    /// Who.
    pub reviewer: String,
    /// When.
    pub at: UnixMillis,
}

impl Store {
    /// The next waiting items: priority, then least confident, then oldest; skipped ones last, the longest skipped first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn next_review_items(&self, count: u32, exclude: &[ItemId]) -> Result<Vec<ReviewCard>> {
        unimplemented!("{count} {exclude:?}")
    }

    /// One card, of any item.
    ///
    /// # Errors
    /// [`crate::StoreError::ItemMissing`].
    pub fn review_card(&self, item: ItemId) -> Result<ReviewCard> {
        unimplemented!("{item}")
    }

    /// How the queue and a reviewer's session stand.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn review_progress(&self, reviewer: &str, since: UnixMillis) -> Result<ReviewProgress> {
        unimplemented!("{reviewer} {since}")
    }

    /// Review items by item number, all or of one status, at most `limit` (itself at most 1000).
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn review_rows(&self, status: Option<ReviewStatus>, after: Option<i64>, limit: u32) -> Result<Page<ReviewRow>> {
        unimplemented!("{status:?} {after:?} {limit}")
    }

    /// Every item with a decision that holds, by item number; `visit` ends the walk with an error of its own.
    ///
    /// # Errors
    /// What `visit` answers, or whatever SQLite says.
    pub fn each_reviewed<E: From<crate::StoreError>>(
        &self,
        visit: impl FnMut(ReviewedItem) -> Result<(), E>,
    ) -> Result<(), E> {
        let _ = visit;
        unimplemented!()
    }
}
