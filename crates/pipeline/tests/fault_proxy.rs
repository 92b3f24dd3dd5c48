//! Labelling through a proxy that spoils a fifth of all exchanges: every item is labelled exactly once and rightly, nothing
//! that was delivered is asked for again, and the report says what happened.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use contract::item::ItemFilter;
use contract::job::{JobResult, JobState, JobStatus};
use contract::label::{Budget, BudgetKind, LabelReport, LabelScope, Thresholds};
use contract::model::{KeySource, ModelEntry, ModelSpec, ServerSettings};
use contract::schema::Domain;
use contract::source::FileSpec;
use contract::{CallError, ErrorCode, JobId};
use models::{HttpModel, LabelModel, Mode, TextEncoder};
use pipeline::job::{JobParameters, JobRunner, Registry, Workplace};
use pipeline::label::ModelSource;
use store::Store;
use testbed::{Account, Fault, FaultProxy, LabelServer, LlamaServer, Shares};

/// A fifth of all questions.
const FIFTH: Shares = &[
    (Fault::RateLimited, 35),
    (Fault::ServerError, 35),
    (Fault::Hang, 4),
    (Fault::EndlessDrip, 2),
    (Fault::Half, 32),
    (Fault::WrongJson, 32),
    (Fault::WrongLabel, 30),
    (Fault::Twice, 20),
    (Fault::Drip, 10),
];
const NONE: Shares = &[];
const TIMEOUT: Duration = Duration::from_millis(1_000);
const LABELS: [&str; 5] = ["card", "cash", "rate", "top up", "transfer"];
/// Says to a child process where its project is.
const PROJECT: &str = "WINNOW_TEST_PROJECT";

fn settings() -> ServerSettings {
    ServerSettings {
        concurrency: 16,
        timeout_ms: u64::try_from(TIMEOUT.as_millis()).unwrap(),
        backoff_ms: 20,
        ..ServerSettings::default()
    }
}

/// Connects once, as the program does.
#[derive(Default)]
struct Source(Mutex<Option<Arc<HttpModel>>>);

impl ModelSource for Source {
    fn model(&self, entry: &ModelEntry) -> Result<Arc<dyn LabelModel>, CallError> {
        let ModelSpec::Server { url, model, settings, .. } = &entry.spec else { panic!("{entry:?}") };
        let mut kept = self.0.lock().unwrap();
        if kept.is_none() {
            *kept = Some(Arc::new(HttpModel::connect(url, model, None, settings.clone())?));
        }
        Ok(kept.clone().unwrap())
    }

    fn encoder(&self, folder: &str) -> Result<Arc<dyn TextEncoder>, CallError> {
        panic!("no encoder is asked for: {folder}")
    }
}

/// An open project.
struct Project {
    runner: JobRunner,
    store: Arc<Store>,
    source: Arc<Source>,
}

impl Project {
    fn new(store: Store) -> Self {
        let (store, source) = (Arc::new(store), Arc::new(Source::default()));
        let workplace = Workplace {
            store: store.clone(),
            models: source.clone(),
            clock: Arc::new(now),
            registry: Arc::new(Registry::default()),
            near: Arc::default(),
        };
        Self { runner: JobRunner::new(workplace), store, source }
    }

    fn start(&self, budget: Budget) -> JobId {
        let (scope, thresholds) = (LabelScope::default(), Thresholds::default());
        let parameters = JobParameters::Label { model: "server".into(), scope, thresholds, schema: 1, budget };
        self.runner.start(&parameters).unwrap()
    }

