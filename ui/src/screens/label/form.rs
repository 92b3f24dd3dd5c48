//! The form of a new run.

use std::time::Duration;

use contract::item::CountItems;
use contract::label::{Budget, StartLabelling};
use contract::model::ModelEntry;
use leptos::prelude::*;

use super::by_error::ByError;
use super::labeller::{current_labeller, labeller_choices};
use super::scope::{scope, taken, thresholds};
use crate::components::{Button, ButtonKind, Checkbox, ErrorBox, Field, NumberField, Select, Symbol, TextField};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Remote, Sending, settled};
use crate::text::{Text, explain, lang, t};

/// How long typing rests before items are counted.
const REST: Duration = Duration::from_millis(250);

/// A new run.
#[component]
pub fn RunForm(
    /// The project's models.
    models: Remote<Vec<ModelEntry>>,
) -> impl IntoView {
    let project = Project::get();
    let (chosen, review, high) = (project.labelling.labeller, project.labelling.review, project.labelling.high);
    let filter = RwSignal::new(String::new());
    let limit = RwSignal::new(None::<f64>);
    let random = RwSignal::new(false);
    let seed = RwSignal::new(Some(42.0));
    let (minutes, tokens) = (RwSignal::new(None::<f64>), RwSignal::new(None::<f64>));
    let starting = Sending::new();
    let model = current_labeller(project, models);
    let read = move || filter.with(|filter| scope(filter, limit.get(), random.get(), seed.get()));
    let limits = move || thresholds(review.get(), high.get());
    let rested = settled(move || filter.get(), REST);
    let count = Remote::new(move || {
        project.changed.track();
        let filter = rested.with(|filter| scope(filter, None, false, None)).ok()?.filter;
        Some(CountItems { project: project.folder(), filter })
    });
    let matching = move || count.map(|count| *count);
    let wrong_filter = move || read().err().map(|error| explain(&error)).unwrap_or_default();
    let scope_line = move || match matching() {
        None => t(Text::LabelCounting).to_owned(),
        Some(0) => t(Text::LabelScopeNone).to_owned(),
        Some(all) => match taken(all, limit.get()) {
            some if some < all => Text::label_scope_part(lang(), some, all),
            _ => Text::label_scope_all(lang(), all),
        },
    };
    let wrong_thresholds = move || if limits().is_none() { t(Text::LabelHighAbove).to_owned() } else { String::new() };
    let blocked = project.read_only();
    let can_start = Memo::new(move |_| {
        !blocked.get() && !model.with(String::is_empty) && read().is_ok() && limits().is_some() && matching() != Some(0)
    });
    let start = move |()| {
        let (Ok(scope), Some(thresholds)) = (untrack(read), untrack(limits)) else { return };
        if !can_start.get_untracked() {
            return;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The fields take whole numbers above 0.
        let budget = Budget {
            max_tokens: tokens.get_untracked().map(|tokens| tokens as u64),
            max_seconds: minutes.get_untracked().map(|minutes| (minutes * 60.0) as u64),
        };
        let model = model.get_untracked();
        let request = StartLabelling { project: project.folder(), model, scope, thresholds, budget };
        starting.send(request, move |job| project.follow(job));
    };
    use_shortcuts(t(Text::LabelTitle), move || {
        vec![Shortcut::new("Ctrl+Enter", t(Text::LabelStart), move || start(()))]
    });
    let why = move || if blocked.get() { t(Text::ReadOnlyBanner).to_owned() } else { String::new() };
    view! {
        <section class="panel label-form">
            <div class="panel-head">
                <h2>{t(Text::LabelRun)}</h2>
                <Button
                    text=t(Text::LabelStart)
                    testid="label-start"
                    kind=ButtonKind::Primary
                    icon=Symbol::Play
                    keys="Ctrl+Enter"
                    disabled=Signal::derive(move || !can_start.get())
                    busy=starting.busy()
                    title=Signal::derive(why)
                    on_click=start
                />
            </div>
            <div class="panel-body stack">
                {move || starting.error().get().map(|error| view! { <ErrorBox error=error /> })}
                <Field label=t(Text::LabelModel)>
                    <Select
                        label=t(Text::LabelModel)
                        choices=labeller_choices(models)
                        value=model
                        on_change=move |name| chosen.set(name)
                        testid="label-model"
                    />
                </Field>
                <TextField
                    label=t(Text::LabelFilter)
                    value=filter
                    testid="label-filter"
                    placeholder=t(Text::LabelFilterPlaceholder)
                    hint=t(Text::LabelFilterHint)
                    error=Signal::derive(wrong_filter)
                />
                <div class="label-pair">
                    <NumberField
                        label=t(Text::LabelLimit)
                        value=limit
                        testid="label-limit"
                        min=1.0
                        optional=true
                        placeholder=t(Text::LabelLimitNone)
                        range_text=t(Text::NumberWanted)
                    />
                    <NumberField
                        label=t(Text::LabelSeed)
                        value=seed
                        testid="label-seed"
                        min=0.0
                        range_text=t(Text::NumberWanted)
                        disabled=Signal::derive(move || !random.get() || limit.get().is_none())
                    />
                </div>
                <Checkbox
                    label=t(Text::LabelRandom)
                    checked=random
                    testid="label-random"
                    hint=t(Text::LabelRandomHint)
                    disabled=Signal::derive(move || limit.get().is_none())
                />
                <div class="label-pair">
                    <NumberField
                        label=t(Text::LabelMinutes)
                        value=minutes
                        testid="label-minutes"
                        min=1.0
                        optional=true
                        placeholder=t(Text::LabelLimitNone)
                        range_text=t(Text::NumberWanted)
                    />
                    <NumberField
                        label=t(Text::LabelTokens)
                        value=tokens
                        testid="label-tokens"
                        min=1.0
                        optional=true
                        placeholder=t(Text::LabelLimitNone)
                        range_text=t(Text::NumberWanted)
                    />
                </div>
                <div class="label-scope">
                    <b class="number" data-testid="label-count">{scope_line}</b>
                    <span class="small faint">{t(Text::LabelScopeNote)}</span>
                </div>
                <ByError model=model />
                <div class="label-pair">
                    <NumberField
                        label=t(Text::LabelThreshold)
                        value=review
                        testid="label-threshold"
                        min=0.0
                        max=1.0
                        step=0.01
                        range_text=Text::number_range(lang(), "0", "1")
                    />
                    <NumberField
                        label=t(Text::LabelHigh)
                        value=high
                        testid="label-high"
                        min=0.0
                        max=1.0
                        step=0.01
                        range_text=Text::number_range(lang(), "0", "1")
                    />
                </div>
                <Zones review=review high=high />
                <Show when=move || limits().is_none()>
                    <p class="field-error" role="alert">{wrong_thresholds}</p>
                </Show>
            </div>
        </section>
    }
}

/// The thresholds as zones of the confidence, and what they mean.
#[component]
fn Zones(review: RwSignal<Option<f64>>, high: RwSignal<Option<f64>>) -> impl IntoView {
    let bounds = move || {
        let review = review.get().unwrap_or(0.5);
        (high.get().unwrap_or(0.3).min(review), review)
    };
    let width = |share: f64| format!("{:.1}%", share.clamp(0.0, 1.0) * 100.0);
    let words = move || {
        let (high, review) = bounds();
        Text::label_zones(lang(), high, review)
    };
    view! {
        <div class="stack stack-tight">
            <div class="label-zones" aria-hidden="true">
                <i class="label-zone-high" style:width=move || width(bounds().0)>
                    {t(Text::LabelZoneHigh)}
                </i>
                <i class="label-zone-review" style:width=move || width(bounds().1 - bounds().0)>
                    {t(Text::LabelZoneReview)}
                </i>
                <i class="label-zone-confident" style:width=move || width(1.0 - bounds().1)>
                    {t(Text::LabelZoneConfident)}
                </i>
            </div>
            <p class="small soft">{words}</p>
        </div>
    }
}
