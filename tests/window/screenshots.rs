//! Pictures of every screen with something on it: both themes, both languages, two sizes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::session::{Session, Start};

const JOB: Duration = Duration::from_secs(600);
const SCREENS: [&str; 8] = ["sources", "schema", "label", "review", "datasets", "models", "jobs", "settings"];

/// Parts of screens that have a tab of their own.
const TABS: [(&str, &str); 7] = [
    ("models", "labellers-prompt"),
    ("label", "label-tab-trust"),
    ("label", "label-tab-compare"),
    ("datasets", "datasets-tab-versions"),
    ("datasets", "datasets-tab-compare"),
    ("datasets", "datasets-tab-merge"),
    ("datasets", "datasets-tab-keeping"),
];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes pictures; `cargo xtask screenshots` runs it"]
async fn screenshots_of_every_screen() {
    let session = Session::start(Start { arguments: vec!["--sample".to_owned()], ..Start::default() }).await;
    session.see("rail-sources").await;
    let recent = session.call("list_recent_projects", json!({})).await;
    let project = recent[0]["folder"].clone();
    fill(&session, &project).await;
    for (width, height) in [(1280, 720), (1920, 1080)] {
        session.resize(width, height).await;
        for language in ["en", "ru"] {
            for theme in ["light", "dark"] {
                show(&session, language, theme).await;
                for screen in SCREENS {
                    session.click(&format!("rail-{screen}")).await;
                    session.settled().await;
                    session.picture(&format!("{screen}-{language}-{theme}-{width}x{height}")).await;
                }
                for (screen, tab) in TABS {
                    session.click(&format!("rail-{screen}")).await;
                    session.click(tab).await;
                    session.settled().await;
                    session.picture(&format!("{tab}-{language}-{theme}-{width}x{height}")).await;
                }
                session.click("rail-projects").await;
                session.see("picker-open-sample").await;
                session.settled().await;
                session.picture(&format!("picker-{language}-{theme}-{width}x{height}")).await;
                session.click("picker-open-sample").await;
                session.see("rail-sources").await;
            }
        }
    }
    session.close().await;
}

/// Labels, decides, writes and commits, so that every screen has something to show.
async fn fill(session: &Session, project: &Value) {
    let models = session.call("list_models", json!({ "project": project })).await;
    let model = match models[0]["name"].as_str() {
        Some(name) => name.to_owned(),
        None => {
            let path = testbed::models_folder().join(testbed::STARTER_MODEL);
            let spec = json!({ "kind": "gguf", "path": path });
            session.call("add_model", json!({ "project": project, "name": "qwen-0.5b", "spec": spec })).await;
            "qwen-0.5b".to_owned()
        }
    };
    let scope = json!({ "filter": {}, "limit": 60, "sample_seed": 7 });
    job(session, project, "start_labelling", json!({ "project": project, "model": model, "scope": scope })).await;
    let cards = session.call("next_review_items", json!({ "project": project, "count": 6 })).await;
    for card in cards.as_array().unwrap().iter().take(5) {
        let decision =
            json!({ "project": project, "item": card["item"], "action": { "kind": "approve" }, "reviewer": "Anna" });
        session.call("decide", decision).await;
    }
    let encoder = testbed::models_folder().join(testbed::MULTILINGUAL_ENCODER);
    let spec = json!({ "kind": "classifier", "encoder": encoder, "training": { "trust_all": true } });
    session.call("add_model", json!({ "project": project, "name": "classifier", "spec": spec })).await;
    job(session, project, "start_training", json!({ "project": project, "model": "classifier" })).await;
    let scope = json!({ "filter": {}, "limit": 30, "sample_seed": 7 });
    let pair = json!({
        "project": project, "first": "classifier", "second": model, "scope": scope, "trust_labels": true,
    });
    job(session, project, "start_comparison", pair).await;
    job(session, project, "start_write", json!({ "project": project })).await;
    let commit = json!({ "project": project, "message": "First hundred checked", "author": "Anna" });
    job(session, project, "start_commit", commit).await;
    // Two branches, so that there is a history, something to compare and something to merge.
    for (cap, parent, message) in [(30, "1.0.0", "At most 30 of a domain"), (20, "1.0.0", "At most 20 of a domain")] {
        let settings = json!({ "max_per_domain": cap });
        job(session, project, "start_write", json!({ "project": project, "settings": settings })).await;
        let commit = json!({ "project": project, "message": message, "author": "Boris", "parent": parent });
        job(session, project, "start_commit", commit).await;
    }
}

async fn job(session: &Session, project: &Value, start: &str, request: Value) {
    let id = session.call(start, request).await;
    let deadline = std::time::Instant::now() + JOB;
    loop {
        let status = session.call("get_job", json!({ "project": project, "job": id })).await;
        if status["state"] == "done" {
            return;
        }
        let active = ["queued", "running"].iter().any(|state| status["state"] == *state);
        assert!(active && std::time::Instant::now() < deadline, "{status}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Sets language and theme as the person's settings and draws the page anew.
async fn show(session: &Session, language: &str, theme: &str) {
    let settings = json!({ "language": language, "theme": theme, "reviewer": "Anna" });
    session.call("set_settings", json!({ "settings": settings })).await;
    session.reload().await;
    session.see("rail-sources").await;
}
