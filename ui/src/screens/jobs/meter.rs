//! How a job stands, in the words and bars that several screens share.

use contract::job::{CancelJob, JobState, JobStatus, ResumeJob};
use leptos::prelude::*;

use super::row::tone;
use crate::components::{Badge, Button, ErrorBox, ProgressBar, Symbol};
use crate::job_text::{done, left, share};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Sending};
use crate::text::{Text, t, word};

/// Amount, rate and time left of a job in one line, and the bar above it.
#[component]
pub fn JobMeter(
    /// The job.
    #[prop(into)]
    job: Signal<JobStatus>,
) -> impl IntoView {
    let line = move || {
        job.with(|job| {
            let left = if job.state == JobState::Running { left(job) } else { String::new() };
            [done(job), left].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        })
    };
    // What is done is done, whatever was counted.
    let share = move |job: &JobStatus| match (job.state, share(job)) {
        (JobState::Done, _) => Some(1.0),
        (state, None) if !state.is_active() => Some(0.0),
        (_, share) => share,
    };
    view! {
        <div class="job-meter">
            <ProgressBar
                share=Signal::derive(move || job.with(share))
                label=Signal::derive(move || job.with(|job| word(&job.kind).to_owned()))
            />
            <span class="small soft number" data-testid="job-line">{line}</span>
        </div>
    }
}

/// A job's state as a mark.
#[component]
pub fn JobBadge(
    /// The job.
    #[prop(into)]
    job: Signal<JobStatus>,
) -> impl IntoView {
    view! {
        <Badge
            text=Signal::derive(move || job.with(|job| word(&job.state).to_owned()))
            tone=Signal::derive(move || job.with(|job| tone(job.state)))
        />
    }
}

/// Stop or go on, whichever the job allows, and why it could not.
#[component]
pub fn JobActions(
    /// The job.
    #[prop(into)]
    job: Signal<JobStatus>,
    /// Beginning of the buttons' `data-testid`s.
    testid: &'static str,
) -> impl IntoView {
    let project = Project::get();
    let sending = Sending::new();
    let blocked = project.read_only();
    let cancel = move |()| {
        let id = job.with_untracked(|job| job.id);
        sending.send(CancelJob { project: project.folder(), job: id }, move |job| project.follow(job.id));
    };
    let resume = move |()| {
        let id = job.with_untracked(|job| job.id);
        sending.send(ResumeJob { project: project.folder(), job: id }, move |job| project.follow(job.id));
    };
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Offer {
        Cancel,
        Stopping,
        Resume,
        Nothing,
    }
    let offer = Memo::new(move |_| match job.with(|job| job.state) {
        JobState::Queued | JobState::Running => Offer::Cancel,
        JobState::Cancelling => Offer::Stopping,
        state if state.is_resumable() => Offer::Resume,
        _ => Offer::Nothing,
    });
    use_shortcuts(t(Text::JobsTitle), move || match offer.get() {
        Offer::Cancel => vec![Shortcut::new("Shift+x", t(Text::JobCancel), move || cancel(()))],
        Offer::Resume if !blocked.get() => vec![Shortcut::new("Shift+r", t(Text::JobResume), move || resume(()))],
        _ => Vec::new(),
    });
    let buttons = move || match offer.get() {
        // A job of another process can be stopped from here too.
        Offer::Cancel | Offer::Stopping => {
            let stopping = offer.get() == Offer::Stopping;
            view! {
                <Button
                    text=t(Text::JobCancel)
                    testid=format!("{testid}-cancel")
                    icon=Symbol::Stop
                    keys="Shift+X"
                    disabled=stopping
                    busy=sending.busy()
                    on_click=cancel
                />
            }
            .into_any()
        }
        Offer::Resume => view! {
            <Button
                text=t(Text::JobResume)
                testid=format!("{testid}-resume")
                icon=Symbol::Play
                keys="Shift+R"
                disabled=blocked
                busy=sending.busy()
                on_click=resume
            />
        }
        .into_any(),
        Offer::Nothing => ().into_any(),
    };
    view! {
        <div class="job-actions">
            {buttons} {move || sending.error().get().map(|error| view! { <ErrorBox error=error /> })}
        </div>
    }
}
