//! What can be done with a version.

use contract::job::JobResult;
use contract::version::{
    SetCurrentVersion, StartArchive, StartExportVersions, StartRestore, StartRollback, StartStatus, StatusChange,
    VersionDetail, VersionStatus, VersionSummary,
};
use leptos::prelude::*;

use super::checkout::CheckoutDialog;
use super::tag::TagDialog;
use crate::bridge::{self, FileFilter};
use crate::components::{Button, ButtonKind, ErrorBox, Notice, Symbol, Tone};
use crate::screens::datasets::place::Place;
use crate::screens::datasets::task::{Task, TaskProgress};
use crate::screens::datasets::undo::Acts;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project, Remote};
use crate::text::{Text, lang, t, word};

/// Extension of exported versions.
const EXPORTED: &str = "winnow-versions";

/// The filter of a dialog for exported versions.
pub fn exported_files() -> Vec<FileFilter> {
    vec![FileFilter { name: t(Text::KeepFile).to_owned(), extensions: vec![EXPORTED.to_owned()] }]
}

/// The name that an exported file is offered.
pub fn exported_name(what: &str) -> String {
    format!("{what}.{EXPORTED}")
}

/// The version and the jobs that change what it is.
#[derive(Clone, Copy)]
struct Deed {
    app: App,
    project: Project,
    place: Place,
    acts: Acts,
    summary: Memo<Option<VersionSummary>>,
    /// Status, archive and so on: one at a time.
    task: Task,
    /// The last change of status that did not hold.
    refused: RwSignal<Option<StatusChange>>,
    tagging: RwSignal<Option<String>>,
    leaving: RwSignal<Option<String>>,
}

impl Deed {
    fn read<T>(self, read: impl FnOnce(&VersionSummary) -> T) -> Option<T> {
        self.summary.with_untracked(|summary| summary.as_ref().map(read))
    }

    fn number(self) -> String {
        self.read(|summary| summary.version.clone()).unwrap_or_default()
    }

    fn set_status(self, status: VersionStatus) {
        self.refused.set(None);
        if self.read(|summary| summary.status != status) == Some(true) {
            self.task.start(StartStatus { project: self.project.folder(), version: self.number(), status });
        }
    }

    fn make_current(self) {
        if self.read(|summary| !summary.current) == Some(true) && !self.project.read_only().get_untracked() {
            self.acts.make_current(self.number());
        }
    }

    fn roll_back(self) {
        if self.read(|summary| !summary.current && !summary.archived) == Some(true) {
            let (message, author) =
                (String::new(), self.app.settings.with_untracked(|settings| settings.reviewer.clone()));
            self.task.start(StartRollback { project: self.project.folder(), version: self.number(), message, author });
        }
    }

    fn archive_or_restore(self) {
        let (project, version) = (self.project.folder(), self.number());
        match self.read(|summary| summary.archived) {
            Some(true) => self.task.start(StartRestore { project, version }),
            Some(false) => {
                self.task.start(StartArchive { project, versions: vec![version], ..StartArchive::default() });
            }
            None => {}
        }
    }

    fn export(self) {
        let (project, version) = (self.project.folder(), self.number());
        self.task.start_after(async move {
            let to = bridge::save_file(&exported_name(&version), exported_files()).await?;
            Ok(to.map(|to| StartExportVersions { project, versions: vec![version], to }))
        });
    }

    fn compare(self) {
        if self.read(|summary| summary.archived) != Some(false) {
            return;
        }
        let to = self.number();
        match self.read(|summary| summary.parents.first().cloned()).flatten() {
            Some(from) => self.place.compare(from, to),
            None => self.place.compare(to, untrack(|| self.place.current()).map(|now| now.version).unwrap_or_default()),
        }
    }

    fn merge(self) {
        if self.read(|summary| summary.archived) != Some(false) {
            return;
        }
        if let Some(current) = untrack(|| self.place.current()).filter(|current| current.version != self.number()) {
            self.place.merge(current.version, self.number());
        }
    }

