//! What a job gave, in a line.

use contract::compare::Comparison;
use contract::job::JobResult;
use contract::labeller::TrainingReport;
use leptos::prelude::*;

use super::told;
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
    let text = line(&result);
    let show = move |()| show(project, &result);
    view! {
        <div class="row">
            <span class="grow wrap-anywhere copyable number" data-testid="job-outcome">{text}</span>
            <Button
                text=t(Text::JobShow)
                testid="job-show"
                kind=ButtonKind::Quiet
                keys="Enter"
                on_click=show
            />
        </div>
    }
}

/// The result in words.
fn line(result: &JobResult) -> String {
    match result {
        JobResult::Import(reports) => {
            let kept = reports.iter().map(|report| report.kept).sum();
            let dropped = reports.iter().flat_map(|report| report.dropped.values()).sum();
            Text::outcome_import(lang(), kept, dropped)
        }
        JobResult::Label(report) => Text::outcome_label(lang(), report.labelled, report.confident, report.to_review),
        JobResult::Train(report) => train(report),
        JobResult::Calibrate(report) => {
            Text::outcome_calibrate(lang(), report.examples, report.before.ece, report.after.ece)
        }
        JobResult::Compare(comparison) => compare(comparison),
        JobResult::Write(_)
        | JobResult::Commit(_)
        | JobResult::Checkout(_)
        | JobResult::Check(_)
        | JobResult::Status(_)
        | JobResult::View(_)
        | JobResult::Verify(_)
        | JobResult::Repair(_)
        | JobResult::Collect(_)
        | JobResult::Archive(_)
        | JobResult::ExportVersions(_)
        | JobResult::ImportVersions(_) => told::line(result),
    }
}

/// Goes where the result can be seen.
pub fn show(project: Project, result: &JobResult) {
    match result {
        JobResult::Import(_) => project.go(Screen::Sources),
        JobResult::Train(_) => project.go(Screen::Models),
        JobResult::Label(_) => project.label("run"),
        JobResult::Calibrate(report) => {
            project.labelling.labeller.set(report.model.clone());
            project.label("trust");
        }
        JobResult::Compare(comparison) => {
            project.labelling.comparison.set(Some(comparison.id));
            project.label("compare");
        }
        JobResult::Write(_) => project.datasets("written"),
        JobResult::Commit(report) => project.show_version(&report.version.version),
        JobResult::Checkout(report) => project.show_version(&report.version),
        JobResult::Check(report) => project.show_version(&report.version),
        JobResult::Status(change) => project.show_version(&change.version.version),
        JobResult::View(_)
        | JobResult::Verify(_)
        | JobResult::Repair(_)
        | JobResult::Collect(_)
        | JobResult::Archive(_)
        | JobResult::ExportVersions(_)
        | JobResult::ImportVersions(_) => project.datasets("keeping"),
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
