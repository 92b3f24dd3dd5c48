//! The models screen.

use leptos::prelude::*;

use crate::text::{Text, t};

/// The screen.
#[component]
pub fn Models() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{t(Text::ModelsTitle)}</h1>
            </div>
        </div>
    }
}
