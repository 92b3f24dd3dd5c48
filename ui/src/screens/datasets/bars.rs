//! Domains as bars in parts: train, eval, left out.

use leptos::prelude::*;

use crate::components::plot_class;
use crate::text::{Text, number, t};

/// One domain.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainParts {
    /// Its name.
    pub name: String,
    /// Train, eval, left out.
    pub parts: [u64; 3],
}

/// The colours of the parts.
const COLOURS: [usize; 3] = [0, 1, 9];

/// A row a domain, all to one scale; long lists scroll.
#[component]
pub fn DomainBars(
    /// The domains.
    #[prop(into)]
    domains: Signal<Vec<DomainParts>>,
    /// Whether anything can be left out: then there is a column for it.
    #[prop(optional)]
    with_left_out: bool,
    /// Its `data-testid`.
    testid: &'static str,
) -> impl IntoView {
    let parts = if with_left_out { 3 } else { 2 };
    let heads = [Text::SplitTrain, Text::SplitEvalPart, Text::SplitLeftOut];
    let rows = move || {
        let domains = domains.get();
        let most = domains.iter().map(|domain| domain.parts.iter().sum::<u64>()).max().unwrap_or(0).max(1);
        let row = |domain: DomainParts| {
            let stripe = |(at, count): (usize, u64)| {
                #[allow(clippy::cast_precision_loss)]
                let width = format!("{:.2}%", count as f64 / most as f64 * 100.0);
                (count > 0).then(|| view! { <i class=plot_class(COLOURS[at]) style:width=width></i> })
            };
            let counts = domain.parts.into_iter().take(parts);
            let cell = |count: u64| view! { <td class="right number">{number(count)}</td> };
            view! {
                <tr>
                    <td><span class="clip split-name" title=domain.name.clone()>{domain.name.clone()}</span></td>
                    <td class="split-bar">
                        <span class="stacked">{counts.clone().enumerate().map(stripe).collect_view()}</span>
                    </td>
                    {counts.map(cell).collect_view()}
                </tr>
            }
        };
        domains.into_iter().map(row).collect_view()
    };
    let head = move |at: usize| {
        view! {
            <th class="right">
                <i class=format!("swatch split-swatch {}", plot_class(COLOURS[at]))></i>
                {t(heads[at])}
            </th>
        }
    };
    view! {
        <div class="split-table" tabindex="0">
            <table class="table" data-testid=testid>
                <thead>
                    <tr>
                        <th class="split-head-name">{t(Text::SplitColumnDomain)}</th>
                        <th></th>
                        {(0..parts).map(head).collect_view()}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
