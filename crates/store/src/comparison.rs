//! The tables of comparisons: a sample of items, and what two labellers said of each.

use contract::compare::{Comparison, Disagreement};
use contract::label::LabelScope;
use contract::review::{Priority, ReviewReason};
use contract::{ComparisonId, ItemId, JobId, Page, UnixMillis};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::count::Tally;
use crate::filter::Selection;
use crate::item::MOST_ROWS;
use crate::state::{Review, Standing, State};
use crate::store::Durability;
use crate::term::{self, DomainTerms};
use crate::truth::domain_text;
use crate::{Result, Store, StoreError, queue};

/// Stands for a domain where a labeller could not answer.
const NO_ANSWER: i64 = -1;

/// What a comparison compares on.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonPlan<'a> {
    /// Which items.
    pub scope: &'a LabelScope,
    /// Whether the label of an undecided item counts as the truth.
    pub trust_labels: bool,
    /// Only items whose truth is known.
    pub known_only: bool,
}

/// Which of the two labellers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first.
    First,
    /// The second.
    Second,
}

impl Side {
    fn column(self) -> &'static str {
        match self {
            Side::First => "first",
            Side::Second => "second",
        }
    }
}

/// What a labeller said: a domain and its confidence; `None` when it could not answer.
pub type Answer = Option<(String, f32)>;

/// An item of a comparison with what both said.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedItem {
    /// The item.
    pub item: ItemId,
    /// The true domain, where it is known.
    pub truth: Option<String>,
    /// Whether a person decided it.
    pub decided: bool,
    /// What the first said.
    pub first: Answer,
    /// What the second said.
    pub second: Answer,
}

