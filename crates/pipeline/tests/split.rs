//! The split: leakage, reproducibility, minimums, stratification.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, HashMap, HashSet};

use contract::dataset::{Balance, SplitNote, SplitSettings};
use contract::version::Split;
use contract::{CallError, ErrorCode, ItemId};
use pipeline::write::split::{Division, split as split_texts};
use pipeline::write::texts::Texts;
use store::{Origin, TextHash, TrustedKey};

/// Splits without looking for near-duplicates.
fn split(items: Vec<TrustedKey>, domains: &[String], settings: &SplitSettings) -> Result<Division, CallError> {
    split_texts(&Texts::of(items), None, domains, settings)
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("domain_{index}")).collect()
}

fn item(number: u64, domain: u32) -> TrustedKey {
    let hash = TextHash::of(&format!("text {number}"));
    TrustedKey {
        item: ItemId(number as i64 + 1),
        hash,
        domain,
        origin: Origin::Prediction,
        place: (0, number),
        user: None,
        at: None,
        parent: None,
    }
}

/// Items with these many of each domain.
fn items(sizes: &[u64]) -> Vec<TrustedKey> {
    let domains = sizes.iter().zip(0..).flat_map(|(size, domain)| (0..*size).map(move |_| domain));
    domains.zip(0..).map(|(domain, number)| item(number, domain)).collect()
}

fn no_minimum() -> SplitSettings {
    SplitSettings { min_eval: 0, min_per_domain: 1, ..SplitSettings::default() }
}

fn evals(split: &Division, domains: usize) -> Vec<u64> {
    let by_name: HashMap<&str, u64> =
        split.preview.domains.iter().map(|domain| (domain.domain.as_str(), domain.eval)).collect();
    names(domains).iter().map(|name| by_name.get(name.as_str()).copied().unwrap_or(0)).collect()
}

/// The sides by text.
fn sides(split: &Division, items: &[TrustedKey]) -> HashMap<TextHash, Split> {
    let texts: HashMap<ItemId, TextHash> = items.iter().map(|item| (item.item, item.hash)).collect();
    split.chosen.iter().map(|chosen| (texts[&chosen.key.item], chosen.side)).collect()
}

#[test]
fn eval_is_shared_as_scikit_learn_shares_it() {
    let cases: serde_json::Value = serde_json::from_str(include_str!("reference/stratified.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let numbers = |name: &str| -> Vec<u64> {
            case[name].as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
        };
        let (sizes, mut expected) = (numbers("sizes"), numbers("eval"));
        let settings = SplitSettings { eval: case["share"].as_f64().unwrap(), ..no_minimum() };
        let split = split(items(&sizes), &names(sizes.len()), &settings).unwrap();
        let mut found = evals(&split, sizes.len());
        if case["name"] == "banking77" {
            // Equal remainders are shared at random there: the multiset of counts is what both must have.
            found.sort_unstable();
            expected.sort_unstable();
        }
        assert_eq!(found, expected, "{}", case["name"]);
        assert_eq!(split.preview.train + split.preview.eval, sizes.iter().sum::<u64>());
    }
}

#[test]
fn one_text_is_one_sample_on_one_side() {
    let mut all = items(&[300, 200]);
    // The same texts again, as items of other sources.
    let again: Vec<TrustedKey> =
        all.iter().map(|item| TrustedKey { item: ItemId(item.item.0 + 10_000), ..*item }).collect();
    all.extend(again);
    let split = split(all.clone(), &names(2), &no_minimum()).unwrap();
    let texts: HashMap<ItemId, TextHash> = all.iter().map(|item| (item.item, item.hash)).collect();
    let different: HashSet<TextHash> = split.chosen.iter().map(|chosen| texts[&chosen.key.item]).collect();
    assert_eq!((split.chosen.len(), different.len()), (500, 500));
}

#[test]
fn the_side_depends_on_seed_and_text_alone() {
    let all = items(&[400, 300, 50]);
    let mut shuffled: Vec<TrustedKey> =
        all.iter().map(|item| TrustedKey { item: ItemId(99_999 - item.item.0), ..*item }).collect();
    shuffled.reverse();
    shuffled.swap(3, 400);
    let first = split(all.clone(), &names(3), &no_minimum()).unwrap();
    let second = split(shuffled.clone(), &names(3), &no_minimum()).unwrap();
    assert_eq!(sides(&first, &all), sides(&second, &shuffled));
    let other = split(all.clone(), &names(3), &SplitSettings { seed: 43, ..no_minimum() }).unwrap();
    assert_ne!(sides(&first, &all), sides(&other, &all));
}

