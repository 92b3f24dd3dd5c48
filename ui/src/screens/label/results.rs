//! What labelling gave over all runs: by domain, by confidence, against existing labels.

use contract::item::{GetItemStats, ItemStats};
use contract::job::JobKind;
use contract::label::GetAgreement;
use leptos::prelude::*;

use super::agreement::Agreement;
use crate::components::{Bar, Bars, Histogram, Tab, Tabs};
use crate::state::{Domains, Loaded, Project, Remote};
use crate::text::{Text, number, t};

/// While a run goes on, results are read again after so many more items.
const STEP: u64 = 200;

/// The results.
#[component]
pub fn Results(
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let project = Project::get();
    let tab = RwSignal::new("agreement");
    let stage = Memo::new(move |_| {
        project.jobs.with(|jobs| {
            jobs.iter()
                .filter(|job| job.kind == JobKind::Label && job.state.is_active())
                .map(|job| job.done / STEP)
                .sum::<u64>()
        })
    });
    let stats = Remote::new(move || {
        project.changed.track();
        stage.track();
        Some(GetItemStats { project: project.folder() })
    });
    let agreement = Remote::new(move || {
        project.changed.track();
        stage.track();
        Some(GetAgreement { project: project.folder() })
    });
    let tabs = vec![
        Tab { value: "agreement", text: t(Text::LabelTabAgreement).to_owned(), count: None },
        Tab { value: "domains", text: t(Text::LabelTabDomains).to_owned(), count: None },
        Tab { value: "confidence", text: t(Text::LabelTabConfidence).to_owned(), count: None },
    ];
    let bars = Signal::derive(move || {
        let bar = |count: &contract::item::Count| {
            #[allow(clippy::cast_precision_loss)]
            let value = count.items as f64;
            Bar { name: domains.name(&count.name), value, text: number(count.items), colour: 0 }
        };
        stats.map(|stats| stats.by_domain.iter().map(bar).collect::<Vec<_>>()).unwrap_or_default()
    });
    let nothing =
        Memo::new(move |_| stats.map(|stats: &ItemStats| stats.confidence.iter().sum::<u64>() == 0).unwrap_or(false));
    let bins = Signal::derive(move || stats.map(|stats| stats.confidence.to_vec()).unwrap_or_default());
    let content = move || match tab.get() {
        "domains" => view! {
            <Loaded remote=stats>
                <div class="label-domains"><Bars bars=bars testid="label-domains" /></div>
            </Loaded>
        }
        .into_any(),
        "confidence" => view! {
            <Loaded remote=stats>
                <div class="label-histogram">
                    <Histogram bins=bins label=t(Text::LabelTabConfidence) testid="label-confidence" />
                </div>
            </Loaded>
        }
        .into_any(),
        _ => view! { <Loaded remote=agreement><Agreement report=agreement domains=domains /></Loaded> }.into_any(),
    };
    view! {
        <section class="panel label-results">
            <Tabs tabs=tabs value=tab testid="label-results" />
            <div class="panel-body">
                <Show when=move || nothing.get() fallback=content>
                    <p class="soft">{t(Text::LabelResultsEmpty)}</p>
                </Show>
            </div>
        </section>
    }
}
