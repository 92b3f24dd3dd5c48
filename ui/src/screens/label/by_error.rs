//! Choosing the threshold by how many wrong labels are acceptable, and saying what a threshold means.

use std::time::Duration;

use contract::confidence::{GetThresholds, ThresholdPoint, ThresholdReport};
use leptos::prelude::*;

use crate::components::{Button, ButtonKind, Choice, NumberField, Segmented, Symbol};
use crate::state::{Labelling, Project, Remote, settled};
use crate::text::{Text, lang, shortest, t};

/// How long typing rests before it is asked what it means.
const REST: Duration = Duration::from_millis(300);

/// What thresholds of a labeller would mean, for the share of errors that is accepted; and whether the answer is that to
/// what stands in the fields now.
pub fn thresholds_of(project: Project, model: Memo<String>) -> (Remote<ThresholdReport>, Signal<bool>) {
    let rested = settled(move || project.labelling.max_error.get(), REST);
    let report = Remote::new(move || {
        project.changed.track();
        let model = model.get();
        let max_error = rested.get().map(|percent| percent / 100.0);
        let trust_labels = project.labelling.trust_labels.get();
        (!model.is_empty()).then(|| GetThresholds { project: project.folder(), model, max_error, trust_labels })
    });
    let fresh = Signal::derive(move || {
        let own = report.map(|report| model.with(|model| *model == report.model)).unwrap_or(false);
        own && !report.loading() && rested.get() == project.labelling.max_error.get()
    });
    (report, fresh)
}

/// A threshold as it is written into a field: three digits, rounded up, so that no item more is accepted.
pub fn written(threshold: f32) -> f64 {
    // The small part taken away is what the step from 32 to 64 bits may have added.
    (f64::from(threshold) * 1000.0 - 0.01).ceil() / 1000.0
}

/// The point of the curve that lies next to a threshold.
pub fn nearest(points: &[ThresholdPoint], threshold: f64) -> Option<ThresholdPoint> {
    let away = |point: &ThresholdPoint| (f64::from(point.threshold) - threshold).abs();
    points.iter().copied().min_by(|a, b| away(a).total_cmp(&away(b)))
}

/// Share of the items that goes to review at a point.
pub fn review_share(point: &ThresholdPoint) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let (review, all) = (point.to_review as f64, (point.to_review + point.accepted) as f64);
    if all > 0.0 { review / all } else { 0.0 }
}

/// The point that fits the accepted share of errors, on average or with certainty.
pub fn fitting(report: &ThresholdReport, labelling: Labelling) -> Option<ThresholdPoint> {
    if labelling.caution.with(|caution| caution == "safe") { report.cautious } else { report.suggested }
}

/// What a point means, in a sentence.
fn meaning(point: &ThresholdPoint, known: u64) -> String {
    let threshold = catalogue::decimal(lang(), written(point.threshold), 2);
    let review = review_share(point);
    match &point.error {
        Some(error) => {
            let interval = catalogue::percent_interval(lang(), error.low, error.high);
            Text::label_threshold_means(lang(), &threshold, review, error.share, &interval, known)
        }
        None => Text::label_threshold_review(lang(), &threshold, review),
    }
}

/// The segments of how sure one wants to be.
pub fn cautions() -> Vec<Choice> {
    vec![Choice::new("expected", t(Text::LabelCautionExpected)), Choice::new("safe", t(Text::LabelCautionSafe))]
}

/// The field, the certainty, and what the threshold means.
#[component]
pub fn ByError(
    /// The labeller.
    model: Memo<String>,
) -> impl IntoView {
    let project = Project::get();
    let labelling = project.labelling;
    let (report, fresh) = thresholds_of(project, model);
    let fit = Memo::new(move |before: Option<&Option<ThresholdPoint>>| {
        let wanted = labelling.max_error.get().is_some();
        let now = report.map(|report| fitting(report, labelling)).flatten().filter(|_| wanted);
        if fresh.get() { now } else { before.copied().flatten().filter(|_| wanted) }
    });
    // What was asked for sets the threshold; by hand it can still be changed after.
    Effect::new(move |_| {
        if let Some(point) = fit.get() {
            let threshold = Some(written(point.threshold));
            if labelling.applied.get_value() != threshold {
                labelling.applied.set_value(threshold);
                labelling.review_below(written(point.threshold));
            }
        }
    });
    let evidence = Memo::new(move |_| report.map(|report| (report.items > 0, report.known > 0)));
    let line = move || {
        let wanted = labelling.max_error.get();
        let threshold = labelling.review.get()?;
        report.map(|report| match (wanted, fit.get()) {
            (Some(percent), None) if fresh.get() => Some(Text::label_threshold_none(lang(), percent / 100.0)),
            _ => nearest(&report.points, threshold).map(|point| meaning(&point, report.known)),
        })?
    };
    let content = move || match evidence.get() {
        None => ().into_any(),
        Some((false, _)) => view! { <Lacking text=Text::LabelEvidenceNoItems offer=false /> }.into_any(),
        Some((_, false)) => view! { <Lacking text=Text::LabelEvidenceNoTruth offer=true /> }.into_any(),
        Some(_) => view! {
            <p class="small soft number" data-testid="label-threshold-means" role="status">{line}</p>
        }
        .into_any(),
    };
    let useless = Signal::derive(move || evidence.get().is_some_and(|(_, known)| !known));
    view! {
        <div class="label-by-error">
            <div class="label-pair">
                <NumberField
                    label=t(Text::LabelMaxError)
                    value=labelling.max_error
                    testid="label-max-error"
                    min=0.1
                    max=50.0
                    step=0.5
                    optional=true
                    placeholder=t(Text::LabelMaxErrorNone)
                    range_text=Text::number_range(lang(), &shortest(0.1), "50")
                    disabled=useless
                />
                <div class="field">
                    <span class="field-label">{t(Text::LabelCaution)}</span>
                    <Segmented label=t(Text::LabelCaution) choices=cautions() value=labelling.caution testid="label-caution" />
                </div>
            </div>
            <div class="label-means">{content}</div>
        </div>
    }
}

/// What is missing before errors are known.
#[component]
fn Lacking(text: Text, offer: bool) -> impl IntoView {
    let project = Project::get();
    view! {
        <div class="stack stack-tight" data-testid="label-no-evidence">
            <p class="small soft">{t(text)}</p>
            {offer
                .then(|| {
                    view! {
                        <div>
                            <Button
                                text=t(Text::LabelEvidenceOpen)
                                testid="label-open-trust"
                                kind=ButtonKind::Secondary
                                icon=Symbol::Right
                                keys="2"
                                on_click=move |()| project.label("trust")
                            />
                        </div>
                    }
                })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(threshold: f32) -> ThresholdPoint {
        ThresholdPoint { threshold, to_review: 18, accepted: 82, error: None }
    }

    #[test]
    fn a_written_threshold_accepts_no_more() {
        assert_eq!(written(0.6), 0.6);
        assert_eq!(written(0.7), 0.7);
        assert_eq!(written(0.631_45), 0.632);
        assert_eq!(written(1.0), 1.0);
    }

    #[test]
    fn the_nearest_point_is_picked_not_computed() {
        let points = [point(0.5), point(0.63), point(0.9)];
        assert_eq!(nearest(&points, 0.6).map(|point| point.threshold), Some(0.63));
        assert_eq!(nearest(&[], 0.6), None);
        assert!((review_share(&points[0]) - 0.18).abs() < 1e-9);
    }
}
