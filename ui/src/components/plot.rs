//! Plots of counts: named bars, one bar in parts, a histogram of shares.

use leptos::prelude::*;

use crate::text::{number, shortest};

/// One count of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What is counted.
    pub name: String,
    /// How much.
    pub value: f64,
    /// How much, as a person reads it.
    pub text: String,
    /// Index of the colour, from 0.
    pub colour: usize,
}

/// The class that gives a swatch, a bar or an SVG shape the colour with this index.
pub fn plot_class(colour: usize) -> &'static str {
    const CLASSES: [&str; 10] =
        ["plot-1", "plot-2", "plot-3", "plot-4", "plot-5", "plot-6", "plot-7", "plot-8", "plot-9", "plot-rest"];
    CLASSES[colour.min(CLASSES.len() - 1)]
}

/// `value` of `whole` as a CSS width.
fn width(value: f64, whole: f64) -> String {
    let share = if whole > 0.0 { (value / whole).clamp(0.0, 1.0) } else { 0.0 };
    format!("{:.2}%", share * 100.0)
}

/// Bars one under the other, as long as their share of the whole, or of the longest where there is no whole.
#[component]
pub fn Bars(
    /// The counts.
    #[prop(into)]
    bars: Signal<Vec<Bar>>,
    /// What a bar over the full width would count.
    #[prop(optional, into)]
    whole: Option<f64>,
    /// Its `data-testid`.
    #[prop(optional, into)]
    testid: String,
) -> impl IntoView {
    let rows = move || {
        let bars = bars.get();
        let longest = whole.unwrap_or_else(|| bars.iter().fold(0.0_f64, |longest, bar| longest.max(bar.value)));
        bars.into_iter()
            .map(|bar| {
                view! {
                    <span class="bars-name clip" title=bar.name.clone()>
                        {bar.name.clone()}
                    </span>
                    <span class="bars-track">
                        <span
                            class=format!("bars-fill {}", plot_class(bar.colour))
                            style:width=width(bar.value, longest)
                        ></span>
                    </span>
                    <span class="bars-count">{bar.text}</span>
                }
            })
            .collect_view()
    };
    view! {
        <div class="bars" data-testid=testid>
            {rows}
        </div>
    }
}

/// One bar in parts with a legend below it; parts of nothing are left out.
#[component]
pub fn StackedBar(
    /// The parts.
    #[prop(into)]
    bars: Signal<Vec<Bar>>,
    /// What the whole is, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Its `data-testid`.
    #[prop(optional, into)]
    testid: String,
) -> impl IntoView {
    let parts = Memo::new(move |_| bars.get().into_iter().filter(|bar| bar.value > 0.0).collect::<Vec<_>>());
    let whole = move || parts.with(|parts| parts.iter().map(|bar| bar.value).sum::<f64>());
    let stripes = move || {
        let whole = whole();
        let stripe = |bar: Bar| {
            let title = format!("{}: {}", bar.name, bar.text);
            view! { <i class=plot_class(bar.colour) style:width=width(bar.value, whole) title=title></i> }
        };
        parts.get().into_iter().map(stripe).collect_view()
    };
    let legend = move || {
        let entry = |bar: Bar| {
            view! {
                <span class="legend-entry">
                    <i class=format!("swatch {}", plot_class(bar.colour))></i>
                    {bar.name}
                    <b class="number">{bar.text}</b>
                </span>
            }
        };
        parts.get().into_iter().map(entry).collect_view()
    };
    view! {
        <div class="stack stack-tight" data-testid=testid>
            <div class="stacked" role="img" aria-label=move || label.get()>
                {stripes}
            </div>
            <div class="legend">{legend}</div>
        </div>
    }
}

/// Equal bins of [0, 1], with a dashed line at a threshold.
#[component]
pub fn Histogram(
    /// Counts of the bins, in order.
    #[prop(into)]
    bins: Signal<Vec<u64>>,
    /// Where the dashed line stands.
    #[prop(optional, into)]
    threshold: Signal<Option<f64>>,
    /// What is counted, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Its `data-testid`.
    #[prop(optional, into)]
    testid: String,
) -> impl IntoView {
    const WIDTH: f64 = 400.0;
    const HEIGHT: f64 = 96.0;
    let shapes = move || {
        let bins = bins.get();
        let highest = bins.iter().copied().max().unwrap_or(0).max(1) as f64;
        let wide = WIDTH / bins.len().max(1) as f64;
        let shape = |(at, count): (usize, u64)| {
            // A bin with anything in it is seen.
            let tall = if count == 0 { 0.0 } else { (count as f64 / highest * HEIGHT).max(2.0) };
            view! {
                <rect
                    class="plot-1"
                    x=(at as f64 * wide + 1.0).to_string()
                    y=(HEIGHT - tall + 4.0).to_string()
                    width=(wide - 2.0).to_string()
                    height=tall.to_string()
                    rx="2"
                >
                    <title>{number(count)}</title>
                </rect>
            }
        };
        bins.into_iter().enumerate().map(shape).collect_view()
    };
    let mark = move || {
        threshold.get().map(|share| {
            let x = (share.clamp(0.0, 1.0) * WIDTH).to_string();
            view! { <line class="threshold" x1=x.clone() x2=x y1="0" y2="100"></line> }
        })
    };
    view! {
        <svg class="histogram" viewBox="0 0 400 116" role="img" aria-label=move || label.get() data-testid=testid>
            {shapes}
            <line x1="0" x2="400" y1="100.5" y2="100.5"></line>
            {mark}
            <text x="0" y="113">"0"</text>
            <text x="200" y="113" text-anchor="middle">{shortest(0.5)}</text>
            <text x="400" y="113" text-anchor="end">"1"</text>
        </svg>
    }
}
