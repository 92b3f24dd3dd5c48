//! A list of which one is chosen.

use leptos::prelude::*;

use super::{Choice, Icon, Symbol};

/// The system's own select box, in our clothes.
#[component]
pub fn Select(
    /// What is chosen, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// A person chose another.
    #[prop(into)]
    on_change: Callback<String>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Select>::new();
    // The value is set after the options are there: a value without its option would be lost.
    Effect::new(move |_| {
        choices.track();
        let chosen = value.get();
        if let Some(select) = node.get() {
            select.set_value(&chosen);
        }
    });
    let option = move |choice: Choice| {
        let selected = value.get_untracked() == choice.value;
        view! {
            <option value=choice.value selected=selected>
                {choice.text}
            </option>
        }
    };
    view! {
        <span class="select-box">
            <select
                class="input"
                node_ref=node
                data-testid=testid
                aria-label=move || label.get()
                disabled=move || disabled.get()
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {move || choices.get().into_iter().map(option).collect_view()}
            </select>
            <Icon symbol=Symbol::Down />
        </span>
    }
}
