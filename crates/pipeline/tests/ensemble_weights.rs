//! An ensemble's weights from what its members said of decided items, wherever they said it. The servers are fakes because how
//! often each is right is the point.
#![allow(clippy::unwrap_used, missing_docs)]

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use contract::job::{JobState, JobStatus};
use contract::label::{Budget, ConfidenceSource, LabelScope, Thresholds};
use contract::labeller::{EnsembleRule, TrainingSet};
use contract::model::{KeySource, ModelEntry, ModelFinding, ModelSpec, ServerSettings};
use contract::review::Action;
use contract::schema::Domain;
use contract::source::FileSpec;
use contract::{CallError, JobId};
use models::{CancelToken, LabelModel, LabelPrompt, ModelError, RunReport, Scored, Sink, TextEncoder};
use pipeline::job::{JobParameters, JobRunner, Registry, Workplace};
use pipeline::label::ModelSource;
use pipeline::labeller::{Bench, open};
use store::Store;

const DOMAINS: [&str; 3] = ["first", "second", "third"];
const ROWS: usize = 60;

/// Knows a text's domain from its words, and is wrong about each text whose number is a multiple of `wrong_each`.
struct Server {
    name: &'static str,
    wrong_each: usize,
    asked: AtomicUsize,
}

impl LabelModel for Server {
    fn identity(&self) -> String {
        self.name.into()
    }
    fn findings(&self) -> Vec<ModelFinding> {
        Vec::new()
    }
    fn rendered(&self, _: &LabelPrompt, text: &str) -> String {
        text.into()
    }
    fn label(
        &self,
        prompt: &LabelPrompt,
        texts: &[&str],
        _: &CancelToken,
        sink: &mut Sink<'_>,
    ) -> Result<RunReport, ModelError> {
        for (index, text) in texts.iter().enumerate() {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let number: usize = text.split(' ').nth(1).unwrap().parse().unwrap();
            let right = prompt.labels.iter().position(|label| text.ends_with(&label.id)).unwrap();
            let said = if number.is_multiple_of(self.wrong_each) { (right + 1) % prompt.labels.len() } else { right };
            let mut probabilities = vec![0.05; prompt.labels.len()];
            probabilities[said] = 0.9;
            let obtained = ConfidenceSource::SelfReport;
            let scored = Scored { probabilities, obtained, prompt_tokens: 10, completion_tokens: 2 };
            if let ControlFlow::Break(()) = sink(index, Ok(scored)) {
                break;
            }
        }
        Ok(RunReport::default())
    }
}

struct Source {
    strong: Arc<Server>,
    weak: Arc<Server>,
}

impl ModelSource for Source {
    fn model(&self, entry: &ModelEntry) -> Result<Arc<dyn LabelModel>, CallError> {
        let server = if entry.name == "strong" { &self.strong } else { &self.weak };
        Ok(server.clone())
    }

    fn encoder(&self, folder: &str) -> Result<Arc<dyn TextEncoder>, CallError> {
        panic!("no encoder is asked for: {folder}")
    }
}

struct Project {
    runner: JobRunner,
    bench: Bench,
    strong: Arc<Server>,
    _folder: tempfile::TempDir,
}

