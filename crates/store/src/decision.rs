//! The table of people's decisions: append-only; undo appends, too.

use contract::review::{Action, Decision, Priority, ReviewCard, ReviewReason};
use contract::{DecisionId, ItemId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::count::Tally;
use crate::state::{Review, Standing, State};
use crate::store::Durability;
use crate::term::DomainTerms;
use crate::{Result, Store, StoreError, queue, review};

/// Numbers under which actions are stored.
const APPROVE: i64 = 0;
const CORRECT: i64 = 1;
const SKIP: i64 = 2;
const REJECT: i64 = 3;

impl Store {
    /// Stores a decision and derives the item's state, in one transaction that is on disk when this returns.
    ///
    /// # Errors
    /// [`crate::StoreError::ItemMissing`], [`crate::StoreError::DomainUnknown`], [`crate::StoreError::NothingToApprove`],
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn decide(&self, item: ItemId, action: &Action, reviewer: &str, now: UnixMillis) -> Result<Decision> {
        self.write(Durability::PowerCut, |transaction| {
            let mut tally = Tally::default();
            let mut domains = DomainTerms::load(transaction)?;
            let id = decide_one(transaction, &mut domains, item, action, (reviewer, now), &mut tally)?;
            queue::move_up(transaction, &mut tally)?;
            tally.write(transaction)?;
            find(transaction, id)
        })
    }

    /// Stores many decisions of one reviewer, all or none, in one transaction that is on disk when this returns; answers how many.
    /// Undo takes them back one by one.
    ///
    /// # Errors
    /// As [`Store::decide`].
    pub fn decide_all(&self, decisions: &[(ItemId, Action)], reviewer: &str, now: UnixMillis) -> Result<u64> {
        if decisions.is_empty() {
            return Ok(0);
        }
        self.write(Durability::PowerCut, |transaction| {
            let mut tally = Tally::default();
            let mut domains = DomainTerms::load(transaction)?;
            for (item, action) in decisions {
                decide_one(transaction, &mut domains, *item, action, (reviewer, now), &mut tally)?;
            }
            queue::move_up(transaction, &mut tally)?;
            tally.write(transaction)?;
            Ok(decisions.len() as u64)
        })
    }

    /// Takes back the reviewer's latest decision that is not taken back yet, and answers the item's card.
    ///
    /// # Errors
    /// [`crate::StoreError::NothingToUndo`], [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn undo(&self, reviewer: &str, now: UnixMillis) -> Result<ReviewCard> {
        self.write(Durability::PowerCut, |transaction| {
            let undone = open_decision(transaction, reviewer)?;
            let undone = undone.ok_or_else(|| StoreError::NothingToUndo(reviewer.to_owned()))?;
            let (item, at, below): (i64, i64, Option<i64>) = transaction
                .prepare_cached("SELECT item, at, below FROM decisions WHERE id = ?1")?
                .query_row([undone], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let item = ItemId(item);
            let before = State::load(transaction, item)?;
            transaction
                .prepare_cached(
                    "INSERT INTO decisions (item, undoes, undone_at, from_domain, reviewer, at, open) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute((item.0, undone, at, before.domain(), reviewer, now, below))?;
            let row = transaction.last_insert_rowid();
            let after = match before.review {
                Some(review) if review.decision == Some(undone) => without(transaction, item, &before)?,
                // Someone else has decided since: that holds.
                _ => before,
            };
            transaction
                .prepare_cached("UPDATE decisions SET to_domain = ?2 WHERE id = ?1")?
                .execute((row, after.domain()))?;
            let mut tally = Tally::default();
            after.store(transaction, item, &before, &mut tally)?;
            tally.write(transaction)?;
            review::card(transaction, item)
        })
    }
}

/// Appends a decision and derives the item's state; answers its number.
fn decide_one(
    connection: &Connection,
    domains: &mut DomainTerms,
    item: ItemId,
    action: &Action,
    (reviewer, now): (&str, UnixMillis),
    tally: &mut Tally,
) -> Result<i64> {
    let before = State::load(connection, item)?;
    let (code, to) = resolve(connection, domains, item, &before, action)?;
    let below = open_decision(connection, reviewer)?;
    connection
        .prepare_cached(
            "INSERT INTO decisions (item, action, from_domain, to_domain, reviewer, at, below) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((item.0, code, before.domain(), to, reviewer, now, below))?;
    let id = connection.last_insert_rowid();
    connection.prepare_cached("UPDATE decisions SET open = ?1 WHERE id = ?1")?.execute([id])?;
    decided(&before, id, code, to).store(connection, item, &before, tally)?;
    Ok(id)
}

/// The stored action and the term of the domain after it.
fn resolve(
    connection: &Connection,
    domains: &mut DomainTerms,
    item: ItemId,
    state: &State,
    action: &Action,
) -> Result<(i64, Option<i64>)> {
    let shown = match (state.predicted, state.label) {
        (Some(predicted), _) => Some(predicted.domain),
        (None, Some(label)) => domains.meant_by(connection, label)?,
        (None, None) => None,
    };
    match action {
        Action::Approve => {
            let shown = shown.ok_or(StoreError::NothingToApprove(item))?;
            if !domains.contains(shown) {
                return Err(StoreError::DomainUnknown(crate::term::text(connection, shown)?));
            }
            Ok((APPROVE, Some(shown)))
        }
        Action::Correct { domain } => {
            let domain = domains.named(domain)?;
            Ok((if shown == Some(domain) { APPROVE } else { CORRECT }, Some(domain)))
        }
        Action::Skip => Ok((SKIP, state.domain())),
        Action::Reject => Ok((REJECT, None)),
    }
}

/// The state after a decision.
fn decided(before: &State, decision: i64, action: i64, to: Option<i64>) -> State {
    let standing = match action {
        APPROVE => Standing::Approved,
        CORRECT => Standing::Corrected,
        SKIP => Standing::Skipped,
        _ => Standing::Rejected,
    };
    let new = Review {
        standing,
        reason: ReviewReason::Unsure,
        priority: Priority::Low,
        confidence: before.predicted.map_or(0.0, |predicted| predicted.confidence),
        queued: false,
        decision: None,
    };
    let review = Review { standing, decision: Some(decision), ..before.review.unwrap_or(new) };
    let decided = to.filter(|_| matches!(standing, Standing::Approved | Standing::Corrected));
    State { decided, review: Some(review), ..*before }
}

/// The state when the decision that holds is taken back: the one before holds again, or the item stands as predictions put it.
fn without(connection: &Connection, item: ItemId, before: &State) -> Result<State> {
    let mut query = connection.prepare_cached(
        "SELECT id, action, to_domain FROM decisions d WHERE item = ?1 AND action IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.id) ORDER BY id DESC LIMIT 1",
    )?;
    let earlier: Option<(i64, i64, Option<i64>)> =
        query.query_row([item.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    if let Some((id, action, to)) = earlier {
        return Ok(decided(before, id, action, to));
    }
    let queued = before.review.filter(|review| review.queued);
    let review = queued.map(|review| Review { standing: Standing::Pending, decision: None, ..review });
    Ok(State { decided: None, review, ..*before })
}

/// The reviewer's latest decision that is not taken back: the top of the stack as the reviewer's last row left it.
fn open_decision(connection: &Connection, reviewer: &str) -> Result<Option<i64>> {
    let mut query =
        connection.prepare_cached("SELECT open FROM decisions WHERE reviewer = ?1 ORDER BY id DESC LIMIT 1")?;
    Ok(query.query_row([reviewer], |row| row.get(0)).optional()?.flatten())
}

const COLUMNS: &str = "SELECT id, item, action, undoes, (SELECT text FROM terms WHERE id = from_domain),
    (SELECT text FROM terms WHERE id = to_domain), reviewer, at FROM decisions";

fn find(connection: &Connection, id: i64) -> Result<Decision> {
    let mut query = connection.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
    Ok(query.query_row([id], decision)?)
}

/// The decisions about an item, latest first.
pub(crate) fn history(connection: &Connection, item: ItemId) -> Result<Vec<Decision>> {
    let mut query = connection.prepare_cached(&format!("{COLUMNS} WHERE item = ?1 ORDER BY id DESC"))?;
    Ok(query.query_map([item.0], decision)?.collect::<rusqlite::Result<_>>()?)
}

fn decision(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let to: Option<String> = row.get(5)?;
    Ok(Decision {
        id: DecisionId(row.get(0)?),
        item: ItemId(row.get(1)?),
        action: row.get::<_, Option<i64>>(2)?.map(|code| action(code, to.clone())),
        undoes: row.get::<_, Option<i64>>(3)?.map(DecisionId),
        from: row.get(4)?,
        to,
        reviewer: row.get(6)?,
        at: row.get(7)?,
    })
}

/// An action as stored.
pub(crate) fn action(code: i64, to: Option<String>) -> Action {
    match code {
        APPROVE => Action::Approve,
        CORRECT => Action::Correct { domain: to.unwrap_or_default() },
        SKIP => Action::Skip,
        _ => Action::Reject,
    }
}
