//! Choices among few: a check box and a row of segments.

use leptos::prelude::*;

/// One of several values, and what a person reads for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// The text.
    pub text: String,
}

impl Choice {
    /// A value with its text.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

/// A check box with its text to the right.
#[component]
pub fn Checkbox(
    /// The text.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is set.
    checked: RwSignal<bool>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// What it means, in a line under the text.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                data-testid=testid
                disabled=move || disabled.get()
                prop:checked=move || checked.get()
                on:change=move |event| checked.set(event_target_checked(&event))
            />
            <span class="check-text">
                <span>{move || label.get()}</span>
                <Show when=move || !hint.get().is_empty()>
                    <span class="field-hint">{move || hint.get()}</span>
                </Show>
            </span>
        </label>
    }
}

/// A row of segments, one of which is chosen; arrow keys move.
#[component]
pub fn Segmented(
    /// What the choice is about, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The chosen value.
    value: RwSignal<String>,
    /// `data-testid` of the row; a segment's is this, a dash and its value.
    testid: &'static str,
) -> impl IntoView {
    let step = move |by: isize| {
        let choices = choices.get_untracked();
        let at = choices.iter().position(|choice| choice.value == value.get_untracked()).unwrap_or(0);
        let count = choices.len() as isize;
        if count > 0 {
            let next = (at as isize + by).rem_euclid(count) as usize;
            value.set(choices[next].value.clone());
        }
    };
    let segment = move |choice: Choice| {
        let (own, set) = (choice.value.clone(), choice.value.clone());
        let chosen = Signal::derive(move || value.get() == own);
        view! {
            <button
                type="button"
                role="radio"
                data-testid=format!("{testid}-{}", choice.value)
                aria-checked=move || chosen.get().to_string()
                tabindex=move || if chosen.get() { "0" } else { "-1" }
                on:click=move |_| value.set(set.clone())
            >
                {choice.text}
            </button>
        }
    };
    view! {
        <div
            class="segmented"
            role="radiogroup"
            data-testid=testid
            aria-label=move || label.get()
            on:keydown=move |event| match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => step(1),
                "ArrowLeft" | "ArrowUp" => step(-1),
                _ => {}
            }
        >
            {move || choices.get().into_iter().map(segment).collect_view()}
        </div>
    }
}
