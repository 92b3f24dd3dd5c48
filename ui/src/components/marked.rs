//! Which of several cards, one under the other, the keys act on.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The marked card: the one gone to last, else the first. A card has the class `marked-card`, its key in `data-card`,
/// `tabindex="-1"` and says by `aria-current` whether it is marked; only then its keys are shown.
#[derive(Clone, Copy)]
pub struct Marked {
    all: Memo<Vec<i64>>,
    wanted: RwSignal<Option<i64>>,
    at: Memo<Option<i64>>,
}

impl Marked {
    /// Among cards with these keys, in their order.
    pub fn among(all: impl Fn() -> Vec<i64> + Send + Sync + 'static) -> Self {
        let all = Memo::new(move |_| all());
        let wanted = RwSignal::new(None::<i64>);
        let at = Memo::new(move |_| {
            let wanted = wanted.get();
            all.with(|all| wanted.filter(|wanted| all.contains(wanted)).or_else(|| all.first().copied()))
        });
        Self { all, wanted, at }
    }

    /// Whether it is this one.
    pub fn is(self, key: i64) -> Signal<bool> {
        Signal::derive(move || self.at.get() == Some(key))
    }

    /// Marks this one.
    pub fn set(self, key: i64) {
        self.wanted.set(Some(key));
    }

    /// Goes some cards on or back. The focus goes there too, so that the card comes into sight.
    pub fn step(self, by: isize) {
        let at = self.at.get_untracked();
        let to = self.all.with_untracked(|all| {
            let at = all.iter().position(|key| Some(*key) == at).unwrap_or(0);
            all.get(at.saturating_add_signed(by).min(all.len().saturating_sub(1))).copied()
        });
        let Some(key) = to else { return };
        self.set(key);
        let card = document().query_selector(&format!("[data-card='{key}']")).ok().flatten();
        if let Some(card) = card.and_then(|card| card.dyn_into::<HtmlElement>().ok()) {
            // A window without focus refuses; nothing depends on it.
            let _ = card.focus();
        }
    }
}
