//! How long review takes on a large project: `cargo run --release -p store --example review_latency -- [items] [calls]`.
//!
//! Prints the 50th and 99th percentile of each call, beside the bare SQLite statements that cannot be done without: reading the next
//! item by its index, and one durable transaction of one row.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use contract::item::ItemFilter;
use contract::job::{JobKind, JobUnit};
use contract::label::{Candidate, ConfidenceSource, LabelReport, LabelScope, Thresholds};
use contract::review::{Action, ReviewCard, ReviewStatus};
use contract::schema::Domain;
use contract::source::ImportReport;
use contract::{ItemId, JobId};
use store::{JobProgress, LabelPlan, NewItem, NewJob, NewPrediction, NewSource, Store, TextHash};

const DOMAINS: u64 = 77;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let items: u64 = arguments.next().map_or(1_000_000, |items| items.parse().unwrap());
    let calls: usize = arguments.next().map_or(2_000, |calls| calls.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), "latency", 0).unwrap();
    fill(&store, items);
    let progress = store.review_progress("anna", 0).unwrap();
    println!("{items} items, {:?}, {} beyond the queue", progress.by_status, progress.beyond_queue);
    let next = || store.next_review_items(3, &[]).unwrap();
    let mut cards: Vec<ReviewCard> = next();
    report("next 3 items", calls, |_| cards = next());
    report("decide", calls, |call| {
        let card = &store.next_review_items(1, &[]).unwrap()[0];
        let began = Instant::now();
        decide(&store, card, call);
        began.elapsed()
    });
    report("undo", calls, |call| drop(store.undo("anna", call as i64).unwrap()));
    report("review progress", calls, |_| drop(store.review_progress("anna", 0).unwrap()));
    report("list review", calls, |call| {
        drop(store.review_rows(Some(ReviewStatus::Pending), Some(call as i64 * 50), 100).unwrap());
    });
    let filters = ["", "status:waiting", "label:label_5", "domain:label_5", "status:confident label:label_7"];
    for filter in filters {
        let parsed = ItemFilter::parse(filter).unwrap();
        let step = (items / calls as u64) as i64;
        report(&format!("list items {filter}"), calls, |call| {
            drop(store.items(&parsed, Some(call as i64 * step), 100).unwrap());
        });
    }
    report("item statistics", 200, |_| drop(store.item_stats().unwrap()));
    for filter in ["text:nowhere", "confidence<0.0001", "status:new"] {
        let parsed = ItemFilter::parse(filter).unwrap();
        report(&format!("list items {filter} (all looked at)"), 5, |_| drop(store.items(&parsed, None, 100).unwrap()));
    }
    bare(&store, folder.path(), calls);
}

/// Runs a call many times and prints how long it took.
fn report<T: Timed>(name: &str, calls: usize, mut call: impl FnMut(usize) -> T) {
    let mut times: Vec<Duration> = (0..calls)
        .map(|number| {
            let began = Instant::now();
            let own = call(number).time();
            own.unwrap_or_else(|| began.elapsed())
        })
        .collect();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    println!("{name:50} p50 {:8.3} ms   p99 {:8.3} ms   max {:8.3} ms", at(0.5), at(0.99), at(1.0));
}

/// A call that is timed from outside, or times its part itself.
trait Timed {
    fn time(&self) -> Option<Duration>;
}

impl Timed for () {
    fn time(&self) -> Option<Duration> {
        None
    }
}

impl Timed for Duration {
    fn time(&self) -> Option<Duration> {
        Some(*self)
    }
}

fn decide(store: &Store, card: &ReviewCard, call: usize) {
    let action = match call % 4 {
        0 | 1 => Action::Approve,
        2 => Action::Correct { domain: "label_3".to_owned() },
        _ => Action::Reject,
    };
    store.decide(card.item, &action, "anna", call as i64).unwrap();
}

