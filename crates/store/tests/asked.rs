//! What labellers are asked beside their predictions.
#![allow(clippy::unwrap_used)]

mod common;

use common::{domains, import, predict, prediction, project};
use contract::ItemId;
use contract::label::Candidate;
use contract::review::Action;
use store::{Asked, KnownItem, NO_DOMAIN, Store};

fn said(item: i64, domain: &str, no_domain: bool) -> Asked {
    let candidates = vec![Candidate { domain: domain.to_owned(), probability: 0.75 }];
    Asked { item: ItemId(item), candidates, no_domain }
}

/// Which domain the labeller gave each known item, and whether it took it to belong to none.
fn evidence(store: &Store, known: &[KnownItem], asked: bool) -> Vec<(i64, u32, bool)> {
    let found = store.evidence("m", known, asked).unwrap();
    found.into_iter().map(|found| (found.item.0, found.candidates[0].0, found.no_domain)).collect()
}

#[test]
fn what_was_asked_counts_like_a_prediction_and_the_latest_holds() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a", "b"])).unwrap();
    import(store, &[("one", Some("a")), ("two", Some("a")), ("three", Some("a"))]);
    for item in 1..=3 {
        let action = if item == 3 { Action::Reject } else { Action::Correct { domain: "a".to_owned() } };
        store.decide(ItemId(item), &action, "anna", 3).unwrap();
    }
    let mut known = store.known_items(&contract::labeller::TrainingSet::default()).unwrap();
    let rejected = store.rejected_items().unwrap();
    assert_eq!((known.len(), rejected.len()), (2, 1));
    assert_eq!((rejected[0].item, rejected[0].domain), (ItemId(3), NO_DOMAIN));
    known.extend(rejected);

    store.store_asked("m", "1", &[said(1, "b", false), said(3, "a", true), said(99, "a", false)], 4).unwrap();
    assert_eq!(evidence(store, &known, true), [(1, 1, false), (3, 0, true)]);
    assert!(evidence(store, &known, false).is_empty());
    let kept = store.asked("m", "1", &[ItemId(1), ItemId(2)]).unwrap();
    assert_eq!((kept[0].clone(), kept[1].is_none()), (Some((vec![(1, 0.75)], false)), true));
    assert!(store.asked("m", "2", &[ItemId(1)]).unwrap()[0].is_none(), "another version is another labeller");

    // A prediction of a later time holds, and what is asked after it, too.
    predict(store, "m", &[prediction(1, "a", 0.9)]);
    assert_eq!(evidence(store, &known, true), [(1, 0, false), (3, 0, true)]);
    store.store_asked("m", "1", &[said(1, "b", false)], 6).unwrap();
    assert_eq!(evidence(store, &known, true), [(1, 1, false), (3, 0, true)]);
    assert_eq!(evidence(store, &known, false), [(1, 0, false)]);
}

#[test]
fn a_source_goes_with_what_was_asked_of_its_items() {
    let project = project();
    let store = &project.store;
    store.set_schema(&domains(&["a"])).unwrap();
    let source = import(store, &[("one", None)]);
    store.store_asked("m", "1", &[said(1, "a", false)], 4).unwrap();
    store.remove_source(source).unwrap();
    assert!(store.asked("m", "1", &[ItemId(1)]).unwrap()[0].is_none());
}
