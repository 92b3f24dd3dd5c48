//! A share as a bar of absolute length: full is one.

use leptos::prelude::*;

use super::plot_class;

/// A share in [0, 1].
#[component]
pub fn ShareBar(
    /// The share.
    #[prop(into)]
    share: Signal<f64>,
    /// Index of the colour, from 0.
    #[prop(optional)]
    colour: usize,
) -> impl IntoView {
    let width = move || format!("{:.2}%", share.get().clamp(0.0, 1.0) * 100.0);
    view! {
        <span class="bars-track" aria-hidden="true">
            <span class=format!("bars-fill {}", plot_class(colour)) style:width=width></span>
        </span>
    }
}
