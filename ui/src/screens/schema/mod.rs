//! The schema screen.

use leptos::prelude::*;

use crate::text::{Text, t};

/// The screen.
#[component]
pub fn SchemaScreen() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{t(Text::SchemaTitle)}</h1>
            </div>
        </div>
    }
}
