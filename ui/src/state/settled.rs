//! A value once it has stopped changing, for work that should not follow every key.

use std::time::Duration;

use leptos::prelude::*;

/// Follows `source` after it has rested for `wait`.
pub fn settled<T: Clone + PartialEq + Send + Sync + 'static>(
    source: impl Fn() -> T + 'static,
    wait: Duration,
) -> Signal<T> {
    let settled = RwSignal::new(untrack(&source));
    let changes = StoredValue::new(0_u64);
    Effect::new(move |first: Option<()>| {
        let value = source();
        if first.is_none() {
            // It may have changed between being made and being followed; there is nothing to wait for yet.
            if settled.with_untracked(|settled| *settled != value) {
                settled.set(value);
            }
            return;
        }
        changes.update_value(|changes| *changes += 1);
        let own = changes.get_value();
        set_timeout(
            move || {
                if changes.try_get_value() == Some(own) {
                    settled.set(value);
                }
            },
            wait,
        );
    });
    settled.into()
}
