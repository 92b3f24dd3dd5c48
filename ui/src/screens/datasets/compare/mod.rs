//! Comparing two versions: how much changed, where, and every changed row with its history.

mod blame;
mod domains;
mod edit;
mod filter;
mod pairs;
mod rows;
mod side;

use contract::version::{ChangeFilter, ChangeKind, CompareVersions, VersionComparison};
use leptos::prelude::*;

use super::changes::{class, sign};
use super::place::Place;
use crate::components::{Choice, EmptyState, Field, IconButton, KeyHint, Notice, Segmented, Select, Symbol, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Loaded, Project, Remote};
use crate::text::{Text, lang, number, t, word};
pub use domains::DomainChanges;
use filter::Filter;
use pairs::Pairs;
use rows::Rows;
pub use rows::row_key;
pub use side::{EditedText, Who};

/// The views of a comparison.
const VIEWS: [(&str, Text); 3] =
    [("rows", Text::DiffRows), ("domains", Text::DiffDomains), ("labels", Text::DiffLabels)];

/// What is compared, and which of it is shown.
#[derive(Clone, Copy)]
pub struct Compared {
    /// The older one's number.
    pub from: RwSignal<String>,
    /// The newer one's number.
    pub to: RwSignal<String>,
    /// `rows`, `domains` or `labels`.
    view: RwSignal<String>,
    /// Kinds shown; all when empty.
    kinds: RwSignal<Vec<ChangeKind>>,
    /// Domain shown; all when empty.
    domain: RwSignal<String>,
    /// Words looked for, as typed.
    words: RwSignal<String>,
}

impl Compared {
    /// The rows wanted.
    fn filter(self) -> ChangeFilter {
        let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        ChangeFilter { kinds: self.kinds.get(), domain: some(self.domain.get()), text: some(self.words.get()) }
    }

    /// Shows the rows of a domain.
    fn show_domain(self, domain: String, kinds: Vec<ChangeKind>) {
        self.kinds.set(kinds);
        self.domain.set(domain);
        self.view.set("rows".to_owned());
    }

    fn next_view(self) {
        let at = self.view.with_untracked(|view| VIEWS.iter().position(|(value, _)| value == view).unwrap_or(0));
        self.view.set(VIEWS[(at + 1) % VIEWS.len()].0.to_owned());
    }

    fn swap(self) {
        let (from, to) = (self.from.get_untracked(), self.to.get_untracked());
        self.from.set(to);
        self.to.set(from);
    }

    /// Two that can be compared.
    fn pair(self) -> Option<(String, String)> {
        let (from, to) = (self.from.get(), self.to.get());
        (!from.is_empty() && !to.is_empty() && from != to).then_some((from, to))
    }
}

/// The tab.
#[component]
pub fn Compare(place: Place) -> impl IntoView {
    let few = Memo::new(move |_| place.versions.map(|versions| versions.len() < 2).unwrap_or(true));
    let compared = Compared {
        from: place.compared.0,
        to: place.compared.1,
        view: RwSignal::new(VIEWS[0].0.to_owned()),
        kinds: RwSignal::new(Vec::new()),
        domain: RwSignal::new(String::new()),
        words: RwSignal::new(String::new()),
    };
    // The latest against its parent, until someone chooses.
    Effect::new(move |_| {
        if compared.to.with(String::is_empty)
            && let Some(latest) = place.versions.map(|versions| versions.first().cloned()).flatten()
        {
            let readable = |parent: &&String| place.summary(parent).is_some_and(|parent| !parent.archived);
            compared.from.set(latest.parents.first().filter(readable).cloned().unwrap_or_default());
            compared.to.set(latest.version);
        }
    });
    move || {
        if few.get() {
            return view! {
                <EmptyState
                    symbol=Symbol::Compare
                    title=t(Text::DiffTwoNeeded)
                    text=t(Text::DiffTwoNeededText)
                    testid="compare-versions-empty"
                />
            }
            .into_any();
        }
        view! { <Both compared=compared place=place /> }.into_any()
    }
}

/// The choice of two, and their comparison.
#[component]
fn Both(compared: Compared, place: Place) -> impl IntoView {
    let project = Project::get();
    let comparison = Remote::new(move || {
        let (from, to) = compared.pair()?;
        Some(CompareVersions { project: project.folder(), from, to })
    });
    use_shortcuts(t(Text::DatasetsTabCompare), move || {
        let mut list = vec![
            Shortcut::new("x", t(Text::DiffSwap), move || compared.swap()),
            Shortcut::new("v", t(Text::DiffNextView), move || compared.next_view()),
        ];
        list.extend(ChangeKind::ALL.iter().enumerate().map(|(at, kind)| {
            Shortcut::new(kind_keys(at), word(kind), move || {
                let some = untrack(|| comparison.map(|comparison| comparison.changes.of(*kind)).unwrap_or_default());
                if some > 0 {
                    toggle(compared, *kind);
                }
            })
        }));
        list
    });
    let none = Memo::new(move |_| compared.pair().is_none());
    view! {
        <div class="stack" data-testid="compare-versions">
            <div class="diff-head">
                <Chosen label=Text::DiffFrom value=compared.from place=place testid="compare-from" />
                <div class="diff-swap">
                    <IconButton symbol=Symbol::Swap label=t(Text::DiffSwap) testid="compare-swap" on_click=move |()| compared.swap() />
                    <KeyHint keys="X" />
                </div>
                <Chosen label=Text::DiffTo value=compared.to place=place testid="compare-to" />
            </div>
            <Show
                when=move || !none.get()
                fallback=|| view! { <Notice tone=Tone::Info title=t(Text::DiffSame) testid="compare-same" /> }
            >
                <Loaded remote=comparison lines=8 strict=true>
                    <Found comparison=comparison compared=compared place=place />
                </Loaded>
            </Show>
        </div>
    }
}

