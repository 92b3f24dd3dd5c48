//! A steward's day by what a person sees: a dataset is written and committed, labels change, a second version follows; the two are
//! compared, the changed row tells who decided it, the version becomes stable and is taken back, tagged and checked out.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::session::{Session, Start};

/// Longest wait for a job on these few texts.
const JOB: Duration = Duration::from_secs(120);
const DOMAINS: [&str; 4] = ["card_arrival", "change_pin", "exchange_rate", "top_up_failed"];
/// Texts a domain, of which so many are decided before the first version and before the second.
const TEXTS: usize = 40;
const FIRST: usize = 30;
const SECOND: usize = 33;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display; `cargo xtask test` runs it"]
async fn a_version_is_committed_compared_explained_and_checked_out() {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::start(Start { locale: Some("C.UTF-8"), ..Start::default() }).await;
    let project = folder.path().join("project");
    let texts = prepare(&session, folder.path(), &project).await;

    first_version(&session, &project).await;
    change_labels(&session, folder.path(), &project, &texts).await;
    second_version(&session, &project).await;
    history(&session).await;
    compare(&session, &project, &texts[0][0]).await;
    status_and_tag(&session, &project).await;
    check_out(&session, &project, &folder.path().join("out")).await;
    session.close().await;
}

/// Texts of each domain of a real file: one line a row and no quotes, so that they are read as they stand.
fn real_texts() -> Vec<Vec<String>> {
    let table = std::fs::read_to_string(testbed::repository().join("tests/data/banking77_train.csv")).unwrap();
    let of = |domain: &&str| {
        let ending = format!(",{domain}");
        let rows = table.lines().filter_map(|line| line.strip_suffix(&ending));
        rows.filter(|text| !text.contains(['"', ','])).take(TEXTS).map(str::to_owned).collect()
    };
    DOMAINS.iter().map(of).collect()
}

/// A table of decisions: a text and a label a row.
fn decisions<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    rows.fold("text,label\n".to_owned(), |table, (text, label)| table + text + "," + label + "\n")
}

/// A project with texts, and a person's decisions about most of them.
async fn prepare(session: &Session, folder: &Path, project: &Path) -> Vec<Vec<String>> {
    let texts = real_texts();
    assert!(texts.iter().all(|texts| texts.len() >= SECOND), "too few texts that can stand in a line");
    let all = texts.iter().flatten().fold("text\n".to_owned(), |table, text| table + text + "\n");
    std::fs::write(folder.join("texts.csv"), all).unwrap();
    let decided = texts.iter().zip(DOMAINS);
    let decided = decided.flat_map(|(texts, domain)| texts.iter().take(FIRST).map(move |text| (text.as_str(), domain)));
    std::fs::write(folder.join("decisions.csv"), decisions(decided)).unwrap();
    session.write("picker-folder", &project.display().to_string()).await;
    session.click("picker-create").await;
    session.see("rail-sources").await;
    let domains: Vec<Value> = DOMAINS.iter().map(|id| json!({ "id": id, "name": { "en": id, "ru": "" } })).collect();
    session.call("set_schema", json!({ "project": project, "domains": domains })).await;
    let files = json!([{ "path": folder.join("texts.csv") }]);
    finish(session, project, "start_import", json!({ "project": project, "files": files })).await;
    decide(session, project, &folder.join("decisions.csv"), "Anna", DOMAINS.len() * FIRST).await;
    texts
}

/// Stores decisions of a person and waits until all are.
async fn decide(session: &Session, project: &Path, file: &Path, reviewer: &str, expected: usize) {
    let request = json!({ "project": project, "file": file, "reviewer": reviewer });
    let imported = session.call("import_decisions", request).await;
    assert_eq!(imported["decided"], expected, "{imported}");
}

/// Writes train and eval and opens the dialog to commit them.
async fn write_dataset(session: &Session) {
    session.click("rail-datasets").await;
    session.click("datasets-tab-split").await;
    session.see("write-domains").await;
    session.click("write-start").await;
    session.see_within("write-done", JOB).await;
    session.click("commit-open").await;
    session.see("commit-form").await;
}

async fn first_version(session: &Session, project: &Path) {
    write_dataset(session).await;
    session.text_that("commit-number", JOB, |number| number.contains("1.0.0")).await;
    session.write("commit-message", "First version").await;
    session.write("commit-author", "Anna").await;
    session.write("commit-tag", "first").await;
    session.settled().await;
    session.picture("versions-commit-first").await;
    session.click("commit-start").await;
    session.see_within("commit-done", JOB).await;
    session.click("commit-show").await;
    session.text_that("version-number", JOB, |number| number == "1.0.0").await;
    let versions = session.call("list_versions", json!({ "project": project })).await;
    assert_eq!(versions[0]["tags"], json!(["first"]), "{versions}");
}

/// One label is corrected by another person, and more texts are decided.
async fn change_labels(session: &Session, folder: &Path, project: &Path, texts: &[Vec<String>]) {
    let corrected = std::iter::once((texts[0][0].as_str(), DOMAINS[1]));
    let more = texts
        .iter()
        .zip(DOMAINS)
        .flat_map(|(texts, domain)| texts.iter().take(SECOND).skip(FIRST).map(move |text| (text.as_str(), domain)));
    std::fs::write(folder.join("more.csv"), decisions(corrected.chain(more))).unwrap();
    decide(session, project, &folder.join("more.csv"), "Boris", 1 + DOMAINS.len() * (SECOND - FIRST)).await;
}

