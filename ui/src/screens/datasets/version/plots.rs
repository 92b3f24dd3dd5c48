//! How a version's samples are distributed, drawn.

use contract::version::{GetVersionPlot, VersionPlot};
use leptos::prelude::*;

use crate::components::{Checkbox, Choice, KeyHint, Segmented, SvgPlot};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Remote};
use crate::text::{Text, explain, t, word};

const PLOTS: [(VersionPlot, &str); 3] =
    [(VersionPlot::Domains, "domains"), (VersionPlot::Lengths, "lengths"), (VersionPlot::Confidences, "confidences")];

/// Size of the drawing in CSS pixels; it is scaled to the room there is.
const SIZE: (u32, u32) = (720, 400);

/// The panel.
#[component]
pub fn Plots(
    /// The version's number.
    version: String,
    /// Its first parent, to be drawn beside it.
    parent: Memo<Option<String>>,
) -> impl IntoView {
    let project = Project::get();
    let chosen = RwSignal::new(PLOTS[0].1.to_owned());
    let beside = RwSignal::new(false);
    let plot = Memo::new(move |_| {
        chosen.with(|chosen| PLOTS.iter().find(|(_, name)| name == chosen).map_or(PLOTS[0].0, |(plot, _)| *plot))
    });
    let drawn = Remote::new(move || {
        Some(GetVersionPlot {
            project: project.folder(),
            version: version.clone(),
            beside: parent.get().filter(|_| beside.get()),
            plot: plot.get(),
            width: SIZE.0,
            height: SIZE.1,
        })
    });
    let next = move || {
        let at = chosen.with_untracked(|chosen| PLOTS.iter().position(|(_, name)| name == chosen).unwrap_or(0));
        chosen.set(PLOTS[(at + 1) % PLOTS.len()].1.to_owned());
    };
    use_shortcuts(t(Text::VersionPlots), move || {
        vec![
            Shortcut::new("p", t(Text::VersionNextPlot), next),
            Shortcut::new("b", t(Text::VersionBeside), move || beside.update(|beside| *beside = !*beside)),
        ]
    });
    let choices = PLOTS.map(|(plot, value)| Choice::new(value, word(&plot))).to_vec();
    let name = Signal::derive(move || word(&plot.get()).to_owned());
    view! {
        <section class="panel version-plot" data-testid="version-plots">
            <div class="panel-head">
                <div class="row">
                    <h2>{t(Text::VersionPlots)}</h2>
                    <KeyHint keys="P" />
                </div>
                <Segmented label=t(Text::VersionPlots) choices=choices value=chosen testid="version-plot" />
            </div>
            <div class="panel-body stack">
                <SvgPlot
                    svg=Signal::derive(move || drawn.get().filter(|_| drawn.error().is_none()))
                    loading=Signal::derive(move || drawn.loading())
                    none_text=Signal::derive(move || {
                        drawn.error().map_or_else(|| t(Text::VersionPlotNone).to_owned(), |error| explain(&error))
                    })
                    label=name
                    testid="version-plot-drawing"
                />
                <Show when=move || parent.with(Option::is_some)>
                    <div class="row">
                        <Checkbox label=t(Text::VersionBeside) checked=beside testid="version-plot-beside" />
                        <KeyHint keys="B" />
                    </div>
                </Show>
            </div>
        </section>
    }
}
