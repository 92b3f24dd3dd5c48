//! Labelling over a server that fails: nothing paid is paid twice, nothing answered is lost. The server is a fake because
//! the faults are the point.
#![allow(clippy::unwrap_used, missing_docs)]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use contract::compare::Comparison;
use contract::job::{JobResult, JobState, JobStatus};
use contract::label::{Budget, ConfidenceSource, LabelReport, LabelScope, Thresholds};
use contract::model::{KeySource, ModelEntry, ModelFinding, ModelSpec, ServerSettings};
use contract::schema::Domain;
use contract::source::FileSpec;
use contract::{CallError, ErrorCode, JobId};
use models::{CancelToken, ItemError, LabelModel, LabelPrompt, ModelError, RunReport, Scored, Sink, TextEncoder};
use pipeline::job::{JobParameters, JobRunner, Registry, Workplace};
use pipeline::label::ModelSource;
use store::Store;

/// What the fake does after so many answers.
#[derive(Clone, Copy)]
enum Fault {
    None,
    Gone(usize),
    Panic(usize),
    /// Answers nonsense to every third text, whenever it is asked about.
    Nonsense,
    /// Answers nonsense to every third text the first time.
    Clumsy,
    /// Says that every third text is too long.
    TooLong,
}

#[derive(Default)]
struct Server {
    asked: Mutex<Vec<String>>,
    fault: Mutex<Option<Fault>>,
}

struct Source(Arc<Server>);

impl ModelSource for Source {
    fn model(&self, _: &ModelEntry) -> Result<Arc<dyn LabelModel>, CallError> {
        Ok(self.0.clone())
    }

    fn encoder(&self, folder: &str) -> Result<Arc<dyn TextEncoder>, CallError> {
        panic!("no encoder is asked for: {folder}")
    }
}

impl LabelModel for Server {
    fn identity(&self) -> String {
        "fake server".into()
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
        cancel: &CancelToken,
        sink: &mut Sink<'_>,
    ) -> Result<RunReport, ModelError> {
        let fault = self.fault.lock().unwrap().unwrap_or(Fault::None);
        let mut report = RunReport::default();
        for (index, text) in texts.iter().enumerate() {
            match fault {
                Fault::Gone(after) if index == after => {
                    return Err(ModelError::ServerGone { server: "http://fake".into(), detail: "refused".into() });
                }
                Fault::Panic(after) if index == after => panic!("killed"),
                _ => {}
            }
            if cancel.is_cancelled() {
                report.cancelled = true;
                break;
            }
            let row = text.split(' ').nth(2).and_then(|row| row.parse::<usize>().ok());
            let is_third = row.is_some_and(|row| row.is_multiple_of(3));
            let is_first = {
                let mut asked = self.asked.lock().unwrap();
                asked.push((*text).to_owned());
                asked.iter().filter(|known| known == text).count() == 1
            };
            let nonsense = Err(ItemError::Answer { answer: "I don't know".into() });
            let answer = match fault {
                Fault::Nonsense if is_third => nonsense,
                Fault::Clumsy if is_third && is_first => nonsense,
                Fault::TooLong if is_third => Err(ItemError::TooLong { tokens: 9_000, limit: 4_096 }),
                _ => {
                    let mut probabilities = vec![0.01; prompt.labels.len()];
                    probabilities[text.len() % prompt.labels.len()] = 0.9;
                    let (prompt_tokens, completion_tokens) = (10, 2);
                    let obtained = ConfidenceSource::TokenLogprobs;
                    Ok(Scored { probabilities, obtained, prompt_tokens, completion_tokens })
                }
            };
            if let ControlFlow::Break(()) = sink(index, answer) {
                break;
            }
        }
        Ok(report)
    }
}

struct Bench {
    runner: JobRunner,
    server: Arc<Server>,
    _folder: tempfile::TempDir,
}

