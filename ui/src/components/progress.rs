//! How far a piece of work is.

use leptos::prelude::*;

/// A bar; without a share it moves to and fro.
#[component]
pub fn ProgressBar(
    /// Share done in [0, 1]; `None` when the whole is not known.
    #[prop(into)]
    share: Signal<Option<f64>>,
    /// What is being done, for screen readers.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let percent = move || share.get().map(|share| (share.clamp(0.0, 1.0) * 100.0).round());
    view! {
        <div
            class="progress"
            class:progress-unknown=move || share.get().is_none()
            role="progressbar"
            aria-label=move || label.get()
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || percent().map(|percent| percent.to_string())
        >
            <div
                class="progress-fill"
                style:width=move || share.get().map(|share| format!("{:.1}%", share.clamp(0.0, 1.0) * 100.0))
            ></div>
        </div>
    }
}