#[test]
fn a_growing_project_keeps_most_of_its_eval() {
    let all = items(&[2000, 1000]);
    let before = split(all.clone(), &names(2), &no_minimum()).unwrap();
    let mut grown = all.clone();
    grown.extend((0..300u64).map(|number| item(100_000 + number, (number % 2) as u32)));
    let after = split(grown.clone(), &names(2), &no_minimum()).unwrap();
    let (before, after) = (sides(&before, &all), sides(&after, &grown));
    let moved = before.iter().filter(|(text, side)| after.get(*text) != Some(*side)).count();
    assert!(moved < 60, "{moved} of {} changed sides", before.len());
}

#[test]
fn decisions_outweigh_and_ties_are_left_out() {
    let mut all = items(&[20, 20]);
    let with = |number: u64, id: i64, domain: u32, origin: Origin| TrustedKey {
        item: ItemId(id),
        origin,
        ..item(number, domain)
    };
    // Text 0: two predictions say 1, one decision says 0. Text 1: majority for 1. Text 2: a tie.
    all.retain(|item| item.item.0 > 3);
    all.extend([with(0, 1001, 1, Origin::Prediction), with(0, 1002, 1, Origin::Prediction)]);
    all.push(with(0, 1003, 0, Origin::Decision));
    all.extend([
        with(1, 1004, 0, Origin::Source),
        with(1, 1005, 1, Origin::Source),
        with(1, 1006, 1, Origin::Prediction),
    ]);
    all.extend([with(2, 1007, 0, Origin::Prediction), with(2, 1008, 1, Origin::Prediction)]);
    let split = split(all, &names(2), &no_minimum()).unwrap();
    let chosen: BTreeMap<i64, u32> = split
        .chosen
        .iter()
        .filter(|chosen| chosen.key.item.0 > 1000)
        .map(|chosen| (chosen.key.item.0, chosen.key.domain))
        .collect();
    assert_eq!(chosen, BTreeMap::from([(1003, 0), (1006, 1)]));
    assert_eq!(split.preview.notes, [SplitNote::ConflictsLeftOut { texts: 1 }]);
    assert_eq!(split.preview.decided, 1);
}

#[test]
fn minimums_are_honoured_or_explained() {
    let defaults = SplitSettings::default();
    let raised = split(items(&[150, 150]), &names(2), &defaults).unwrap();
    assert_eq!((raised.preview.eval, raised.preview.train), (50, 250));
    assert_eq!(raised.preview.notes, [SplitNote::EvalRaised { asked: 30, used: 50 }]);
    let small = split(items(&[30, 20, 4]), &names(3), &defaults).unwrap();
    assert_eq!((small.preview.eval, small.preview.train), (25, 25));
    let left_out = SplitNote::DomainLeftOut { domain: "domain_2".into(), available: 4, needed: 5 };
    assert_eq!(small.preview.notes, [left_out, SplitNote::EvalBelowMinimum { needed: 50, used: 25 }]);
    let nothing = split(items(&[4, 3]), &names(2), &defaults).unwrap();
    assert!(nothing.chosen.is_empty());
    assert_eq!(nothing.preview.notes.len(), 2);
}

#[test]
fn every_domain_is_on_both_sides_where_it_can() {
    let sizes = [5000, 5, 6, 7, 1];
    let split = split(items(&sizes), &names(5), &no_minimum()).unwrap();
    let evals = evals(&split, 5);
    assert!(evals[1..4].iter().all(|eval| *eval >= 1), "{evals:?}");
    assert_eq!(evals[4], 0, "a single text goes to train");
    assert_eq!(evals.iter().sum::<u64>(), 502);
}

#[test]
fn caps_and_balance_cut() {
    let capped = SplitSettings { max_per_domain: Some(60), ..no_minimum() };
    let split_capped = split(items(&[100, 80, 40]), &names(3), &capped).unwrap();
    assert_eq!(split_capped.preview.train + split_capped.preview.eval, 160);
    let balanced = SplitSettings { balance: Balance::Smallest, ..SplitSettings { min_per_domain: 10, ..no_minimum() } };
    let split_balanced = split(items(&[100, 80, 40, 3]), &names(4), &balanced).unwrap();
    assert_eq!(split_balanced.preview.train + split_balanced.preview.eval, 120);
    assert_eq!(split_balanced.preview.domains[0].left_out, 60);
}

#[test]
fn settings_out_of_range_are_refused() {
    for eval in [0.0, 1.0, -0.1, f64::NAN] {
        let settings = SplitSettings { eval, ..no_minimum() };
        assert_eq!(split(items(&[10]), &names(1), &settings).unwrap_err().code, ErrorCode::ArgumentInvalid);
    }
    let settings = SplitSettings { max_per_domain: Some(3), min_per_domain: 5, ..no_minimum() };
    assert_eq!(split(items(&[10]), &names(1), &settings).unwrap_err().code, ErrorCode::ArgumentInvalid);
}
