//! Importing: duplicates, exact reports, resuming after a kill, discarding.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use common::{domains, import, item, job, predict, prediction, progress, project, source_of};
use contract::item::ItemFilter;
use contract::job::JobKind;
use contract::review::Action;
use contract::source::{DropReason, ImportReport, SourceState};
use contract::{ItemId, JobId};
use store::{JobProgress, NewDrop, Store};

fn drop_of(row: u64, reason: DropReason) -> NewDrop {
    NewDrop { row, reason, excerpt: "ж".repeat(300) }
}

#[test]
fn rows_are_kept_once_and_each_dropped_row_has_its_reason() {
    let project = project();
    let store = &project.store;
    let job = job(store, JobKind::Import);
    let mut writer = store.begin_import(&source_of(job, false), 2).unwrap();
    let items = vec![item(2, "one", Some("a")), item(3, "two", None), item(5, "one", Some("b"))];
    let pushed = writer.push(items, vec![drop_of(4, DropReason::TooLong)], |report| progress(report.read)).unwrap();
    assert_eq!((pushed.kept, pushed.duplicates), (2, 1));
    writer.push(vec![item(6, "two", None), item(7, "three", Some("a"))], vec![], |r| progress(r.read)).unwrap();
    let source = writer.source();
    let details = ImportReport { path: "/data/rows.csv".to_owned(), complete: true, read: 99, ..Default::default() };
    let report = writer.finish(details, |report| progress(report.read), 9).unwrap();
    assert_eq!((report.read, report.kept, report.with_label, report.labels), (6, 3, 2, 1));
    assert_eq!(report.dropped, [(DropReason::TooLong, 1), (DropReason::Duplicate, 2)].into());
    assert!(report.complete);

    let stored = store.source(source).unwrap();
    assert_eq!((stored.state, stored.imported, &stored.report), (SourceState::Ready, 9, &report));
    let page = store.dropped(source, None, None, 2).unwrap();
    assert_eq!(page.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(page.rows[0].excerpt.chars().count(), 200);
    let page = store.dropped(source, None, page.next, 2).unwrap();
    assert_eq!((page.rows.len(), page.rows[0].row, page.next), (1, 6, None));
    let only = store.dropped(source, Some(DropReason::TooLong), None, 10).unwrap();
    assert_eq!(only.rows.len(), 1);
    let mut all = 0;
    store
        .each_dropped::<store::StoreError>(None, |_| {
            all += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(all, 3);
    assert_eq!(store.job(job).unwrap().status.done, 6);
}

#[test]
fn duplicates_are_found_across_sources_and_kept_when_asked_for() {
    let project = project();
    import(&project.store, &[("one", None), ("two", None)]);
    drop(project.store);
    // Opened again: the set of texts comes from the table.
    let store = Store::open(project.folder.path(), 5).unwrap();
    assert_eq!(store.text_hashes().unwrap().len(), 2);
    let source = import(&store, &[("two", None), ("three", None)]);
    assert_eq!(store.source(source).unwrap().report.kept, 1);
    let job = job(&store, JobKind::Import);
    let mut writer = store.begin_import(&source_of(job, true), 2).unwrap();
    writer.push(vec![item(2, "two", None), item(3, "two", None)], vec![], |r| progress(r.read)).unwrap();
    assert_eq!(writer.finish(ImportReport::default(), |r| progress(r.read), 3).unwrap().kept, 2);
    assert_eq!(store.item_stats().unwrap().items, 5);
}

#[test]
fn an_unfinished_import_is_resumed_or_discarded() {
    let project = project();
    let store = &project.store;
    import(store, &[("stays", Some("a"))]);
    let job = job(store, JobKind::Import);
    let mut writer = store.begin_import(&source_of(job, false), 2).unwrap();
    writer.push(vec![item(2, "one", Some("a")), item(3, "stays", None)], vec![], |r| progress(r.read)).unwrap();
    let source = writer.source();
    drop(writer);
    let unfinished = store.unfinished_imports(job).unwrap();
    assert_eq!((unfinished.len(), unfinished[0].source, unfinished[0].report.read), (1, source, 2));
    let mut writer = store.resume_import(source).unwrap();
    writer.push(vec![item(4, "two", Some("a")), item(5, "one", Some("c"))], vec![], |r| progress(r.read)).unwrap();
    let report = writer.report().clone();
    assert_eq!((report.read, report.kept, report.labels), (4, 2, 1));
    writer.discard().unwrap();
    assert!(store.unfinished_imports(job).unwrap().is_empty());
    let stats = store.item_stats().unwrap();
    assert_eq!((stats.items, stats.by_label.len(), stats.by_source.len()), (1, 1, 1));
    assert!(store.dropped(source, None, None, 10).unwrap().rows.is_empty());
    // What was discarded is new again.
    let again = import(store, &[("one", None), ("stays", None)]);
    assert_eq!(store.source(again).unwrap().report.kept, 1);
}

#[test]
fn a_removed_source_leaves_what_people_decided_on() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b"])).unwrap();
    let source = import(store, &[("one", Some("a")), ("two", Some("a")), ("three", None)]);
    predict(store, "m", &[prediction(1, "a", 0.8), prediction(2, "b", 0.95), prediction(3, "a", 0.1)]);
    store.decide(ItemId(2), &Action::Approve, "anna", 6).unwrap();
    let removed = store.remove_source(source).unwrap();
    assert_eq!((removed.removed, removed.stayed), (2, 1));
    let stats = store.item_stats().unwrap();
    assert_eq!((stats.items, stats.review.values().sum::<u64>()), (1, 1));
    assert_eq!(store.items(&ItemFilter::default(), None, 10).unwrap().rows[0].id, ItemId(2));
    assert_eq!(store.source(source).unwrap().state, SourceState::Ready);
}

const ROWS: u64 = 4_000;

/// Text of a row: every third repeats an earlier one.
fn text(row: u64) -> String {
    format!("text {}", if row.is_multiple_of(3) { row / 3 } else { row })
}

/// Imports from the job's cursor on; stops after `stop` batches.
fn go_on(store: &Store, job: JobId, mut batch_done: impl FnMut(u64)) {
    let mut writer = match store.unfinished_imports(job).unwrap().as_slice() {
        [] => store.begin_import(&source_of(job, false), 2).unwrap(),
        [begun, ..] => store.resume_import(begun.source).unwrap(),
    };
    let cursor = store.job(job).unwrap().cursor;
    let mut row = cursor.map_or(0, |cursor| cursor["row"].as_u64().unwrap());
    while row < ROWS {
        let items = (row..row + 50).map(|row| item(row, &text(row), Some(&format!("l{}", row % 7)))).collect();
        row += 50;
        let cursor = Some(serde_json::json!({ "row": row }));
        writer.push(items, vec![], |report| JobProgress { done: report.read, cursor, ..progress(0) }).unwrap();
        batch_done(row);
    }
    writer.finish(ImportReport::default(), |report| progress(report.read), 9).unwrap();
}

#[test]
#[ignore = "run by another test as a process of its own"]
fn child_imports() {
    let Ok(folder) = std::env::var("STORE_TEST_FOLDER") else { return };
    let store = Store::open(folder.as_ref(), 5).unwrap();
    go_on(&store, JobId(1), |row| {
        println!("\nrow {row}");
        std::io::stdout().flush().unwrap();
    });
}

#[test]
fn a_killed_import_goes_on_and_ends_as_if_nothing_had_happened() {
    let project = project();
    assert_eq!(job(&project.store, JobKind::Import), JobId(1));
    drop(project.store);
    for batches in [1, 7, 20] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "child_imports", "--nocapture"])
            .env("STORE_TEST_FOLDER", project.folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert_eq!(lines.filter(|line| line.starts_with("row ")).take(batches).count(), batches);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let killed = Store::open(project.folder.path(), 6).unwrap();
    go_on(&killed, JobId(1), |_| {});

    let whole_project = common::project();
    let whole = &whole_project.store;
    let job = job(whole, JobKind::Import);
    go_on(whole, job, |_| {});
    let (one, other) = (killed.sources().unwrap(), whole.sources().unwrap());
    assert_eq!(one[0].report, other[0].report);
    assert_eq!(killed.item_stats().unwrap(), whole.item_stats().unwrap());
    assert_eq!(
        killed.items(&ItemFilter::default(), None, 1000).unwrap(),
        whole.items(&ItemFilter::default(), None, 1000).unwrap()
    );
}

#[test]
fn a_decision_gets_its_turn_during_an_import() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b"])).unwrap();
    import(store, &[("one", Some("a"))]);
    let job = job(store, JobKind::Import);
    let began = std::sync::Barrier::new(2);
    let rows_at_decision = std::thread::scope(|scope| {
        let importing = scope.spawn(|| {
            let mut writer = store.begin_import(&source_of(job, false), 2).unwrap();
            began.wait();
            for batch in 0..40_u64 {
                let items = (0..2_000).map(|row| item(row, &format!("text {batch} {row}"), None)).collect();
                writer.push(items, vec![], |report| progress(report.read)).unwrap();
            }
        });
        began.wait();
        store.decide(ItemId(1), &Action::Approve, "anna", 3).unwrap();
        let rows = store.item_stats().unwrap().items;
        importing.join().unwrap();
        rows
    });
    assert!(rows_at_decision < 80_001, "the decision waited for the whole import");
}
