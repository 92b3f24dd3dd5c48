//! Jobs: what runs, what waits, what ended how, and what it gave.

mod meter;
mod outcome;
mod row;
mod told;

pub use meter::{JobActions, JobBadge, JobMeter};

use leptos::prelude::*;

use crate::components::{EmptyState, Marked, Symbol};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, t};
use row::JobRow;

/// The screen; the list is the project's and follows every event.
#[component]
pub fn Jobs() -> impl IntoView {
    let project = Project::get();
    let ids = Memo::new(move |_| project.jobs.with(|jobs| jobs.iter().map(|job| job.id).collect::<Vec<_>>()));
    let none = move || ids.with(Vec::is_empty);
    let marked = Marked::among(move || ids.with(|ids| ids.iter().map(|id| id.0).collect()));
    use_shortcuts(t(Text::JobsTitle), move || {
        vec![
            Shortcut::new("ArrowUp", t(Text::CardPrevious), move || marked.step(-1)),
            Shortcut::new("ArrowDown", t(Text::CardNext), move || marked.step(1)),
        ]
    });
    view! {
        <div class="page">
            <div class="page-head">
                <div class="page-title">
                    <h1>{t(Text::JobsTitle)}</h1>
                    <p>{t(Text::JobsLine)}</p>
                </div>
            </div>
            <Show when=none>
                <EmptyState
                    symbol=Symbol::Jobs
                    title=t(Text::JobsEmpty)
                    text=t(Text::JobsEmptyText)
                    testid="jobs-empty"
                />
            </Show>
            <div class="stack" data-testid="jobs">
                <For each=move || ids.get() key=|id| *id children=move |id| view! { <JobRow id=id marked=marked /> } />
            </div>
        </div>
    }
}
