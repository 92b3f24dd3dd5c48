//! Which labels became which.

use contract::version::RelabelledPair;
use leptos::prelude::*;

use crate::components::ShareBar;
use crate::state::Domains;
use crate::text::{Text, number, t};

/// The pairs, most frequent first.
#[component]
pub fn Pairs(
    /// The pairs.
    pairs: Vec<RelabelledPair>,
    /// The schema.
    domains: Domains,
    /// A pair was chosen: its new label.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    if pairs.is_empty() {
        return view! { <p class="soft" data-testid="compare-pairs-none">{t(Text::DiffPairsNone)}</p> }.into_any();
    }
    let most = pairs.iter().map(|pair| pair.samples).max().unwrap_or(0).max(1);
    let row = move |pair: RelabelledPair| {
        let (from, to) = (domains.name(&pair.from), domains.name(&pair.to));
        #[allow(clippy::cast_precision_loss)]
        let share = pair.samples as f64 / most as f64;
        view! {
            <tr>
                <td>{from}</td>
                <td>
                    <button type="button" class="link" on:click=move |_| on_choose.run(pair.to.clone())>{to}</button>
                </td>
                <td class="diff-share"><ShareBar share=share /></td>
                <td class="right number">{number(pair.samples)}</td>
            </tr>
        }
    };
    view! {
        <section class="panel diff-view">
            <div class="split-table diff-pairs" tabindex="0">
                <table class="table" data-testid="compare-pairs">
                    <thead>
                        <tr>
                            <th>{t(Text::DiffColumnBefore)}</th>
                            <th>{t(Text::DiffColumnAfter)}</th>
                            <th></th>
                            <th class="right">{t(Text::DiffColumnSamples)}</th>
                        </tr>
                    </thead>
                    <tbody>{pairs.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
        <p class="small faint">{t(Text::DiffPairsHint)}</p>
    }
    .into_any()
}
