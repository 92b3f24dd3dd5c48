//! One item: its text, where it comes from, what models said and what people decided.

use contract::ItemId;
use contract::item::{GetItem, ItemDetail};
use contract::label::Prediction;
use contract::review::{Action, Decision};
use leptos::prelude::*;

use super::status_tone;
use crate::components::{Badge, Bar, Bars, IconButton, Symbol, Tone};
use crate::state::{Loaded, Project, Remote};
use crate::text::{Text, date_time, lang, percent, t, word};

/// The panel beside the list.
#[component]
pub fn Detail(
    /// Which item.
    item: ItemId,
    /// It was closed.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let project = Project::get();
    let detail = Remote::new(move || {
        project.changed.track();
        Some(GetItem { project: project.folder(), item })
    });
    view! {
        <aside class="panel item-detail" data-testid="item-detail">
            <div class="panel-head">
                <h2 class="number">{Text::item_number(lang(), item.0.unsigned_abs())}</h2>
                <IconButton symbol=Symbol::Close label=t(Text::ActionClose) testid="item-detail-close" keys="Escape" on_click=on_close />
            </div>
            <div class="panel-body item-body">
                <Loaded remote=detail lines=8>
                    {move || detail.map(content)}
                </Loaded>
            </div>
        </aside>
    }
}

fn content(item: &ItemDetail) -> impl IntoView + use<> {
    let fact =
        |name: &str, value: Option<String>| value.map(|value| view! { <dt>{name.to_owned()}</dt><dd>{value}</dd> });
    let metadata = item.metadata.iter().map(|(name, value)| fact(name, Some(value.clone()))).collect_view();
    let place = Text::item_place(lang(), &item.source_name, item.row);
    view! {
        <div class="stack stack-wide">
            <p class="item-text copyable" data-testid="item-text">{item.text.clone()}</p>
            <div class="row row-wrap">
                <Badge text=word(&item.status) tone=status_tone(item.status) />
                {item.review_reason.map(|reason| view! { <Badge text=word(&reason) tone=Tone::Warn /> })}
            </div>
            <dl class="facts">
                {fact(t(Text::ColumnDomain), item.domain.clone())}
                {fact(t(Text::RoleLabel), item.label.clone())}
                {fact(t(Text::RoleTime), item.ts.clone())}
                {fact(t(Text::RoleUser), item.user.clone())}
                {fact(t(Text::ItemFrom), Some(place))}
                {metadata}
            </dl>
            <section class="stack">
                <h3>{t(Text::ItemPredictions)}</h3>
                {if item.predictions.is_empty() {
                    view! { <p class="soft">{t(Text::ItemNoPredictions)}</p> }.into_any()
                } else {
                    item.predictions.iter().map(prediction).collect_view().into_any()
                }}
            </section>
            <section class="stack">
                <h3>{t(Text::ItemDecisions)}</h3>
                {if item.decisions.is_empty() {
                    view! { <p class="soft">{t(Text::ItemNoDecisions)}</p> }.into_any()
                } else {
                    view! { <ol class="stack">{item.decisions.iter().map(decision).collect_view()}</ol> }.into_any()
                }}
            </section>
        </div>
    }
}

fn prediction(prediction: &Prediction) -> impl IntoView + use<> {
    let bars: Vec<Bar> = prediction
        .candidates
        .iter()
        .take(5)
        .map(|candidate| {
            let share = f64::from(candidate.probability);
            Bar { name: candidate.domain.clone(), value: share, text: percent(share), colour: 0 }
        })
        .collect();
    let obtained = if prediction.calibrated {
        format!("{}, {}", word(&prediction.obtained), t(Text::ReviewCalibrated))
    } else {
        word(&prediction.obtained).to_owned()
    };
    view! {
        <div class="stack stack-tight" data-testid="item-prediction">
            <Bars bars=bars whole=1.0 />
            <p class="faint small">
                {format!("{} · {} · {}", prediction.model, obtained, date_time(prediction.at))}
            </p>
        </div>
    }
}

fn decision(decision: &Decision) -> impl IntoView + use<> {
    let what = decision.action.as_ref().map_or(t(Text::DecisionUndone), |action| word(action));
    let change = match (&decision.action, &decision.from, &decision.to) {
        (Some(Action::Correct { .. }), Some(from), Some(to)) => Some(format!("{from} → {to}")),
        (Some(Action::Correct { .. } | Action::Approve), _, Some(to)) => Some(to.clone()),
        _ => None,
    };
    let tone = match decision.action {
        Some(Action::Approve | Action::Correct { .. }) => Tone::Good,
        Some(Action::Reject) => Tone::Bad,
        Some(Action::Skip) | None => Tone::Plain,
    };
    view! {
        <li class="stack stack-tight" data-testid="item-decision">
            <div class="row">
                <Badge text=what tone=tone />
                <span class="clip">{change}</span>
            </div>
            <p class="faint small">{format!("{} · {}", decision.reviewer, date_time(decision.at))}</p>
        </li>
    }
}