/// The bare statements, on the same file.
fn bare(store: &Store, folder: &std::path::Path, calls: usize) {
    let file = rusqlite::Connection::open(folder.join("winnow.db")).unwrap();
    report("bare SQLite: next 3 by index, texts", calls, |_| {
        let mut query = file
            .prepare_cached(
                "SELECT i.text FROM review r INDEXED BY review_queue JOIN items i ON i.id = r.item WHERE r.status = 0
                 ORDER BY r.priority DESC, r.confidence, r.item LIMIT 3",
            )
            .unwrap();
        let texts: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(texts.len(), 3);
    });
    file.execute_batch("PRAGMA synchronous = FULL; CREATE TABLE bare (id INTEGER PRIMARY KEY, a INTEGER)").unwrap();
    report("bare SQLite: one durable row", calls, |call| {
        file.prepare_cached("INSERT INTO bare (a) VALUES (?1)").unwrap().execute([call as i64]).unwrap();
    });
    drop(store.name());
}

/// Imports and labels the items; a fifth is unsure.
fn fill(store: &Store, items: u64) {
    let domains: Vec<Domain> =
        (0..DOMAINS).map(|number| Domain { id: format!("label_{number}"), ..Domain::default() }).collect();
    store.set_schema(&domains).unwrap();
    let began = Instant::now();
    let job = job(store, JobKind::Import);
    let report = ImportReport::default();
    let source = NewSource { name: "rows.csv".to_owned(), job, keep_duplicates: false, report };
    let mut writer = store.begin_import(&source, 0).unwrap();
    for first in (0..items).step_by(16_000) {
        let batch = (first..items.min(first + 16_000)).map(item).collect();
        writer.push(batch, Vec::new(), |_| JobProgress::default()).unwrap();
    }
    writer.finish(ImportReport::default(), |_| JobProgress::default(), 0).unwrap();
    println!("imported in {:.1} s", began.elapsed().as_secs_f64());
    let began = Instant::now();
    label(store, items);
    println!("{items} predictions stored in {:.1} s", began.elapsed().as_secs_f64());
}

fn label(store: &Store, items: u64) {
    let job = job(store, JobKind::Label);
    let plan = LabelPlan { scope: &LabelScope::default(), model: "m", prompt_version: "1" };
    assert_eq!(store.plan_labelling(job, &plan).unwrap(), items);
    let mut report = LabelReport::default();
    let mut after = None;
    loop {
        let batch = store.items_to_label(job, after, 2_000).unwrap();
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        let predictions: Vec<NewPrediction> = batch.iter().map(|item| prediction(item.id)).collect();
        let thresholds = Thresholds::default();
        let progress = |_: &LabelReport| JobProgress::default();
        store.store_predictions(job, "m", "1", &predictions, thresholds, &mut report, progress, 0).unwrap();
    }
}

fn job(store: &Store, kind: JobKind) -> JobId {
    let new = NewJob { kind, subject: String::new(), unit: JobUnit::Rows, params: serde_json::Value::Null };
    let job = store.create_job(&new, 0).unwrap();
    store.start_job(job, 0).unwrap();
    job
}

fn mixed(value: u64) -> u64 {
    let z = value.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (z ^ (z >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33
}

fn item(row: u64) -> NewItem {
    let text = format!("I am still waiting on my card number {row:08}, please tell me where it is");
    NewItem {
        hash: TextHash::of(&text),
        row: row + 2,
        text,
        label: (!row.is_multiple_of(3)).then(|| format!("label_{}", mixed(row) % DOMAINS)),
        ts: None,
        user: None,
        metadata: None,
    }
}

fn prediction(item: ItemId) -> NewPrediction {
    let row = item.0.unsigned_abs() - 1;
    let confidence = 0.4 + (mixed(row + 7) % 600) as f32 / 1000.0;
    let candidate = |other: u64| Candidate {
        domain: format!("label_{}", (mixed(row) + other) % DOMAINS),
        probability: if other == 0 { confidence } else { (1.0 - confidence) / 9.0 },
    };
    let candidates = (0..10).map(candidate).collect();
    NewPrediction { item, candidates, confidence, obtained: ConfidenceSource::LabelLikelihood }
}
