//! The review queue: order, decisions, undo, the limit.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Project, domains, import, predict, prediction, project};
use contract::ItemId;
use contract::item::ItemStatus;
use contract::review::{Action, Priority, ReviewReason, ReviewStatus};
use store::{Store, StoreError};

/// Six items: unsure, very unsure, sure, contradicting, critical, outside the schema.
fn reviewed_project() -> Project {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b", "other"])).unwrap();
    import(
        store,
        &[("1", None), ("2", None), ("3", Some("A")), ("4", Some("b")), ("5", Some("b")), ("6", Some("zzz"))],
    );
    let report = predict(
        store,
        "m",
        &[
            prediction(1, "a", 0.45),
            prediction(2, "a", 0.2),
            prediction(3, "a", 0.7),
            prediction(4, "a", 0.6),
            prediction(5, "a", 0.95),
            prediction(6, "a", 0.55),
        ],
    );
    assert_eq!((report.labelled, report.confident, report.to_review, report.beyond_queue), (6, 1, 5, 0));
    assert_eq!((report.agreed, report.disagreed), (1, 3));
    assert_eq!(report.confidence, [0, 0, 1, 0, 1, 1, 1, 1, 0, 1]);
    project
}

fn next(store: &Store) -> Vec<i64> {
    store.next_review_items(10, &[]).unwrap().iter().map(|card| card.item.0).collect()
}

fn correct(domain: &str) -> Action {
    Action::Correct { domain: domain.to_owned() }
}

#[test]
fn the_queue_is_ordered_by_priority_then_by_confidence() {
    let project = reviewed_project();
    let store = &project.store;
    assert_eq!(next(store), [5, 2, 1, 6, 4]);
    let cards = store.next_review_items(2, &[ItemId(5)]).unwrap();
    assert_eq!(cards.iter().map(|card| card.item.0).collect::<Vec<_>>(), [2, 1]);
    let card = store.review_card(ItemId(5)).unwrap();
    assert_eq!(
        (card.reason, card.priority, card.status),
        (ReviewReason::Disagreement, Priority::Critical, ReviewStatus::Pending)
    );
    let latest = card.prediction.unwrap();
    assert_eq!((latest.domain.as_str(), latest.model.as_str(), latest.candidates.len()), ("a", "m", 2));
    assert_eq!(latest.candidates[1].domain, "other");
    assert_eq!(store.review_card(ItemId(6)).unwrap().reason, ReviewReason::OutsideSchema);
    let progress = store.review_progress("anna", 0).unwrap();
    assert_eq!(progress.by_status[&ReviewStatus::Pending], 5);
    assert_eq!(progress.by_priority[&Priority::Medium], 3);
}

#[test]
fn a_skipped_item_comes_back_after_all_others_and_the_longest_skipped_first() {
    let project = reviewed_project();
    let store = &project.store;
    for (at, item) in [(10, 5), (11, 1)] {
        store.decide(ItemId(item), &Action::Skip, "anna", at).unwrap();
    }
    assert_eq!(next(store), [2, 6, 4, 5, 1]);
    store.decide(ItemId(5), &Action::Skip, "anna", 12).unwrap();
    assert_eq!(next(store), [2, 6, 4, 1, 5]);
}

