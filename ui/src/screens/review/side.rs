//! Beside the card: why it is here, what it came with, where from, its history, the guideline, what is like it.

use contract::review::{Decision, Priority, ReviewCard, ReviewReason};
use leptos::prelude::*;

use super::card::shown_key;
use super::keys::offers;
use super::session::Session;
use super::similar::{Calibrated, Similar, SimilarOf};
use crate::components::{Badge, Tab, Tabs, Tone};
use crate::state::{App, Domains};
use crate::text::{Text, date_time, lang, number, percent, t, word};

/// The side.
#[component]
pub fn Side(
    /// The sitting.
    session: Session,
    /// The schema.
    domains: Domains,
    /// `item`, `history`, `guideline` or `similar`.
    tab: RwSignal<&'static str>,
) -> impl IntoView {
    let similar = SimilarOf::load(session);
    let calibrated = Calibrated::load(session);
    let tabs = move || {
        let history = session.card.with(|card| card.as_ref().map_or(0, |card| card.history.len()));
        let plain = |value, text| Tab { value, text: t(text).to_owned(), count: None };
        let count = (history > 0).then(|| number(history as u64));
        vec![
            plain("item", Text::ReviewAbout),
            Tab { count, ..plain("history", Text::ReviewHistory) },
            plain("guideline", Text::ReviewGuideline),
            Tab { count: similar.count(), ..plain("similar", Text::ReviewSimilar) },
        ]
    };
    let keys = Signal::derive(move || {
        let of = |letter| shown_key(letter, domains);
        vec![String::new(), of('h'), of('i'), of('p')]
    });
    let content = move || {
        let card = session.card.get()?;
        Some(match tab.get() {
            "history" => history(&card, domains).into_any(),
            "similar" => view! { <Similar similar=similar domains=domains /> }.into_any(),
            "guideline" => guidelines(&card, domains).into_any(),
            _ => about(&card, domains, calibrated).into_any(),
        })
    };
    view! {
        <aside class="review-side">
            <Tabs tabs=Signal::derive(tabs) value=tab testid="review-side" keys=keys />
            <div class="review-side-body" data-testid="review-side-body">{content}</div>
        </aside>
    }
}

/// Why the item is here and where it comes from.
fn about(card: &ReviewCard, domains: Domains, calibrated: Calibrated) -> impl IntoView + use<> {
    let threshold_words = match (card.reason, card.priority) {
        (ReviewReason::Unsure, Priority::High) => Text::ReviewWhyVeryUnsure,
        (ReviewReason::Unsure, _) => Text::ReviewWhyUnsure,
        (ReviewReason::Disagreement, Priority::Critical) => Text::ReviewWhyCritical,
        (ReviewReason::Disagreement, _) => Text::ReviewWhyDisagreement,
        (ReviewReason::OutsideSchema, _) => Text::ReviewWhyOutside,
        (ReviewReason::NoDomain, _) => Text::ReviewWhyNoDomain,
        (ReviewReason::LabellersDisagree, _) => Text::ReviewWhyLabellers,
        (ReviewReason::Sample, _) => Text::ReviewWhySample,
    };
    let predicted = card.prediction.clone();
    let agrees = predicted.as_ref().zip(card.label.as_ref()).map(|(predicted, label)| predicted.domain == *label);
    let label = card.label.clone().map(|label| domains.name(&label));
    let prediction = predicted.map(|prediction| {
        view! {
            <dt>{t(Text::ReviewPredicted)}</dt>
            <dd class="review-strong" data-testid="review-predicted">{domains.name(&prediction.domain)}</dd>
            <dt>{t(Text::ReviewConfidence)}</dt>
            <dd>
                {percent(f64::from(prediction.confidence))}
                <div class="faint small">{word(&prediction.obtained)} {calibrated.mark()}</div>
            </dd>
            <dt>{t(Text::ReviewModel)}</dt>
            <dd>{prediction.model}</dd>
        }
    });
    let fact = |text: Text, value: Option<String>| value.map(|value| view! { <dt>{t(text)}</dt> <dd>{value}</dd> });
    view! {
        <section class="stack stack-tight">
            <h3>{t(Text::ReviewWhy)}</h3>
            <p class="soft" data-testid="review-why">{t(threshold_words)}</p>
        </section>
        <section class="stack stack-tight">
            <h3>{t(Text::ReviewLabels)}</h3>
            <dl class="facts">
                <dt>{t(Text::ReviewCameWith)}</dt>
                <dd class="review-strong" data-testid="review-label">
                    {match label {
                        Some(label) => label.into_any(),
                        None => view! { <span class="faint">{t(Text::ReviewNoLabel)}</span> }.into_any(),
                    }}
                </dd>
                {prediction}
            </dl>
            {agrees
                .map(|agrees| {
                    let (text, tone) = if agrees {
                        (Text::ReviewAgrees, Tone::Good)
                    } else {
                        (Text::ReviewDisagrees, Tone::Warn)
                    };
                    view! { <div><Badge text=t(text) tone=tone /></div> }
                })}
        </section>
        <section class="stack stack-tight">
            <h3>{t(Text::ReviewOrigin)}</h3>
            <dl class="facts">
                {fact(Text::ReviewSource, Some(card.source_name.clone()))}
                {fact(Text::ReviewRow, Some(number(card.row)))} {fact(Text::ReviewTime, card.ts.clone())}
                {fact(Text::ReviewUser, card.user.clone())}
            </dl>
        </section>
    }
}

