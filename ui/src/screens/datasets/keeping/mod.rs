//! Keeping the store: integrity, space, the archive, other machines.

mod archive;
mod carry;
mod space;
mod verify;

use leptos::prelude::*;

use super::place::Place;
use crate::components::Symbol;
use crate::text::{Text, t};
use archive::Archive;
use carry::Carry;
use space::Space;
use verify::Integrity;

/// The tab.
#[component]
pub fn Keeping(place: Place) -> impl IntoView {
    view! {
        <div class="stack" data-testid="keeping">
            <p class="soft">{t(Text::KeepLead)}</p>
            <div class="keep-columns">
                <Integrity />
                <Space />
                <Archive place=place />
                <Carry />
            </div>
        </div>
    }
}

/// A part of the tab: a title, what it is for, what it holds.
#[component]
fn Part(
    /// Its title.
    title: Text,
    /// What it is for.
    text: Text,
    /// An icon before the title.
    symbol: Symbol,
    /// Its `data-testid`.
    testid: &'static str,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="panel" data-testid=testid>
            <div class="panel-head">
                <div class="row">
                    <crate::components::Icon symbol=symbol />
                    <h2>{t(title)}</h2>
                </div>
            </div>
            <div class="panel-body stack">
                <p class="soft">{t(text)}</p>
                {children()}
            </div>
        </section>
    }
}
