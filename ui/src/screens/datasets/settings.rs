//! The split's settings as a form holds them.

use contract::dataset::{DatasetFormat, SplitSettings};
use leptos::prelude::*;

use crate::components::{Button, ButtonKind, Checkbox, Choice, Field, NumberField, Segmented};
use crate::text::{Text, lang, t, word};

const FORMATS: [(DatasetFormat, &str); 3] =
    [(DatasetFormat::Jsonl, "jsonl"), (DatasetFormat::Csv, "csv"), (DatasetFormat::Parquet, "parquet")];

/// The form.
#[derive(Clone, Copy)]
pub struct SplitForm {
    eval: RwSignal<Option<f64>>,
    min_eval: RwSignal<Option<f64>>,
    min_per_domain: RwSignal<Option<f64>>,
    max_per_domain: RwSignal<Option<f64>>,
    balance: RwSignal<bool>,
    seed: RwSignal<Option<f64>>,
    confident: RwSignal<bool>,
    unchecked: RwSignal<bool>,
    format: RwSignal<String>,
}

impl SplitForm {
    /// The product's defaults.
    pub fn new() -> Self {
        let form = Self {
            eval: RwSignal::new(None),
            min_eval: RwSignal::new(None),
            min_per_domain: RwSignal::new(None),
            max_per_domain: RwSignal::new(None),
            balance: RwSignal::new(false),
            seed: RwSignal::new(None),
            confident: RwSignal::new(true),
            unchecked: RwSignal::new(true),
            format: RwSignal::new(String::new()),
        };
        form.reset();
        form
    }

    /// Back to the defaults.
    #[allow(clippy::cast_precision_loss)]
    pub fn reset(self) {
        let defaults = SplitSettings::default();
        self.eval.set(Some(defaults.eval));
        self.min_eval.set(Some(defaults.min_eval as f64));
        self.min_per_domain.set(Some(defaults.min_per_domain as f64));
        self.max_per_domain.set(defaults.max_per_domain.map(|cap| cap as f64));
        self.balance.set(defaults.balance);
        self.seed.set(Some(defaults.seed as f64));
        self.confident.set(defaults.include_confident);
        self.unchecked.set(defaults.include_unchecked);
        self.format.set(FORMATS[0].1.to_owned());
    }

    /// The settings as they stand.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn read(self) -> SplitSettings {
        let defaults = SplitSettings::default();
        let whole = |field: RwSignal<Option<f64>>, default: u64| field.get().map_or(default, |value| value as u64);
        let format =
            self.format.with(|value| FORMATS.iter().find(|(_, name)| name == value).map(|(format, _)| *format));
        SplitSettings {
            eval: self.eval.get().unwrap_or(defaults.eval),
            min_eval: whole(self.min_eval, defaults.min_eval),
            min_per_domain: whole(self.min_per_domain, defaults.min_per_domain),
            max_per_domain: self.max_per_domain.get().map(|cap| cap as u64),
            balance: self.balance.get(),
            seed: whole(self.seed, defaults.seed),
            include_confident: self.confident.get(),
            include_unchecked: self.unchecked.get(),
            format: format.unwrap_or_default(),
        }
    }
}

/// The fields.
#[component]
pub fn SplitFields(
    /// The form.
    form: SplitForm,
) -> impl IntoView {
    let formats = FORMATS.map(|(format, value)| Choice::new(value, word(&format))).to_vec();
    let positive = t(Text::NumberWanted);
    view! {
        <div class="stack">
            <div class="split-pair">
                <NumberField
                    label=t(Text::SplitEval)
                    value=form.eval
                    testid="write-eval"
                    min=0.01
                    max=0.9
                    step=0.05
                    range_text=Text::number_range(lang(), "0.01", "0.9")
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
            <Checkbox label=t(Text::SplitBalance) checked=form.balance testid="write-balance" hint=t(Text::SplitBalanceHint) />
            <Checkbox label=t(Text::SplitConfident) checked=form.confident testid="write-confident" hint=t(Text::SplitConfidentHint) />
            <Checkbox label=t(Text::SplitUnchecked) checked=form.unchecked testid="write-unchecked" />
            <div class="split-pair">
                <NumberField label=t(Text::SplitSeed) value=form.seed testid="write-seed" min=0.0 range_text=positive hint=t(Text::SplitSeedHint) />
            </div>
            <Field label=t(Text::SplitFormat)>
                <Segmented label=t(Text::SplitFormat) choices=formats value=form.format testid="write-format" />
            </Field>
            <div>
                <Button
                    text=t(Text::SplitReset)
                    testid="write-reset"
                    kind=ButtonKind::Quiet
                    on_click=move |()| form.reset()
                />
            </div>
        </div>
    }
}
