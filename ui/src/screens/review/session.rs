//! A sitting at the queue: the deck, the calls that feed it, and what a person does to the card shown.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use contract::job::{JobKind, JobResult};
use contract::review::{
    Action, Decide, GetReviewCard, GetReviewProgress, NextReviewItems, ReviewCard, ReviewProgress, ReviewStatus,
    UndoDecision,
};
use contract::{CallError, ItemId};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::deck::{Deck, FETCH};
use super::pace::Pace;
use crate::bridge;
use crate::state::{App, Project, Remote, settled};

/// How long counts may lag behind decisions, so that counting never stands in a decision's way.
const COUNTS_LAG: Duration = Duration::from_millis(250);

thread_local! {
    /// The sitting goes on while one looks at other screens: project, when it began, its speed.
    static SITTING: RefCell<Option<(String, f64, Pace)>> = const { RefCell::new(None) };
}

/// The review of one person, as long as the screen is shown.
#[derive(Clone, Copy)]
pub struct Session {
    app: App,
    project: Project,
    deck: RwSignal<Deck>,
    /// The card shown.
    pub card: Memo<Option<Arc<ReviewCard>>>,
    /// Whether a decision or an undo is on its way to the disk.
    pub storing: RwSignal<bool>,
    /// Why the last thing asked for did not happen.
    pub error: RwSignal<Option<CallError>>,
    fetching: RwSignal<bool>,
    /// Counts of the queue and of this sitting.
    pub progress: Remote<ReviewProgress>,
    /// Decisions an hour.
    pub per_hour: RwSignal<Option<u64>>,
    stored: RwSignal<u64>,
}

impl Session {
    /// Begins, or goes on after another screen.
    pub fn begin() -> Self {
        let (app, project) = (App::get(), Project::get());
        let folder = project.folder();
        let now = js_sys::Date::now();
        let (since, pace) = SITTING.with_borrow_mut(|sitting| match sitting {
            Some((known, since, pace)) if *known == folder => (*since, *pace),
            _ => {
                let pace = Pace::begin(now);
                *sitting = Some((folder.clone(), now, pace));
                (now, pace)
            }
        });
        let stored = RwSignal::new(0_u64);
        let settled = settled(move || stored.get(), COUNTS_LAG);
        let progress = Remote::new(move || {
            settled.track();
            project.changed.track();
            let reviewer = app.settings.with(|settings| settings.reviewer.clone());
            #[allow(clippy::cast_possible_truncation)]
            Some(GetReviewProgress { project: project.folder(), reviewer, since: since as i64 })
        });
        Effect::new(move |before: Option<()>| {
            settled.track();
            if before.is_some() {
                project.load_overview();
            }
        });
        let deck = RwSignal::new(Deck::default());
        let card = Memo::new_with_compare(
            move |_| deck.with(Deck::current),
            |before, now| match (before.flatten(), now.flatten()) {
                (Some(before), Some(now)) => !Arc::ptr_eq(before, now),
                (None, None) => before.is_none(),
                _ => true,
            },
        );
        let session = Self {
            app,
            project,
            deck,
            card,
            storing: RwSignal::new(false),
            error: RwSignal::new(None),
            fetching: RwSignal::new(false),
            progress,
            per_hour: RwSignal::new(pace.per_hour()),
            stored,
        };
        // A job that ended, or a run that goes on, may have brought new items.
        let brought = Memo::new(move |_| project.jobs.with(|jobs| jobs.iter().map(to_review).sum::<u64>()));
        Effect::new(move |_| {
            project.changed.track();
            brought.track();
            deck.update_untracked(Deck::look_again);
            session.fetch();
        });
        session
    }

    /// Whether the first cards, or the next ones, are still on their way.
    pub fn waiting_for_cards(self) -> bool {
        self.fetching.get() || self.deck.with(|deck| !deck.exhausted())
    }

    /// Whether one can go back.
    pub fn can_go_back(self) -> bool {
        self.deck.with(Deck::can_go_back)
    }

    /// How many items were put off in this sitting.
    pub fn put_off(self) -> usize {
        self.deck.with(Deck::put_off)
    }

    /// How many decisions were stored or taken back on this screen: lists read it to load again.
    pub fn stored(self) -> u64 {
        self.stored.get()
    }

    /// Whether what changes something may be used now.
    pub fn idle(self) -> bool {
        !self.storing.get() && !self.project.read_only().get()
    }

