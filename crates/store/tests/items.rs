//! Lists, filters and numbers of items; labelling plans; agreement; trusted labels.
#![allow(clippy::unwrap_used)]

mod common;

use common::{domains, import, item, job, predict, prediction, progress, project, source_of};
use contract::dataset::{SplitPreview, SplitSettings};
use contract::item::{ItemFilter, ItemStatus};
use contract::job::{JobKind, JobState};
use contract::label::{LabelReport, LabelScope, Thresholds};
use contract::review::Action;
use contract::source::ImportReport;
use contract::{ItemId, JobId};
use store::{LabelPlan, NewDataset, Origin, Store, StoreError};

fn found(store: &Store, filter: &str) -> Vec<i64> {
    let filter = ItemFilter::parse(filter).unwrap();
    let page = store.items(&filter, None, 100).unwrap();
    assert_eq!(store.count_items(&filter).unwrap(), page.rows.len() as u64, "{filter:?}");
    assert!(page.total.is_none_or(|total| total == page.rows.len() as u64), "{filter:?}");
    // Pages of one give the same.
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = store.items(&filter, after, 1).unwrap();
        paged.extend(page.rows.iter().map(|row| row.id.0));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let ids: Vec<i64> = page.rows.iter().map(|row| row.id.0).collect();
    assert_eq!(paged, ids, "{filter:?}");
    ids
}

#[test]
fn filters_select_by_every_condition() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b", "other"])).unwrap();
    import(store, &[("Верните Деньги за карту", Some("a")), ("card lost", Some("b")), ("Card Arrival late", None)]);
    import(store, &[("wo ist mein Geld", Some("b")), ("карта", None)]);
    predict(store, "m", &[prediction(1, "a", 0.9), prediction(2, "a", 0.95), prediction(4, "b", 0.2)]);
    store.decide(ItemId(4), &Action::Correct { domain: "a".to_owned() }, "anna", 7).unwrap();
    assert_eq!(found(store, ""), [1, 2, 3, 4, 5]);
    assert_eq!(found(store, "status:new"), [3, 5]);
    assert_eq!(found(store, "status:waiting"), [2]);
    assert_eq!(found(store, "status:corrected"), [4]);
    assert_eq!(found(store, "source:2"), [4, 5]);
    assert_eq!(found(store, "source:9"), [0; 0]);
    assert_eq!(found(store, "label:b"), [2, 4]);
    assert_eq!(found(store, "label:none"), [0; 0]);
    assert_eq!(found(store, "domain:a"), [1, 2, 4]);
    assert_eq!(found(store, "деньги КАРТУ"), [1]);
    assert_eq!(found(store, "late card"), [3]);
    assert_eq!(found(store, "карт"), [1, 5]);
    assert_eq!(found(store, "confidence<0.5"), [4]);
    assert_eq!(found(store, "confidence>=0.9 agrees:yes"), [1]);
    assert_eq!(found(store, "agrees:no"), [2]);
    assert_eq!(found(store, "status:new source:2"), [5]);
    assert_eq!(found(store, "label:b domain:a confidence>=0.1 card"), [2]);
    let row = &store.items(&ItemFilter::default(), None, 10).unwrap().rows[3];
    assert_eq!(
        (row.label.as_deref(), row.domain.as_deref(), row.status),
        (Some("b"), Some("a"), ItemStatus::Corrected)
    );
}

