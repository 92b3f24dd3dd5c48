//! What thresholds say of a project in a folder: of items that belong to no domain, and of labels that are trusted.

#![allow(clippy::unwrap_used)]

use contract::job::{JobKind, JobUnit};
use contract::label::{Candidate, ConfidenceSource, LabelReport, LabelScope, Thresholds};
use contract::labeller::{RouteRule, TrainingReport, TrainingSet};
use contract::model::{ModelEntry, ModelSpec};
use contract::review::Action;
use contract::schema::Domain;
use contract::source::ImportReport;
use contract::{ItemId, JobId, SourceId};
use store::{Asked, JobProgress, LabelPlan, NewItem, NewJob, NewPrediction, NewSource, Store, TextHash};

use super::thresholds;

/// Items of a project.
const ITEMS: i64 = 10;

fn text(item: i64) -> String {
    format!("the text of item {item}")
}

fn job(store: &Store, kind: JobKind) -> JobId {
    let new = NewJob { kind, subject: "test".to_owned(), unit: JobUnit::Rows, params: serde_json::Value::Null };
    let job = store.create_job(&new, 1).unwrap();
    store.start_job(job, 2).unwrap();
    job
}

fn progress(done: u64) -> JobProgress {
    JobProgress { done, at: 3, ..JobProgress::default() }
}

/// A project with the domains `a` and `b` and items that all have the label `a`; with their source.
fn project() -> (tempfile::TempDir, Store, SourceId) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), "Test", 1).unwrap();
    let domains = ["a", "b"].map(|id| Domain { id: id.to_owned(), ..Domain::default() });
    store.set_schema(&domains).unwrap();
    let report = ImportReport { path: "/data/rows.csv".to_owned(), ..ImportReport::default() };
    let job = job(&store, JobKind::Import);
    let source = NewSource { name: "rows.csv".to_owned(), job, keep_duplicates: false, report };
    let mut writer = store.begin_import(&source, 2).unwrap();
    let items = (1..=ITEMS).map(|item| NewItem {
        hash: TextHash::of(&text(item)),
        row: item.unsigned_abs(),
        text: text(item),
        label: Some("a".to_owned()),
        ts: None,
        user: None,
        metadata: None,
    });
    writer.push(items.collect(), Vec::new(), |report| progress(report.read)).unwrap();
    let source = writer.source();
    writer.finish(ImportReport::default(), |report| progress(report.read), 4).unwrap();
    (folder, store, source)
}

fn add(store: &Store, name: &str, spec: ModelSpec) {
    let entry = ModelEntry { name: name.to_owned(), spec, added: 1, present: true, summary: String::new() };
    store.add_model(&entry).unwrap();
}

fn gguf() -> ModelSpec {
    ModelSpec::Gguf { path: "/models/m.gguf".to_owned() }
}

/// Stores what a labeller says of the items: the domain, the confidence, and whether it takes the item to belong to none.
fn predict(store: &Store, model: &str, said: &[(&str, f32, bool)]) {
    let predictions: Vec<NewPrediction> = (1..)
        .zip(said)
        .map(|(item, (domain, confidence, no_domain))| NewPrediction {
            item: ItemId(item),
            candidates: vec![Candidate { domain: (*domain).to_owned(), probability: *confidence }],
            confidence: *confidence,
            obtained: ConfidenceSource::LabelLikelihood,
            raw: None,
            no_domain: *no_domain,
        })
        .collect();
    let job = job(store, JobKind::Label);
    let plan = LabelPlan { scope: &LabelScope::default(), model, prompt_version: "1" };
    store.plan_labelling(job, &plan).unwrap();
    let mut report = LabelReport::default();
    let given = Thresholds::default();
    let told = |report: &LabelReport| progress(report.labelled);
    store.store_predictions(job, model, "1", &predictions, given, &mut report, told, 5).unwrap();
}

