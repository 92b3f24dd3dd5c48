//! The changed rows: a filter, a long list, the history of one beside it.

use std::sync::Arc;
use std::time::Duration;

use contract::version::{ExportChanges, ListChanges, SampleChange, SampleSide};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Compared;
use super::blame::BlamePanel;
use super::side::{EditedText, Label, Who};
use crate::bridge::{self, FileFilter};
use crate::components::{Button, Choice, Column, EmptyState, ErrorBox, PagedList, Select, Symbol, TextField};
use crate::screens::datasets::changes::KindMarks;
use crate::screens::datasets::place::Place;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project, Sending, settled};
use crate::text::{Text, lang, t, word};

/// Rest of the search before it is applied.
const REST: Duration = Duration::from_millis(250);
/// Height of a row in pixels; the style of `.diff-rows` says the same.
const ROW: f64 = 54.0;

/// A number for a row, from its id: rows of a comparison have no other key.
pub fn row_key(id: &str) -> i64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish().cast_signed()
}

/// A row's side that tells most: the newer one, where it is there.
fn latest(change: &SampleChange) -> Option<&SampleSide> {
    change.after.as_ref().or(change.before.as_ref())
}

/// The list and the row beside it.
#[component]
pub fn Rows(
    /// What is compared.
    compared: Compared,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let project = Project::get();
    let filter = settled(move || compared.filter(), REST);
    let selected = RwSignal::new(None::<i64>);
    let shown = RwSignal::new(None::<Arc<SampleChange>>);
    let step = RwSignal::new(0_isize);
    let request = move |after, limit| {
        let (from, to) = compared.pair()?;
        Some(ListChanges { project: project.folder(), from, to, filter: filter.get(), after, limit })
    };
    let close = move || {
        shown.set(None);
        selected.set(None);
    };
    use_shortcuts(t(Text::DiffRows), move || {
        vec![
            Shortcut::new("/", t(Text::DiffFilterFocus), focus_filter),
            Shortcut::new("ArrowDown", t(Text::BlameNext), move || step.set(1)),
            Shortcut::new("ArrowUp", t(Text::BlamePrevious), move || step.set(-1)),
            Shortcut::new("Escape", "", close),
        ]
    });
    let empty = || {
        view! { <EmptyState symbol=Symbol::Search title=t(Text::DiffNoRows) text=t(Text::DiffNoRowsText) testid="compare-rows-empty" /> }
    };
    let side = move || {
        shown.get().map(
            |change| view! { <BlamePanel change=change compared=compared place=place on_close=move |()| close() /> },
        )
    };
    view! {
        <Filter compared=compared place=place />
        <div class="diff-work" class:diff-narrow=move || shown.with(Option::is_some)>
            <div class="panel diff-list">
                <PagedList
                    request=request
                    key=|change: &SampleChange| row_key(&change.id)
                    columns=columns(place)
                    class="diff-rows"
                    selected=selected
                    on_select=move |change| shown.set(Some(change))
                    step=step
                    row_height=ROW
                    label=t(Text::DiffRows)
                    testid="compare-rows"
                    empty=empty
                />
            </div>
            {side}
        </div>
    }
}

fn columns(place: Place) -> Vec<Column<SampleChange>> {
    let domains = place.domains;
    vec![
        Column::new(
            t(Text::DiffColumnChange),
            |change: &SampleChange| view! { <KindMarks kinds=change.kinds.clone() /> },
        ),
        Column::new(t(Text::DiffColumnText), |change: &SampleChange| {
            let (before, after) = (change.before.as_ref(), change.after.as_ref());
            view! { <EditedText before=before.map(|side| side.text.clone()) after=after.map(|side| side.text.clone()) /> }
        }),
        Column::new(t(Text::DiffColumnLabel), move |change: &SampleChange| {
            let name = |side: &Option<SampleSide>| side.as_ref().map(|side| domains.name(&side.label));
            view! { <Label before=name(&change.before) after=name(&change.after) /> }
        }),
        Column::new(t(Text::DiffColumnSplit), |change: &SampleChange| {
            let name = |side: &Option<SampleSide>| {
                side.as_ref().and_then(|side| side.split).map(|split| word(&split).to_owned())
            };
            view! { <Label before=name(&change.before) after=name(&change.after) /> }
        }),
        Column::new(t(Text::DiffColumnWho), |change: &SampleChange| view! { <Who side=latest(change).cloned() /> }),
    ]
}

/// Words, a domain, and the export of what fits.
#[component]
fn Filter(compared: Compared, place: Place) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let exporting = Sending::new();
    let export = move |()| {
        let Some((from, to)) = untrack(|| compared.pair()) else { return };
        let (project, filter) = (project.folder(), untrack(|| compared.filter()));
        let work = async move {
            let kind =
                |name: &str, extension: &str| FileFilter { name: name.into(), extensions: vec![extension.into()] };
            let filters = vec![kind("CSV", "csv"), kind("JSON Lines", "jsonl")];
            let Some(file) = bridge::save_file(&format!("changes-{from}-{to}.csv"), filters).await? else {
                return Ok(None);
            };
            let request = ExportChanges { project, from, to, filter, file: file.clone() };
            bridge::call(request).await.map(|rows| Some((rows, file)))
        };
        exporting.run(work, move |written| {
            if let Some((rows, file)) = written {
                app.toasts.good(Text::diff_exported(lang(), rows, &file));
            }
        });
    };
    use_shortcuts(t(Text::DatasetsTabCompare), move || {
        vec![Shortcut::new("e", t(Text::DiffExport), move || export(()))]
    });
    let choices = Signal::derive(move || {
        std::iter::once(Choice::new("", t(Text::DiffAllDomains))).chain(place.domains.choices()).collect::<Vec<_>>()
    });
    view! {
        <div class="diff-filter">
            <TextField
                value=compared.words
                testid="compare-search"
                kind="search"
                placeholder=t(Text::DiffFilter)
                aria_label=t(Text::DiffFilterFocus)
            />
            <Select
                label=t(Text::DiffDomain)
                choices=choices
                value=compared.domain
                on_change=move |value| compared.domain.set(value)
                testid="compare-domain"
            />
            <Button
                text=t(Text::DiffExport)
                testid="compare-export"
                icon=Symbol::Export
                keys="E"
                busy=exporting.busy()
                on_click=export
            />
        </div>
        {move || exporting.error().get().map(|error| view! { <ErrorBox error=error /> })}
    }
}

fn focus_filter() {
    let field = document().query_selector("[data-testid='compare-search']").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A window without focus refuses; nothing depends on it.
        let _ = field.focus();
    }
}