#[test]
fn an_item_shows_all_that_is_known_of_it() {
    let project = project();
    let store = &project.store;
    let job = job(store, JobKind::Import);
    let mut writer = store.begin_import(&source_of(job, false), 2).unwrap();
    let mut new = item(2, "Мост", Some("a"));
    new.ts = Some("2024-02-30".to_owned());
    new.user = Some("u1".to_owned());
    new.metadata = Some(r#"{"colour":"red"}"#.to_owned());
    writer.push(vec![new], vec![], |report| progress(report.read)).unwrap();
    writer.finish(ImportReport::default(), |report| progress(report.read), 3).unwrap();
    predict(store, "m", &[prediction(1, "a", 0.75)]);
    let item = store.item(ItemId(1)).unwrap();
    assert_eq!((item.ts.as_deref(), item.user.as_deref(), item.row), (Some("2024-02-30"), Some("u1"), 2));
    assert_eq!((item.source_name.as_str(), item.metadata["colour"].as_str()), ("rows.csv", "red"));
    assert_eq!((item.predictions[0].confidence, item.predictions[0].prompt_version.as_str()), (0.75, "1"));
    assert!(matches!(store.item(ItemId(2)), Err(StoreError::ItemMissing(_))));
}

fn plan(store: &Store, job: JobId, scope: &LabelScope) -> Vec<i64> {
    store.plan_labelling(job, &LabelPlan { scope, model: "m", prompt_version: "1" }).unwrap();
    store.items_to_label(job, None, 1000).unwrap().iter().map(|item| item.id.0).collect()
}

#[test]
fn a_plan_holds_what_is_left_to_label() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b", "other"])).unwrap();
    let texts: Vec<String> = (0..50).map(|number| format!("text {number}")).collect();
    let rows: Vec<(&str, Option<&str>)> = texts.iter().map(|text| (text.as_str(), Some("a"))).collect();
    import(store, &rows);
    predict(store, "m", &[prediction(1, "a", 0.9)]);
    predict(store, "n", &[prediction(2, "a", 0.9)]);

    let first = job(store, JobKind::Label);
    assert_eq!(plan(store, first, &LabelScope::default()), (2..=50).collect::<Vec<i64>>());
    let limited = LabelScope { limit: Some(3), ..LabelScope::default() };
    assert_eq!(plan(store, job(store, JobKind::Label), &limited), [2, 3, 4]);
    let sample = LabelScope { limit: Some(8), sample_seed: Some(7), ..LabelScope::default() };
    let drawn = plan(store, job(store, JobKind::Label), &sample);
    assert_eq!(drawn.len(), 8);
    assert_eq!(drawn, plan(store, job(store, JobKind::Label), &sample));
    assert_ne!(drawn, plan(store, job(store, JobKind::Label), &LabelScope { sample_seed: Some(8), ..sample }));
    let new = LabelScope { filter: ItemFilter::parse("status:new").unwrap(), ..LabelScope::default() };
    assert_eq!(plan(store, job(store, JobKind::Label), &new).len(), 48);

    // Stored predictions leave the plan, together with the job's progress.
    let mut report = LabelReport::default();
    let batch = [prediction(2, "a", 0.9), prediction(3, "a", 0.4)];
    let save = |report: &LabelReport| progress(report.labelled);
    store.store_predictions(first, "m", "1", &batch, Thresholds::default(), &mut report, save, 5).unwrap();
    assert_eq!(store.job(first).unwrap().status.done, 2);
    assert_eq!(plan(store, first, &LabelScope::default()).len(), 47);
    assert_eq!(store.items_to_label(first, Some(ItemId(4)), 2).unwrap()[0].id, ItemId(5));
    store.end_job(first, JobState::Done, None, None, 9).unwrap();
    assert!(store.items_to_label(first, None, 10).unwrap().is_empty());
    assert_eq!(store.items_to_try(3).unwrap().len(), 3);
}

#[test]
fn what_is_not_imported_to_the_end_is_not_planned_and_not_trusted() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a"])).unwrap();
    let importing = job(store, JobKind::Import);
    let mut writer = store.begin_import(&source_of(importing, false), 2).unwrap();
    writer.push(vec![item(2, "half", Some("a"))], vec![], |report| progress(report.read)).unwrap();
    assert!(plan(store, job(store, JobKind::Label), &LabelScope::default()).is_empty());
    assert!(store.trusted_keys(&SplitSettings::default()).unwrap().is_empty());
    writer.finish(ImportReport::default(), |report| progress(report.read), 3).unwrap();
    assert_eq!(store.trusted_keys(&SplitSettings::default()).unwrap().len(), 1);
}

#[test]
fn agreement_is_counted_by_label() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b", "other"])).unwrap();
    import(store, &[("1", Some("a")), ("2", Some("A")), ("3", Some("b")), ("4", Some("zzz")), ("5", None)]);
    let predictions: Vec<_> = (1..=5).map(|item| prediction(item, "a", 0.8)).collect();
    predict(store, "m", &predictions);
    let report = store.agreement().unwrap();
    assert_eq!((report.checked, report.agreed, report.outside_schema), (4, 2, 1));
    let rows: Vec<_> = report.by_label.iter().map(|row| (row.label.as_str(), row.checked, row.agreed)).collect();
    assert_eq!(rows, [("b", 1, 0), ("zzz", 1, 0), ("A", 1, 1), ("a", 1, 1)]);
    assert_eq!(report.by_label[0].confused_with.as_deref(), Some("a"));
}

