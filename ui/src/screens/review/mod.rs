//! The review screen.

use leptos::prelude::*;

use crate::text::{Text, t};

/// The screen.
#[component]
pub fn Review() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{t(Text::ReviewTitle)}</h1>
            </div>
        </div>
    }
}
