//! Measures a review on a large project: the time of the calls "next item" and "decide" through `api`, and beside them
//! SQLite's own time for the bare statements on a copy of the same store. Prints one JSON document.
//!
//! usage: review_latency PROJECT DECISIONS
//!
//! A project without predictions gets some first, for every item: made up from a fixed seed over the items' own labels,
//! so that the queue is as full as it can be.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use api::{Environment, Winnow};
use contract::item::GetItemStats;
use contract::job::{JobKind, JobState, JobUnit};
use contract::label::{Candidate, ConfidenceSource, LabelReport, LabelScope, Thresholds};
use contract::project::{GetOverview, OpenProject};
use contract::review::{Action, Decide, NextReviewItems};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde_json::{Value, json};
use store::{JobProgress, LabelPlan, NewJob, NewPrediction, Store};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [project, decisions] = arguments.as_slice() else {
        return Err("usage: review_latency PROJECT DECISIONS".into());
    };
    let decisions: usize = decisions.parse()?;
    seed(Path::new(project))?;

    let winnow = Winnow::new(Environment::of_system())?;
    winnow.call(OpenProject { folder: project.clone() })?;
    let overview = winnow.call(GetOverview { project: project.clone() })?;
    let (next, decide) = through_api(&winnow, project, decisions)?;
    winnow.shutdown();
    let (bare_next, bare_decide) = bare(Path::new(project), decisions)?;
    let result = json!({
        "items": overview.items, "waiting": overview.waiting, "decisions": decisions,
        "next": figures(next), "decide": figures(decide),
        "bare_next": figures(bare_next), "bare_decide": figures(bare_decide),
    });
    println!("{result:#}");
    Ok(())
}

/// Percentiles in milliseconds.
fn figures(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let index = (share * times.len() as f64) as usize;
        times.get(index.min(times.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
    };
    json!({ "p50": at(0.5), "p99": at(0.99), "max": at(1.0) })
}

fn timed<T>(times: &mut Vec<f64>, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    let began = Instant::now();
    let result = work()?;
    times.push(began.elapsed().as_secs_f64() * 1000.0);
    Ok(result)
}

/// What the review screen does for each item: shows the next one, stores what the person says.
fn through_api(winnow: &Winnow, project: &str, decisions: usize) -> Outcome<(Vec<f64>, Vec<f64>)> {
    let (mut next, mut decide) = (Vec::new(), Vec::new());
    for turn in 0..decisions {
        let request = NextReviewItems { project: project.to_owned(), count: 1, exclude: Vec::new() };
        let cards = timed(&mut next, || Ok(winnow.call(request)?))?;
        let Some(card) = cards.first() else { return Err("the queue is empty".into()) };
        let other = card.prediction.as_ref().and_then(|prediction| prediction.candidates.get(1));
        let action = match (turn % 4, other) {
            (0, Some(other)) => Action::Correct { domain: other.domain.clone() },
            (1, _) => Action::Reject,
            _ => Action::Approve,
        };
        let request = Decide { project: project.to_owned(), item: card.item, action, reviewer: "anna".to_owned() };
        timed(&mut decide, || Ok(winnow.call(request)?))?;
    }
    Ok((next, decide))
}

/// The same rows read and written with nothing around them, on a copy of the store.
fn bare(project: &Path, decisions: usize) -> Outcome<(Vec<f64>, Vec<f64>)> {
    let copy = project.join("bare.db");
    std::fs::copy(project.join("winnow.db"), &copy)?;
    let result = bare_statements(&copy, decisions);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", copy.display()));
    }
    result
}

