//! What a labelling run did.

use catalogue::{Language, Text, number, percent, t};
use contract::job::JobStatus;
use contract::label::LabelReport;

use super::{facts, histogram, share};
use crate::output::excerpt;
use crate::progress::took;

/// The run's counts; what there is nothing to say of is left out.
pub fn labelled(lang: Language, report: &LabelReport, status: &JobStatus) -> String {
    if report.labelled == 0 && report.failed == 0 && report.ended_by.is_none() {
        return format!("{}\n{}", t(lang, Text::LabelNothingToDo), beyond(lang, report));
    }
    let part = |count: u64| match report.labelled {
        0 => number(lang, count),
        all => format!("{} ({})", number(lang, count), percent(lang, share(count, all))),
    };
    let mut text = match took(lang, status) {
        Some(time) => Text::label_done_in(lang, &excerpt(&report.model, 60), report.labelled, &time),
        None => Text::label_done(lang, &excerpt(&report.model, 60), report.labelled),
    };
    text.push('\n');
    text += &facts([
        (t(lang, Text::FactConfident), part(report.confident)),
        (t(lang, Text::FactToReview), part(report.to_review)),
    ]);
    if report.no_domain > 0 {
        text += &format!("{}\n", Text::label_no_domain(lang, report.no_domain));
    }
    if report.by_strong > 0 {
        text += &format!("{}\n", Text::label_by_strong(lang, report.by_strong));
    }
    let checked = report.agreed + report.disagreed;
    if checked > 0 {
        text += &Text::label_agreement(lang, report.agreed, checked, share(report.agreed, checked));
        text.push('\n');
    }
    if report.from_cache > 0 {
        text += &format!("{}\n", Text::label_from_cache(lang, report.from_cache));
    }
    if report.prompt_tokens + report.completion_tokens > 0 {
        text += &format!("{}\n", Text::label_tokens(lang, report.prompt_tokens, report.completion_tokens));
    }
    for line in catalogue::traffic(lang, report) {
        text += &format!("{line}\n");
    }
    text += &beyond(lang, report);
    text += &failures(lang, report);
    if report.labelled > 0 {
        text += &format!("\n{}\n{}", t(lang, Text::FactConfidence), histogram(lang, &report.confidence));
    }
    text
}

fn beyond(lang: Language, report: &LabelReport) -> String {
    match report.beyond_queue {
        0 => String::new(),
        items => format!("{}\n", Text::label_beyond_queue(lang, items)),
    }
}

fn failures(lang: Language, report: &LabelReport) -> String {
    if report.failed == 0 {
        return String::new();
    }
    let last = report.last_failure.as_ref().map(|error| catalogue::error_message(lang, error).what);
    let last = last.map_or_else(String::new, |what| excerpt(&what, 400));
    format!("{}\n", Text::label_failed(lang, report.failed, &last))
}