#[test]
fn decisions_say_from_what_to_what_and_by_whom() {
    let project = reviewed_project();
    let store = &project.store;
    let decision = store.decide(ItemId(1), &correct("B"), "anna", 10).unwrap();
    assert_eq!(decision.action, Some(correct("b")));
    assert_eq!((decision.from.as_deref(), decision.to.as_deref()), (Some("a"), Some("b")));
    // Choosing what was predicted is approval.
    let decision = store.decide(ItemId(2), &correct("a"), "anna", 11).unwrap();
    assert_eq!((decision.action, decision.to.as_deref()), (Some(Action::Approve), Some("a")));
    let decision = store.decide(ItemId(4), &Action::Reject, "boris", 12).unwrap();
    assert_eq!((decision.action, decision.to), (Some(Action::Reject), None));
    let stats = store.item_stats().unwrap();
    assert_eq!(stats.by_status[&ItemStatus::Corrected], 1);
    assert_eq!(stats.by_status[&ItemStatus::Approved], 1);
    assert_eq!(stats.by_status[&ItemStatus::Rejected], 1);
    assert_eq!(store.item(ItemId(4)).unwrap().domain, None);
    assert_eq!(store.review_progress("anna", 11).unwrap().session_decisions, 1);
    let rows = store.review_rows(Some(ReviewStatus::Corrected), None, 10).unwrap();
    assert_eq!((rows.rows.len(), rows.rows[0].predicted.as_deref(), rows.total), (1, Some("a"), Some(1)));
    assert_eq!(store.review_rows(None, None, 2).unwrap().next, Some(2));
    let mut exported = Vec::new();
    store
        .each_reviewed::<StoreError>(|reviewed| {
            exported.push((reviewed.item.0, reviewed.action, reviewed.decided, reviewed.reviewer));
            Ok(())
        })
        .unwrap();
    assert_eq!(exported.len(), 3);
    assert_eq!(exported[0], (1, correct("b"), Some("b".to_owned()), "anna".to_owned()));
}

#[test]
fn what_can_not_be_decided_is_named() {
    let project = reviewed_project();
    let store = &project.store;
    assert!(matches!(store.decide(ItemId(99), &Action::Skip, "anna", 1), Err(StoreError::ItemMissing(_))));
    assert!(matches!(store.decide(ItemId(1), &correct("none"), "anna", 1), Err(StoreError::DomainUnknown(_))));
    import(store, &[("7", None), ("8", Some("nothing known")), ("9", Some(" B "))]);
    for item in [7, 8] {
        assert!(matches!(
            store.decide(ItemId(item), &Action::Approve, "anna", 1),
            Err(StoreError::NothingToApprove(_))
        ));
    }
    // An item that no model has seen is approved for the label that it came with.
    let decision = store.decide(ItemId(9), &Action::Approve, "anna", 1).unwrap();
    assert_eq!(decision.to.as_deref(), Some("b"));
    assert!(matches!(store.undo("boris", 2), Err(StoreError::NothingToUndo(_))));
}

#[test]
fn undo_goes_back_step_by_step_and_stays_in_the_history() {
    let project = reviewed_project();
    let store = &project.store;
    let before = store.item_stats().unwrap();
    store.decide(ItemId(5), &Action::Approve, "anna", 10).unwrap();
    store.decide(ItemId(3), &correct("b"), "anna", 11).unwrap();
    store.decide(ItemId(5), &correct("b"), "anna", 12).unwrap();
    let card = store.undo("anna", 13).unwrap();
    assert_eq!((card.item, card.status), (ItemId(5), ReviewStatus::Approved));
    store.decide(ItemId(5), &Action::Reject, "anna", 14).unwrap();
    assert_eq!(store.review_progress("anna", 0).unwrap().session_decisions, 3);
    for (at, item) in [(15, 5), (16, 3), (17, 5)] {
        assert_eq!(store.undo("anna", at).unwrap().item, ItemId(item));
    }
    assert!(matches!(store.undo("anna", 18), Err(StoreError::NothingToUndo(_))));
    assert_eq!(store.review_progress("anna", 0).unwrap().session_decisions, 0);
    assert_eq!(store.item_stats().unwrap(), before);
    assert_eq!(next(store), [5, 2, 1, 6, 4]);
    let history = store.item(ItemId(5)).unwrap().decisions;
    assert_eq!(history.len(), 6);
    assert_eq!(history[0].undoes, Some(history[5].id));
    assert_eq!(history[0].action, None);
}

#[test]
fn another_reviewers_later_decision_holds_when_the_first_is_taken_back() {
    let project = reviewed_project();
    let store = &project.store;
    store.decide(ItemId(5), &Action::Approve, "anna", 10).unwrap();
    store.decide(ItemId(5), &correct("b"), "boris", 11).unwrap();
    assert_eq!(store.undo("anna", 12).unwrap().status, ReviewStatus::Corrected);
    assert_eq!(store.item(ItemId(5)).unwrap().domain.as_deref(), Some("b"));
    assert_eq!(store.undo("boris", 13).unwrap().status, ReviewStatus::Pending);
}

