//! A short message at the top that goes by itself, some with a way back. A newer one takes the place of an older one.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, IconButton, KeyHint, Symbol, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};

/// How long a message stays.
const SHOWN: Duration = Duration::from_secs(5);
/// How long one with an action stays.
const SHOWN_WITH_ACTION: Duration = Duration::from_secs(10);

/// Most messages at once: a second one would cover what stands below the header.
const MOST: usize = 1;

/// One message.
#[derive(Clone)]
struct Toast {
    id: u64,
    tone: Tone,
    text: String,
    action: Option<(String, Run)>,
}

/// An action outlives the screen that offered it, so it is no `Callback`, which goes with its screen.
type Run = Arc<dyn Fn() + Send + Sync>;

/// The messages shown; lives as long as the application.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    count: StoredValue<u64>,
}

impl Toasts {
    /// No messages. Call it once, in the application's root.
    pub fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), count: StoredValue::new(0) }
    }

    /// Says that something went well.
    pub fn good(&self, text: impl Into<String>) {
        self.push(Tone::Good, text.into(), None);
    }

    /// Says that something went wrong, where there is no better place for it.
    pub fn bad(&self, text: impl Into<String>) {
        self.push(Tone::Bad, text.into(), None);
    }

    /// Says that something happened and offers an action, such as taking it back.
    pub fn with_action(
        &self,
        text: impl Into<String>,
        action: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        self.push(Tone::Good, text.into(), Some((action.into(), Arc::new(run))));
    }

    fn push(&self, tone: Tone, text: String, action: Option<(String, Run)>) {
        self.count.update_value(|count| *count += 1);
        let id = self.count.get_value();
        let stays = if action.is_some() || tone == Tone::Bad { SHOWN_WITH_ACTION } else { SHOWN };
        self.shown.update(|shown| {
            // The same message again replaces itself rather than pile up.
            shown.retain(|toast| toast.text != text);
            shown.push(Toast { id, tone, text, action });
            let over = shown.len().saturating_sub(MOST);
            shown.drain(..over);
        });
        let toasts = *self;
        set_timeout(move || toasts.close(id), stays);
    }

    fn close(&self, id: u64) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// Where the messages appear.
#[component]
pub fn ToastHost(
    /// The messages.
    toasts: Toasts,
    /// Name of the closing cross.
    #[prop(into)]
    close_label: Signal<String>,
    /// What the key of a message's action belongs to, in the overview of the keys.
    keys_title: &'static str,
) -> impl IntoView {
    // With Alt, because one may be typing while the message stands there.
    use_shortcuts(keys_title, move || {
        let offered = toasts
            .shown
            .with(|shown| shown.last().and_then(|toast| toast.action.clone().map(|(text, run)| (toast.id, text, run))));
        let shortcut = |(id, text, run): (u64, String, Run)| {
            Shortcut::new("Alt+z", text, move || {
                toasts.close(id);
                run();
            })
        };
        offered.map(shortcut).into_iter().collect()
    });
    let one = move |toast: Toast| {
        let id = toast.id;
        let symbol = if toast.tone == Tone::Bad { Symbol::Warning } else { Symbol::Check };
        let action = toast.action.map(|(text, run)| {
            view! {
                <button
                    type="button"
                    class="button"
                    data-testid="toast-action"
                    on:click=move |_| {
                        toasts.close(id);
                        run();
                    }
                >
                    {text}
                    <KeyHint keys="Alt+Z" />
                </button>
            }
        });
        view! {
            <div class=format!("toast toast-{}", toast.tone.name()) role="status" data-testid="toast">
                <Icon symbol=symbol />
                <span class="grow">{toast.text}</span>
                {action}
                <IconButton
                    symbol=Symbol::Close
                    label=close_label
                    testid="toast-close"
                    on_click=move |()| toasts.close(id)
                />
            </div>
        }
    };
    view! {
        <div class="toasts" aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.id children=one />
        </div>
    }
}
