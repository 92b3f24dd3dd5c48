//! Which versions move to the archive, and moving them.

use contract::job::JobResult;
use contract::version::{ArchiveReport, GetRetention, Retention, SetRetention, StartArchive};
use leptos::prelude::*;

use super::Part;
use crate::components::{Badge, Button, Checkbox, ErrorBox, Notice, NumberField, Symbol, Tone};
use crate::screens::datasets::place::Place;
use crate::screens::datasets::task::{Task, TaskProgress};
use crate::screens::datasets::undo::Acts;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Loaded, Project, Remote};
use crate::text::{Text, lang, t};

/// The part.
#[component]
pub fn Archive(place: Place) -> impl IntoView {
    let project = Project::get();
    let task = Task::new();
    let start = move |dry_run: bool| {
        task.start(StartArchive { project: project.folder(), versions: Vec::new(), dry_run, rule: None });
    };
    use_shortcuts(t(Text::KeepArchive), move || {
        vec![
            Shortcut::new("a", t(Text::KeepArchiveTry), move || start(true)),
            Shortcut::new("Shift+a", t(Text::KeepArchiveStart), move || start(false)),
        ]
    });
    let rule = Remote::new(move || {
        project.changed.track();
        Some(GetRetention { project: project.folder() })
    });
    let told = move || match task.result()? {
        JobResult::Archive(report) => Some(view! { <Told report=report /> }),
        _ => None,
    };
    view! {
        <Part title=Text::KeepArchive text=Text::KeepArchiveText symbol=Symbol::Archive testid="keep-archive-part">
            <Loaded remote=rule lines=3>
                <Rule rule=rule place=place />
            </Loaded>
            <div class="row row-wrap">
                <Button
                    text=t(Text::KeepArchiveTry)
                    testid="keep-archive-try"
                    icon=Symbol::Search
                    keys="A"
                    disabled=task.blocked()
                    on_click=move |()| start(true)
                />
                <Button
                    text=t(Text::KeepArchiveStart)
                    testid="keep-archive"
                    icon=Symbol::Archive
                    keys="Shift+A"
                    disabled=task.blocked()
                    on_click=move |()| start(false)
                />
            </div>
            <TaskProgress task=task testid="keep-archive" />
            {told}
        </Part>
    }
}

/// The rule's fields; what is changed is saved with the button.
#[component]
#[allow(clippy::cast_precision_loss)] // Counts of versions and days.
fn Rule(rule: Remote<Retention>, place: Place) -> impl IntoView {
    let project = Project::get();
    let acts = Acts::new(place);
    let stored = untrack(|| rule.get()).unwrap_or_default();
    let keep = RwSignal::new(Some(stored.keep as f64));
    let age = RwSignal::new(Some(stored.min_age_days as f64));
    let automatic = RwSignal::new(stored.automatic);
    // What is stored may change beside this form, by undoing.
    Effect::new(move |_| {
        if let Some(stored) = rule.get() {
            keep.set(Some(stored.keep as f64));
            age.set(Some(stored.min_age_days as f64));
            automatic.set(stored.automatic);
        }
    });
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The fields allow whole numbers from 0.
    let wanted = Memo::new(move |_| Retention {
        keep: keep.get().map_or(0, |keep| keep as u64),
        min_age_days: age.get().map_or(0, |age| age as u64),
        automatic: automatic.get(),
    });
    let changed = Memo::new(move |_| rule.map(|stored| wanted.with(|wanted| wanted != stored)).unwrap_or(false));
    let blocked = project.read_only();
    let save = move |()| {
        let (project_folder, retention) = (project.folder(), wanted.get_untracked());
        let Some(before) = untrack(|| rule.get()) else { return };
        acts.sending.send(SetRetention { project: project_folder.clone(), retention }, move |stored: Retention| {
            rule.set(stored);
            let back = SetRetention { project: project_folder, retention: before };
            acts.told(t(Text::KeepArchiveSaved).to_owned(), t(Text::UndoAction), back);
        });
    };
    use_shortcuts(t(Text::KeepArchive), move || {
        vec![Shortcut::new("s", t(Text::ActionSave), move || {
            if changed.get_untracked() && !blocked.get_untracked() {
                save(());
            }
        })]
    });
    view! {
        <div class="split-pair">
            <NumberField
                label=t(Text::KeepArchiveKeep)
                value=keep
                testid="keep-retention-keep"
                min=1.0
                step=10.0
                range_text=t(Text::NumberWanted)
            />
            <NumberField
                label=t(Text::KeepArchiveAge)
                value=age
                testid="keep-retention-age"
                min=0.0
                range_text=t(Text::NumberWanted)
                hint=t(Text::KeepArchiveAgeHint)
            />
        </div>
        <div class="row">
            <div class="grow">
                <Checkbox label=t(Text::KeepArchiveAuto) checked=automatic testid="keep-retention-automatic" />
            </div>
            <Button
                text=t(Text::ActionSave)
                testid="keep-retention-save"
                keys="S"
                disabled=Signal::derive(move || blocked.get() || !changed.get())
                busy=acts.sending.busy()
                on_click=save
            />
        </div>
        {move || acts.sending.error().get().map(|error| view! { <ErrorBox error=error /> })}
    }
}

/// What was, or would be, archived.
#[component]
fn Told(report: ArchiveReport) -> impl IntoView {
    let count = report.versions.len() as u64;
    let (tone, title) = match (count, report.dry_run) {
        (0, _) => (Tone::Good, t(Text::KeepArchiveNothing).to_owned()),
        (_, true) => (Tone::Info, Text::keep_archive_would(lang(), count)),
        (_, false) => (Tone::Good, Text::keep_archived(lang(), count)),
    };
    let bytes = (!report.dry_run && count > 0).then(|| {
        view! { <p class="soft number">{Text::keep_bytes(lang(), report.bytes_before, report.bytes_after)}</p> }
    });
    view! {
        <Notice tone=tone title=title testid="keep-archived">
            {bytes}
            <div class="row row-wrap number">
                {report.versions.into_iter().map(|version| view! { <Badge text=version /> }).collect_view()}
            </div>
        </Notice>
    }
}
