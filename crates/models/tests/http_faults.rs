//! Servers that fail: what passes is tried again, what doesn't is said once and clearly. A fake server, for the faults' sake.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use contract::label::ConfidenceSource;
use contract::model::ServerSettings;
use models::{
    CancelToken, HttpModel, ItemError, Label, LabelModel, LabelPrompt, Mode, ModelError, RunReport, Scored, Secret,
};
use serde_json::{Value, json};
use testbed::{Reply, Request, WebServer};

const KEY: &str = "sk-secret-123";

fn prompt() -> LabelPrompt {
    let labels = ["yes", "no"].map(|text| Label { id: text.to_owned(), text: text.to_owned() }).to_vec();
    LabelPrompt { instruction: "Is it?".to_owned(), labels, ..LabelPrompt::default() }
}

/// A completion without log-probabilities.
fn completion(content: &str) -> Reply {
    Reply::json(
        json!({"choices": [{"message": {"content": content}}], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}),
    )
}

/// A server that keeps to JSON schemas and answers questions with what `answer` says; it counts questions, not probes.
fn schema_server(answer: impl Fn(&Request, &str) -> Reply + Send + Sync + 'static) -> WebServer {
    WebServer::start(move |request| {
        if request.target == "GET /v1/models" {
            return Reply::json(json!({"data": [{"id": "m"}]}));
        }
        let body: Value = serde_json::from_str(&request.body).unwrap();
        if body.get("grammar").is_some() {
            return Reply::Answer(400, Vec::new(), json!({"error": {"message": "unknown field"}}).to_string());
        }
        let asked = body["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
        if asked.contains("Hello") {
            return completion("{\"label\": \"qx_first\", \"confidence\": 0.5}");
        }
        answer(request, &asked)
    })
}

fn settings() -> ServerSettings {
    ServerSettings { concurrency: 2, min_interval_ms: Some(0), retries: 2, timeout_ms: 700, cache_hours: 0 }
}

fn connect(server: &WebServer) -> HttpModel {
    HttpModel::connect(&server.url(), "m", Some(Secret::new(KEY)), settings()).unwrap()
}

type Answers = Vec<(usize, Result<Scored, ItemError>)>;

fn label(model: &HttpModel, texts: &[&str]) -> (Result<RunReport, ModelError>, Answers) {
    let mut answers = Vec::new();
    let mut sink = |index, result| {
        answers.push((index, result));
        ControlFlow::Continue(())
    };
    let report = model.label(&prompt(), texts, &CancelToken::new(), &mut sink);
    answers.sort_by_key(|(index, _)| *index);
    (report, answers)
}

#[test]
fn what_passes_is_tried_again() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let tries = AtomicUsize::new(0);
    let server = schema_server(move |request, _| {
        assert_eq!(request.authorization.as_deref(), Some("Bearer sk-secret-123"));
        match tries.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::Answer(429, vec!["Retry-After: 1".to_owned()], String::new()),
            1 => Reply::Cut,
            2 => completion("{\"label\": \"yes\", \"confidence\": 0.75}"),
            3 => Reply::status(503),
            4 => Reply::Silence(Duration::from_secs(2)),
            _ => completion("{\"label\": \"no\", \"confidence\": 1.0}"),
        }
    });
    let model = connect(&server);
    assert_eq!(model.mode(), Mode::Schema { logprobs: false });
    let began = Instant::now();
    let (report, answers) = label(&model, &["first"]);
    let report = report.unwrap();
    assert_eq!((report.labelled, report.failed, report.retries), (1, 0, 2));
    assert!(began.elapsed() >= Duration::from_secs(1), "Retry-After was kept to");
    let scored = answers[0].1.as_ref().unwrap();
    assert_eq!((scored.best(), scored.obtained), ((0, 0.75), ConfidenceSource::SelfReport));
    let (report, answers) = label(&model, &["second"]);
    assert_eq!(report.unwrap().retries, 2, "an error of the server and a timeout");
    assert_eq!(answers[0].1.as_ref().unwrap().best(), (1, 1.0));
}

#[test]
fn a_text_without_an_answer_does_not_stop_the_others() {
    let server = schema_server(|_, asked| match asked {
        asked if asked.contains("nonsense") => completion("I'd rather talk about the weather"),
        asked if asked.contains("too long") => {
            let error = json!({"error": {"message": "too long", "n_prompt_tokens": 5000, "n_ctx": 4096}});
            Reply::Answer(400, Vec::new(), error.to_string())
        }
        _ => completion("{\"label\": \"no\", \"confidence\": 0.9}"),
    });
    let (report, answers) = label(&connect(&server), &["fine", "nonsense", "too long", "fine too"]);
    let report = report.unwrap();
    assert_eq!((report.labelled, report.failed), (2, 2));
    assert!(answers[0].1.is_ok() && answers[3].1.is_ok());
    assert!(matches!(&answers[1].1, Err(ItemError::Answer { answer }) if answer.contains("weather")));
    assert!(matches!(answers[2].1, Err(ItemError::TooLong { tokens: 5000, limit: 4096 })));
}

#[test]
fn a_server_that_is_gone_stops_the_run_and_says_so() {
    let server = schema_server(|_, _| Reply::status(502));
    let (report, answers) = label(&connect(&server), &["one", "two", "three"]);
    assert!(matches!(report, Err(ModelError::ServerFailed { status: 502, .. })), "{report:?}");
    assert!(answers.is_empty());
    let gone = HttpModel::connect("http://127.0.0.1:9", "m", None, settings()).err().unwrap();
    assert!(matches!(gone, ModelError::ServerGone { .. }), "{gone}");
}

#[test]
fn what_is_no_model_server_is_called_so() {
    let page = WebServer::start(|_| Reply::html("<!doctype html><title>Welcome</title>"));
    let error = HttpModel::connect(&page.url(), "m", None, settings()).err().unwrap();
    assert!(matches!(error, ModelError::NotApi { .. }), "{error}");
    let locked = WebServer::start(|_| Reply::status(401));
    let error = HttpModel::connect(&locked.url(), "m", Some(Secret::new(KEY)), settings()).err().unwrap();
    assert!(matches!(error, ModelError::ServerRefused { status: 401, .. }), "{error}");
    assert!(!format!("{error} {error:?} {:?}", Secret::new(KEY)).contains(KEY));
    for address in ["ftp://x", "not an address", "http://"] {
        assert!(
            matches!(HttpModel::connect(address, "m", None, settings()), Err(ModelError::Address { .. })),
            "{address}"
        );
    }
    let elsewhere =
        WebServer::start(|_| Reply::Answer(302, vec!["Location: http://127.0.0.1:9/".to_owned()], String::new()));
    let error = HttpModel::connect(&elsewhere.url(), "m", Some(Secret::new(KEY)), settings()).err().unwrap();
    assert!(matches!(error, ModelError::NotApi { .. }), "a key is not carried to another host: {error}");
}

#[test]
fn cancelling_does_not_wait_for_the_server() {
    // The server answers in an hour, and nobody gives up before: a run that waited for it would not end.
    let hour = Duration::from_secs(3_600);
    let server = schema_server(move |_, _| Reply::Silence(hour));
    let settings = ServerSettings { timeout_ms: 3_600_000, ..settings() };
    let model = HttpModel::connect(&server.url(), "m", None, settings).unwrap();
    let cancel = CancelToken::new();
    let asked = cancel.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        asked.cancel();
    });
    let texts = ["one", "two", "three"];
    let report = model.label(&prompt(), &texts, &cancel, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(report.cancelled && report.labelled == 0);
}
