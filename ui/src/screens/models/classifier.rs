//! A classifier: what it learned from, how often it is right, and learning anew.

use contract::job::{JobKind, JobStatus};
use contract::labeller::{ClassifierState, GetClassifier, StartTraining, TrainingReport};
use leptos::prelude::*;

use super::kind::share_with_interval;
use crate::components::{Badge, Button, ButtonKind, ErrorBox, IntervalBar, Notice, Symbol, Tone};
use crate::screens::jobs::{JobActions, JobBadge, JobMeter};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Domains, Loaded, Project, Remote, Sending};
use crate::text::{Text, date_time, lang, t};

/// The state and the button.
#[component]
pub fn ClassifierPanel(
    /// The classifier's name.
    name: String,
) -> impl IntoView {
    let project = Project::get();
    let domains = Domains::load();
    let name = StoredValue::new(name);
    let state = Remote::new(move || {
        project.changed.track();
        Some(GetClassifier { project: project.folder(), model: name.get_value() })
    });
    let starting = Sending::new();
    let job = Memo::new(move |_| {
        let own = |job: &&JobStatus| job.kind == JobKind::Train && name.with_value(|name| job.subject == *name);
        project.jobs.with(|jobs| jobs.iter().find(own).cloned())
    });
    let running = Memo::new(move |_| {
        job.with(|job| job.as_ref().is_some_and(|job| !matches!(job.state, contract::job::JobState::Done)))
    });
    let active = Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| job.state.is_active())));
    let nothing = Memo::new(move |_| state.map(|state| state.examples_now == 0).unwrap_or(true));
    let blocked = Signal::derive(move || project.read_only().get() || active.get() || nothing.get());
    let train = Callback::new(move |()| {
        if !blocked.get_untracked() {
            let request = StartTraining { project: project.folder(), model: name.get_value() };
            starting.send(request, move |job| project.follow(job));
        }
    });
    use_shortcuts(t(Text::ModelsTitle), move || vec![Shortcut::new("l", t(Text::ClassifierTrain), train)]);
    let job_line = move || {
        job.get().filter(|_| running.get()).map(|first| {
            let job = Signal::derive(move || job.get().unwrap_or_else(|| first.clone()));
            view! {
                <div class="stack stack-tight" data-testid="classifier-job">
                    <div class="row">
                        <span class="grow"><JobBadge job=job /></span>
                        <JobActions job=job testid="classifier" />
                    </div>
                    <JobMeter job=job />
                    {move || job.with(|job| job.error.clone()).map(|error| view! { <ErrorBox error=error /> })}
                </div>
            }
        })
    };
    view! {
        <section class="panel" data-testid="classifier">
            <div class="panel-head">
                <div class="row">
                    <h2>{t(Text::ClassifierTitle)}</h2>
                    {move || state.get().and_then(|state| news(&state))}
                </div>
                <Button
                    text=t(Text::ClassifierTrain)
                    testid="classifier-train"
                    icon=Symbol::Play
                    kind=ButtonKind::Secondary
                    keys="L"
                    disabled=blocked
                    busy=starting.busy()
                    title=t(Text::ClassifierTrainHint)
                    on_click=train
                />
            </div>
            <div class="panel-body stack">
                {move || starting.error().get().map(|error| view! { <ErrorBox error=error /> })} {job_line}
                <Loaded remote=state lines=4>
                    {move || state.get().map(|state| view! { <StateOf state=state domains=domains /> })}
                </Loaded>
            </div>
        </section>
    }
}

/// How many examples came since the last training.
fn news(state: &ClassifierState) -> Option<impl IntoView + use<>> {
    let learned = state.report.as_ref()?.examples;
    let more = state.examples_now.saturating_sub(learned);
    (more > 0).then(|| {
        view! { <Badge text=Text::classifier_new(lang(), more) tone=Tone::Info /> }
    })
}

/// What is known of it.
#[component]
fn StateOf(state: ClassifierState, domains: Domains) -> impl IntoView {
    let Some(report) = state.report else {
        let text = match state.examples_now {
            0 => t(Text::ClassifierNothing).to_owned(),
            some => Text::classifier_untrained_text(lang(), some),
        };
        return view! {
            <div class="stack stack-tight" data-testid="classifier-untrained">
                <h3>{t(Text::ClassifierUntrained)}</h3>
                <p class="soft">{text}</p>
            </div>
        }
        .into_any();
    };
    let trained = state.trained.map(date_time).unwrap_or_default();
    view! { <Learned report=report trained=trained domains=domains /> }.into_any()
}

/// What the last training gave.
#[component]
fn Learned(report: TrainingReport, trained: String, domains: Domains) -> impl IntoView {
    let seconds = |millis: u64| {
        #[allow(clippy::cast_precision_loss)]
        let seconds = millis as f64 / 1000.0;
        seconds
    };
    let accuracy = match &report.accuracy {
        Some(accuracy) => {
            let interval = catalogue::percent_interval(lang(), accuracy.low, accuracy.high);
            let judged = Text::classifier_judged(lang(), &interval, report.folds.into(), accuracy.of);
            view! {
                <div class="classifier-accuracy" data-testid="classifier-accuracy">
                    <b class="figure-number">{catalogue::percent_fine(lang(), accuracy.share)}</b>
                    <div class="stack stack-tight grow">
                        <span>{t(Text::ClassifierAccuracy)}</span>
                        <IntervalBar
                            share=accuracy.share
                            low=accuracy.low
                            high=accuracy.high
                            label=share_with_interval(accuracy)
                        />
                        <span class="small faint">{judged}</span>
                    </div>
                </div>
            }
            .into_any()
        }
        None => view! { <Notice tone=Tone::Info title=t(Text::ClassifierAccuracyNone) /> }.into_any(),
    };
    let count = report.missing.len() as u64;
    let missing = (count > 0).then(|| {
        let names: Vec<String> = report.missing.iter().take(12).map(|id| domains.name(id)).collect();
        let names = if count > 12 { format!("{}…", names.join(", ")) } else { names.join(", ") };
        view! {
            <Notice tone=Tone::Warn title=Text::classifier_missing(lang(), count) testid="classifier-missing">
                <p class="soft small">{names}</p>
            </Notice>
        }
    });
    let ece = report.ece_before.zip(report.ece_after).map(|(before, after)| {
        view! {
            <dt title=t(Text::TrustEceHint)>{t(Text::ClassifierEce)}</dt>
            <dd class="number">{Text::ece_before_after(lang(), before, after)}</dd>
        }
    });
    view! {
        <div class="stack" data-testid="classifier-report">
            {accuracy} {missing} <dl class="facts">
                <dt>{t(Text::ClassifierExamples)}</dt>
                <dd class="number">{Text::classifier_examples(lang(), report.examples, report.decisions)}</dd>
                <dt>{t(Text::ClassifierDomains)}</dt>
                <dd class="number">{crate::text::number(report.domains)}</dd>
                {ece}
                <dt>{t(Text::ClassifierTimes)}</dt>
                <dd class="number">
                    {Text::classifier_times(lang(), seconds(report.encoding_millis), seconds(report.training_millis))}
                </dd>
                <dt>{t(Text::ClassifierTrained)}</dt>
                <dd class="number">{trained}</dd>
            </dl>
            <p class="small faint">{t(Text::ClassifierTrainHint)}</p>
        </div>
    }
}