impl Project {
    /// Decided items, a server that is wrong about one of sixty, one that is wrong about each third, and an ensemble of both.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let millis = AtomicI64::new(1_700_000_000_000);
        let clock: pipeline::Clock = Arc::new(move || millis.fetch_add(1, Ordering::Relaxed));
        let store = Arc::new(Store::create(&folder.path().join("p"), "p", clock()).unwrap());
        let domains = DOMAINS.map(|id| Domain { id: id.into(), ..Domain::default() });
        store.set_schema(&domains).unwrap();
        let settings = ServerSettings { cache_hours: 0, ..ServerSettings::default() };
        let server =
            ModelSpec::Server { url: "http://fake".into(), model: "fake".into(), key: KeySource::None, settings };
        let both = ModelSpec::Ensemble { members: vec!["weak".into(), "strong".into()], rule: EnsembleRule::Vote };
        for (name, spec) in [("weak", server.clone()), ("strong", server), ("both", both)] {
            let entry = ModelEntry { name: name.into(), spec, added: 0, present: true, summary: String::new() };
            store.add_model(&entry).unwrap();
        }
        let file = folder.path().join("rows.csv");
        let row = |row: usize| format!("text {row} of {0},{0}\n", DOMAINS[row % 3]);
        std::fs::write(&file, format!("text,label\n{}", (1..=ROWS).map(row).collect::<String>())).unwrap();
        let server = |name, wrong_each| Arc::new(Server { name, wrong_each, asked: AtomicUsize::new(0) });
        let (strong, weak) = (server("strong", ROWS), server("weak", 3));
        let models = Arc::new(Source { strong: strong.clone(), weak });
        let bench = Bench { store: store.clone(), models: models.clone(), clock: clock.clone() };
        let registry = Arc::new(Registry::default());
        let runner = JobRunner::new(Workplace { store, models, clock, registry, near: Arc::default() });
        let project = Self { runner, bench, strong, _folder: folder };
        let files = vec![FileSpec { path: file.display().to_string(), ..FileSpec::default() }];
        project.run(&JobParameters::Import { files });
        project.decide();
        project
    }

    /// A person decides on every item, as its text says.
    fn decide(&self) {
        let labels = TrainingSet { trust_all: true, ..TrainingSet::default() };
        let known = self.bench.store.known_items(&labels).unwrap();
        assert_eq!(known.len(), ROWS);
        let right = |domain: u32| Action::Correct { domain: DOMAINS[domain as usize].into() };
        let decisions: Vec<_> = known.iter().map(|known| (known.item, right(known.domain))).collect();
        self.bench.store.decide_all(&decisions, "anna", 1).unwrap();
    }

    fn run(&self, parameters: &JobParameters) -> JobStatus {
        let job: JobId = self.runner.start(parameters).unwrap();
        loop {
            let status = self.bench.store.job(job).unwrap().status;
            if !status.state.is_active() {
                assert_eq!(status.state, JobState::Done, "{:?}", status.error);
                return status;
            }
            std::thread::yield_now();
        }
    }

    fn calibrate(&self, model: &str) {
        let model = model.into();
        self.run(&JobParameters::Calibrate { model, limit: 2_000, trust_labels: false, asked: 0 });
    }

    fn label(&self, model: &str) {
        let (scope, thresholds, budget) = (LabelScope::default(), Thresholds::default(), Budget::default());
        self.run(&JobParameters::Label { model: model.into(), scope, thresholds, schema: 1, budget });
    }

    /// The weights of the weak and of the strong member, in thousandths.
    fn weights(&self) -> Vec<u32> {
        let both = open(&self.bench, "both", &CancelToken::new()).unwrap();
        let weight = |finding: ModelFinding| match finding {
            ModelFinding::Member { permille, .. } => Some(permille),
            _ => None,
        };
        both.findings().into_iter().filter_map(weight).collect()
    }
}

/// The log-odds of 41 of 63 and of 60 of 63, each with three answers by chance.
const BY_DECISIONS: [u32; 2] = [263, 737];

#[test]
fn weights_come_from_what_calibrations_asked() {
    let project = Project::new();
    assert_eq!(project.weights(), [500, 500], "nobody has said anything");
    project.calibrate("strong");
    assert_eq!(project.weights(), [500, 500], "of the other nothing is known");
    project.calibrate("weak");
    assert_eq!(project.weights(), BY_DECISIONS);
    // What was asked once is not asked again.
    let asked = project.strong.asked.load(Ordering::Relaxed);
    assert_eq!(asked, ROWS);
    project.calibrate("strong");
    assert_eq!(project.strong.asked.load(Ordering::Relaxed), asked);
}

#[test]
fn weights_come_from_the_ensemble_s_own_run() {
    let project = Project::new();
    project.label("both");
    assert_eq!(project.weights(), BY_DECISIONS);
    // Uncalibrated, a vote's confidence is the share of the weight: all of it, or half where two of the same weight differ.
    let mut confidences = project.bench.store.confidences("both").unwrap();
    confidences.sort_by(f32::total_cmp);
    let (least, most) = (confidences[0], confidences[ROWS - 1]);
    assert!(
        (most - (0.99 + 0.01 / 3.0)).abs() < 1e-5 && (least - (0.495 + 0.01 / 3.0)).abs() < 1e-5,
        "{confidences:?}"
    );
    let sure = confidences.iter().filter(|confidence| **confidence > 0.9).count();
    // They differ about each third text but for the last, about which both are wrong in the same way.
    assert_eq!(sure, ROWS - ROWS / 3 + 1);
}
