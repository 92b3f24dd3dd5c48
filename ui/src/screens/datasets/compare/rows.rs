//! The changed rows: a long list, the history of one beside it.

use std::sync::Arc;
use std::time::Duration;

use contract::version::{ListChanges, SampleChange, SampleSide};
use leptos::prelude::*;

use super::Compared;
use super::blame::BlamePanel;
use super::side::{EditedText, Label, Who};
use crate::components::{Column, EmptyState, PagedList, Symbol};
use crate::screens::datasets::changes::KindMarks;
use crate::screens::datasets::place::Place;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, settled};
use crate::text::{Text, t, word};

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
    // The history of a row of another comparison is none of this one.
    Effect::new(move |before: Option<Option<(String, String)>>| {
        let pair = compared.pair();
        if before.is_some_and(|before| before != pair) {
            close();
        }
        pair
    });
    use_shortcuts(t(Text::DiffRows), move || {
        vec![
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