impl Store {
    /// Chooses the sample of a comparison once; a second call for the same job keeps the first choice.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn plan_comparison(&self, job: JobId, plan: &ComparisonPlan<'_>, now: UnixMillis) -> Result<ComparisonId> {
        self.write(Durability::Crash, |transaction| {
            let mut find = transaction.prepare_cached("SELECT id FROM comparisons WHERE job = ?1")?;
            if let Some(id) = find.query_row([job.0], |row| row.get(0)).optional()? {
                return Ok(ComparisonId(id));
            }
            transaction.prepare_cached("INSERT INTO comparisons (job, at) VALUES (?1, ?2)")?.execute((job.0, now))?;
            let id = ComparisonId(transaction.last_insert_rowid());
            choose(transaction, id, plan)?;
            Ok(id)
        })
    }

    /// The next items that one side has not answered yet, by number, with their texts.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn items_to_compare(&self, id: ComparisonId, side: Side, count: u32) -> Result<Vec<(ItemId, String)>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(&format!(
                "SELECT c.item, i.text FROM compared c JOIN items i ON i.id = c.item
                 WHERE c.comparison = ?1 AND c.{} IS NULL ORDER BY c.item LIMIT ?2",
                side.column()
            ))?;
            let rows = query.query_map((id.0, count), |row| Ok((ItemId(row.get(0)?), row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Stores what one side said.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn store_compared(&self, id: ComparisonId, side: Side, answers: &[(ItemId, Answer)]) -> Result<()> {
        self.write(Durability::Crash, |transaction| {
            let column = side.column();
            let mut update = transaction.prepare_cached(&format!(
                "UPDATE compared SET {column} = ?3, {column}_confidence = ?4 WHERE comparison = ?1 AND item = ?2"
            ))?;
            for (item, answer) in answers {
                let domain = match answer {
                    Some((domain, _)) => term::intern(transaction, domain)?,
                    None => NO_ANSWER,
                };
                update.execute((id.0, item.0, domain, answer.as_ref().map(|(_, confidence)| *confidence)))?;
            }
            Ok(())
        })
    }

    /// All items of a comparison, by number.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn compared_items(&self, id: ComparisonId) -> Result<Vec<ComparedItem>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT item, truth, decided, first, first_confidence, second, second_confidence FROM compared
                 WHERE comparison = ?1 ORDER BY item",
            )?;
            let mut rows = query.query([id.0])?;
            let mut items = Vec::new();
            while let Some(row) = rows.next()? {
                items.push(ComparedItem {
                    item: ItemId(row.get(0)?),
                    truth: domain_text(connection, row.get(1)?)?,
                    decided: row.get(2)?,
                    first: answer(connection, row.get(3)?, row.get(4)?)?,
                    second: answer(connection, row.get(5)?, row.get(6)?)?,
                });
            }
            Ok(items)
        })
    }

    /// Keeps the report of a comparison, which is complete with it.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn store_comparison(&self, report: &Comparison) -> Result<()> {
        self.write(Durability::Crash, |transaction| {
            transaction
                .prepare_cached("UPDATE comparisons SET report = ?2 WHERE id = ?1")?
                .execute((report.id.0, serde_json::to_string(report)?))?;
            Ok(())
        })
    }

    /// The complete comparisons, latest first.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn comparisons(&self, limit: u32) -> Result<Vec<Comparison>> {
        self.read(|connection| {
            let mut query = connection
                .prepare_cached("SELECT report FROM comparisons WHERE report IS NOT NULL ORDER BY id DESC LIMIT ?1")?;
            let reports: Vec<String> = query.query_map([limit], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            Ok(reports.iter().map(|report| serde_json::from_str(report)).collect::<Result<_, _>>()?)
        })
    }

    /// One complete comparison.
    ///
    /// # Errors
    /// [`crate::StoreError::ComparisonMissing`].
    pub fn comparison(&self, id: ComparisonId) -> Result<Comparison> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT report FROM comparisons WHERE id = ?1")?;
            let report: Option<String> = query.query_row([id.0], |row| row.get(0)).optional()?.flatten();
            Ok(serde_json::from_str(&report.ok_or(StoreError::ComparisonMissing(id))?)?)
        })
    }

    /// Where the two disagree, by item number, at most `limit` (itself at most 1000).
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn disagreements(&self, id: ComparisonId, after: Option<i64>, limit: u32) -> Result<Page<Disagreement>> {
        let limit = limit.clamp(1, MOST_ROWS);
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT c.item, substr(i.text, 1, 300), c.first, c.first_confidence, c.second, c.second_confidence, c.truth
                 FROM compared c JOIN items i ON i.id = c.item
                 WHERE c.comparison = ?1 AND c.first <> c.second AND c.item > ?2 ORDER BY c.item LIMIT ?3",
            )?;
            let mut found = query.query((id.0, after.unwrap_or(i64::MIN), limit + 1))?;
            let mut rows = Vec::new();
            while let Some(row) = found.next()? {
                rows.push(Disagreement {
                    item: ItemId(row.get(0)?),
                    excerpt: row.get(1)?,
                    first: domain_text(connection, row.get(2)?)?,
                    first_confidence: row.get(3)?,
                    second: domain_text(connection, row.get(4)?)?,
                    second_confidence: row.get(5)?,
                    truth: domain_text(connection, row.get(6)?)?,
                });
            }
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = rows.last().filter(|_| more).map(|row| row.item.0);
            let mut count = connection
                .prepare_cached("SELECT COUNT(*) FROM compared WHERE comparison = ?1 AND first <> second")?;
            let total = count.query_row([id.0], |row| row.get(0))?;
            Ok(Page { rows, next, total: Some(total) })
        })
    }

    /// Puts what two labellers disagree about into the review queue, but for what waits there or a person decided on; answers how many.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn review_disagreements(&self, id: ComparisonId) -> Result<u64> {
        let sql = "SELECT item FROM compared WHERE comparison = ? AND first <> second ORDER BY item";
        self.send_to_review(sql, &[Value::Integer(id.0)], ReviewReason::LabellersDisagree)
    }

    /// Puts items drawn at random with a seed into the review queue, but for what waits there or a person decided on; answers how
    /// many.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn review_sample(&self, scope: &LabelScope) -> Result<u64> {
        let (sql, values) = self.read(|connection| {
            let mut selection = Selection::of(connection, &scope.filter)?;
            selection.conditions.push(
                "NOT EXISTS (SELECT 1 FROM review r WHERE r.item = i.id AND (r.decision IS NOT NULL OR r.status IN (0, 6)))"
                    .to_owned(),
            );
            let sql = format!("SELECT i.id {} ORDER BY sample_key(i.id, ?) LIMIT ?", selection.tail());
            selection.values.push(Value::Integer(scope.sample_seed.unwrap_or_default().cast_signed()));
            selection.values.push(Value::Integer(i64::try_from(scope.limit.unwrap_or(u64::MAX)).unwrap_or(i64::MAX)));
            Ok((sql, selection.values))
        })?;
        self.send_to_review(&sql, &values, ReviewReason::Sample)
    }

    fn send_to_review(&self, sql: &str, values: &[Value], reason: ReviewReason) -> Result<u64> {
        self.write(Durability::Crash, |transaction| {
            let items: Vec<ItemId> = transaction
                .prepare(sql)?
                .query_map(params_from_iter(values), |row| row.get(0).map(ItemId))?
                .collect::<rusqlite::Result<_>>()?;
            let mut tally = Tally::default();
            let mut sent = 0;
            for item in items {
                let before = State::load(transaction, item)?;
                let stands = before.review.is_some_and(|review| {
                    review.decision.is_some() || matches!(review.standing, Standing::Pending | Standing::Beyond)
                });
                if stands {
                    continue;
                }
                let confidence = before.predicted.map_or(0.0, |predicted| predicted.confidence);
                let standing = if queue::room(transaction, &tally)? > 0 { Standing::Pending } else { Standing::Beyond };
                let priority = Priority::High;
                let review = Review { standing, reason, priority, confidence, queued: true, decision: None };
                State { review: Some(review), ..before }.store(transaction, item, &before, &mut tally)?;
                sent += 1;
            }
            tally.write(transaction)?;
            Ok(sent)
        })
    }
}

