//! What the tests of the store share: a project in a temporary folder with items, jobs and predictions.
#![allow(dead_code, clippy::unwrap_used)]

use contract::job::{JobKind, JobUnit};
use contract::label::{Candidate, ConfidenceSource, LabelReport, LabelScope, Thresholds};
use contract::schema::Domain;
use contract::source::ImportReport;
use contract::{ItemId, JobId, SourceId};
use store::{JobProgress, LabelPlan, NewItem, NewJob, NewPrediction, NewSource, Store, TextHash};
use tempfile::TempDir;

/// A project that goes away with the value.
pub struct Project {
    pub store: Store,
    pub folder: TempDir,
}

pub fn project() -> Project {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), "Test", 1).unwrap();
    Project { store, folder }
}

pub fn item(row: u64, text: &str, label: Option<&str>) -> NewItem {
    NewItem {
        hash: TextHash::of(text),
        row,
        text: text.to_owned(),
        label: label.map(str::to_owned),
        ts: None,
        user: None,
        metadata: None,
    }
}

pub fn job(store: &Store, kind: JobKind) -> JobId {
    let new = NewJob { kind, subject: "test".to_owned(), unit: JobUnit::Rows, params: serde_json::Value::Null };
    let job = store.create_job(&new, 1).unwrap();
    store.start_job(job, 2).unwrap();
    job
}

pub fn source_of(job: JobId, keep_duplicates: bool) -> NewSource {
    let report = ImportReport { path: "/data/rows.csv".to_owned(), ..ImportReport::default() };
    NewSource { name: "rows.csv".to_owned(), job, keep_duplicates, report }
}

pub fn progress(done: u64) -> JobProgress {
    JobProgress { done, at: 3, ..JobProgress::default() }
}

/// Imports texts with their labels and answers the source.
pub fn import(store: &Store, rows: &[(&str, Option<&str>)]) -> SourceId {
    let job = job(store, JobKind::Import);
    let mut writer = store.begin_import(&source_of(job, false), 2).unwrap();
    let items = rows.iter().zip(2..).map(|((text, label), row)| item(row, text, *label)).collect();
    writer.push(items, Vec::new(), |report| progress(report.read)).unwrap();
    let source = writer.source();
    writer.finish(ImportReport::default(), |report| progress(report.read), 4).unwrap();
    source
}

pub fn domains(ids: &[&str]) -> Vec<Domain> {
    ids.iter().map(|id| Domain { id: (*id).to_owned(), ..Domain::default() }).collect()
}

pub fn prediction(item: i64, domain: &str, confidence: f32) -> NewPrediction {
    let other = Candidate { domain: "other".to_owned(), probability: 1.0 - confidence };
    let best = Candidate { domain: domain.to_owned(), probability: confidence };
    let obtained = ConfidenceSource::LabelLikelihood;
    NewPrediction {
        item: ItemId(item),
        candidates: vec![best, other],
        confidence,
        obtained,
        raw: None,
        no_domain: false,
    }
}

/// Stores predictions of `model` with prompt version "1".
pub fn predict(store: &Store, model: &str, predictions: &[NewPrediction]) -> LabelReport {
    let job = job(store, JobKind::Label);
    let plan = LabelPlan { scope: &LabelScope::default(), model, prompt_version: "1" };
    store.plan_labelling(job, &plan).unwrap();
    let mut report = LabelReport::default();
    let thresholds = Thresholds::default();
    store
        .store_predictions(job, model, "1", predictions, thresholds, &mut report, |report| progress(report.labelled), 5)
        .unwrap();
    report
}
