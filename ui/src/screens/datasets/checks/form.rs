//! Promises as a form holds them.

use contract::version::Checks;
use leptos::prelude::*;

use crate::components::{Checkbox, NumberField};
use crate::text::{Text, lang, shortest, t};

/// The form.
#[derive(Clone, Copy)]
pub struct ChecksForm {
    min_per_domain: RwSignal<Option<f64>>,
    drift: RwSignal<Option<f64>>,
    leakage: RwSignal<bool>,
    near: RwSignal<Option<f64>>,
    agreement: RwSignal<Option<f64>>,
    unreviewed: RwSignal<Option<f64>>,
}

impl ChecksForm {
    /// Nothing promised.
    pub fn new() -> Self {
        Self {
            min_per_domain: RwSignal::new(None),
            drift: RwSignal::new(None),
            leakage: RwSignal::new(false),
            near: RwSignal::new(None),
            agreement: RwSignal::new(None),
            unreviewed: RwSignal::new(None),
        }
    }

    /// Takes promises over.
    #[allow(clippy::cast_precision_loss)] // Counts of samples.
    pub fn set(self, checks: &Checks) {
        self.min_per_domain.set(checks.min_per_domain.map(|min| min as f64));
        self.drift.set(checks.max_label_drift);
        self.leakage.set(checks.no_leakage);
        self.near.set(checks.no_near_duplicates);
        self.agreement.set(checks.min_agreement);
        self.unreviewed.set(checks.no_unreviewed_below);
    }

    /// The promises as they stand.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The field allows whole numbers from 1.
    pub fn read(self) -> Checks {
        Checks {
            min_per_domain: self.min_per_domain.get().map(|min| min as u64),
            max_label_drift: self.drift.get(),
            no_leakage: self.leakage.get(),
            no_near_duplicates: self.near.get(),
            min_agreement: self.agreement.get(),
            no_unreviewed_below: self.unreviewed.get(),
        }
    }
}

/// The fields.
#[component]
pub fn ChecksFields(
    /// The form.
    form: ChecksForm,
) -> impl IntoView {
    let share = move |label: Text, hint: Text, value, testid: &'static str, min: f64| {
        view! {
            <NumberField
                label=t(label)
                value=value
                testid=testid
                min=min
                max=1.0
                step=0.05
                optional=true
                hint=t(hint)
                placeholder=t(Text::CheckFormNot)
                range_text=Text::number_range(lang(), &shortest(min), "1")
            />
        }
    };
    view! {
        <div class="checks-fields">
            <NumberField
                label=t(Text::CheckFormMinPerDomain)
                value=form.min_per_domain
                testid="checks-min-per-domain"
                min=1.0
                optional=true
                placeholder=t(Text::CheckFormNot)
                range_text=t(Text::NumberWanted)
            />
            {share(Text::CheckFormDrift, Text::CheckFormDriftHint, form.drift, "checks-drift", 0.0)}
            {share(Text::CheckFormNear, Text::CheckFormNearHint, form.near, "checks-near", 0.05)}
            {share(Text::CheckFormAgreement, Text::CheckFormAgreementHint, form.agreement, "checks-agreement", -1.0)}
            {share(Text::CheckFormUnreviewed, Text::CheckFormUnreviewedHint, form.unreviewed, "checks-unreviewed", 0.0)}
            <Checkbox label=t(Text::CheckFormLeakage) checked=form.leakage testid="checks-leakage" />
        </div>
    }
}
