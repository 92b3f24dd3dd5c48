//! Comparisons of labellers.

use catalogue::{Language, Text, decimal, duration, number, percent, t};
use contract::Page;
use contract::compare::{Comparison, ConfusionCell, Disagreement, LabellerScore};

use super::labellers::estimate;
use super::{Table, facts, moment, probability};
use crate::output::excerpt;

/// Confusions that are shown of each.
const SHOWN: usize = 5;

/// A comparison.
pub fn compared(lang: Language, report: &Comparison) -> String {
    let mut text = format!("{}\n\n", Text::comparison_of(lang, report.items, report.known, report.decided));
    let mut table = Table::new(&[
        ("", false),
        (t(lang, Text::FactAccuracy), true),
        ("F1", true),
        (t(lang, Text::FactEce), true),
        (t(lang, Text::FactConfidence), true),
        (t(lang, Text::HeadTime), true),
        (t(lang, Text::HeadTokens), true),
    ]);
    for score in [&report.first, &report.second] {
        table.row(row(lang, score));
    }
    text += &table.to_string();
    text.push('\n');
    let agreement = report.agreement.as_ref().map_or_else(|| "—".to_owned(), |share| estimate(lang, share));
    text += &facts([
        (t(lang, Text::FactAgreement), agreement),
        ("kappa", report.kappa.map_or_else(|| "—".to_owned(), |kappa| decimal(lang, kappa, 3))),
        (t(lang, Text::FactBothRight), number(lang, report.both_right)),
        (t(lang, Text::FactOnlyFirst), number(lang, report.only_first)),
        (t(lang, Text::FactOnlySecond), number(lang, report.only_second)),
        (t(lang, Text::FactBothWrong), number(lang, report.both_wrong)),
    ]);
    text += &verdict(lang, report);
    for score in [&report.first, &report.second].into_iter().filter(|score| !score.cost_is_known()) {
        let told = Text::comparison_cached(lang, &excerpt(&score.model, 60), score.cached, score.answered);
        text += &format!("{told}\n");
    }
    for score in [(&report.first, &report.first_confusion), (&report.second, &report.second_confusion)] {
        text += &confusions(lang, score.0, score.1);
    }
    text
}

#[allow(clippy::cast_precision_loss)]
fn row(lang: Language, score: &LabellerScore) -> [String; 7] {
    let part = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| decimal(lang, value, 3));
    // A part of the cost would be taken for the whole.
    let cost = |told: String| if score.cost_is_known() { told } else { "—".to_owned() };
    [
        excerpt(&score.model, 40),
        score.accuracy.as_ref().map_or_else(|| "—".to_owned(), |share| estimate(lang, share)),
        part(score.macro_f1),
        part(score.ece),
        percent(lang, score.confidence),
        cost(duration(lang, score.millis as f64 / 1000.0)),
        cost(number(lang, score.prompt_tokens + score.completion_tokens)),
    ]
}

/// Whether the difference is real, in words.
fn verdict(lang: Language, report: &Comparison) -> String {
    let Some(p) = report.p_value else { return format!("\n{}\n", t(lang, Text::ComparisonNoTruth)) };
    let p = if p < 0.001 { "< 0.001".to_owned() } else { format!("= {}", decimal(lang, p, 3)) };
    let said = match (&report.better, &report.pick) {
        (Some(better), _) => Text::comparison_better(lang, &excerpt(better, 60), &p),
        (None, Some(faster)) if report.costs_are_known() => Text::comparison_equal(lang, &p, &excerpt(faster, 60)),
        (None, Some(pick)) => Text::comparison_equal_likelier(lang, &p, &excerpt(pick, 60)),
        (None, None) => Text::comparison_equal_unpriced(lang, &p),
    };
    format!("\n{said}\n")
}

fn confusions(lang: Language, score: &LabellerScore, cells: &[ConfusionCell]) -> String {
    let wrong: Vec<&ConfusionCell> = cells.iter().filter(|cell| cell.truth != cell.predicted).take(SHOWN).collect();
    if wrong.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadTruth), false),
        (t(lang, Text::HeadPredicted), false),
        (t(lang, Text::HeadItems), true),
    ]);
    for cell in wrong {
        table.row([excerpt(&cell.truth, 50), excerpt(&cell.predicted, 50), number(lang, cell.count)]);
    }
    format!("\n{}\n{table}", Text::comparison_confusions(lang, &excerpt(&score.model, 60)))
}

/// The comparisons there were.
pub fn list(lang: Language, comparisons: &[Comparison]) -> String {
    if comparisons.is_empty() {
        return t(lang, Text::ComparisonsEmpty).to_owned();
    }
    let mut table = Table::new(&[
        ("#", true),
        (t(lang, Text::HeadWhen), false),
        (t(lang, Text::HeadFirst), false),
        (t(lang, Text::HeadSecond), false),
        (t(lang, Text::HeadPick), false),
    ]);
    for comparison in comparisons {
        let side = |score: &LabellerScore| match &score.accuracy {
            Some(accuracy) => format!("{} {}", excerpt(&score.model, 30), percent(lang, accuracy.share)),
            None => excerpt(&score.model, 30),
        };
        table.row([
            comparison.id.to_string(),
            moment(lang, comparison.at),
            side(&comparison.first),
            side(&comparison.second),
            excerpt(comparison.pick.as_deref().unwrap_or("—"), 30),
        ]);
    }
    table.to_string()
}

/// Where two labellers disagree.
pub fn disagreements(lang: Language, page: &Page<Disagreement>) -> String {
    if page.rows.is_empty() {
        return t(lang, Text::DisagreementsEmpty).to_owned();
    }
    let mut table = Table::new(&[
        ("#", true),
        (t(lang, Text::HeadText), false),
        (t(lang, Text::HeadFirst), false),
        (t(lang, Text::HeadSecond), false),
        (t(lang, Text::HeadTruth), false),
    ]);
    let said = |domain: &Option<String>, confidence: Option<f32>| match domain {
        Some(domain) => format!("{} {}", excerpt(domain, 30), probability(lang, confidence)),
        None => "—".to_owned(),
    };
    for row in &page.rows {
        table.row([
            row.item.to_string(),
            excerpt(&row.excerpt, 50),
            said(&row.first, row.first_confidence),
            said(&row.second, row.second_confidence),
            excerpt(row.truth.as_deref().unwrap_or("—"), 30),
        ]);
    }
    table.to_string()
}
