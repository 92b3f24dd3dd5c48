//! The latest run: how far it is and what it has found so far.

use contract::job::{JobKind, JobResult, JobState, JobStatus};
use contract::label::LabelReport;
use leptos::prelude::*;

use crate::components::{Button, ButtonKind, ErrorBox, Histogram, Notice, Symbol, Tone};
use crate::frame::Screen;
use crate::screens::jobs::{JobActions, JobBadge, JobMeter};
use crate::state::Project;
use crate::text::{Text, lang, now, number, t};

/// The latest labelling run, if there was one.
#[component]
pub fn LatestRun() -> impl IntoView {
    let project = Project::get();
    let id = Memo::new(move |_| {
        project.jobs.with(|jobs| jobs.iter().find(|job| job.kind == JobKind::Label).map(|job| job.id))
    });
    move || match id.get().and_then(|id| untrack(|| project.job(id))) {
        Some(job) => view! { <Run first=job /> }.into_any(),
        None => view! {
            <section class="panel panel-body stack stack-tight" data-testid="label-no-run">
                <h2>{t(Text::LabelNoRun)}</h2>
                <p class="soft">{t(Text::LabelNoRunText)}</p>
            </section>
        }
        .into_any(),
    }
}

/// One run.
#[component]
fn Run(first: JobStatus) -> impl IntoView {
    let project = Project::get();
    let id = first.id;
    let job = Memo::new(move |_| project.job(id).unwrap_or_else(|| first.clone()));
    let report = Memo::new(move |_| {
        job.with(|job| match &job.result {
            Some(JobResult::Label(report)) => LabelReport::clone(report),
            _ => LabelReport::default(),
        })
    });
    let tile = move |text: Text, testid: &'static str, read: fn(&LabelReport) -> u64, tone: &'static str| {
        view! {
            <div class="label-tile" data-testid=testid>
                <b class=format!("figure-number {tone}")>{move || report.with(|report| number(read(report)))}</b>
                <span class="small soft">{t(text)}</span>
            </div>
        }
    };
    let bins = Signal::derive(move || report.with(|report| report.confidence.to_vec()));
    let small = move || {
        report.with(|report| {
            let some =
                |count: u64, text: fn(catalogue::Language, u64) -> String| (count > 0).then(|| text(lang(), count));
            let tokens = (report.prompt_tokens + report.completion_tokens > 0)
                .then(|| Text::label_tokens_spent(lang(), report.prompt_tokens, report.completion_tokens));
            let tried = report.labelled + report.failed;
            #[allow(clippy::cast_precision_loss)]
            let errors = (tried > 0)
                .then(|| Text::label_error_rate(lang(), report.failed as f64 / tried as f64, report.failed, tried));
            [errors, tokens, some(report.from_cache, Text::label_cached), some(report.retries, Text::label_retried)]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · ")
        })
    };
    let failures = Memo::new(move |_| report.with(|report| (report.failed, report.last_failure.clone())));
    let failed = move || {
        let (count, last) = failures.get();
        (count > 0).then(|| {
            view! {
                <Notice tone=Tone::Warn title=Text::label_failures(lang(), count)>
                    {last.map(|error| view! { <p class="soft">{crate::text::explain(&error)}</p> })}
                </Notice>
            }
        })
    };
    let beyond = move || {
        let count = report.with(|report| report.beyond_queue);
        (count > 0).then(|| view! { <Notice tone=Tone::Info title=Text::label_full_queue(lang(), count) /> })
    };
    let waits = Memo::new(move |_| report.with(|report| report.paused.clone()));
    // The event that tells of a pause comes ten times a second while it lasts.
    let paused = move || {
        let pause = waits.get()?;
        let said = catalogue::pause(lang(), &pause, now());
        Some(view! { <div data-testid="label-paused"><Notice tone=Tone::Warn title=said /></div> })
    };
    let passed = Memo::new(move |_| report.with(|report| catalogue::traffic(lang(), report)));
    let error = Memo::new(move |_| job.with(|job| job.error.clone()));
    let over = Memo::new(move |_| job.with(|job| !job.state.is_active()));
    let queued = Memo::new(move |_| job.with(|job| job.state == JobState::Queued));
    let to_review = Memo::new(move |_| project.overview.with(|overview| overview.waiting) > 0);
    view! {
        <section class="panel" data-testid="label-run">
            <div class="panel-head">
                <div class="row">
                    <h2 class="label-latest">{t(Text::LabelLatest)}</h2>
                    <span class="soft clip">{move || job.with(|job| job.subject.clone())}</span>
                    <JobBadge job=job />
                </div>
                <div class="row">
                    <Show when=move || over.get() && to_review.get()>
                        <Button
                            text=t(Text::LabelGoReview)
                            testid="label-go-review"
                            keys=Screen::Review.keys()
                            kind=ButtonKind::Primary
                            icon=Symbol::Review
                            on_click=move |()| project.go(Screen::Review)
                        />
                    </Show>
                    <JobActions job=job testid="label" />
                </div>
            </div>
            <div class="panel-body stack">
                <JobMeter job=job />
                <Show when=move || queued.get()>
                    <p class="small soft">{t(Text::LabelWaitsModel)}</p>
                </Show>
                {move || error.get().map(|error| view! { <ErrorBox error=error /> })}
                <div class="label-tiles">
                    {tile(Text::LabelLabelled, "label-labelled", |report| report.labelled, "")}
                    {tile(Text::LabelConfident, "label-confident", |report| report.confident, "")}
                    {tile(Text::LabelToReview, "label-to-review", |report| report.to_review, "")}
                    {tile(Text::LabelAgreed, "label-agreed", |report| report.agreed, "")}
                    {tile(Text::LabelDisagreed, "label-disagreed", |report| report.disagreed, "")}
                    {tile(Text::LabelFailed, "label-failed", |report| report.failed, "")}
                    <Show when=move || report.with(|report| report.no_domain > 0)>
                        {tile(Text::LabelNoDomain, "label-no-domain", |report| report.no_domain, "")}
                    </Show>
                    <Show when=move || report.with(|report| report.by_strong > 0)>
                        {tile(Text::LabelByStrong, "label-by-strong", |report| report.by_strong, "")}
                    </Show>
                </div>
                <figure class="label-histogram">
                    <Histogram bins=bins label=t(Text::LabelHistogram) testid="label-histogram" />
                    <figcaption class="small faint">{t(Text::LabelTabConfidence)}</figcaption>
                </figure>
                <span class="small faint number" data-testid="label-small">{small}</span>
                {paused}
                <Show when=move || passed.with(|lines| !lines.is_empty())>
                    <ul class="small soft" data-testid="label-traffic">
                        {move || passed.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                    </ul>
                </Show>
                {failed}
                {beyond}
            </div>
        </section>
    }
}
