//! One version: its statistics, and checking it out.

use contract::JobId;
use contract::job::{JobResult, JobState};
use contract::version::{CheckoutReport, GetVersion, StartCheckout, VersionDetail};
use leptos::prelude::*;

use super::bars::{DomainBars, DomainParts};
use crate::components::{Badge, Button, ButtonKind, ErrorBox, Notice, PathField, PathKind, Symbol, Tone};
use crate::screens::jobs::{JobActions, JobMeter};
use crate::state::{Domains, Loaded, Project, Remote, Sending};
use crate::text::{Text, date_time, lang, number, t};

/// The version.
#[component]
pub fn VersionPanel(
    /// Its number.
    version: String,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let project = Project::get();
    let asked = version.clone();
    let detail = Remote::new(move || Some(GetVersion { project: project.folder(), version: asked.clone() }));
    view! {
        <div class="stack" data-testid="version-detail">
            <section class="panel">
                <Loaded remote=detail lines=8>
                    {move || detail.get().map(|detail| view! { <Statistics detail=detail domains=domains /> })}
                </Loaded>
            </section>
            <Checkout version=version />
        </div>
    }
}

/// The numbers of a version.
#[component]
fn Statistics(detail: VersionDetail, domains: Domains) -> impl IntoView {
    let summary = detail.summary;
    let tile = |text: Text, count: u64| {
        view! {
            <div class="label-tile">
                <b class="figure-number">{number(count)}</b>
                <span class="small soft">{t(text)}</span>
            </div>
        }
    };
    let changes = summary.parent.is_some().then(|| {
        view! {
            {tile(Text::VersionAdded, summary.added)} {tile(Text::VersionRemoved, summary.removed)}
            {tile(Text::VersionRelabelled, summary.relabelled)}
        }
    });
    let mean = Text::version_mean_length(lang(), &catalogue::decimal(lang(), detail.mean_length, 1));
    let sources: Vec<String> = detail.metadata.sources.iter().map(|source| source.name.clone()).collect();
    let counts = detail.domains;
    let rows = Signal::derive(move || {
        let parts = |(id, (train, eval)): (&String, &(u64, u64))| DomainParts {
            name: domains.name(id),
            parts: [*train, *eval, 0],
        };
        let mut rows: Vec<DomainParts> = counts.iter().map(parts).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.parts[0] + row.parts[1]));
        rows
    });
    view! {
        <div class="panel-head">
            <div class="row">
                <h2 class="number">{summary.version.clone()}</h2>
                {summary.tag.clone().map(|tag| view! { <Badge text=tag tone=Tone::Accent /> })}
            </div>
            <span class="small faint number clip">{format!("{} · {}", summary.author, date_time(summary.committed))}</span>
        </div>
        <div class="panel-body stack stack-wide">
            <p class="version-message" data-testid="version-message">{summary.message.clone()}</p>
            <div class="label-tiles">
                {tile(Text::SplitTrain, summary.train)} {tile(Text::SplitEvalPart, summary.eval)}
                {tile(Text::VersionDomains, summary.domains)} {changes}
            </div>
            <dl class="facts">
                <dt>{t(Text::VersionMeanLength)}</dt>
                <dd class="number">{mean}</dd>
                <dt>{t(Text::VersionSources)}</dt>
                <dd>{sources.join(", ")}</dd>
                {summary.parent.clone().map(|parent| view! { <dt>{t(Text::VersionParent)}</dt> <dd class="number">{parent}</dd> })}
                <dt>{t(Text::VersionStored)}</dt>
                <dd class="number">{catalogue::file_size(lang(), summary.stored_bytes)}</dd>
                <dt>{t(Text::DatasetHash)}</dt>
                <dd class="mono small">{detail.metadata.input_hash.clone()}</dd>
            </dl>
            <DomainBars domains=rows testid="version-domains" />
        </div>
    }
}

/// Writing a version's files to a folder.
#[component]
fn Checkout(version: String) -> impl IntoView {
    let project = Project::get();
    let folder = RwSignal::new(String::new());
    let starting = Sending::new();
    let started = RwSignal::new(None::<JobId>);
    let job = Memo::new(move |_| started.get().and_then(|id| project.job(id)));
    let active = Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| job.state.is_active())));
    let blocked = project.read_only();
    let empty = Memo::new(move |_| folder.with(|folder| folder.trim().is_empty()));
    let check_out = move |()| {
        if empty.get_untracked() || active.get_untracked() || blocked.get_untracked() {
            return;
        }
        let to = folder.with_untracked(|folder| folder.trim().to_owned());
        let request = StartCheckout { project: project.folder(), version: version.clone(), to };
        starting.send(request, move |id| {
            started.set(Some(id));
            project.follow(id);
        });
    };
    let check_out = Callback::new(check_out);
    let progress = move || {
        let job_now = job.get()?;
        Some(match (&job_now.result, &job_now.error, job_now.state) {
            (Some(JobResult::Checkout(report)), _, JobState::Done) => {
                view! { <CheckedOut report=report.clone() /> }.into_any()
            }
            (_, Some(error), _) => view! { <ErrorBox error=error.clone() /> }.into_any(),
            _ => view! {
                <div class="split-job">
                    <div class="grow"><JobMeter job=job_now.clone() /></div>
                    <JobActions job=job_now testid="checkout" />
                </div>
            }
            .into_any(),
        })
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>{t(Text::CheckoutTitle)}</h2>
            </div>
            <div class="panel-body stack">
                <PathField
                    label=t(Text::CheckoutFolder)
                    kind=PathKind::Folder
                    value=folder
                    testid="checkout-folder"
                    browse_text=t(Text::ActionChooseFolder)
                    hint=t(Text::CheckoutFolderHint)
                    on_enter=check_out
                />
                <div>
                    <Button
                        text=t(Text::CheckoutStart)
                        testid="checkout-start"
                        kind=ButtonKind::Primary
                        icon=Symbol::Import
                        disabled=Signal::derive(move || empty.get() || active.get() || blocked.get())
                        busy=starting.busy()
                        on_click=check_out
                    />
                </div>
                {move || starting.error().get().map(|error| view! { <ErrorBox error=error /> })}
                {progress}
            </div>
        </section>
    }
}

/// What a checkout wrote.
#[component]
fn CheckedOut(report: CheckoutReport) -> impl IntoView {
    let file = |(name, hash): (String, String)| {
        view! {
            <dt class="mono">{name}</dt>
            <dd class="mono small">{hash}</dd>
        }
    };
    view! {
        <Notice tone=Tone::Good title=Text::checkout_done(lang(), &report.version) testid="checkout-done">
            <p class="mono small copyable">{report.folder}</p>
            <dl class="facts">{report.files.into_iter().map(file).collect_view()}</dl>
        </Notice>
    }
}
