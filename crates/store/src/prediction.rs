//! The table of predictions, and what a new one means for its item.

use std::collections::HashMap;

use contract::label::{Candidate, ConfidenceSource, LabelReport, Prediction, Thresholds};
use contract::review::{Priority, ReviewReason};
use contract::{ItemId, JobId, UnixMillis};
use rusqlite::{Connection, OptionalExtension};

use crate::code::Code;
use crate::count::Tally;
use crate::state::{self, Predicted, Review, Standing, State};
use crate::store::Durability;
use crate::term::{self, DomainTerms};
use crate::{JobProgress, NewAnswer, Result, Store, StoreError, cache, job, queue};

/// A model's answer about an item.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPrediction {
    /// The item.
    pub item: ItemId,
    /// Candidates, most probable first (the first is the prediction; ten are kept). Must not be empty.
    pub candidates: Vec<Candidate>,
    /// Confidence of the first.
    pub confidence: f32,
    /// How it was obtained.
    pub obtained: ConfidenceSource,
    /// The candidates before the labeller's calibration; `None` when there was none.
    pub raw: Option<Vec<Candidate>>,
    /// Whether the text seems to belong to no domain: then it goes to review, however confident the labeller is.
    pub no_domain: bool,
}

/// Candidates kept of a prediction.
const KEPT_CANDIDATES: usize = 10;
/// A prediction at least as confident as this that contradicts the item's label is critical.
const CRITICAL_FROM: f32 = 0.9;

impl Store {
    /// Appends predictions, derives the items' states, fills the review queue, takes the items out of the job's plan and stores the
    /// job's progress: all in one transaction. An item that has a prediction of this model and prompt version, or is gone, is
    /// passed over. An item that a person decided on keeps that decision and is not queued again.
    ///
    /// `report` grows by `labelled`, `confident`, `to_review`, `beyond_queue`, `agreed`, `disagreed` and the histogram once the
    /// transaction is done; `progress` sees it as it will stand and gives what is stored of the job.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`] and whatever SQLite says; nothing is stored then and `report` is as it was.
    #[expect(clippy::too_many_arguments)]
    pub fn store_predictions(
        &self,
        job: JobId,
        model: &str,
        prompt_version: &str,
        predictions: &[NewPrediction],
        thresholds: Thresholds,
        report: &mut LabelReport,
        progress: impl FnOnce(&LabelReport) -> JobProgress,
        now: UnixMillis,
    ) -> Result<()> {
        self.store_answered(job, model, prompt_version, (predictions, &[]), thresholds, report, progress, now)
    }

    /// As [`Store::store_predictions`], and keeps the servers' answers that they were read from, in the same transaction: an answer
    /// is paid for, so either both are there or it is asked for again.
    ///
    /// # Errors
    /// As [`Store::store_predictions`].
    #[expect(clippy::too_many_arguments)]
    pub fn store_answered(
        &self,
        job: JobId,
        model: &str,
        prompt_version: &str,
        (predictions, answers): (&[NewPrediction], &[NewAnswer]),
        thresholds: Thresholds,
        report: &mut LabelReport,
        progress: impl FnOnce(&LabelReport) -> JobProgress,
        now: UnixMillis,
    ) -> Result<()> {
        *report = self.write(Durability::Crash, |transaction| {
            cache::keep(transaction, answers)?;
            let mut batch = Batch {
                connection: transaction,
                terms: HashMap::new(),
                labeller: labeller(transaction, model, prompt_version)?,
                domains: DomainTerms::load(transaction)?,
                tally: Tally::default(),
                room: queue::room(transaction, &Tally::default())?,
                thresholds,
                report: report.clone(),
                now,
            };
            let mut done = transaction.prepare_cached("DELETE FROM planned WHERE job = ?1 AND item = ?2")?;
            for prediction in predictions {
                batch.store(prediction)?;
                done.execute((job.0, prediction.item.0))?;
            }
            let Batch { mut tally, report, .. } = batch;
            queue::move_up(transaction, &mut tally)?;
            tally.write(transaction)?;
            job::save(transaction, job, &progress(&report))?;
            Ok(report)
        })?;
        Ok(())
    }
}

/// How an answer was obtained, its candidates before any calibration, and whether it says that the item belongs to no domain.
pub type RawAnswer = (ConfidenceSource, Vec<Candidate>, bool);

