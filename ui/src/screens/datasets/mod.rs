//! The datasets screen: the split and its writing, what was written, versions.

mod bars;
mod commit;
mod notes;
mod preview;
mod settings;
mod split;
mod version;
mod versions;
mod written;

use contract::DatasetId;
use contract::dataset::ListDatasets;
use contract::version::ListVersions;
use leptos::prelude::*;

use crate::components::{Button, ButtonKind, EmptyState, Symbol, Tab, Tabs};
use crate::frame::Screen;
use crate::state::{Domains, Loaded, Project, Remote};
use crate::text::{Text, number, t};
use split::SplitTab;
use versions::Versions;
use written::Written;

/// Where one is on the screen.
#[derive(Clone, Copy)]
pub struct Place {
    /// `split`, `written` or `versions`.
    tab: RwSignal<&'static str>,
    /// The dataset looked at; the latest when `None`.
    dataset: RwSignal<Option<DatasetId>>,
    /// The version looked at; the latest when `None`.
    version: RwSignal<Option<String>>,
}

impl Place {
    /// Goes to a dataset, to commit it.
    fn show_dataset(self, id: DatasetId) {
        self.dataset.set(Some(id));
        self.tab.set("written");
    }

    /// Goes to a version.
    fn show_version(self, version: String) {
        self.version.set(Some(version));
        self.tab.set("versions");
    }
}

/// The screen.
#[component]
pub fn Datasets() -> impl IntoView {
    let project = Project::get();
    let domains = Domains::load();
    let place = Place { tab: RwSignal::new("split"), dataset: RwSignal::new(None), version: RwSignal::new(None) };
    let written = Remote::new(move || {
        project.changed.track();
        Some(ListDatasets { project: project.folder() })
    });
    let versions = Remote::new(move || {
        project.changed.track();
        Some(ListVersions { project: project.folder() })
    });
    let tabs = move || {
        let count = |count: Option<usize>| count.filter(|count| *count > 0).map(|count| number(count as u64));
        vec![
            Tab { value: "split", text: t(Text::DatasetsTabSplit).to_owned(), count: None },
            Tab { value: "written", text: t(Text::DatasetsTabWritten).to_owned(), count: count(written.map(Vec::len)) },
            Tab {
                value: "versions",
                text: t(Text::DatasetsTabVersions).to_owned(),
                count: count(versions.map(Vec::len)),
            },
        ]
    };
    let no_items = Memo::new(move |_| project.overview.with(|overview| overview.items == 0));
    let content = move || match place.tab.get() {
        "written" => view! { <Loaded remote=written><Written datasets=written place=place /></Loaded> }.into_any(),
        "versions" => {
            view! { <Loaded remote=versions><Versions versions=versions domains=domains place=place /></Loaded> }
                .into_any()
        }
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
                    on_click=move |()| project.go(Screen::Sources)
                />
            </EmptyState>
        }
        .into_any(),
        _ => view! { <SplitTab domains=domains place=place /> }.into_any(),
    };
    view! {
        <div class="page">
            <div class="page-head">
                <div class="page-title">
                    <h1>{t(Text::DatasetsTitle)}</h1>
                    <p>{t(Text::DatasetsLead)}</p>
                </div>
            </div>
            <Tabs tabs=Signal::derive(tabs) value=place.tab testid="datasets-tab" />
            {content}
        </div>
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
            <Button text=t(Text::DatasetWrite) testid=go on_click=move |()| place.tab.set("split") />
        </EmptyState>
    }
}
