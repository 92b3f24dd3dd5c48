//! The review queue, cards and decisions.

use std::fmt::Write;

use catalogue::{Language, Text, number, t, word};
use contract::Page;
use contract::review::{Decision, ImportedDecisions, ReviewCard, ReviewProgress, ReviewRow};

use super::{Table, models, moment, probability};
use crate::output::excerpt;

/// Review items.
pub fn list(lang: Language, page: &Page<ReviewRow>) -> String {
    if page.rows.is_empty() {
        return t(lang, Text::ReviewEmpty).to_owned();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadItem), true),
        (t(lang, Text::HeadStatus), false),
        (t(lang, Text::HeadPriority), false),
        (t(lang, Text::HeadPredicted), false),
        (t(lang, Text::HeadConfidence), true),
        (t(lang, Text::HeadLabel), false),
        (t(lang, Text::HeadText), false),
    ]);
    for row in &page.rows {
        table.row([
            row.item.to_string(),
            word(lang, &row.status).to_owned(),
            word(lang, &row.priority).to_owned(),
            excerpt(row.predicted.as_deref().unwrap_or("—"), 30),
            probability(lang, row.confidence),
            excerpt(row.label.as_deref().unwrap_or("—"), 30),
            excerpt(&row.excerpt, 60),
        ]);
    }
    format!("{table}{}", more(lang, page.next, page.total))
}

/// What a list did not show.
pub fn more(lang: Language, next: Option<i64>, total: Option<u64>) -> String {
    let mut text = String::new();
    if let Some(total) = total {
        let _ = write!(text, "\n{}", Text::list_total(lang, total));
    }
    if let Some(after) = next {
        let _ = write!(text, "\n{}", Text::list_more(lang, &after.to_string()));
    }
    text
}

/// The next cards.
pub fn cards(lang: Language, cards: &[ReviewCard]) -> String {
    match cards {
        [] => t(lang, Text::ReviewEmpty).to_owned(),
        cards => cards.iter().map(|shown| card(lang, shown)).collect::<Vec<_>>().join("\n"),
    }
}

/// One card.
pub fn card(lang: Language, card: &ReviewCard) -> String {
    let mut text = format!(
        "{} {} · {}: {} · {}\n",
        t(lang, Text::HeadItem),
        card.item,
        t(lang, Text::HeadPriority),
        word(lang, &card.priority),
        word(lang, &card.reason),
    );
    let _ = writeln!(text, "{}\n", Text::from_row(lang, &excerpt(&card.source_name, 100), card.row));
    let _ = writeln!(text, "  {}\n", excerpt(&card.text, 2000));
    if let Some(label) = &card.label {
        let _ = writeln!(text, "{}: {}", t(lang, Text::HeadLabel), excerpt(label, 60));
    }
    if let Some(prediction) = &card.prediction {
        text += &models::candidates(lang, &prediction.candidates);
    }
    for decision in &card.history {
        let _ = writeln!(text, "{}", decided(lang, decision));
    }
    text
}

/// A decision in one line.
pub fn decided(lang: Language, decision: &Decision) -> String {
    let what = match &decision.action {
        Some(action) => word(lang, action),
        None => t(lang, Text::DecidedUndo),
    };
    let mut text = format!("{} {}: {what}", t(lang, Text::HeadItem), decision.item);
    match (&decision.from, &decision.to) {
        (Some(from), Some(to)) if from != to => {
            let _ = write!(text, ", {} → {}", excerpt(from, 60), excerpt(to, 60));
        }
        (_, Some(to)) => {
            let _ = write!(text, ", {}", excerpt(to, 60));
        }
        _ => {}
    }
    let _ = write!(text, " ({}, {})", excerpt(&decision.reviewer, 60), moment(lang, decision.at));
    text
}

/// How many wait.
pub fn waiting(lang: Language, progress: &ReviewProgress) -> String {
    let waiting: u64 = progress.by_priority.values().sum();
    let parts: Vec<String> = progress
        .by_priority
        .iter()
        .rev()
        .filter(|(_, items)| **items > 0)
        .map(|(priority, items)| format!("{} {}", word(lang, priority), number(lang, *items)))
        .collect();
    match parts.is_empty() {
        true => Text::review_left(lang, waiting),
        false => format!("{} ({})", Text::review_left(lang, waiting), parts.join(", ")),
    }
}

/// What became of a table of decisions.
pub fn imported(lang: Language, imported: &ImportedDecisions) -> String {
    let mut text = Text::decisions_imported(lang, imported.rows, imported.decided, imported.unchanged);
    let left = [
        (imported.overruled, Text::decisions_overruled(lang, imported.overruled)),
        (imported.unknown_text, Text::decisions_without_item(lang, imported.unknown_text)),
        (imported.unknown_domain, Text::decisions_without_domain(lang, imported.unknown_domain)),
        (imported.without_label, Text::decisions_without_label(lang, imported.without_label)),
    ];
    for (_, told) in left.iter().filter(|(rows, _)| *rows > 0) {
        text += &format!("\n{told}");
    }
    text
}
