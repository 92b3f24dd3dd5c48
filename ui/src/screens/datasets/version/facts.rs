//! Where a version comes from, and its files.

use std::collections::BTreeMap;

use contract::dataset::{DatasetMetadata, QualityReport};
use contract::version::{VersionDetail, VersionFile};
use leptos::prelude::*;

use crate::screens::datasets::place::Place;
use crate::text::{Text, lang, number, percent, t};

/// How many names a line of provenance lists.
const NAMED: usize = 12;

/// A word for where a label came from; another program's own word stays as it is.
pub fn origin(name: &str) -> String {
    match name {
        "decision" => t(Text::OriginDecision).to_owned(),
        "prediction" => t(Text::OriginPrediction).to_owned(),
        "source" => t(Text::OriginSource).to_owned(),
        other => other.to_owned(),
    }
}

/// Names with their counts, most first.
fn counted(counts: &BTreeMap<String, u64>, name: impl Fn(&str) -> String) -> String {
    let mut list: Vec<(&String, &u64)> = counts.iter().collect();
    list.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let more = list.len().saturating_sub(NAMED);
    let shown = list.into_iter().take(NAMED).map(|(key, count)| format!("{} {}", name(key), number(*count)));
    let mut shown: Vec<String> = shown.collect();
    if more > 0 {
        shown.push(format!("+{}", number(more as u64)));
    }
    shown.join(", ")
}

fn fact(name: Text, value: String) -> impl IntoView {
    (!value.is_empty()).then(|| {
        view! {
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
        }
    })
}

/// The panel of where it comes from.
#[component]
pub fn Provenance(
    /// The version.
    detail: VersionDetail,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let (summary, statistics) = (detail.summary, detail.statistics);
    let parent = |parent: String| {
        let (shown, testid) = (parent.clone(), format!("version-parent-{parent}"));
        view! {
            <button
                type="button"
                class="link"
                data-testid=testid
                on:click=move |_| place.show_version(shown.clone())
            >
                {parent}
            </button>
        }
    };
    let parents = (!summary.parents.is_empty()).then(|| {
        view! {
            <dt>{t(Text::VersionParent)}</dt>
            <dd class="row row-wrap number">{summary.parents.into_iter().map(parent).collect_view()}</dd>
        }
    });
    let made = match &detail.metadata {
        Some(metadata) => view! { <Made metadata=metadata.clone() /> }.into_any(),
        None => ().into_any(),
    };
    let unknown = detail.metadata.is_none().then(|| view! { <p class="small soft">{t(Text::VersionNoMetadata)}</p> });
    view! {
        <section class="panel" data-testid="version-provenance">
            <div class="panel-head">
                <h2>{t(Text::VersionProvenance)}</h2>
            </div>
            <div class="panel-body stack">
                <dl class="facts">
                    {parents}
                    {fact(Text::VersionSources, counted(&statistics.sources, str::to_owned))}
                    {fact(Text::VersionOrigins, counted(&statistics.origins, origin))}
                    {made}
                    <dt>{t(Text::VersionStored)}</dt>
                    <dd class="number">{catalogue::file_size(lang(), summary.stored_bytes)}</dd>
                    <dt>{t(Text::VersionId)}</dt>
                    <dd class="mono small" data-testid="version-id">{summary.id}</dd>
                </dl>
                {unknown}
            </div>
        </section>
    }
}

/// How the dataset was made.
#[component]
fn Made(metadata: DatasetMetadata) -> impl IntoView {
    let settings_line = metadata.settings.as_ref().map(|settings| {
        Text::dataset_settings(lang(), settings.eval, settings.min_eval, settings.min_per_domain, settings.seed)
    });
    let quality = &metadata.quality;
    let agreement = quality.agreement.as_ref().map(|agreement| {
        Text::version_agreement(lang(), &catalogue::decimal(lang(), agreement.alpha, 2), agreement.items)
    });
    // Files that were changed since were made of nothing that has a hash.
    let hash = (!metadata.input_hash.is_empty()).then(|| {
        view! {
            <dt>{t(Text::DatasetHash)}</dt>
            <dd class="mono small">{metadata.input_hash.clone()}</dd>
        }
    });
    view! {
        {fact(Text::VersionModels, counted(&metadata.models, str::to_owned))}
        {fact(Text::DatasetSettings, settings_line.unwrap_or_default())}
        {fact(Text::VersionLanguages, quality.languages.as_ref().map(|languages| counted(languages, str::to_owned)).unwrap_or_default())}
        {fact(Text::VersionSynthetics, synthetics(quality, metadata.split.train + metadata.split.eval))}
        {fact(Text::VersionAgreement, agreement.unwrap_or_default())}
        {hash}
    }
}

/// The share of synthetics; empty where there are none.
fn synthetics(quality: &QualityReport, samples: u64) -> String {
    let synthetics = quality.synthetics.unwrap_or_default();
    if synthetics == 0 || samples == 0 {
        return String::new();
    }
    #[allow(clippy::cast_precision_loss)] // A share for people.
    let share = synthetics as f64 / samples as f64;
    format!("{} ({})", number(synthetics), percent(share))
}

/// The panel of files.
#[component]
pub fn Files(
    /// The files.
    files: Vec<VersionFile>,
) -> impl IntoView {
    let row = |file: VersionFile| {
        let rows = if file.rows > 0 { number(file.rows) } else { String::new() };
        view! {
            <tr data-testid="version-file">
                <td>
                    <b class="mono">{file.name}</b>
                    <span class="version-hash mono small soft copyable">{file.sha256}</span>
                </td>
                <td class="right number">{rows}</td>
                <td class="right number version-size">{catalogue::file_size(lang(), file.bytes)}</td>
            </tr>
        }
    };
    view! {
        <section class="panel" data-testid="version-files">
            <table class="table">
                <thead>
                    <tr>
                        <th>{t(Text::VersionFiles)}" · "{t(Text::KeepSha)}</th>
                        <th class="right">{t(Text::VersionFileRows)}</th>
                        <th class="right">{t(Text::VersionFileSize)}</th>
                    </tr>
                </thead>
                <tbody>{files.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
}
