//! What a screen shows when it has nothing yet, and messages in its flow.

use leptos::prelude::*;

use super::{Icon, Symbol, Tone};

/// Nothing here yet: why, and what to do about it.
#[component]
pub fn EmptyState(
    /// The icon above.
    symbol: Symbol,
    /// What is missing.
    #[prop(into)]
    title: Signal<String>,
    /// What it would be good for, and how to get it.
    #[prop(into)]
    text: Signal<String>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty" data-testid=testid>
            <div class="empty-icon">
                <Icon symbol=symbol class="icon-large" />
            </div>
            <h2>{move || title.get()}</h2>
            <p>{move || text.get()}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}

/// A message in the flow of a screen.
#[component]
pub fn Notice(
    /// What it means.
    tone: Tone,
    /// The message.
    #[prop(into)]
    title: Signal<String>,
    /// Its `data-testid`.
    #[prop(optional, into)]
    testid: String,
    /// More lines, buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let symbol = match tone {
        Tone::Bad | Tone::Warn => Symbol::Warning,
        Tone::Good => Symbol::Check,
        Tone::Plain | Tone::Accent | Tone::Info => Symbol::Info,
    };
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class=format!("notice notice-{}", tone.name()) role=role data-testid=testid>
            <Icon symbol=symbol />
            <div class="notice-body">
                <p class="notice-title">{move || title.get()}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// Grey lines in the place of what is being loaded, so that nothing jumps when it comes.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(optional, default = 4)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
}
