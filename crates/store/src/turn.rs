//! Turns at the writer's connection, in the order of asking: a decision waits for at most one batch of an import, which a plain
//! mutex does not promise.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Numbers drawn and served.
#[derive(Default)]
struct Tickets {
    drawn: u64,
    served: u64,
}

/// A mutex that is given in the order of asking.
pub(crate) struct Turn<T> {
    tickets: Mutex<Tickets>,
    next: Condvar,
    value: Mutex<T>,
}

impl<T> Turn<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { tickets: Mutex::default(), next: Condvar::new(), value: Mutex::new(value) }
    }

    /// Waits for the caller's turn and runs `work`. A panic in `work` doesn't block those that come after: an open transaction is
    /// rolled back on the way out.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = tickets.drawn;
        tickets.drawn += 1;
        while tickets.served != mine {
            tickets = self.next.wait(tickets).unwrap_or_else(PoisonError::into_inner);
        }
        drop(tickets);
        let _over = Over(self);
        let mut value: MutexGuard<'_, T> = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut value)
    }
}

/// Ends the turn, also on a panic. Declared before the value's guard and so dropped after it.
struct Over<'a, T>(&'a Turn<T>);

impl<T> Drop for Over<'_, T> {
    fn drop(&mut self) {
        self.0.tickets.lock().unwrap_or_else(PoisonError::into_inner).served += 1;
        self.0.next.notify_all();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn those_who_wait_are_served_in_order() {
        let turn = Turn::new(Vec::new());
        std::thread::scope(|scope| {
            turn.with(|_| {
                for number in 0..8 {
                    let turn = &turn;
                    scope.spawn(move || turn.with(|served| served.push(number)));
                    while turn.tickets.lock().unwrap().drawn < number + 2 {
                        std::thread::yield_now();
                    }
                }
            });
        });
        turn.with(|served| assert_eq!(*served, [0, 1, 2, 3, 4, 5, 6, 7]));
    }

    #[test]
    fn a_panic_does_not_block_the_next() {
        let turn = Turn::new(0);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| turn.with(|_| panic!("on purpose"))));
        assert!(panicked.is_err());
        assert_eq!(turn.with(|value| *value), 0);
    }
}
