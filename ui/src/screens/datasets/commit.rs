//! Committing a dataset as a version.

use contract::JobId;
use contract::dataset::DatasetSummary;
use contract::job::{JobResult, JobState};
use contract::version::{Increment, StartCommit};
use leptos::prelude::*;

use super::Place;
use crate::components::{
    Button, ButtonKind, Choice, ErrorBox, Field, Notice, Select, Symbol, TextArea, TextField, Tone,
};
use crate::screens::jobs::{JobActions, JobMeter};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project, Sending};
use crate::text::{Text, lang, t, word};

const INCREMENTS: [(Increment, &str); 4] =
    [(Increment::Auto, "auto"), (Increment::Major, "major"), (Increment::Minor, "minor"), (Increment::Patch, "patch")];

/// The form, or the version that the dataset is already.
#[component]
pub fn CommitForm(
    /// The dataset.
    dataset: DatasetSummary,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    if let Some(version) = dataset.version {
        let shown = version.clone();
        return view! {
            <Notice tone=Tone::Good title=Text::commit_already(lang(), &version) testid="commit-done">
                <div>
                    <Button
                        text=t(Text::VersionShow)
                        testid="commit-show"
                        icon=Symbol::Commit
                        on_click=move |()| place.show_version(shown.clone())
                    />
                </div>
            </Notice>
        }
        .into_any();
    }
    let (app, project) = (App::get(), Project::get());
    let message = RwSignal::new(String::new());
    let author = RwSignal::new(app.settings.with_untracked(|settings| settings.reviewer.clone()));
    let tag = RwSignal::new(String::new());
    let increment = RwSignal::new("auto".to_owned());
    let committing = Sending::new();
    let started = RwSignal::new(None::<JobId>);
    let id = dataset.id;
    let job = Memo::new(move |_| started.get().and_then(|id| project.job(id)));
    let active = Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| job.state.is_active())));
    let blocked = project.read_only();
    let filled = |field: RwSignal<String>| field.with(|text| !text.trim().is_empty());
    let ready = Memo::new(move |_| filled(message) && filled(author) && !blocked.get() && !active.get());
    let commit = move |()| {
        if !ready.get_untracked() {
            return;
        }
        let read = |field: RwSignal<String>| field.with_untracked(|text| text.trim().to_owned());
        let tag = read(tag);
        let chosen = read(increment);
        let request = StartCommit {
            project: project.folder(),
            dataset: Some(id),
            message: read(message),
            author: read(author),
            tag: (!tag.is_empty()).then_some(tag),
            increment: INCREMENTS
                .iter()
                .find(|(_, name)| *name == chosen)
                .map(|(increment, _)| *increment)
                .unwrap_or_default(),
        };
        committing.send(request, move |id| {
            started.set(Some(id));
            project.follow(id);
        });
    };
    use_shortcuts(t(Text::DatasetsTitle), move || {
        vec![Shortcut::new("Ctrl+Enter", t(Text::CommitStart), move || commit(()))]
    });
    let choices = INCREMENTS.map(|(increment, value)| Choice::new(value, word(&increment))).to_vec();
    let progress = move || {
        let job_now = job.get()?;
        Some(match (&job_now.result, &job_now.error, job_now.state) {
            (Some(JobResult::Commit(_)), _, JobState::Done) => ().into_any(),
            (_, Some(error), _) => view! { <ErrorBox error=error.clone() /> }.into_any(),
            _ => view! {
                <div class="split-job">
                    <div class="grow"><JobMeter job=job_now.clone() /></div>
                    <JobActions job=job_now testid="commit" />
                </div>
            }
            .into_any(),
        })
    };
    let why = move || if blocked.get() { t(Text::ReadOnlyBanner).to_owned() } else { String::new() };
    view! {
        <section class="panel" data-testid="commit-form">
            <div class="panel-head">
                <h2>{t(Text::CommitTitle)}</h2>
            </div>
            <div class="panel-body stack">
                <TextArea
                    label=t(Text::CommitMessage)
                    value=message
                    testid="commit-message"
                    rows=2
                    placeholder=t(Text::CommitMessagePlaceholder)
                />
                <div class="commit-fields">
                    <TextField label=t(Text::CommitAuthor) value=author testid="commit-author" />
                    <TextField label=t(Text::CommitTag) value=tag testid="commit-tag" placeholder=t(Text::CommitTagPlaceholder) />
                    <Field label=t(Text::CommitIncrement)>
                        <Select
                            label=t(Text::CommitIncrement)
                            choices=choices
                            value=increment
                            on_change=move |value| increment.set(value)
                            testid="commit-increment"
                        />
                    </Field>
                </div>
                <p class="field-hint">{t(Text::CommitIncrementHint)}</p>
                {move || committing.error().get().map(|error| view! { <ErrorBox error=error /> })}
                {progress}
                <div>
                    <Button
                        text=t(Text::CommitStart)
                        testid="commit-start"
                        kind=ButtonKind::Primary
                        icon=Symbol::Commit
                        keys="Ctrl+Enter"
                        disabled=Signal::derive(move || !ready.get())
                        busy=committing.busy()
                        title=Signal::derive(why)
                        on_click=commit
                    />
                </div>
            </div>
        </section>
    }
    .into_any()
}