#[test]
fn what_belongs_to_no_domain_is_never_accepted() {
    let (_folder, store, _) = project();
    add(&store, "llm", gguf());
    // Three wrong ones that the labeller is surest of, which go to review all the same, and one wrong one among the others.
    let mut said = vec![("a", 0.9, false); 10];
    said[..3].fill(("b", 0.99, true));
    said[3] = ("b", 0.6, false);
    predict(&store, "llm", &said);
    let report = thresholds(&store, "llm", Some(0.0), true).unwrap();
    assert_eq!((report.items, report.no_domain, report.known), (10, 3, 7));
    let counts: Vec<(u64, u64)> = report.points.iter().map(|point| (point.to_review, point.accepted)).collect();
    assert_eq!((counts[0], counts[70], counts[100]), ((3, 7), (4, 6), (10, 0)));
    let error = report.points[0].error.unwrap();
    assert_eq!(error.of, 7);
    assert!((error.share - 1.0 / 7.0).abs() < 1e-9, "{error:?}");
    let suggested = report.suggested.unwrap();
    assert_eq!((suggested.to_review, suggested.accepted), (4, 6));
}

#[test]
fn what_people_decided_to_belong_to_no_domain_is_wrong_whatever_it_was_given() {
    let (_folder, store, _) = project();
    add(&store, "llm", gguf());
    let mut said = vec![("a", 0.9, false); 10];
    said[1] = ("b", 0.95, true);
    predict(&store, "llm", &said);
    for item in 1..=8 {
        let action = if item <= 2 { Action::Reject } else { Action::Approve };
        store.decide(ItemId(item), &action, "anna", 9).unwrap();
    }
    // The second is in review as belonging to no domain, where it should be; the first was given one.
    let report = thresholds(&store, "llm", Some(0.2), false).unwrap();
    assert_eq!((report.items, report.no_domain, report.known), (10, 1, 7));
    let error = report.points[0].error.unwrap();
    assert_eq!(error.of, 7);
    assert!((error.share - 1.0 / 7.0).abs() < 1e-9, "{error:?}");
    // That the label of the data is trusted makes it no more right: a person has decided.
    assert_eq!(thresholds(&store, "llm", None, true).unwrap().points[0].error.unwrap().of, 9);
    store.undo("anna", 10).unwrap();
    assert_eq!(thresholds(&store, "llm", None, false).unwrap().known, 6);
}

#[test]
fn a_labeller_keeps_its_figures_when_another_one_has_run() {
    let (_folder, store, _) = project();
    add(&store, "llm", gguf());
    add(&store, "other", gguf());
    let mut said = vec![("a", 0.9, false); 10];
    said[..2].fill(("b", 0.7, false));
    said[9] = ("b", 0.95, true);
    predict(&store, "llm", &said);
    let before = thresholds(&store, "llm", Some(0.1), true).unwrap();
    assert_eq!((before.items, before.no_domain, before.known), (10, 1, 9));
    predict(&store, "other", &[("b", 0.4, false); 10]);
    assert_eq!(thresholds(&store, "llm", Some(0.1), true).unwrap(), before);
    let other = thresholds(&store, "other", None, true).unwrap();
    assert_eq!((other.items, other.no_domain, other.known), (10, 0, 10));
}

#[test]
fn a_threshold_does_not_part_equal_confidences() {
    let (_folder, store, _) = project();
    add(&store, "llm", gguf());
    let mut said = vec![("a", 0.9, false); 10];
    said[..4].fill(("b", 0.9, false));
    predict(&store, "llm", &said);
    let strict = thresholds(&store, "llm", Some(0.2), true).unwrap();
    assert_eq!((strict.suggested, strict.cautious), (None, None));
    // The threshold of the view is the one of a run, in the same precision.
    assert_eq!((strict.points[90].accepted, strict.points[90].error.unwrap().of), (10, 10));
    assert_eq!((strict.points[91].accepted, strict.points[91].error), (0, None));
    let suggested = thresholds(&store, "llm", Some(0.5), true).unwrap().suggested.unwrap();
    assert_eq!((suggested.accepted, suggested.threshold.to_bits()), (10, 0.9_f32.to_bits()));
}

