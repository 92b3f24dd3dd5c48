//! The latest import while it runs, and how it ended if it did not end well.

use contract::job::{CancelJob, JobKind, JobState, JobStatus, ResumeJob};
use leptos::prelude::*;

use crate::components::{Badge, Button, ErrorBox, IconButton, ProgressBar, Symbol, Tone};
use crate::job_text::{done, left, share};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Sending};
use crate::text::{Text, t, word};

/// The latest import, unless it is done or was dismissed.
pub fn latest_import(project: Project) -> Option<JobStatus> {
    let latest = project.jobs.with(|jobs| jobs.iter().find(|job| job.kind == JobKind::Import).cloned());
    let dismissed = project.dismissed_import.get();
    latest.filter(|job| job.state != JobState::Done && dismissed != Some(job.id))
}

/// A card for the latest import, unless it is done.
#[component]
pub fn ImportProgress() -> impl IntoView {
    let project = Project::get();
    let job = Memo::new(move |_| latest_import(project));
    let there = Memo::new(move |_| job.with(Option::is_some));
    view! {
        <Show when=move || there.get()>
            <Card job=job />
        </Show>
    }
}

#[component]
fn Card(job: Memo<Option<JobStatus>>) -> impl IntoView {
    let project = Project::get();
    let sending = Sending::new();
    let read = move |field: fn(&JobStatus) -> String| job.with(|job| job.as_ref().map(field).unwrap_or_default());
    let state = Memo::new(move |_| job.with(|job| job.as_ref().map(|job| job.state)));
    let active = Memo::new(move |_| state.get().is_some_and(JobState::is_active));
    let share = Signal::derive(move || job.with(|job| job.as_ref().and_then(share)));
    let error = Memo::new(move |_| job.with(|job| job.as_ref().and_then(|job| job.error.clone())));
    let tone = Signal::derive(move || match state.get() {
        Some(JobState::Failed) => Tone::Bad,
        Some(JobState::Cancelled | JobState::Interrupted) => Tone::Warn,
        _ => Tone::Info,
    });
    let stop = move |()| {
        if let Some(id) = job.with_untracked(|job| job.as_ref().map(|job| job.id)) {
            sending.send(CancelJob { project: project.folder(), job: id }, |_| {});
        }
    };
    let resume = move |()| {
        if let Some(id) = job.with_untracked(|job| job.as_ref().map(|job| job.id)) {
            sending.send(ResumeJob { project: project.folder(), job: id }, move |job| project.hear(job));
        }
    };
    let dismiss = move |()| project.dismissed_import.set(job.with_untracked(|job| job.as_ref().map(|job| job.id)));
    // A file that could not be imported can be looked at again with other settings.
    let file = Memo::new(move |_| error.get().and_then(|error| error.place.file));
    let again = move |()| {
        if let Some(file) = file.get_untracked() {
            dismiss(());
            project.add_files(vec![file]);
        }
    };
    use_shortcuts(t(Text::ImportRuns), move || {
        if active.get() {
            return vec![Shortcut::new("Shift+x", t(Text::JobCancel), move || stop(()))];
        }
        let mut list = vec![Shortcut::new("Escape", t(Text::ActionClose), move || dismiss(()))];
        if !project.read_only().get() {
            list.push(Shortcut::new("Shift+r", t(Text::JobResume), move || resume(())));
            list.extend(file.get().map(|_| Shortcut::new("e", t(Text::ImportChange), move || again(()))));
        }
        list
    });
    let change = move || {
        file.get().map(|_| {
            view! {
                <Button
                    text=t(Text::ImportChange)
                    testid="import-change"
                    icon=Symbol::Edit
                    keys="E"
                    disabled=project.read_only()
                    on_click=again
                />
            }
        })
    };
    let buttons = move || {
        if active.get() {
            let stopping = Signal::derive(move || state.get() == Some(JobState::Cancelling));
            view! { <Button text=t(Text::JobCancel) testid="import-cancel" icon=Symbol::Stop keys="Shift+X" disabled=stopping on_click=stop /> }
                .into_any()
        } else {
            view! {
                {change}
                <Button
                    text=t(Text::JobResume)
                    testid="import-resume"
                    icon=Symbol::Play
                    keys="Shift+R"
                    disabled=project.read_only()
                    busy=sending.busy()
                    on_click=resume
                />
                <IconButton symbol=Symbol::Close label=t(Text::ActionClose) testid="import-dismiss" keys="Escape" on_click=dismiss />
            }
            .into_any()
        }
    };
    let failure = move || error.get().or(sending.error().get()).map(|error| view! { <ErrorBox error=error /> });
    view! {
        <section class="panel" data-testid="import-progress">
            <div class="panel-body stack">
                <div class="row">
                    <h2 class="clip grow">{move || read(|job| job.subject.clone())}</h2>
                    <Badge text=Signal::derive(move || read(|job| word(&job.state).to_owned())) tone=tone />
                    {buttons}
                </div>
                <Show when=move || active.get()>
                    <ProgressBar share=share label=t(Text::ImportRuns) />
                    <div class="row soft small number">
                        <span class="grow">{move || read(done)}</span>
                        <span>{move || read(left)}</span>
                    </div>
                </Show>
                {failure}
            </div>
        </section>
    }
}
