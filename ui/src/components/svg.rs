//! A plot that comes drawn, as SVG. Its place keeps its size while it is on its way.

use leptos::prelude::*;

use super::Skeleton;

/// The plot, or its empty place.
#[component]
pub fn SvgPlot(
    /// The drawing; `None` while there is none.
    #[prop(into)]
    svg: Signal<Option<String>>,
    /// Whether it is on its way.
    #[prop(into)]
    loading: Signal<bool>,
    /// What stands in its place when there is none.
    #[prop(into)]
    none_text: Signal<String>,
    /// What it shows, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Its `data-testid`.
    testid: &'static str,
) -> impl IntoView {
    let content = move || match svg.get() {
        Some(svg) => view! { <div class="plot-drawing" inner_html=svg></div> }.into_any(),
        None if loading.get() => view! { <div class="plot-none"><Skeleton lines=5 /></div> }.into_any(),
        None => view! { <div class="plot-none"><p class="soft small">{none_text.get()}</p></div> }.into_any(),
    };
    view! {
        <figure class="plot-frame" role="img" aria-label=move || label.get() data-testid=testid>
            {content}
        </figure>
    }
}
