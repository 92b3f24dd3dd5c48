//! The fields of the split: what matters most first, the rest in sections that tell what they hold.

use contract::dataset::{Balance, DatasetFormat};
use leptos::prelude::*;

use super::form::{BALANCES, SPANS, SPLITS, SYNTHETICS, SplitForm};
use crate::components::{Button, ButtonKind, Checkbox, Choice, Field, NumberField, Segmented, Select};
use crate::screens::datasets::version::FORMATS;
use crate::text::{Text, lang, shortest, t, word};

/// All fields.
#[component]
pub fn SplitFields(
    /// The form.
    form: SplitForm,
) -> impl IntoView {
    view! {
        <div class="stack">
            <Essentials form=form />
            <div class="folds">
                <Fold title=Text::SplitWhatGoesIn told=Signal::derive(move || form.told_in()) testid="write-fold-in">
                    <GoesIn form=form />
                </Fold>
                <Fold title=Text::SplitTogether told=Signal::derive(move || form.told_together()) testid="write-fold-together">
                    <Together form=form />
                </Fold>
                <Fold title=Text::SplitFolds told=Signal::derive(move || form.told_files()) testid="write-fold-files">
                    <FoldsAndFiles form=form />
                </Fold>
                <Fold title=Text::SplitRepeat told=Signal::derive(move || form.told_seed()) testid="write-fold-seed">
                    <NumberField
                        label=t(Text::SplitSeed)
                        value=form.seed
                        testid="write-seed"
                        min=0.0
                        range_text=t(Text::NumberWanted)
                        hint=t(Text::SplitSeedHint)
                    />
                </Fold>
            </div>
            <div>
                <Button
                    text=t(Text::SplitReset)
                    testid="write-reset"
                    kind=ButtonKind::Quiet
                    keys="Shift+D"
                    on_click=move |()| form.reset()
                />
            </div>
        </div>
    }
}

/// A section that is closed at first and says in short how it is set.
#[component]
fn Fold(title: Text, told: Signal<String>, testid: &'static str, children: Children) -> impl IntoView {
    view! {
        <details class="fold" data-testid=testid>
            <summary>
                <b>{t(title)}</b>
                <span class="small soft clip">{move || told.get()}</span>
            </summary>
            <div class="stack fold-body">{children()}</div>
        </details>
    }
}

/// Sizes, balance, what eval is, the format.
#[component]
fn Essentials(form: SplitForm) -> impl IntoView {
    let positive = t(Text::NumberWanted);
    let formats = FORMATS.map(|(format, value)| Choice::new(value, word(&format))).to_vec();
    let balances = BALANCES.map(|(balance, value)| Choice::new(value, word(&balance))).to_vec();
    let splits = SPLITS.map(|(split, value)| Choice::new(value, word(&split))).to_vec();
    let balance_hint = Signal::derive(move || {
        match form.balance() {
            Balance::None => "",
            Balance::Smallest => t(Text::SplitBalanceSmallestHint),
            Balance::Weights => t(Text::SplitBalanceWeightsHint),
            Balance::Oversample => t(Text::SplitBalanceOversampleHint),
        }
        .to_owned()
    });
    let time_hint = Signal::derive(move || {
        let by_time = form.split_by.with(|value| value == "time");
        if by_time { t(Text::SplitByTimeHint).to_owned() } else { String::new() }
    });
    let csv = Memo::new(move |_| form.format() == DatasetFormat::Csv);
    view! {
        <div class="split-pair">
            <NumberField
                label=t(Text::SplitEval)
                value=form.eval
                testid="write-eval"
                min=0.01
                max=0.9
                step=0.05
                range_text=Text::number_range(lang(), &shortest(0.01), &shortest(0.9))
            />
            <NumberField label=t(Text::SplitMinEval) value=form.min_eval testid="write-min-eval" min=0.0 step=10.0 range_text=positive />
        </div>
        <div class="split-pair">
            <NumberField
                label=t(Text::SplitMinPerDomain)
                value=form.min_per_domain
                testid="write-min-per-domain"
                min=1.0
                range_text=positive
            />
            <NumberField
                label=t(Text::SplitMaxPerDomain)
                value=form.max_per_domain
                testid="write-max-per-domain"
                min=1.0
                step=10.0
                optional=true
                placeholder=t(Text::SplitNoCap)
                range_text=positive
            />
        </div>
        <p class="field-hint">{t(Text::SplitMinPerDomainHint)}</p>
        <Field label=t(Text::SplitBy) hint=time_hint>
            <Segmented label=t(Text::SplitBy) choices=splits value=form.split_by testid="write-split-by" />
        </Field>
        <Field label=t(Text::SplitBalance) hint=balance_hint>
            <Select
                label=t(Text::SplitBalance)
                choices=balances
                value=form.balance
                on_change=move |value| form.balance.set(value)
                testid="write-balance"
            />
        </Field>
        <Field label=t(Text::SplitFormat)>
            <Select
                label=t(Text::SplitFormat)
                choices=formats
                value=form.format
                on_change=move |value| form.format.set(value)
                testid="write-format"
            />
        </Field>
        <Show when=move || csv.get()>
            <Checkbox
                label=t(Text::SplitFormulaSafe)
                checked=form.formula_safe
                testid="write-formula-safe"
                hint=t(Text::SplitFormulaSafeHint)
            />
        </Show>
    }
}