impl Store {
    /// What a model said of items before any calibration, with a prompt of this version: the obtained way and the raw candidates, in
    /// the items' order; `None` where it has said nothing. Predictions of the version itself and of the version with a calibration
    /// (`version~N`) count.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn raw_predictions(&self, model: &str, version: &str, items: &[ItemId]) -> Result<Vec<Option<RawAnswer>>> {
        self.read(|connection| {
            let mut labellers = connection.prepare_cached(
                "SELECT id FROM labellers WHERE model = ?1 AND (prompt_version = ?2 OR substr(prompt_version, 1, length(?2) + 1) = ?2 || '~')",
            )?;
            let labellers: Vec<i64> =
                labellers.query_map((model, version), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            let mut query = connection.prepare_cached(
                "SELECT obtained, COALESCE(raw, candidates), no_domain FROM predictions WHERE item = ?1 AND labeller = ?2",
            )?;
            let mut found = Vec::with_capacity(items.len());
            for item in items {
                let mut said = None;
                for labeller in &labellers {
                    let row = query.query_row((item.0, labeller), |row| {
                        Ok((row.get::<_, Code<ConfidenceSource>>(0)?.0, row.get::<_, Vec<u8>>(1)?, row.get::<_, bool>(2)?))
                    });
                    if let Some((obtained, bytes, no_domain)) = row.optional()? {
                        said = Some((obtained, candidates(connection, &bytes)?, no_domain));
                        break;
                    }
                }
                found.push(said);
            }
            Ok(found)
        })
    }
}

/// Predictions of one transaction.
struct Batch<'a> {
    connection: &'a Connection,
    labeller: i64,
    terms: HashMap<String, i64>,
    domains: DomainTerms,
    tally: Tally,
    /// How many more items the queue takes.
    room: i64,
    thresholds: Thresholds,
    report: LabelReport,
    now: UnixMillis,
}

impl Batch<'_> {
    fn store(&mut self, new: &NewPrediction) -> Result<()> {
        let Some(best) = new.candidates.first() else { return Ok(()) };
        let before = match State::load(self.connection, new.item) {
            Err(StoreError::ItemMissing(_)) => return Ok(()),
            state => state?,
        };
        let domain = self.term(&best.domain)?;
        let Some(prediction) = self.append(new, domain)? else { return Ok(()) };
        let meant = match before.label {
            Some(label) => Some(self.domains.meant_by(self.connection, label)?),
            None => None,
        };
        let confidence = new.confidence;
        let agrees = meant.map(|meant| meant == Some(domain));
        let verdict = match new.no_domain {
            true => Some((ReviewReason::NoDomain, Priority::High)),
            false => verdict(confidence, meant, domain, self.thresholds),
        };
        self.report.no_domain += u64::from(new.no_domain);
        let mut after = before;
        after.predicted = Some(Predicted { prediction, domain, confidence, agrees });
        after.review = self.reviewed(before.review, verdict, confidence);
        after.store(self.connection, new.item, &before, &mut self.tally)?;
        self.count(agrees, confidence, &before, &after);
        Ok(())
    }

    fn term(&mut self, text: &str) -> Result<i64> {
        if let Some(term) = self.terms.get(text) {
            return Ok(*term);
        }
        let term = term::intern(self.connection, text)?;
        self.terms.insert(text.to_owned(), term);
        Ok(term)
    }

    /// Appends a prediction; `None` when the item has one of this labeller.
    fn append(&mut self, new: &NewPrediction, domain: i64) -> Result<Option<i64>> {
        let candidates = self.stored(&new.candidates)?;
        let raw = new.raw.as_ref().map(|raw| self.stored(raw)).transpose()?;
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO predictions (item, labeller, domain, confidence, obtained, candidates, at, raw, no_domain)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (item, labeller) DO NOTHING",
        )?;
        let obtained = Code(new.obtained);
        let (item, confidence, strange) = (new.item.0, new.confidence, new.no_domain);
        let added =
            insert.execute((item, self.labeller, domain, confidence, obtained, candidates, self.now, raw, strange))?;
        Ok((added > 0).then(|| self.connection.last_insert_rowid()))
    }

    /// The best candidates as they are stored.
    fn stored(&mut self, candidates: &[Candidate]) -> Result<Vec<u8>> {
        stored(candidates, |domain| self.term(domain))
    }

    /// The item's place in review after a verdict. A decision that holds stays; the verdict waits under it.
    fn reviewed(
        &mut self,
        before: Option<Review>,
        verdict: Option<(ReviewReason, Priority)>,
        confidence: f32,
    ) -> Option<Review> {
        if let Some(review) = before.filter(|review| review.decision.is_some()) {
            let queued = verdict.is_some();
            let (reason, priority) = verdict.unwrap_or((review.reason, review.priority));
            return Some(Review { reason, priority, confidence, queued, ..review });
        }
        let was_waiting = before.is_some_and(|review| review.standing == Standing::Pending);
        let Some((reason, priority)) = verdict else {
            self.room += i64::from(was_waiting);
            return None;
        };
        let standing = if was_waiting {
            Standing::Pending
        } else if self.room > 0 {
            self.room -= 1;
            Standing::Pending
        } else {
            Standing::Beyond
        };
        Some(Review { standing, reason, priority, confidence, queued: true, decision: None })
    }

    fn count(&mut self, agrees: Option<bool>, confidence: f32, before: &State, after: &State) {
        let report = &mut self.report;
        report.labelled += 1;
        report.agreed += u64::from(agrees == Some(true));
        report.disagreed += u64::from(agrees == Some(false));
        if let Some(bin) = usize::try_from(state::tenth(confidence)).ok().and_then(|bin| report.confidence.get_mut(bin))
        {
            *bin += 1;
        }
        match after.review.map(|review| review.standing) {
            None => report.confident += 1,
            Some(Standing::Pending) => report.to_review += 1,
            Some(Standing::Beyond) => report.beyond_queue += 1,
            Some(_) => debug_assert!(before.review.is_some()),
        }
    }
}

