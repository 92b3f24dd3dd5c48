//! The cards at hand: the one shown, those fetched ahead, those gone past. No signals and no calls in here.

use std::collections::VecDeque;
use std::sync::Arc;

use contract::ItemId;
use contract::review::ReviewCard;

/// How many cards are asked for at once.
pub const FETCH: u32 = 8;
/// Fewer cards than this ahead, and more are fetched.
const LOW: usize = 5;
/// How many cards one can go back.
const BEHIND: usize = 100;
/// How many cards are remembered as put off, so that they aren't fetched again at once.
const PUT_OFF: usize = 2000;

/// The cards at hand.
#[derive(Clone, Debug, Default)]
pub struct Deck {
    current: Option<Arc<ReviewCard>>,
    ahead: VecDeque<Arc<ReviewCard>>,
    behind: Vec<Arc<ReviewCard>>,
    /// Items skipped or gone past in this sitting: they come back when the person asks for them.
    put_off: VecDeque<ItemId>,
    exhausted: bool,
}

impl Deck {
    /// The card shown.
    pub fn current(&self) -> Option<Arc<ReviewCard>> {
        self.current.clone()
    }

    /// Whether one can go back.
    pub fn can_go_back(&self) -> bool {
        !self.behind.is_empty()
    }

    /// How many items were skipped or gone past and wait for a second look.
    pub fn put_off(&self) -> usize {
        self.put_off.len()
    }

    /// Whether it is time to fetch.
    pub fn wants_more(&self) -> bool {
        !self.exhausted && self.ahead.len() < LOW
    }

    /// Whether the queue has nothing more than what is at hand.
    pub fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// What must not be fetched again.
    pub fn known(&self) -> Vec<ItemId> {
        let at_hand = self.current.iter().chain(&self.ahead).map(|card| card.item);
        self.put_off.iter().copied().chain(at_hand).collect()
    }

    /// Takes fetched cards in; fewer than were asked for means that the queue is at its end.
    pub fn take_in(&mut self, cards: Vec<ReviewCard>, asked: u32) {
        self.exhausted = (cards.len() as u64) < u64::from(asked);
        for card in cards {
            let is_same = |other: &Arc<ReviewCard>| other.item == card.item;
            if !self.current.iter().chain(&self.ahead).any(is_same) {
                self.ahead.push_back(Arc::new(card));
            }
        }
        if self.current.is_none() {
            self.current = self.ahead.pop_front();
        }
    }

    /// The queue may have grown: the next fetch asks again.
    pub fn look_again(&mut self) {
        self.exhausted = false;
    }

    /// What was put off may come again.
    pub fn bring_back_put_off(&mut self) {
        self.put_off.clear();
        self.exhausted = false;
    }

    /// The card shown was decided on: the next one is shown.
    pub fn decided(&mut self, card: ReviewCard, skipped: bool) {
        let item = card.item;
        self.put_off.retain(|other| *other != item);
        if skipped {
            self.remember_put_off(item);
        }
        self.current = Some(Arc::new(card));
        self.advance();
    }

    /// Goes on without a decision.
    pub fn pass(&mut self) {
        if let Some(item) = self.current.as_ref().map(|card| card.item) {
            self.remember_put_off(item);
            self.advance();
        }
    }

    /// Goes back to the card before.
    pub fn back(&mut self) -> Option<ItemId> {
        let card = self.behind.pop()?;
        if let Some(shown) = self.current.take() {
            self.ahead.push_front(shown);
        }
        let item = card.item;
        self.put_off.retain(|other| *other != item);
        self.current = Some(card);
        Some(item)
    }

    /// Shows this card; the one shown before comes right after it.
    pub fn show(&mut self, card: ReviewCard) {
        let item = card.item;
        self.ahead.retain(|other| other.item != item);
        self.behind.retain(|other| other.item != item);
        self.put_off.retain(|other| *other != item);
        if let Some(shown) = self.current.take()
            && shown.item != item
        {
            self.ahead.push_front(shown);
        }
        self.current = Some(Arc::new(card));
    }

