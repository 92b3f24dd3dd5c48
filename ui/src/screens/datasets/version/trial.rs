//! Trying other promises on a version, without changing what it promises.

use contract::job::JobResult;
use contract::version::{Checks, StartCheck};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::components::{Button, ButtonKind, Dialog, Symbol};
use crate::screens::datasets::checks::{ChecksFields, ChecksForm, Report};
use crate::screens::datasets::task::{Task, TaskProgress};
use crate::state::{Domains, Project};
use crate::text::{Text, t};

/// The dialog.
#[component]
pub fn TrialDialog(
    /// The version's number.
    version: String,
    /// What it begins with.
    checks: Checks,
    /// The schema.
    domains: Domains,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let project = Project::get();
    let form = ChecksForm::new();
    form.set(&checks);
    let task = Task::new();
    let empty = Memo::new(move |_| form.read().is_empty());
    let check = Callback::new(move |()| {
        if !empty.get_untracked() {
            let checks = Some(untrack(|| form.read()));
            task.start(StartCheck { project: project.folder(), version: version.clone(), checks });
        }
    });
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            check.run(());
        }
    };
    let found = move || match task.result()? {
        JobResult::Check(report) => Some(view! { <Report report=*report domains=domains /> }),
        _ => None,
    };
    view! {
        <Dialog
            title=t(Text::ChecksTryTitle)
            close_label=t(Text::ActionClose)
            on_close=move |()| open.set(false)
            testid="checks-trial"
            wide=true
            footer=move || {
                view! {
                    <Button
                        text=t(Text::ChecksNow)
                        testid="checks-trial-start"
                        kind=ButtonKind::Primary
                        icon=Symbol::Shield
                        keys="Ctrl+Enter"
                        disabled=Signal::derive(move || empty.get() || task.blocked().get())
                        busy=task.busy()
                        on_click=check
                    />
                }
            }
        >
            <div class="stack" on:keydown=keys>
                <p class="soft">{t(Text::ChecksTryText)}</p>
                <ChecksFields form=form />
                <TaskProgress task=task testid="checks-trial" />
                {found}
            </div>
        </Dialog>
    }
}
