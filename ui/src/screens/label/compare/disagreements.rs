//! The items about which the two disagree.

use contract::ItemId;
use contract::compare::{Comparison, Disagreement, ListDisagreements};
use leptos::prelude::*;

use crate::components::{Column, EmptyState, PagedList, Symbol};
use crate::state::{Domains, Project};
use crate::text::{Text, percent, t};

/// The list.
#[component]
pub fn Disagreements(
    /// The comparison.
    comparison: Comparison,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let project = Project::get();
    let id = comparison.id;
    let selected = RwSignal::new(None::<i64>);
    let request = move |after, limit| Some(ListDisagreements { project: project.folder(), id, after, limit });
    let answer = move |domain: &Option<String>, confidence: Option<f32>, right: bool| {
        let name = domain.as_ref().map_or_else(|| "—".to_owned(), |id| domains.name(id));
        let title = name.clone();
        view! {
            <span class="disagreement" title=title>
                <span class="clip" class:disagreement-right=right>{name}</span>
                <span class="number faint small">{confidence.map(f64::from).map(percent)}</span>
            </span>
        }
    };
    let right = |row: &Disagreement, domain: &Option<String>| row.truth.is_some() && row.truth == *domain;
    let columns = vec![
        Column::new(t(Text::CompareColumnItem), |row: &Disagreement| row.item.to_string()).right(),
        Column::new(t(Text::CompareColumnText), |row: &Disagreement| {
            view! { <span title=row.excerpt.clone()>{row.excerpt.clone()}</span> }
        }),
        Column::new(comparison.first.model.clone(), move |row: &Disagreement| {
            answer(&row.first, row.first_confidence, right(row, &row.first))
        }),
        Column::new(comparison.second.model.clone(), move |row: &Disagreement| {
            answer(&row.second, row.second_confidence, right(row, &row.second))
        }),
        Column::new(t(Text::CompareTruth), move |row: &Disagreement| {
            row.truth.as_ref().map(|id| domains.name(id)).unwrap_or_default()
        }),
    ];
    view! {
        <div class="stack stack-tight">
            <div class="disagreements">
                <PagedList
                    request=request
                    key=|row: &Disagreement| row.item.0
                    columns=columns
                    class="disagreement-rows"
                    selected=selected
                    on_open=move |item| project.review(ItemId(item))
                    label=t(Text::CompareTabDisagreements)
                    testid="compare-disagreements"
                    empty=move || {
                        view! {
                            <EmptyState
                                symbol=Symbol::Check
                                title=t(Text::CompareNoDisagreements)
                                text=t(Text::CompareNoDisagreementsText)
                                testid="compare-disagreements-empty"
                            />
                        }
                    }
                />
            </div>
            <p class="small faint">{t(Text::CompareOpenHint)}</p>
        </div>
    }
}
