//! An error of the border as a person needs it: what happened, where, what to do.

use contract::CallError;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{Button, ButtonKind, Icon, Symbol};
use crate::text::{Text, lang, t};

/// An error with its place, its way out and its details to copy.
#[component]
pub fn ErrorBox(
    /// The error.
    #[prop(into)]
    error: CallError,
    /// Offers to try again.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    let text = catalogue::error_message(lang(), &error);
    let details = format!("{}\n{error}", text.line());
    let copied = RwSignal::new(false);
    let copy = move |()| {
        let promise = window().navigator().clipboard().write_text(&details);
        spawn_local(async move {
            if JsFuture::from(promise).await.is_ok() {
                copied.set(true);
            }
        });
    };
    let copy_text = move || t(if copied.get() { Text::ErrorCopied } else { Text::ErrorCopy }).to_owned();
    view! {
        <div class="notice notice-bad" role="alert" data-testid="error">
            <Icon symbol=Symbol::Warning />
            <div class="notice-body">
                <p class="notice-title" data-testid="error-what">{text.what}</p>
                {text.place.map(|place| view! { <p class="mono small copyable" data-testid="error-place">{place}</p> })}
                <p class="soft" data-testid="error-hint">{text.hint}</p>
            </div>
            <div class="notice-actions">
                {on_retry
                    .map(|retry| {
                        view! { <Button text=t(Text::ActionRetry) testid="error-retry" icon=Symbol::Refresh on_click=retry /> }
                    })}
                <Button text=copy_text testid="error-copy" kind=ButtonKind::Quiet icon=Symbol::Copy on_click=copy />
            </div>
        </div>
    }
}