fn bare_statements(copy: &Path, decisions: usize) -> Outcome<(Vec<f64>, Vec<f64>)> {
    let mut connection = Connection::open(copy)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;")?;
    let (mut next, mut decide) = (Vec::new(), Vec::new());
    for turn in 0..decisions {
        let (item, domain) = timed(&mut next, || {
            let found = connection
                .prepare_cached(
                    "SELECT r.item, p.domain, i.text, i.label, i.row, i.source, p.candidates, p.confidence
                     FROM review r JOIN items i ON i.id = r.item JOIN states s ON s.item = r.item
                     JOIN predictions p ON p.id = s.prediction
                     WHERE r.status = 0 ORDER BY r.priority DESC, r.confidence, r.item LIMIT 1",
                )?
                .query_row([], |row| {
                    let _: (String, Option<i64>, i64, i64) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
                    let _: (Vec<u8>, f64) = (row.get(6)?, row.get(7)?);
                    Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
                })
                .optional()?;
            found.ok_or_else(|| "the queue is empty".into())
        })?;
        timed(&mut decide, || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction
                .prepare_cached(
                    "INSERT INTO decisions (item, action, from_domain, to_domain, reviewer, at) VALUES (?1, 0, ?2, ?2, 'anna', ?3)",
                )?
                .execute(params![item, domain, i64::try_from(turn)?])?;
            let decision = transaction.last_insert_rowid();
            transaction
                .prepare_cached("UPDATE review SET status = 2, decision = ?2 WHERE item = ?1")?
                .execute([item, decision])?;
            transaction
                .prepare_cached("UPDATE states SET status = 4, domain = ?2 WHERE item = ?1")?
                .execute([item, domain])?;
            transaction.commit()?;
            Ok(())
        })?;
    }
    Ok((next, decide))
}

/// Gives every item of a project that has none a prediction.
fn seed(project: &Path) -> Outcome {
    let store = Store::open(project, 0)?;
    if store.overview()?.labelled > 0 {
        return Ok(());
    }
    let labels: Vec<String> = {
        let winnow = Winnow::new(Environment::of_system())?;
        drop(store);
        let folder = project.display().to_string();
        let stats = winnow.call(GetItemStats { project: folder })?;
        winnow.shutdown();
        stats.by_label.into_iter().take(40).map(|label| label.name).collect()
    };
    let store = Store::open(project, 0)?;
    let new = NewJob { kind: JobKind::Label, subject: "made up".into(), unit: JobUnit::Items, params: Value::Null };
    let job = store.create_job(&new, 0)?;
    store.start_job(job, 0)?;
    let scope = LabelScope::default();
    store.plan_labelling(job, &LabelPlan { scope: &scope, model: "made up", prompt_version: "0" })?;
    let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut report = LabelReport::default();
    loop {
        let items = store.items_to_label(job, None, 10_000)?;
        if items.is_empty() {
            break;
        }
        let predictions: Vec<NewPrediction> = items
            .iter()
            .map(|item| NewPrediction { item: item.id, ..made_up(&labels, &mut random, item.label.as_deref()) })
            .collect();
        let progress = |report: &LabelReport| JobProgress { done: report.labelled, ..JobProgress::default() };
        store.store_predictions(job, "made up", "0", &predictions, Thresholds::default(), &mut report, progress, 0)?;
    }
    store.end_job(job, JobState::Done, None, None, 0)?;
    Ok(())
}

/// A prediction with ten candidates; most agree with the item's label and are confident.
fn made_up(labels: &[String], random: &mut u64, label: Option<&str>) -> NewPrediction {
    // xorshift64 (Marsaglia, 2003): enough for made-up numbers that repeat.
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    #[allow(clippy::cast_precision_loss)]
    let confidence = (*random >> 40) as f32 / (1_u64 << 24) as f32;
    let start = usize::try_from(*random % 1_000).unwrap_or(0) % labels.len().max(1);
    let first = label.map(str::to_owned);
    let others =
        labels.iter().cycle().skip(start).take(labels.len()).filter(|&other| Some(other) != first.as_ref()).cloned();
    let names: Vec<String> = first.clone().into_iter().chain(others).take(10).collect();
    #[allow(clippy::cast_precision_loss)]
    let rest = (1.0 - confidence) / names.len().saturating_sub(1).max(1) as f32;
    let candidates = names
        .into_iter()
        .enumerate()
        .map(|(place, domain)| Candidate { domain, probability: if place == 0 { confidence } else { rest } })
        .collect();
    let obtained = ConfidenceSource::LabelLikelihood;
    NewPrediction { item: contract::ItemId(0), candidates, confidence, obtained, raw: None, no_domain: false }
}
