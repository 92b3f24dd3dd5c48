//! Looking whether a version's promises hold.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;

use contract::dataset::Agreement;
use contract::version::{
    CheckKind, CheckReport, CheckResult, CheckRow, Checks, Split, StatusChange, VersionDetail, VersionStatistics,
    VersionStatus,
};
use contract::{CallError, ErrorCode};
use duplicates::{Similarity, Texts, pairs_across};
use store::Store;
use versions::VersionSample;

use super::{versions, watched};
use crate::job::{JobControl, Stop};

/// Rows that a result names.
const NAMED: usize = 100;

/// Gives a version a status; for stable its promises are looked at first, and where one does not hold the status stays.
///
/// # Errors
/// As [`check`].
pub(super) fn set_status(
    store: &Store,
    control: &mut JobControl,
    version: &str,
    status: VersionStatus,
) -> Result<StatusChange, Stop> {
    let versions = versions(store);
    let summary = versions.find(version)?;
    let before = summary.status;
    let report = match status {
        VersionStatus::Stable => Some(check(store, control, version, None)?),
        VersionStatus::Draft | VersionStatus::Deprecated => None,
    };
    let version = match &report {
        Some(report) if !report.passed => summary,
        _ => versions.set_status(version, status)?,
    };
    Ok(StatusChange { version, before, report })
}

/// Looks whether a version's promises hold, or those given instead. A report of its own promises is kept.
///
/// # Errors
/// As [`versions::VersionStore::for_each_sample`]; limits out of range; [`Stop::Cancelled`].
pub(super) fn check(
    store: &Store,
    control: &mut JobControl,
    version: &str,
    other: Option<&Checks>,
) -> Result<CheckReport, Stop> {
    let versions = versions(store);
    let detail = versions.show(version)?;
    let checks = other.unwrap_or(&detail.checks).clone();
    check_limits(&checks)?;
    let mut results = Vec::new();
    if let Some(limit) = checks.min_per_domain {
        results.push(min_per_domain(&detail, &versions.schema(version)?, limit));
    }
    if let Some(limit) = checks.max_label_drift {
        let parent = detail.summary.parents.first().map(|parent| versions.show(parent)).transpose()?;
        results.push(label_drift(&detail, parent.as_ref(), limit));
    }
    let mut samples = Vec::new();
    if needs_samples(&checks, &detail) {
        let total = Some(detail.summary.train + detail.summary.eval);
        let version = detail.summary.version.as_str();
        watched(control, total, |told| versions.for_each_sample(version, told, &mut |sample| samples.push(sample)))?;
    }
    if let Some(limit) = checks.min_agreement {
        results.push(agreement(&detail, &samples, limit));
    }
    results.extend(by_samples(control, &checks, &samples)?);
    let report = CheckReport {
        version: detail.summary.version,
        passed: results.iter().all(|result| result.passed),
        results,
        checked: control.now(),
    };
    if other.is_none() {
        versions.keep_report(&report)?;
    }
    Ok(report)
}

/// Whether promises are in their ranges.
///
/// # Errors
/// [`ErrorCode::ArgumentInvalid`] naming the first that is not.
pub fn check_limits(checks: &Checks) -> Result<(), CallError> {
    let limits = [
        ("max_label_drift", checks.max_label_drift, 0.0),
        ("no_near_duplicates", checks.no_near_duplicates, f64::MIN_POSITIVE),
        ("min_agreement", checks.min_agreement, -1.0),
        ("no_unreviewed_below", checks.no_unreviewed_below, 0.0),
    ];
    for (name, limit, least) in limits {
        if let Some(value) = limit.filter(|limit| !(least..=1.0).contains(limit)) {
            let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", name).with("value", value);
            return Err(error.with("detail", format!("[{}, 1]", if least > 0.0 { 0.0 } else { least })));
        }
    }
    Ok(())
}

/// Whether the samples themselves are to be looked at. For an agreement only those that reviewers disagree on are, and only where
/// it is too low.
fn needs_samples(checks: &Checks, detail: &VersionDetail) -> bool {
    let too_low = |limit: f64| agreement_of(detail).is_some_and(|found| found.alpha < limit);
    checks.no_leakage
        || checks.no_near_duplicates.is_some()
        || checks.no_unreviewed_below.is_some()
        || checks.min_agreement.is_some_and(too_low)
}

