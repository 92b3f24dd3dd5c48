//! Choosing an encoder: one of those in the model folders, or another folder.

use contract::labeller::{EncoderEntry, ListEncoders};
use leptos::prelude::*;

use crate::components::{Choice, Field, Notice, PathField, PathKind, Select, Tone};
use crate::state::Remote;
use crate::text::{Text, t};

/// The value that stands for a folder that is not in the list.
const OTHER: &str = "other";

/// The choice.
#[component]
pub fn EncoderField(
    /// What it is for.
    #[prop(into)]
    label: Signal<String>,
    /// A line below.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// The encoder's folder; empty for none.
    value: RwSignal<String>,
) -> impl IntoView {
    let encoders = Remote::new(|| Some(ListEncoders {}));
    let other = RwSignal::new(false);
    // Without a choice the first one there is is taken.
    Effect::new(move |_| {
        let paths = encoders.map(|list| list.iter().map(|entry| entry.path.clone()).collect::<Vec<_>>());
        let Some(paths) = paths else { return };
        let chosen = value.get_untracked();
        match paths.first() {
            Some(first) if chosen.is_empty() && !other.get_untracked() => value.set(first.clone()),
            _ if !paths.contains(&chosen) => other.set(true),
            _ => {}
        }
    });
    let choices = move || {
        let of = |entry: &EncoderEntry| {
            let text = if entry.summary.is_empty() {
                entry.name.clone()
            } else {
                format!("{} · {}", entry.name, entry.summary)
            };
            Choice::new(entry.path.clone(), text)
        };
        let listed = encoders.map(|list| list.iter().map(of).collect::<Vec<_>>()).unwrap_or_default();
        listed.into_iter().chain([Choice::new(OTHER, t(Text::EncoderOther))]).collect::<Vec<_>>()
    };
    let shown = move || if other.get() { OTHER.to_owned() } else { value.get() };
    let choose = move |chosen: String| {
        if chosen == OTHER {
            other.set(true);
            value.set(String::new());
        } else {
            other.set(false);
            value.set(chosen);
        }
    };
    let none = Memo::new(move |_| encoders.map(Vec::is_empty).unwrap_or(false));
    view! {
        <div class="stack">
            <Show when=move || !none.get()>
                <Field label=label hint=hint>
                    <Select
                        label=label
                        choices=Signal::derive(choices)
                        value=Signal::derive(shown)
                        on_change=choose
                        testid="model-encoder"
                    />
                </Field>
            </Show>
            <Show when=move || none.get()>
                <Notice tone=Tone::Info title=t(Text::EncoderNone) testid="model-encoder-none" />
            </Show>
            <Show when=move || other.get() || none.get()>
                <PathField
                    label=t(Text::EncoderFolder)
                    kind=PathKind::Folder
                    value=value
                    testid="model-encoder-path"
                    browse_text=t(Text::Browse)
                />
            </Show>
        </div>
    }
}
