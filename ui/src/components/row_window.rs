//! Which rows of a long list are in view, for lists that build only those.

use leptos::html::Div;
use leptos::prelude::*;

/// Rows built above and below what is seen.
const MARGIN: usize = 8;

/// The part of a scrolled list that is seen. All its rows have one height.
#[derive(Clone, Copy)]
pub struct RowWindow {
    /// What scrolls.
    pub body: NodeRef<Div>,
    row: f64,
    top: RwSignal<f64>,
    height: RwSignal<f64>,
}

impl RowWindow {
    /// For rows of this height in pixels; follows the window's size. Call [`RowWindow::measure`] when it scrolls.
    pub fn new(row: f64) -> Self {
        let rows = Self { body: NodeRef::new(), row, top: RwSignal::new(0.0), height: RwSignal::new(600.0) };
        let resized = window_event_listener(leptos::ev::resize, move |_| rows.measure());
        on_cleanup(move || resized.remove());
        rows
    }

    /// Looks where it stands.
    pub fn measure(self) {
        if let Some(Some(body)) = self.body.try_get_untracked() {
            self.top.set(f64::from(body.scroll_top()));
            self.height.set(f64::from(body.client_height()));
        }
    }

    /// The rows to build of so many: the first, and the one after the last.
    pub fn range(self, count: usize) -> (usize, usize) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (from, seen) = ((self.top.get() / self.row) as usize, (self.height.get() / self.row).ceil() as usize);
        let from = from.saturating_sub(MARGIN).min(count);
        (from, (from + seen + 2 * MARGIN).min(count))
    }

    /// Rows above the lower edge of what is seen.
    pub fn seen(self) -> f64 {
        (self.top.get_untracked() + self.height.get_untracked()) / self.row
    }

    /// Whole rows that are seen at once.
    #[allow(clippy::cast_possible_truncation)]
    pub fn page(self) -> isize {
        (self.height.get_untracked() / self.row) as isize
    }

    /// Where a row begins, or how high so many are, in pixels.
    #[allow(clippy::cast_precision_loss)]
    pub fn offset(self, rows: usize) -> f64 {
        rows as f64 * self.row
    }

    /// Scrolls just so far that a row is in view.
    #[allow(clippy::cast_possible_truncation)]
    pub fn reveal(self, row: usize) {
        let Some(body) = self.body.get_untracked() else { return };
        let (top, bottom) = (self.offset(row) as i32, self.offset(row + 1) as i32);
        if top < body.scroll_top() {
            body.set_scroll_top(top);
        } else if bottom > body.scroll_top() + body.client_height() {
            body.set_scroll_top(bottom - body.client_height());
        }
    }

    /// Back to the first row.
    pub fn rewind(self) {
        if let Some(Some(body)) = self.body.try_get_untracked() {
            body.set_scroll_top(0);
        }
    }
}
