//! Committing a version: what, after which, with which promises, and what will change.

mod form;
mod preview;

use std::time::Duration;

use contract::job::JobResult;
use contract::version::{CommitReport, CommitSource, PreviewCommit, StartCommit};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::checks::Report;
use super::place::Place;
use super::task::{Task, TaskProgress};
use crate::components::{Button, ButtonKind, Dialog, Notice, Symbol, Tone};
use crate::shortcuts::{Shortcut, press_focused, use_shortcuts};
use crate::state::{Project, Remote, settled};
use crate::text::{Text, lang, t};
use form::{CommitFields, CommitForm};
use preview::Preview;

/// How long the form rests before the change is counted again.
const REST: Duration = Duration::from_millis(250);

/// The dialog.
#[component]
pub fn CommitDialog(
    /// Where one is on the screen.
    place: Place,
    /// What it begins with.
    source: CommitSource,
) -> impl IntoView {
    let project = Project::get();
    let form = CommitForm::new(source);
    let task = Task::new();
    let rested = settled(move || (form.source(place), form.parent(), form.increment()), REST);
    let preview = Remote::new(move || {
        project.changed.track();
        let (source, parent, increment) = rested.get();
        source.map(|source| PreviewCommit { project: project.folder(), source, parent, increment })
    });
    let nothing = Memo::new(move |_| preview.map(|preview| preview.unchanged).unwrap_or(false));
    let ready = Memo::new(move |_| form.complete(place) && !nothing.get() && !task.blocked().get());
    let done = Memo::new(move |_| match task.result() {
        Some(JobResult::Commit(report)) => Some(*report),
        _ => None,
    });
    let commit = Callback::new(move |()| {
        if !ready.get_untracked() || done.with_untracked(Option::is_some) {
            return;
        }
        if let Some(source) = untrack(|| form.source(place)) {
            task.start(untrack(|| form.request(project.folder(), source)));
        }
    });
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            commit.run(());
        }
    };
    let close = Callback::new(move |()| place.committing.set(None));
    let why = move || {
        if project.read_only().get() {
            t(Text::ReadOnlyBanner).to_owned()
        } else if nothing.get() {
            t(Text::CommitUnchanged).to_owned()
        } else {
            String::new()
        }
    };
    let footer = move || {
        if done.with(Option::is_some) {
            return view! { <Button text=t(Text::ActionClose) testid="commit-close" keys="Esc" on_click=close /> }
                .into_any();
        }
        view! {
            <Button
                text=t(Text::CommitStart)
                testid="commit-start"
                kind=ButtonKind::Primary
                icon=Symbol::Commit
                keys="Ctrl+Enter"
                disabled=Signal::derive(move || !ready.get())
                busy=task.busy()
                title=Signal::derive(why)
                on_click=commit
            />
        }
        .into_any()
    };
    let body = move || {
        match done.get() {
        Some(report) => view! { <Committed report=report place=place /> }.into_any(),
        None => view! {
            <div class="commit-columns">
                <CommitFields form=form place=place />
                <Preview preview=preview place=place asked=Signal::derive(move || rested.with(|(source, ..)| source.is_some())) />
            </div>
        }
        .into_any(),
    }
    };
    view! {
        <Dialog title=t(Text::CommitTitle) close_label=t(Text::ActionClose) on_close=close testid="commit-form" wide=true footer=footer>
            <div class="stack" on:keydown=keys>
                {body}
                <TaskProgress task=task testid="commit" />
            </div>
        </Dialog>
    }
}

impl CommitForm {
    /// The request that the form stands for.
    fn request(self, project: String, source: CommitSource) -> StartCommit {
        let tag = self.tag.with(|tag| tag.trim().to_owned());
        StartCommit {
            project,
            source,
            message: self.message.with(|message| message.trim().to_owned()),
            author: self.author.with(|author| author.trim().to_owned()),
            tag: (!tag.is_empty()).then_some(tag),
            status: self.status(),
            increment: self.increment(),
            parent: self.parent(),
            checks: self.promises(),
        }
    }
}

/// What was committed, and the way on.
#[component]
fn Committed(report: CommitReport, place: Place) -> impl IntoView {
    let version = report.version.version.clone();
    let shown = version.clone();
    let show = Callback::new(move |()| {
        place.committing.set(None);
        place.show_version(shown.clone());
    });
    use_shortcuts(t(Text::CommitTitle), move || {
        vec![Shortcut::new("Enter", t(Text::VersionShow), move || {
            if !press_focused() {
                show.run(());
            }
        })]
    });
    let broken = report.report.filter(|report| !report.passed).map(|report| {
        view! {
            <Notice tone=Tone::Warn title=t(Text::CommitBroken) testid="commit-broken">
                <Report report=report domains=place.domains />
            </Notice>
        }
    });
    view! {
        <Notice tone=Tone::Good title=Text::commit_done(lang(), &version) testid="commit-done">
            <p class="soft">{report.version.message}</p>
            <div class="split-next">
                <Button
                    text=t(Text::VersionShow)
                    testid="commit-show"
                    kind=ButtonKind::Primary
                    icon=Symbol::Commit
                    keys="Enter"
                    on_click=show
                />
            </div>
        </Notice>
        {broken}
    }
}
