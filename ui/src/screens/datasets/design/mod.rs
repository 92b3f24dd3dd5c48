//! Writing a dataset: settings, what they would give, the job.

mod fields;
mod form;
mod preview;

use std::time::Duration;

use contract::JobId;
use contract::dataset::{DatasetSummary, PreviewSplit, StartWrite};
use contract::job::{JobKind, JobResult, JobState};
use contract::version::CommitSource;
use leptos::prelude::*;

use super::place::Place;
use crate::components::{Button, ButtonKind, ErrorBox, Notice, Symbol, Tone};
use crate::screens::jobs::{JobActions, JobMeter};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Remote, Sending, settled};
use crate::text::{Text, lang, t};
use fields::SplitFields;
use form::SplitForm;
use preview::Preview;

/// How long the settings rest before the split is counted again.
const REST: Duration = Duration::from_millis(250);

/// The tab.
#[component]
pub fn SplitTab(
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let project = Project::get();
    let form = SplitForm::new();
    let writing = Sending::new();
    let started = RwSignal::new(None::<JobId>);
    let rested = settled(move || form.read(), REST);
    let request = move || {
        project.changed.track();
        Some(PreviewSplit { project: project.folder(), settings: rested.get(), at_once: true })
    };
    // Near-duplicates take seconds to find in many texts: the counts are there before, and once more with them.
    let preview = Remote::in_steps(request, |asked, split| {
        split.near_duplicates_pending.then(|| PreviewSplit { at_once: false, ..asked.clone() })
    });
    let empty = Memo::new(move |_| preview.map(|preview| preview.train + preview.eval == 0).unwrap_or(true));
    let blocked = project.read_only();
    // The job started here, or one that writes anyway (started before this screen was shown, or elsewhere).
    let job = Memo::new(move |_| {
        let own = started.get();
        project.jobs.with(|jobs| {
            let writes = || jobs.iter().filter(|job| job.kind == JobKind::Write);
            let found = writes().find(|job| Some(job.id) == own);
            found.or_else(|| writes().find(|job| job.state.is_active())).cloned()
        })
    });
    let active = Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| job.state.is_active())));
    let write = move |()| {
        if empty.get_untracked() || blocked.get_untracked() || active.get_untracked() {
            return;
        }
        let request = StartWrite { project: project.folder(), settings: untrack(|| form.read()) };
        writing.send(request, move |id| {
            started.set(Some(id));
            project.follow(id);
        });
    };
    use_shortcuts(t(Text::SplitSettingsTitle), move || {
        vec![
            Shortcut::new("Ctrl+Enter", t(Text::DatasetWrite), move || write(())),
            Shortcut::new("Shift+d", t(Text::SplitReset), move || form.reset()),
        ]
    });
    let why = move || {
        if blocked.get() {
            t(Text::ReadOnlyBanner).to_owned()
        } else if empty.get() {
            t(Text::SplitNothing).to_owned()
        } else {
            String::new()
        }
    };
    let id = Memo::new(move |_| job.with(|job| job.as_ref().map(|job| job.id)));
    let progress = move || {
        let first = id.get().and_then(|_| job.get_untracked())?;
        let own = Memo::new(move |_| job.get().unwrap_or_else(|| first.clone()));
        let outcome = move || {
            own.with(|job| match (&job.result, &job.error, job.state) {
                (Some(JobResult::Write(dataset)), _, JobState::Done) => {
                    view! { <Done dataset=DatasetSummary::clone(dataset) place=place /> }.into_any()
                }
                (_, Some(error), _) => view! { <ErrorBox error=error.clone() /> }.into_any(),
                _ => ().into_any(),
            })
        };
        let running = Memo::new(move |_| own.with(|job| job.state != JobState::Done));
        Some(view! {
            <Show when=move || running.get()>
                <section class="panel panel-body split-job" data-testid="write-job">
                    <div class="grow"><JobMeter job=own /></div>
                    <JobActions job=own testid="write" />
                </section>
            </Show>
            {outcome}
        })
    };
    view! {
        <div class="split-columns">
            <section class="panel">
                <div class="panel-head">
                    <h2>{t(Text::SplitSettingsTitle)}</h2>
                    <Button
                        text=t(Text::DatasetWrite)
                        testid="write-start"
                        kind=ButtonKind::Primary
                        icon=Symbol::Datasets
                        keys="Ctrl+Enter"
                        disabled=Signal::derive(move || empty.get() || blocked.get() || active.get())
                        busy=writing.busy()
                        title=Signal::derive(why)
                        on_click=write
                    />
                </div>
                <div class="panel-body stack">
                    <SplitFields form=form />
                </div>
            </section>
            <div class="stack">
                {move || writing.error().get().map(|error| view! { <ErrorBox error=error /> })}
                {progress}
                <Preview preview=preview domains=place.domains />
            </div>
        </div>
    }
}

/// What was written, and the way on.
#[component]
fn Done(dataset: DatasetSummary, place: Place) -> impl IntoView {
    let id = dataset.id;
    let commit = Callback::new(move |()| place.committing.set(Some(CommitSource::Dataset(id))));
    use_shortcuts(t(Text::DatasetsTabWritten), move || vec![Shortcut::new("n", t(Text::DatasetCommitOpen), commit)]);
    view! {
        <Notice tone=Tone::Good title=Text::dataset_ready(lang(), &id.to_string()) testid="write-done">
            <p class="mono small copyable">{dataset.folder}</p>
            <div class="split-next">
                <Button
                    text=t(Text::DatasetCommitOpen)
                    testid="commit-open"
                    kind=ButtonKind::Primary
                    icon=Symbol::Commit
                    keys="N"
                    on_click=commit
                />
            </div>
        </Notice>
    }
}