    /// Stores a decision about the card shown, and then shows the next one. While one is on its way others are ignored.
    pub fn decide(self, action: Action) {
        let Some(card) = self.card.get_untracked() else { return };
        if !self.may_store() {
            return;
        }
        let skipped = action == Action::Skip;
        let status = match &action {
            Action::Approve => ReviewStatus::Approved,
            Action::Correct { .. } => ReviewStatus::Corrected,
            Action::Skip => ReviewStatus::Skipped,
            Action::Reject => ReviewStatus::Rejected,
        };
        let request = Decide { project: self.project.folder(), item: card.item, action, reviewer: self.reviewer() };
        spawn_local(async move {
            let answer = bridge::call(request).await;
            if self.storing.try_get_untracked().is_none() {
                return;
            }
            self.storing.set(false);
            match answer {
                Ok(decision) => {
                    let mut decided = ReviewCard::clone(&card);
                    decided.status = status;
                    decided.history.insert(0, decision);
                    self.deck.update(|deck| deck.decided(decided, skipped));
                    self.count(|pace| pace.decided(js_sys::Date::now()));
                    self.fetch();
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Takes the latest decision back and shows its item.
    pub fn undo(self) {
        if !self.may_store() {
            return;
        }
        let request = UndoDecision { project: self.project.folder(), reviewer: self.reviewer() };
        spawn_local(async move {
            let answer = bridge::call(request).await;
            if self.storing.try_get_untracked().is_none() {
                return;
            }
            self.storing.set(false);
            match answer {
                Ok(card) => {
                    self.deck.update(|deck| deck.show(card));
                    self.count(Pace::undone);
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Goes on without a decision.
    pub fn pass(self) {
        if !self.storing.get_untracked() {
            self.error.set(None);
            self.deck.update(Deck::pass);
            self.fetch();
        }
    }

    /// Goes back to the card before, and looks up what has become of it.
    pub fn back(self) {
        if self.storing.get_untracked() {
            return;
        }
        self.error.set(None);
        let item = self.deck.try_update(Deck::back).flatten();
        let Some(item) = item else { return };
        let request = GetReviewCard { project: self.project.folder(), item };
        spawn_local(async move {
            if let Ok(card) = bridge::call(request).await {
                self.deck.update(|deck| deck.refresh(card));
            }
        });
    }

    /// Shows an item by its number; `done` when it is there, and the error where it is not.
    pub fn jump(self, item: ItemId, done: impl FnOnce(Result<(), CallError>) + 'static) {
        let request = GetReviewCard { project: self.project.folder(), item };
        spawn_local(async move {
            let answer = bridge::call(request).await;
            if self.storing.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(card) => {
                    self.error.set(None);
                    self.deck.update(|deck| deck.show(card));
                    done(Ok(()));
                }
                Err(error) => done(Err(error)),
            }
        });
    }

    /// Brings back what was put off in this sitting.
    pub fn bring_back(self) {
        self.deck.update(Deck::bring_back_put_off);
        self.fetch();
    }

    /// Asks for cards again after that failed.
    pub fn try_again(self) {
        self.error.set(None);
        self.fetch();
    }

    /// Asks for more cards when few are left.
    pub fn fetch(self) {
        if self.fetching.get_untracked() || !self.deck.with_untracked(Deck::wants_more) {
            return;
        }
        self.fetching.set(true);
        let exclude = self.deck.with_untracked(Deck::known);
        let request = NextReviewItems { project: self.project.folder(), count: FETCH, exclude };
        spawn_local(async move {
            let answer = bridge::call(request).await;
            if self.fetching.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(cards) => self.deck.update(|deck| deck.take_in(cards, FETCH)),
                Err(error) => self.error.set(Some(error)),
            }
            self.fetching.set(false);
        });
    }

    /// Claims the way to the disk; `false` while it is taken or the project can't be written to.
    fn may_store(self) -> bool {
        if self.storing.get_untracked() || self.project.read_only().get_untracked() {
            return false;
        }
        self.error.set(None);
        self.storing.set(true);
        true
    }

    fn reviewer(self) -> String {
        self.app.settings.with_untracked(|settings| settings.reviewer.clone())
    }

    fn count(self, change: impl FnOnce(&mut Pace)) {
        let rate = SITTING.with_borrow_mut(|sitting| {
            sitting.as_mut().and_then(|(_, _, pace)| {
                change(pace);
                pace.per_hour()
            })
        });
        self.per_hour.set(rate);
        self.stored.update(|stored| *stored += 1);
    }
}

/// What a labelling run has sent to review so far.
fn to_review(job: &contract::job::JobStatus) -> u64 {
    match (&job.kind, &job.result) {
        (JobKind::Label, Some(JobResult::Label(report))) => report.to_review,
        _ => 0,
    }
}
