//! The card: the text, the domains that it may belong to, and what can be done with it.

use contract::review::{Action, Priority, ReviewCard, ReviewStatus};
use leptos::prelude::*;

use super::keys::{Offer, action_keys, offers};
use super::rest_focus;
use super::session::Session;
use crate::components::{Badge, Button, ButtonKind, Combobox, KeyHint, ShareBar, Symbol, Tone};
use crate::state::{Domains, Project};
use crate::text::{Text, lang, percent, t, word};

/// The middle of the screen.
#[component]
pub fn Card(
    /// The sitting.
    session: Session,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let text = move || session.card.with(|card| card.as_ref().map(|card| card.text.clone()).unwrap_or_default());
    let size = move || match text().chars().count() {
        0..=160 => "review-text review-text-short",
        161..=480 => "review-text",
        _ => "review-text review-text-long",
    };
    let marks = move || session.card.with(|card| card.as_ref().map(|card| marks(card)));
    let offered = move || {
        let list = session.card.with(|card| card.as_ref().map(|card| offers(card, &domains.all())));
        let row = |(at, offer)| view! { <OfferRow session=session domains=domains offer=offer at=at /> };
        list.unwrap_or_default().into_iter().enumerate().map(row).collect_view()
    };
    let choose = move |domain: String| {
        session.decide(Action::Correct { domain });
        rest_focus();
    };
    view! {
        <section class="review-card" data-testid="review-card">
            <div class="review-marks">{marks}</div>
            <div class="review-text-box">
                <p class=size data-testid="review-text" tabindex="-1" dir="auto">
                    {text}
                </p>
            </div>
            <div class="review-offers" data-testid="review-candidates">{offered}</div>
            <div class="review-search-row">
                <div class="grow review-search">
                    <Combobox
                        label=t(Text::ReviewSearch)
                        choices=Signal::derive(move || domains.choices())
                        value=String::new()
                        on_choose=choose
                        testid="review-search"
                        placeholder=t(Text::ReviewSearch)
                        none_text=t(Text::StateNothingFound)
                        on_leave=move |()| rest_focus()
                    />
                </div>
                <KeyHint keys="/" />
            </div>
            <Actions session=session domains=domains />
        </section>
    }
}

/// What kind of card it is, in a line.
fn marks(card: &ReviewCard) -> impl IntoView + use<> {
    let tone = match card.priority {
        Priority::Critical => Tone::Bad,
        Priority::High => Tone::Warn,
        Priority::Medium => Tone::Info,
        Priority::Low => Tone::Plain,
    };
    let item = u64::try_from(card.item.0).unwrap_or_default();
    let decided = !matches!(card.status, ReviewStatus::Pending | ReviewStatus::InReview);
    view! {
        <Badge text=Text::review_priority(lang(), word(&card.priority)) tone=tone />
        <Badge text=word(&card.reason) />
        {decided.then(|| view! { <Badge text=word(&card.status) tone=Tone::Good /> })}
        <span class="grow"></span>
        <span class="faint small number" data-testid="review-item">{Text::review_item(lang(), item)}</span>
    }
}

/// One domain to choose: its key, name and probability.
#[component]
fn OfferRow(session: Session, domains: Domains, offer: Offer, at: usize) -> impl IntoView {
    let domain = offer.domain.clone();
    let choose = move |_| {
        session.decide(Action::Correct { domain: domain.clone() });
        rest_focus();
    };
    let name = domains.name(&offer.domain);
    let guideline = domains.domain(&offer.domain).map(|domain| domain.guideline).filter(|text| !text.is_empty());
    let title = guideline.map_or_else(|| name.clone(), |guideline| format!("{name}\n{guideline}"));
    let share = offer.probability.map(f64::from);
    // A domain's own key is the one to learn; its position's still works.
    let key = offer.keys.last().cloned().unwrap_or_default();
    view! {
        <button
            type="button"
            class="review-offer"
            class:review-offer-first=at == 0 && share.is_some()
            data-testid=format!("review-candidate-{}", at + 1)
            title=title
            disabled=move || !session.idle()
            on:click=choose
        >
            <span>{(!key.is_empty()).then(|| view! { <KeyHint keys=key.to_uppercase() /> })}</span>
            <span class="review-offer-name clip">{name}</span>
            {offer.is_label.then(|| view! { <Badge text=t(Text::ReviewOwnLabel) tone=Tone::Info /> })}
            <span class="review-offer-bar">{share.map(|share| view! { <ShareBar share=share /> })}</span>
            <span class="review-offer-share number">{share.map(percent)}</span>
        </button>
    }
}

/// The buttons below the card.
#[component]
fn Actions(session: Session, domains: Domains) -> impl IntoView {
    let project = Project::get();
    let blocked = Signal::derive(move || !session.idle());
    let why =
        Signal::derive(
            move || {
                if project.read_only().get() { t(Text::ReadOnlyBanner).to_owned() } else { String::new() }
            },
        );
    let key = move |letter| Signal::derive(move || shown_key(letter, domains));
    let nothing_to_approve = Signal::derive(move || {
        let empty = session
            .card
            .with(|card| card.as_ref().is_none_or(|card| card.prediction.is_none() && card.label.is_none()));
        empty || blocked.get()
    });
    view! {
        <div class="review-actions">
            <Button
                text=t(Text::ReviewApprove)
                testid="review-approve"
                kind=ButtonKind::Primary
                icon=Symbol::Check
                keys="Enter"
                disabled=nothing_to_approve
                title=why
                on_click=move |()| session.decide(Action::Approve)
            />
            <ActionButton text=Text::ReviewSkip testid="review-skip" key=key('s') blocked=blocked on_click=move |()| session.decide(Action::Skip) />
            <ActionButton text=Text::ReviewReject testid="review-reject" key=key('x') blocked=blocked on_click=move |()| session.decide(Action::Reject) />
            <ActionButton text=Text::ReviewUndo testid="review-undo" key=key('u') blocked=blocked on_click=move |()| session.undo() />
            <span class="grow"></span>
            <ActionButton
                text=Text::ReviewBack
                testid="review-back"
                key=key('k')
                blocked=Signal::derive(move || !session.can_go_back())
                on_click=move |()| session.back()
            />
            <ActionButton text=Text::ReviewPass testid="review-next" key=key('j') blocked=Signal::derive(|| false) on_click=move |()| session.pass() />
        </div>
    }
}

/// The key of an action as it is shown: the first that works.
pub(super) fn shown_key(letter: char, domains: Domains) -> String {
    let first = action_keys(letter, &domains.all()).into_iter().next().unwrap_or_default();
    match first.strip_prefix("Shift+") {
        Some(letter) => format!("Shift+{}", letter.to_uppercase()),
        None => first.to_uppercase(),
    }
}

/// A button with a key that depends on the schema.
#[component]
fn ActionButton(
    text: Text,
    testid: &'static str,
    key: Signal<String>,
    blocked: Signal<bool>,
    #[prop(into)] on_click: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            data-testid=testid
            disabled=move || blocked.get()
            on:click=move |_| {
                on_click.run(());
                rest_focus();
            }
        >
            <span class="clip">{t(text)}</span>
            <KeyHint keys=key />
        </button>
    }
}
