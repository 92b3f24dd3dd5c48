//! The datasets screen.

use leptos::prelude::*;

use crate::text::{Text, t};

/// The screen.
#[component]
pub fn Datasets() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{t(Text::DatasetsTitle)}</h1>
            </div>
        </div>
    }
}
