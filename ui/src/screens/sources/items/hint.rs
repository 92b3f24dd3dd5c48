//! What a filter can say, with examples that fill the field.

use leptos::prelude::*;

use crate::text::{Text, t};

/// The conditions; a click adds an example to the filter.
#[component]
pub fn FilterHint(
    /// The filter as typed.
    filter: RwSignal<String>,
) -> impl IntoView {
    let examples = [
        ("status:waiting", Text::FilterByStatus),
        ("label:card_arrival", Text::FilterByLabel),
        ("domain:card_arrival", Text::FilterByDomain),
        ("confidence<0.5", Text::FilterByConfidence),
        ("agrees:no", Text::FilterByAgreement),
        ("source:1", Text::FilterBySource),
        ("\"two words\"", Text::FilterByWords),
    ];
    let add = move |example: &'static str| {
        filter.update(|filter| {
            if !filter.is_empty() && !filter.ends_with(' ') {
                filter.push(' ');
            }
            filter.push_str(example);
        });
    };
    let row = move |(example, text): (&'static str, Text)| {
        view! {
            <button type="button" class="filter-example" data-testid="filter-example" on:click=move |_| add(example)>
                <code>{example}</code>
                <span class="soft small">{t(text)}</span>
            </button>
        }
    };
    view! { <div class="panel filter-hint" data-testid="items-filter-hint">{examples.map(row).collect_view()}</div> }
}
