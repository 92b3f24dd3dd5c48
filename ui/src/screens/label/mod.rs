//! The label screen.

use leptos::prelude::*;

use crate::text::{Text, t};

/// The screen.
#[component]
pub fn Label() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{t(Text::LabelTitle)}</h1>
            </div>
        </div>
    }
}
