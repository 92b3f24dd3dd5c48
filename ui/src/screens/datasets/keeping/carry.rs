//! Versions as one file, and as folders.

use contract::job::JobResult;
use contract::version::{
    ExportReport, ImportVersionsReport, StartExportVersions, StartImportVersions, StartView, ViewReport,
};
use leptos::prelude::*;

use super::Part;
use crate::bridge;
use crate::components::{Button, Notice, Symbol, Tone};
use crate::screens::datasets::task::{Task, TaskProgress};
use crate::screens::datasets::version::{exported_files, exported_name};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, lang, t};

/// The part.
#[component]
pub fn Carry() -> impl IntoView {
    let project = Project::get();
    let task = Task::new();
    let export = move |()| {
        let folder = project.folder();
        let name = project.overview.with_untracked(|overview| overview.name.clone());
        task.start_after(async move {
            let to = bridge::save_file(&exported_name(&name), exported_files()).await?;
            Ok(to.map(|to| StartExportVersions { project: folder, versions: Vec::new(), to }))
        });
    };
    let import = move |()| {
        let folder = project.folder();
        task.start_after(async move {
            let from = bridge::pick_file(exported_files()).await?;
            Ok(from.map(|from| StartImportVersions { project: folder, from }))
        });
    };
    let lay_out = move |()| {
        let folder = project.folder();
        task.start_after(async move {
            let to = bridge::pick_folder().await?;
            Ok(to.map(|to| StartView { project: folder, to, versions: Vec::new() }))
        });
    };
    use_shortcuts(t(Text::KeepCarry), move || {
        vec![
            Shortcut::new("e", t(Text::KeepExport), move || export(())),
            Shortcut::new("i", t(Text::KeepImport), move || import(())),
            Shortcut::new("l", t(Text::KeepView), move || lay_out(())),
        ]
    });
    let told = move || match task.result()? {
        JobResult::ExportVersions(report) => Some(view! { <Exported report=report /> }.into_any()),
        JobResult::ImportVersions(report) => Some(view! { <Imported report=report /> }.into_any()),
        JobResult::View(report) => Some(view! { <Viewed report=report /> }.into_any()),
        _ => None,
    };
    view! {
        <Part title=Text::KeepCarry text=Text::KeepCarryText symbol=Symbol::Export testid="keep-carry">
            <div class="row row-wrap">
                <Button text=t(Text::KeepExport) testid="keep-export" icon=Symbol::Export keys="E" disabled=task.blocked() on_click=export />
                <Button text=t(Text::KeepImport) testid="keep-import" icon=Symbol::Import keys="I" disabled=task.blocked() on_click=import />
            </div>
            <p class="soft">{t(Text::KeepViewText)}</p>
            <div class="row">
                <Button
                    text=t(Text::KeepViewStart)
                    testid="keep-view"
                    icon=Symbol::Folder
                    keys="L"
                    disabled=task.blocked()
                    on_click=lay_out
                />
            </div>
            <TaskProgress task=task testid="keep-carry" />
            {told}
        </Part>
    }
}

/// What was exported.
#[component]
fn Exported(report: ExportReport) -> impl IntoView {
    view! {
        <Notice tone=Tone::Good title=Text::keep_exported(lang(), report.versions.len() as u64, report.bytes) testid="keep-exported">
            <p class="mono small copyable">{report.file}</p>
            <dl class="facts">
                <dt>{t(Text::KeepSha)}</dt>
                <dd class="mono small">{report.sha256}</dd>
            </dl>
        </Notice>
    }
}

/// What was taken over.
#[component]
fn Imported(report: ImportVersionsReport) -> impl IntoView {
    let renamed = |(version, number): &(String, Option<String>)| {
        number
            .as_ref()
            .map(|number| view! { <li class="number">{Text::keep_imported_as(lang(), version, number)}</li> })
    };
    let unproved = (!report.unproved.is_empty())
        .then(|| view! { <p class="number">{Text::told_keep_unproved(lang(), &report.unproved.join(", "))}</p> });
    view! {
        <Notice tone=Tone::Good title=Text::keep_imported(lang(), report.added.len() as u64) testid="keep-imported">
            <ul>{report.added.iter().map(renamed).collect_view()}</ul>
            <p class="soft number">{Text::keep_known(lang(), report.known.len() as u64)}</p>
            {unproved}
        </Notice>
    }
}

/// What was laid out.
#[component]
fn Viewed(report: ViewReport) -> impl IntoView {
    let entry = |(name, version): (String, String)| {
        view! {
            <dt class="mono">{name}</dt>
            <dd class="number">{version}</dd>
        }
    };
    view! {
        <Notice tone=Tone::Good title=Text::keep_viewed(lang(), &report.folder) testid="keep-viewed">
            <dl class="facts">{report.entries.into_iter().map(entry).collect_view()}</dl>
        </Notice>
    }
}