/// Whether a prediction needs review, why and how urgently. `meant`: `None` for an item without a label, else the domain that
/// its label means, if any.
fn verdict(
    confidence: f32,
    meant: Option<Option<i64>>,
    predicted: i64,
    thresholds: Thresholds,
) -> Option<(ReviewReason, Priority)> {
    if confidence < thresholds.high_below.min(thresholds.review_below) {
        return Some((ReviewReason::Unsure, Priority::High));
    }
    if confidence < thresholds.review_below {
        return Some((ReviewReason::Unsure, Priority::Medium));
    }
    match meant {
        Some(None) => Some((ReviewReason::OutsideSchema, Priority::Medium)),
        Some(Some(domain)) if domain != predicted => {
            let priority = if confidence >= CRITICAL_FROM { Priority::Critical } else { Priority::Medium };
            Some((ReviewReason::Disagreement, priority))
        }
        _ => None,
    }
}

/// The number of a model with a version of its prompt.
pub(crate) fn labeller(connection: &Connection, model: &str, prompt_version: &str) -> Result<i64> {
    let find = |connection: &Connection| -> Result<Option<i64>> {
        let mut query =
            connection.prepare_cached("SELECT id FROM labellers WHERE model = ?1 AND prompt_version = ?2")?;
        Ok(query.query_row((model, prompt_version), |row| row.get(0)).optional()?)
    };
    if let Some(id) = find(connection)? {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO labellers (model, prompt_version) VALUES (?1, ?2)")?
        .execute((model, prompt_version))?;
    Ok(connection.last_insert_rowid())
}

/// The predictions of an item, latest first.
pub(crate) fn history(connection: &Connection, item: ItemId) -> Result<Vec<Prediction>> {
    let mut query = connection.prepare_cached(
        "SELECT t.text, p.confidence, p.obtained, p.candidates, l.model, l.prompt_version, p.at, p.raw IS NOT NULL
         FROM predictions p JOIN labellers l ON l.id = p.labeller JOIN terms t ON t.id = p.domain
         WHERE p.item = ?1 ORDER BY p.id DESC",
    )?;
    let mut rows = query.query([item.0])?;
    let mut predictions = Vec::new();
    while let Some(row) = rows.next()? {
        predictions.push(Prediction {
            domain: row.get(0)?,
            confidence: row.get(1)?,
            obtained: row.get::<_, Code<_>>(2)?.0,
            candidates: candidates(connection, &row.get::<_, Vec<u8>>(3)?)?,
            model: row.get(4)?,
            prompt_version: row.get(5)?,
            at: row.get(6)?,
            calibrated: row.get(7)?,
        });
    }
    Ok(predictions)
}

/// The best candidates as they are stored; `term` gives a domain's number.
pub(crate) fn stored(candidates: &[Candidate], mut term: impl FnMut(&str) -> Result<i64>) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(KEPT_CANDIDATES * 8);
    for candidate in candidates.iter().take(KEPT_CANDIDATES) {
        let number = u32::try_from(term(&candidate.domain)?).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&candidate.probability.to_le_bytes());
    }
    Ok(bytes)
}

/// Candidates as stored.
fn candidates(connection: &Connection, bytes: &[u8]) -> Result<Vec<Candidate>> {
    pairs(bytes)
        .map(|(term, probability)| Ok(Candidate { domain: term::text(connection, term)?, probability }))
        .collect()
}

/// Terms and probabilities of candidates as stored.
pub(crate) fn pairs(bytes: &[u8]) -> impl Iterator<Item = (i64, f32)> + '_ {
    let (pairs, _) = bytes.as_chunks::<8>();
    pairs.iter().map(|[a, b, c, d, e, f, g, h]| {
        (i64::from(u32::from_le_bytes([*a, *b, *c, *d])), f32::from_le_bytes([*e, *f, *g, *h]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_review_and_how_urgently() {
        let of = |confidence, meant| verdict(confidence, meant, 7, Thresholds::default());
        assert_eq!(of(0.29, None), Some((ReviewReason::Unsure, Priority::High)));
        assert_eq!(of(0.3, None), Some((ReviewReason::Unsure, Priority::Medium)));
        assert_eq!(of(0.5, None), None);
        assert_eq!(of(0.5, Some(Some(7))), None);
        assert_eq!(of(0.4, Some(Some(7))), Some((ReviewReason::Unsure, Priority::Medium)));
        assert_eq!(of(0.89, Some(Some(8))), Some((ReviewReason::Disagreement, Priority::Medium)));
        assert_eq!(of(0.9, Some(Some(8))), Some((ReviewReason::Disagreement, Priority::Critical)));
        assert_eq!(of(0.9, Some(None)), Some((ReviewReason::OutsideSchema, Priority::Medium)));
    }
}
