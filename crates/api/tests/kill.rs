//! `kill -9` in the middle of import, labelling, writing and commit, then the same command again: the end state is that of
//! a run that nothing disturbed. The killed process is this test program itself, started again as a child.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use api::Winnow;
use contract::dataset::{ListDatasets, SplitSettings, StartWrite};
use contract::item::{GetItemStats, ItemFilter, ListItems};
use contract::job::{JobKind, JobResult, JobState, ListJobs};
use contract::label::{Budget, LabelScope, StartLabelling, Thresholds};
use contract::source::{ListDropped, ListSources};
use contract::version::{ListVersions, StartCommit};
use support::{Place, add_smollm, import, open, run};
use testbed::{copy_folder, sample};

const ROWS: usize = 150_000;
const STEP: &str = "WINNOW_TEST_STEP";
const PROJECT: &str = "WINNOW_TEST_PROJECT";

/// A file that takes a moment: the sample's questions with numbers, every tenth row a repetition.
fn write_rows(file: &Path) {
    let mut reader = csv::Reader::from_path(sample("bank_questions.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut writer = csv::Writer::from_path(file).unwrap();
    writer.write_record(["text", "category"]).unwrap();
    for number in 0..ROWS {
        let row = &rows[number % rows.len()];
        let number = if number % 10 == 9 { number - rows.len().min(number) } else { number };
        writer.write_record([format!("{} (case {number})", &row[0]), row[1].to_owned()]).unwrap();
    }
    writer.flush().unwrap();
}

/// Does a step, as the command line would.
fn step(winnow: &Winnow, project: &str, step: &str) {
    let project = project.to_owned();
    match step {
        "import" => {
            let file = Path::new(&project).with_file_name("rows.csv");
            run(winnow, &project, import(&project, &file));
        }
        "label" => {
            let scope = LabelScope { limit: Some(60), ..LabelScope::default() };
            let (model, thresholds) = ("smollm".to_owned(), Thresholds::default());
            let start =
                StartLabelling { project: project.clone(), model, scope, thresholds, budget: Budget::default() };
            run(winnow, &project, start);
        }
        "write" => {
            run(winnow, &project, StartWrite { project: project.clone(), settings: SplitSettings::default() });
        }
        "commit" => {
            let (message, author) = ("First".to_owned(), "anna".to_owned());
            let start = StartCommit { project: project.clone(), message, author, ..StartCommit::default() };
            run(winnow, &project, start);
        }
        other => panic!("{other}"),
    }
}

/// Not a test of its own: what a child process does.
#[test]
fn child() {
    let (Ok(name), Ok(project)) = (std::env::var(STEP), std::env::var(PROJECT)) else { return };
    let place = Path::new(&project).parent().unwrap().join("child");
    let winnow = Winnow::new(support::environment(&place)).unwrap();
    winnow.subscribe(Box::new(|status| {
        if status.state == JobState::Running && status.done > 0 {
            // The parent may be gone from the pipe already: it has what it wanted.
            let _ = writeln!(std::io::stderr(), "event {}", status.done);
        }
    }));
    let project = open(&winnow, &project);
    step(&winnow, &project, &name);
    winnow.shutdown();
}

fn spawn(project: &str, name: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture"])
        .env(STEP, name)
        .env(PROJECT, project)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Starts a step and kills it at its `event`-th sign of progress. Answers whether the step was stopped by that: a fast one
/// may have ended before, and doing it again would be more work, not the same.
fn kill_at(project: &str, name: &str, event: usize) -> bool {
    let mut child = spawn(project, name);
    let events = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let seen = events.filter(|line| line.starts_with("event")).take(event).count();
    child.kill().unwrap();
    child.wait().unwrap();
    let place = Path::new(project).parent().unwrap().join("look");
    let winnow = Winnow::new(support::environment(&place)).unwrap();
    let project = open(&winnow, project);
    let jobs = winnow.call(ListJobs { project, limit: 1 }).unwrap();
    winnow.shutdown();
    eprintln!("{name}: killed after {seen} events, {:?}", jobs.first().map(|job| (job.kind, job.state)));
    jobs.first().is_none_or(|job| job.state != JobState::Done || kind_name(job.kind) != name)
}

fn finish(project: &str, name: &str) {
    let output = spawn(project, name).wait_with_output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

fn kind_name(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Import => "import",
        JobKind::Label => "label",
        JobKind::Write => "write",
        JobKind::Commit => "commit",
        _ => "another",
    }
}

/// All that a step may change, without times.
fn state(project: &str) -> serde_json::Value {
    let place = Path::new(project).parent().unwrap().join("look");
    let winnow = Winnow::new(support::environment(&place)).unwrap();
    let project = open(&winnow, project);
    let mut items = Vec::new();
    let mut after = None;
    loop {
        let filter = ItemFilter::default();
        let page = winnow.call(ListItems { project: project.clone(), filter, after, limit: 1000 }).unwrap();
        items.extend(page.rows.into_iter().map(|row| (row.excerpt, row.label, row.domain, row.confidence, row.status)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let sources = winnow.call(ListSources { project: project.clone() }).unwrap();
    let dropped: Vec<_> = sources
        .iter()
        .map(|source| {
            let (project, source) = (project.clone(), source.id);
            let rows = winnow.call(ListDropped { project, source, reason: None, after: None, limit: 1000 }).unwrap();
            rows.rows.into_iter().map(|row| (row.row, row.reason)).collect::<Vec<_>>()
        })
        .collect();
    let reports: Vec<_> = sources.into_iter().map(|source| (source.state, source.report)).collect();
    let jobs = winnow.call(ListJobs { project: project.clone(), limit: 100 }).unwrap();
    let jobs: Vec<_> = jobs
        .into_iter()
        .map(|job| {
            let label = match job.result {
                Some(JobResult::Label(report)) => Some(report),
                _ => None,
            };
            let label = label.map(|report| (report.labelled, report.agreed, report.to_review, report.confidence));
            (job.kind, job.state, label)
        })
        .collect();
    let datasets = winnow.call(ListDatasets { project: project.clone() }).unwrap();
    let datasets: Vec<_> = datasets
        .into_iter()
        .map(|dataset| {
            let hash = |file: &str| {
                let bytes = std::fs::read(format!("{project}/{}/{file}", dataset.folder)).unwrap();
                blake3::hash(&bytes).to_hex().to_string()
            };
            (hash("train.jsonl"), hash("eval.jsonl"), dataset.split, dataset.input_hash, dataset.version)
        })
        .collect();
    let versions = winnow.call(ListVersions { project: project.clone() }).unwrap();
    let versions: Vec<_> = versions.into_iter().map(|version| (version.version, version.train, version.eval)).collect();
    let stats = winnow.call(GetItemStats { project: project.clone() }).unwrap();
    winnow.shutdown();
    let mut files: Vec<String> = std::fs::read_dir(format!("{project}/exports"))
        .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    files.sort();
    serde_json::json!([items, dropped, reports, jobs, datasets, versions, stats, files])
}

/// Equal but for the last digits of numbers: texts that are read beside others are rounded in another order.
fn same(expected: &serde_json::Value, found: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (expected, found) {
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len() && expected.iter().zip(found).all(|(expected, found)| same(expected, found))
        }
        (Value::Object(expected), Value::Object(found)) => {
            expected.len() == found.len()
                && expected.iter().all(|(name, value)| found.get(name).is_some_and(|found| same(value, found)))
        }
        (Value::Number(expected), Value::Number(found)) if !expected.is_u64() || !found.is_u64() => {
            matches!((expected.as_f64(), found.as_f64()), (Some(expected), Some(found)) if (expected - found).abs() < 1e-4)
        }
        _ => expected == found,
    }
}

#[test]
fn killed_anywhere_the_end_state_is_the_same() {
    let place = Place::new();
    let winnow = place.winnow();
    let whole = place.project(&winnow, &sample("bank_questions.schema.json"));
    let has_model = add_smollm(&winnow, &whole);
    winnow.shutdown();
    write_rows(&place.folder.path().join("rows.csv"));
    for name in ["import", "label", "write", "commit"] {
        if name == "label" && !has_model {
            continue;
        }
        let before = place.folder.path().join(format!("before-{name}"));
        copy_folder(Path::new(&whole), &before).unwrap();
        finish(&whole, name);
        let expected = state(&whole);
        for events in [1, 2] {
            let broken = place.folder.path().join(format!("{name}-{events}"));
            copy_folder(&before, &broken).unwrap();
            let broken = broken.display().to_string();
            if kill_at(&broken, name, events) {
                finish(&broken, name);
            }
            let found = state(&broken);
            for (part, (expected, found)) in
                expected.as_array().unwrap().iter().zip(found.as_array().unwrap()).enumerate()
            {
                let same = same(expected, found);
                assert!(
                    same,
                    "{name}, killed at event {events}, part {part} of the state differs: {expected:#} {found:#}"
                );
            }
            std::fs::remove_dir_all(&broken).unwrap();
        }
    }
}
