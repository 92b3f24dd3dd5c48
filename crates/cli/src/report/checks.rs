//! How a version's promises were found.

use std::fmt::Write;

use catalogue::{Language, Text, decimal, number, t, word};
use contract::version::{CheckKind, CheckReport, CheckResult};

use super::Table;
use crate::output::excerpt;

/// Rows that are named for each promise.
const NAMED: usize = 10;

/// Each promise, and what breaks it.
pub fn report(lang: Language, report: &CheckReport) -> String {
    if report.results.is_empty() {
        return Text::told_checks_none(lang, &report.version);
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadCheck), false),
        ("", false),
        (t(lang, Text::HeadMeasured), true),
        (t(lang, Text::HeadPromised), true),
        (t(lang, Text::HeadBreaking), true),
    ]);
    for result in &report.results {
        let figure =
            |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| self::figure(lang, result.kind, value));
        table.row([
            word(lang, &result.kind).to_owned(),
            t(lang, if result.passed { Text::ToldHolds } else { Text::ToldBroken }).to_owned(),
            figure(result.measured),
            figure(result.limit),
            number(lang, result.failures),
        ]);
    }
    let verdict = if report.passed {
        Text::told_checks_hold(lang, &report.version)
    } else {
        Text::told_checks_broken(lang, &report.version)
    };
    let mut text = format!("{verdict}\n{table}");
    for result in report.results.iter().filter(|result| !result.passed) {
        breaking(lang, result, &mut text);
    }
    text
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Counts.
fn figure(lang: Language, kind: CheckKind, value: f64) -> String {
    match kind {
        CheckKind::MinPerDomain | CheckKind::Leakage => number(lang, value.max(0.0) as u64),
        _ => decimal(lang, value, 3),
    }
}

fn breaking(lang: Language, result: &CheckResult, text: &mut String) {
    if result.domains.is_empty() && result.rows.is_empty() {
        return;
    }
    let _ = write!(text, "\n{}\n", word(lang, &result.kind));
    for domain in result.domains.iter().take(NAMED) {
        let _ = writeln!(text, "  {}", excerpt(domain, 80));
    }
    for row in result.rows.iter().take(NAMED) {
        let place = Text::told_check_row(lang, row.split.name(), row.line);
        let _ = writeln!(text, "  {place}: [{}] {}", excerpt(&row.label, 40), excerpt(&row.text, 90));
        if let Some((split, line, other)) = &row.other {
            let _ = writeln!(text, "    = {}: {}", Text::told_check_row(lang, split.name(), *line), excerpt(other, 90));
        }
    }
    let named = result.domains.len().min(NAMED) + result.rows.len().min(NAMED);
    if result.failures > named as u64 {
        let _ = writeln!(text, "  {}", Text::told_check_more(lang, result.failures - named as u64));
    }
}
