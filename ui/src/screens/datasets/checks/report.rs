//! How promises were found: each with what was promised and measured, and where it breaks.

use contract::version::{CheckKind, CheckReport, CheckResult, CheckRow, Checks};
use leptos::prelude::*;

use crate::components::{Badge, Icon, Symbol, Tone};
use crate::state::Domains;
use crate::text::{Text, date_time, lang, number, percent, t, word};

/// A promise's value as a person reads it.
fn value(kind: CheckKind, value: f64) -> String {
    match kind {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Counts.
        CheckKind::MinPerDomain | CheckKind::Leakage => number(value.max(0.0) as u64),
        CheckKind::LabelDrift => catalogue::decimal(lang(), value, 3),
        CheckKind::NearDuplicates | CheckKind::Agreement => catalogue::decimal(lang(), value, 2),
        CheckKind::Unreviewed => percent(value),
    }
}

/// What is promised, in words; nothing to say where the promise's name says it all.
fn promised(kind: CheckKind, limit: Option<f64>) -> Option<String> {
    let limit = value(kind, limit?);
    Some(match kind {
        CheckKind::MinPerDomain | CheckKind::Agreement => Text::check_at_least(lang(), &limit),
        CheckKind::LabelDrift => Text::check_at_most(lang(), &limit),
        CheckKind::NearDuplicates => Text::check_similar(lang(), &limit),
        CheckKind::Unreviewed => Text::check_below(lang(), &limit),
        CheckKind::Leakage => return None,
    })
}

/// Each promise with its limit.
fn each(checks: &Checks) -> Vec<(CheckKind, Option<f64>)> {
    #[allow(clippy::cast_precision_loss)] // Counts of samples.
    let min = checks.min_per_domain.map(|min| min as f64);
    let all = [
        (CheckKind::MinPerDomain, min),
        (CheckKind::LabelDrift, checks.max_label_drift),
        (CheckKind::Leakage, checks.no_leakage.then_some(0.0)),
        (CheckKind::NearDuplicates, checks.no_near_duplicates),
        (CheckKind::Agreement, checks.min_agreement),
        (CheckKind::Unreviewed, checks.no_unreviewed_below),
    ];
    all.into_iter().filter(|(_, limit)| limit.is_some()).collect()
}

/// Promises that nobody has looked at.
#[component]
pub fn Promised(
    /// The promises.
    checks: Checks,
) -> impl IntoView {
    let line = |(kind, limit): (CheckKind, Option<f64>)| {
        view! {
            <li class="check-line">
                <Icon symbol=Symbol::Info />
                <span class="grow">
                    {word(&kind)}
                    <span class="soft small">{promised(kind, limit).map(|limit| format!(" · {limit}"))}</span>
                </span>
                <Badge text=t(Text::CheckOpen) />
            </li>
        }
    };
    view! {
        <p class="small soft" data-testid="checks-never">{t(Text::ChecksNever)}</p>
        <ul class="stack">{each(&checks).into_iter().map(line).collect_view()}</ul>
    }
}

/// How promises were found.
#[component]
pub fn Report(
    /// The report.
    report: CheckReport,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let broken = report.results.iter().filter(|result| !result.passed).count();
    let (tone, text) = if report.passed {
        (Tone::Good, t(Text::ChecksHold).to_owned())
    } else {
        (Tone::Bad, Text::checks_broken(lang(), broken as u64, report.results.len() as u64))
    };
    let line = move |result: CheckResult| view! { <Found result=result domains=domains /> };
    view! {
        <div class="stack" data-testid="check-report">
            <div class="row row-wrap">
                <Badge text=text tone=tone />
                <span class="small faint number">{Text::checks_when(lang(), &date_time(report.checked))}</span>
            </div>
            <ul class="stack">{report.results.into_iter().map(line).collect_view()}</ul>
        </div>
    }
}

/// One promise.
#[component]
fn Found(result: CheckResult, domains: Domains) -> impl IntoView {
    let kind = result.kind;
    let (symbol, tone, state) = if result.passed {
        (Symbol::Check, Tone::Good, Text::CheckHolds)
    } else {
        (Symbol::Warning, Tone::Bad, Text::CheckBroken)
    };
    let measured = match result.measured {
        Some(found) => format!("{} {}", t(Text::CheckMeasured), value(kind, found)),
        None if result.passed => String::new(),
        None => t(Text::CheckUnknown).to_owned(),
    };
    let limit = promised(kind, result.limit).map(|limit| format!("{} {limit}", t(Text::CheckPromised)));
    let failures = (result.failures > 0).then(|| Text::check_failures(lang(), result.failures));
    let told: Vec<String> =
        limit.into_iter().chain([measured]).chain(failures).filter(|part| !part.is_empty()).collect();
    let named: Vec<String> = result.domains.iter().map(|id| domains.name(id)).collect();
    let broken_domains = (!named.is_empty()).then(|| {
        view! { <p class="small check-told" data-testid="check-domains">{t(Text::CheckDomains)}": "{named.join(", ")}</p> }
    });
    let shown = result.rows.len() as u64;
    let row = move |row: CheckRow| view! { <Breaking row=row domains=domains /> };
    let rows = (shown > 0).then(|| {
        view! {
            <details class="fold" data-testid="check-rows">
                <summary>{Text::check_rows_shown(lang(), shown, result.failures.max(shown))}</summary>
                <ol class="check-rows" tabindex="0">{result.rows.into_iter().map(row).collect_view()}</ol>
            </details>
        }
    });
    view! {
        <li class="stack stack-tight" data-testid="check-result">
            <div class=format!("check-line check-{}", tone.name())>
                <Icon symbol=symbol />
                <span class="grow">{word(&kind)}</span>
                <Badge text=t(state) tone=tone />
            </div>
            <p class="small soft number check-told">{told.join(" · ")}</p>
            {broken_domains}
            {rows}
        </li>
    }
}

/// A row that breaks a promise.
#[component]
fn Breaking(row: CheckRow, domains: Domains) -> impl IntoView {
    let place = Text::check_line(lang(), word(&row.split), row.line);
    let confidence = row.confidence.map(|share| percent(f64::from(share)));
    let other = row.other.map(|(split, line, text)| {
        view! {
            <p class="small soft">{Text::check_repeats(lang(), word(&split), line)}</p>
            <p class="check-text copyable soft">{text}</p>
        }
    });
    view! {
        <li class="stack stack-tight">
            <div class="row small soft number">
                <span>{place}</span>
                <Badge text=domains.name(&row.label) />
                {confidence}
            </div>
            <p class="check-text copyable">{row.text}</p>
            {other}
        </li>
    }
}
