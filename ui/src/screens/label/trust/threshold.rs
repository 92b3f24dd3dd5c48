//! The threshold: what each would mean, and taking one for the next run.

use contract::confidence::{GetPlot, Plot, ThresholdPoint};
use leptos::prelude::*;

use super::super::by_error::{cautions, fitting, nearest, review_share, thresholds_of, written};
use crate::components::{Button, ButtonKind, ErrorBox, NumberField, Segmented, SvgPlot, Symbol};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project, Remote};
use crate::text::{Text, lang, number, percent, shortest, t};

/// The panel.
#[component]
pub fn Threshold(
    /// The labeller.
    model: Memo<String>,
) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let labelling = project.labelling;
    let (report, fresh) = thresholds_of(project, model);
    let own = Memo::new(move |_| report.get().filter(|report| model.with(|model| *model == report.model)));
    let plot = Remote::new(move || {
        let report = own.get().filter(|report| !report.points.is_empty())?;
        let max_error = labelling.max_error.get_untracked().map(|percent| percent / 100.0);
        let trust_labels = labelling.trust_labels.get_untracked();
        let plot = Plot::Thresholds { model: report.model, max_error, trust_labels };
        Some(GetPlot { project: project.folder(), plot, language: lang() })
    });
    let points = Memo::new(move |_| own.get().map(|report| report.points).unwrap_or_default());
    // The threshold looked at; a point of the curve, nothing between two.
    let looked = RwSignal::new(labelling.review.get_untracked().unwrap_or(0.5));
    let point = Memo::new(move |_| points.with(|points| nearest(points, looked.get())));
    let fit = Memo::new(move |_| {
        let wanted = labelling.max_error.get().is_some() && fresh.get();
        own.with(|report| report.as_ref().and_then(|report| fitting(report, labelling)).filter(|_| wanted))
    });
    Effect::new(move |_| {
        if let Some(point) = fit.get() {
            looked.set(f64::from(point.threshold));
        }
    });
    let at = move || {
        let found = point.get();
        points.with(|points| points.iter().position(|other| Some(*other) == found)).unwrap_or(0)
    };
    let last = move || points.with(|points| points.len().saturating_sub(1));
    let slide = move |event| {
        let at: usize = event_target_value(&event).parse().unwrap_or_default();
        if let Some(threshold) = points.with_untracked(|points| points.get(at).map(|point| point.threshold)) {
            looked.set(f64::from(threshold));
        }
    };
    let none = Memo::new(move |_| points.with(Vec::is_empty));
    let take = Callback::new(move |()| {
        if let Some(point) = point.get_untracked() {
            labelling.applied.set_value(fit.get_untracked().map(|fit| written(fit.threshold)));
            labelling.review_below(written(point.threshold));
            labelling.labeller.set(model.get_untracked());
            app.toasts.good(t(Text::TrustSet));
            project.label("run");
        }
    });
    use_shortcuts(t(Text::LabelTabTrust), move || vec![Shortcut::new("u", t(Text::TrustUse), take)]);
    let no_curve = move || {
        let text = match own.with(|report| report.as_ref().map(|report| (report.items, report.known))) {
            Some((0, _)) => Text::LabelEvidenceNoItems,
            Some((_, 0)) => Text::LabelEvidenceNoTruth,
            _ => Text::TrustPlotWaits,
        };
        let failed = report.error().or_else(|| plot.error());
        failed.map_or_else(|| t(text).to_owned(), |error| crate::text::explain(&error))
    };
    let unreachable = move || {
        let wanted = labelling.max_error.get()?;
        let known = own.with(|report| report.as_ref().is_some_and(|report| report.known > 0));
        (known && fresh.get() && fit.get().is_none()).then(|| {
            view! {
                <p class="field-error" role="status" data-testid="trust-unreachable">
                    {Text::label_threshold_none(lang(), wanted / 100.0)}
                </p>
            }
        })
    };
    let known =
        move || own.with(|report| report.as_ref().map(|report| Text::trust_known(lang(), report.known, report.items)));
    let no_domain = move || {
        let count = own.with(|report| report.as_ref().map_or(0, |report| report.no_domain));
        (count > 0).then(|| {
            view! { <p class="small soft number" data-testid="trust-no-domain">{Text::trust_no_domain(lang(), count)}</p> }
        })
    };
    view! {
        <section class="panel" data-testid="trust-threshold">
            <div class="panel-head">
                <h2>{t(Text::TrustThreshold)}</h2>
                <Button
                    text=t(Text::TrustUse)
                    testid="trust-use"
                    kind=ButtonKind::Primary
                    icon=Symbol::Check
                    keys="U"
                    disabled=none
                    on_click=take
                />
            </div>
            <div class="panel-body stack">
                {move || {
                    report.error().filter(|_| own.with(Option::is_some)).map(|error| view! { <ErrorBox error=error /> })
                }}
                <SvgPlot
                    svg=Signal::derive(move || plot.get().filter(|_| !none.get()))
                    loading=Signal::derive(move || report.loading() || (!none.get() && plot.loading()))
                    none_text=Signal::derive(no_curve)
                    label=t(Text::TrustThresholdPlot)
                    testid="trust-thresholds"
                />
                <label class="field">
                    <span class="row">
                        <span class="field-label grow">{t(Text::TrustThresholdSlider)}</span>
                        <b class="number" data-testid="trust-value">
                            {move || point.get().map(|point| catalogue::decimal(lang(), written(point.threshold), 3))}
                        </b>
                    </span>
                    <input
                        type="range"
                        class="slider"
                        data-testid="trust-slider"
                        min="0"
                        max=move || last().to_string()
                        disabled=move || none.get()
                        prop:value=move || at().to_string()
                        aria-valuetext=move || {
                            point.get().map(|point| catalogue::decimal(lang(), written(point.threshold), 3))
                        }
                        on:input=slide
                    />
                </label>
                <Meaning point=point />
                <div class="label-pair">
                    <NumberField
                        label=t(Text::LabelMaxError)
                        value=labelling.max_error
                        testid="trust-max-error"
                        min=0.1
                        max=50.0
                        step=0.5
                        optional=true
                        placeholder=t(Text::LabelMaxErrorNone)
                        range_text=Text::number_range(lang(), &shortest(0.1), "50")
                        disabled=none
                    />
                    <div class="field">
                        <span class="field-label">{t(Text::LabelCaution)}</span>
                        <Segmented label=t(Text::LabelCaution) choices=cautions() value=labelling.caution testid="trust-caution" />
                    </div>
                </div>
                {unreachable} {no_domain} <p class="small faint number" data-testid="trust-known">{known}</p>
            </div>
        </section>
    }
}