fn answer(connection: &Connection, domain: Option<i64>, confidence: Option<f32>) -> Result<Answer> {
    Ok(domain_text(connection, domain)?.zip(confidence))
}

/// Writes the sample with the truth as it is known now.
fn choose(connection: &Connection, id: ComparisonId, plan: &ComparisonPlan<'_>) -> Result<()> {
    let mut selection = Selection::of(connection, &plan.scope.filter)?;
    selection.conditions.push("i.source IN (SELECT id FROM sources WHERE state = 1)".to_owned());
    if plan.known_only {
        let known =
            if plan.trust_labels { "(s.status IN (4, 5) OR i.label IS NOT NULL)" } else { "s.status IN (4, 5)" };
        selection.conditions.push(known.to_owned());
    }
    let mut sql = format!("SELECT i.id, i.label, s.status, s.domain {}", selection.tail());
    if let (Some(_), Some(seed)) = (plan.scope.limit, plan.scope.sample_seed) {
        sql.push_str(" ORDER BY sample_key(i.id, ?)");
        selection.values.push(Value::Integer(seed.cast_signed()));
    } else {
        sql.push_str(&format!(" ORDER BY {}", selection.key));
    }
    if let Some(limit) = plan.scope.limit {
        sql.push_str(" LIMIT ?");
        selection.values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
    }
    let mut domains = DomainTerms::load(connection)?;
    let mut query = connection.prepare(&sql)?;
    let mut insert =
        connection.prepare_cached("INSERT INTO compared (comparison, item, truth, decided) VALUES (?1, ?2, ?3, ?4)")?;
    let mut rows = query.query(params_from_iter(&selection.values))?;
    while let Some(row) = rows.next()? {
        let (item, label, status, domain): (i64, Option<i64>, Option<i64>, Option<i64>) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let decided = matches!(status, Some(4 | 5));
        let truth = match label {
            _ if decided => domain,
            Some(label) if plan.trust_labels && status != Some(6) => domains.meant_by(connection, label)?,
            _ => None,
        };
        insert.execute((id.0, item, truth.filter(|term| domains.contains(*term)), decided))?;
    }
    Ok(())
}
