//! What each labeller takes for what.

use contract::compare::{Comparison, ConfusionCell};
use leptos::prelude::*;

use super::table::{Matrix, confusions, heat, matrix};
use crate::components::{Choice, Segmented};
use crate::state::Domains;
use crate::text::{Text, lang, number, t};

/// Domains in the heat table.
const MOST: usize = 15;
/// Confusions in the list.
const LISTED: usize = 20;

/// The tables of one of the two, to choose.
#[component]
pub fn Confusions(
    /// The comparison.
    comparison: Comparison,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let who = RwSignal::new("first".to_owned());
    let choices = vec![
        Choice::new("first", comparison.first.model.clone()),
        Choice::new("second", comparison.second.model.clone()),
    ];
    let content = move || {
        let cells =
            if who.with(|who| who == "second") { &comparison.second_confusion } else { &comparison.first_confusion };
        let found = matrix(cells, MOST);
        if found.domains.is_empty() {
            return view! { <p class="soft" data-testid="compare-confusion-none">{t(Text::CompareConfusionNone)}</p> }
                .into_any();
        }
        let top = confusions(cells, LISTED);
        view! {
            <p class="small soft">{t(Text::CompareConfusionLead)}</p>
            <div class="confusion-box">
                <Heat found=found domains=domains />
            </div>
            <Top top=top domains=domains />
        }
        .into_any()
    };
    view! {
        <div class="stack" data-testid="compare-confusion">
            <div>
                <Segmented label=t(Text::CompareTabConfusion) choices=choices value=who testid="compare-confusion-of" />
            </div>
            {content}
        </div>
    }
}

/// The heat table: rows are numbered, and columns have the rows' numbers.
#[component]
fn Heat(found: Matrix, domains: Domains) -> impl IntoView {
    let some_others = found.others.iter().any(|count| *count > 0);
    let head = (1..=found.domains.len())
        .map(|at| {
            let name = domains.name(&found.domains[at - 1]);
            view! { <th scope="col" title=name>{at}</th> }
        })
        .collect_view();
    let names: Vec<String> = found.domains.iter().map(|id| domains.name(id)).collect();
    let row = |at: usize| {
        let whole = found.counts[at].iter().sum::<u64>() + found.others[at];
        let cell = |column: usize| {
            let count = found.counts[at][column];
            let kind = if column == at { "right" } else { "wrong" };
            let title = Text::compare_cell(lang(), &names[at], &names[column], count);
            view! {
                <td class=format!("heat heat-{kind}-{}", heat(count, whole)) title=title>
                    {(count > 0).then(|| number(count))}
                </td>
            }
        };
        let others = some_others.then(|| {
            let count = found.others[at];
            view! { <td class="heat faint">{(count > 0).then(|| number(count))}</td> }
        });
        view! {
            <tr>
                <th scope="row" title=names[at].clone()>
                    <span class="confusion-name"><span class="faint number">{at + 1}</span><span class="clip">{names[at].clone()}</span></span>
                </th>
                {(0..names.len()).map(cell).collect_view()}
                {others}
            </tr>
        }
    };
    view! {
        <table class="confusion" data-testid="compare-matrix">
            <thead>
                <tr>
                    <th class="confusion-corner">{t(Text::CompareTruth)}" \\ "{t(Text::CompareAnswer)}</th>
                    {head}
                    {some_others.then(|| view! { <th scope="col">{t(Text::CompareOthers)}</th> })}
                </tr>
            </thead>
            <tbody>{(0..found.domains.len()).map(row).collect_view()}</tbody>
        </table>
    }
}

/// The most frequent confusions as a list.
#[component]
fn Top(top: Vec<ConfusionCell>, domains: Domains) -> impl IntoView {
    let row = move |cell: ConfusionCell| {
        let (truth, predicted) = (domains.name(&cell.truth), domains.name(&cell.predicted));
        view! {
            <tr>
                <td class="label-name"><span class="clip" title=truth.clone()>{truth.clone()}</span></td>
                <td class="label-name"><span class="clip" title=predicted.clone()>{predicted.clone()}</span></td>
                <td class="right number">{number(cell.count)}</td>
            </tr>
        }
    };
    view! {
        <section class="stack stack-tight">
            <h3>{t(Text::CompareConfusionTop)}</h3>
            <div class="compare-top">
                <table class="table" data-testid="compare-top">
                    <thead>
                        <tr>
                            <th>{t(Text::CompareTruth)}</th>
                            <th>{t(Text::CompareAnswer)}</th>
                            <th class="right">{t(Text::CompareTimes)}</th>
                        </tr>
                    </thead>
                    <tbody>{top.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
