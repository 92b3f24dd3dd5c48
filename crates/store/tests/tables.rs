//! The small tables: settings, schema, models, jobs, cache, versions.
#![allow(clippy::unwrap_used)]

mod common;

use common::{domains, import, job, progress, project};
use contract::job::{JobKind, JobResult, JobState, JobUnit};
use contract::label::LabelReport;
use contract::model::{KeySource, ModelEntry, ModelSpec, ServerSettings};
use contract::version::VersionSummary;
use contract::{CallError, ErrorCode};
use store::{JobProgress, NewJob, StoreError};

#[test]
fn the_schema_counts_its_revisions() {
    let project = project();
    let store = &project.store;
    assert_eq!(store.schema().unwrap().revision, 0);
    assert_eq!(store.set_schema(&domains(&["b", "a"])).unwrap().revision, 1);
    assert_eq!(store.set_schema(&domains(&["b", "a"])).unwrap().revision, 1);
    let schema = store.set_schema(&domains(&["a", "b", "ц"])).unwrap();
    assert_eq!(schema.revision, 2);
    assert_eq!(store.schema().unwrap(), schema);
}

#[test]
fn a_schema_is_suggested_from_the_labels() {
    let project = project();
    let long = "x".repeat(201);
    import(&project.store, &[("1", Some("b")), ("2", Some("b")), ("3", Some("a")), ("4", None), ("5", Some(&long))]);
    let suggested = project.store.suggest_schema(100).unwrap();
    let short: Vec<_> = suggested.iter().map(|one| (one.domain.id.as_str(), one.items)).collect();
    assert_eq!(short, [("b", 2), ("a", 1)]);
    assert_eq!(suggested[0].domain.examples, ["1", "2"]);
}

#[test]
fn settings_and_models_are_kept() {
    let project = project();
    let store = &project.store;
    store.set_setting("split", &[1, 2]).unwrap();
    assert_eq!(store.setting::<Vec<i32>>("split").unwrap(), Some(vec![1, 2]));
    assert_eq!(store.setting::<Vec<i32>>("name").unwrap(), None);
    let server = ModelSpec::Server {
        url: "http://localhost:1".to_owned(),
        model: "m".to_owned(),
        key: KeySource::None,
        settings: ServerSettings::default(),
    };
    let file = ModelSpec::Gguf { path: "/nowhere/model.gguf".to_owned() };
    for (name, spec) in [("server", &server), ("file", &file)] {
        let entry =
            ModelEntry { name: name.to_owned(), spec: spec.clone(), added: 1, present: true, summary: String::new() };
        store.add_model(&entry).unwrap();
        assert!(matches!(store.add_model(&entry), Err(StoreError::ModelExists(_))));
    }
    let models = store.models().unwrap();
    assert_eq!((models[0].name.as_str(), models[0].present, models[1].present), ("file", false, true));
    assert_eq!(store.model("server").unwrap().spec, server);
    store.remove_model("file").unwrap();
    assert!(matches!(store.remove_model("file"), Err(StoreError::ModelMissing(_))));
    assert_eq!(store.overview().unwrap().models, 1);
}

