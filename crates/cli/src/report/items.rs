//! Items: lists, one with its history, the whole in numbers.

use std::fmt::Write;

use catalogue::{Language, Text, number, percent, t, word};
use contract::Page;
use contract::item::{Count, ItemDetail, ItemRow, ItemStats};
use contract::labeller::SimilarItem;

use super::{Table, histogram, models, moment, probability, review, share};
use crate::output::excerpt;

/// Items.
pub fn list(lang: Language, page: &Page<ItemRow>) -> String {
    if page.rows.is_empty() {
        return t(lang, Text::StateNothingFound).to_owned();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadItem), true),
        (t(lang, Text::HeadStatus), false),
        (t(lang, Text::HeadDomain), false),
        (t(lang, Text::HeadConfidence), true),
        (t(lang, Text::HeadLabel), false),
        (t(lang, Text::HeadText), false),
    ]);
    for row in &page.rows {
        table.row([
            row.id.to_string(),
            word(lang, &row.status).to_owned(),
            excerpt(row.domain.as_deref().unwrap_or("—"), 30),
            probability(lang, row.confidence),
            excerpt(row.label.as_deref().unwrap_or("—"), 30),
            excerpt(&row.excerpt, 60),
        ]);
    }
    format!("{table}{}", review::more(lang, page.next, page.total))
}

/// One item with its history.
pub fn detail(lang: Language, item: &ItemDetail) -> String {
    let mut text = format!(
        "{} {} · {}\n{}\n\n  {}\n\n",
        t(lang, Text::HeadItem),
        item.id,
        word(lang, &item.status),
        Text::from_row(lang, &excerpt(&item.source_name, 100), item.row),
        excerpt(&item.text, 2000)
    );
    for (name, value) in [
        (Text::HeadLabel, &item.label),
        (Text::HeadDomain, &item.domain),
        (Text::ColumnRoleTime, &item.ts),
        (Text::ColumnRoleUser, &item.user),
    ] {
        if let Some(value) = value {
            let _ = writeln!(text, "{}: {}", t(lang, name), excerpt(value, 200));
        }
    }
    if let Some(reason) = &item.review_reason {
        let _ = writeln!(text, "{}: {}", t(lang, Text::NavReview), word(lang, reason));
    }
    for prediction in &item.predictions {
        let _ = writeln!(
            text,
            "\n{} · {} · {}",
            excerpt(&prediction.model, 60),
            word(lang, &prediction.obtained),
            moment(lang, prediction.at)
        );
        text += &models::candidates(lang, &prediction.candidates);
    }
    if !item.decisions.is_empty() {
        text.push('\n');
    }
    for decision in &item.decisions {
        let _ = writeln!(text, "{}", review::decided(lang, decision));
    }
    text
}

/// The whole in numbers.
pub fn stats(lang: Language, stats: &ItemStats) -> String {
    let mut text = format!("{}: {}\n", t(lang, Text::FactItems), number(lang, stats.items));
    let mut table = Table::new(&[("", false), ("", true), ("", true)]);
    for (status, &items) in stats.by_status.iter().filter(|(_, items)| **items > 0) {
        let part = percent(lang, share(items, stats.items));
        table.row([format!("  {}", word(lang, status)), number(lang, items), part]);
    }
    text += &table.to_string();
    for (heading, counts) in [
        (Text::StatsByDomain, &stats.by_domain),
        (Text::StatsByLabel, &stats.by_label),
        (Text::StatsBySource, &stats.by_source),
    ] {
        text += &counted(lang, heading, counts, stats.items);
    }
    if stats.confidence.iter().any(|count| *count > 0) {
        let _ = write!(text, "\n{}\n{}", t(lang, Text::FactConfidence), histogram(lang, &stats.confidence));
    }
    if stats.review.values().any(|items| *items > 0) {
        let _ = write!(text, "\n{}\n", t(lang, Text::NavReview));
        let mut table = Table::new(&[("", false), ("", true)]);
        for (status, &items) in stats.review.iter().filter(|(_, items)| **items > 0) {
            table.row([format!("  {}", word(lang, status)), number(lang, items)]);
        }
        text += &table.to_string();
    }
    text
}

/// How many of a long list people get; JSON has all.
const SHOWN: usize = 20;

fn counted(lang: Language, heading: Text, counts: &[Count], all: u64) -> String {
    if counts.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[("", false), ("", true), ("", true)]);
    for count in counts.iter().take(SHOWN) {
        let part = percent(lang, share(count.items, all));
        table.row([format!("  {}", excerpt(&count.name, 60)), number(lang, count.items), part]);
    }
    let mut text = format!("\n{}\n{table}", t(lang, heading));
    if let Some(rest) = counts.len().checked_sub(SHOWN).filter(|rest| *rest > 0) {
        let _ = writeln!(text, "  {}", Text::list_rest(lang, u64::try_from(rest).unwrap_or(u64::MAX)));
    }
    text
}

/// Items like another.
pub fn similar(lang: Language, similar: &[SimilarItem]) -> String {
    if similar.is_empty() {
        return t(lang, Text::SimilarEmpty).to_owned();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadItem), true),
        ("cos", true),
        (t(lang, Text::HeadDomain), false),
        (t(lang, Text::HeadText), false),
    ]);
    for item in similar {
        table.row([
            item.item.to_string(),
            probability(lang, Some(item.similarity)),
            excerpt(item.domain.as_deref().unwrap_or("—"), 40),
            excerpt(&item.excerpt, 80),
        ]);
    }
    table.to_string()
}