    /// Tells what a job gave, with the way back.
    fn told(self, result: JobResult) {
        let project = self.project.folder();
        match result {
            JobResult::Status(change) if change.version.status == change.before => self.refused.set(Some(*change)),
            JobResult::Status(change) => {
                let text = Text::version_status_set(lang(), &change.version.version, word(&change.version.status));
                let back = StartStatus { project, version: change.version.version, status: change.before };
                self.acts.told(text, t(Text::UndoAction), back);
            }
            JobResult::Archive(report) => {
                if let Some(version) = report.versions.into_iter().next() {
                    let text = Text::version_archived(lang(), &version);
                    self.acts.told(text, t(Text::UndoAction), StartRestore { project, version });
                }
            }
            JobResult::Commit(report) => self.committed(report.version, project),
            JobResult::ExportVersions(report) => {
                self.app.toasts.good(Text::version_exported(lang(), &report.file, report.bytes));
            }
            _ => {}
        }
    }

    /// After a rollback or a restore.
    fn committed(self, version: VersionSummary, project: String) {
        if version.version == self.number() {
            self.app.toasts.good(Text::version_restored(lang(), &version.version));
            return;
        }
        let text = Text::version_rolled_back(lang(), &version.version);
        match version.parents.first() {
            Some(former) => {
                let back = SetCurrentVersion { project, version: former.clone() };
                self.acts.told(text, &Text::version_back_to(lang(), former), back);
            }
            None => self.app.toasts.good(text),
        }
        self.place.show_version(version.version);
    }

    fn shortcuts(self) -> Vec<Shortcut> {
        let plain = |keys: &str, text: Text, run: fn(Deed)| Shortcut::new(keys, t(text), move || run(self));
        let mut list = vec![plain("c", Text::VersionCompare, Deed::compare)];
        if self.project.read_only().get() {
            return list;
        }
        list.extend([
            plain("o", Text::CheckoutOpen, Deed::open_checkout),
            plain("t", Text::TagAdd, Deed::open_tags),
            plain("s", Text::VersionMakeStable, |deed| deed.set_status(VersionStatus::Stable)),
            plain("d", Text::VersionDeprecate, |deed| deed.set_status(VersionStatus::Deprecated)),
            plain("f", Text::VersionMakeDraft, |deed| deed.set_status(VersionStatus::Draft)),
            plain("m", Text::VersionMakeCurrent, Deed::make_current),
            plain("r", Text::VersionRollback, Deed::roll_back),
            plain("j", Text::VersionMerge, Deed::merge),
            plain("a", Text::VersionArchive, Deed::archive_or_restore),
            plain("e", Text::VersionExport, Deed::export),
        ]);
        list
    }

    fn open_checkout(self) {
        if self.read(|summary| !summary.archived) == Some(true) {
            self.leaving.set(Some(self.number()));
        }
    }

    fn open_tags(self) {
        self.tagging.set(Some(self.number()));
    }
}

/// The buttons.
#[component]
pub fn Actions(
    /// The version.
    detail: Remote<VersionDetail>,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let deed = Deed {
        app: App::get(),
        project: Project::get(),
        place,
        acts: Acts::new(place),
        summary: Memo::new(move |_| detail.map(|detail| detail.summary.clone())),
        task: Task::new(),
        refused: RwSignal::new(None),
        tagging: RwSignal::new(None),
        leaving: RwSignal::new(None),
    };
    deed.task.when_done(move |result| deed.told(result));
    use_shortcuts(t(Text::VersionMore), move || deed.shortcuts());
    let refused = move || deed.refused.get().map(|change| view! { <Refused change=change /> });
    view! {
        <div class="panel-body version-actions">
            <MainButtons deed=deed />
            <OtherButtons deed=deed />
        </div>
        <div class="version-task">
            <TaskProgress task=deed.task testid="version" />
            {refused}
            {move || deed.acts.sending.error().get().map(|error| view! { <ErrorBox error=error /> })}
        </div>
        {move || deed.tagging.get().map(|version| view! { <TagDialog version=version place=place open=deed.tagging /> })}
        {move || deed.leaving.get().map(|version| view! { <CheckoutDialog version=version open=deed.leaving /> })}
    }
}

