//! What breaks the promises of a version that was written and committed.

use std::collections::BTreeSet;

use contract::dataset::SplitSettings;
use contract::job::JobResult;
use contract::version::{CheckKind, CheckResult, Checks, CommitSource, VersionStatus};
use pipeline::job::JobParameters;
use pipeline::version::{VersionWork, Wanted};
use store::TextHash;

use crate::project::{Line, Project, banking, settings};

fn exact() -> SplitSettings {
    SplitSettings { near_duplicates: None, ..settings() }
}

fn of(lines: &[Line], domain: &str) -> Vec<Line> {
    lines.iter().filter(|line| line.label == domain).cloned().collect()
}

/// Writes a dataset and commits it; its number.
fn commit(project: &Project, message: &str) -> String {
    let source = CommitSource::Dataset(project.write(&exact()).summary.id);
    let wanted = Wanted { message: message.to_owned(), author: "anna".to_owned(), ..Wanted::default() };
    let what = VersionWork::Commit { source, parent: None, status: VersionStatus::Draft, wanted };
    let status = project.run(&JobParameters::Version { what, asked: None });
    let Some(JobResult::Commit(report)) = status.result else { panic!("{status:?}") };
    report.version.version
}

/// How the only promise given is found.
fn check(project: &Project, version: &str, checks: Checks) -> CheckResult {
    let what = VersionWork::Check { version: version.to_owned(), checks: Some(checks) };
    let status = project.run(&JobParameters::Version { what, asked: None });
    let Some(JobResult::Check(mut report)) = status.result else { panic!("{status:?}") };
    assert_eq!(report.results.len(), 1);
    report.results.remove(0)
}

#[test]
fn a_drift_names_the_domains_that_moved_most() {
    let (lines, domains) = banking(3);
    let project = Project::new(&domains.iter().map(String::as_str).collect::<Vec<_>>());
    let few: Vec<Line> = domains.iter().flat_map(|domain| of(&lines, domain).into_iter().take(40)).collect();
    project.import("few.csv", &few);
    commit(&project, "as many of each");
    // From a third to far more than a half; the others fall to less each.
    let rest = |domain: &str| of(&lines, domain).into_iter().skip(40);
    let more: Vec<Line> = rest(&domains[1]).chain(rest(&domains[2]).take(5)).collect();
    assert!(more.len() > 65);
    project.import("more.csv", &more);
    let later = commit(&project, "more of one");

    let drift = |limit| check(&project, &later, Checks { max_label_drift: Some(limit), ..Checks::default() });
    let all = drift(0.0);
    assert_eq!((all.kind, all.passed, all.failures), (CheckKind::LabelDrift, false, 3));
    assert_eq!(all.domains, [domains[1].as_str(), domains[0].as_str(), domains[2].as_str()], "the largest move first");
    let measured = all.measured.unwrap();
    let most = drift(measured * 0.9);
    assert_eq!((most.passed, most.failures), (false, 1));
    assert_eq!(most.domains, [domains[1].as_str()], "without it the promise would hold");
    let held = drift(measured * 1.001);
    assert!(held.passed && held.failures == 0 && held.domains.is_empty());
}

#[test]
fn an_agreement_that_is_too_low_names_the_rows_that_reviewers_dispute() {
    let (lines, domains) = banking(3);
    let project = Project::new(&domains.iter().map(String::as_str).collect::<Vec<_>>());
    project.import("questions.csv", &lines);
    // Of ten questions that two reviewers look at they dispute three; on another one a single reviewer changes her mind.
    for item in 1..=10 {
        project.decide(item, &domains[0], "anna", 1_710_763_200_000 + item);
        let other = if item > 7 { &domains[2] } else { &domains[0] };
        project.decide(item, other, "boris", 1_710_763_300_000 + item);
    }
    project.decide(11, &domains[1], "anna", 1_710_763_400_000);
    project.decide(11, &domains[0], "anna", 1_710_763_400_001);
    let version = commit(&project, "reviewed by two");

    let agreement = |limit| check(&project, &version, Checks { min_agreement: Some(limit), ..Checks::default() });
    let broken = agreement(0.95);
    assert_eq!((broken.kind, broken.passed, broken.failures), (CheckKind::Agreement, false, 3));
    let found: BTreeSet<(&str, &str)> = broken.rows.iter().map(|row| (row.id.as_str(), row.text.as_str())).collect();
    let ids: Vec<String> = lines[7..10].iter().map(|line| TextHash::of(&line.text).to_string()).collect();
    let expected: BTreeSet<(&str, &str)> =
        ids.iter().map(String::as_str).zip(lines[7..10].iter().map(|line| line.text.as_str())).collect();
    assert_eq!(found, expected);
    assert!(broken.rows.iter().all(|row| row.line > 0 && row.other.is_none()));
    let held = agreement(-1.0);
    assert!(held.passed && held.failures == 0 && held.rows.is_empty());
}
