//! What a version promises, and how that was found.

use contract::job::JobResult;
use contract::version::{StartCheck, VersionDetail};
use leptos::prelude::*;

use super::trial::TrialDialog;
use crate::components::{Button, ButtonKind, Symbol};
use crate::screens::datasets::checks::{Promised, Report};
use crate::screens::datasets::place::Place;
use crate::screens::datasets::task::{Task, TaskProgress};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project, Remote};
use crate::text::{Text, lang, t};

/// The panel.
#[component]
pub fn Promises(
    /// The version.
    detail: Remote<VersionDetail>,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let task = Task::new();
    let none = Memo::new(move |_| detail.map(|detail| detail.checks.is_empty()).unwrap_or(true));
    let archived = Memo::new(move |_| detail.map(|detail| detail.summary.archived).unwrap_or(true));
    let blocked = Signal::derive(move || none.get() || archived.get() || task.blocked().get());
    let check = move |()| {
        if let Some(version) = untrack(|| detail.map(|detail| detail.summary.version.clone()))
            && !blocked.get_untracked()
        {
            task.start(StartCheck { project: project.folder(), version, checks: None });
        }
    };
    task.when_done(move |result| {
        if let JobResult::Check(report) = result {
            let broken = report.results.iter().filter(|result| !result.passed).count() as u64;
            if report.passed {
                app.toasts.good(t(Text::ChecksHold));
            } else {
                app.toasts.bad(Text::checks_broken(lang(), broken, report.results.len() as u64));
            }
        }
    });
    let trying = RwSignal::new(false);
    let unreadable = Signal::derive(move || archived.get() || task.blocked().get());
    let attempt = move |()| {
        if !unreadable.get_untracked() {
            trying.set(true);
        }
    };
    use_shortcuts(t(Text::ChecksTitle), move || {
        vec![
            Shortcut::new("k", t(Text::ChecksNow), move || check(())),
            Shortcut::new("y", t(Text::ChecksTryTitle), move || attempt(())),
        ]
    });
    let trial = move || {
        let (version, checks) = trying
            .get()
            .then(|| untrack(|| detail.map(|detail| (detail.summary.version.clone(), detail.checks.clone()))))
            .flatten()?;
        Some(view! { <TrialDialog version=version checks=checks domains=place.domains open=trying /> })
    };
    let found = move || {
        let (checks, checked) = detail.map(|detail| (detail.checks.clone(), detail.checked.clone()))?;
        Some(match checked {
            _ if checks.is_empty() => {
                view! { <p class="soft" data-testid="checks-none">{t(Text::ChecksNone)}</p> }.into_any()
            }
            Some(report) => view! { <Report report=report domains=place.domains /> }.into_any(),
            None => view! { <Promised checks=checks /> }.into_any(),
        })
    };
    view! {
        <section class="panel" data-testid="version-checks">
            <div class="panel-head">
                <h2>{t(Text::ChecksTitle)}</h2>
                <div class="row">
                    <Button
                        text=t(Text::ChecksTry)
                        testid="version-check-others"
                        kind=ButtonKind::Quiet
                        keys="Y"
                        disabled=unreadable
                        on_click=attempt
                    />
                    <Button
                        text=t(Text::ChecksNow)
                        testid="version-check"
                        icon=Symbol::Shield
                        keys="K"
                        disabled=blocked
                        busy=task.busy()
                        on_click=check
                    />
                </div>
            </div>
            <div class="panel-body stack">
                <TaskProgress task=task testid="version-check" />
                {found}
            </div>
        </section>
        {trial}
    }
}
