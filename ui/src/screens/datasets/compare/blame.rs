//! The history of one row: what each version did to it, and who decided.

use std::sync::Arc;

use contract::version::{Blame, BlameEntry, BlameSample, SampleChange, SampleSide};
use leptos::prelude::*;

use super::Compared;
use super::side::{EditedText, Label};
use crate::components::{IconButton, Symbol};
use crate::screens::datasets::changes::KindMarks;
use crate::screens::datasets::place::Place;
use crate::screens::datasets::version::origin;
use crate::state::{Domains, Loaded, Project, Remote};
use crate::text::{Text, date_time, lang, percent, t, word};

/// The panel beside the list.
#[component]
pub fn BlamePanel(
    /// The row.
    change: Arc<SampleChange>,
    /// What is compared.
    compared: Compared,
    /// Where one is on the screen.
    place: Place,
    /// It was closed.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let project = Project::get();
    let id = change.id.clone();
    // A row that went is looked for from the version that had it.
    let version = if change.after.is_some() { compared.to } else { compared.from };
    let blame = Remote::new(move || {
        let version = Some(version.get_untracked()).filter(|version| !version.is_empty());
        Some(BlameSample { project: project.folder(), sample: id.clone(), version })
    });
    view! {
        <aside class="panel blame" data-testid="blame">
            <div class="panel-head">
                <h2>{t(Text::BlameTitle)}</h2>
                <IconButton symbol=Symbol::Close label=t(Text::ActionClose) testid="blame-close" keys="Escape" on_click=on_close />
            </div>
            <div class="panel-body blame-body stack stack-wide" tabindex="0">
                <Changed change=change domains=place.domains />
                <Loaded remote=blame lines=6>
                    {move || blame.get().map(|blame| view! { <Told blame=blame place=place /> })}
                </Loaded>
            </div>
        </aside>
    }
}

/// The row as both versions have it.
#[component]
fn Changed(change: Arc<SampleChange>, domains: Domains) -> impl IntoView {
    let text = |side: &Option<SampleSide>| side.as_ref().map(|side| side.text.clone());
    let label = |side: &Option<SampleSide>| side.as_ref().map(|side| domains.name(&side.label));
    let split =
        |side: &Option<SampleSide>| side.as_ref().and_then(|side| side.split).map(|split| word(&split).to_owned());
    let facts = change.after.as_ref().or(change.before.as_ref()).map(|side| view! { <Facts side=side.clone() /> });
    view! {
        <div class="stack">
            <KindMarks kinds=change.kinds.clone() />
            <div class="blame-text copyable" data-testid="blame-text">
                <EditedText before=text(&change.before) after=text(&change.after) />
            </div>
            <dl class="facts">
                <dt>{t(Text::DiffColumnLabel)}</dt>
                <dd data-testid="blame-label"><Label before=label(&change.before) after=label(&change.after) /></dd>
                <dt>{t(Text::DiffColumnSplit)}</dt>
                <dd><Label before=split(&change.before) after=split(&change.after) /></dd>
                {facts}
                <dt>{t(Text::BlameId)}</dt>
                <dd class="mono small">{change.id.clone()}</dd>
            </dl>
        </div>
    }
}

/// Where the row comes from and who decided.
#[component]
fn Facts(side: SampleSide) -> impl IntoView {
    let source = match side.row {
        Some(row) if !side.source.is_empty() => Text::blame_place(lang(), &side.source, row),
        _ => side.source.clone(),
    };
    let decided = side.decided_by.filter(|who| !who.is_empty()).map_or_else(
        || t(Text::BlameNobody).to_owned(),
        |who| match side.decided_at {
            Some(at) => Text::blame_decided(lang(), &who, &date_time(at)),
            None => who,
        },
    );
    let confidence = side.confidence.map(|share| {
        view! {
            <dt>{t(Text::BlameConfidence)}</dt>
            <dd class="number">{percent(f64::from(share))}</dd>
        }
    });
    view! {
        <dt>{t(Text::DiffColumnWho)}</dt>
        <dd class="number" data-testid="blame-decided">{decided}</dd>
        <dt>{t(Text::BlameOrigin)}</dt>
        <dd>{origin(&side.origin)}</dd>
        {confidence}
        <dt>{t(Text::BlameSource)}</dt>
        <dd class="number">{source}</dd>
    }
}

/// What each version did, latest first.
#[component]
fn Told(blame: Blame, place: Place) -> impl IntoView {
    let entry = move |entry: BlameEntry| view! { <Entry entry=entry place=place /> };
    let held = blame.versions.join(", ");
    let others = (!blame.others.is_empty())
        .then(|| view! { <p class="small soft copyable">{Text::blame_others(lang(), &blame.others.join(", "))}</p> });
    view! {
        <div class="stack">
            {others}
            <p class="small soft" title=held>{Text::blame_in(lang(), blame.versions.len() as u64)}</p>
            <ol class="blame-entries" data-testid="blame-entries">
                {blame.entries.into_iter().rev().map(entry).collect_view()}
            </ol>
        </div>
    }
}

/// What one version did.
#[component]
fn Entry(entry: BlameEntry, place: Place) -> impl IntoView {
    let (shown, testid) = (entry.version.clone(), format!("blame-version-{}", entry.version));
    let label = |side: &Option<SampleSide>| side.as_ref().map(|side| place.domains.name(&side.label));
    let text = |side: &Option<SampleSide>| side.as_ref().map(|side| side.text.clone());
    let edited = (entry.before.is_some() && entry.after.is_some() && text(&entry.before) != text(&entry.after)).then(|| {
        view! { <div class="blame-text copyable"><EditedText before=text(&entry.before) after=text(&entry.after) /></div> }
    });
    let untold = entry.kinds.is_empty().then(|| view! { <p class="small soft">{t(Text::BlameUntold)}</p> });
    let renamed = entry.ids.map(|(before, after)| {
        view! { <div class="mono small"><Label before=Some(before) after=Some(after) /></div> }
    });
    view! {
        <li class="blame-entry stack stack-tight" data-testid="blame-entry">
            <div class="row">
                <button
                    type="button"
                    class="link blame-version number"
                    data-testid=testid
                    on:click=move |_| place.show_version(shown.clone())
                >
                    {entry.version.clone()}
                </button>
                <span class="small faint number clip">{format!("{} · {}", entry.author, date_time(entry.committed))}</span>
            </div>
            {untold}
            <KindMarks kinds=entry.kinds />
            <Label before=label(&entry.before) after=label(&entry.after) />
            {renamed}
            {edited}
            <p class="small soft">{entry.message}</p>
        </li>
    }
}
