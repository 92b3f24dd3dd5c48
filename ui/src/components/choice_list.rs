//! A list at the left from which one entry is shown at the right.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// The list; arrow keys go through it and choose.
#[component]
pub fn ChoiceList(
    /// `data-testid`
    testid: &'static str,
    /// The entries.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Ul>::new();
    let keys = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        if let Some(list) = node.get_untracked() {
            event.prevent_default();
            choose_beside(&list, by);
        }
    };
    view! {
        <ul class="panel choice-list" data-testid=testid node_ref=node on:keydown=keys>
            {children()}
        </ul>
    }
}

/// Chooses the entry that stands so many after the one with the focus.
fn choose_beside(list: &HtmlElement, by: isize) {
    let Ok(nodes) = list.query_selector_all(".choice-entry") else { return };
    let entries: Vec<HtmlElement> = (0..nodes.length()).filter_map(|at| nodes.get(at)?.dyn_into().ok()).collect();
    let focused = document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let at = entries.iter().position(|entry| Some(entry) == focused.as_ref()).unwrap_or(0);
    if let Some(entry) = entries.get(at.saturating_add_signed(by).min(entries.len().saturating_sub(1))) {
        // A window without focus refuses; nothing depends on it.
        let _ = entry.focus();
        entry.click();
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
