//! One conflict: ours, theirs and what both had, side by side, each a button with its key.

use contract::version::{MergeConflict, Resolution, SampleSide};
use leptos::prelude::*;

use super::conflicts::resolution_text;
use super::resolving::Resolving;
use crate::components::{Badge, Button, Combobox, KeyHint, Symbol, Tone};
use crate::screens::datasets::compare::{EditedText, Who};
use crate::state::Domains;
use crate::text::{Text, t, word};

/// The sides: how the conflict ends with one, its name, its key.
const SIDES: [(Resolution, Text, &str, &str); 3] = [
    (Resolution::Ours, Text::MergeSideOurs, "1", "merge-take-ours"),
    (Resolution::Theirs, Text::MergeSideTheirs, "2", "merge-take-theirs"),
    (Resolution::Base, Text::MergeSideBase, "3", "merge-take-base"),
];

/// The conflict looked at.
#[component]
pub fn Card(
    /// What is decided.
    resolving: Resolving,
    /// The schema.
    domains: Domains,
    /// Whether a label is being chosen.
    labelling: RwSignal<bool>,
) -> impl IntoView {
    let content = move || match resolving.shown.get() {
        None => view! { <p class="soft panel-body">{t(Text::MergeChoose)}</p> }.into_any(),
        Some(conflict) => {
            view! { <Sides conflict=conflict resolving=resolving domains=domains labelling=labelling /> }.into_any()
        }
    };
    view! { <section class="panel merge-card" data-testid="merge-card">{content}</section> }
}

/// The three sides and the label.
#[component]
fn Sides(conflict: MergeConflict, resolving: Resolving, domains: Domains, labelling: RwSignal<bool>) -> impl IntoView {
    let base_text = conflict.base.as_ref().map(|side| side.text.clone());
    let side = |(resolution, name, key, testid): (Resolution, Text, &'static str, &'static str)| {
        let shown = match resolution {
            Resolution::Theirs => conflict.theirs.clone(),
            Resolution::Base => conflict.base.clone(),
            Resolution::Ours | Resolution::Label(_) => conflict.ours.clone(),
        };
        let chosen = conflict.resolution.as_ref() == Some(&resolution);
        let before = base_text.clone().filter(|_| resolution != Resolution::Base);
        view! {
            <button
                type="button"
                class="merge-side"
                data-testid=testid
                aria-pressed=chosen.to_string()
                disabled=resolving.blocked()
                on:click=move |_| resolving.resolve(resolution.clone())
            >
                <span class="row">
                    <b class="grow">{t(name)}</b>
                    <KeyHint keys=key />
                </span>
                <Side side=shown before=before domains=domains />
            </button>
        }
    };
    let other = match &conflict.resolution {
        Some(Resolution::Label(label)) => {
            Some(view! { <Badge text=resolution_text(&Resolution::Label(label.clone()), domains) tone=Tone::Good /> })
        }
        _ => None,
    };
    let choose = move || {
        if !labelling.get() {
            return view! {
                <Button
                    text=t(Text::MergeTakeLabel)
                    testid="merge-label-open"
                    icon=Symbol::Label
                    keys="L"
                    disabled=resolving.blocked()
                    on_click=move |()| labelling.set(true)
                />
            }
            .into_any();
        }
        let decide = move |label: String| {
            labelling.set(false);
            resolving.resolve(Resolution::Label(label));
        };
        view! {
            <div class="merge-label">
                <Combobox
                    label=t(Text::MergeTakeLabel)
                    choices=Signal::derive(move || domains.choices())
                    value=""
                    on_choose=decide
                    testid="merge-label"
                    placeholder=t(Text::MergeTakeLabel)
                    none_text=t(Text::StateNothingFound)
                    autofocus=true
                    on_leave=move |()| labelling.set(false)
                />
            </div>
        }
        .into_any()
    };
    view! {
        <div class="merge-sides">{SIDES.map(side).into_iter().collect_view()}</div>
        <div class="row merge-other">{choose} {other}</div>
    }
}

/// A side: its label, text, part and who decided.
#[component]
fn Side(side: Option<SampleSide>, before: Option<String>, domains: Domains) -> impl IntoView {
    let Some(side) = side else {
        return view! { <span class="soft">{t(Text::MergeNotThere)}</span> }.into_any();
    };
    let before = before.or_else(|| Some(side.text.clone()));
    view! {
        <span class="row row-wrap">
            <Badge text=domains.name(&side.label) tone=Tone::Accent />
            {side.split.map(|split| view! { <Badge text=word(&split) /> })}
        </span>
        <span class="merge-text"><EditedText before=before after=Some(side.text.clone()) /></span>
        <Who side=Some(side) />
    }
    .into_any()
}
