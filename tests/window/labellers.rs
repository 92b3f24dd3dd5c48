//! Labellers by what a person sees: a classifier is added, trained and tried; its confidence is calibrated and a threshold chosen;
//! two labellers are compared, and where they disagree goes to review.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::session::{Session, Start};

/// Longest wait for a job on these few texts.
const JOB: Duration = Duration::from_secs(300);
const DOMAINS: [&str; 6] =
    ["card_arrival", "change_pin", "exchange_rate", "top_up_failed", "lost_or_stolen_card", "verify_my_identity"];
/// Texts a domain, of which so many are decided.
const TEXTS: usize = 24;
const DECIDED: usize = 14;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display; `cargo xtask test` runs it"]
async fn a_classifier_is_trained_trusted_and_compared() {
    let Some(encoder) = testbed::encoder(testbed::ENGLISH_ENCODER) else { return };
    let folder = tempfile::tempdir().unwrap();
    let session = Session::start(Start { locale: Some("C.UTF-8"), ..Start::default() }).await;
    let project = folder.path().join("project");
    prepare(&session, folder.path(), &project).await;

    add_classifier(&session, "english", &encoder).await;
    session.click("classifier-train").await;
    session.see_within("classifier-report", JOB).await;
    session.see("classifier-accuracy").await;
    session.click("model-test").await;
    session.see_within("model-answers", JOB).await;
    assert_eq!(session.count("model-answer").await, 3, "{}", session.page_text().await);
    session.picture("labellers-classifier").await;

    session.click("rail-label").await;
    session.click("label-start").await;
    labelled(&session, &project).await;
    session.settled().await;
    session.picture("labellers-run").await;

    session.click("label-tab-trust").await;
    session.see_within("trust-report", JOB).await;
    session.see("trust-reliability").await;
    session.see("trust-thresholds").await;
    session.settled().await;
    session.picture("labellers-confidence").await;

    compare(&session, &project).await;
    session.close().await;
}

/// Waits until every text has a prediction.
async fn labelled(session: &Session, project: &Path) {
    let deadline = std::time::Instant::now() + JOB;
    loop {
        let overview = session.call("get_overview", json!({ "project": project })).await;
        if overview["labelled"] == DOMAINS.len() * TEXTS && overview["active_jobs"] == 0 {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "{overview}\n{}", session.page_text().await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A project with texts, and people's decisions about the first of each domain.
async fn prepare(session: &Session, folder: &Path, project: &Path) {
    let table = std::fs::read_to_string(testbed::repository().join("tests/data/banking77_train.csv")).unwrap();
    let (mut texts, mut decisions) = ("text\n".to_owned(), "text,label\n".to_owned());
    for domain in DOMAINS {
        let ending = format!(",{domain}");
        // One line a row and no quotes: enough texts of each domain are so.
        let rows =
            table.lines().filter_map(|line| line.strip_suffix(&ending)).filter(|text| !text.contains(['"', ',']));
        for (place, text) in rows.take(TEXTS).enumerate() {
            texts += &format!("{text}\n");
            if place < DECIDED {
                decisions += &format!("{text},{domain}\n");
            }
        }
    }
    std::fs::write(folder.join("texts.csv"), texts).unwrap();
    std::fs::write(folder.join("decisions.csv"), decisions).unwrap();
    session.write("picker-folder", &project.display().to_string()).await;
    session.click("picker-create").await;
    session.see("rail-sources").await;
    let domains: Vec<Value> = DOMAINS.iter().map(|id| json!({ "id": id, "name": { "en": id, "ru": "" } })).collect();
    session.call("set_schema", json!({ "project": project, "domains": domains })).await;
    let files = json!([{ "path": folder.join("texts.csv") }]);
    finish(session, project, "start_import", json!({ "project": project, "files": files })).await;
    let file = folder.join("decisions.csv");
    let imported =
        session.call("import_decisions", json!({ "project": project, "file": file, "reviewer": "Anna" })).await;
    assert_eq!(imported["decided"], DOMAINS.len() * DECIDED, "{imported}");
}

async fn add_classifier(session: &Session, name: &str, encoder: &Path) {
    session.click("rail-models").await;
    session.click("model-add").await;
    session.click("model-kind-classifier").await;
    session.choose("model-encoder", &encoder.display().to_string()).await;
    session.write("model-name", name).await;
    session.picture("labellers-add").await;
    session.click("model-save").await;
    session.see("classifier").await;
}

/// The classifier against a language model on decided items: the difference is named, and the disagreements go to review.
async fn compare(session: &Session, project: &Path) {
    let path = testbed::models_folder().join(testbed::SMALL_MODEL);
    session.click("rail-models").await;
    session.click("model-add").await;
    session.click("model-kind-gguf").await;
    session.write("model-gguf-path", &path.display().to_string()).await;
    session.write("model-name", "small").await;
    session.click("model-save").await;
    session.see("model-row-small").await;
    session.click("rail-label").await;
    session.click("label-tab-compare").await;
    session.see("compare-setup").await;
    session.choose("compare-first", "english").await;
    session.choose("compare-second", "small").await;
    session.write("compare-size", "24").await;
    session.click("compare-start").await;
    session.see_within("compare-result", JOB).await;
    session.see("compare-verdict").await;
    session.settled().await;
    session.picture("labellers-compare").await;
    let comparisons = session.call("list_comparisons", json!({ "project": project, "limit": 1 })).await;
    assert_eq!(comparisons[0]["pick"], "english", "{}", comparisons[0]);
    session.click("compare-tab-disagreements").await;
    session.see("compare-disagreements-row").await;
    session.picture("labellers-disagreements").await;
}

/// Starts a job and waits for its end.
async fn finish(session: &Session, project: &Path, start: &str, request: Value) {
    let id = session.call(start, request).await;
    let deadline = std::time::Instant::now() + JOB;
    loop {
        let status = session.call("get_job", json!({ "project": project, "job": id })).await;
        if status["state"] == "done" {
            return;
        }
        assert!(status["state"] != "failed" && std::time::Instant::now() < deadline, "{status}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
