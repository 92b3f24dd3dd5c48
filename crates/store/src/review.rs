//! Reading the review queue.

use std::collections::HashMap;

use contract::item::LatestPrediction;
use contract::review::{Action, Priority, ReviewCard, ReviewProgress, ReviewReason, ReviewRow, ReviewStatus};
use contract::{ItemId, Page, UnixMillis};
use rusqlite::{Connection, Row};

use crate::code::{Code, Coded};
use crate::count::{self, Kind};
use crate::filter::unsigned;
use crate::item::MOST_ROWS;
use crate::state::{Standing, State};
use crate::term::DomainTerms;
use crate::{Result, Store, decision, item_stats, prediction};

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

/// What a reviewer decided last about an item, and has not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewerLabel {
    /// The item.
    pub item: ItemId,
    /// Number of the reviewer: equal numbers mean equal reviewers, as long as one answer is looked at.
    pub reviewer: u32,
    /// Number of the domain.
    pub domain: i64,
}

impl Store {
    /// The domains that reviewers gave the items that several of them decided on, by item and reviewer. Skipping and rejecting
    /// give no domain.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn reviewer_labels(&self) -> Result<Vec<ReviewerLabel>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT d.item, d.reviewer, d.to_domain, MAX(d.id) FROM decisions d
                 WHERE d.action IN (0, 1) AND d.to_domain IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.id)
                 GROUP BY d.item, d.reviewer ORDER BY d.item, d.reviewer",
            )?;
            let mut reviewers: HashMap<String, u32> = HashMap::new();
            let mut rows = query.query([])?;
            let mut labels: Vec<ReviewerLabel> = Vec::new();
            while let Some(row) = rows.next()? {
                let next = reviewers.len() as u32;
                let reviewer = *reviewers.entry(row.get(1)?).or_insert(next);
                labels.push(ReviewerLabel { item: ItemId(row.get(0)?), reviewer, domain: row.get(2)? });
            }
            let mut several = Vec::new();
            for of_item in labels.chunk_by(|one, other| one.item == other.item).filter(|of_item| of_item.len() > 1) {
                several.extend_from_slice(of_item);
            }
            Ok(several)
        })
    }

    /// The domain that a reviewer gave each item, as its position in the schema, where that is the reviewer's latest decision on the
    /// item that is not taken back: not where the reviewer skipped or rejected it since, nor where the schema lost the domain. Which
    /// decision holds is another question: somebody else may have decided later.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn domains_decided_by(&self, reviewer: &str) -> Result<HashMap<ItemId, u32>> {
        self.read(|connection| {
            let domains = DomainTerms::load(connection)?;
            let mut query = connection.prepare_cached(
                "SELECT d.item, d.action, d.to_domain, MAX(d.id) FROM decisions d
                 WHERE d.reviewer = ?1 AND d.action IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.id) GROUP BY d.item",
            )?;
            let mut rows = query.query([reviewer])?;
            let mut decided = HashMap::new();
            while let Some(row) = rows.next()? {
                if matches!(decision::action(row.get(1)?, None), Action::Skip | Action::Reject) {
                    continue;
                }
                let term: Option<i64> = row.get(2)?;
                if let Some(domain) = term.and_then(|term| domains.position(term)) {
                    decided.insert(ItemId(row.get(0)?), domain);
                }
            }
            Ok(decided)
        })
    }

    /// The next waiting items: priority, then least confident, then oldest; skipped ones last, the longest skipped first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn next_review_items(&self, count: u32, exclude: &[ItemId]) -> Result<Vec<ReviewCard>> {
        self.read(|connection| {
            let wanted = count as usize;
            let mut items: Vec<ItemId> = Vec::with_capacity(wanted);
            for sql in [
                "SELECT item FROM review INDEXED BY review_queue WHERE status = 0 ORDER BY priority DESC, confidence, item LIMIT ?1",
                "SELECT item FROM review INDEXED BY review_skipped WHERE status = 4 ORDER BY decision LIMIT ?1",
            ] {
                if items.len() < wanted {
                    let mut query = connection.prepare_cached(sql)?;
                    for item in query.query_map([wanted + exclude.len()], |row| row.get(0))? {
                        let item = ItemId(item?);
                        if items.len() < wanted && !exclude.contains(&item) {
                            items.push(item);
                        }
                    }
                }
            }
            items.into_iter().map(|item| card(connection, item)).collect()
        })
    }

    /// One card, of any item.
    ///
    /// # Errors
    /// [`crate::StoreError::ItemMissing`].
    pub fn review_card(&self, item: ItemId) -> Result<ReviewCard> {
        self.read(|connection| card(connection, item))
    }

    /// How the queue and a reviewer's session stand.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn review_progress(&self, reviewer: &str, since: UnixMillis) -> Result<ReviewProgress> {
        self.read(|connection| {
            let count = |sql: &str| -> Result<u64> {
                Ok(connection.prepare_cached(sql)?.query_row((reviewer, since), |row| row.get(0))?)
            };
            let decided =
                count("SELECT COUNT(*) FROM decisions WHERE reviewer = ?1 AND at >= ?2 AND action IS NOT NULL")?;
            let undone = count(
                "SELECT COUNT(*) FROM decisions WHERE reviewer = ?1 AND undone_at >= ?2 AND undone_at IS NOT NULL",
            )?;
            Ok(ReviewProgress {
                by_status: item_stats::review_by_status(connection)?,
                by_priority: item_stats::waiting_by_priority(connection)?,
                beyond_queue: unsigned(count::get(connection, (Kind::Review, Standing::Beyond.code(), 0))?),
                session_decisions: decided.saturating_sub(undone),
            })
        })
    }

    /// Review items by item number, all or of one status, at most `limit` (itself at most 1000).
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn review_rows(&self, status: Option<ReviewStatus>, after: Option<i64>, limit: u32) -> Result<Page<ReviewRow>> {
        let limit = limit.clamp(1, MOST_ROWS);
        self.read(|connection| {
            let condition = match status {
                Some(_) => "r.status = ?1",
                None => "r.status <> ?1",
            };
            let standing = status.map_or(Standing::Beyond, Standing::of);
            let mut query = connection.prepare_cached(&format!(
                "SELECT r.item, substr(i.text, 1, 300), (SELECT text FROM terms WHERE id = i.label),
                        (SELECT text FROM terms WHERE id = s.predicted), s.confidence, r.reason, r.priority, r.status
                 FROM review r JOIN items i ON i.id = r.item LEFT JOIN states s ON s.item = r.item
                 WHERE {condition} AND r.item > ?2 ORDER BY r.item LIMIT ?3"
            ))?;
            let rows = query.query_map((standing.code(), after.unwrap_or(i64::MIN), limit + 1), review_row)?;
            let mut rows: Vec<ReviewRow> = rows.collect::<rusqlite::Result<_>>()?;
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = rows.last().filter(|_| more).map(|row| row.item.0);
            let counts = item_stats::review_by_status(connection)?;
            let total = match status {
                Some(status) => counts.get(&status).copied(),
                None => Some(counts.values().sum()),
            };
            Ok(Page { rows, next, total })
        })
    }

    /// Every item with a decision that holds, by item number; `visit` ends the walk with an error of its own.
    ///
    /// # Errors
    /// What `visit` answers, or whatever SQLite says.
    pub fn each_reviewed<E: From<crate::StoreError>>(
        &self,
        mut visit: impl FnMut(ReviewedItem) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = i64::MIN;
        loop {
            // Page by page: a reader that stays open would keep the log from shrinking.
            let page = self.read(|connection| reviewed_page(connection, after))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.item.0;
            page.into_iter().try_for_each(&mut visit)?;
        }
    }
}

