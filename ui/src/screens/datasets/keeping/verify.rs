//! Whether the store is as it was written, and putting it right.

use contract::job::JobResult;
use contract::version::{RepairReport, StartRepair, StartVerify, StoreProblem, VerifyReport};
use leptos::prelude::*;

use super::Part;
use crate::bridge;
use crate::components::{Button, Notice, Symbol, Tone};
use crate::screens::datasets::task::{Task, TaskProgress};
use crate::screens::datasets::version::exported_files;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, lang, t, word};

/// The part.
#[component]
pub fn Integrity() -> impl IntoView {
    let project = Project::get();
    let task = Task::new();
    let verify = move |()| task.start(StartVerify { project: project.folder() });
    let repair = move |()| {
        let project = project.folder();
        task.start_after(async move {
            let from = bridge::pick_file(exported_files()).await?;
            Ok(from.map(|from| StartRepair { project, from }))
        });
    };
    use_shortcuts(t(Text::KeepVerify), move || {
        vec![
            Shortcut::new("v", t(Text::KeepVerifyStart), move || verify(())),
            Shortcut::new("r", t(Text::KeepRepair), move || repair(())),
        ]
    });
    let found = move || match task.result()? {
        JobResult::Verify(report) => Some(view! { <Found report=report /> }.into_any()),
        JobResult::Repair(report) => Some(view! { <Repaired report=report /> }.into_any()),
        _ => None,
    };
    view! {
        <Part title=Text::KeepVerify text=Text::KeepVerifyText symbol=Symbol::Shield testid="keep-integrity">
            <div class="row row-wrap">
                <Button
                    text=t(Text::KeepVerifyStart)
                    testid="keep-verify"
                    icon=Symbol::Shield
                    keys="V"
                    disabled=task.blocked()
                    on_click=verify
                />
                <Button
                    text=t(Text::KeepRepair)
                    testid="keep-repair"
                    icon=Symbol::Refresh
                    keys="R"
                    title=t(Text::KeepRepairText)
                    disabled=task.blocked()
                    on_click=repair
                />
            </div>
            <TaskProgress task=task testid="keep-integrity" />
            {found}
        </Part>
    }
}

/// What verifying found.
#[component]
fn Found(report: VerifyReport) -> impl IntoView {
    let looked = Text::keep_looked(lang(), report.versions, report.files, report.bytes);
    if report.problems.is_empty() {
        return view! {
            <Notice tone=Tone::Good title=t(Text::KeepSound) testid="keep-sound">
                <p class="soft number">{looked}</p>
            </Notice>
        }
        .into_any();
    }
    view! {
        <Notice tone=Tone::Bad title=Text::keep_problems(lang(), report.problems.len() as u64) testid="keep-damaged">
            <p class="soft number">{looked}</p>
            <ul class="keep-problems" tabindex="0">{report.problems.into_iter().map(problem).collect_view()}</ul>
        </Notice>
    }
    .into_any()
}

/// One damaged place.
fn problem(problem: StoreProblem) -> impl IntoView {
    let at = problem.offset.map(|offset| format!(" · {}", Text::keep_problem_at(lang(), offset)));
    let versions = if problem.versions.is_empty() {
        t(Text::KeepProblemNone).to_owned()
    } else {
        Text::keep_problem_versions(lang(), &problem.versions.join(", "))
    };
    let object = problem.object.map(|hash| view! { <span class="mono small soft">{hash}</span> });
    view! {
        <li class="stack stack-tight">
            <span><b class="mono">{problem.file}</b>": "{word(&problem.kind)}{at}</span>
            <span class="small">{versions}</span>
            {object}
        </li>
    }
}

/// What a repair did.
#[component]
fn Repaired(report: RepairReport) -> impl IntoView {
    let left = !report.left.problems.is_empty();
    let tone = if left { Tone::Warn } else { Tone::Good };
    let rest = left.then(|| view! { <p>{t(Text::KeepRepairLeft)}</p> });
    view! {
        <Notice tone=tone title=Text::keep_repaired(lang(), report.repaired) testid="keep-repaired">
            {rest}
        </Notice>
        <Found report=report.left />
    }
}
