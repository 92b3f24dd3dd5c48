//! The datasets screen: the split and its writing, what was written, the history of versions, comparing and merging them, and
//! keeping the store.

mod bars;
mod changes;
mod checks;
mod commit;
mod compare;
mod design;
mod history;
mod keeping;
mod merge;
mod notes;
mod place;
mod task;
mod undo;
mod version;
mod written;

use leptos::prelude::*;

use crate::components::{Button, ButtonKind, EmptyState, Symbol, Tab, Tabs};
use crate::frame::Screen;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Loaded, Project};
use crate::text::{Text, number, t};
use commit::CommitDialog;
use compare::Compare;
use design::SplitTab;
use history::History;
use keeping::Keeping;
use merge::Merge;
use place::Place;
use version::VersionPage;
use written::Written;

/// The tabs.
const TABS: [(&str, Text); 6] = [
    ("split", Text::DatasetsTabSplit),
    ("written", Text::DatasetsTabWritten),
    ("versions", Text::DatasetsTabVersions),
    ("compare", Text::DatasetsTabCompare),
    ("merge", Text::DatasetsTabMerge),
    ("keeping", Text::DatasetsTabKeeping),
];

/// The screen.
#[component]
pub fn Datasets() -> impl IntoView {
    let project = Project::get();
    let place = Place::new();
    let tabs = move || {
        let count = |value: &str| match value {
            "written" => place.written.map(Vec::len),
            "versions" => place.versions.map(Vec::len),
            _ => None,
        };
        let tab = |(value, text): &(&'static str, Text)| {
            let count = count(value).filter(|count| *count > 0).map(|count| number(count as u64));
            Tab { value, text: t(*text).to_owned(), count }
        };
        TABS.iter().map(tab).collect::<Vec<_>>()
    };
    // Where conflicts are decided, the digits decide.
    let digits = Signal::derive(move || place.tab.get() != "merge");
    use_shortcuts(t(Text::DatasetsTitle), move || {
        if !digits.get() {
            return Vec::new();
        }
        let go = |(at, (value, text)): (usize, &(&'static str, Text))| {
            let value = *value;
            Shortcut::new((at + 1).to_string(), t(*text), move || place.tab.set(value))
        };
        TABS.iter().enumerate().map(go).collect()
    });
    let no_items = Memo::new(move |_| project.overview.with(|overview| overview.items == 0));
    let content = move || match place.tab.get() {
        "written" => view! { <Loaded remote=place.written><Written place=place /></Loaded> }.into_any(),
        "versions" => view! { <Loaded remote=place.versions><Versions place=place /></Loaded> }.into_any(),
        "compare" => view! { <Loaded remote=place.versions><Compare place=place /></Loaded> }.into_any(),
        "merge" => view! { <Loaded remote=place.versions><Merge place=place /></Loaded> }.into_any(),
        "keeping" => view! { <Keeping place=place /> }.into_any(),
        _ if no_items.get() => view! {
            <EmptyState
                symbol=Symbol::Datasets
                title=t(Text::DatasetsNoItems)
                text=t(Text::DatasetsNoItemsText)
                testid="datasets-no-items"
            >
                <Button
                    text=t(Text::DatasetsGoSources)
                    testid="datasets-go-sources"
                    kind=ButtonKind::Primary
                    keys=Screen::Sources.keys()
                    on_click=move |()| project.go(Screen::Sources)
                />
            </EmptyState>
        }
        .into_any(),
        _ => view! { <SplitTab place=place /> }.into_any(),
    };
    view! {
        <div class="page">
            <div class="page-head">
                <div class="page-title">
                    <h1>{t(Text::DatasetsTitle)}</h1>
                    <p>{t(Text::DatasetsLead)}</p>
                </div>
            </div>
            <Tabs tabs=Signal::derive(tabs) value=place.tab testid="datasets-tab" digits=digits />
            {content}
        </div>
        {move || place.committing.get().map(|source| view! { <CommitDialog place=place source=source /> })}
    }
}

/// The history, or one version's page in its place.
#[component]
fn Versions(place: Place) -> impl IntoView {
    move || match place.version.get() {
        Some(version) => view! { <VersionPage version=version place=place /> }.into_any(),
        None => view! { <History place=place /> }.into_any(),
    }
}

/// A tab with nothing on it, and the way to where datasets are written.
#[component]
fn NothingYet(
    symbol: Symbol,
    title: &'static str,
    text: &'static str,
    testid: &'static str,
    /// `data-testid` of the button.
    go: &'static str,
    place: Place,
) -> impl IntoView {
    view! {
        <EmptyState symbol=symbol title=title text=text testid=testid>
            <Button text=t(Text::DatasetWrite) testid=go keys="1" on_click=move |()| place.tab.set("split") />
        </EmptyState>
    }
}
