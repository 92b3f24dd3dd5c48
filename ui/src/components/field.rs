//! Fields for text, with a label, a hint and an error.

use leptos::prelude::*;

use super::{Icon, Symbol};

/// A label above a control, a hint or an error below it.
#[component]
pub fn Field(
    /// What is asked for.
    #[prop(into)]
    label: Signal<String>,
    /// What to enter.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong with it; empty when nothing is. Replaces the hint.
    #[prop(optional, into)]
    error: Signal<String>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let has_error = move || !error.get().is_empty();
    let has_hint = move || error.get().is_empty() && !hint.get().is_empty();
    view! {
        <label class="field">
            <Show when=move || !label.get().is_empty()>
                <span class="field-label">{move || label.get()}</span>
            </Show>
            {children()}
            <Show when=has_hint>
                <span class="field-hint">{move || hint.get()}</span>
            </Show>
            <Show when=has_error>
                <span class="field-error" role="alert">
                    <Icon symbol=Symbol::Warning />
                    <span>{move || error.get()}</span>
                </span>
            </Show>
        </label>
    }
}

/// A line of text.
#[component]
pub fn TextField(
    /// What is asked for.
    #[prop(optional, into)]
    label: Signal<String>,
    /// The text, changed with every key.
    value: RwSignal<String>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// An example, shown while it is empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// What to enter.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong; empty when nothing is.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Name for screen readers where there is no label.
    #[prop(optional, into)]
    aria_label: Signal<String>,
    /// Kind of input: `text`, `password`, `search`, `url`.
    #[prop(optional, default = "text")]
    kind: &'static str,
    /// What Enter does.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// Whether it takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Input>::new();
    if autofocus {
        Effect::new(move |_| {
            if let Some(input) = node.get() {
                // A window without focus refuses; nothing depends on it.
                let _ = input.focus();
            }
        });
    }
    let named = move || Some(aria_label.get()).filter(|name| !name.is_empty());
    view! {
        <Field label=label hint=hint error=error>
            <input
                class="input"
                class:input-wrong=move || !error.get().is_empty()
                node_ref=node
                type=kind
                data-testid=testid
                placeholder=move || placeholder.get()
                aria-label=named
                aria-invalid=move || (!error.get().is_empty()).then_some("true")
                autocomplete="off"
                spellcheck="false"
                disabled=move || disabled.get()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.is_composing() && let Some(enter) = on_enter {
                        event.prevent_default();
                        enter.run(());
                    }
                }
            />
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// What is asked for.
    #[prop(optional, into)]
    label: Signal<String>,
    /// The text, changed with every key.
    value: RwSignal<String>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// Lines shown.
    #[prop(optional, default = 3)]
    rows: u32,
    /// An example, shown while it is empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// What to enter.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong; empty when nothing is.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether it takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Textarea>::new();
    if autofocus {
        Effect::new(move |_| {
            if let Some(area) = node.get() {
                // A window without focus refuses; nothing depends on it.
                let _ = area.focus();
            }
        });
    }
    view! {
        <Field label=label hint=hint error=error>
            <textarea
                class="input"
                node_ref=node
                class:input-wrong=move || !error.get().is_empty()
                rows=rows
                data-testid=testid
                placeholder=move || placeholder.get()
                disabled=move || disabled.get()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        </Field>
    }
}
