//! The review screen: the queue, one card at a time, and the list of all review items.

mod card;
mod deck;
mod empty;
mod jump;
mod keys;
mod list;
mod pace;
mod progress;
mod session;
mod side;
mod similar;

use contract::review::{Action, ExportReviewed};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::bridge::{self, FileFilter};
use crate::components::{ErrorBox, Skeleton};
use crate::shortcuts::{Shortcut, press_focused, use_shortcuts};
use crate::state::{App, Domains, Project, Sending};
use crate::text::{Text, lang, t};
use card::{Card, shown_key};
use empty::QueueEmpty;
use jump::JumpDialog;
use list::ReviewList;
use progress::ProgressStrip;
use session::Session;
use side::Side;

/// What the screen shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Card,
    Loading,
    Failed,
    Empty,
}

/// The screen.
#[component]
pub fn Review() -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let session = Session::begin();
    let domains = Domains::load();
    let tab = RwSignal::new("queue");
    let side = RwSignal::new("item");
    let jumping = RwSignal::new(false);
    let exporting = Sending::new();
    let export = Callback::new(move |()| {
        let folder = project.folder();
        let work = async move {
            let kind =
                |name: &str, extension: &str| FileFilter { name: name.into(), extensions: vec![extension.into()] };
            let filters = vec![kind("JSON Lines", "jsonl"), kind("CSV", "csv")];
            match bridge::save_file("reviewed.jsonl", filters).await? {
                Some(to) => bridge::call(ExportReviewed { project: folder, to }).await.map(Some),
                None => Ok(None),
            }
        };
        exporting.run(work, move |file| {
            if let Some(file) = file {
                app.toasts.good(Text::review_exported(lang(), file.rows, &file.path));
            }
        });
    });
    use_shortcuts(t(Text::ReviewTitle), move || {
        let (mut list, to, text) = match tab.get() {
            "list" => (Vec::new(), "queue", Text::ReviewQueue),
            _ => (shortcuts(session, domains, side, jumping), "list", Text::ReviewAll),
        };
        for (at, key) in keys::action_keys('l', &domains.all()).into_iter().enumerate() {
            list.push(Shortcut::new(key, if at == 0 { t(text) } else { "" }, move || tab.set(to)));
        }
        // With Ctrl, because letters may be domains.
        list.push(Shortcut::new("Ctrl+e", t(Text::ReviewExportHint), export));
        list
    });
    let turn = Signal::derive(move || shown_key('l', domains));
    // With the card the focus moves to its text, so that no key meets a button of the card before.
    Effect::new(move |_| {
        if session.card.get().is_some() && tab.get() == "queue" {
            request_animation_frame(rest_focus);
        }
    });
    let shown = Memo::new(move |_| match (session.card.with(Option::is_some), session.waiting_for_cards()) {
        (true, _) => Shown::Card,
        (false, true) if session.error.with(Option::is_none) => Shown::Loading,
        (false, true) => Shown::Failed,
        (false, false) => Shown::Empty,
    });
    let queue = move || match shown.get() {
        Shown::Card => view! {
            <div class="review-work">
                <Card session=session domains=domains />
                <Side session=session domains=domains tab=side />
            </div>
        }
        .into_any(),
        Shown::Loading => view! { <div class="review-loading"><Skeleton lines=8 /></div> }.into_any(),
        // The error stands above.
        Shown::Failed => ().into_any(),
        Shown::Empty => view! { <QueueEmpty session=session /> }.into_any(),
    };
    let open = move |item| {
        session.jump(contract::ItemId(item), move |answer| match answer {
            Ok(()) => tab.set("queue"),
            Err(error) => session.error.set(Some(error)),
        });
    };
    // Another screen may have sent the person here for one item.
    Effect::new(move |_| {
        if let Some(item) = project.review_item.get() {
            project.review_item.set(None);
            open(item.0);
        }
    });
    let error = move || {
        let retry = (shown.get() == Shown::Failed).then(|| Callback::new(move |()| session.try_again()));
        let error = session.error.get().or_else(|| exporting.error().get());
        error.map(|error| {
            view! {
                <div class="review-error">
                    {match retry {
                        Some(retry) => view! { <ErrorBox error=error on_retry=retry /> }.into_any(),
                        None => view! { <ErrorBox error=error /> }.into_any(),
                    }}
                </div>
            }
        })
    };
    view! {
        <div class="review">
            <ProgressStrip session=session tab=tab turn=turn export=export exporting=exporting.busy() />
            {error}
            {move || match tab.get() {
                "list" => view! { <ReviewList session=session domains=domains on_open=open /> }.into_any(),
                _ => queue.into_any(),
            }}
        </div>
        <Show when=move || jumping.get()>
            <JumpDialog session=session open=jumping />
        </Show>
    }
}