/// A change of status that the promises did not allow.
#[component]
fn Refused(change: StatusChange) -> impl IntoView {
    let title = Text::version_status_kept(lang(), &change.version.version, word(&change.before));
    let broken = |report: &contract::version::CheckReport| {
        let broken = report.results.iter().filter(|result| !result.passed);
        let line = |result: &contract::version::CheckResult| view! { <li>{word(&result.kind)}</li> };
        view! { <ul class="stack stack-tight">{broken.map(line).collect_view()}</ul> }
    };
    view! {
        <Notice tone=Tone::Bad title=title testid="version-refused">
            {change.report.as_ref().map(broken)}
        </Notice>
    }
}

/// What one comes for most.
#[component]
fn MainButtons(deed: Deed) -> impl IntoView {
    let blocked = deed.project.read_only();
    let archived =
        Signal::derive(move || deed.summary.with(|summary| summary.as_ref().is_some_and(|summary| summary.archived)));
    let status = move |text: Text, testid: &'static str, keys: &'static str, status: VersionStatus| {
        let own = Memo::new(move |_| {
            deed.summary.with(|summary| summary.as_ref().is_some_and(|summary| summary.status == status))
        });
        view! {
            <Show when=move || !own.get()>
                <Button
                    text=t(text)
                    testid=testid
                    keys=keys
                    disabled=deed.task.blocked()
                    on_click=move |()| deed.set_status(status)
                />
            </Show>
        }
    };
    view! {
        <div class="row row-wrap">
            <Button
                text=t(Text::CheckoutOpen)
                testid="version-checkout"
                kind=ButtonKind::Primary
                icon=Symbol::Import
                keys="O"
                disabled=Signal::derive(move || blocked.get() || archived.get())
                on_click=move |()| deed.open_checkout()
            />
            <Button
                text=t(Text::TagAdd)
                testid="version-tag"
                icon=Symbol::Label
                keys="T"
                disabled=blocked
                on_click=move |()| deed.open_tags()
            />
            <Button
                text=t(Text::VersionCompare)
                testid="version-compare"
                icon=Symbol::Compare
                keys="C"
                disabled=archived
                on_click=move |()| deed.compare()
            />
            {status(Text::VersionMakeStable, "version-stable", "S", VersionStatus::Stable)}
            {status(Text::VersionDeprecate, "version-deprecate", "D", VersionStatus::Deprecated)}
            {status(Text::VersionMakeDraft, "version-draft", "F", VersionStatus::Draft)}
        </div>
    }
}

/// What one needs now and then.
#[component]
fn OtherButtons(deed: Deed) -> impl IntoView {
    let read = move |field: fn(&VersionSummary) -> bool| {
        Signal::derive(move || deed.summary.with(|summary| summary.as_ref().is_some_and(field)))
    };
    let (archived, current) = (read(|summary| summary.archived), read(|summary| summary.current));
    let blocked = deed.task.blocked();
    let archive =
        Signal::derive(move || t(if archived.get() { Text::VersionRestore } else { Text::VersionArchive }).to_owned());
    let away = Signal::derive(move || blocked.get() || current.get());
    let unreadable = Signal::derive(move || away.get() || archived.get());
    view! {
        <div class="row row-wrap">
            <Button
                text=t(Text::VersionMakeCurrent)
                testid="version-current"
                kind=ButtonKind::Quiet
                icon=Symbol::Commit
                keys="M"
                title=t(Text::VersionCurrentHint)
                disabled=away
                on_click=move |()| deed.make_current()
            />
            <Button
                text=t(Text::VersionRollback)
                testid="version-rollback"
                kind=ButtonKind::Quiet
                icon=Symbol::Undo
                keys="R"
                title=t(Text::VersionRollbackHint)
                disabled=unreadable
                on_click=move |()| deed.roll_back()
            />
            <Button
                text=t(Text::VersionMerge)
                testid="version-merge"
                kind=ButtonKind::Quiet
                icon=Symbol::Merge
                keys="J"
                disabled=unreadable
                on_click=move |()| deed.merge()
            />
            <Button
                text=archive
                testid="version-archive"
                kind=ButtonKind::Quiet
                icon=Symbol::Archive
                keys="A"
                disabled=blocked
                on_click=move |()| deed.archive_or_restore()
            />
            <Button
                text=t(Text::VersionExport)
                testid="version-export"
                kind=ButtonKind::Quiet
                icon=Symbol::Export
                keys="E"
                disabled=blocked
                on_click=move |()| deed.export()
            />
        </div>
    }
}