/// Which labels are trusted, and where synthetics may stand.
#[component]
fn GoesIn(form: SplitForm) -> impl IntoView {
    let synthetics = SYNTHETICS.map(|(place, value)| Choice::new(value, word(&place))).to_vec();
    view! {
        <Checkbox label=t(Text::SplitConfident) checked=form.confident testid="write-confident" hint=t(Text::SplitConfidentHint) />
        <Checkbox label=t(Text::SplitUnchecked) checked=form.unchecked testid="write-unchecked" />
        <Field label=t(Text::SplitSynthetics)>
            <Select
                label=t(Text::SplitSynthetics)
                choices=synthetics
                value=form.synthetics
                on_change=move |value| form.synthetics.set(value)
                testid="write-synthetics"
            />
        </Field>
    }
}

/// Groups that are not divided.
#[component]
fn Together(form: SplitForm) -> impl IntoView {
    let spans = std::iter::once(Choice::new("", t(Text::SplitTimeGroupNone)))
        .chain(SPANS.map(|(span, value)| Choice::new(value, word(&span))))
        .collect::<Vec<_>>();
    view! {
        <p class="field-hint">{t(Text::SplitTogetherHint)}</p>
        <Checkbox label=t(Text::SplitNear) checked=form.near testid="write-near" />
        <Show when=move || form.near.get()>
            <NumberField
                label=t(Text::SplitNearThreshold)
                value=form.similarity
                testid="write-near-duplicates"
                min=0.5
                max=1.0
                step=0.05
                hint=t(Text::SplitNearHint)
                range_text=Text::number_range(lang(), &shortest(0.5), "1")
            />
        </Show>
        <Checkbox label=t(Text::SplitUsers) checked=form.users testid="write-users" />
        <Field label=t(Text::SplitTimeGroup)>
            <Select
                label=t(Text::SplitTimeGroup)
                choices=spans
                value=form.span
                on_change=move |value| form.span.set(value)
                testid="write-span"
            />
        </Field>
    }
}

/// Cross-validation and shards.
#[component]
fn FoldsAndFiles(form: SplitForm) -> impl IntoView {
    view! {
        <NumberField
            label=t(Text::SplitFoldCount)
            value=form.folds
            testid="write-folds"
            min=2.0
            max=20.0
            optional=true
            placeholder=t(Text::SplitNoFolds)
            hint=t(Text::SplitFoldHint)
            range_text=Text::number_range(lang(), "2", "20")
        />
        <div class="split-pair">
            <NumberField
                label=t(Text::SplitShardRows)
                value=form.shard_rows
                testid="write-shard-rows"
                min=1.0
                step=1000.0
                optional=true
                placeholder=t(Text::SplitOneFile)
                range_text=t(Text::NumberWanted)
            />
            <NumberField
                label=t(Text::SplitShardMegabytes)
                value=form.shard_megabytes
                testid="write-shard-megabytes"
                min=1.0
                step=10.0
                optional=true
                placeholder=t(Text::SplitOneFile)
                range_text=t(Text::NumberWanted)
            />
        </div>
    }
}