#[test]
fn trusted_labels_come_from_people_then_models_then_sources() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b", "other"])).unwrap();
    import(
        store,
        &[("1", Some("a")), ("2", None), ("3", Some("B")), ("4", Some("zzz")), ("5", None), ("6", Some("a"))],
    );
    predict(store, "m", &[prediction(1, "b", 0.95), prediction(2, "a", 0.8), prediction(5, "a", 0.1)]);
    store.decide(ItemId(1), &Action::Approve, "anna", 7).unwrap();
    store.decide(ItemId(6), &Action::Reject, "anna", 8).unwrap();
    let settings = SplitSettings::default();
    let keys = store.trusted_keys(&settings).unwrap();
    let short: Vec<_> = keys.iter().map(|key| (key.item.0, key.domain, key.origin)).collect();
    assert_eq!(short, [(1, 1, Origin::Decision), (2, 0, Origin::Prediction), (3, 1, Origin::Source)]);
    let items = store.trusted_items(&keys, &settings).unwrap();
    assert_eq!((items[2].domain.as_str(), items[2].confidence, items[2].labeller.as_ref()), ("b", None, None));
    assert_eq!(items[1].labeller, Some(("m".to_owned(), "1".to_owned())));
    let few = SplitSettings { include_confident: false, include_unchecked: false, ..settings };
    assert_eq!(store.trusted_keys(&few).unwrap().len(), 1);
    assert_eq!(store.waiting_items().unwrap(), 1);

    let writing = job(store, JobKind::Write);
    let id = store.next_dataset(writing).unwrap();
    assert_eq!(store.next_dataset(writing).unwrap(), id);
    assert!(store.datasets().unwrap().is_empty());
    let (settings, split) = (SplitSettings::default(), SplitPreview { train: 3, ..SplitPreview::default() });
    let new = NewDataset { id, folder: "exports/dataset-1".to_owned(), settings, split, input_hash: "00".to_owned() };
    let held: Vec<ItemId> = keys.iter().map(|key| key.item).collect();
    let summary = store.record_dataset(&new, &held, writing, |summary| progress(summary.split.train), 9).unwrap();
    assert_eq!((summary.split.train, summary.written), (3, 9));
    assert_eq!(store.dataset(None).unwrap(), summary);
    assert_eq!(store.job(writing).unwrap().status.done, 3);
    // What a dataset holds stays when its source goes.
    let removed = store.remove_source(contract::SourceId(1)).unwrap();
    assert_eq!((removed.removed, removed.stayed), (2, 4));
}

#[test]
fn a_trusted_key_tells_user_time_and_parent_where_they_matter() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a"])).unwrap();
    let job = job(store, JobKind::Import);
    let mut writer = store.begin_import(&source_of(job, false), 2).unwrap();
    let with = |row: u64, user: Option<&str>, ts: Option<&str>, metadata: Option<String>| {
        let (user, ts) = (user.map(str::to_owned), ts.map(str::to_owned));
        store::NewItem { user, ts, metadata, ..item(row, &format!("text {row}"), Some("a")) }
    };
    let parent = store::TextHash::of("parent");
    let items = vec![
        with(2, Some("u1"), Some("22/03/2023"), None),
        with(3, Some("u2"), Some("04/03/2023"), Some(format!("{{\"parent\":\"{parent}\",\"other\":\"x\"}}"))),
        with(4, Some("u1"), Some("no time"), Some("{\"parent\":\"not an id\"}".to_owned())),
        with(5, None, None, Some("{\"grandparent\":\"x\"}".to_owned())),
    ];
    writer.push(items, vec![], |report| progress(report.read)).unwrap();
    writer.finish(ImportReport::default(), |report| progress(report.read), 3).unwrap();
    let keys = store.trusted_keys(&SplitSettings::default()).unwrap();
    assert!(keys.iter().all(|key| key.user.is_none() && key.at.is_none()));
    let parents: Vec<_> = keys.iter().map(|key| key.parent).collect();
    assert_eq!(parents, [None, Some(parent), None, None]);
    let places: Vec<_> = keys.iter().map(|key| key.place).collect();
    assert_eq!(places, [(0, 2), (0, 3), (0, 4), (0, 5)]);
    let split_by = contract::dataset::SplitBy::Time;
    let wanted = SplitSettings { group_users: true, split_by, ..SplitSettings::default() };
    let keys = store.trusted_keys(&wanted).unwrap();
    let users: Vec<_> = keys.iter().map(|key| key.user).collect();
    assert!(users[0] == users[2] && users[0] != users[1] && users[0].is_some() && users[3].is_none());
    // The first row tells that days come first here.
    let day = 86_400_000;
    let times: Vec<_> = keys.iter().map(|key| key.at.map(|at| at / day)).collect();
    assert_eq!(times, [Some(19_438), Some(19_420), None, None]);
}

#[test]
fn reviewers_who_decided_on_the_same_items_are_told() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b"])).unwrap();
    import(store, &[("1", Some("a")), ("2", Some("a")), ("3", Some("a"))]);
    let correct = |item, domain: &str, who, at| {
        store.decide(ItemId(item), &Action::Correct { domain: domain.to_owned() }, who, at).unwrap();
    };
    correct(1, "a", "anna", 5);
    correct(1, "b", "boris", 6);
    correct(1, "b", "anna", 7);
    correct(2, "a", "anna", 8);
    store.decide(ItemId(2), &Action::Skip, "boris", 9).unwrap();
    correct(3, "a", "anna", 10);
    correct(3, "b", "boris", 11);
    store.undo("boris", 12).unwrap();
    let labels = store.reviewer_labels().unwrap();
    assert_eq!(labels.len(), 2, "{labels:?}");
    assert!(
        labels[0].item == ItemId(1) && labels[0].domain == labels[1].domain && labels[0].reviewer != labels[1].reviewer
    );
    let keys = store.trusted_keys(&SplitSettings::default()).unwrap();
    let items = store.trusted_items(&keys, &SplitSettings::default()).unwrap();
    assert_eq!(items[0].decided, Some(("anna".to_owned(), 7)));
    assert!(items.iter().find(|item| item.id == ItemId(3)).unwrap().decided == Some(("anna".to_owned(), 10)));
}
