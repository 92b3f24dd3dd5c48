//! Something a person set off: at most one at a time, with its error.

use contract::{Call, CallError};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::bridge;

/// One control's requests. While one is on its way further ones are ignored (a double click sends once).
#[derive(Clone, Copy)]
pub struct Sending {
    busy: RwSignal<bool>,
    error: RwSignal<Option<CallError>>,
}

impl Sending {
    /// Nothing on its way. Lives as long as the component that makes it.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(None) }
    }

    /// Sends a request. `done` gets the answer if it went well and the component is still there.
    pub fn send<C: Call>(self, request: C, done: impl FnOnce(C::Answer) + 'static) {
        self.run(bridge::call(request), done);
    }

    /// The same for any work, such as a dialog of the shell.
    pub fn run<T: 'static>(
        self,
        work: impl Future<Output = Result<T, CallError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = work.await;
            // The component may be gone by now, and what `done` would touch with it.
            if self.busy.try_get_untracked().is_none() {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(answer) => done(answer),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Whether a request is on its way.
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// Why the last one failed.
    pub fn error(self) -> Signal<Option<CallError>> {
        self.error.into()
    }

    /// Forgets the error.
    pub fn clear(self) {
        self.error.set(None);
    }
}
