//! How domains changed: bars before and after.

use contract::version::DomainChange;
use leptos::prelude::*;

use crate::components::plot_class;
use crate::state::Domains;
use crate::text::{Text, number, t};

/// Samples of both parts.
fn all((train, eval): (u64, u64)) -> u64 {
    train + eval
}

/// A row a domain, all to one scale; long lists scroll.
#[component]
pub fn DomainChanges(
    /// The domains, in order.
    changes: Vec<DomainChange>,
    /// The schema.
    domains: Domains,
    /// Its `data-testid`.
    testid: &'static str,
    /// Leaves out what came and went, where there is little room.
    #[prop(optional)]
    short: bool,
    /// A domain was chosen.
    #[prop(optional, into)]
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    if changes.is_empty() {
        return ().into_any();
    }
    let most = changes.iter().map(|change| all(change.before).max(all(change.after))).max().unwrap_or(0).max(1);
    let row = move |change: DomainChange| view! { <Row change=change domains=domains most=most short=short on_choose=on_choose /> };
    let long = (!short).then(|| {
        view! {
            <th class="right">{t(Text::DiffColumnGained)}</th>
            <th class="right">{t(Text::DiffColumnLost)}</th>
        }
    });
    view! {
        <div class="split-table diff-domains" class:diff-domains-short=short tabindex="0">
            <table class="table" data-testid=testid>
                <thead>
                    <tr>
                        <th>{t(Text::DiffDomain)}</th>
                        <th>{(!short).then(|| t(Text::DiffColumnDrawn))}</th>
                        <th class="right">{t(Text::DiffColumnBefore)}</th>
                        <th class="right">{t(Text::DiffColumnAfter)}</th>
                        {long}
                    </tr>
                </thead>
                <tbody>{changes.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One domain.
#[component]
fn Row(
    change: DomainChange,
    domains: Domains,
    most: u64,
    short: bool,
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let (before, after) = (all(change.before), all(change.after));
    let bar = |count: u64, colour: usize| {
        #[allow(clippy::cast_precision_loss)]
        let width = format!("{:.2}%", count as f64 / most as f64 * 100.0);
        view! { <i class=plot_class(colour) style:width=width></i> }
    };
    let name = domains.name(&change.domain);
    let id = change.domain;
    let named = match on_choose {
        Some(choose) => view! {
            <button type="button" class="link clip" title=name.clone() on:click=move |_| choose.run(id.clone())>{name.clone()}</button>
        }
        .into_any(),
        None => view! { <span class="clip split-name" title=name.clone()>{name.clone()}</span> }.into_any(),
    };
    let sign = |count: u64, sign: &str| if count > 0 { format!("{sign}{}", number(count)) } else { String::new() };
    let long = (!short).then(|| {
        view! {
            <td class="right number change-added">{sign(change.gained, "+")}</td>
            <td class="right number change-removed">{sign(change.lost, "−")}</td>
        }
    });
    view! {
        <tr>
            <td>{named}</td>
            <td>
                <span class="diff-bars" aria-hidden="true">{bar(before, 1)} {bar(after, 0)}</span>
            </td>
            <td class="right number">{number(before)}</td>
            <td class="right number">{number(after)}</td>
            {long}
        </tr>
    }
}
