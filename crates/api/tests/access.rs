//! Who may do what at the same time: two processes on a project, readers beside a running job, cancel from elsewhere.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use contract::ErrorCode;
use contract::item::{ItemFilter, ListItems};
use contract::job::{CancelJob, GetJob, JobState, JobStatus, ResumeJob};
use contract::label::{Budget, LabelScope, StartLabelling, Thresholds};
use contract::project::{Access, CloseProject, GetOverview, OpenProject};
use contract::schema::{GetSchema, SetSchema};
use support::{Place, add_smollm, environment, import, open, run};
use testbed::sample;

const HOLD: &str = "WINNOW_TEST_HOLD";

/// Not a test of its own: a process that holds a project until its standard input ends.
#[test]
fn holder() {
    let Ok(project) = std::env::var(HOLD) else { return };
    let place = std::path::Path::new(&project).parent().unwrap().join("holder");
    let winnow = api::Winnow::new(environment(&place)).unwrap();
    open(&winnow, &project);
    writeln!(std::io::stderr(), "held").unwrap();
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    winnow.shutdown();
}

#[test]
fn a_second_process_may_look_and_not_write() {
    let place = Place::new();
    let winnow = place.winnow();
    let project = place.project(&winnow, &sample("bank_questions.schema.json"));
    winnow.call(CloseProject { project: project.clone() }).unwrap();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["holder", "--exact", "--nocapture"])
        .env(HOLD, &project)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "held"));
    let overview = winnow.call(OpenProject { folder: project.clone() }).unwrap();
    assert_eq!(overview.access, Access::ReadOnly { pid: holder.id() });
    let domains = winnow.call(GetSchema { project: project.clone() }).unwrap().domains;
    let refused = winnow.call(SetSchema { project: project.clone(), domains: domains.clone() }).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ProjectLocked);
    assert_eq!(refused.params["pid"], holder.id().to_string());
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    // The lock is free: the next write takes it.
    winnow.call(SetSchema { project: project.clone(), domains }).unwrap();
    assert_eq!(winnow.call(GetOverview { project }).unwrap().access, Access::ReadWrite);
}

#[test]
fn one_folder_is_one_project_however_it_is_spelt() {
    let place = Place::new();
    let winnow = place.winnow();
    let project = place.project(&winnow, &sample("bank_questions.schema.json"));
    let other = place.path("./data/../project/");
    let overview = winnow.call(OpenProject { folder: other }).unwrap();
    assert_eq!((overview.folder, overview.access), (project, Access::ReadWrite));
}

/// A job is cancelled by what it shows of itself, not by the clock: at its first labelled items.
#[test]
fn a_cancelled_run_keeps_what_it_has_and_goes_on() {
    let place = Place::new();
    let winnow = place.winnow();
    let project = place.project(&winnow, &sample("bank_questions.schema.json"));
    run(&winnow, &project, import(&project, &sample("bank_questions.csv")));
    if !add_smollm(&winnow, &project) {
        return;
    }
    let events: Arc<Mutex<Vec<JobStatus>>> = Arc::default();
    let seen = events.clone();
    winnow.subscribe(Box::new(move |status| seen.lock().unwrap().push(status.clone())));
    let (scope, thresholds) = (LabelScope::default(), Thresholds::default());
    let start = StartLabelling {
        project: project.clone(),
        model: "smollm".into(),
        scope,
        thresholds,
        budget: Budget::default(),
    };
    let job = winnow.call(start.clone()).unwrap();
    assert_eq!(winnow.call(start.clone()).unwrap(), job, "the same work is not queued twice");
    while !events.lock().unwrap().iter().any(|status| status.done > 0) {
        // Readers never wait for the job.
        let page = ListItems { project: project.clone(), filter: ItemFilter::default(), after: None, limit: 50 };
        assert_eq!(winnow.call(page).unwrap().rows.len(), 50);
        std::thread::yield_now();
    }
    winnow.call(CancelJob { project: project.clone(), job }).unwrap();
    let cancelled = winnow.wait(&project, job).unwrap();
    assert_eq!(cancelled.state, JobState::Cancelled);
    assert!(cancelled.done > 0);
    let total = cancelled.total.unwrap();
    assert!(cancelled.done < total, "it stopped long before the end");
    let over = winnow.call(CancelJob { project: project.clone(), job }).unwrap_err();
    assert_eq!(over.code, ErrorCode::JobOver);
    let labelled = winnow.call(GetOverview { project: project.clone() }).unwrap().labelled;
    assert_eq!(labelled, cancelled.done);

    // Closing in the middle interrupts; starting the same again goes on with the same job.
    winnow.call(ResumeJob { project: project.clone(), job }).unwrap();
    while winnow.call(GetJob { project: project.clone(), job }).unwrap().done == labelled {
        std::thread::yield_now();
    }
    winnow.call(CloseProject { project: project.clone() }).unwrap();
    open(&winnow, &project);
    let interrupted = winnow.call(GetJob { project: project.clone(), job }).unwrap();
    assert_eq!(interrupted.state, JobState::Interrupted);
    assert_eq!(winnow.call(start).unwrap(), job);
    let done = winnow.wait(&project, job).unwrap();
    assert_eq!((done.state, done.done), (JobState::Done, total));
    assert_eq!(winnow.call(GetOverview { project }).unwrap().labelled, total);
}
