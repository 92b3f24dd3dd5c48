//! Measures what lies between a server and the store: items a second through the whole of labelling, with a server on this
//! machine that answers after a millisecond, and with every answer in the cache. Prints one JSON document.
//!
//! usage: glue FOLDER ITEMS
//!
//! The server runs in this process and computes labels from the texts, so that its share of the processor is small but
//! counted. FOLDER must not exist; it holds a project afterwards.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use api::{Environment, Winnow};
use contract::JobId;
use contract::job::{GetJob, JobResult, JobState};
use contract::label::{Budget, LabelReport, LabelScope, StartLabelling, Thresholds};
use contract::model::{AddModel, KeySource, ModelSpec, ServerSettings};
use contract::project::CreateProject;
use contract::schema::{Domain, SetSchema};
use contract::source::{FileSpec, StartImport};
use serde_json::json;
use testbed::LabelServer;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// How long the server takes for each answer.
const ANSWER: Duration = Duration::from_millis(1);
/// Requests at once, at most.
const CONCURRENCY: u32 = 32;
const LABELS: [&str; 8] = ["card", "cash", "rate", "top up", "transfer", "limit", "fee", "other"];

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, items] = arguments.as_slice() else { return Err("usage: glue FOLDER ITEMS".into()) };
    let items: u64 = items.parse()?;
    let server = LabelServer::start(ANSWER);
    let winnow = Winnow::new(Environment::of_system())?;
    let project = prepare(&winnow, Path::new(folder), items)?;
    for name in ["server", "again"] {
        let settings = ServerSettings { concurrency: CONCURRENCY, ..ServerSettings::default() };
        let (url, model, key) = (server.url(), LabelServer::MODEL.to_owned(), KeySource::None);
        let spec = ModelSpec::Server { url, model, key, settings };
        winnow.call(AddModel { project: project.clone(), name: name.into(), spec, key: None })?;
    }
    let before = server.requests();
    let (asked, asked_seconds) = label(&winnow, &project, "server", items)?;
    let requests = server.requests() - before;
    // The same server under another name: another labeller, whose answers are all known.
    let (cached, cached_seconds) = label(&winnow, &project, "again", items)?;
    if cached.from_cache != items {
        return Err(format!("{} of {items} came from the cache", cached.from_cache).into());
    }
    winnow.shutdown();
    #[allow(clippy::cast_precision_loss)] // Thousands.
    let rate = |seconds: f64| items as f64 / seconds;
    let result = json!({
        "items": items, "requests": requests, "at_once": asked.peak_concurrency,
        "server_rate": rate(asked_seconds), "cache_rate": rate(cached_seconds),
    });
    println!("{result:#}");
    Ok(())
}

/// A project of made-up questions with a schema.
fn prepare(winnow: &Winnow, folder: &Path, items: u64) -> Outcome<String> {
    std::fs::create_dir_all(folder)?;
    let rows: String =
        (0..items).map(|number| format!("What does question {number} of a customer ask for?\n")).collect();
    let table = folder.join("rows.csv");
    std::fs::write(&table, format!("text\n{rows}"))?;
    let project = folder.join("project").display().to_string();
    winnow.call(CreateProject { folder: project.clone(), name: None, schema_file: None })?;
    let domains = LABELS.map(|id| Domain { id: id.into(), ..Domain::default() }).to_vec();
    winnow.call(SetSchema { project: project.clone(), domains })?;
    let files = vec![FileSpec { path: table.display().to_string(), ..FileSpec::default() }];
    let job = winnow.call(StartImport { project: project.clone(), files })?;
    wait(winnow, &project, job)?;
    Ok(project)
}

/// Labels everything with a model; the report and how long it took, from the call to the last item in the store.
fn label(winnow: &Winnow, project: &str, model: &str, items: u64) -> Outcome<(LabelReport, f64)> {
    let began = Instant::now();
    let job = winnow.call(StartLabelling {
        project: project.to_owned(),
        model: model.to_owned(),
        scope: LabelScope::default(),
        thresholds: Thresholds::default(),
        budget: Budget::default(),
    })?;
    let result = wait(winnow, project, job)?;
    let seconds = began.elapsed().as_secs_f64();
    match result {
        Some(JobResult::Label(report)) if report.labelled == items => Ok((*report, seconds)),
        other => Err(format!("{other:?}").into()),
    }
}

fn wait(winnow: &Winnow, project: &str, job: JobId) -> Outcome<Option<JobResult>> {
    loop {
        let status = winnow.call(GetJob { project: project.to_owned(), job })?;
        match status.state {
            JobState::Done => return Ok(status.result),
            state if state.is_active() => std::thread::sleep(Duration::from_millis(5)),
            state => return Err(format!("the job is {state:?}: {:?}", status.error).into()),
        }
    }
}
