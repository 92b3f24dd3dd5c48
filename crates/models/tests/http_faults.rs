//! Servers that fail: what passes is tried again, what doesn't is said once and clearly. A fake server, for the faults' sake.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use contract::label::ConfidenceSource;
use contract::model::{ModelFinding, ServerSettings};
use models::{
    CancelToken, HttpModel, ItemError, Label, LabelModel, LabelPrompt, Listener, Mode, ModelError, Next, RunReport,
    Scored, Secret, Traffic,
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
        if request.target == "POST /v1/embeddings" {
            return Reply::status(501);
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
    ServerSettings {
        concurrency: 2,
        min_interval_ms: Some(0),
        retries: 2,
        timeout_ms: 700,
        cache_hours: 0,
        backoff_ms: 20,
        pause_after: 4,
        longest_pause_s: 0,
    }
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
fn a_server_that_is_gone_for_longer_than_allowed_stops_the_run_and_says_so() {
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
    let is_told = matches!(&error, ModelError::Redirected { to, .. } if to == "http://127.0.0.1:9");
    assert!(is_told, "a key is not carried to another host: {error}");
}

#[test]
fn a_server_that_loads_its_model_is_said_to() {
    let loading = json!({"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}).to_string();
    let server = WebServer::start(move |_| Reply::Answer(503, Vec::new(), loading.clone()));
    let error = HttpModel::connect(&server.url(), "m", None, settings()).err().unwrap();
    assert!(matches!(error, ModelError::ServerLoading { .. }), "{error}");
    let error = models::list_models(&server.url(), None).err().unwrap();
    assert!(matches!(error, ModelError::ServerLoading { .. }), "{error}");
}

#[test]
fn what_came_too_late_or_too_long_is_said_to() {
    let server = schema_server(|_, asked| match asked {
        asked if asked.contains("slow") => Reply::Silence(Duration::from_secs(2)),
        asked if asked.contains("endless") => completion(&"x".repeat(5 << 20)),
        _ => completion(YES),
    });
    let settings = ServerSettings { pause_after: 100, longest_pause_s: 60, ..settings() };
    let model = HttpModel::connect(&server.url(), "m", None, settings).unwrap();
    let (report, answers) = label(&model, &["fine", "slow", "endless"]);
    assert_eq!(report.map(|report| (report.labelled, report.failed)).unwrap(), (1, 2));
    // Seven tenths of a second, told in whole ones.
    assert!(matches!(&answers[1].1, Err(ItemError::TimedOut { seconds: 1, .. })), "{:?}", answers[1]);
    assert!(matches!(&answers[2].1, Err(ItemError::AnswerTooLong { .. })), "{:?}", answers[2]);
    let never = schema_server(|_, _| Reply::Silence(Duration::from_secs(2)));
    let (report, _) = label(&connect(&never), &["one", "two", "three", "four", "five"]);
    assert!(matches!(report, Err(ModelError::ServerTimedOut { .. })), "{report:?}");
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

/// Keeps the last that it heard, and cancels when it hears of a pause if it is told to.
#[derive(Default)]
struct Ear {
    traffic: Traffic,
    pauses_seen: usize,
    labelled: usize,
    most_tokens: Option<u64>,
    cancel_in_pause: Option<CancelToken>,
    /// Tells the server that a pause was seen.
    on_pause: Arc<AtomicBool>,
}

impl Listener for Ear {
    fn answer(&mut self, _: usize, answer: Result<Scored, ItemError>) -> Next {
        answer.unwrap();
        self.labelled += 1;
        Next::GoOn
    }

    fn traffic(&mut self, traffic: &Traffic) -> Next {
        if traffic.pause.is_some() {
            self.pauses_seen += 1;
            self.on_pause.store(true, Ordering::SeqCst);
            self.cancel_in_pause.iter().for_each(CancelToken::cancel);
        }
        self.traffic = traffic.clone();
        let spent = traffic.prompt_tokens + traffic.completion_tokens;
        if self.most_tokens.is_some_and(|most| spent >= most) { Next::Finish } else { Next::GoOn }
    }
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("text {number}")).collect()
}

fn hear(model: &HttpModel, count: usize, cancel: &CancelToken, ear: &mut Ear) -> Result<RunReport, ModelError> {
    let texts = texts(count);
    model.label_heard(&prompt(), &texts.iter().map(String::as_str).collect::<Vec<_>>(), cancel, ear)
}

const YES: &str = "{\"label\": \"yes\", \"confidence\": 0.75}";

#[test]
fn a_run_waits_for_its_server_and_goes_on_by_itself() {
    let (back, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (is_back, counter) = (Arc::clone(&back), Arc::clone(&asked));
    // It fails from the sixth question on, until the run is seen to wait.
    let server = schema_server(move |_, _| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        if number < 5 || is_back.load(Ordering::SeqCst) { completion(YES) } else { Reply::status(503) }
    });
    let model =
        HttpModel::connect(&server.url(), "m", None, ServerSettings { longest_pause_s: 60, ..settings() }).unwrap();
    let mut ear = Ear { on_pause: back, ..Ear::default() };
    let report = hear(&model, 40, &CancelToken::new(), &mut ear).unwrap();
    assert_eq!((report.labelled, report.failed, ear.labelled), (40, 0, 40), "no text pays for the server");
    assert!(ear.pauses_seen > 0 && ear.traffic.pause.is_none() && ear.traffic.paused > Duration::ZERO);
    assert_eq!(ear.traffic.faults.total(), ear.traffic.retries, "every failure was tried again");
    assert!(ear.traffic.faults.server_errors >= 4, "{:?}", ear.traffic);
    assert_eq!(asked.load(Ordering::SeqCst) as u64, 40 + ear.traffic.faults.server_errors);
}

#[test]
fn a_text_that_a_server_always_fails_on_does_not_stop_a_run() {
    for fault in [Reply::status(500), Reply::Cut] {
        let server =
            schema_server(move |_, asked| if asked.contains("text 7") { fault.clone() } else { completion(YES) });
        // It is the last one, too, with nothing beside it that could show that the server is there.
        for concurrency in [1, 4] {
            let settings = ServerSettings { concurrency, longest_pause_s: 3_600, ..settings() };
            let model = HttpModel::connect(&server.url(), "m", None, settings).unwrap();
            let texts = texts(8);
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (report, answers) = label(&model, &texts);
            assert_eq!(report.map(|report| (report.labelled, report.failed)).unwrap(), (7, 1));
            assert!(answers[7].1.is_err());
        }
    }
}

#[test]
fn cancelling_works_in_a_pause() {
    let server = schema_server(|_, _| Reply::status(503));
    let settings = ServerSettings { longest_pause_s: 3_600, ..settings() };
    let model = HttpModel::connect(&server.url(), "m", None, settings).unwrap();
    let cancel = CancelToken::new();
    let mut ear = Ear { cancel_in_pause: Some(cancel.clone()), ..Ear::default() };
    // Nobody else would end it within the hour.
    let report = hear(&model, 3, &cancel, &mut ear).unwrap();
    assert!(report.cancelled && report.labelled == 0);
}

#[test]
fn what_cannot_pass_ends_a_run_at_once() {
    let quota = json!({"error": {"code": "insufficient_quota"}}).to_string();
    let gone = json!({"error": {"message": "model \"m\" not found"}}).to_string();
    let cases = [(401, String::new()), (404, gone), (402, String::new()), (429, quota), (307, String::new())];
    for (status, body) in cases {
        let elsewhere = vec!["Location: https://user:word@elsewhere.test/api/v1/chat/completions?q=1".to_owned()];
        let server = schema_server(move |_, _| Reply::Answer(status, elsewhere.clone(), body.clone()));
        let settings = ServerSettings { longest_pause_s: 3_600, ..settings() };
        let model = HttpModel::connect(&server.url(), "m", None, settings).unwrap();
        let before = server.requests();
        let error = hear(&model, 50, &CancelToken::new(), &mut Ear::default()).unwrap_err();
        match status {
            401 => assert!(matches!(error, ModelError::ServerRefused { status: 401, .. }), "{error}"),
            404 => assert!(
                matches!(&error, ModelError::ModelGone { detail, .. } if detail == "model \"m\" not found"),
                "{error}"
            ),
            307 => assert!(
                matches!(&error, ModelError::Redirected { to, .. } if to == "https://elsewhere.test/api"),
                "{error}"
            ),
            _ => assert!(matches!(error, ModelError::QuotaUsedUp { .. }), "{error}"),
        }
        assert_eq!(server.requests() - before, 1, "{status}: nobody asks a second time");
    }
}

#[test]
fn a_server_that_accepts_no_text_is_not_asked_about_all_of_them() {
    let server = schema_server(|_, _| Reply::status(422));
    let model = connect(&server);
    let before = server.requests();
    let texts = texts(500);
    let mut refused = 0;
    let report = model.label(
        &prompt(),
        &texts.iter().map(String::as_str).collect::<Vec<_>>(),
        &CancelToken::new(),
        &mut |_, answer| {
            refused += usize::from(answer.is_err());
            ControlFlow::Continue(())
        },
    );
    assert!(matches!(report, Err(ModelError::ServerFailed { status: 422, .. })), "{report:?}");
    assert!(refused < 20 && server.requests() - before < 25);
}

#[test]
fn requests_at_once_grow_with_a_server_that_bears_them_and_shrink_with_one_that_does_not() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let server = |bears: usize| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        schema_server(move |_, _| {
            let busy = now.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(busy, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(2));
            now.fetch_sub(1, Ordering::SeqCst);
            if busy > bears { Reply::status(429) } else { completion(YES) }
        })
    };
    let settings = ServerSettings { concurrency: 8, longest_pause_s: 60, ..settings() };
    let strong = server(usize::MAX);
    let model = HttpModel::connect(&strong.url(), "m", None, settings.clone()).unwrap();
    let mut ear = Ear::default();
    hear(&model, 200, &CancelToken::new(), &mut ear).unwrap();
    assert_eq!((ear.traffic.peak_concurrency, most.load(Ordering::SeqCst) > 4), (8, true));
    let weak = server(2);
    let model = HttpModel::connect(&weak.url(), "m", None, settings).unwrap();
    let mut ear = Ear::default();
    let report = hear(&model, 200, &CancelToken::new(), &mut ear).unwrap();
    assert_eq!((report.labelled, report.failed), (200, 0), "being told to slow down is no failure of a text");
    let refused = ear.traffic.faults.rate_limited;
    assert!(refused > 0 && refused < 150, "{refused}: it learns");
}

#[test]
fn a_run_that_is_to_finish_takes_the_answers_under_way() {
    let server = schema_server(|_, _| completion(YES));
    let model = connect(&server);
    let before = server.requests();
    // Ten tokens an answer.
    let mut ear = Ear { most_tokens: Some(50), ..Ear::default() };
    let report = hear(&model, 500, &CancelToken::new(), &mut ear).unwrap();
    assert!(!report.cancelled && ear.labelled >= 5 && ear.labelled < 500, "{}", ear.labelled);
    assert_eq!(ear.labelled, server.requests() - before, "every answer that was paid for was taken");
}

#[test]
fn what_a_server_offers_is_found_out_once() {
    let server = WebServer::start(|request| {
        let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
        match request.target.as_str() {
            "GET /v1/models" => Reply::json(json!({"data": [{"id": "m:latest"}, {"id": "other"}]})),
            "POST /v1/embeddings" => Reply::json(json!({"data": [{"embedding": vec![0.5; 384]}]})),
            // As vLLM: what it does not know it ignores, and it is held to choices.
            _ => {
                let choice = body["structured_outputs"]["choice"][0].as_str();
                let content = choice.unwrap_or("Hi there");
                let token =
                    |text: &str| json!({"token": text, "bytes": text.as_bytes(), "logprob": -0.1, "top_logprobs": []});
                Reply::json(json!({"choices": [{
                    "message": {"content": content}, "logprobs": {"content": [token(content)]},
                }]}))
            }
        }
    });
    let model = HttpModel::connect(&server.url(), "m", None, settings()).unwrap();
    assert_eq!(model.mode(), Mode::Choice { old: false });
    let found = [
        ModelFinding::Models { count: 2 },
        ModelFinding::GuidedChoice,
        ModelFinding::Logprobs,
        ModelFinding::Embeddings { dimensions: 384 },
    ];
    assert_eq!(model.findings(), found);
    let probes = server.requests();
    label(&model, &["one"]).0.unwrap();
    assert_eq!(server.requests() - probes, 1, "no probe is repeated");
}

#[test]
fn a_server_that_stumbles_in_a_probe_is_not_taken_for_a_weaker_one() {
    let stumbles = AtomicUsize::new(0);
    let server = WebServer::start(move |request| {
        // Every other request fails.
        if stumbles.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            return Reply::status(500);
        }
        match request.target.as_str() {
            "GET /v1/models" => Reply::json(json!({"data": [{"id": "m"}]})),
            "POST /v1/embeddings" => Reply::status(501),
            _ if request.body.contains("json_schema") && !request.body.contains("logprobs") => {
                completion("{\"label\": \"qx_first\", \"confidence\": 0.5}")
            }
            _ => Reply::status(400),
        }
    });
    let model = HttpModel::connect(&server.url(), "m", None, settings()).unwrap();
    assert_eq!(model.mode(), Mode::Schema { logprobs: false });
    let found = [
        ModelFinding::Models { count: 1 },
        ModelFinding::JsonSchema,
        ModelFinding::NoLogprobs,
        ModelFinding::NoEmbeddings,
    ];
    assert_eq!(model.findings(), found);
}
