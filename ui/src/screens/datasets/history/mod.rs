//! The history: a graph of versions, and what can be done with the marked one.

mod graph;

use std::sync::Arc;

use contract::version::{CommitSource, VersionStatus, VersionSummary};
use leptos::prelude::*;

use super::changes::ChangeMarks;
use super::place::Place;
use super::version::{CheckoutDialog, TagDialog};
use crate::components::{Badge, Button, ButtonKind, EmptyState, RowWindow, Symbol, Tone};
use crate::shortcuts::{Shortcut, press_focused, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, date_time, lang, t, word};
use graph::{Graph, Row};

/// Height of a row in pixels; the style of `.history-row` says the same.
const ROW: f64 = 52.0;

/// What a status means.
pub fn status_tone(status: VersionStatus) -> Tone {
    match status {
        VersionStatus::Draft => Tone::Plain,
        VersionStatus::Stable => Tone::Good,
        VersionStatus::Deprecated => Tone::Warn,
    }
}

/// Status, tags and marks of a version.
#[component]
pub fn VersionBadges(
    /// The version.
    version: VersionSummary,
) -> impl IntoView {
    let tag = |tag: String| view! { <Badge text=tag tone=Tone::Accent /> };
    view! {
        <Badge text=word(&version.status) tone=status_tone(version.status) />
        {version.current.then(|| view! { <Badge text=t(Text::VersionCurrent) tone=Tone::Info /> })}
        {version.archived.then(|| view! { <Badge text=t(Text::VersionArchived) /> })}
        {version.tags.into_iter().map(tag).collect_view()}
    }
}

/// The tab.
#[component]
pub fn History(place: Place) -> impl IntoView {
    let none = Memo::new(move |_| place.versions.map(Vec::is_empty).unwrap_or(true));
    move || {
        if none.get() {
            view! { <NoVersions place=place /> }.into_any()
        } else {
            view! { <Graphed place=place /> }.into_any()
        }
    }
}

/// Before the first version.
#[component]
fn NoVersions(place: Place) -> impl IntoView {
    let blocked = Project::get().read_only();
    let commit = move |()| {
        if !blocked.get_untracked() {
            place.committing.set(Some(CommitSource::Latest));
        }
    };
    use_shortcuts(t(Text::HistoryTitle), move || vec![Shortcut::new("n", t(Text::HistoryCommit), move || commit(()))]);
    // Without a dataset there is nothing to commit but a folder from elsewhere.
    let written = Memo::new(move |_| place.written.map(|written| !written.is_empty()).unwrap_or(false));
    let weight = |first: bool| if first { ButtonKind::Primary } else { ButtonKind::Secondary };
    let buttons = move || {
        view! {
            <Button
                text=t(Text::DatasetWrite)
                testid="versions-go-write"
                kind=weight(!written.get())
                icon=Symbol::Datasets
                keys="1"
                on_click=move |()| place.tab.set("split")
            />
            <Button
                text=t(Text::HistoryCommit)
                testid="versions-empty-commit"
                kind=weight(written.get())
                icon=Symbol::Commit
                keys="N"
                disabled=blocked
                on_click=commit
            />
        }
    };
    view! {
        <EmptyState symbol=Symbol::Commit title=t(Text::VersionsEmpty) text=t(Text::VersionsEmptyText) testid="versions-empty">
            {buttons}
        </EmptyState>
    }
}

