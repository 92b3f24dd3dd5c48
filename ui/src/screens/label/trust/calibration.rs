//! Calibration: whether confidence means what it says, and the correction.

use contract::confidence::{CalibrationMethod, CalibrationReport, GetCalibration, GetPlot, Plot, StartCalibration};
use contract::job::{JobKind, JobState, JobStatus};
use leptos::prelude::*;

use crate::components::{Badge, Button, ButtonKind, Checkbox, ErrorBox, NumberField, SvgPlot, Symbol, Tone};
use crate::screens::jobs::{JobActions, JobBadge, JobMeter};
use crate::screens::models::kind::share_with_interval;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Loaded, Project, Remote, Sending};
use crate::text::{Text, date_time, lang, t};

/// The panel.
#[component]
pub fn Calibration(
    /// The labeller.
    model: Memo<String>,
) -> impl IntoView {
    let project = Project::get();
    let report = Remote::new(move || {
        project.changed.track();
        let model = model.get();
        (!model.is_empty()).then(|| GetCalibration { project: project.folder(), model })
    });
    // The answer may still be that of the labeller chosen before.
    let own = Memo::new(move |_| report.get().flatten().filter(|report| model.with(|model| *model == report.model)));
    let plot = Remote::new(move || {
        let model = own.get()?.model;
        Some(GetPlot { project: project.folder(), plot: Plot::Reliability { model }, language: lang() })
    });
    let limit = RwSignal::new(Some(2000.0));
    // The threshold beside it goes by the same truth.
    let trust_labels = project.labelling.trust_labels;
    let starting = Sending::new();
    let job = Memo::new(move |_| {
        let own = |job: &&JobStatus| job.kind == JobKind::Calibrate && model.with(|model| job.subject == *model);
        project.jobs.with(|jobs| jobs.iter().find(own).cloned())
    });
    let active = Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| job.state.is_active())));
    let blocked = Signal::derive(move || project.read_only().get() || active.get() || model.with(String::is_empty));
    let start = Callback::new(move |()| {
        if blocked.get_untracked() {
            return;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let limit = limit.get_untracked().map_or(2000, |limit| limit as u64);
        let request = StartCalibration {
            project: project.folder(),
            model: model.get_untracked(),
            limit,
            trust_labels: trust_labels.get_untracked(),
        };
        starting.send(request, move |job| project.follow(job));
    });
    use_shortcuts(t(Text::LabelTabTrust), move || vec![Shortcut::new("c", t(Text::TrustCalibrate), start)]);
    let job_line = move || {
        job.get().filter(|job| job.state != JobState::Done).map(|first| {
            let job = Signal::derive(move || job.get().unwrap_or_else(|| first.clone()));
            view! {
                <div class="stack stack-tight" data-testid="trust-calibrate-job">
                    <div class="row">
                        <span class="grow"><JobBadge job=job /></span>
                        <JobActions job=job testid="trust-calibrate" />
                    </div>
                    <JobMeter job=job />
                    {move || job.with(|job| job.error.clone()).map(|error| view! { <ErrorBox error=error /> })}
                </div>
            }
        })
    };
    let done = Memo::new(move |_| own.with(Option::is_some));
    let button =
        Signal::derive(move || t(if done.get() { Text::TrustCalibrateAgain } else { Text::TrustCalibrate }).to_owned());
    view! {
        <section class="panel" data-testid="trust-calibration">
            <div class="panel-head">
                <h2>{t(Text::TrustCalibration)}</h2>
                <Button
                    text=button
                    testid="trust-calibrate"
                    kind=ButtonKind::Secondary
                    icon=Symbol::Play
                    keys="C"
                    disabled=blocked
                    busy=starting.busy()
                    on_click=start
                />
            </div>
            <div class="panel-body stack">
                {move || starting.error().get().map(|error| view! { <ErrorBox error=error /> })}
                <SvgPlot
                    svg=Signal::derive(move || plot.get().filter(|_| done.get()))
                    loading=Signal::derive(move || report.loading() || (done.get() && plot.loading()))
                    none_text=Signal::derive(move || {
                        match plot.error().filter(|_| done.get()) {
                            Some(error) => crate::text::explain(&error),
                            None => t(Text::TrustCalibrationNoneText).to_owned(),
                        }
                    })
                    label=t(Text::TrustReliability)
                    testid="trust-reliability"
                />
                {job_line}
                <Loaded remote=report lines=4>
                    {move || match own.get() {
                        Some(report) => view! { <Found report=report /> }.into_any(),
                        None => view! { <h3 data-testid="trust-uncalibrated">{t(Text::TrustCalibrationNone)}</h3> }.into_any(),
                    }}
                </Loaded>
                <div class="trust-options">
                    <NumberField
                        label=t(Text::TrustLimit)
                        value=limit
                        testid="trust-limit"
                        min=10.0
                        max=100_000.0
                        step=100.0
                        hint=t(Text::TrustLimitHint)
                        range_text=Text::number_range(lang(), "10", "100000")
                    />
                    <Checkbox
                        label=t(Text::TrustLabels)
                        checked=trust_labels
                        testid="trust-labels"
                        hint=t(Text::TrustLabelsHint)
                    />
                </div>
            </div>
        </section>
    }
}

/// What the calibration found.
#[component]
fn Found(report: CalibrationReport) -> impl IntoView {
    let number = |value: f64, places| catalogue::decimal(lang(), value, places);
    let method = match report.method {
        CalibrationMethod::None => t(Text::MethodNone).to_owned(),
        CalibrationMethod::Temperature { temperature } if temperature > 1.0 => {
            Text::method_over(lang(), &number(temperature, 2))
        }
        CalibrationMethod::Temperature { temperature } => Text::method_under(lang(), &number(temperature, 2)),
        CalibrationMethod::Isotonic { steps } => Text::method_isotonic(lang(), steps.into()),
    };
    let change = |before: String, after: String, better: bool| {
        let tone = if better { Tone::Good } else { Tone::Plain };
        view! {
            <span class="row">
                <span class="number">{before}</span>
                "→"
                <Badge text=after tone=tone />
            </span>
        }
    };
    let fine = |share: f64| catalogue::percent_fine(lang(), share);
    let (before, after) = (&report.before, &report.after);
    view! {
        <div class="stack stack-tight" data-testid="trust-report">
            <p data-testid="trust-method">{method}</p>
            <dl class="facts">
                <dt title=t(Text::TrustEceHint)>{t(Text::TrustEce)}</dt>
                <dd data-testid="trust-ece">{change(fine(before.ece), fine(after.ece), after.ece < before.ece)}</dd>
                <dt>{t(Text::TrustBrier)}</dt>
                <dd>{change(number(before.brier, 3), number(after.brier, 3), after.brier < before.brier)}</dd>
                <dt>{t(Text::TrustAccuracy)}</dt>
                <dd class="number">{share_with_interval(&report.accuracy)}</dd>
                <dt>{t(Text::TrustExamples)}</dt>
                <dd class="number">{Text::trust_examples(lang(), report.examples)}</dd>
                <dt>{t(Text::TrustFitted)}</dt>
                <dd class="number">{date_time(report.at)}</dd>
            </dl>
        </div>
    }
}
