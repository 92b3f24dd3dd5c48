//! A share with its interval, drawn on a scale from 0 to 1.

use leptos::prelude::*;

use super::plot_class;

/// A band from the lower to the upper end, and a mark at the share.
#[component]
pub fn IntervalBar(
    /// The share.
    share: f64,
    /// Lower end of its interval.
    low: f64,
    /// Upper end.
    high: f64,
    /// Index of the colour, from 0.
    #[prop(optional)]
    colour: usize,
    /// In words, for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let at = |share: f64| format!("{:.2}%", share.clamp(0.0, 1.0) * 100.0);
    let class = plot_class(colour);
    view! {
        <span class="interval" role="img" aria-label=label>
            <i class="interval-track"></i>
            <i
                class=format!("interval-band {class}")
                style:left=at(low)
                style:width=at((high - low).max(0.0))
            ></i>
            <i class=format!("interval-mark {class}") style:left=at(share)></i>
        </span>
    }
}
