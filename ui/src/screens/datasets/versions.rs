//! The list of versions.

use contract::version::VersionSummary;
use leptos::prelude::*;

use super::version::VersionPanel;
use super::{NothingYet, Place};
use crate::components::{Badge, ChoiceEntry, ChoiceList, Symbol, Tone};
use crate::state::{Domains, Remote};
use crate::text::{Text, date_time, lang, t};

/// The tab.
#[component]
pub fn Versions(
    /// The versions, latest first.
    versions: Remote<Vec<VersionSummary>>,
    /// The schema.
    domains: Domains,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let wanted = place.version.get();
        versions
            .map(|versions| {
                let found = versions.iter().find(|version| Some(&version.version) == wanted.as_ref());
                found.or(versions.first()).map(|version| version.version.clone())
            })
            .flatten()
    });
    let entry = move |version: VersionSummary| {
        let (own, set) = (version.version.clone(), version.version.clone());
        let current = move || chosen.with(|chosen| chosen.as_ref() == Some(&own));
        let changes = match version.parent {
            Some(_) => Text::version_changed(lang(), version.added, version.removed, version.relabelled),
            None => t(Text::VersionFirst).to_owned(),
        };
        view! {
            <ChoiceEntry
                testid=format!("version-row-{}", version.version)
                current=Signal::derive(current)
                on_choose=move |()| place.version.set(Some(set.clone()))
            >
                <span class="choice-entry-text">
                    <span class="row">
                        <b class="number">{version.version.clone()}</b>
                        {version.tag.clone().map(|tag| view! { <Badge text=tag tone=Tone::Accent /> })}
                        <span class="grow"></span>
                        <span class="small faint number">{changes}</span>
                    </span>
                    <span class="clip">{version.message.clone()}</span>
                    <span class="small faint number clip">
                        {format!("{} · {}", version.author, date_time(version.committed))}
                    </span>
                </span>
            </ChoiceEntry>
        }
    };
    let none = Memo::new(move |_| chosen.with(Option::is_none));
    move || {
        if none.get() {
            return view! {
                <NothingYet symbol=Symbol::Commit title=t(Text::VersionsEmpty) text=t(Text::VersionsEmptyText) testid="versions-empty" go="versions-go-write" place=place />
            }
            .into_any();
        }
        view! {
            <div class="chosen">
                <ChoiceList testid="versions-list">
                    {move || versions.get().unwrap_or_default().into_iter().map(entry).collect_view()}
                </ChoiceList>
                {move || chosen.get().map(|version| view! { <VersionPanel version=version domains=domains /> })}
            </div>
        }
        .into_any()
    }
}