#[test]
fn where_nothing_is_accepted_nothing_is_promised() {
    let (_folder, store, _) = project();
    add(&store, "llm", gguf());
    // Surer of a decided item once than of anything now.
    predict(&store, "llm", &[("a", 0.6, false); 10]);
    let sure = Candidate { domain: "a".to_owned(), probability: 0.99 };
    let asked = Asked { item: ItemId(1), candidates: vec![sure], no_domain: false };
    store.store_asked("llm", "2", &[asked], 9).unwrap();
    let wrong = Candidate { domain: "b".to_owned(), probability: 0.6 };
    let others: Vec<Asked> =
        (2..=10).map(|item| Asked { item: ItemId(item), candidates: vec![wrong.clone()], no_domain: false }).collect();
    store.store_asked("llm", "2", &others, 9).unwrap();
    let report = thresholds(&store, "llm", Some(0.1), true).unwrap();
    assert_eq!((report.known, report.suggested), (10, None));
    assert_eq!((report.points[80].accepted, report.points[80].error), (0, None));
}

#[test]
fn labels_count_where_they_are_trusted() {
    let (_folder, store, _) = project();
    add(&store, "llm", gguf());
    predict(&store, "llm", &[("a", 0.9, false); 10]);
    let untrusted = thresholds(&store, "llm", Some(0.1), false).unwrap();
    assert_eq!((untrusted.known, untrusted.suggested), (0, None));
    let trusted = thresholds(&store, "llm", Some(0.1), true).unwrap();
    assert_eq!(trusted.known, 10);
    assert!(trusted.suggested.is_some());
}

/// Keeps a classifier that was trained on all items: cross-validated, it is wrong about the first.
fn trained(store: &Store, name: &str) {
    let answer = |item: i64| if item == 1 { [(1, 0.8), (0, 0.2)] } else { [(0, 0.8), (1, 0.2)] };
    let out_of_fold: serde_json::Map<String, serde_json::Value> =
        (1..=ITEMS).map(|item| (TextHash::of(&text(item)).to_string(), serde_json::json!(answer(item)))).collect();
    let head = serde_json::json!({
        "domains": ["a", "b"],
        "classifier": { "classes": 2, "columns": 1, "weights": [1.0, -1.0], "bias": [0.0, 0.0] },
        "out_of_fold": out_of_fold,
        "items": (1..=ITEMS).collect::<Vec<i64>>(),
        "classes": vec![0; 10],
        "strangeness": null,
    });
    store.store_classifier(name, "fingerprint", &head.to_string(), &TrainingReport::default(), 6).unwrap();
}

#[test]
fn a_classifier_and_its_route_are_judged_by_the_labels_that_it_trusts() {
    let (_folder, store, source) = project();
    let training = TrainingSet { trusted_sources: vec![source], trust_all: false };
    add(&store, "clf", ModelSpec::Classifier { encoder: "/encoder".to_owned(), training });
    let decisions = ModelSpec::Classifier { encoder: "/encoder".to_owned(), training: TrainingSet::default() };
    add(&store, "careful", decisions);
    add(&store, "llm", gguf());
    let rule = RouteRule::Accuracy { at_least: 0.9 };
    add(&store, "rt", ModelSpec::Route { cheap: "clf".to_owned(), strong: "llm".to_owned(), rule });
    trained(&store, "clf");
    trained(&store, "careful");
    // By heart it would be right about all: what counts is what one said that had not seen them.
    predict(&store, "clf", &[("a", 1.0, false); 10]);
    let report = thresholds(&store, "clf", Some(0.2), false).unwrap();
    assert_eq!(report.known, 10);
    let error = report.points[0].error.unwrap();
    assert!((error.share - 0.1).abs() < 1e-9, "{error:?}");
    assert!(report.suggested.is_some());
    assert_eq!(thresholds(&store, "careful", None, false).unwrap().known, 0, "it trusts no label");
    predict(&store, "rt", &[("a", 0.9, false); 10]);
    assert_eq!(thresholds(&store, "rt", None, false).unwrap().known, 10);
}