    /// Replaces the card shown by what is known now, if it is still that item.
    pub fn refresh(&mut self, card: ReviewCard) {
        if self.current.as_ref().is_some_and(|shown| shown.item == card.item) {
            self.current = Some(Arc::new(card));
        }
    }

    fn advance(&mut self) {
        self.behind.extend(self.current.take());
        if self.behind.len() > BEHIND {
            self.behind.remove(0);
        }
        self.current = self.ahead.pop_front();
    }

    fn remember_put_off(&mut self, item: ItemId) {
        self.put_off.push_back(item);
        if self.put_off.len() > PUT_OFF {
            self.put_off.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::review::{Priority, ReviewReason, ReviewStatus};

    use super::*;

    fn card(item: i64) -> ReviewCard {
        ReviewCard {
            item: ItemId(item),
            text: format!("text {item}"),
            label: None,
            prediction: None,
            reason: ReviewReason::Unsure,
            priority: Priority::Medium,
            status: ReviewStatus::Pending,
            source_name: "texts.csv".to_owned(),
            row: 2,
            ts: None,
            user: None,
            history: Vec::new(),
        }
    }

    fn deck(items: std::ops::RangeInclusive<i64>) -> Deck {
        let mut deck = Deck::default();
        deck.take_in(items.map(card).collect(), FETCH);
        deck
    }

    fn shown(deck: &Deck) -> Option<i64> {
        deck.current().map(|card| card.item.0)
    }

    #[test]
    fn the_first_fetch_shows_the_first_card() {
        let deck = deck(1..=8);
        assert_eq!(shown(&deck), Some(1));
        assert!(!deck.wants_more() && !deck.exhausted());
    }

    #[test]
    fn a_decision_shows_the_next_card_that_is_there_already() {
        let mut deck = deck(1..=8);
        deck.decided(card(1), false);
        assert_eq!(shown(&deck), Some(2));
        assert!(!deck.known().contains(&ItemId(1)));
    }

    #[test]
    fn few_cards_ahead_ask_for_more_and_nothing_comes_twice() {
        let mut deck = deck(1..=8);
        for item in 1..=4 {
            deck.decided(card(item), false);
        }
        assert!(deck.wants_more());
        deck.take_in((5..=12).map(card).collect(), FETCH);
        for item in 5..=12 {
            assert_eq!(shown(&deck), Some(item));
            deck.decided(card(item), false);
        }
        assert_eq!(shown(&deck), None);
    }

    #[test]
    fn a_short_fetch_is_the_end_until_the_queue_may_have_grown() {
        let mut deck = deck(1..=2);
        assert!(deck.exhausted() && !deck.wants_more());
        deck.look_again();
        assert!(deck.wants_more());
    }

    #[test]
    fn skipped_items_come_back_only_when_asked_for() {
        let mut deck = deck(1..=2);
        deck.decided(card(1), true);
        deck.pass();
        assert_eq!((shown(&deck), deck.put_off()), (None, 2));
        assert_eq!(deck.known(), [ItemId(1), ItemId(2)]);
        deck.bring_back_put_off();
        assert!(deck.known().is_empty() && deck.wants_more());
    }

    #[test]
    fn back_returns_to_the_card_before_and_forward_again() {
        let mut deck = deck(1..=3);
        deck.pass();
        assert_eq!(deck.back(), Some(ItemId(1)));
        assert_eq!((shown(&deck), deck.put_off()), (Some(1), 0));
        deck.pass();
        assert_eq!(shown(&deck), Some(2));
    }

    #[test]
    fn an_item_shown_by_undo_or_a_jump_comes_before_the_one_left() {
        let mut deck = deck(1..=3);
        deck.decided(card(1), false);
        deck.show(card(1));
        assert_eq!(shown(&deck), Some(1));
        assert!(!deck.can_go_back());
        deck.decided(card(1), false);
        assert_eq!(shown(&deck), Some(2));
    }

    #[test]
    fn a_late_answer_for_another_item_changes_nothing() {
        let mut deck = deck(1..=3);
        deck.refresh(card(2));
        assert_eq!(shown(&deck), Some(1));
    }
}
