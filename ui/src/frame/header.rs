//! The header: which project, its counts, and the job that runs.

use contract::job::JobStatus;
use leptos::prelude::*;

use super::Screen;
use crate::components::{Icon, ProgressBar, Symbol};
use crate::job_text::share;
use crate::state::Project;
use crate::text::{Text, lang, number, percent, t, word};

/// The header.
#[component]
pub fn Header() -> impl IntoView {
    let project = Project::get();
    let name = move || project.overview.with(|overview| overview.name.clone());
    let folder = move || project.overview.with(|overview| overview.folder.clone());
    let counts = move || {
        let overview = project.overview.get();
        [
            (overview.items, Text::HeadItems),
            (overview.labelled, Text::HeadLabelled),
            (overview.reviewed, Text::HeadReviewed),
        ]
        .into_iter()
        .map(|(count, text)| view! { <span><b>{number(count)}</b>" "{t(text)}</span> })
        .collect_view()
    };
    let job = Memo::new(move |_| project.current_job());
    let working = Memo::new(move |_| job.with(Option::is_some));
    view! {
        <header class="head">
            <span class="head-name clip" title=folder data-testid="head-project">
                {name}
            </span>
            <span class="head-counts small" data-testid="head-counts">{counts}</span>
            <span class="grow"></span>
            <Show when=move || working.get()>
                <JobChip job=job />
            </Show>
        </header>
    }
}

/// The job that runs, small; a click goes to the jobs.
#[component]
fn JobChip(job: Memo<Option<JobStatus>>) -> impl IntoView {
    let project = Project::get();
    let kind = move || job.with(|job| job.as_ref().map(|job| word(&job.kind)).unwrap_or_default());
    let share = Signal::derive(move || job.with(|job| job.as_ref().and_then(share)));
    let left = move || {
        let (seconds, share) = (job.with(|job| job.as_ref().and_then(|job| job.seconds_left)), share.get());
        match (seconds, share) {
            (Some(seconds), _) => catalogue::time_left(lang(), seconds),
            (None, Some(share)) => percent(share),
            (None, None) => String::new(),
        }
    };
    let subject = move || {
        let subject = job.with(|job| job.as_ref().map(|job| job.subject.clone()).unwrap_or_default());
        format!("{subject} ({})", Screen::Jobs.keys()).trim_start().to_owned()
    };
    view! {
        <button
            type="button"
            class="job-chip"
            data-testid="head-job"
            title=subject
            on:click=move |_| project.go(Screen::Jobs)
        >
            <Icon symbol=Symbol::Spinner />
            <span class="clip">{kind}</span>
            <ProgressBar share=share label=Signal::derive(move || kind().to_owned()) />
            <span class="small soft number clip">{left}</span>
        </button>
    }
}
