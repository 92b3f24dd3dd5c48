//! The table of people's decisions: append-only; undo appends, too.

use contract::review::{Action, Decision, ReviewCard};
use contract::{ItemId, UnixMillis};

use crate::{Result, Store};

impl Store {
    /// Stores a decision and derives the item's state, in one transaction that is on disk when this returns.
    ///
    /// # Errors
    /// [`crate::StoreError::ItemMissing`], [`crate::StoreError::DomainUnknown`], [`crate::StoreError::NothingToApprove`],
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn decide(&self, item: ItemId, action: &Action, reviewer: &str, now: UnixMillis) -> Result<Decision> {
        unimplemented!("{item} {action:?} {reviewer} {now}")
    }

    /// Takes back the reviewer's latest decision that is not taken back yet, and answers the item's card.
    ///
    /// # Errors
    /// [`crate::StoreError::NothingToUndo`], [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn undo(&self, reviewer: &str, now: UnixMillis) -> Result<ReviewCard> {
        unimplemented!("{reviewer} {now}")
    }
}
