//! Buttons.

use leptos::prelude::*;

use super::{Icon, KeyHint, Symbol, keys_in_line};

/// How much weight a button has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do next; one a screen.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// Without a frame.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "button button-primary",
            ButtonKind::Secondary => "button",
            ButtonKind::Quiet => "button button-quiet",
            ButtonKind::Danger => "button button-danger",
        }
    }
}

/// A button with a text.
#[component]
pub fn Button(
    /// What it does, as a verb.
    #[prop(into)]
    text: Signal<String>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// What happens.
    #[prop(into)]
    on_click: Callback<()>,
    /// Weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Symbol>,
    /// The key that does the same, shown as a hint.
    #[prop(optional, into)]
    keys: Option<String>,
    /// Whether it can't be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether its work is under way: it turns a ring and can't be used.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Taller, for first screens.
    #[prop(optional)]
    large: bool,
    /// Explains why it can't be used, or more than the text says.
    #[prop(optional, into)]
    title: Signal<String>,
) -> impl IntoView {
    let class = format!("{}{}", kind.class(), if large { " button-large" } else { "" });
    let symbol = move || if busy.get() { Some(Symbol::Spinner) } else { icon };
    let tooltip = move || Some(title.get()).filter(|title| !title.is_empty());
    view! {
        <button
            type="button"
            class=class
            data-testid=testid
            disabled=move || disabled.get() || busy.get()
            aria-busy=move || busy.get().then_some("true")
            title=tooltip
            on:click=move |_| on_click.run(())
        >
            {move || symbol().map(|symbol| view! { <Icon symbol=symbol /> })}
            <span class="clip">{move || text.get()}</span>
            {keys.map(|keys| view! { <KeyHint keys=keys /> })}
        </button>
    }
}

/// A button with an icon only; its name is read aloud and shown on hover.
#[component]
pub fn IconButton(
    /// The icon.
    symbol: Symbol,
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// What happens.
    #[prop(into)]
    on_click: Callback<()>,
    /// The key that does the same, named in the tooltip.
    #[prop(optional, into)]
    keys: Option<String>,
    /// Whether it can't be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let keys = keys.map(|keys| format!(" ({})", keys_in_line(&keys))).unwrap_or_default();
    view! {
        <button
            type="button"
            class="button button-quiet button-icon"
            data-testid=testid
            title=move || format!("{}{keys}", label.get())
            aria-label=move || label.get()
            disabled=move || disabled.get()
            on:click=move |event| {
                event.stop_propagation();
                on_click.run(());
            }
        >
            <Icon symbol=symbol />
        </button>
    }
}
