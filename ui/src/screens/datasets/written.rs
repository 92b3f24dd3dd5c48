//! Written datasets, and the way to commit one as a version.

use contract::DatasetId;
use contract::dataset::DatasetSummary;
use contract::version::CommitSource;
use leptos::prelude::*;

use super::NothingYet;
use super::place::Place;
use crate::components::{Badge, Button, ButtonKind, ChoiceEntry, ChoiceList, Symbol, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, date_time, lang, t, word};

/// Domains that are in a dataset.
fn domains_in(dataset: &DatasetSummary) -> u64 {
    dataset.split.domains.iter().filter(|domain| domain.train + domain.eval > 0).count() as u64
}

/// The tab.
#[component]
pub fn Written(
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let wanted = place.dataset.get();
        place
            .written
            .map(|datasets| datasets.iter().find(|dataset| Some(dataset.id) == wanted).or(datasets.first()).cloned())
            .flatten()
    });
    let entry = move |dataset: DatasetSummary| {
        let id = dataset.id;
        let current = move || chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == id));
        let counts = Text::dataset_counts(lang(), dataset.split.train, dataset.split.eval, domains_in(&dataset));
        let (text, tone) = match &dataset.version {
            Some(version) => (version.clone(), Tone::Good),
            None => (t(Text::DatasetUncommitted).to_owned(), Tone::Plain),
        };
        view! {
            <ChoiceEntry
                testid=format!("dataset-row-{id}")
                current=Signal::derive(current)
                on_choose=move |()| place.dataset.set(Some(id))
            >
                <span class="choice-entry-text">
                    <span class="row">
                        <b class="grow clip">{Text::dataset_name(lang(), &id.to_string())}</b>
                        <Badge text=text tone=tone />
                    </span>
                    <span class="small soft number clip">{counts}</span>
                    <span class="small faint number clip">{date_time(dataset.written)}</span>
                </span>
            </ChoiceEntry>
        }
    };
    let none = Memo::new(move |_| chosen.with(Option::is_none));
    move || {
        if none.get() {
            return view! {
                <NothingYet symbol=Symbol::Datasets title=t(Text::DatasetsEmpty) text=t(Text::DatasetsEmptyText) testid="datasets-empty" go="datasets-go-write" place=place />
            }
            .into_any();
        }
        view! {
            <div class="chosen">
                <ChoiceList testid="datasets-list">
                    {move || place.written.get().unwrap_or_default().into_iter().map(entry).collect_view()}
                </ChoiceList>
                {move || chosen.get().map(|dataset| view! { <Detail dataset=dataset place=place /> })}
            </div>
        }
        .into_any()
    }
}

/// One dataset.
#[component]
fn Detail(dataset: DatasetSummary, place: Place) -> impl IntoView {
    let settings = &dataset.settings;
    let settings_line =
        Text::dataset_settings(lang(), settings.eval, settings.min_eval, settings.min_per_domain, settings.seed);
    let counts = Text::dataset_counts(lang(), dataset.split.train, dataset.split.eval, domains_in(&dataset));
    let id = dataset.id;
    let next = match dataset.version.clone() {
        Some(version) => view! { <Committed version=version place=place /> }.into_any(),
        None => view! { <Uncommitted dataset=id place=place /> }.into_any(),
    };
    view! {
        <section class="panel" data-testid="dataset-detail">
            <div class="panel-head">
                <h2>{Text::dataset_name(lang(), &dataset.id.to_string())}</h2>
                {next}
            </div>
            <div class="panel-body">
                <dl class="facts">
                    <dt>{t(Text::SplitWhole)}</dt>
                    <dd class="number">{counts}</dd>
                    <dt>{t(Text::DatasetFolder)}</dt>
                    <dd class="mono">{dataset.folder.clone()}</dd>
                    <dt>{t(Text::DatasetWritten)}</dt>
                    <dd>{date_time(dataset.written)}</dd>
                    <dt>{t(Text::DatasetSettings)}</dt>
                    <dd>{settings_line}</dd>
                    <dt>{t(Text::SplitFormat)}</dt>
                    <dd>{word(&dataset.settings.format)}</dd>
                    <dt>{t(Text::DatasetHash)}</dt>
                    <dd class="mono small">{dataset.input_hash.clone()}</dd>
                </dl>
            </div>
        </section>
    }
}

/// The version that the dataset is already.
#[component]
fn Committed(version: String, place: Place) -> impl IntoView {
    let shown = version.clone();
    let show = Callback::new(move |()| place.show_version(shown.clone()));
    use_shortcuts(t(Text::DatasetsTabWritten), move || vec![Shortcut::new("v", t(Text::VersionShow), show)]);
    view! {
        <div class="row">
            <Badge text=Text::commit_already(lang(), &version) tone=Tone::Good />
            <Button
                text=t(Text::VersionShow)
                testid="dataset-show-version"
                icon=Symbol::Commit
                keys="V"
                on_click=show
            />
        </div>
    }
}

/// The way to make it a version.
#[component]
fn Uncommitted(dataset: DatasetId, place: Place) -> impl IntoView {
    let blocked = Project::get().read_only();
    let commit = move |()| {
        if !blocked.get_untracked() {
            place.committing.set(Some(CommitSource::Dataset(dataset)));
        }
    };
    use_shortcuts(t(Text::DatasetsTabWritten), move || {
        vec![Shortcut::new("n", t(Text::DatasetCommitOpen), move || commit(()))]
    });
    view! {
        <Button
            text=t(Text::DatasetCommitOpen)
            testid="dataset-commit"
            kind=ButtonKind::Primary
            icon=Symbol::Commit
            keys="N"
            disabled=blocked
            on_click=commit
        />
    }
}