async fn second_version(session: &Session, project: &Path) {
    write_dataset(session).await;
    // A label changed: the first number grows, and the dialog says so before anything is stored.
    session.text_that("commit-number", JOB, |number| number.contains("2.0.0")).await;
    session.see("commit-changes").await;
    session.write("commit-message", "One label corrected, more decided").await;
    session.write("commit-author", "Boris").await;
    session.click("commit-promises-own").await;
    session.click("checks-leakage").await;
    session.settled().await;
    session.picture("versions-commit-second").await;
    session.click("commit-start").await;
    session.see_within("commit-done", JOB).await;
    session.click("commit-show").await;
    session.text_that("version-number", JOB, |number| number == "2.0.0").await;
    session.see("version-plot-drawing").await;
    session.see("version-file").await;
    session.settled().await;
    session.picture("versions-page").await;
    let version = session.call("get_version", json!({ "project": project, "version": "2.0.0" })).await;
    assert_eq!(version["checks"]["no_leakage"], true, "{}", version["checks"]);
    assert_eq!(version["summary"]["parents"], json!(["1.0.0"]));
}

/// Both stand in the history; the mark moves with the arrows and Enter opens.
async fn history(session: &Session) {
    session.click("version-back").await;
    session.see("version-row-1.0.0").await;
    session.click("version-row-2.0.0").await;
    session.settled().await;
    session.picture("versions-history").await;
    session.press('c').await;
    session.see("compare-versions").await;
}

/// What changed is counted and listed, and a changed row tells who decided it.
async fn compare(session: &Session, project: &Path, corrected: &str) {
    let request = json!({ "project": project, "from": "1.0.0", "to": "2.0.0" });
    let comparison = session.call("compare_versions", request).await;
    let changes = &comparison["changes"];
    assert_eq!(changes["relabelled"], 1, "{comparison}");
    assert_eq!(changes["added"], DOMAINS.len() * (SECOND - FIRST), "{comparison}");
    assert_eq!(changes["removed"], 0, "{comparison}");
    session.see("compare-rows-row").await;
    session.click("compare-kind-relabelled").await;
    session.text_that("compare-rows-foot", JOB, |foot| foot.contains('1')).await;
    session.settled().await;
    assert_eq!(session.count("compare-rows-row").await, 1, "{}", session.page_text().await);
    session.click("compare-rows-row").await;
    session.text_that("blame-text", JOB, |text| text.contains(corrected)).await;
    session.text_that("blame-decided", JOB, |who| who.contains("Boris")).await;
    // What it was before stands in an element of its own.
    session.text_that("blame-label", JOB, |label| label.contains(DOMAINS[1])).await;
    session.see("blame-entries").await;
    assert_eq!(session.count("blame-entry").await, 2, "added by the first version, relabelled by the second");
    session.settled().await;
    session.picture("versions-compare").await;
    session.click("compare-view-domains").await;
    session.see("compare-domains").await;
    session.picture("versions-compare-domains").await;
}

/// The promise holds, so the version becomes stable; that is taken back from the message, and a tag is set.
async fn status_and_tag(session: &Session, project: &Path) {
    session.click("datasets-tab-versions").await;
    session.see("version-row-2.0.0").await;
    session.click("version-row-2.0.0").await;
    session.click("history-open").await;
    session.click("version-stable").await;
    session.see_within("version-draft", JOB).await;
    session.see("check-report").await;
    session.picture("versions-stable").await;
    assert_eq!(status(session, project).await, "stable");
    session.click("toast-action").await;
    session.see_within("version-stable", JOB).await;
    assert_eq!(status(session, project).await, "draft");
    session.click("version-tag").await;
    session.write("tag-name", "production").await;
    session.click("tag-set").await;
    session.see("toast-action").await;
    let versions = session.call("list_versions", json!({ "project": project })).await;
    assert_eq!(versions[0]["tags"], json!(["production"]), "{versions}");
}

/// Status of the second version.
async fn status(session: &Session, project: &Path) -> String {
    let version = session.call("get_version", json!({ "project": project, "version": "2.0.0" })).await;
    version["summary"]["status"].as_str().unwrap().to_owned()
}

/// The files are written and hold every sample.
async fn check_out(session: &Session, project: &Path, out: &Path) {
    session.click("version-checkout").await;
    session.write("checkout-folder", &out.display().to_string()).await;
    session.click("checkout-start").await;
    session.see_within("checkout-done", JOB).await;
    session.picture("versions-checkout").await;
    let version = session.call("get_version", json!({ "project": project, "version": "production" })).await;
    let samples = version["summary"]["train"].as_u64().unwrap() + version["summary"]["eval"].as_u64().unwrap();
    let lines = |file: &str| std::fs::read_to_string(out.join(file)).unwrap().lines().count() as u64;
    assert_eq!(lines("train.jsonl") + lines("eval.jsonl"), samples);
    assert_eq!(samples, (DOMAINS.len() * SECOND) as u64);
    assert!(out.join("metadata.json").is_file());
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
