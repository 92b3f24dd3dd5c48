//! Small marks: states and keys.

use leptos::prelude::*;

/// What a mark or message means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// The product's colour: chosen, current.
    Accent,
    /// Went well.
    Good,
    /// Needs attention.
    Warn,
    /// Went wrong.
    Bad,
    /// Worth knowing.
    Info,
}

impl Tone {
    /// The end of the tone's class names.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Accent => "accent",
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Info => "info",
        }
    }
}

/// A state in one or two words.
#[component]
pub fn Badge(
    /// The words.
    #[prop(into)]
    text: Signal<String>,
    /// What it means.
    #[prop(into, optional)]
    tone: Signal<Tone>,
) -> impl IntoView {
    view! { <span class=move || format!("badge badge-{}", tone.get().name())>{move || text.get()}</span> }
}

/// A key or a chord such as `Ctrl+1`, one cap a key.
#[component]
pub fn KeyHint(
    /// Keys joined by `+` (together) or a blank (one after the other).
    #[prop(into)]
    keys: Signal<String>,
) -> impl IntoView {
    let caps = move || caps(&keys.get()).into_iter().map(|cap| view! { <kbd class="kbd">{cap}</kbd> }).collect_view();
    view! { <span class="row key-hint" aria-hidden="true">{caps}</span> }
}

/// A chord in one line, for a tooltip: `Alt+↑`.
pub fn keys_in_line(keys: &str) -> String {
    caps(keys).join("+")
}

fn caps(keys: &str) -> Vec<String> {
    // A lone plus is a key, not a joint.
    if keys == "+" {
        return vec![keys.to_owned()];
    }
    keys.split(['+', ' ']).map(|key| cap(key).to_owned()).collect()
}

/// What stands on a key.
fn cap(key: &str) -> &str {
    match key {
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        "ArrowLeft" => "←",
        "ArrowRight" => "→",
        "Escape" => "Esc",
        "Delete" => "Del",
        other => other,
    }
}