const ROWS: usize = 30;

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let millis = AtomicI64::new(1_700_000_000_000);
        let clock: pipeline::Clock = Arc::new(move || millis.fetch_add(1, Ordering::Relaxed));
        let store = Arc::new(Store::create(&folder.path().join("p"), "p", clock()).unwrap());
        let domain = |id: &str| Domain { id: id.into(), ..Domain::default() };
        store.set_schema(&[domain("first"), domain("second"), domain("third")]).unwrap();
        let spec = ModelSpec::Server {
            url: "http://fake".into(),
            model: "fake".into(),
            key: KeySource::None,
            settings: ServerSettings::default(),
        };
        let entry = ModelEntry { name: "fake".into(), spec, added: 0, present: true, summary: String::new() };
        store.add_model(&entry).unwrap();
        let file = folder.path().join("rows.csv");
        let rows: String = (0..ROWS).map(|row| format!("text number {row} {},first\n", "x".repeat(row))).collect();
        std::fs::write(&file, format!("text,label\n{rows}")).unwrap();
        let server: Arc<Server> = Arc::default();
        let models = Arc::new(Source(server.clone()));
        let registry = Arc::new(Registry::default());
        let runner = JobRunner::new(Workplace { store, models, clock, registry, near: Arc::default() });
        let bench = Self { runner, server, _folder: folder };
        let files = vec![FileSpec { path: file.display().to_string(), ..FileSpec::default() }];
        assert_eq!(bench.run(&JobParameters::Import { files }).state, JobState::Done);
        bench
    }

    fn labelling(&self) -> JobParameters {
        let (scope, thresholds) = (LabelScope::default(), Thresholds::default());
        let budget = Budget::default();
        JobParameters::Label { model: "fake".into(), scope, thresholds, schema: 1, budget }
    }

    fn label(&self, fault: Fault) -> JobStatus {
        *self.server.fault.lock().unwrap() = Some(fault);
        self.run(&self.labelling())
    }

    /// Another entry for the same server, whose answers are not kept.
    fn add_without_cache(&self, name: &str) {
        let store = &self.runner.workplace().store;
        let mut entry = store.model("fake").unwrap();
        let ModelSpec::Server { settings, .. } = &mut entry.spec else { panic!("{entry:?}") };
        settings.cache_hours = 0;
        entry.name = name.into();
        store.add_model(&entry).unwrap();
    }

    fn compare(&self, first: &str, second: &str) -> Comparison {
        let parameters = JobParameters::Compare {
            first: first.into(),
            second: second.into(),
            scope: LabelScope::default(),
            trust_labels: true,
            known_only: false,
            asked: 0,
        };
        match self.run(&parameters).result {
            Some(JobResult::Compare(report)) => *report,
            other => panic!("{other:?}"),
        }
    }

    fn run(&self, parameters: &JobParameters) -> JobStatus {
        let job: JobId = self.runner.start(parameters).unwrap();
        loop {
            let status = self.runner.workplace().store.job(job).unwrap().status;
            if !status.state.is_active() {
                return status;
            }
            std::thread::yield_now();
        }
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = self.server.asked.lock().unwrap().clone();
        asked.sort();
        asked
    }
}

fn report(status: &JobStatus) -> &LabelReport {
    match &status.result {
        Some(JobResult::Label(report)) => report,
        other => panic!("{other:?}"),
    }
}

/// Every text was asked for once and only once.
fn assert_each_once(asked: &[String]) {
    let mut once = asked.to_vec();
    once.dedup();
    assert_eq!((asked.len(), once.len()), (ROWS, ROWS));
}

#[test]
fn a_server_that_goes_stops_the_job_and_the_next_run_goes_on() {
    let bench = Bench::new();
    let failed = bench.label(Fault::Gone(7));
    assert_eq!(failed.state, JobState::Failed);
    assert_eq!(failed.error.as_ref().unwrap().code, ErrorCode::ServerUnreachable);
    assert_eq!(report(&failed).labelled, 7);
    let done = bench.label(Fault::None);
    assert_eq!((done.id, done.state), (failed.id, JobState::Done), "the same job goes on");
    assert_eq!(report(&done).labelled, ROWS as u64);
    assert_each_once(&bench.asked());
}

#[test]
fn an_answer_that_arrived_is_never_paid_again() {
    let bench = Bench::new();
    // Five answers arrive, and a defect ends the job before their time to be stored has come.
    let failed = bench.label(Fault::Panic(5));
    assert_eq!(failed.state, JobState::Failed);
    assert_eq!(bench.asked().len(), 5);
    let done = bench.label(Fault::None);
    assert_eq!(done.state, JobState::Done, "{:?}", done.error);
    assert_eq!((report(&done).labelled, report(&done).from_cache), (ROWS as u64, 0));
    assert_each_once(&bench.asked());
}

