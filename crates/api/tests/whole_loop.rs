//! The main job, headless: from a file to a checked-out version, with the real small model.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::{BTreeMap, HashSet};

use contract::dataset::{ListDatasets, PreviewSplit, Sample, SplitSettings, StartWrite};
use contract::item::{GetItem, GetItemStats, ItemFilter, ItemStatus, ListItems};
use contract::job::JobResult;
use contract::label::{Budget, GetAgreement, LabelScope, StartLabelling, Thresholds};
use contract::model::TestModel;
use contract::project::{GetOverview, ListRecentProjects, OpenSampleProject};
use contract::review::{Action, Decide, ExportReviewed, NextReviewItems, UndoDecision};
use contract::source::{DropReason, ExportDropped, ListSources};
use contract::version::{CommitSource, GetVersion, ListVersions, StartCheckout, StartCommit};
use contract::{DatasetId, ErrorCode};
use support::{Place, add_smollm, import, open, run};
use testbed::sample;

fn labelling(project: &str, limit: u64) -> StartLabelling {
    let scope = LabelScope { limit: Some(limit), ..LabelScope::default() };
    let (thresholds, budget) = (Thresholds::default(), Budget::default());
    StartLabelling { project: project.into(), model: "smollm".into(), scope, thresholds, budget }
}

fn commit(project: &str, message: &str) -> StartCommit {
    StartCommit { project: project.into(), message: message.into(), author: "anna".into(), ..StartCommit::default() }
}

fn samples(file: &str) -> Vec<Sample> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn from_a_file_to_a_version() {
    let place = Place::new();
    let winnow = place.winnow();
    let project = place.project(&winnow, &sample("bank_questions.schema.json"));

    let status = run(&winnow, &project, import(&project, &sample("bank_questions.csv")));
    let Some(JobResult::Import(reports)) = status.result else { panic!("{status:?}") };
    let dropped: u64 = reports[0].dropped.values().sum();
    assert_eq!(reports[0].read, reports[0].kept + dropped);
    let items = winnow.call(GetOverview { project: project.clone() }).unwrap().items;
    assert_eq!(items, reports[0].kept);

    if !add_smollm(&winnow, &project) {
        return;
    }
    let test = winnow
        .call(TestModel { project: project.clone(), name: "smollm".into(), texts: vec![], prompt: None })
        .unwrap();
    assert_eq!(test.answers.len(), 3);
    for answer in &test.answers {
        assert!(answer.error.is_none(), "{:?}", answer.error);
        let sum: f32 = answer.candidates.iter().map(|candidate| candidate.probability).sum();
        assert!((sum - 1.0).abs() < 1e-3, "eight domains, all of them candidates: {sum}");
    }

    let status = run(&winnow, &project, labelling(&project, 40));
    let Some(JobResult::Label(report)) = status.result else { panic!("{status:?}") };
    assert_eq!((report.labelled, report.failed), (40, 0));
    assert_eq!(report.agreed + report.disagreed, 40, "every item came with a label of the schema");
    assert_eq!(report.confidence.iter().sum::<u64>(), 40);
    let agreement = winnow.call(GetAgreement { project: project.clone() }).unwrap();
    assert_eq!((agreement.checked, agreement.agreed), (40, report.agreed));

    // Again: what is done is not done again.
    let filter = ItemFilter { status: Some(ItemStatus::New), ..ItemFilter::default() };
    let scope = LabelScope { filter, limit: Some(5), sample_seed: Some(1) };
    let again = StartLabelling { scope, ..labelling(&project, 0) };
    let status = run(&winnow, &project, again);
    assert!(matches!(status.result, Some(JobResult::Label(report)) if report.labelled == 5));

    review(&winnow, &project);
    dataset_and_version(&winnow, &place, &project);

    // All of it is there after the project was closed.
    winnow.shutdown();
    let again = place.winnow();
    open(&again, &project);
    let overview = again.call(GetOverview { project: project.clone() }).unwrap();
    assert_eq!((overview.items, overview.labelled, overview.versions), (items, 45, 2));
    let recent = again.call(ListRecentProjects {}).unwrap();
    assert_eq!(recent[0].folder, project);
}

