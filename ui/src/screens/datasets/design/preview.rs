//! What the settings would give.

use contract::dataset::{DomainSplit, SplitPreview};
use leptos::prelude::*;

use crate::components::{Bar, Button, Notice, StackedBar, Symbol, Tone};
use crate::frame::Screen;
use crate::screens::datasets::bars::{DomainBars, DomainParts};
use crate::screens::datasets::notes;
use crate::state::{Domains, Loaded, Project, Remote};
use crate::text::{Text, lang, number, t};

/// The counts.
#[component]
pub fn Preview(
    /// The split in numbers.
    preview: Remote<SplitPreview>,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    view! {
        <section class="panel" data-testid="write-preview" aria-busy=move || preview.loading().then_some("true")>
            <div class="panel-body stack stack-wide">
                <Loaded remote=preview lines=10 strict=true>
                    <Counts preview=preview domains=domains />
                </Loaded>
            </div>
        </section>
    }
}

#[component]
fn Counts(preview: Remote<SplitPreview>, domains: Domains) -> impl IntoView {
    let project = Project::get();
    let read = move |field: fn(&SplitPreview) -> u64| preview.map(field).unwrap_or_default();
    let left_out = |preview: &SplitPreview| preview.domains.iter().map(|domain| domain.left_out).sum::<u64>();
    let tile = move |text: Text, testid: &'static str, field: fn(&SplitPreview) -> u64| {
        view! {
            <div class="label-tile">
                <b class="figure-number" data-testid=testid>{move || number(read(field))}</b>
                <span class="small soft">{t(text)}</span>
            </div>
        }
    };
    let bar = move |text: Text, field: fn(&SplitPreview) -> u64, colour: usize| {
        let count = read(field);
        #[allow(clippy::cast_precision_loss)]
        let value = count as f64;
        Bar { name: t(text).to_owned(), value, text: number(count), colour }
    };
    let origins = Signal::derive(move || {
        vec![
            bar(Text::SplitDecided, |preview| preview.decided, 0),
            bar(Text::SplitConfidentPart, |preview| preview.confident, 2),
            bar(Text::SplitUncheckedPart, |preview| preview.unchecked, 9),
        ]
    });
    let told = move || preview.map(|preview| notes::lines(&preview.notes, domains)).unwrap_or_default();
    let notes_view = move || {
        let lines = told();
        let line = |line: String| view! { <p>{line}</p> };
        (!lines.is_empty()).then(|| {
            view! {
                <Notice tone=Tone::Info title=t(Text::SplitNotes) testid="write-notes">
                    {lines.into_iter().map(line).collect_view()}
                </Notice>
            }
        })
    };
    let waiting = move || {
        let count = read(|preview| preview.waiting.unwrap_or_default());
        (count > 0).then(|| {
            view! {
                <Notice tone=Tone::Warn title=Text::split_waiting(lang(), count) testid="write-waiting">
                    <div>
                        <Button
                            text=t(Text::DatasetsGoReview)
                            testid="datasets-go-review"
                            icon=Symbol::Review
                            keys=Screen::Review.keys()
                            on_click=move |()| project.go(Screen::Review)
                        />
                    </div>
                </Notice>
            }
        })
    };
    // Beside the title, whose line is there anyway: nothing moves when it goes.
    let pending = move || {
        let pending = preview.map(|preview| preview.near_duplicates_pending).unwrap_or_default();
        pending.then(|| {
            view! {
                <span class="small soft" role="status" data-testid="write-near-pending">{t(Text::SplitNearPending)}</span>
            }
        })
    };
    let nothing = move || read(|preview| preview.train + preview.eval) == 0;
    let rows = Signal::derive(move || {
        let parts = |domain: &DomainSplit| DomainParts {
            name: domains.name(&domain.domain),
            parts: [domain.train, domain.eval, domain.left_out],
        };
        preview.map(|preview| preview.domains.iter().map(parts).collect::<Vec<_>>()).unwrap_or_default()
    });
    view! {
        <div class="split-tiles">
            {tile(Text::SplitTrain, "write-train-count", |preview| preview.train)}
            {tile(Text::SplitEvalPart, "write-eval-count", |preview| preview.eval)}
            {tile(Text::SplitLeftOut, "write-left-out", left_out)}
            <div class="split-origin">
                <span class="small soft">{t(Text::SplitFrom)}</span>
                <StackedBar bars=origins label=t(Text::SplitFrom) testid="write-origins" />
            </div>
        </div>
        <Show when=nothing>
            <Notice tone=Tone::Warn title=t(Text::SplitNothing)>
                <div>
                    <Button
                        text=t(Text::DatasetsGoLabel)
                        testid="datasets-go-label"
                        icon=Symbol::Label
                        keys=Screen::Label.keys()
                        on_click=move |()| project.go(Screen::Label)
                    />
                </div>
            </Notice>
        </Show>
        {waiting}
        {notes_view}
        <div class="stack stack-tight">
            <div class="split-head">
                <h3>{t(Text::SplitByDomain)}</h3>
                {pending}
            </div>
            <DomainBars domains=rows with_left_out=true testid="write-domains" />
        </div>
        <More preview=preview />
    }
}

/// Groups, repeats and folds, where there are any.
#[component]
fn More(preview: Remote<SplitPreview>) -> impl IntoView {
    let fact = |name: Text, value: String, testid: &'static str| {
        view! {
            <dt>{t(name)}</dt>
            <dd data-testid=testid>{value}</dd>
        }
    };
    let facts = move || {
        let (groups, grouped, repeated) = preview
            .map(|preview| (preview.groups.unwrap_or_default(), preview.grouped.unwrap_or_default(), preview.repeated))
            .unwrap_or_default();
        let together =
            (groups > 0).then(|| fact(Text::SplitGroups, Text::split_groups(lang(), groups, grouped), "write-groups"));
        let again = (repeated > 0).then(|| fact(Text::SplitRepeated, number(repeated), "write-repeated"));
        (together.is_some() || again.is_some()).then(|| view! { <dl class="facts number">{together} {again}</dl> })
    };
    let fold = |(at, (train, eval)): (usize, (u64, u64))| {
        view! {
            <tr>
                <td>{Text::split_fold(lang(), at as u64 + 1)}</td>
                <td class="right number">{number(train)}</td>
                <td class="right number">{number(eval)}</td>
            </tr>
        }
    };
    let folds = move || {
        let folds = preview.map(|preview| preview.folds.clone()).unwrap_or_default();
        (!folds.is_empty()).then(|| {
            view! {
                <div class="stack stack-tight">
                    <h3>{t(Text::SplitFoldsTitle)}</h3>
                    <table class="table split-folds" data-testid="write-fold-counts">
                        <thead>
                            <tr>
                                <th></th>
                                <th class="right">{t(Text::SplitTrain)}</th>
                                <th class="right">{t(Text::SplitEvalPart)}</th>
                            </tr>
                        </thead>
                        <tbody>{folds.into_iter().enumerate().map(fold).collect_view()}</tbody>
                    </table>
                </div>
            }
        })
    };
    view! {
        {facts}
        {folds}
    }
}
