//! Comparing two labellers on the same items: a new comparison, its result, earlier ones.

mod confusion;
mod disagreements;
mod result;
mod scores;
mod setup;
mod table;

use contract::compare::{Comparison, GetComparison, ListComparisons};
use contract::job::{JobKind, JobResult, JobStatus};
use contract::model::ModelEntry;
use leptos::prelude::*;

use crate::components::{Button, ButtonKind, ChoiceEntry, ChoiceList, EmptyState, ErrorBox, Skeleton, Symbol};
use crate::frame::Screen;
use crate::screens::jobs::{JobActions, JobBadge, JobMeter};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Domains, Loaded, Project, Remote};
use crate::text::{Text, date_time, lang, t};
use result::Outcome;
use setup::Setup;

/// How many earlier comparisons are listed.
const LISTED: u32 = 50;

/// The part of the screen.
#[component]
pub fn Compare(
    /// The project's labellers.
    models: Remote<Vec<ModelEntry>>,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let project = Project::get();
    let shown = project.labelling.comparison;
    let earlier = Remote::new(move || {
        project.changed.track();
        Some(ListComparisons { project: project.folder(), limit: LISTED })
    });
    let chosen = Remote::new(move || {
        project.changed.track();
        Some(GetComparison { project: project.folder(), id: shown.get()? })
    });
    let own = Memo::new(move |_| chosen.get().filter(|comparison| Some(comparison.id) == shown.get()));
    // The latest comparison that is not over well, or runs.
    let job = Memo::new(move |_| {
        let latest = |job: &&JobStatus| job.kind == JobKind::Compare;
        project.jobs.with(|jobs| jobs.iter().find(latest).cloned())
    });
    // A comparison that ends while one waits for it is shown.
    Effect::new(move |was_active: Option<bool>| {
        let (active, id) = job.with(|job| match job {
            Some(JobStatus { state, result, .. }) => {
                let id = match result {
                    Some(JobResult::Compare(comparison)) => Some(comparison.id),
                    _ => None,
                };
                (state.is_active(), id)
            }
            None => (false, None),
        });
        if was_active == Some(true)
            && !active
            && shown.get_untracked().is_none()
            && let Some(id) = id
        {
            shown.set(Some(id));
        }
        active
    });
    use_shortcuts(t(Text::LabelTabCompare), move || {
        vec![Shortcut::new("n", t(Text::CompareNew), move || shown.set(None))]
    });
    let open_job = Memo::new(move |_| {
        job.with(|job| job.as_ref().is_some_and(|job| job.state.is_active() || job.state.is_resumable()))
    });
    let progress = move || {
        job.get().filter(|_| open_job.get()).map(|first| {
            let job = Signal::derive(move || job.get().unwrap_or_else(|| first.clone()));
            view! {
                <section class="panel panel-body stack stack-tight" data-testid="compare-job">
                    <div class="row">
                        <b class="clip grow">{move || job.with(|job| job.subject.clone())}</b>
                        <JobBadge job=job />
                        <JobActions job=job testid="compare" />
                    </div>
                    <JobMeter job=job />
                    <p class="small soft">{t(Text::CompareRunning)}</p>
                    {move || job.with(|job| job.error.clone()).map(|error| view! { <ErrorBox error=error /> })}
                </section>
            }
        })
    };
    let few = Memo::new(move |_| models.map(|models| models.len() < 2).unwrap_or(false));
    let none = Memo::new(move |_| earlier.map(Vec::is_empty).unwrap_or(true));
    let entries = move || {
        earlier
            .get()
            .unwrap_or_default()
            .into_iter()
            .map(|comparison| view! { <Entry comparison=comparison /> })
            .collect_view()
    };
    let right = move || match (shown.get(), own.get()) {
        (None, _) => view! {
            {progress}
            <Setup models=models />
        }
        .into_any(),
        (Some(_), Some(comparison)) => {
            view! { <Outcome comparison=comparison domains=domains models=models /> }.into_any()
        }
        (Some(_), None) => match chosen.error() {
            Some(error) => view! { <ErrorBox error=error on_retry=move |()| chosen.reload() /> }.into_any(),
            None => view! { <Skeleton lines=8 /> }.into_any(),
        },
    };
    let content = move || {
        if few.get() && none.get() {
            return view! {
                <EmptyState
                    symbol=Symbol::Compare
                    title=t(Text::CompareTwoNeeded)
                    text=t(Text::CompareTwoNeededText)
                    testid="compare-empty"
                >
                    <Button
                        text=t(Text::CompareAdd)
                        testid="compare-add"
                        kind=ButtonKind::Primary
                        icon=Symbol::Models
                        keys=Screen::Models.keys()
                        on_click=move |()| project.go(Screen::Models)
                    />
                </EmptyState>
            }
            .into_any();
        }
        view! {
            <div class="chosen compare" data-testid="compare">
                <div class="stack">
                    <div class="models-add-row">
                        <Button
                            text=t(Text::CompareNew)
                            testid="compare-new"
                            icon=Symbol::Add
                            keys="N"
                            disabled=Signal::derive(move || shown.get().is_none())
                            on_click=move |()| shown.set(None)
                        />
                    </div>
                    <Show
                        when=move || !none.get()
                        fallback=|| view! { <p class="small soft" data-testid="compare-none">{t(Text::CompareNone)}</p> }
                    >
                        <ChoiceList testid="compare-list">{entries}</ChoiceList>
                    </Show>
                </div>
                <div class="stack">{right}</div>
            </div>
        }
        .into_any()
    };
    view! { <Loaded remote=earlier>{content}</Loaded> }
}

/// An earlier comparison in the list.
#[component]
fn Entry(comparison: Comparison) -> impl IntoView {
    let shown = Project::get().labelling.comparison;
    let id = comparison.id;
    let pair = Text::compare_pair(lang(), &comparison.first.model, &comparison.second.model);
    view! {
        <ChoiceEntry
            testid=format!("compare-row-{id}")
            current=Signal::derive(move || shown.get() == Some(id))
            on_choose=move |()| shown.set(Some(id))
        >
            <span class="choice-entry-text">
                <b class="clip" title=pair.clone()>{pair.clone()}</b>
                <span class="clip small soft">{result::verdict(&comparison)}</span>
                <span class="clip small faint number">{date_time(comparison.at)}</span>
            </span>
        </ChoiceEntry>
    }
}
