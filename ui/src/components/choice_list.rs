//! A list at the left from which one entry is shown at the right.

use leptos::prelude::*;

/// The list.
#[component]
pub fn ChoiceList(
    /// `data-testid`
    testid: &'static str,
    /// The entries.
    children: Children,
) -> impl IntoView {
    view! {
        <ul class="panel choice-list" data-testid=testid>
            {children()}
        </ul>
    }
}

/// One entry of the list.
#[component]
pub fn ChoiceEntry(
    /// `data-testid`
    testid: String,
    /// Whether it is the one that is shown.
    #[prop(into)]
    current: Signal<bool>,
    /// It was chosen.
    #[prop(into)]
    on_choose: Callback<()>,
    /// What it shows.
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <button
                type="button"
                class="choice-entry"
                data-testid=testid
                aria-current=move || current.get().then_some("true")
                on:click=move |_| on_choose.run(())
            >
                {children()}
            </button>
        </li>
    }
}
