//! Above the card: tabs, how much waits, how far the sitting is.

use contract::review::{Priority, ReviewProgress, ReviewStatus};
use leptos::prelude::*;

use super::session::Session;
use crate::components::{Button, ButtonKind, Symbol, Tab, Tabs};
use crate::text::{Text, lang, number, t, word};

/// Review items that wait, whether put off before or not.
pub fn waiting(progress: &ReviewProgress) -> u64 {
    let count = |status| progress.by_status.get(&status).copied().unwrap_or_default();
    count(ReviewStatus::Pending) + count(ReviewStatus::InReview) + count(ReviewStatus::Skipped)
}

/// The strip.
#[component]
pub fn ProgressStrip(
    /// The sitting.
    session: Session,
    /// `queue` or `list`.
    tab: RwSignal<&'static str>,
    /// The key that goes to the other of the two.
    turn: Signal<String>,
    /// Writes what was reviewed.
    #[prop(into)]
    export: Callback<()>,
    /// Whether that is under way.
    exporting: Signal<bool>,
) -> impl IntoView {
    let progress = session.progress;
    let tabs = move || {
        let counts = progress.map(|progress| (waiting(progress), progress.by_status.values().sum::<u64>()));
        let (left, all) = counts.unwrap_or_default();
        vec![
            Tab { value: "queue", text: t(Text::ReviewQueue).to_owned(), count: Some(number(left)) },
            Tab { value: "list", text: t(Text::ReviewAll).to_owned(), count: Some(number(all)) },
        ]
    };
    let turn_keys = Signal::derive(move || match tab.get() {
        "list" => vec![turn.get()],
        _ => vec![String::new(), turn.get()],
    });
    let priorities = move || {
        let entry = |priority: Priority, class: &'static str| {
            let count = progress.map(|progress| progress.by_priority.get(&priority).copied()).flatten().unwrap_or(0);
            (count > 0).then(|| {
                view! {
                    <span class="legend-entry">
                        <i class=format!("swatch {class}")></i>
                        {word(&priority)}
                        <b class="number">{number(count)}</b>
                    </span>
                }
            })
        };
        [
            entry(Priority::Critical, "plot-4"),
            entry(Priority::High, "plot-2"),
            entry(Priority::Medium, "plot-3"),
            entry(Priority::Low, "plot-rest"),
        ]
        .collect_view()
    };
    let sitting = move || {
        let decisions = progress.map(|progress| progress.session_decisions).unwrap_or_default();
        Text::review_session(lang(), decisions)
    };
    let pace = move || session.per_hour.get().map(|rate| Text::review_per_hour(lang(), rate));
    let nothing = Signal::derive(move || {
        progress
            .map(|progress| {
                let done =
                    [ReviewStatus::Approved, ReviewStatus::Corrected, ReviewStatus::Skipped, ReviewStatus::Rejected];
                done.iter().all(|status| progress.by_status.get(status).copied().unwrap_or_default() == 0)
            })
            .unwrap_or(true)
    });
    view! {
        <div class="review-strip">
            <Tabs tabs=Signal::derive(tabs) value=tab testid="review-tab" keys=turn_keys />
            <div class="review-priorities" data-testid="review-priorities">{priorities}</div>
            <span class="grow"></span>
            <span class="small soft number" data-testid="review-session">{sitting}</span>
            <span class="small soft number" data-testid="review-rate">{pace}</span>
            <Button
                text=t(Text::ActionExport)
                testid="review-export"
                kind=ButtonKind::Quiet
                icon=Symbol::Export
                keys="Ctrl+E"
                disabled=nothing
                busy=exporting
                title=t(Text::ReviewExportHint)
                on_click=export
            />
        </div>
    }
}
