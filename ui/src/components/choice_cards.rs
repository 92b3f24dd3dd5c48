//! A choice among few, each explained in a sentence.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Icon, Symbol};

/// One of several values, its name and what it means.
#[derive(Clone, Debug)]
pub struct Card {
    /// The value.
    pub value: &'static str,
    /// The name.
    pub title: String,
    /// What it means, in a sentence.
    pub text: String,
    /// An icon before the name.
    pub symbol: Option<Symbol>,
}

/// Cards one under the other, one of which is chosen; arrow keys move.
#[component]
pub fn ChoiceCards(
    /// What the choice is about, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The cards.
    cards: Vec<Card>,
    /// The chosen value.
    value: RwSignal<String>,
    /// `data-testid` of the group; a card's is this, a dash and its value.
    testid: &'static str,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let values: Vec<&'static str> = cards.iter().map(|card| card.value).collect();
    let step = move |by: isize| {
        let at = values.iter().position(|known| value.with_untracked(|chosen| chosen == known)).unwrap_or(0);
        let next = (at as isize + by).rem_euclid(values.len().max(1) as isize) as usize;
        if let Some(next) = values.get(next) {
            value.set((*next).to_owned());
            // The focus goes with the choice, as in a group of radio buttons.
            let found = node
                .get_untracked()
                .and_then(|group| group.query_selector(&format!("[data-testid='{testid}-{next}']")).ok().flatten());
            if let Some(card) = found.and_then(|card| card.dyn_into::<HtmlElement>().ok()) {
                let _ = card.focus();
            }
        }
    };
    let card = move |card: Card| {
        let own = card.value;
        let chosen = Signal::derive(move || value.with(|value| value == own));
        view! {
            <button
                type="button"
                role="radio"
                class="choice-card"
                data-testid=format!("{testid}-{own}")
                aria-checked=move || chosen.get().to_string()
                tabindex=move || if chosen.get() { "0" } else { "-1" }
                on:click=move |_| value.set(own.to_owned())
            >
                {card.symbol.map(|symbol| view! { <Icon symbol=symbol /> })}
                <span class="choice-card-text">
                    <b>{card.title}</b>
                    <span class="small soft">{card.text}</span>
                </span>
            </button>
        }
    };
    view! {
        <div
            class="choice-cards"
            role="radiogroup"
            node_ref=node
            data-testid=testid
            aria-label=move || label.get()
            on:keydown=move |event| {
                let by = match event.key().as_str() {
                    "ArrowRight" | "ArrowDown" => 1,
                    "ArrowLeft" | "ArrowUp" => -1,
                    _ => return,
                };
                event.prevent_default();
                step(by);
            }
        >
            {cards.into_iter().map(card).collect_view()}
        </div>
    }
}
