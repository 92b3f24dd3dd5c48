//! Data that a screen shows: asked for, kept while it is asked for again, replaced when the answer is there.

use contract::{Call, CallError};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::bridge;
use crate::components::{ErrorBox, Skeleton};

/// An answer that follows its request.
pub struct Remote<T: Send + Sync + 'static> {
    value: RwSignal<Option<T>>,
    error: RwSignal<Option<CallError>>,
    loading: RwSignal<bool>,
    again: RwSignal<u64>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Send + Sync + 'static> Remote<T> {
    /// Asks now and whenever a signal that `request` reads has changed. While `request` gives `None` nothing is asked
    /// and the last answer stays.
    pub fn new<C: Call<Answer = T> + Clone>(request: impl Fn() -> Option<C> + 'static) -> Self {
        Self::in_steps(request, |_, _| None)
    }

    /// The same where an answer may be a first one: `next` gives what to ask then, of the request and its answer. Each answer is shown as
    /// it comes, and it is loading until the last one.
    pub fn in_steps<C: Call<Answer = T> + Clone>(
        request: impl Fn() -> Option<C> + 'static,
        next: fn(&C, &T) -> Option<C>,
    ) -> Self {
        let remote = Self {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(true),
            again: RwSignal::new(0),
        };
        let asked = StoredValue::new(0_u64);
        Effect::new(move |_| {
            remote.again.track();
            let Some(request) = request() else {
                remote.loading.set(false);
                return;
            };
            asked.update_value(|asked| *asked += 1);
            let turn = asked.get_value();
            remote.loading.set(true);
            spawn_local(async move {
                let mut step = Some(request);
                while let Some(request) = step.take() {
                    let answer = bridge::call(request.clone()).await;
                    // An answer to an older request, or for a screen that is gone, comes too late.
                    if asked.try_get_value() != Some(turn) {
                        return;
                    }
                    step = answer.as_ref().ok().and_then(|value| next(&request, value));
                    remote.loading.set(step.is_some());
                    match answer {
                        Ok(value) => {
                            remote.error.set(None);
                            remote.value.set(Some(value));
                        }
                        Err(error) => remote.error.set(Some(error)),
                    }
                }
            });
        });
        remote
    }

    /// Asks again.
    pub fn reload(self) {
        self.again.update(|again| *again += 1);
    }

    /// Reads the answer, if there is one.
    pub fn map<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.value.with(|value| value.as_ref().map(read))
    }

    /// Replaces the answer by what the screen already knows, until the next one.
    pub fn set(self, value: T) {
        self.value.set(Some(value));
    }

    /// Why the last request failed.
    pub fn error(self) -> Option<CallError> {
        self.error.get()
    }

    /// Whether a request is on its way.
    pub fn loading(self) -> bool {
        self.loading.get()
    }

    /// Whether there is an answer.
    pub fn ready(self) -> bool {
        self.value.with(Option::is_some)
    }
}

impl<T: Clone + Send + Sync + 'static> Remote<T> {
    /// The answer, if there is one.
    pub fn get(self) -> Option<T> {
        self.value.get()
    }
}

/// Shows grey lines until the answer is there, the error if there is none, and then the content, which reads the
/// answer itself (so that it stays in place when the answer is replaced).
#[component]
pub fn Loaded<T: Send + Sync + 'static>(
    /// The data.
    remote: Remote<T>,
    /// How many grey lines.
    #[prop(optional, default = 6)]
    lines: usize,
    /// Whether an error takes the place of an older answer, where that was to another question.
    #[prop(optional)]
    strict: bool,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    #[derive(Clone, PartialEq)]
    enum Shown {
        Waiting,
        Failed(CallError),
        Ready,
    }
    let shown = Memo::new(move |_| match (remote.ready(), remote.error()) {
        (true, None) => Shown::Ready,
        (true, Some(_)) if !strict => Shown::Ready,
        (_, Some(error)) => Shown::Failed(error),
        (false, None) => Shown::Waiting,
    });
    move || match shown.get() {
        Shown::Waiting => view! { <Skeleton lines=lines /> }.into_any(),
        Shown::Failed(error) => view! { <ErrorBox error=error on_retry=move |()| remote.reload() /> }.into_any(),
        Shown::Ready => children().into_any(),
    }
}
