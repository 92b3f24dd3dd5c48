//! What a job gave, in a line.

use contract::job::JobResult;
use leptos::prelude::*;

use crate::components::{Button, ButtonKind};
use crate::frame::Screen;
use crate::state::Project;
use crate::text::{Text, lang, t};

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
    };
    view! {
        <div class="row">
            <span class="grow wrap-anywhere copyable number" data-testid="job-outcome">{text}</span>
            <Button
                text=t(Text::JobShow)
                testid="job-show"
                kind=ButtonKind::Quiet
                on_click=move |()| project.go(screen)
            />
        </div>
    }
}
