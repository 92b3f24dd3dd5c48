//! Removing what nothing needs: seen first, then done.

use contract::job::JobResult;
use contract::version::{CollectReport, StartCollect};
use leptos::prelude::*;

use super::Part;
use crate::components::{Button, ButtonKind, Notice, Symbol, Tone};
use crate::screens::datasets::task::{Task, TaskProgress};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, lang, t};

/// The part.
#[component]
pub fn Space() -> impl IntoView {
    let project = Project::get();
    let task = Task::new();
    let found = Memo::new(move |_| match task.result() {
        Some(JobResult::Collect(report)) => Some(report),
        _ => None,
    });
    // Only what was shown is removed.
    let seen =
        Memo::new(move |_| found.with(|found| found.as_ref().is_some_and(|found| found.dry_run && found.bytes > 0)));
    let look = move |()| task.start(StartCollect { project: project.folder(), dry_run: true });
    let remove = move |()| {
        if seen.get_untracked() {
            task.start(StartCollect { project: project.folder(), dry_run: false });
        }
    };
    use_shortcuts(t(Text::KeepCollect), move || {
        vec![
            Shortcut::new("c", t(Text::KeepCollectTry), move || look(())),
            Shortcut::new("Shift+c", t(Text::KeepCollectStart), move || remove(())),
        ]
    });
    view! {
        <Part title=Text::KeepCollect text=Text::KeepCollectText symbol=Symbol::Remove testid="keep-space">
            <div class="row row-wrap">
                <Button
                    text=t(Text::KeepCollectTry)
                    testid="keep-collect-try"
                    icon=Symbol::Search
                    keys="C"
                    disabled=task.blocked()
                    on_click=look
                />
                <Button
                    text=t(Text::KeepCollectStart)
                    testid="keep-collect"
                    kind=ButtonKind::Danger
                    icon=Symbol::Remove
                    keys="Shift+C"
                    disabled=Signal::derive(move || !seen.get() || task.blocked().get())
                    on_click=remove
                />
            </div>
            <TaskProgress task=task testid="keep-collect" />
            {move || found.get().map(|report| view! { <Told report=report /> })}
        </Part>
    }
}

/// What was, or would be, removed.
#[component]
fn Told(report: CollectReport) -> impl IntoView {
    let (tone, title) = match (report.dry_run, report.bytes) {
        (true, 0) => (Tone::Good, t(Text::KeepCollectNothing).to_owned()),
        (true, bytes) => (Tone::Info, Text::keep_collect_would(lang(), bytes, report.chunks)),
        (false, bytes) => (Tone::Good, Text::keep_collected(lang(), bytes, report.chunks)),
    };
    view! {
        <Notice tone=tone title=title testid="keep-collected">
            <p class="soft number">{Text::keep_kept(lang(), report.kept)}</p>
        </Notice>
    }
}
