//! A project whose items are put straight into its store, so that their texts can be anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use contract::dataset::{DatasetMetadata, DatasetSummary, Sample, SplitSettings};
use contract::job::{JobKind, JobResult, JobStatus, JobUnit};
use contract::label::{Candidate, ConfidenceSource, LabelReport, LabelScope, Thresholds};
use contract::model::ModelEntry;
use contract::review::Action;
use contract::schema::Domain;
use contract::source::ImportReport;
use contract::{CallError, ItemId, JobId};
use models::{LabelModel, TextEncoder};
use pipeline::job::{JobParameters, JobRunner, Registry, Workplace};
use pipeline::label::ModelSource;
use store::{JobProgress, LabelPlan, NewItem, NewJob, NewPrediction, NewSource, Store, TextHash};

struct NoModel;

impl ModelSource for NoModel {
    fn model(&self, entry: &ModelEntry) -> Result<Arc<dyn LabelModel>, CallError> {
        panic!("no model is asked for: {}", entry.name)
    }

    fn encoder(&self, folder: &str) -> Result<Arc<dyn TextEncoder>, CallError> {
        panic!("no encoder is asked for: {folder}")
    }
}

pub struct Project {
    runner: JobRunner,
    _folder: tempfile::TempDir,
}

/// A row of a source.
#[derive(Clone, Default)]
pub struct Line {
    pub text: String,
    pub label: String,
    pub ts: Option<String>,
    pub user: Option<String>,
    pub parent: Option<String>,
}

impl Line {
    pub fn new(text: impl Into<String>, label: impl Into<String>) -> Self {
        Self { text: text.into(), label: label.into(), ..Self::default() }
    }
}

impl Project {
    pub fn new(domains: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let millis = AtomicI64::new(1_700_000_000_000);
        let clock: pipeline::Clock = Arc::new(move || millis.fetch_add(1, Ordering::Relaxed));
        let store = Arc::new(Store::create(&folder.path().join("p"), "p", 1).unwrap());
        let domains: Vec<Domain> =
            domains.iter().map(|id| Domain { id: (*id).to_owned(), ..Domain::default() }).collect();
        store.set_schema(&domains).unwrap();
        let (models, registry) = (Arc::new(NoModel), Arc::new(Registry::default()));
        let runner = JobRunner::new(Workplace { store, models, clock, registry, near: Arc::default() });
        Self { runner, _folder: folder }
    }

    pub fn store(&self) -> &Store {
        &self.runner.workplace().store
    }

    fn job(&self, kind: JobKind) -> JobId {
        let new = NewJob { kind, subject: "test".to_owned(), unit: JobUnit::Rows, params: serde_json::Value::Null };
        let job = self.store().create_job(&new, 1).unwrap();
        self.store().start_job(job, 2).unwrap();
        job
    }

    fn done(&self, job: JobId) {
        self.store().end_job(job, contract::job::JobState::Done, None, None, 3).unwrap();
    }

    /// Imports lines as a source of that name; texts that are there already are kept.
    pub fn import(&self, name: &str, lines: &[Line]) {
        let job = self.job(JobKind::Import);
        let report = ImportReport { path: format!("/data/{name}"), ..ImportReport::default() };
        let source = NewSource { name: name.to_owned(), job, keep_duplicates: true, report };
        let mut writer = self.store().begin_import(&source, 2).unwrap();
        let item = |(row, line): (u64, &Line)| NewItem {
            hash: TextHash::of(&line.text),
            row,
            text: line.text.clone(),
            label: Some(line.label.clone()),
            ts: line.ts.clone(),
            user: line.user.clone(),
            metadata: line.parent.as_ref().map(|parent| serde_json::json!({ "parent": parent }).to_string()),
        };
        let items = (2..).zip(lines).map(item).collect();
        writer.push(items, Vec::new(), |report| progress(report.read)).unwrap();
        writer.finish(ImportReport::default(), |report| progress(report.read), 4).unwrap();
        self.done(job);
    }

    /// Lets a model predict domains with a confidence.
    pub fn predict(&self, predictions: &[(i64, &str, f32)]) {
        let job = self.job(JobKind::Label);
        let plan = LabelPlan { scope: &LabelScope::default(), model: "m", prompt_version: "1" };
        self.store().plan_labelling(job, &plan).unwrap();
        let predictions: Vec<NewPrediction> = predictions
            .iter()
            .map(|(item, domain, confidence)| NewPrediction {
                item: ItemId(*item),
                candidates: vec![Candidate { domain: (*domain).to_owned(), probability: *confidence }],
                confidence: *confidence,
                obtained: ConfidenceSource::LabelLikelihood,
                raw: None,
                no_domain: false,
            })
            .collect();
        let mut report = LabelReport::default();
        let save = |report: &LabelReport| progress(report.labelled);
        self.store()
            .store_predictions(job, "m", "1", &predictions, Thresholds::default(), &mut report, save, 5)
            .unwrap();
        self.done(job);
    }

    pub fn decide(&self, item: i64, domain: &str, reviewer: &str, at: i64) {
        let action = Action::Correct { domain: domain.to_owned() };
        self.store().decide(ItemId(item), &action, reviewer, at).unwrap();
    }

    /// Runs a job to its end.
    pub fn run(&self, parameters: &JobParameters) -> JobStatus {
        let job = self.runner.start(parameters).unwrap();
        loop {
            let status = self.store().job(job).unwrap().status;
            if !status.state.is_active() {
                return status;
            }
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }

    /// Writes a dataset.
    pub fn write(&self, settings: &SplitSettings) -> Written {
        let status = self.run(&JobParameters::Write { settings: settings.clone() });
        let Some(JobResult::Write(summary)) = status.result else { panic!("{status:?}") };
        let folder = self.store().folder().path().join(&summary.folder);
        Written { folder, summary: *summary }
    }
}

pub fn progress(done: u64) -> JobProgress {
    JobProgress { done, at: 3, ..JobProgress::default() }
}

/// A written dataset.
pub struct Written {
    pub folder: PathBuf,
    pub summary: DatasetSummary,
}

impl Written {
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn samples(&self, name: &str) -> Vec<Sample> {
        let text = String::from_utf8(self.bytes(name)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn metadata(&self) -> DatasetMetadata {
        serde_json::from_slice(&self.bytes("metadata.json")).unwrap()
    }

    /// Every file below the folder, by name.
    pub fn files(&self) -> Vec<String> {
        let mut names = Vec::new();
        collect(&self.folder, "", &mut names);
        names.sort();
        names
    }
}

fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), names);
        } else {
            names.push(name);
        }
    }
}

/// Real questions of some intents.
pub fn banking(intents: usize) -> (Vec<Line>, Vec<String>) {
    let mut reader = csv::Reader::from_path(testbed::data("banking77_train.csv").unwrap()).unwrap();
    let rows: Vec<(String, String)> = reader.deserialize().map(|row| row.unwrap()).collect();
    let mut domains: Vec<String> = rows.iter().map(|(_, intent)| intent.clone()).collect();
    domains.sort();
    domains.dedup();
    domains.truncate(intents);
    let lines = rows.into_iter().filter(|(_, intent)| domains.contains(intent));
    (lines.map(|(text, intent)| Line::new(text, intent)).collect(), domains)
}

pub fn settings() -> SplitSettings {
    SplitSettings { min_eval: 5, min_per_domain: 1, ..SplitSettings::default() }
}