/// The list and its buttons.
#[component]
fn Graphed(place: Place) -> impl IntoView {
    let blocked = Project::get().read_only();
    let rows = Memo::new(move |_| Arc::new(place.versions.map(|versions| graph::rows(versions)).unwrap_or_default()));
    let at = Memo::new(move |_| {
        let marked = place.marked.get();
        let found = |rows: &Arc<Vec<Row>>| rows.iter().position(|row| Some(&row.version.version) == marked.as_ref());
        rows.with(found).unwrap_or(0)
    });
    let marked = Memo::new(move |_| rows.with(|rows| rows.get(at.get()).map(|row| row.version.clone())));
    let window = RowWindow::new(ROW);
    let step = move |by: isize| {
        let last = rows.with_untracked(|rows| rows.len().saturating_sub(1));
        let to = at.get_untracked().saturating_add_signed(by).min(last);
        place.marked.set(rows.with_untracked(|rows| rows.get(to).map(|row| row.version.version.clone())));
        window.reveal(to);
    };
    let acts = Marked { place, marked, tagging: RwSignal::new(None), leaving: RwSignal::new(None) };
    use_shortcuts(t(Text::HistoryTitle), move || {
        let page = window.page();
        let mut list = acts.shortcuts(blocked.get());
        list.extend([
            Shortcut::new("ArrowUp", t(Text::HistoryUp), move || step(-1)),
            Shortcut::new("ArrowDown", t(Text::HistoryDown), move || step(1)),
            Shortcut::new("PageUp", "", move || step(-page)),
            Shortcut::new("PageDown", "", move || step(page)),
            Shortcut::new("Home", "", move || step(isize::MIN / 2)),
            Shortcut::new("End", "", move || step(isize::MAX / 2)),
        ]);
        list
    });
    view! {
        <section class="panel history">
            <Bar acts=acts blocked=blocked />
            <Rows rows=rows at=at window=window place=place acts=acts />
        </section>
        {move || acts.tagging.get().map(|version| view! { <TagDialog version=version place=place open=acts.tagging /> })}
        {move || acts.leaving.get().map(|version| view! { <CheckoutDialog version=version open=acts.leaving /> })}
    }
}

/// The marked version, and what is done with it from here.
#[derive(Clone, Copy)]
struct Marked {
    place: Place,
    marked: Memo<Option<VersionSummary>>,
    /// The version whose tags are being set.
    tagging: RwSignal<Option<String>>,
    /// The version that is being checked out.
    leaving: RwSignal<Option<String>>,
}

impl Marked {
    fn number(self) -> Option<String> {
        self.marked.with_untracked(|marked| marked.as_ref().map(|marked| marked.version.clone()))
    }

    fn open(self) {
        if let Some(number) = self.number() {
            self.place.show_version(number);
        }
    }

    fn compare(self) {
        let pair = |marked: &VersionSummary| Some((marked.parents.first()?.clone(), marked.version.clone()));
        if let Some((from, to)) = self.marked.with_untracked(|marked| marked.as_ref().and_then(pair)) {
            self.place.compare(from, to);
        }
    }

    fn check_out(self) {
        let there = self.marked.with_untracked(|marked| marked.as_ref().is_some_and(|marked| !marked.archived));
        if there {
            self.leaving.set(self.number());
        }
    }

    fn shortcuts(self, blocked: bool) -> Vec<Shortcut> {
        let mut list = vec![
            Shortcut::new("Enter", t(Text::HistoryOpen), move || {
                if !press_focused() {
                    self.open();
                }
            }),
            Shortcut::new("c", t(Text::VersionCompareParent), move || self.compare()),
        ];
        if !blocked {
            list.extend([
                Shortcut::new("n", t(Text::HistoryCommit), move || {
                    self.place.committing.set(Some(CommitSource::Latest));
                }),
                Shortcut::new("t", t(Text::TagAdd), move || self.tagging.set(self.number())),
                Shortcut::new("o", t(Text::CheckoutOpen), move || self.check_out()),
            ]);
        }
        list
    }
}

