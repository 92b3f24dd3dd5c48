//! What a job gave, in a line.

use contract::compare::Comparison;
use contract::job::JobResult;
use contract::labeller::TrainingReport;
use leptos::prelude::*;

use crate::components::{Button, ButtonKind};
use crate::frame::Screen;
use crate::state::Project;
use crate::text::{Text, lang, p_value, t};

/// What a job gave so far, and where to go on from there.
#[component]
pub fn Outcome(
    /// The result.
    result: JobResult,
) -> impl IntoView {
    let project = Project::get();
    let (screen, text) = match &result {
        JobResult::Import(reports) => {
            let kept = reports.iter().map(|report| report.kept).sum();
            let dropped = reports.iter().flat_map(|report| report.dropped.values()).sum();
            (Screen::Sources, Text::outcome_import(lang(), kept, dropped))
        }
        JobResult::Label(report) => {
            (Screen::Label, Text::outcome_label(lang(), report.labelled, report.confident, report.to_review))
        }
        JobResult::Write(dataset) => {
            let (train, eval) = (dataset.split.train, dataset.split.eval);
            (Screen::Datasets, Text::outcome_write(lang(), &dataset.id.to_string(), train, eval))
        }
        JobResult::Commit(version) => {
            (Screen::Datasets, Text::outcome_commit(lang(), &version.version, version.train, version.eval))
        }
        JobResult::Checkout(report) => {
            (Screen::Datasets, Text::outcome_checkout(lang(), &report.version, &report.folder))
        }
        JobResult::Train(report) => (Screen::Models, train(report)),
        JobResult::Calibrate(report) => {
            (Screen::Label, Text::outcome_calibrate(lang(), report.examples, report.before.ece, report.after.ece))
        }
        JobResult::Compare(comparison) => (Screen::Label, compare(comparison)),
    };
    let show = move |()| {
        match &result {
            JobResult::Label(_) => project.labelling.tab.set("run"),
            JobResult::Calibrate(report) => {
                project.labelling.labeller.set(report.model.clone());
                project.labelling.tab.set("trust");
            }
            JobResult::Compare(comparison) => {
                project.labelling.comparison.set(Some(comparison.id));
                project.labelling.tab.set("compare");
            }
            _ => {}
        }
        project.go(screen);
    };
    view! {
        <div class="row">
            <span class="grow wrap-anywhere copyable number" data-testid="job-outcome">{text}</span>
            <Button
                text=t(Text::JobShow)
                testid="job-show"
                kind=ButtonKind::Quiet
                on_click=show
            />
        </div>
    }
}

/// What a training gave.
fn train(report: &TrainingReport) -> String {
    match &report.accuracy {
        _ if report.unchanged => t(Text::OutcomeTrainUnchanged).to_owned(),
        Some(accuracy) => {
            let interval = catalogue::percent_interval(lang(), accuracy.low, accuracy.high);
            Text::outcome_train(lang(), report.examples, accuracy.share, &interval)
        }
        None => Text::outcome_train_unproved(lang(), report.examples),
    }
}

/// What a comparison showed.
fn compare(comparison: &Comparison) -> String {
    match (&comparison.better, comparison.p_value) {
        (Some(better), Some(p)) => Text::outcome_compare_better(lang(), better, &p_value(p)),
        (_, Some(_)) => Text::outcome_compare_none(lang(), comparison.known),
        (_, None) => t(Text::OutcomeCompareUnknown).to_owned(),
    }
}