#[test]
fn a_labeller_whose_answers_are_in_the_cache_is_not_called_faster() {
    let bench = Bench::new();
    bench.add_without_cache("one");
    bench.add_without_cache("other");
    let fresh = bench.compare("one", "other");
    assert_eq!((fresh.items, fresh.known, &fresh.better), (ROWS as u64, ROWS as u64, &None));
    assert_eq!((fresh.first.cached, fresh.second.cached), (0, 0));
    assert!(fresh.pick.is_some(), "the cost of both is known");
    // The ordinary way: one is labelled with first and compared then.
    assert_eq!(report(&bench.label(Fault::None)).labelled, ROWS as u64);
    let cached = bench.compare("fake", "other");
    assert_eq!((cached.first.cached, cached.second.cached), (ROWS as u64, 0));
    assert_eq!((cached.first.prompt_tokens, cached.second.prompt_tokens), (0, fresh.second.prompt_tokens));
    assert_eq!((cached.better, cached.pick), (None, None));
    let swapped = bench.compare("other", "fake");
    assert_eq!((swapped.first.cached, swapped.second.cached, swapped.pick), (0, ROWS as u64, None));
}

#[test]
fn items_that_fail_are_counted_and_tried_again_by_the_next_run() {
    let bench = Bench::new();
    let first = bench.label(Fault::Nonsense);
    assert_eq!(first.state, JobState::Done);
    assert_eq!((report(&first).labelled, report(&first).failed), (20, 10));
    assert_eq!(report(&first).last_failure.as_ref().unwrap().code, ErrorCode::AnswerInvalid);
    assert_eq!(bench.asked().len(), ROWS + 10, "once more, and no further when that gained nothing");
    let second = bench.label(Fault::None);
    assert_ne!(second.id, first.id, "the first run is over");
    assert_eq!((report(&second).labelled, report(&second).failed), (10, 0));
}

#[test]
fn what_failed_is_asked_about_once_more_before_a_run_ends() {
    let bench = Bench::new();
    let done = bench.label(Fault::Clumsy);
    assert_eq!(done.state, JobState::Done);
    let told = report(&done);
    assert_eq!((told.labelled, told.failed, &told.last_failure, told.retries), (ROWS as u64, 0, &None, 10));
    assert_eq!(bench.asked().len(), ROWS + 10, "what was answered is not asked about again");
}

#[test]
fn what_can_never_be_labelled_is_asked_about_once() {
    let bench = Bench::new();
    let done = bench.label(Fault::TooLong);
    assert_eq!((done.state, report(&done).labelled, report(&done).failed), (JobState::Done, 20, 10));
    assert_eq!(report(&done).last_failure.as_ref().unwrap().code, ErrorCode::TextTooLong);
    assert_each_once(&bench.asked());
}

#[test]
fn a_bad_row_leaves_nothing_of_its_file() {
    let bench = Bench::new();
    let folder = bench._folder.path();
    let spec = |path: &Path| FileSpec { path: path.display().to_string(), ..FileSpec::default() };
    let (good, bad) = (folder.join("good.csv"), folder.join("bad.csv"));
    std::fs::write(&good, "text,label\nanother text,first\n").unwrap();
    let rows: String = (0..30_000).map(|row| format!("something else {row},second\n")).collect();
    std::fs::write(&bad, format!("text,label\n{rows}one,two,three\n")).unwrap();
    let parameters = JobParameters::Import { files: vec![spec(&good), spec(&bad)] };
    let failed = bench.run(&parameters);
    assert_eq!(failed.state, JobState::Failed);
    let error = failed.error.clone().unwrap();
    assert_eq!((error.code, error.place.row), (ErrorCode::RowRagged, Some(30_002)));
    let store = &bench.runner.workplace().store;
    let names: Vec<String> = store.sources().unwrap().into_iter().map(|source| source.name).collect();
    assert_eq!(names, ["good.csv", "rows.csv"]);
    assert_eq!(store.overview().unwrap().items, ROWS as u64 + 1);
    // The file is mended and the same import goes on with it.
    std::fs::write(&bad, format!("text,label\n{rows}")).unwrap();
    let done = bench.run(&parameters);
    assert_eq!((done.id, done.state), (failed.id, JobState::Done));
    let Some(JobResult::Import(reports)) = done.result else { panic!("{done:?}") };
    assert_eq!(reports.iter().map(|report| report.kept).collect::<Vec<_>>(), [1, 30_000]);
    assert_eq!(store.overview().unwrap().items, ROWS as u64 + 30_001);
}
