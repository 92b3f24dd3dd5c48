//! The tables of items' states and of the review queue: derived, and changed only here, together with the counters.

use contract::ItemId;
use contract::item::ItemStatus;
use contract::review::{Priority, ReviewReason, ReviewStatus};
use rusqlite::{Connection, OptionalExtension};

use crate::code::{Code, Coded, codes};
use crate::count::{Key, Kind, Tally};
use crate::{Result, StoreError};

/// Where a review item stands in the store: the contract's status, or beyond the queue's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Pending,
    InReview,
    Approved,
    Corrected,
    Skipped,
    Rejected,
    Beyond,
}

codes! {
    Standing { Pending = 0, InReview = 1, Approved = 2, Corrected = 3, Skipped = 4, Rejected = 5, Beyond = 6, }
}

impl Standing {
    /// For people, what is beyond the queue's limit waits.
    pub(crate) fn status(self) -> ReviewStatus {
        match self {
            Standing::Pending | Standing::Beyond => ReviewStatus::Pending,
            Standing::InReview => ReviewStatus::InReview,
            Standing::Approved => ReviewStatus::Approved,
            Standing::Corrected => ReviewStatus::Corrected,
            Standing::Skipped => ReviewStatus::Skipped,
            Standing::Rejected => ReviewStatus::Rejected,
        }
    }

    pub(crate) fn of(status: ReviewStatus) -> Self {
        match status {
            ReviewStatus::Pending => Standing::Pending,
            ReviewStatus::InReview => Standing::InReview,
            ReviewStatus::Approved => Standing::Approved,
            ReviewStatus::Corrected => Standing::Corrected,
            ReviewStatus::Skipped => Standing::Skipped,
            ReviewStatus::Rejected => Standing::Rejected,
        }
    }
}

/// An item's latest prediction as its state holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Predicted {
    /// Number of the prediction.
    pub(crate) prediction: i64,
    /// Term of the domain.
    pub(crate) domain: i64,
    pub(crate) confidence: f32,
    /// Whether it is what the item's label means; `None` without a label.
    pub(crate) agrees: Option<bool>,
}

/// An item's place in review.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Review {
    pub(crate) standing: Standing,
    pub(crate) reason: ReviewReason,
    pub(crate) priority: Priority,
    pub(crate) confidence: f32,
    /// A prediction put it here: it waits again when all decisions are taken back.
    pub(crate) queued: bool,
    /// The decision that holds.
    pub(crate) decision: Option<i64>,
}

/// All that is derived of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct State {
    /// Term of the label it came with.
    pub(crate) label: Option<i64>,
    /// Term of the domain that a decision gave it.
    pub(crate) decided: Option<i64>,
    pub(crate) predicted: Option<Predicted>,
    pub(crate) review: Option<Review>,
}

impl State {
    /// Reads an item's state.
    pub(crate) fn load(connection: &Connection, item: ItemId) -> Result<Self> {
        let mut query = connection.prepare_cached(
            "SELECT i.label, s.status, s.domain, s.predicted, s.confidence, s.prediction, s.agrees,
                    r.status, r.reason, r.priority, r.confidence, r.queued, r.decision
             FROM items i LEFT JOIN states s ON s.item = i.id LEFT JOIN review r ON r.item = i.id WHERE i.id = ?1",
        )?;
        let state = query.query_row([item.0], |row| {
            let status: Option<Code<ItemStatus>> = row.get(1)?;
            let is_decided = matches!(status, Some(Code(ItemStatus::Approved | ItemStatus::Corrected)));
            let predicted = match row.get(5)? {
                None => None,
                Some(prediction) => {
                    Some(Predicted { prediction, domain: row.get(3)?, confidence: row.get(4)?, agrees: row.get(6)? })
                }
            };
            let review = match row.get::<_, Option<Code<Standing>>>(7)? {
                None => None,
                Some(Code(standing)) => Some(Review {
                    standing,
                    reason: row.get::<_, Code<_>>(8)?.0,
                    priority: row.get::<_, Code<_>>(9)?.0,
                    confidence: row.get(10)?,
                    queued: row.get(11)?,
                    decision: row.get(12)?,
                }),
            };
            let decided = if is_decided { row.get(2)? } else { None };
            Ok(State { label: row.get(0)?, decided, predicted, review })
        });
        state.optional()?.ok_or(StoreError::ItemMissing(item))
    }

