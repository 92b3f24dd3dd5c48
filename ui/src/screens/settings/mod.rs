//! The settings screen.

use leptos::prelude::*;

use crate::text::{Text, t};

/// The screen.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{t(Text::SettingsTitle)}</h1>
            </div>
        </div>
    }
}