/// A version to choose.
#[component]
fn Chosen(label: Text, value: RwSignal<String>, place: Place, testid: &'static str) -> impl IntoView {
    let choices = Signal::derive(move || place.choices());
    view! {
        <div class="diff-chosen">
            <Field label=t(label)>
                <Select
                    label=t(label)
                    choices=choices
                    value=value
                    on_change=move |chosen| value.set(chosen)
                    testid=testid
                />
            </Field>
        </div>
    }
}

/// The comparison.
#[component]
fn Found(comparison: Remote<VersionComparison>, compared: Compared, place: Place) -> impl IntoView {
    let equal = Memo::new(move |_| comparison.map(|comparison| comparison.changes.is_empty()).unwrap_or(false));
    let views = VIEWS.map(|(value, text)| Choice::new(value, t(text))).to_vec();
    let rows = Memo::new(move |_| compared.view.with(|view| view == "rows"));
    let drift = move || {
        let drift = comparison.map(|comparison| comparison.label_drift).unwrap_or_default();
        catalogue::decimal(lang(), drift, 3)
    };
    let shown = move || match compared.view.get().as_str() {
        "domains" => {
            let changes = comparison.map(|comparison| comparison.domains.clone()).unwrap_or_default();
            let choose = move |domain: String| compared.show_domain(domain, Vec::new());
            view! {
                <section class="panel diff-view">
                    <DomainChanges changes=changes domains=place.domains testid="compare-domains" on_choose=choose />
                </section>
                <p class="small faint">{t(Text::DiffDomainHint)}</p>
            }
            .into_any()
        }
        "labels" => {
            let pairs = comparison.map(|comparison| comparison.relabelled.clone()).unwrap_or_default();
            let choose = move |domain: String| compared.show_domain(domain, vec![ChangeKind::Relabelled]);
            view! { <Pairs pairs=pairs domains=place.domains on_choose=choose /> }.into_any()
        }
        _ => view! { <Rows compared=compared place=place /> }.into_any(),
    };
    view! {
        <div class="diff-tiles">
            {ChangeKind::ALL
                .iter()
                .enumerate()
                .map(|(at, kind)| view! { <Tile kind=*kind keys=kind_keys(at) comparison=comparison compared=compared /> })
                .collect_view()}
            <div class="diff-tile" title=t(Text::DiffDriftHint)>
                <b class="figure-number" data-testid="compare-drift">{drift}</b>
                <span class="small soft">{t(Text::DiffDrift)}</span>
            </div>
        </div>
        <Show
            when=move || !equal.get()
            fallback=|| {
                view! {
                    <EmptyState symbol=Symbol::Check title=t(Text::DiffEqual) text=t(Text::DiffEqualText) testid="compare-equal" />
                }
            }
        >
            <div class="diff-bar">
                <div class="row">
                    <Segmented label=t(Text::DiffNextView) choices=views.clone() value=compared.view testid="compare-view" />
                    <KeyHint keys="V" />
                </div>
                <Show when=move || rows.get()>
                    <Filter compared=compared place=place />
                </Show>
            </div>
            {shown}
        </Show>
    }
}

/// The keys of the tile at a place; the bare digits lead to the screen's tabs.
fn kind_keys(at: usize) -> String {
    format!("Alt+{}", at + 1)
}

/// Lists only rows that changed in this way, or no longer only such.
fn toggle(compared: Compared, kind: ChangeKind) {
    compared.kinds.update(|kinds| match kinds.iter().position(|known| *known == kind) {
        Some(at) => {
            kinds.remove(at);
        }
        None => kinds.push(kind),
    });
    compared.view.set("rows".to_owned());
}

/// How many rows changed in one way; pressed, only such rows are listed.
#[component]
fn Tile(kind: ChangeKind, keys: String, comparison: Remote<VersionComparison>, compared: Compared) -> impl IntoView {
    let count = Memo::new(move |_| comparison.map(|comparison| comparison.changes.of(kind)).unwrap_or_default());
    let pressed = Memo::new(move |_| compared.kinds.with(|kinds| kinds.contains(&kind)));
    view! {
        <button
            type="button"
            class="diff-tile diff-tile-button"
            data-testid=format!("compare-kind-{}", kind.name())
            aria-pressed=move || pressed.get().to_string()
            disabled=move || count.get() == 0
            on:click=move |_| toggle(compared, kind)
        >
            <KeyHint keys=keys />
            <b class="figure-number">
                <span class=class(kind) aria-hidden="true">{sign(kind)}</span>
                {move || number(count.get())}
            </b>
            <span class="small soft">{word(&kind)}</span>
        </button>
    }
}