/// The buttons above the list.
#[component]
fn Bar(acts: Marked, blocked: Signal<bool>) -> impl IntoView {
    let read = move |field: fn(&VersionSummary) -> bool| acts.marked.with(|marked| marked.as_ref().is_some_and(field));
    let first = Signal::derive(move || read(|marked| marked.parents.is_empty()));
    let archived = Signal::derive(move || blocked.get() || read(|marked| marked.archived));
    view! {
        <div class="panel-head history-bar">
            <h2 class="number">
                {move || acts.marked.with(|marked| marked.as_ref().map(|marked| marked.version.clone()))}
            </h2>
            <Button text=t(Text::HistoryOpen) testid="history-open" keys="Enter" on_click=move |()| acts.open() />
            <Button
                text=t(Text::VersionCompareParent)
                testid="history-compare"
                icon=Symbol::Compare
                keys="C"
                disabled=first
                on_click=move |()| acts.compare()
            />
            <Button
                text=t(Text::TagAdd)
                testid="history-tag"
                icon=Symbol::Label
                keys="T"
                disabled=blocked
                on_click=move |()| acts.tagging.set(acts.number())
            />
            <Button
                text=t(Text::CheckoutOpen)
                testid="history-checkout"
                icon=Symbol::Import
                keys="O"
                disabled=archived
                on_click=move |()| acts.check_out()
            />
            <span class="grow"></span>
            <Button
                text=t(Text::HistoryCommit)
                testid="history-commit"
                kind=ButtonKind::Primary
                icon=Symbol::Commit
                keys="N"
                disabled=blocked
                on_click=move |()| acts.place.committing.set(Some(CommitSource::Latest))
            />
        </div>
    }
}

/// The list, of which only what is seen is built.
#[component]
fn Rows(rows: Memo<Arc<Vec<Row>>>, at: Memo<usize>, window: RowWindow, place: Place, acts: Marked) -> impl IntoView {
    let width = Memo::new(move |_| rows.with(|rows| graph::width(rows)));
    let range = Memo::new(move |_| window.range(rows.with(|rows| rows.len())));
    let visible = move || {
        let (from, to) = range.get();
        rows.with(|rows| rows.get(from..to.min(rows.len())).unwrap_or_default().to_vec())
    };
    Effect::new(move |_| {
        rows.track();
        request_animation_frame(move || {
            window.measure();
            if let Some(at) = at.try_get_untracked() {
                window.reveal(at);
            }
        });
    });
    let row = move |row: Row| {
        let own = row.version.version.clone();
        let (clicked, shown) = (own.clone(), own.clone());
        let chosen = move || rows.with(|rows| rows.get(at.get()).is_some_and(|row| row.version.version == own));
        let version = row.version.clone();
        view! {
            <div
                class="list-row history-row"
                role="option"
                data-testid=format!("version-row-{shown}")
                aria-selected=move || chosen().to_string()
                on:click=move |_| place.marked.set(Some(clicked.clone()))
                on:dblclick=move |_| acts.open()
            >
                {move || view! { <Graph row=row.clone() height=ROW width=width.get() /> }}
                <Line version=version />
            </div>
        }
    };
    view! {
        <div class="list history-list">
            <div
                class="list-body"
                role="listbox"
                tabindex="0"
                node_ref=window.body
                aria-label=t(Text::HistoryTitle)
                data-testid="versions-list"
                on:scroll=move |_| window.measure()
            >
                <div class="list-window" style:height=move || format!("{}px", window.offset(rows.with(|rows| rows.len())))>
                    <div style:transform=move || format!("translateY({}px)", window.offset(range.get().0))>
                        <For each=visible key=|row| format!("{row:?}") children=row />
                    </div>
                </div>
            </div>
        </div>
    }
}

/// What a row says of its version.
#[component]
fn Line(version: VersionSummary) -> impl IntoView {
    let message = version.message.clone();
    let when = date_time(version.committed);
    let changes = match version.parents.as_slice() {
        [] => view! { <span class="faint">{t(Text::VersionFirst)}</span> }.into_any(),
        [first, second, ..] => {
            let title = Text::version_merge_of(lang(), first, second);
            view! { <span title=title><ChangeMarks changes=version.changes /></span> }.into_any()
        }
        [_] => view! { <ChangeMarks changes=version.changes /> }.into_any(),
    };
    view! {
        <span class="history-text">
            <span class="row">
                <b class="number">{version.version.clone()}</b>
                <VersionBadges version=version.clone() />
            </span>
            <span class="clip soft" title=message.clone()>{message.clone()}</span>
        </span>
        <span class="history-changes small">{changes}</span>
        <span class="history-who small">
            <span class="clip soft">{version.author}</span>
            <span class="clip faint number">{when}</span>
        </span>
    }
}