    /// Where the item stands.
    pub(crate) fn status(&self) -> ItemStatus {
        match self.review.map(|review| review.standing) {
            None if self.predicted.is_some() => ItemStatus::Confident,
            None => ItemStatus::New,
            Some(Standing::Pending | Standing::InReview | Standing::Beyond) => ItemStatus::Waiting,
            Some(Standing::Approved) => ItemStatus::Approved,
            Some(Standing::Corrected) => ItemStatus::Corrected,
            Some(Standing::Skipped) => ItemStatus::Skipped,
            Some(Standing::Rejected) => ItemStatus::Rejected,
        }
    }

    /// Term of the domain that it has now: decided, else predicted; none once rejected.
    pub(crate) fn domain(&self) -> Option<i64> {
        match self.status() {
            ItemStatus::Approved | ItemStatus::Corrected => self.decided,
            ItemStatus::Rejected => None,
            _ => self.predicted.map(|predicted| predicted.domain),
        }
    }

    /// The counters in which the item counts.
    fn counted(&self) -> impl Iterator<Item = Key> {
        let status = Some((Kind::Status, self.status().code(), 0));
        let domain = self.domain().map(|domain| (Kind::Domain, domain, 0));
        let confidence = self.predicted.map(|latest| (Kind::Confidence, tenth(latest.confidence), 0));
        let agreement = self.label.zip(self.predicted).map(|(label, latest)| (Kind::Agreement, label, latest.domain));
        let review = self.review.map(|review| (Kind::Review, review.standing.code(), 0));
        let priority = self
            .review
            .filter(|review| review.standing == Standing::Pending)
            .map(|review| (Kind::Priority, review.priority.code(), 0));
        [status, domain, confidence, agreement, review, priority].into_iter().flatten()
    }

    /// Takes an item that goes away out of the counters.
    pub(crate) fn uncount(&self, tally: &mut Tally) {
        self.counted().for_each(|key| tally.add(key, -1));
    }

    /// Stores the state of an item whose state was `before`.
    pub(crate) fn store(&self, connection: &Connection, item: ItemId, before: &State, tally: &mut Tally) -> Result<()> {
        if self == before {
            return Ok(());
        }
        before.counted().for_each(|key| tally.add(key, -1));
        self.counted().for_each(|key| tally.add(key, 1));
        self.store_review(connection, item, before)?;
        if self.predicted.is_none() && self.review.is_none() {
            connection.prepare_cached("DELETE FROM states WHERE item = ?1")?.execute([item.0])?;
            return Ok(());
        }
        let mut store = connection.prepare_cached(
            "INSERT INTO states (item, status, domain, predicted, confidence, prediction, agrees)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (item) DO UPDATE SET status = excluded.status,
             domain = excluded.domain, predicted = excluded.predicted, confidence = excluded.confidence,
             prediction = excluded.prediction, agrees = excluded.agrees",
        )?;
        let latest = self.predicted;
        store.execute((
            item.0,
            Code(self.status()),
            self.domain(),
            latest.map(|latest| latest.domain),
            latest.map(|latest| latest.confidence),
            latest.map(|latest| latest.prediction),
            latest.and_then(|latest| latest.agrees),
        ))?;
        Ok(())
    }

    fn store_review(&self, connection: &Connection, item: ItemId, before: &State) -> Result<()> {
        if self.review == before.review {
            return Ok(());
        }
        let Some(review) = self.review else {
            connection.prepare_cached("DELETE FROM review WHERE item = ?1")?.execute([item.0])?;
            return Ok(());
        };
        let mut store = connection.prepare_cached(
            "INSERT INTO review (item, status, reason, priority, confidence, queued, decision)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (item) DO UPDATE SET status = excluded.status,
             reason = excluded.reason, priority = excluded.priority, confidence = excluded.confidence,
             queued = excluded.queued, decision = excluded.decision",
        )?;
        store.execute((
            item.0,
            Code(review.standing),
            Code(review.reason),
            Code(review.priority),
            review.confidence,
            review.queued,
            review.decision,
        ))?;
        Ok(())
    }
}

/// Which tenth of [0, 1] a confidence is in; 1 is in the last.
pub(crate) fn tenth(confidence: f32) -> i64 {
    ((confidence.clamp(0.0, 1.0) * 10.0) as i64).min(9)
}
