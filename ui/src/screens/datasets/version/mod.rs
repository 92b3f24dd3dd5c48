//! A version's page: its numbers, plots, promises, where it comes from, its files, and what can be done with it.

mod actions;
mod checkout;
mod facts;
mod plots;
mod promises;
mod tag;
mod trial;

use contract::version::{GetVersion, VersionDetail, VersionSummary};
use leptos::prelude::*;

use super::bars::{DomainBars, DomainParts};
use super::changes::ChangeMarks;
use super::history::VersionBadges;
use super::place::Place;
use crate::components::{Button, ButtonKind, Notice, Symbol, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Loaded, Project, Remote};
use crate::text::{Text, date_time, lang, number, t};
use actions::Actions;
pub use actions::{exported_files, exported_name};
pub use checkout::CheckoutDialog;
pub use checkout::{FORMATS, format_of};
pub use facts::origin;
use facts::{Files, Provenance};
use plots::Plots;
use promises::Promises;
pub use tag::{TagDialog, allowed as allowed_tag};

/// The page.
#[component]
pub fn VersionPage(
    /// The version's number.
    version: String,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let project = Project::get();
    let asked = version.clone();
    let detail = Remote::new(move || {
        project.changed.track();
        Some(GetVersion { project: project.folder(), version: asked.clone() })
    });
    use_shortcuts(t(Text::VersionBack), move || {
        vec![Shortcut::new("Escape", t(Text::VersionBack), move || place.show_history())]
    });
    let parent = Memo::new(move |_| detail.map(|detail| detail.summary.parents.first().cloned()).flatten());
    let shown = version.clone();
    view! {
        <div class="stack" data-testid="version-detail">
            <Loaded remote=detail lines=10>
                <section class="panel">
                    {move || detail.map(|detail| view! { <Head summary=detail.summary.clone() place=place /> })}
                    <Actions detail=detail place=place />
                </section>
                <div class="version-columns">
                    <div class="stack stack-wide">
                        {move || detail.map(|detail| view! { <Numbers detail=detail.clone() place=place /> })}
                        <Plots version=shown.clone() parent=parent />
                    </div>
                    <div class="stack stack-wide">
                        <Promises detail=detail place=place />
                        {move || detail.map(|detail| view! { <Provenance detail=detail.clone() place=place /> })}
                        {move || detail.map(|detail| view! { <Files files=detail.files.clone() /> })}
                    </div>
                </div>
            </Loaded>
        </div>
    }
}

/// What the version is.
#[component]
fn Head(summary: VersionSummary, place: Place) -> impl IntoView {
    let archived = summary.archived.then(|| {
        view! {
            <Notice tone=Tone::Info title=t(Text::VersionArchived) testid="version-archived">
                <p class="soft">{t(Text::VersionArchivedText)}</p>
            </Notice>
        }
    });
    let who = format!("{} · {}", summary.author, date_time(summary.committed));
    view! {
        <div class="panel-head">
            <div class="row row-wrap">
                <Button
                    text=t(Text::VersionBack)
                    testid="version-back"
                    kind=ButtonKind::Quiet
                    icon=Symbol::Left
                    keys="Escape"
                    on_click=move |()| place.show_history()
                />
                <h2 class="number version-number" data-testid="version-number">{summary.version.clone()}</h2>
                <VersionBadges version=summary.clone() />
            </div>
            <span class="small faint number clip">{who}</span>
        </div>
        <div class="panel-body stack">
            <p class="version-message" data-testid="version-message">{summary.message}</p>
            {archived}
        </div>
    }
}

/// The counts, and the domains.
#[component]
fn Numbers(detail: VersionDetail, place: Place) -> impl IntoView {
    let (summary, statistics) = (detail.summary, detail.statistics);
    let tile = |text: Text, shown: String| {
        view! {
            <div class="label-tile">
                <b class="figure-number">{shown}</b>
                <span class="small soft">{t(text)}</span>
            </div>
        }
    };
    let mean = catalogue::decimal(lang(), statistics.mean_length(), 1);
    let changed = (!summary.parents.is_empty()).then(|| {
        view! {
            <div class="row row-wrap" data-testid="version-changes">
                <span class="small soft">{t(Text::VersionChanged)}</span>
                <ChangeMarks changes=summary.changes />
            </div>
        }
    });
    let counts = statistics.domains;
    let rows = Signal::derive(move || {
        let parts = |(id, (train, eval)): (&String, &(u64, u64))| DomainParts {
            name: place.domains.name(id),
            parts: [*train, *eval, 0],
        };
        let mut rows: Vec<DomainParts> = counts.iter().map(parts).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.parts[0] + row.parts[1]));
        rows
    });
    view! {
        <section class="panel">
            <div class="panel-body stack stack-wide">
                <div class="label-tiles" data-testid="version-tiles">
                    {tile(Text::SplitTrain, number(summary.train))}
                    {tile(Text::SplitEvalPart, number(summary.eval))}
                    {tile(Text::VersionDomains, number(summary.domains))}
                    {tile(Text::VersionMeanLength, mean)}
                </div>
                {changed}
                <DomainBars domains=rows testid="version-domains" />
            </div>
        </section>
    }
}