#[test]
fn what_a_person_decided_is_not_queued_again() {
    let project = reviewed_project();
    let store = &project.store;
    store.decide(ItemId(1), &correct("b"), "anna", 10).unwrap();
    let report = predict(store, "second", &[prediction(1, "a", 0.1), prediction(2, "a", 0.9)]);
    assert_eq!((report.labelled, report.to_review, report.confident), (2, 0, 1));
    let item = store.item(ItemId(1)).unwrap();
    assert_eq!((item.status, item.domain.as_deref(), item.predictions.len()), (ItemStatus::Corrected, Some("b"), 2));
    assert_eq!(store.item(ItemId(2)).unwrap().status, ItemStatus::Confident);
    assert_eq!(next(store), [5, 6, 4]);
    // The same labeller's answer again is passed over.
    assert_eq!(predict(store, "second", &[prediction(2, "b", 0.1)]).labelled, 0);
}

#[test]
fn a_full_queue_lets_the_most_urgent_up_as_it_drains() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b", "other"])).unwrap();
    store.set_queue_limit(2).unwrap();
    import(store, &[("1", None), ("2", None), ("3", None), ("4", None), ("5", None)]);
    let report = predict(
        store,
        "m",
        &[
            prediction(1, "a", 0.45),
            prediction(2, "a", 0.4),
            prediction(3, "a", 0.42),
            prediction(4, "a", 0.1),
            prediction(5, "a", 0.9),
        ],
    );
    assert_eq!((report.to_review, report.beyond_queue), (2, 2));
    assert_eq!(next(store), [2, 1]);
    assert_eq!(store.review_progress("anna", 0).unwrap().beyond_queue, 2);
    assert_eq!(store.waiting_items().unwrap(), 4);
    store.decide(ItemId(2), &Action::Approve, "anna", 10).unwrap();
    assert_eq!(next(store), [4, 1]);
    // Taken back into a full queue, it waits all the same; nothing moves up until there is room.
    store.undo("anna", 11).unwrap();
    assert_eq!(next(store), [4, 2, 1]);
    store.decide(ItemId(4), &Action::Approve, "anna", 12).unwrap();
    assert_eq!(next(store), [2, 1]);
    store.set_queue_limit(100).unwrap();
    assert_eq!(next(store), [2, 3, 1]);
    assert_eq!(store.review_progress("anna", 0).unwrap().beyond_queue, 0);
}

#[test]
fn what_a_reviewer_decided_last_is_known_whosever_decision_holds() {
    let project = reviewed_project();
    let store = &project.store;
    let of = |reviewer: &str| {
        let mut found: Vec<(i64, u32)> =
            store.domains_decided_by(reviewer).unwrap().into_iter().map(|(item, domain)| (item.0, domain)).collect();
        found.sort_unstable();
        found
    };
    for item in [1, 2, 3] {
        store.decide(ItemId(item), &correct("a"), "anna", 10 + item).unwrap();
    }
    store.decide(ItemId(1), &correct("b"), "boris", 20).unwrap();
    assert_eq!((of("anna"), of("boris"), of("vera")), (vec![(1, 0), (2, 0), (3, 0)], vec![(1, 1)], vec![]));
    // What was skipped, rejected or taken back since is no domain of the reviewer's.
    store.decide(ItemId(2), &Action::Skip, "anna", 30).unwrap();
    store.decide(ItemId(3), &Action::Reject, "anna", 31).unwrap();
    store.undo("boris", 32).unwrap();
    assert_eq!((of("anna"), of("boris")), (vec![(1, 0)], vec![]));
    // Taking back the rejection brings back what it was before.
    store.undo("anna", 33).unwrap();
    assert_eq!(of("anna"), [(1, 0), (3, 0)]);
}