fn review_row(row: &Row<'_>) -> rusqlite::Result<ReviewRow> {
    Ok(ReviewRow {
        item: ItemId(row.get(0)?),
        excerpt: row.get(1)?,
        label: row.get(2)?,
        predicted: row.get(3)?,
        confidence: row.get(4)?,
        reason: row.get::<_, Code<_>>(5)?.0,
        priority: row.get::<_, Code<_>>(6)?.0,
        status: row.get::<_, Code<Standing>>(7)?.0.status(),
    })
}

fn reviewed_page(connection: &Connection, after: i64) -> Result<Vec<ReviewedItem>> {
    let mut query = connection.prepare_cached(
        "SELECT r.item, i.text, (SELECT text FROM terms WHERE id = i.label), (SELECT text FROM terms WHERE id = s.predicted),
                s.confidence, d.action, (SELECT text FROM terms WHERE id = d.to_domain), d.reviewer, d.at
         FROM review r JOIN items i ON i.id = r.item LEFT JOIN states s ON s.item = r.item
         JOIN decisions d ON d.id = r.decision WHERE r.item > ?1 ORDER BY r.item LIMIT ?2",
    )?;
    let rows = query.query_map((after, MOST_ROWS), |row| {
        let decided: Option<String> = row.get(6)?;
        Ok(ReviewedItem {
            item: ItemId(row.get(0)?),
            text: row.get(1)?,
            label: row.get(2)?,
            predicted: row.get(3)?,
            confidence: row.get(4)?,
            action: decision::action(row.get(5)?, decided.clone()),
            decided,
            reviewer: row.get(7)?,
            at: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a reviewer sees of an item.
pub(crate) fn card(connection: &Connection, item: ItemId) -> Result<ReviewCard> {
    let state = State::load(connection, item)?;
    let latest = prediction::history(connection, item)?.into_iter().next();
    let prediction = latest.map(|latest| LatestPrediction {
        domain: latest.domain,
        confidence: latest.confidence,
        obtained: latest.obtained,
        candidates: latest.candidates,
        model: latest.model,
        at: latest.at,
    });
    // An item that nothing put into review can be decided on, too: it is shown as what it is nearest to.
    let reason = match state.predicted.and_then(|predicted| predicted.agrees) {
        Some(false) => ReviewReason::Disagreement,
        _ => ReviewReason::Unsure,
    };
    let (reason, priority, status) = state.review.map_or((reason, Priority::Low, ReviewStatus::Pending), |review| {
        (review.reason, review.priority, review.standing.status())
    });
    let history = decision::history(connection, item)?;
    let mut query = connection.prepare_cached(
        "SELECT i.text, (SELECT text FROM terms WHERE id = i.label), sources.name, i.row, i.ts, i.user
         FROM items i JOIN sources ON sources.id = i.source WHERE i.id = ?1",
    )?;
    Ok(query.query_row([item.0], |row| {
        Ok(ReviewCard {
            item,
            text: row.get(0)?,
            label: row.get(1)?,
            prediction,
            reason,
            priority,
            status,
            source_name: row.get(2)?,
            row: row.get(3)?,
            ts: row.get(4)?,
            user: row.get(5)?,
            history,
        })
    })?)
}