fn result(kind: CheckKind, limit: Option<f64>) -> CheckResult {
    CheckResult { kind, passed: true, measured: None, limit, failures: 0, domains: Vec::new(), rows: Vec::new() }
}

#[allow(clippy::cast_precision_loss)] // Counts for people.
fn min_per_domain(detail: &VersionDetail, schema: &[String], limit: u64) -> CheckResult {
    let mut result = result(CheckKind::MinPerDomain, Some(limit as f64));
    let counts = &detail.statistics.domains;
    let count = |domain: &String| counts.get(domain).map_or(0, |(train, eval)| train + eval);
    let mut domains: Vec<&String> =
        schema.iter().chain(counts.keys().filter(|domain| !schema.contains(domain))).collect();
    domains.sort_by_key(|domain| count(domain));
    result.measured = domains.first().map(|domain| count(domain) as f64);
    result.domains = domains.into_iter().filter(|domain| count(domain) < limit).cloned().collect();
    result.failures = result.domains.len() as u64;
    result.passed = result.failures == 0;
    result
}

/// Against the first parent; a version without one has nothing to drift from. Named are the fewest domains whose part of the
/// divergence is what it has too much, so that with the limit 0 these are all that moved.
fn label_drift(detail: &VersionDetail, parent: Option<&VersionDetail>, limit: f64) -> CheckResult {
    let mut result = result(CheckKind::LabelDrift, Some(limit));
    let drift = parent.map_or(0.0, |parent| versions::label_drift(&parent.statistics, &detail.statistics));
    result.measured = Some(drift);
    result.passed = drift <= limit;
    if let Some(parent) = parent.filter(|_| !result.passed) {
        // The distance is the root of the divergence, which is the sum of the domains' parts.
        let mut rest = drift * drift;
        for (domain, part) in parts_of_drift(&parent.statistics, &detail.statistics) {
            if rest <= limit * limit {
                break;
            }
            rest -= part;
            result.domains.push(domain);
        }
        result.failures = (result.domains.len() as u64).max(1);
        result.domains.truncate(NAMED);
    }
    result
}

/// The domains whose share moved and what each adds to the divergence of [`versions::label_drift`], most first.
#[allow(clippy::cast_precision_loss)] // Shares of counts below 2^53.
fn parts_of_drift(before: &VersionStatistics, after: &VersionStatistics) -> Vec<(String, f64)> {
    let count = |(train, eval): &(u64, u64)| (train + eval) as f64;
    let total = |statistics: &VersionStatistics| statistics.domains.values().map(count).sum::<f64>();
    let (all_before, all_after) = (total(before), total(after));
    let share =
        |statistics: &VersionStatistics, name: &str, all: f64| statistics.domains.get(name).map_or(0.0, count) / all;
    // Both terms of a domain together are never below 0.
    let term = |share: f64, mean: f64| if share > 0.0 { share * (share / mean).log2() } else { 0.0 };
    let names: BTreeSet<&String> = before.domains.keys().chain(after.domains.keys()).collect();
    let part = |name: &String| {
        let (old, new) = (share(before, name, all_before), share(after, name, all_after));
        let mean = f64::midpoint(old, new);
        (name.clone(), f64::midpoint(term(old, mean), term(new, mean)))
    };
    let mut parts: Vec<(String, f64)> = names.into_iter().map(part).filter(|(_, part)| *part > 0.0).collect();
    parts.sort_by(|one, other| other.1.total_cmp(&one.1));
    parts
}

/// What the version's metadata tells of its reviewers.
fn agreement_of(detail: &VersionDetail) -> Option<&Agreement> {
    detail.metadata.as_ref()?.quality.agreement.as_ref()
}

/// Names the samples that reviewers gave different domains. A dataset written by a program before does not tell which.
fn agreement(detail: &VersionDetail, samples: &[VersionSample], limit: f64) -> CheckResult {
    let mut result = result(CheckKind::Agreement, Some(limit));
    let found = agreement_of(detail);
    result.measured = found.map(|found| found.alpha);
    result.passed = result.measured.is_some_and(|alpha| alpha >= limit);
    if !result.passed {
        let disputed: HashSet<&str> = found.into_iter().flat_map(|found| &found.disputed).map(String::as_str).collect();
        let named = samples.iter().filter(|sample| disputed.contains(sample.id.as_str())).take(NAMED);
        result.rows = named.map(|sample| row(sample, None)).collect();
        result.failures = found.map_or(0, |found| found.disagreeing).max(1);
    }
    result
}

