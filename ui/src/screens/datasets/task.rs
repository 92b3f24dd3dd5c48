//! A job that a person sets off in one place and whose end matters there.

use contract::job::{JobResult, JobState, JobStatus};
use contract::{Call, CallError, JobId};
use leptos::prelude::*;

use crate::components::ErrorBox;
use crate::screens::jobs::{JobActions, JobMeter};
use crate::state::{Project, Sending};

/// One control's job, from the request to its result.
#[derive(Clone, Copy)]
pub struct Task {
    project: Project,
    sending: Sending,
    started: RwSignal<Option<JobId>>,
    job: Memo<Option<JobStatus>>,
}

impl Task {
    /// Nothing set off. Lives as long as the calling component.
    pub fn new() -> Self {
        let project = Project::get();
        let started = RwSignal::new(None::<JobId>);
        let job = Memo::new(move |_| started.get().and_then(|id| project.job(id)));
        Self { project, sending: Sending::new(), started, job }
    }

    /// Starts it, unless one is still on its way or the project can't be written to.
    pub fn start<C: Call<Answer = JobId>>(self, request: C) {
        if self.blocked().get_untracked() {
            return;
        }
        self.started.set(None);
        self.sending.send(request, move |id| {
            self.started.set(Some(id));
            self.project.follow(id);
        });
    }

    /// The same for a request that a dialog of the system has to complete; `None` when the person left it.
    pub fn start_after<C: Call<Answer = JobId>>(
        self,
        request: impl Future<Output = Result<Option<C>, CallError>> + 'static,
    ) {
        if self.blocked().get_untracked() {
            return;
        }
        let work = async move {
            match request.await? {
                Some(request) => crate::bridge::call(request).await.map(Some),
                None => Ok(None),
            }
        };
        self.sending.run(work, move |id| {
            if let Some(id) = id {
                self.started.set(Some(id));
                self.project.follow(id);
            }
        });
    }

    /// Whether it is on its way.
    pub fn busy(self) -> Signal<bool> {
        let sending = self.sending.busy();
        // Until its first news the job is not in the list.
        let active = move || match (self.started.get(), self.job.with(|job| job.as_ref().map(|job| job.state))) {
            (Some(_), Some(state)) => state.is_active(),
            (Some(_), None) => true,
            (None, _) => false,
        };
        Signal::derive(move || sending.get() || active())
    }

    /// Whether it can't be set off now.
    pub fn blocked(self) -> Signal<bool> {
        let (busy, read_only) = (self.busy(), self.project.read_only());
        Signal::derive(move || busy.get() || read_only.get())
    }

    /// What it gave, once it is done.
    pub fn result(self) -> Option<JobResult> {
        self.job.with(|job| {
            let done = job.as_ref().filter(|job| job.state == JobState::Done);
            done.and_then(|job| job.result.clone())
        })
    }

    /// Does something with what it gave, once each time.
    pub fn when_done(self, act: impl Fn(JobResult) + 'static) {
        let told = StoredValue::new(None::<JobId>);
        Effect::new(move |_| {
            let (Some(result), id) = (self.result(), self.started.get()) else { return };
            if told.get_value() != id {
                told.set_value(id);
                untrack(|| act(result));
            }
        });
    }
}

/// How a task goes on, and why it failed; nothing once it is done.
#[component]
pub fn TaskProgress(
    /// The task.
    task: Task,
    /// Beginning of the buttons' `data-testid`s.
    testid: &'static str,
) -> impl IntoView {
    let open = Memo::new(move |_| task.job.with(|job| job.as_ref().is_some_and(|job| job.state != JobState::Done)));
    let error = Memo::new(move |_| {
        task.sending.error().get().or_else(|| task.job.with(|job| job.as_ref().and_then(|job| job.error.clone())))
    });
    let meter = move || {
        let first = open.get().then(|| task.job.get_untracked()).flatten()?;
        let job = Signal::derive(move || task.job.get().unwrap_or_else(|| first.clone()));
        Some(view! {
            <div class="split-job" data-testid=format!("{testid}-job")>
                <div class="grow"><JobMeter job=job /></div>
                <JobActions job=job testid=testid />
            </div>
        })
    };
    view! {
        {meter}
        {move || error.get().map(|error| view! { <ErrorBox error=error /> })}
    }
}