/// The keys of the queue: first the domains', then the actions'.
fn shortcuts(
    session: Session,
    domains: Domains,
    side: RwSignal<&'static str>,
    jumping: RwSignal<bool>,
) -> Vec<Shortcut> {
    let schema = domains.all();
    let mut list = Vec::new();
    if let Some(card) = session.card.get() {
        for offer in keys::offers(&card, &schema) {
            let name = domains.name(&offer.domain);
            for key in offer.keys {
                let domain = offer.domain.clone();
                let choose = move || session.decide(Action::Correct { domain: domain.clone() });
                list.push(Shortcut::new(key, name.clone(), choose));
            }
        }
        for domain in &schema {
            if let Some(key) = keys::hotkey(domain).filter(|key| !list.iter().any(|known| known.keys == *key)) {
                let id = domain.id.clone();
                let choose = move || session.decide(Action::Correct { domain: id.clone() });
                list.push(Shortcut::new(key, domains.name(&domain.id), choose));
            }
        }
    }
    let turn = move |to: &'static str| side.update(|side| *side = if *side == to { "item" } else { to });
    let mut action = |letter: char, text: Text, run: Callback<()>| {
        for (at, key) in keys::action_keys(letter, &schema).into_iter().enumerate() {
            list.push(Shortcut::new(key, if at == 0 { t(text) } else { "" }, run));
        }
    };
    action('a', Text::ReviewApprove, Callback::new(move |()| session.decide(Action::Approve)));
    action('s', Text::ReviewSkip, Callback::new(move |()| session.decide(Action::Skip)));
    action('x', Text::ReviewReject, Callback::new(move |()| session.decide(Action::Reject)));
    action('u', Text::ReviewUndo, Callback::new(move |()| session.undo()));
    action('j', Text::ReviewPass, Callback::new(move |()| session.pass()));
    action('k', Text::ReviewBack, Callback::new(move |()| session.back()));
    action('g', Text::ReviewJump, Callback::new(move |()| jumping.set(true)));
    action('h', Text::ReviewHistory, Callback::new(move |()| turn("history")));
    action('p', Text::ReviewSimilar, Callback::new(move |()| turn("similar")));
    action('i', Text::ReviewGuideline, Callback::new(move |()| turn("guideline")));
    list.push(Shortcut::new("Enter", t(Text::ReviewApprove), move || approve_or_press(session)));
    list.push(Shortcut::new("Ctrl+z", t(Text::ReviewUndo), move || session.undo()));
    list.push(Shortcut::new("ArrowRight", String::new(), move || session.pass()));
    list.push(Shortcut::new("ArrowLeft", String::new(), move || session.back()));
    list.push(Shortcut::new("/", t(Text::ReviewSearch), move || focus("[data-testid='review-search']")));
    list
}

/// Enter approves, unless the person has walked to a button with Tab: then it is that button that is meant.
fn approve_or_press(session: Session) {
    if !press_focused() {
        session.decide(Action::Approve);
    }
}

/// Puts the focus on the card's text.
fn rest_focus() {
    focus(".review-text");
}

fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector)
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        // A window without focus refuses; nothing depends on it.
        let _ = element.focus();
    }
}