/// What the point means, in three numbers.
#[component]
fn Meaning(point: Memo<Option<ThresholdPoint>>) -> impl IntoView {
    let dash = || "—".to_owned();
    let review = move || point.get().map_or_else(dash, |point| percent(review_share(&point)));
    let count = move || point.get().map(|point| number(point.to_review));
    let accepted = move || point.get().map_or_else(dash, |point| number(point.accepted));
    let error = move || point.get().and_then(|point| point.error);
    let wrong = move || match (point.get(), error()) {
        (_, Some(error)) => catalogue::percent_fine(lang(), error.share),
        (Some(_), None) => t(Text::TrustWrongUnknown).to_owned(),
        (None, None) => dash(),
    };
    let interval = move || {
        error().map(|error| {
            Text::trust_wrong_interval(lang(), &catalogue::percent_interval(lang(), error.low, error.high))
        })
    };
    view! {
        <div class="trust-tiles" data-testid="trust-meaning">
            <div class="label-tile">
                <b class="figure-number">{review}</b>
                <span class="small soft">{t(Text::TrustReview)}</span>
                <span class="small faint number">{count}</span>
            </div>
            <div class="label-tile">
                <b class="figure-number">{wrong}</b>
                <span class="small soft">{t(Text::TrustWrong)}</span>
                <span class="small faint number">{interval}</span>
            </div>
            <div class="label-tile">
                <b class="figure-number">{accepted}</b>
                <span class="small soft">{t(Text::TrustAccepted)}</span>
            </div>
        </div>
    }
}
