//! One job.

use contract::JobId;
use contract::job::{CancelJob, JobState, JobStatus, ResumeJob};
use leptos::prelude::*;

use super::outcome::{Outcome, show};
use crate::components::{Badge, Button, ErrorBox, Marked, ProgressBar, Symbol, Tone};
use crate::job_text::{done, left, share};
use crate::shortcuts::{Shortcut, press_focused, use_shortcuts};
use crate::state::{Project, Sending};
use crate::text::{Text, date_time, lang, t, word};

/// What a state means.
pub(super) fn tone(state: JobState) -> Tone {
    match state {
        JobState::Queued => Tone::Plain,
        JobState::Running | JobState::Cancelling => Tone::Info,
        JobState::Done => Tone::Good,
        JobState::Failed => Tone::Bad,
        JobState::Cancelled | JobState::Interrupted => Tone::Warn,
    }
}

/// A job with its progress while it runs, and its outcome or error after.
#[component]
pub fn JobRow(id: JobId, marked: Marked) -> impl IntoView {
    let project = Project::get();
    let sending = Sending::new();
    let job = Memo::new(move |_| project.job(id));
    let read = move |field: fn(&JobStatus) -> String| job.with(|job| job.as_ref().map(field).unwrap_or_default());
    let state = Memo::new(move |_| job.with(|job| job.as_ref().map(|job| job.state)));
    let active = Memo::new(move |_| state.get().is_some_and(JobState::is_active));
    let resumable = Memo::new(move |_| state.get().is_some_and(JobState::is_resumable));
    let error = Memo::new(move |_| job.with(|job| job.as_ref().and_then(|job| job.error.clone())));
    let result = Memo::new(move |_| job.with(|job| job.as_ref().and_then(|job| job.result.clone())));
    let bar = Signal::derive(move || job.with(|job| job.as_ref().and_then(share)));
    let stopping = Signal::derive(move || state.get() == Some(JobState::Cancelling));
    let stop = move |()| sending.send(CancelJob { project: project.folder(), job: id }, move |job| project.hear(job));
    let resume = move |()| sending.send(ResumeJob { project: project.folder(), job: id }, move |job| project.hear(job));
    let mine = marked.is(id.0);
    let open = move || {
        if let Some(result) = result.get_untracked().filter(|_| !press_focused()) {
            show(project, &result);
        }
    };
    use_shortcuts(t(Text::JobsTitle), move || {
        let stop = Shortcut::new("Shift+x", t(Text::JobCancel), move || stop(()));
        let resume = Shortcut::new("Shift+r", t(Text::JobResume), move || resume(()));
        let (running, broken) = (active.get() && !stopping.get(), resumable.get() && !project.read_only().get());
        let offered = [
            running.then_some(stop),
            broken.then_some(resume),
            result.with(Option::is_some).then(|| Shortcut::new("Enter", t(Text::JobShow), open)),
        ];
        if mine.get() { offered.into_iter().flatten().collect() } else { Vec::new() }
    });
    let failure = move || sending.error().get().or(error.get()).map(|error| view! { <ErrorBox error=error /> });
    let colour = Signal::derive(move || state.get().map(tone).unwrap_or_default());
    view! {
        <section
            class="panel marked-card"
            data-testid=format!("jobs-row-{id}")
            data-card=id.to_string()
            tabindex="-1"
            aria-current=move || mine.get().then_some("true")
            on:focusin=move |_| marked.set(id.0)
            on:click=move |_| marked.set(id.0)
        >
            <div class="panel-body stack">
                <div class="row">
                    <h2 class="job-kind">{move || read(|job| word(&job.kind).to_owned())}</h2>
                    <span class="clip grow soft">{move || read(|job| job.subject.clone())}</span>
                    <span class="faint small job-when">{move || read(when)}</span>
                    <Badge text=Signal::derive(move || read(|job| word(&job.state).to_owned())) tone=colour />
                    <Show when=move || active.get()>
                        <Button
                            text=t(Text::JobCancel)
                            testid="job-cancel"
                            icon=Symbol::Stop
                            keys="Shift+X"
                            disabled=stopping
                            on_click=stop
                        />
                    </Show>
                    <Show when=move || resumable.get()>
                        <Button
                            text=t(Text::JobResume)
                            testid="job-resume"
                            icon=Symbol::Play
                            keys="Shift+R"
                            disabled=project.read_only()
                            busy=sending.busy()
                            on_click=resume
                        />
                    </Show>
                </div>
                <Show when=move || active.get() || resumable.get()>
                    <ProgressBar share=bar label=Signal::derive(move || read(|job| word(&job.kind).to_owned())) />
                    <div class="row soft small number">
                        <span class="grow" data-testid="job-done">{move || read(done)}</span>
                        <span>{move || if active.get() { read(left) } else { String::new() }}</span>
                    </div>
                </Show>
                {failure}
                {move || result.get().map(|result| view! { <Outcome result=result /> })}
            </div>
        </section>
    }
}

/// When it was asked for, and how long it took.
fn when(job: &JobStatus) -> String {
    let at = date_time(job.created);
    match (job.started, job.finished) {
        (Some(started), Some(finished)) if finished >= started => {
            #[allow(clippy::cast_precision_loss)]
            let seconds = (finished - started) as f64 / 1000.0;
            format!("{at} · {}", catalogue::duration(lang(), seconds))
        }
        _ => at,
    }
}
