//! What is like the item shown, and whether its confidence is calibrated: looked up beside the card, never in its way.

use std::time::Duration;

use contract::ItemId;
use contract::item::{GetItem, ItemDetail};
use contract::labeller::{ListSimilar, SimilarItem};
use leptos::prelude::*;

use super::session::Session;
use crate::components::{Badge, ShareBar, Skeleton, Tone};
use crate::state::{Domains, Project, Remote, settled};
use crate::text::{Text, number, percent, t};

/// How many similar items are shown.
const SHOWN: u32 = 8;
/// A card that is decided on within this time asks for nothing.
const REST: Duration = Duration::from_millis(200);

/// The item shown, once one rests on it.
fn rested(session: Session) -> Signal<Option<ItemId>> {
    settled(move || session.card.with(|card| card.as_ref().map(|card| card.item)), REST)
}

/// The items most like the one shown.
#[derive(Clone, Copy)]
pub struct SimilarOf {
    session: Session,
    asked: Signal<Option<ItemId>>,
    list: Remote<Vec<SimilarItem>>,
}

impl SimilarOf {
    /// Asks for each card that one rests on. Lives as long as the calling component.
    pub fn load(session: Session) -> Self {
        let project = Project::get();
        let asked = rested(session);
        let list =
            Remote::new(move || Some(ListSimilar { project: project.folder(), item: asked.get()?, count: SHOWN }));
        Self { session, asked, list }
    }

    /// What was found for the card shown; `None` while that is not known.
    fn found(self) -> Option<Vec<SimilarItem>> {
        let shown = self.session.card.with(|card| card.as_ref().map(|card| card.item));
        (self.asked.get() == shown && !self.list.loading()).then(|| self.list.get().unwrap_or_default())
    }

    /// How many were found, for the tab.
    pub fn count(self) -> Option<String> {
        self.found().map(|found| found.len() as u64).filter(|count| *count > 0).map(number)
    }
}

/// The list.
#[component]
pub fn Similar(
    /// What was found.
    similar: SimilarOf,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let one = move |item: SimilarItem| {
        let share = f64::from(item.similarity).clamp(0.0, 1.0);
        let domain = match item.domain {
            Some(id) => view! { <Badge text=domains.name(&id) /> }.into_any(),
            None => view! { <span class="faint small">{t(Text::ReviewSimilarNone)}</span> }.into_any(),
        };
        view! {
            <li class="review-similar" data-testid="review-similar-item">
                <p class="wrap-anywhere" dir="auto">{item.excerpt}</p>
                <span class="review-similar-line" title=t(Text::ReviewSimilarity)>
                    <span class="clip">{domain}</span>
                    <ShareBar share=share />
                    <span class="number small soft">{percent(share)}</span>
                </span>
            </li>
        }
    };
    move || match similar.found() {
        None => view! { <Skeleton lines=6 /> }.into_any(),
        Some(found) if found.is_empty() => {
            view! { <p class="soft" data-testid="review-similar-empty">{t(Text::ReviewSimilarEmpty)}</p> }.into_any()
        }
        Some(found) => {
            view! { <ul class="stack" data-testid="review-similar">{found.into_iter().map(one).collect_view()}</ul> }
                .into_any()
        }
    }
}

/// Whether the confidence of the card shown was corrected by calibration. The card itself does not say.
#[derive(Clone, Copy)]
pub struct Calibrated {
    session: Session,
    item: Remote<ItemDetail>,
}

impl Calibrated {
    /// Asks for each card that one rests on. Lives as long as the calling component.
    pub fn load(session: Session) -> Self {
        let project = Project::get();
        let asked = rested(session);
        let item = Remote::new(move || Some(GetItem { project: project.folder(), item: asked.get()? }));
        Self { session, item }
    }

    /// The mark, in a line that has room for it already.
    pub fn mark(self) -> impl IntoView {
        let calibrated = move || {
            let shown = self.session.card.with(|card| card.as_ref().map(|card| card.item));
            let of = |item: &ItemDetail| {
                shown == Some(item.id) && item.predictions.first().is_some_and(|prediction| prediction.calibrated)
            };
            self.item.map(of).unwrap_or(false)
        };
        let mark = move || {
            view! {
                <span class="review-calibrated" title=t(Text::ReviewCalibratedHint) data-testid="review-calibrated">
                    <Badge text=t(Text::ReviewCalibrated) tone=Tone::Good />
                </span>
            }
        };
        move || calibrated().then(mark)
    }
}
