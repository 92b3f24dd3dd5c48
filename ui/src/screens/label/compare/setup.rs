//! A new comparison: who, on what.

use contract::compare::StartComparison;
use contract::model::ModelEntry;
use leptos::prelude::*;

use super::super::labeller::labeller_choices;
use super::super::scope::scope;
use crate::components::{Button, ButtonKind, Checkbox, ErrorBox, Field, NumberField, Select, Symbol, TextField};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Remote, Sending};
use crate::text::{Text, explain, lang, t};

/// The form.
#[component]
pub fn Setup(
    /// The project's labellers.
    models: Remote<Vec<ModelEntry>>,
) -> impl IntoView {
    let project = Project::get();
    let (first, second) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let named = move |at: usize, chosen: RwSignal<String>| {
        Memo::new(move |_| {
            let wanted = chosen.get();
            if !wanted.is_empty() {
                return wanted;
            }
            models.map(|models| models.get(at).map(|model| model.name.clone())).flatten().unwrap_or_default()
        })
    };
    let (one, other) = (named(0, first), named(1, second));
    let size = RwSignal::new(Some(500.0));
    let seed = RwSignal::new(Some(42.0));
    let filter = RwSignal::new(String::new());
    let known = RwSignal::new(true);
    let trust = RwSignal::new(false);
    let starting = Sending::new();
    let read = move || filter.with(|filter| scope(filter, size.get(), true, seed.get()));
    let wrong_filter = move || read().err().map(|error| explain(&error)).unwrap_or_default();
    let same = Memo::new(move |_| one.get() == other.get());
    let blocked = Signal::derive(move || {
        project.read_only().get() || same.get() || other.with(String::is_empty) || read().is_err()
    });
    let start = Callback::new(move |()| {
        let Ok(scope) = untrack(read) else { return };
        if blocked.get_untracked() {
            return;
        }
        let request = StartComparison {
            project: project.folder(),
            first: one.get_untracked(),
            second: other.get_untracked(),
            scope,
            trust_labels: trust.get_untracked(),
            known_only: known.get_untracked(),
        };
        starting.send(request, move |job| project.follow(job));
    });
    use_shortcuts(t(Text::LabelTabCompare), move || vec![Shortcut::new("Ctrl+Enter", t(Text::CompareStart), start)]);
    let wrong_pair = move || if same.get() { t(Text::CompareSame).to_owned() } else { String::new() };
    let choices = labeller_choices(models);
    view! {
        <section class="panel" data-testid="compare-setup">
            <div class="panel-head">
                <h2>{t(Text::CompareNew)}</h2>
                <Button
                    text=t(Text::CompareStart)
                    testid="compare-start"
                    kind=ButtonKind::Primary
                    icon=Symbol::Play
                    keys="Ctrl+Enter"
                    disabled=blocked
                    busy=starting.busy()
                    on_click=start
                />
            </div>
            <div class="panel-body stack">
                {move || starting.error().get().map(|error| view! { <ErrorBox error=error /> })}
                <div class="label-pair">
                    <Field label=t(Text::CompareFirst)>
                        <Select
                            label=t(Text::CompareFirst)
                            choices=choices
                            value=one
                            on_change=move |name| first.set(name)
                            testid="compare-first"
                        />
                    </Field>
                    <Field label=t(Text::CompareSecond) error=Signal::derive(wrong_pair)>
                        <Select
                            label=t(Text::CompareSecond)
                            choices=choices
                            value=other
                            on_change=move |name| second.set(name)
                            testid="compare-second"
                        />
                    </Field>
                </div>
                <div class="label-pair">
                    <NumberField
                        label=t(Text::CompareSize)
                        value=size
                        testid="compare-size"
                        min=1.0
                        max=1_000_000.0
                        step=100.0
                        hint=t(Text::CompareSizeHint)
                        range_text=Text::number_range(lang(), "1", "1000000")
                    />
                    <NumberField
                        label=t(Text::LabelSeed)
                        value=seed
                        testid="compare-seed"
                        min=0.0
                        range_text=t(Text::NumberWanted)
                    />
                </div>
                <TextField
                    label=t(Text::LabelFilter)
                    value=filter
                    testid="compare-filter"
                    placeholder=t(Text::LabelFilterPlaceholder)
                    hint=t(Text::LabelFilterHint)
                    error=Signal::derive(wrong_filter)
                />
                <Checkbox label=t(Text::CompareKnown) checked=known testid="compare-known" hint=t(Text::CompareKnownHint) />
                <Checkbox label=t(Text::TrustLabels) checked=trust testid="compare-trust" hint=t(Text::TrustLabelsHint) />
                <p class="small faint">{t(Text::CompareNote)}</p>
            </div>
        </section>
    }
}
