//! The list of conflicts, the one looked at, and the keys that decide it.

use std::sync::Arc;

use contract::version::{MergeConflict, Resolution, SampleSide};
use leptos::prelude::*;

use super::card::Card;
use super::resolving::Resolving;
use crate::components::{
    Badge, Button, ButtonKind, Checkbox, Column, EmptyState, ErrorBox, KeyHint, PagedList, Symbol, Tone,
};
use crate::screens::datasets::compare::row_key;
use crate::screens::datasets::place::Place;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Domains;
use crate::text::{Text, t};

/// What a conflict ends as.
pub fn resolution_text(resolution: &Resolution, domains: Domains) -> String {
    match resolution {
        Resolution::Ours => t(Text::MergeSideOurs).to_owned(),
        Resolution::Theirs => t(Text::MergeSideTheirs).to_owned(),
        Resolution::Base => t(Text::MergeSideBase).to_owned(),
        Resolution::Label(label) => domains.name(label),
    }
}

/// The list and the card.
#[component]
pub fn Conflicts(
    /// What is decided.
    resolving: Resolving,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let selected = RwSignal::new(None::<i64>);
    let labelling = RwSignal::new(false);
    use_shortcuts(t(Text::MergeConflicts), move || {
        vec![
            Shortcut::new("1", t(Text::MergeTakeOurs), move || resolving.resolve(Resolution::Ours)),
            Shortcut::new("2", t(Text::MergeTakeTheirs), move || resolving.resolve(Resolution::Theirs)),
            Shortcut::new("3", t(Text::MergeTakeBase), move || resolving.resolve(Resolution::Base)),
            Shortcut::new("l", t(Text::MergeTakeLabel), move || labelling.set(true)),
            Shortcut::new("Shift+o", t(Text::MergeRestOurs), move || resolving.resolve_rest(Resolution::Ours)),
            Shortcut::new("Shift+t", t(Text::MergeRestTheirs), move || resolving.resolve_rest(Resolution::Theirs)),
            Shortcut::new("f", t(Text::MergeOnlyOpen), move || resolving.only_open.update(|only| *only = !*only)),
            Shortcut::new("u", t(Text::MergeUndo), move || resolving.undo()),
            Shortcut::new("ArrowDown", t(Text::BlameNext), move || resolving.step.set(1)),
            Shortcut::new("ArrowUp", t(Text::BlamePrevious), move || resolving.step.set(-1)),
        ]
    });
    let domains = place.domains;
    let label = move |side: &Option<SampleSide>| {
        side.as_ref().map_or_else(|| t(Text::MergeNotThere).to_owned(), |side| domains.name(&side.label))
    };
    let excerpt = |conflict: &MergeConflict| {
        let side = conflict.ours.as_ref().or(conflict.theirs.as_ref()).or(conflict.base.as_ref());
        side.map(|side| side.text.clone()).unwrap_or_default()
    };
    let columns = vec![
        Column::new(t(Text::DiffColumnText), move |conflict: &MergeConflict| excerpt(conflict)),
        Column::new(t(Text::MergeSideOurs), move |conflict: &MergeConflict| label(&conflict.ours)),
        Column::new(t(Text::MergeSideTheirs), move |conflict: &MergeConflict| label(&conflict.theirs)),
        Column::new(t(Text::MergeResolution), move |conflict: &MergeConflict| match &conflict.resolution {
            Some(resolution) => {
                view! { <Badge text=resolution_text(resolution, domains) tone=Tone::Good /> }.into_any()
            }
            None => view! { <Badge text=t(Text::MergeUnresolved) tone=Tone::Warn /> }.into_any(),
        }),
    ];
    let look = move |conflict: Arc<MergeConflict>| {
        labelling.set(false);
        resolving.shown.set(Some(MergeConflict::clone(&conflict)));
    };
    let empty = || {
        view! {
            <EmptyState
                symbol=Symbol::Check
                title=t(Text::MergeAllResolved)
                text=t(Text::MergeNoConflictsText)
                testid="merge-all-resolved"
            />
        }
    };
    view! {
        <Bar resolving=resolving />
        {move || resolving.sending.error().get().map(|error| view! { <ErrorBox error=error /> })}
        <Card resolving=resolving domains=domains labelling=labelling />
        <div class="panel merge-list">
            <PagedList
                request=move |after, limit| Some(resolving.list(after, limit))
                key=|conflict: &MergeConflict| row_key(&conflict.id)
                columns=columns
                class="merge-rows"
                selected=selected
                on_select=look
                step=resolving.step
                begin_selected=true
                label=t(Text::MergeConflicts)
                testid="merge-conflicts"
                empty=empty
            />
        </div>
    }
}

/// What is done with several at once.
#[component]
fn Bar(resolving: Resolving) -> impl IntoView {
    let rest = move |text: Text, testid: &'static str, keys: &'static str, resolution: Resolution| {
        view! {
            <Button
                text=t(text)
                testid=testid
                kind=ButtonKind::Quiet
                keys=keys
                disabled=resolving.blocked()
                on_click=move |()| resolving.resolve_rest(resolution.clone())
            />
        }
    };
    view! {
        <div class="row row-wrap merge-bar">
            <Checkbox label=t(Text::MergeOnlyOpen) checked=resolving.only_open testid="merge-only-open" />
            <KeyHint keys="F" />
            <span class="grow"></span>
            {rest(Text::MergeRestOurs, "merge-rest-ours", "Shift+O", Resolution::Ours)}
            {rest(Text::MergeRestTheirs, "merge-rest-theirs", "Shift+T", Resolution::Theirs)}
            <Button
                text=t(Text::MergeUndo)
                testid="merge-undo"
                icon=Symbol::Undo
                keys="U"
                disabled=Signal::derive(move || !resolving.undoable() || resolving.blocked().get())
                on_click=move |()| resolving.undo()
            />
        </div>
    }
}
