//! Written datasets, and committing one as a version.

use contract::dataset::DatasetSummary;
use leptos::prelude::*;

use super::commit::CommitForm;
use super::{NothingYet, Place};
use crate::components::{Badge, ChoiceEntry, ChoiceList, Symbol, Tone};
use crate::state::Remote;
use crate::text::{Text, date_time, lang, t, word};

/// Domains that are in a dataset.
fn domains_in(dataset: &DatasetSummary) -> u64 {
    dataset.split.domains.iter().filter(|domain| domain.train + domain.eval > 0).count() as u64
}

/// The tab.
#[component]
pub fn Written(
    /// The datasets, latest first.
    datasets: Remote<Vec<DatasetSummary>>,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let wanted = place.dataset.get();
        datasets
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
                    {move || datasets.get().unwrap_or_default().into_iter().map(entry).collect_view()}
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
    view! {
        <div class="stack">
            <section class="panel" data-testid="dataset-detail">
                <div class="panel-head">
                    <h2>{Text::dataset_name(lang(), &dataset.id.to_string())}</h2>
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
            <CommitForm dataset=dataset place=place />
        </div>
    }
}