fn review(winnow: &api::Winnow, project: &str) {
    let next = |count| NextReviewItems { project: project.into(), count, exclude: vec![] };
    let decide = |item, action| Decide { project: project.into(), item, action, reviewer: "anna".into() };
    let cards = winnow.call(next(5)).unwrap();
    assert_eq!(cards.len(), 5, "a small model is unsure of much");
    winnow.call(decide(cards[0].item, Action::Approve)).unwrap();
    let domain = cards[1].label.clone().unwrap();
    winnow.call(decide(cards[1].item, Action::Correct { domain })).unwrap();
    winnow.call(decide(cards[2].item, Action::Skip)).unwrap();
    winnow.call(decide(cards[3].item, Action::Reject)).unwrap();
    let card = winnow.call(UndoDecision { project: project.into(), reviewer: "anna".into() }).unwrap();
    assert_eq!(card.item, cards[3].item);
    assert_eq!(winnow.call(next(1)).unwrap()[0].item, cards[3].item);
    winnow.call(decide(cards[3].item, Action::Reject)).unwrap();
    let detail = winnow.call(GetItem { project: project.into(), item: cards[3].item }).unwrap();
    assert_eq!((detail.status, detail.decisions.len()), (ItemStatus::Rejected, 3));
    let nobody = Decide { project: project.into(), item: cards[4].item, action: Action::Skip, reviewer: " ".into() };
    assert_eq!(winnow.call(nobody).unwrap_err().code, ErrorCode::ReviewerMissing);
    for name in ["reviewed.csv", "reviewed.jsonl"] {
        let to = format!("{project}/exports/{name}");
        let written = winnow.call(ExportReviewed { project: project.into(), to: to.clone() }).unwrap();
        let lines = std::fs::read_to_string(to).unwrap().lines().count() as u64;
        assert!(written.rows >= 3);
        assert!(lines >= written.rows);
    }
}

fn dataset_and_version(winnow: &api::Winnow, place: &Place, project: &str) {
    let settings = SplitSettings { format: contract::dataset::DatasetFormat::Parquet, ..SplitSettings::default() };
    let preview =
        winnow.call(PreviewSplit { project: project.into(), settings: settings.clone(), at_once: false }).unwrap();
    let status = run(winnow, project, StartWrite { project: project.into(), settings });
    let Some(JobResult::Write(dataset)) = status.result else { panic!("{status:?}") };
    assert_eq!(dataset.split, preview, "what was shown is what was written");
    let folder = format!("{project}/{}", dataset.folder);
    let (train, eval) = (samples(&format!("{folder}/train.jsonl")), samples(&format!("{folder}/eval.jsonl")));
    assert_eq!((train.len() as u64, eval.len() as u64), (preview.train, preview.eval));
    assert_eq!(eval.len(), 50, "raised to the minimum");
    let texts: HashSet<&str> = train.iter().map(|sample| sample.text.as_str()).collect();
    assert!(eval.iter().all(|sample| !texts.contains(sample.text.as_str())), "no text on both sides");
    assert!(std::fs::metadata(format!("{folder}/train.parquet")).unwrap().len() > 100);

    let status = run(winnow, project, commit(project, "First"));
    let Some(JobResult::Commit(first)) = status.result else { panic!("{status:?}") };
    let first = first.version;
    assert_eq!((first.version.as_str(), first.train), ("1.0.0", preview.train));
    let datasets = winnow.call(ListDatasets { project: project.into() }).unwrap();
    assert_eq!(datasets[0].version.as_deref(), Some("1.0.0"));

    // The same samples are no new version; fewer are.
    let job = winnow.call(commit(project, "Nothing new")).unwrap();
    let failed = winnow.wait(project, job).unwrap();
    assert_eq!(failed.error.unwrap().code, ErrorCode::VersionUnchanged);
    let capped = SplitSettings { max_per_domain: Some(20), ..SplitSettings::default() };
    run(winnow, project, StartWrite { project: project.into(), settings: capped });
    let status = run(winnow, project, commit(project, "Capped"));
    let Some(JobResult::Commit(second)) = status.result else { panic!("{status:?}") };
    let second = second.version;
    assert_eq!((second.version.as_str(), second.changes.added), ("2.0.0", 0));
    assert_eq!(second.train + second.eval + second.changes.removed, first.train + first.eval);
    let versions = winnow.call(ListVersions { project: project.into() }).unwrap();
    assert_eq!(versions.iter().map(|version| version.version.as_str()).collect::<Vec<_>>(), ["2.0.0", "1.0.0"]);
    let detail = winnow.call(GetVersion { project: project.into(), version: "v1.0.0".into() }).unwrap();
    assert_eq!(detail.statistics.domains.len(), 8);

    let to = place.path("checkout");
    let start =
        StartCheckout { project: project.into(), version: "1.0.0".into(), to: to.clone(), ..StartCheckout::default() };
    let status = run(winnow, project, start.clone());
    let Some(JobResult::Checkout(report)) = status.result else { panic!("{status:?}") };
    assert_eq!(report.files.len(), 3);
    for file in ["train.jsonl", "eval.jsonl", "metadata.json"] {
        let original = std::fs::read(format!("{folder}/{file}")).unwrap();
        assert_eq!(std::fs::read(format!("{to}/{file}")).unwrap(), original, "{file}");
    }
    let job = winnow.call(StartCheckout { version: "2.0.0".into(), ..start }).unwrap();
    let failed = winnow.wait(project, job).unwrap();
    assert_eq!(failed.error.unwrap().code, ErrorCode::FolderNotEmpty);
}