fn by_samples(control: &JobControl, checks: &Checks, samples: &[VersionSample]) -> Result<Vec<CheckResult>, Stop> {
    let mut results = Vec::new();
    if checks.no_leakage {
        results.push(leakage(samples));
    }
    if let Some(similarity) = checks.no_near_duplicates {
        results.push(near_duplicates(control, samples, similarity)?);
    }
    if let Some(limit) = checks.no_unreviewed_below {
        results.push(unreviewed(samples, limit));
    }
    Ok(results)
}

fn row(sample: &VersionSample, other: Option<&VersionSample>) -> CheckRow {
    CheckRow {
        id: sample.id.clone(),
        split: sample.split,
        line: sample.line,
        text: sample.side.text.clone(),
        label: sample.side.label.clone(),
        confidence: sample.side.confidence,
        other: other.map(|other| (other.split, other.line, other.side.text.clone())),
    }
}

/// Counts a row that breaks a promise; the first are named.
fn fail(result: &mut CheckResult, sample: &VersionSample, other: Option<&VersionSample>) {
    result.passed = false;
    result.failures += 1;
    if result.rows.len() < NAMED {
        result.rows.push(row(sample, other));
    }
}

/// Texts of eval that stand in train, case and white space aside; and ids that stand in both.
#[allow(clippy::cast_precision_loss)] // Counts for people.
fn leakage(samples: &[VersionSample]) -> CheckResult {
    let mut result = result(CheckKind::Leakage, Some(0.0));
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let train = |sample: &&VersionSample| sample.split == Split::Train;
    let texts: HashMap<String, &VersionSample> =
        samples.iter().filter(train).map(|sample| (folded(&sample.side.text), sample)).collect();
    let ids: HashMap<&str, &VersionSample> =
        samples.iter().filter(train).map(|sample| (sample.id.as_str(), sample)).collect();
    for sample in samples.iter().filter(|sample| sample.split == Split::Eval) {
        let other = texts.get(&folded(&sample.side.text)).or_else(|| ids.get(sample.id.as_str()));
        if let Some(other) = other {
            fail(&mut result, sample, Some(other));
        }
    }
    result.measured = Some(result.failures as f64);
    result
}

/// Low confidence that no person has decided on.
fn unreviewed(samples: &[VersionSample], limit: f64) -> CheckResult {
    let mut result = result(CheckKind::Unreviewed, Some(limit));
    for sample in samples {
        let Some(confidence) = sample.side.confidence.map(f64::from) else { continue };
        if sample.side.origin == "decision" || sample.side.decided_by.is_some() {
            continue;
        }
        result.measured = Some(result.measured.map_or(confidence, |least| least.min(confidence)));
        if confidence < limit {
            fail(&mut result, sample, None);
        }
    }
    result
}

/// Texts of eval that are near-duplicates of one in train.
#[allow(clippy::cast_precision_loss)] // Counts for people.
fn near_duplicates(control: &JobControl, samples: &[VersionSample], similarity: f64) -> Result<CheckResult, Stop> {
    let mut result = result(CheckKind::NearDuplicates, Some(similarity));
    let texts = |split: Split| -> (Vec<&VersionSample>, Texts) {
        let of: Vec<&VersionSample> = samples.iter().filter(|sample| sample.split == split).collect();
        let mut texts = Texts::with_capacity(of.len(), of.iter().map(|sample| sample.side.text.len()).sum());
        of.iter().for_each(|sample| texts.push(&sample.side.text));
        (of, texts)
    };
    let ((eval, eval_texts), (train, train_texts)) = (texts(Split::Eval), texts(Split::Train));
    let Some(similarity) = Similarity::new(similarity) else { return Ok(result) };
    let cancel = control.cancel_token();
    let mut watch = |_, _| if cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let pairs = pairs_across(&eval_texts, &train_texts, similarity, &mut watch).map_err(|_| Stop::Cancelled)?;
    result.measured = Some(pairs.iter().map(|pair| pair.similarity).fold(0.0, f64::max)).filter(|_| !pairs.is_empty());
    for pair in pairs {
        fail(&mut result, eval[pair.left as usize], Some(train[pair.right as usize]));
    }
    Ok(result)
}
