//! The six steps of the main job on real files, from an empty picker to a checked-out version, by what a person sees.

use std::path::Path;
use std::time::Duration;

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::session::{Session, Start};

/// Longest wait for a job on these files.
const JOB: Duration = Duration::from_secs(300);

/// A real file and what a person has to know of it.
struct Journey {
    file: &'static str,
    /// Column of the texts and of the labels, as the file names them.
    columns: (&'static str, &'static str),
    locale: &'static str,
    /// Labels in the file.
    domains: u64,
    /// Items labelled.
    limit: u64,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display; `cargo xtask test` runs it"]
async fn banking77_from_file_to_checkout() {
    let columns = ("text", "category");
    walk(&Journey { file: "banking77_train.csv", columns, locale: "C.UTF-8", domains: 77, limit: 40 }).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display; `cargo xtask test` runs it"]
async fn okpd2_from_file_to_checkout() {
    let columns = ("name", "label");
    walk(&Journey { file: "okpd2_goods_services_ru.csv", columns, locale: "ru_RU.UTF-8", domains: 2, limit: 40 }).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display; `cargo xtask test` runs it"]
async fn okved_from_file_to_checkout() {
    let columns = ("name_okved", "name_section");
    walk(&Journey { file: "okved_2014_sections_ru.csv", columns, locale: "ru_RU.UTF-8", domains: 21, limit: 40 }).await;
}

/// Walks all six steps, or says that it can't without the file.
async fn walk(journey: &Journey) {
    let Some(file) = testbed::data(journey.file) else { return };
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    let session = Session::start(Start { locale: Some(journey.locale), ..Start::default() }).await;
    let name = journey.file.split('_').next().unwrap();

    create_project(&session, &project).await;
    let kept = add_file(&session, &project, &file, journey, name).await;
    define_schema(&session, &project, journey, name).await;
    add_and_test_model(&session, name).await;
    label(&session, &project, journey, name).await;
    review(&session, &project, name).await;
    let samples = write(&session, &project, name).await;
    assert!(samples <= kept, "{samples} samples out of {kept} items");
    commit_and_check_out(&session, &project, &folder.path().join("out"), samples, name).await;
    session.close().await;
}

async fn create_project(session: &Session, project: &Path) {
    session.write("picker-folder", &project.display().to_string()).await;
    session.click("picker-create").await;
    session.see("rail-sources").await;
}

/// Step 2: the file is looked at, its columns corrected, its import tried and done.
async fn add_file(session: &Session, project: &Path, file: &Path, journey: &Journey, name: &str) -> u64 {
    session.click("rail-sources").await;
    session.see("sources-empty").await;
    session.picture(&format!("{name}-2-sources-empty")).await;
    session.click("sources-empty-add").await;
    session.write("import-path", &file.display().to_string()).await;
    session.click("import-inspect").await;
    session.see("import-preview").await;
    let header = csv_header(file);
    for (role, column) in [("text", journey.columns.0), ("label", journey.columns.1)] {
        let at = header.iter().position(|name| name == column).unwrap();
        session.choose(&format!("preview-role-{at}"), role).await;
    }
    session.see_within("trial-summary", JOB).await;
    session.picture(&format!("{name}-2-add-file")).await;
    session.click("import-start").await;
    let overview = until(session, project, |overview| overview["sources"] == 1 && overview["active_jobs"] == 0).await;
    session.see("source-summary").await;
    session.picture(&format!("{name}-2-sources")).await;
    let kept = overview["items"].as_u64().unwrap();
    assert!(kept > 1000, "{overview}");
    kept
}

/// Step 3: the schema is taken from the labels that the rows came with.
async fn define_schema(session: &Session, project: &Path, journey: &Journey, name: &str) {
    session.click("rail-schema").await;
    session.click("schema-from-labels").await;
    session.see("schema-row").await;
    session.click("schema-save").await;
    until(session, project, |overview| overview["domains"] == journey.domains).await;
    session.picture(&format!("{name}-3-schema")).await;
}

/// Step 4, first half: a GGUF file is added and shows its answers to three items.
async fn add_and_test_model(session: &Session, name: &str) {
    session.click("rail-models").await;
    session.click("model-add").await;
    session.write("model-gguf-path", &testbed::models_folder().join(testbed::SMALL_MODEL).display().to_string()).await;
    session.write("model-name", "small").await;
    session.click("model-save").await;
    session.see("model-detail").await;
    session.click("model-test").await;
    session.see_within("model-answers", JOB).await;
    assert_eq!(session.count("model-answer").await, 3, "{}", session.page_text().await);
    session.picture(&format!("{name}-4-model-test")).await;
}

/// Step 4, second half: labelling is cancelled, resumed, and seen to its end over another screen.
async fn label(session: &Session, project: &Path, journey: &Journey, name: &str) {
    session.click("rail-label").await;
    session.write("label-limit", &journey.limit.to_string()).await;
    session.click("label-start").await;
    session.click("label-cancel").await;
    session.see_within("label-resume", JOB).await;
    session.picture(&format!("{name}-4-label-cancelled")).await;
    session.click("label-resume").await;
    session.click("rail-jobs").await;
    let labelled = |overview: &Value| overview["active_jobs"] == 0 && overview["labelled"] == journey.limit;
    let overview = until(session, project, labelled).await;
    assert!(overview["waiting"].as_u64().unwrap() > 3, "too little to review: {overview}");
    session.picture(&format!("{name}-4-jobs")).await;
    session.click("rail-label").await;
    session.see("label-go-review").await;
    session.picture(&format!("{name}-4-label")).await;
    session.click("label-go-review").await;
}

/// Step 5: decisions by the keyboard alone; each is stored before the next item shows.
async fn review(session: &Session, project: &Path, name: &str) {
    session.see("review-text").await;
    session.picture(&format!("{name}-5-review")).await;
    let key = |key: Key| -> char { key.into() };
    // Approve, correct to the second candidate, skip, reject.
    for (pressed, stored) in [(key(Key::Enter), 1), ('2', 2), ('S', 3), ('X', 4)] {
        let before = session.text("review-item").await;
        session.press(pressed).await;
        session.text_that("review-item", JOB, |now| now != before).await;
        assert_eq!(decisions(session, project).await, stored, "after the key {pressed:?}");
    }
    let before = session.text("review-item").await;
    session.press('U').await;
    session.text_that("review-item", JOB, |now| now != before).await;
    assert_eq!(decisions(session, project).await, 3, "after undo");
    session.picture(&format!("{name}-5-review-later")).await;
}

/// Step 6, first half: train and eval are written.
async fn write(session: &Session, project: &Path, name: &str) -> u64 {
    session.click("rail-datasets").await;
    session.see("write-preview").await;
    session.see("write-domains").await;
    session.picture(&format!("{name}-6-write")).await;
    session.click("write-start").await;
    session.see_within("write-done", JOB).await;
    let datasets = session.call("list_datasets", json!({ "project": project })).await;
    let split = &datasets[0]["split"];
    let samples = split["train"].as_u64().unwrap() + split["eval"].as_u64().unwrap();
    assert!(samples > 0, "{split}");
    samples
}

/// Step 6, second half: the dataset becomes a version, which is checked out and holds every sample.
async fn commit_and_check_out(session: &Session, project: &Path, out: &Path, samples: u64, name: &str) {
    session.click("commit-open").await;
    session.write("commit-message", "First version").await;
    if session.see("commit-author").await.prop("value").await.unwrap().is_none_or(|author| author.is_empty()) {
        session.write("commit-author", "tester").await;
    }
    session.click("commit-start").await;
    session.see_within("commit-done", JOB).await;
    session.click("commit-show").await;
    session.see("version-detail").await;
    session.picture(&format!("{name}-6-version")).await;
    session.click("version-checkout").await;
    session.write("checkout-folder", &out.display().to_string()).await;
    session.click("checkout-start").await;
    session.see_within("checkout-done", JOB).await;
    session.picture(&format!("{name}-6-checkout")).await;
    let lines = |file: &str| std::fs::read_to_string(out.join(file)).unwrap().lines().count() as u64;
    assert_eq!(lines("train.jsonl") + lines("eval.jsonl"), samples);
    assert!(out.join("metadata.json").is_file());
    let versions = session.call("list_versions", json!({ "project": project })).await;
    assert_eq!(versions[0]["version"], "1.0.0");
}

/// Waits until the project's counts fit.
async fn until(session: &Session, project: &Path, fits: impl Fn(&Value) -> bool) -> Value {
    let deadline = std::time::Instant::now() + JOB;
    loop {
        let overview = session.call("get_overview", json!({ "project": project })).await;
        if fits(&overview) {
            return overview;
        }
        if std::time::Instant::now() > deadline {
            session.picture("failure").await;
            panic!("{overview}\nthe page says:\n{}", session.page_text().await);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Decisions in the project that were not taken back.
async fn decisions(session: &Session, project: &Path) -> u64 {
    let settings = session.call("get_settings", json!({})).await;
    let request = json!({ "project": project, "reviewer": settings["reviewer"], "since": 0 });
    session.call("get_review_progress", request).await["session_decisions"].as_u64().unwrap()
}

fn csv_header(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().next().unwrap().split(',').map(str::to_owned).collect()
}
