//! What a comparison showed: the verdict, and the way on from it.

use contract::compare::{Comparison, ReviewDisagreements};
use contract::model::ModelEntry;
use leptos::prelude::*;

use super::confusion::Confusions;
use super::disagreements::Disagreements;
use super::scores::Scores;
use crate::components::{Badge, Button, ButtonKind, ErrorBox, Symbol, Tab, Tabs, Tone};
use crate::frame::Screen;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Domains, Project, Remote, Sending};
use crate::text::{Text, lang, number, p_value, t};

/// The verdict in a few words.
pub fn verdict(comparison: &Comparison) -> String {
    match (&comparison.better, comparison.p_value) {
        (Some(better), _) => Text::compare_better(lang(), better),
        (None, Some(_)) => t(Text::CompareNoDifference).to_owned(),
        (None, None) => t(Text::CompareNoTruth).to_owned(),
    }
}

/// The verdict in a sentence, with what to go on with.
fn sentence(comparison: &Comparison) -> String {
    let basis = match (comparison.p_value, &comparison.better) {
        (Some(p), Some(_)) => Text::compare_real(lang(), &p_value(p)),
        (Some(p), None) => Text::compare_chance(lang(), &p_value(p)),
        (None, _) => return t(Text::CompareNoTruthText).to_owned(),
    };
    let pick = match (&comparison.pick, &comparison.better) {
        (Some(pick), Some(_)) => Text::compare_pick(lang(), pick),
        (Some(pick), None) if comparison.costs_are_known() => Text::compare_pick_faster(lang(), pick),
        (Some(pick), None) => Text::compare_pick_likelier(lang(), pick),
        (None, _) => t(Text::ComparePickUnpriced).to_owned(),
    };
    format!("{basis} {pick}")
}

/// The result.
#[component]
pub fn Outcome(
    /// The comparison.
    comparison: Comparison,
    /// The schema.
    domains: Domains,
    /// The project's labellers: one that is gone can't be run.
    models: Remote<Vec<ModelEntry>>,
) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let tab = RwSignal::new("result");
    let sending = Sending::new();
    let id = comparison.id;
    let blocked = project.read_only();
    let send = Callback::new(move |()| {
        if blocked.get_untracked() {
            return;
        }
        sending.send(ReviewDisagreements { project: project.folder(), id }, move |sent| {
            project.data_changed();
            match sent {
                0 => app.toasts.good(t(Text::CompareSentNone)),
                some => app.toasts.with_action(Text::compare_sent(lang(), some), t(Text::LabelGoReview), move || {
                    project.go(Screen::Review);
                }),
            }
        });
    });
    let pick = comparison.pick.clone().unwrap_or_default();
    let there = {
        let pick = pick.clone();
        Memo::new(move |_| models.map(|models| models.iter().any(|model| model.name == pick)).unwrap_or(false))
    };
    let run = Callback::new(move |()| {
        if there.get_untracked() {
            project.labelling.labeller.set(pick.clone());
            project.label("run");
        }
    });
    use_shortcuts(t(Text::LabelTabCompare), move || {
        vec![
            Shortcut::new("r", t(Text::CompareToReview), send),
            Shortcut::new("Ctrl+Enter", t(Text::CompareRunWith), run),
        ]
    });
    let plain = |value, text| Tab { value, text: t(text).to_owned(), count: None };
    let disagreements = comparison.agreement.as_ref().map(|agreement| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let count = ((1.0 - agreement.share) * agreement.of as f64).round() as u64;
        number(count)
    });
    let tabs = vec![
        plain("result", Text::CompareTabResult),
        plain("confusion", Text::CompareTabConfusion),
        Tab { count: disagreements, ..plain("disagreements", Text::CompareTabDisagreements) },
    ];
    let tone = match (&comparison.better, comparison.p_value) {
        (Some(_), _) => Tone::Good,
        (None, Some(_)) => Tone::Plain,
        (None, None) => Tone::Warn,
    };
    let lead = sentence(&comparison);
    let heading = verdict(&comparison);
    let pair = Text::compare_pair(lang(), &comparison.first.model, &comparison.second.model);
    let line = Text::compare_line(lang(), comparison.items, comparison.known);
    let kept = StoredValue::new(comparison);
    let content = move || {
        let comparison = kept.get_value();
        match tab.get() {
            "confusion" => view! { <Confusions comparison=comparison domains=domains /> }.into_any(),
            "disagreements" => view! { <Disagreements comparison=comparison domains=domains /> }.into_any(),
            _ => view! { <Scores comparison=comparison /> }.into_any(),
        }
    };
    view! {
        <section class="panel" data-testid="compare-result">
            <div class="compare-head">
                <div class="stack stack-tight grow">
                    <div class="row row-wrap">
                        <h2>{pair}</h2>
                        <Badge text=heading tone=tone />
                    </div>
                    <p data-testid="compare-verdict" title=t(Text::CompareTest)>{lead}</p>
                    <p class="small faint number">{line}</p>
                </div>
                <div class="compare-actions">
                    <Button
                        text=t(Text::CompareRunWith)
                        testid="compare-run"
                        kind=ButtonKind::Primary
                        icon=Symbol::Label
                        keys="Ctrl+Enter"
                        disabled=Signal::derive(move || !there.get())
                        on_click=run
                    />
                    <Button
                        text=t(Text::CompareToReview)
                        testid="compare-review"
                        icon=Symbol::Review
                        keys="R"
                        disabled=blocked
                        busy=sending.busy()
                        on_click=send
                    />
                </div>
            </div>
            {move || sending.error().get().map(|error| view! { <div class="panel-body"><ErrorBox error=error /></div> })}
            <div class="compare-tabs">
                <Tabs tabs=tabs value=tab testid="compare-tab" />
            </div>
            <div class="panel-body">{content}</div>
        </section>
    }
}