    /// Waits until the job is as wanted; every wait of these tests ends with an event, or the test hangs.
    fn wait(&self, job: JobId, wanted: impl Fn(&JobStatus) -> bool) -> JobStatus {
        loop {
            let status = self.store.job(job).unwrap().status;
            if wanted(&status) {
                return status;
            }
            assert!(status.state.is_active(), "it is over before what was waited for: {status:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn label(&self, budget: Budget) -> JobStatus {
        let job = self.start(budget);
        self.wait(job, |status| !status.state.is_active())
    }

    /// The labels of each item's predictions, by text.
    fn predictions(&self) -> BTreeMap<String, Vec<String>> {
        let (mut found, mut after) = (BTreeMap::new(), None);
        loop {
            let page = self.store.items(&ItemFilter::default(), after, 1_000).unwrap();
            for row in &page.rows {
                let item = self.store.item(row.id).unwrap();
                let labels = item.predictions.into_iter().map(|prediction| prediction.domain).collect();
                assert!(found.insert(item.text, labels).is_none());
            }
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// A project of these texts whose model is the server at `url`, in a folder that lives as long as the answer's second part.
fn project(texts: &[String], url: &str, model: &str, settings: ServerSettings) -> (Project, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("p"), "p", now()).unwrap();
    let domains = LABELS.map(|id| Domain { id: id.into(), ..Domain::default() });
    store.set_schema(&domains).unwrap();
    let spec = ModelSpec::Server { url: url.into(), model: model.into(), key: KeySource::None, settings };
    let entry = ModelEntry { name: "server".into(), spec, added: 0, present: true, summary: String::new() };
    store.add_model(&entry).unwrap();
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, format!("text\n{}\n", texts.join("\n"))).unwrap();
    let project = Project::new(store);
    let files = vec![FileSpec { path: file.display().to_string(), ..FileSpec::default() }];
    let job = project.runner.start(&JobParameters::Import { files }).unwrap();
    let imported = project.wait(job, |status| !status.state.is_active());
    assert_eq!(imported.state, JobState::Done, "{:?}", imported.error);
    (project, folder)
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("what does question {number} ask for")).collect()
}

fn report(status: &JobStatus) -> &LabelReport {
    match &status.result {
        Some(JobResult::Label(report)) => report,
        other => panic!("{other:?}"),
    }
}

/// Every item has one prediction and it is the one that the server computes from the item's own text.
fn assert_labelled_once(project: &Project, texts: &[String]) {
    let found = project.predictions();
    assert_eq!(found.len(), texts.len());
    for text in texts {
        assert_eq!(found[text], [LABELS[LabelServer::label(text, LABELS.len())]], "{text}");
    }
}

/// The report's counts are those of the proxy, as far as both see the same.
fn assert_told(report: &LabelReport, account: &Account) {
    let faults = report.faults;
    eprintln!("{faults:?}, peak {}, {:?}", report.peak_concurrency, account.faults);
    assert_eq!(faults.rate_limited, account.count(Fault::RateLimited));
    assert_eq!(faults.server_errors, account.count(Fault::ServerError));
    assert_eq!(faults.not_a_label, account.count(Fault::WrongLabel));
    // A second copy of an answer is either seen as another's, or costs the connection, or is not noticed at all.
    let (twice, half, wrong) =
        (account.count(Fault::Twice), account.count(Fault::Half), account.count(Fault::WrongJson));
    assert!((half..=half + twice).contains(&faults.connections_lost), "{faults:?}");
    assert!((wrong..=wrong + twice).contains(&faults.malformed), "{faults:?}");
    // On a busy machine an answer may come too late without anybody's doing.
    assert!(faults.timeouts >= account.count(Fault::Hang) + account.count(Fault::EndlessDrip), "{faults:?}");
    assert_eq!(report.retries, faults.total(), "every fault was followed by another try");
}

#[test]
fn ten_thousand_items_under_faults_are_labelled_exactly_once() {
    let texts = texts(10_000);
    let server = LabelServer::start(Duration::ZERO);
    let proxy = FaultProxy::start(&server.url(), FIFTH, 1, TIMEOUT);
    let (project, _folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings());
    let began = Instant::now();
    let done = project.label(Budget::default());
    eprintln!("10,000 items in {:.1?}", began.elapsed());
    assert_eq!(done.state, JobState::Done, "{:?}", done.error);
    let (report, account) = (report(&done), proxy.account());
    assert_eq!((report.labelled, report.failed, report.from_cache), (10_000, 0, 0));
    assert_labelled_once(&project, &texts);
    assert_eq!(account.asked_again, Vec::<String>::new(), "what was delivered was paid for again");
    assert_told(report, &account);
    let spoiled: u64 = account.faults.values().sum();
    assert!(spoiled > 2_000, "{spoiled}: a fifth of the questions");
    assert!(report.peak_concurrency > 1 && report.ended_by.is_none() && report.paused.is_none());
    assert_eq!(report.prompt_tokens, 10_000 * LabelServer::PROMPT_TOKENS);
}

#[test]
fn what_used_up_its_tries_is_gone_over_again_at_the_end() {
    let texts = texts(3_000);
    let server = LabelServer::start(Duration::ZERO);
    let proxy = FaultProxy::start(&server.url(), FIFTH, 8, TIMEOUT);
    // With two further tries, a dozen texts meet a fault in each.
    let settings = ServerSettings { retries: 2, ..settings() };
    let (project, _folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings);
    let done = project.label(Budget::default());
    assert_eq!(done.state, JobState::Done, "{:?}", done.error);
    let (report, account) = (report(&done), proxy.account());
    assert_eq!((report.labelled, report.failed, &report.last_failure), (3_000, 0, &None));
    assert_labelled_once(&project, &texts);
    assert_eq!(account.asked_again, Vec::<String>::new());
    assert_told(report, &account);
}

#[test]
fn a_model_that_never_gives_a_label_is_not_paid_for_all_items() {
    const ALL: Shares = &[(Fault::WrongLabel, 1_000)];
    let texts = texts(300);
    let server = LabelServer::start(Duration::ZERO);
    let proxy = FaultProxy::start(&server.url(), ALL, 9, TIMEOUT);
    let (project, _folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings());
    let failed = project.label(Budget::default());
    assert_eq!(failed.state, JobState::Failed);
    let error = failed.error.clone().unwrap();
    assert_eq!(error.code, ErrorCode::AnswersUseless);
    assert!(error.params["answer"].contains("none of them"), "{error:?}");
    // The run hears of it twenty times a second.
    let asked = proxy.account().count(Fault::WrongLabel);
    assert!((50..600).contains(&asked), "{asked} of 1,200");
    assert_eq!(report(&failed).labelled, 0);
}

#[test]
fn a_model_that_gives_some_labels_is_asked_about_every_item() {
    const MOST: Shares = &[(Fault::WrongLabel, 700)];
    let texts = texts(300);
    let server = LabelServer::start(Duration::ZERO);
    let proxy = FaultProxy::start(&server.url(), MOST, 10, TIMEOUT);
    let (project, _folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings());
    let done = project.label(Budget::default());
    assert_eq!(done.state, JobState::Done, "{:?}", done.error);
    let (report, account) = (report(&done), proxy.account());
    assert!(report.labelled > 250 && report.labelled + report.failed == 300, "{report:?}");
    assert!(account.count(Fault::WrongLabel) > 300 && account.asked_again.is_empty());
}

/// Not a test of its own: the process that is killed.
#[test]
fn child() {
    let Ok(folder) = std::env::var(PROJECT) else { return };
    let project = Project::new(Store::open(folder.as_ref(), now()).unwrap());
    project.label(Budget::default());
}

#[test]
fn a_kill_loses_only_what_was_under_way() {
    let texts = texts(3_000);
    let server = LabelServer::start(Duration::ZERO);
    let proxy = FaultProxy::start(&server.url(), FIFTH, 2, TIMEOUT);
    let (project, folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings());
    drop(project);
    let folder = folder.path().join("p");
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(PROJECT, &folder)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while proxy.account().delivered.len() < 1_000 {
        assert!(child.try_wait().unwrap().is_none(), "the child ended before it could be killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let project = Project::new(Store::open(&folder, now()).unwrap());
    let done = project.label(Budget::default());
    assert_eq!(done.state, JobState::Done, "{:?}", done.error);
    assert_eq!((report(&done).labelled, report(&done).failed), (3_000, 0), "one job, counted through the kill");
    assert_labelled_once(&project, &texts);
    let again: HashSet<String> = proxy.account().asked_again.into_iter().collect();
    eprintln!("asked again after the kill: {}", again.len());
    assert!(again.len() < 400, "{}: more than came in the moment of the kill", again.len());
}

#[test]
fn a_program_that_ends_in_the_middle_goes_on_later() {
    let texts = texts(1_000);
    // Slow enough to be stopped in the middle.
    let server = LabelServer::start(Duration::from_millis(25));
    let proxy = FaultProxy::start(&server.url(), NONE, 3, TIMEOUT);
    let (first, folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings());
    let job = first.start(Budget::default());
    first.wait(job, |status| status.done > 50);
    first.runner.close();
    assert_eq!(first.store.job(job).unwrap().status.state, JobState::Interrupted);
    drop(first);
    let project = Project::new(Store::open(&folder.path().join("p"), now()).unwrap());
    let done = project.label(Budget::default());
    assert_eq!((done.id, done.state, report(&done).labelled), (job, JobState::Done, 1_000));
    assert_labelled_once(&project, &texts);
    // It takes the answers that come within a quarter of a second of being asked to stop.
    assert_eq!(proxy.account().asked_again, Vec::<String>::new());
}

#[test]
fn a_server_that_is_gone_for_a_while_pauses_the_job() {
    let texts = texts(2_000);
    let server = LabelServer::start(Duration::from_millis(1));
    let proxy = FaultProxy::start(&server.url(), NONE, 4, TIMEOUT);
    let (project, _folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings());
    proxy.go_after(300);
    let job = project.start(Budget::default());
    let is_paused =
        |status: &JobStatus| matches!(&status.result, Some(JobResult::Label(report)) if report.paused.is_some());
    let paused = project.wait(job, is_paused);
    let pause = report(&paused).paused.clone().unwrap();
    assert_eq!((paused.state, pause.reason.code), (JobState::Running, ErrorCode::ServerUnreachable));
    assert!(pause.next_try >= pause.since && pause.since <= now());
    std::thread::sleep(Duration::from_secs(2));
    proxy.come_back();
    let done = project.wait(job, |status| !status.state.is_active());
    assert_eq!(done.state, JobState::Done, "{:?}", done.error);
    let report = report(&done);
    assert_eq!((report.labelled, report.failed, report.paused.clone()), (2_000, 0, None));
    assert!(report.paused_millis >= 2_000 && report.faults.connections_lost > 0, "{report:?}");
    assert_labelled_once(&project, &texts);
    assert_eq!(proxy.account().asked_again, Vec::<String>::new());
}

#[test]
fn a_paused_job_can_be_stopped_or_gives_up_and_both_go_on_later() {
    let texts = texts(600);
    let server = LabelServer::start(Duration::from_millis(1));
    let proxy = FaultProxy::start(&server.url(), NONE, 5, TIMEOUT);
    let (project, _folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings());
    proxy.go_after(50);
    let job = project.start(Budget::default());
    project.wait(job, |status| matches!(&status.result, Some(JobResult::Label(report)) if report.paused.is_some()));
    // Nobody gives up within half an hour.
    project.runner.cancel(job).unwrap();
    let cancelled = project.wait(job, |status| !status.state.is_active());
    assert_eq!((cancelled.state, report(&cancelled).paused.clone()), (JobState::Cancelled, None));
    // The same server, waited for no time at all.
    let impatient = ServerSettings { longest_pause_s: 0, ..settings() };
    proxy.come_back();
    let model = HttpModel::connect(&proxy.url(), LabelServer::MODEL, None, impatient).unwrap();
    *project.source.0.lock().unwrap() = Some(Arc::new(model));
    proxy.go_after(0);
    let failed = project.label(Budget::default());
    assert_eq!((failed.id, failed.state), (job, JobState::Failed));
    assert_eq!(failed.error.unwrap().code, ErrorCode::ServerUnreachable);
    proxy.come_back();
    let done = project.label(Budget::default());
    assert_eq!((done.id, done.state, report(&done).labelled), (job, JobState::Done, 600));
    assert_labelled_once(&project, &texts);
    assert_eq!(proxy.account().asked_again, Vec::<String>::new());
}

#[test]
fn a_budget_ends_a_run_well_and_the_next_goes_on() {
    let texts = texts(1_000);
    let server = LabelServer::start(Duration::from_millis(1));
    let proxy = FaultProxy::start(&server.url(), NONE, 6, TIMEOUT);
    let (project, _folder) = project(&texts, &proxy.url(), LabelServer::MODEL, settings());
    let first = project.label(Budget { max_tokens: Some(2_400), max_seconds: None });
    let (state, ended) = (first.state, report(&first).clone());
    assert_eq!((state, ended.ended_by), (JobState::Done, Some(BudgetKind::Tokens)));
    // Twelve tokens an answer; what was under way or had come meanwhile is taken, too.
    assert!((200..600).contains(&ended.labelled), "{}", ended.labelled);
    assert_eq!(ended.left, 1_000 - ended.labelled);
    let no_time = project.label(Budget { max_tokens: None, max_seconds: Some(0) });
    let over = report(&no_time);
    assert_eq!((over.ended_by, over.labelled, over.left), (Some(BudgetKind::Time), 0, ended.left));
    let rest = project.label(Budget::default());
    assert_eq!((report(&rest).labelled, report(&rest).ended_by), (ended.left, None));
    assert_labelled_once(&project, &texts);
    assert_eq!(proxy.account().asked_again, Vec::<String>::new());
}

#[test]
fn a_real_server_behind_the_proxy() {
    /// None that takes the whole of a timeout: a real model may need long on a busy machine.
    const SHARES: Shares = &[
        (Fault::RateLimited, 40),
        (Fault::ServerError, 30),
        (Fault::Half, 40),
        (Fault::WrongJson, 30),
        (Fault::WrongLabel, 30),
        (Fault::Twice, 20),
        (Fault::Drip, 20),
    ];
    let Some(model) = testbed::small_model() else { return };
    let Some(server) = LlamaServer::start(&model) else { return };
    let timeout = Duration::from_secs(120);
    let proxy = FaultProxy::start(&server.url(), SHARES, 7, timeout);
    let settings = ServerSettings { concurrency: 4, timeout_ms: 120_000, ..settings() };
    let table = std::fs::read_to_string(testbed::sample("bank_questions.csv")).unwrap();
    let plain = |line: &&str| !line.contains('"');
    let texts: Vec<String> = table
        .lines()
        .skip(1)
        .filter(plain)
        .filter_map(|line| line.split(',').next())
        .map(str::to_owned)
        .take(60)
        .collect();
    let (project, _folder) = project(&texts, &proxy.url(), LlamaServer::MODEL, settings);
    let done = project.label(Budget::default());
    assert_eq!(done.state, JobState::Done, "{:?}", done.error);
    let (report, account) = (report(&done), proxy.account());
    assert_eq!(project.source.0.lock().unwrap().as_ref().unwrap().mode(), Mode::Grammar);
    assert_eq!((report.labelled, report.failed), (60, 0));
    assert!(project.predictions().values().all(|labels| labels.len() == 1));
    assert_eq!(account.asked_again, Vec::<String>::new());
    assert_told(report, &account);
    assert!(report.prompt_tokens > 0 && account.faults.values().sum::<u64>() > 3, "{account:?}");
}