#[test]
fn a_job_goes_from_queued_to_done_and_back() {
    let project = project();
    let store = &project.store;
    let new = NewJob {
        kind: JobKind::Label,
        subject: "модель".to_owned(),
        unit: JobUnit::Items,
        params: serde_json::json!({ "model": "m" }),
    };
    let (first, second) = (store.create_job(&new, 1).unwrap(), store.create_job(&new, 2).unwrap());
    assert_eq!(store.next_queued_job().unwrap(), Some(first));
    let record = store.start_job(first, 3).unwrap();
    assert_eq!((record.status.state, record.status.started, record.params), (JobState::Running, Some(3), new.params));
    assert!(matches!(store.start_job(first, 3), Err(StoreError::JobOver(_))));
    let result = JobResult::Label(Box::new(LabelReport { labelled: 5, ..LabelReport::default() }));
    let cursor = serde_json::json!({ "row": 5 });
    let saved = JobProgress {
        done: 5,
        total: Some(10),
        rate: Some(2.5),
        cursor: Some(cursor.clone()),
        result: Some(result.clone()),
        at: 4,
    };
    store.save_job_progress(first, &saved).unwrap();
    store.save_job_progress(first, &JobProgress { total: Some(10), rate: Some(2.0), ..progress(6) }).unwrap();
    let record = store.job(first).unwrap();
    assert_eq!((record.cursor, record.status.result.as_ref(), record.status.done), (Some(cursor), Some(&result), 6));
    assert_eq!(record.status.seconds_left, Some(2.0));
    assert!(!store.cancel_requested(first).unwrap());
    assert_eq!(store.request_cancel(first, 5).unwrap().state, JobState::Cancelling);
    assert!(store.cancel_requested(first).unwrap());
    let error = CallError::new(ErrorCode::DiskFull);
    let status = store.end_job(first, JobState::Failed, Some(&error), None, 6).unwrap();
    assert_eq!(
        (status.state, status.error, status.finished, status.result),
        (JobState::Failed, Some(error), Some(6), Some(result))
    );
    assert!(matches!(store.request_cancel(first, 7), Err(StoreError::JobOver(_))));
    let status = store.requeue_job(first).unwrap();
    assert_eq!((status.state, status.error, status.done), (JobState::Queued, None, 6));
    assert!(!store.job(first).unwrap().cancel_requested);
    assert_eq!(store.request_cancel(second, 8).unwrap().state, JobState::Cancelled);
    assert_eq!(store.jobs(10).unwrap().iter().map(|job| job.id).collect::<Vec<_>>(), [second, first]);
    assert_eq!(store.overview().unwrap().active_jobs, 1);
    assert!(matches!(store.job(contract::JobId(9)), Err(StoreError::JobMissing(_))));
}

#[test]
fn answers_are_valid_until_they_expire() {
    let project = project();
    let store = &project.store;
    let (one, two) = ([1; 32], [2; 32]);
    store.store_answer(&one, "{}", 100).unwrap();
    store.store_answer(&two, "old", 50).unwrap();
    store.store_answer(&two, "new", 200).unwrap();
    assert_eq!(store.cached_answer(&one, 99).unwrap().as_deref(), Some("{}"));
    assert_eq!(store.cached_answer(&one, 100).unwrap(), None);
    let found = store.cached_answers(&[two, [9; 32], one], 99).unwrap();
    assert_eq!(found, [Some("new".to_owned()), None, Some("{}".to_owned())]);
    assert_eq!(store.purge_answers(100).unwrap(), 1);
    assert_eq!(store.cached_answer(&two, 100).unwrap().as_deref(), Some("new"));
}

#[test]
fn versions_are_an_index_that_can_be_made_again() {
    let project = project();
    let store = &project.store;
    let version = |number: &str| VersionSummary {
        version: number.to_owned(),
        message: "m".to_owned(),
        author: "anna".to_owned(),
        committed: 5,
        train: 1,
        eval: 1,
        domains: 1,
        stored_bytes: 10,
        ..VersionSummary::default()
    };
    let writing = job(store, JobKind::Write);
    let dataset = store.next_dataset(writing).unwrap();
    store.record_version(&version("1.0.0"), Some(dataset)).unwrap();
    store.record_version(&version("1.1.0"), None).unwrap();
    store.record_version(&version("1.0.0"), None).unwrap();
    assert_eq!(
        store.versions().unwrap().iter().map(|one| one.version.as_str()).collect::<Vec<_>>(),
        ["1.1.0", "1.0.0"]
    );
    store.replace_versions(&[version("2.0.0")]).unwrap();
    assert_eq!(store.versions().unwrap(), [version("2.0.0")]);
}