#[test]
fn a_file_imported_twice_is_all_duplicates() {
    let place = Place::new();
    let winnow = place.winnow();
    let project = place.project(&winnow, &sample("bank_questions.schema.json"));
    let start = import(&project, &sample("bank_questions.csv"));
    let first = run(&winnow, &project, start.clone());
    let second = run(&winnow, &project, start);
    let (Some(JobResult::Import(first)), Some(JobResult::Import(second))) = (first.result, second.result) else {
        panic!("imports")
    };
    assert_eq!((second[0].read, second[0].kept), (first[0].read, 0));
    assert_eq!(second[0].dropped.get(&DropReason::Duplicate), Some(&first[0].read));
    let sources = winnow.call(ListSources { project: project.clone() }).unwrap();
    let dropped = ExportDropped { project: project.clone(), source: Some(sources[0].id), to: None };
    let written = winnow.call(dropped).unwrap();
    assert_eq!(written.rows, first[0].read);
    let text = std::fs::read_to_string(written.path).unwrap();
    assert!(text.starts_with("file,row,reason,text\nbank_questions.csv,2,duplicate,"), "{}", &text[..80]);
}

#[test]
fn the_sample_project_is_made_once() {
    let place = Place::new();
    let winnow = place.winnow();
    let first = winnow.call(OpenSampleProject {}).unwrap();
    let again = winnow.call(OpenSampleProject {}).unwrap();
    assert!(first.items > 250);
    assert_eq!((first.sources, first.domains), (1, 8));
    assert_eq!(first, again);
    let stats = winnow.call(GetItemStats { project: first.folder.clone() }).unwrap();
    let by_label: BTreeMap<&str, u64> = stats.by_label.iter().map(|count| (count.name.as_str(), count.items)).collect();
    assert_eq!(by_label.len(), 8);
    let page = ListItems { project: first.folder, filter: ItemFilter::default(), after: None, limit: 10 };
    assert_eq!(winnow.call(page).unwrap().rows.len(), 10);
}

#[test]
fn what_is_missing_is_said() {
    let place = Place::new();
    let winnow = place.winnow();
    let project = place.project(&winnow, &sample("bank_questions.schema.json"));
    let code = |error: contract::CallError| error.code;
    let missing = import(&project, std::path::Path::new("/no/such.csv"));
    assert_eq!(code(winnow.call(missing).unwrap_err()), ErrorCode::FileMissing);
    assert_eq!(code(winnow.call(labelling(&project, 1)).unwrap_err()), ErrorCode::ModelMissing);
    assert_eq!(code(winnow.call(commit(&project, "x")).unwrap_err()), ErrorCode::DatasetMissing);
    let one = StartCommit { source: CommitSource::Dataset(DatasetId(7)), ..commit(&project, "x") };
    assert_eq!(code(winnow.call(one).unwrap_err()), ErrorCode::DatasetMissing);
    let version = GetVersion { project: project.clone(), version: "1.0.0".into() };
    assert_eq!(code(winnow.call(version).unwrap_err()), ErrorCode::VersionMissing);
    let write = StartWrite { project: project.clone(), settings: SplitSettings::default() };
    let job = winnow.call(write).unwrap();
    assert_eq!(winnow.wait(&project, job).unwrap().error.unwrap().code, ErrorCode::DatasetEmpty);
    assert_eq!(
        code(winnow.call(GetOverview { project: "/no/project".into() }).unwrap_err()),
        ErrorCode::ProjectMissing
    );
    let empty = serde_json::json!({});
    assert_eq!(code(winnow.call_json("no_such_call", empty.clone()).unwrap_err()), ErrorCode::ArgumentInvalid);
    assert_eq!(code(winnow.call_json("get_overview", empty).unwrap_err()), ErrorCode::ArgumentInvalid);
}