/// What was decided about the item so far, latest first.
fn history(card: &ReviewCard, domains: Domains) -> impl IntoView + use<> {
    if card.history.is_empty() {
        return view! { <p class="soft">{t(Text::ReviewHistoryEmpty)}</p> }.into_any();
    }
    let own = App::get().settings.with_untracked(|settings| settings.reviewer.clone());
    let line = |decision: &Decision| {
        let what = match &decision.action {
            Some(action) => word(action),
            None => t(Text::ReviewTakenBack),
        };
        let name = |id: &Option<String>| id.as_ref().map(|id| domains.name(id));
        let change = match (name(&decision.from), name(&decision.to)) {
            (Some(from), Some(to)) if from != to => Some(format!("{from} → {to}")),
            (_, to) => to,
        };
        let who = if decision.reviewer == own {
            Text::review_you(lang(), &decision.reviewer)
        } else {
            decision.reviewer.clone()
        };
        view! {
            <li class="review-history-line">
                <b>{what}</b>
                {change.map(|change| view! { <span class="wrap-anywhere">{change}</span> })}
                <span class="faint small">{format!("{who} · {}", date_time(decision.at))}</span>
            </li>
        }
    };
    view! { <ul class="stack" data-testid="review-history">{card.history.iter().map(line).collect_view()}</ul> }
        .into_any()
}

/// The guidelines and examples of the domains offered, in their order.
fn guidelines(card: &ReviewCard, domains: Domains) -> impl IntoView + use<> {
    let schema = domains.all();
    let told: Vec<_> = offers(card, &schema)
        .into_iter()
        .filter_map(|offer| domains.domain(&offer.domain))
        .filter(|domain| !domain.guideline.is_empty() || !domain.examples.is_empty())
        .collect();
    if told.is_empty() {
        return view! { <p class="soft">{t(Text::ReviewGuidelineEmpty)}</p> }.into_any();
    }
    let one = |domain: contract::schema::Domain| {
        let name = domains.name(&domain.id);
        let example = |example: String| view! { <li class="soft small wrap-anywhere">{format!("— {example}")}</li> };
        view! {
            <section class="stack stack-tight">
                <h3>{name}</h3>
                <p class="wrap-anywhere">{domain.guideline}</p>
                <ul>{domain.examples.into_iter().take(3).map(example).collect_view()}</ul>
            </section>
        }
    };
    view! { <div class="stack stack-wide" data-testid="review-guideline">{told.into_iter().map(one).collect_view()}</div> }
        .into_any()
}
