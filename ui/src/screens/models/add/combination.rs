//! Adding what asks other labellers: routes and ensembles.

use leptos::prelude::*;

use super::form::Form;
use crate::components::{Card, Checkbox, Choice, ChoiceCards, Field, NumberField, Select};
use crate::text::{Text, lang, shortest, t};

fn card(value: &'static str, title: Text, text: Text) -> Card {
    Card { value, title: t(title).to_owned(), text: t(text).to_owned(), symbol: None }
}

/// A route.
#[component]
pub fn RouteFields(
    /// The form.
    form: Form,
) -> impl IntoView {
    let choices: Vec<Choice> = form.known_names().into_iter().map(|name| Choice::new(name.clone(), name)).collect();
    let choices = StoredValue::new(choices);
    let same =
        move || if form.cheap.get() == form.strong.get() { t(Text::RouteSame).to_owned() } else { String::new() };
    let rules = vec![
        card("accuracy", Text::RouteByAccuracy, Text::RouteByAccuracyText),
        card("budget", Text::RouteByBudget, Text::RouteByBudgetText),
        card("threshold", Text::RouteByThreshold, Text::RouteByThresholdText),
    ];
    let range = |min: &str, max: &str| Text::number_range(lang(), min, max);
    let number = move || match form.rule.get().as_str() {
        "budget" => view! {
            <NumberField
                label=t(Text::RouteBudgetField)
                value=form.budget
                testid="model-route-budget"
                min=1.0
                max=99.0
                range_text=range("1", "99")
            />
        }
        .into_any(),
        "threshold" => view! {
            <NumberField
                label=t(Text::RouteThresholdField)
                value=form.below
                testid="model-route-below"
                min=0.0
                max=1.0
                step=0.05
                range_text=range("0", "1")
            />
        }
        .into_any(),
        _ => view! {
            <NumberField
                label=t(Text::RouteAccuracyField)
                value=form.at_least
                testid="model-route-accuracy"
                min=1.0
                max=99.9
                step=0.5
                hint=t(Text::RouteNeedsDecisions)
                range_text=range("1", &shortest(99.9))
            />
        }
        .into_any(),
    };
    view! {
        <div class="label-pair">
            <Field label=t(Text::RouteCheap)>
                <Select
                    label=t(Text::RouteCheap)
                    choices=Signal::derive(move || choices.get_value())
                    value=form.cheap
                    on_change=move |name| form.cheap.set(name)
                    testid="model-cheap"
                />
            </Field>
            <Field label=t(Text::RouteStrong) error=Signal::derive(same)>
                <Select
                    label=t(Text::RouteStrong)
                    choices=Signal::derive(move || choices.get_value())
                    value=form.strong
                    on_change=move |name| form.strong.set(name)
                    testid="model-strong"
                />
            </Field>
        </div>
        <section class="stack stack-tight">
            <span class="field-label">{t(Text::RouteRule)}</span>
            <ChoiceCards label=t(Text::RouteRule) cards=rules value=form.rule testid="model-rule" />
        </section>
        {number}
    }
}

/// An ensemble.
#[component]
pub fn EnsembleFields(
    /// The form.
    form: Form,
) -> impl IntoView {
    let member =
        move |name: String| {
            let checked = RwSignal::new(form.members.with_untracked(|members| members.contains(&name)));
            let own = name.clone();
            Effect::new(move |_| {
                let on = checked.get();
                if form.members.with_untracked(|members| members.contains(&own)) != on {
                    form.members.update(|members| {
                        if on { members.push(own.clone()) } else { members.retain(|other| *other != own) }
                    });
                }
            });
            view! { <Checkbox label=name.clone() checked=checked testid=format!("model-member-{name}") /> }
        };
    let rules = vec![
        card("vote", Text::EnsembleVote, Text::EnsembleVoteText),
        card("average", Text::EnsembleAverage, Text::EnsembleAverageText),
    ];
    view! {
        <section class="stack stack-tight" data-testid="model-members">
            <span class="field-label">{t(Text::EnsembleMembers)}</span>
            {form.known_names().into_iter().map(member).collect_view()}
            <p class="field-hint">{t(Text::EnsembleMembersHint)}</p>
        </section>
        <section class="stack stack-tight">
            <span class="field-label">{t(Text::EnsembleRule)}</span>
            <ChoiceCards label=t(Text::EnsembleRule) cards=rules value=form.combine testid="model-combine" />
        </section>
    }
}
