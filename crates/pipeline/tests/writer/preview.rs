//! The preview while a person designs a split.

use std::time::Instant;

use contract::ErrorCode;
use contract::dataset::{Balance, SplitPreview, SplitSettings};
use pipeline::write::{NearDuplicates, preview};

use crate::project::{Line, Project, banking, settings};

/// So many different short texts made of real ones.
fn large(count: usize) -> Project {
    let (lines, domains) = banking(77);
    let project = Project::new(&domains.iter().map(String::as_str).collect::<Vec<_>>());
    let all: Vec<Line> = (0..count)
        .map(|number| {
            let (line, other) =
                (&lines[number % lines.len()], &lines[(number * 7919 + number / lines.len()) % lines.len()]);
            let tail: String = other.text.chars().take(40).collect();
            Line {
                user: Some(format!("user {}", number % 5000)),
                ..Line::new(format!("{} {tail}", line.text), &*line.label)
            }
        })
        .collect();
    project.import("many.csv", &all);
    project
}

#[test]
fn a_preview_of_100_000_items_takes_them_all_in() {
    let project = large(100_000);
    let near = NearDuplicates::default();
    let timed = |settings: &SplitSettings, at_once| {
        let before = Instant::now();
        let split = preview(project.store(), settings, &near, at_once).unwrap();
        (before.elapsed().as_secs_f64(), split)
    };
    let (counts, early) = timed(&settings(), true);
    let (first, split) = timed(&settings(), false);
    assert!(early.train + early.eval > 99_000 && split.train + split.eval > 99_000);
    assert!(split.groups > early.groups, "near-duplicates are kept together");
    let others = [
        SplitSettings { eval: 0.3, ..settings() },
        SplitSettings { balance: Balance::Oversample, folds: Some(10), ..settings() },
        SplitSettings { group_users: true, max_per_domain: Some(700), ..settings() },
    ];
    for settings in &others {
        let (later, split) = timed(settings, true);
        println!("with other settings {later:.2} s");
        assert!(!split.near_duplicates_pending && split.train > 0, "what was found is kept");
    }
    println!("counts came after {counts:.2} s, near-duplicates {first:.2} s later");
}

#[test]
fn counts_come_before_near_duplicates_are_known() {
    let project = large(20_000);
    let near = NearDuplicates::default();
    let of = |settings: &SplitSettings, at_once| preview(project.store(), settings, &near, at_once).unwrap();
    let before = Instant::now();
    let early = of(&settings(), true);
    let soon = before.elapsed();
    assert!(early.near_duplicates_pending);
    let without = of(&SplitSettings { near_duplicates: None, ..settings() }, true);
    assert!(!without.near_duplicates_pending, "nothing is looked for");
    assert_eq!(
        SplitPreview { near_duplicates_pending: false, ..early.clone() },
        without,
        "all texts count as different"
    );
    assert!(of(&settings(), true).near_duplicates_pending, "asking at once looks for nothing");
    let whole = of(&settings(), false);
    println!("counts came after {soon:.2?}, near-duplicates after {:.2?}", before.elapsed());
    assert!(!whole.near_duplicates_pending && whole.groups > early.groups);
    assert_eq!(of(&settings(), true), whole, "what was found is kept");
    let other = SplitSettings { eval: 0.3, ..settings() };
    assert_eq!(of(&other, true), of(&other, false), "for other numbers, too");
    let json = serde_json::to_string(&whole).unwrap();
    assert!(!json.contains("near_duplicates_pending"), "what is written never says so: {json}");
}

#[test]
fn a_preview_gives_way_to_a_later_one() {
    let project = large(30_000);
    let near = NearDuplicates::default();
    let of = |similarity| SplitSettings { near_duplicates: Some(similarity), ..settings() };
    std::thread::scope(|scope| {
        let early = scope.spawn(|| preview(project.store(), &of(0.5), &near, false));
        std::thread::sleep(std::time::Duration::from_millis(150));
        assert!(preview(project.store(), &of(0.9), &near, false).unwrap().groups > Some(0), "the latest is answered");
        // On a quick machine the first one may be ready before.
        match early.join().unwrap() {
            Ok(split) => assert!(split.groups > Some(0)),
            Err(error) => assert_eq!(error.code, ErrorCode::Cancelled),
        }
    });
    let invalid = preview(project.store(), &of(2.0), &near, false).unwrap_err();
    assert_eq!(invalid.code, ErrorCode::ArgumentInvalid);
}
