//! All review items, by status.

use contract::review::{ListReview, Priority, ReviewRow, ReviewStatus};
use leptos::prelude::*;

use super::session::Session;
use crate::components::{Badge, Choice, Column, EmptyState, PagedList, Segmented, Symbol, Tone};
use crate::state::{Domains, Project};
use crate::text::{Text, number, percent, t, word};

/// The statuses to choose from; nobody needs to tell items apart that wait from those shown at this moment.
const OFFERED: [ReviewStatus; 5] = [
    ReviewStatus::Pending,
    ReviewStatus::Approved,
    ReviewStatus::Corrected,
    ReviewStatus::Skipped,
    ReviewStatus::Rejected,
];

/// The list.
#[component]
pub fn ReviewList(
    /// The sitting.
    session: Session,
    /// The schema.
    domains: Domains,
    /// Opens an item in the queue.
    #[prop(into)]
    on_open: Callback<i64>,
) -> impl IntoView {
    let project = Project::get();
    let status = RwSignal::new(String::new());
    let selected = RwSignal::new(None::<i64>);
    let wanted = move || status.with(|value| OFFERED.into_iter().find(|status| wire(*status) == *value));
    let choices = move || {
        let count = |status: ReviewStatus| {
            session.progress.map(|progress| progress.by_status.get(&status).copied()).flatten().unwrap_or_default()
        };
        let of =
            |status: ReviewStatus| Choice::new(wire(status), format!("{} {}", word(&status), number(count(status))));
        std::iter::once(Choice::new("", t(Text::ReviewEveryStatus)))
            .chain(OFFERED.into_iter().map(of))
            .collect::<Vec<_>>()
    };
    let request = move |after, limit| {
        project.changed.track();
        session.stored();
        Some(ListReview { project: project.folder(), status: wanted(), after, limit })
    };
    let name = move |id: &Option<String>| id.as_ref().map(|id| domains.name(id)).unwrap_or_default();
    let tone = |status: ReviewStatus| match status {
        ReviewStatus::Approved | ReviewStatus::Corrected => Tone::Good,
        ReviewStatus::Rejected => Tone::Bad,
        ReviewStatus::Pending | ReviewStatus::InReview => Tone::Warn,
        ReviewStatus::Skipped => Tone::Plain,
    };
    let urgent = |priority: Priority| match priority {
        Priority::Critical => "review-urgent-critical",
        Priority::High => "review-urgent-high",
        Priority::Medium | Priority::Low => "soft",
    };
    let columns = vec![
        Column::new(t(Text::ReviewColumnItem), |row: &ReviewRow| row.item.to_string()).right(),
        Column::new(t(Text::ReviewColumnText), |row: &ReviewRow| row.excerpt.clone()),
        Column::new(t(Text::ReviewCameWith), move |row: &ReviewRow| name(&row.label)),
        Column::new(t(Text::ReviewPredicted), move |row: &ReviewRow| name(&row.predicted)),
        Column::new(t(Text::ReviewConfidence), |row: &ReviewRow| row.confidence.map(f64::from).map(percent)).right(),
        Column::new(t(Text::ReviewColumnPriority), move |row: &ReviewRow| {
            view! { <span class=urgent(row.priority)>{word(&row.priority)}</span> }
        }),
        Column::new(t(Text::ReviewColumnStatus), move |row: &ReviewRow| {
            view! { <Badge text=word(&row.status) tone=tone(row.status) /> }
        }),
    ];
    view! {
        <div class="review-list">
            <Segmented label=t(Text::ReviewColumnStatus) choices=Signal::derive(choices) value=status testid="review-status" />
            <div class="panel review-list-panel">
                <PagedList
                    request=request
                    key=|row: &ReviewRow| row.item.0
                    columns=columns
                    class="review-rows"
                    selected=selected
                    on_open=on_open
                    label=t(Text::ReviewAll)
                    testid="review-list"
                    empty=move || {
                        view! {
                            <EmptyState
                                symbol=Symbol::Review
                                title=t(Text::ReviewListEmpty)
                                text=t(Text::ReviewListEmptyText)
                                testid="review-list-empty"
                            />
                        }
                    }
                />
            </div>
            <p class="small faint">{t(Text::ReviewListHint)}</p>
        </div>
    }
}

/// A status as a value of the row of segments.
fn wire(status: ReviewStatus) -> &'static str {
    match status {
        ReviewStatus::Pending => "pending",
        ReviewStatus::InReview => "in_review",
        ReviewStatus::Approved => "approved",
        ReviewStatus::Corrected => "corrected",
        ReviewStatus::Skipped => "skipped",
        ReviewStatus::Rejected => "rejected",
    }
}
