//! Tabs inside a screen.

use leptos::prelude::*;

use super::{KeyHint, keys_in_line};

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Its value.
    pub value: &'static str,
    /// Its text.
    pub text: String,
    /// How many things it holds, if that helps.
    pub count: Option<String>,
}

/// A row of tabs; arrow keys move.
#[component]
pub fn Tabs(
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// The chosen tab's value.
    value: RwSignal<&'static str>,
    /// `data-testid` of the row; a tab's is this, a dash and its value.
    testid: &'static str,
    /// Whether the digits from 1 on lead to the tabs; the screen has to see to it, here they are shown.
    #[prop(optional, into)]
    digits: Signal<bool>,
    /// Other keys that lead to the tabs, by their place; an empty one is none. The screen has to see to these, too.
    #[prop(optional, into)]
    keys: Signal<Vec<String>>,
) -> impl IntoView {
    let keys_of = move |at: usize| match digits.get() {
        true => Some((at + 1).to_string()),
        false => keys.with(|keys| keys.get(at).cloned()).filter(|keys| !keys.is_empty()),
    };
    let step = move |by: isize| {
        let tabs = tabs.get_untracked();
        let at = tabs.iter().position(|tab| tab.value == value.get_untracked()).unwrap_or(0);
        if !tabs.is_empty() {
            value.set(tabs[(at as isize + by).rem_euclid(tabs.len() as isize) as usize].value);
        }
    };
    let tab = move |(at, tab): (usize, Tab)| {
        let own = tab.value;
        view! {
            <button
                type="button"
                role="tab"
                data-testid=format!("{testid}-{own}")
                title=move || keys_of(at).map(|keys| keys_in_line(&keys))
                aria-selected=move || (value.get() == own).to_string()
                tabindex=move || if value.get() == own { "0" } else { "-1" }
                on:click=move |_| value.set(own)
            >
                {tab.text}
                {move || keys_of(at).map(|keys| view! { <KeyHint keys=keys /> })}
                {tab.count.map(|count| view! { <span class="tab-count number">{count}</span> })}
            </button>
        }
    };
    view! {
        <div
            class="tabs"
            role="tablist"
            data-testid=testid
            on:keydown=move |event| match event.key().as_str() {
                "ArrowRight" => step(1),
                "ArrowLeft" => step(-1),
                _ => {}
            }
        >
            {move || tabs.get().into_iter().enumerate().map(tab).collect_view()}
        </div>
    }
}
