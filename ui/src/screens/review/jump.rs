//! Going to an item by its number.

use contract::{CallError, ItemId};
use leptos::prelude::*;

use super::session::Session;
use crate::components::{Button, ButtonKind, Dialog, ErrorBox, TextField};
use crate::text::{Text, t};

/// The dialog.
#[component]
pub fn JumpDialog(
    /// The sitting.
    session: Session,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<CallError>);
    let number = move || typed.with(|text| text.trim().parse::<i64>().ok().filter(|number| *number > 0));
    let jump = move |()| {
        if let Some(item) = number() {
            session.jump(ItemId(item), move |answer| match answer {
                Ok(()) => open.set(false),
                Err(failed) => error.set(Some(failed)),
            });
        }
    };
    let wrong = move || {
        let bad = number().is_none() && typed.with(|text| !text.trim().is_empty());
        if bad { t(Text::NumberWanted).to_owned() } else { String::new() }
    };
    view! {
        <Dialog
            title=t(Text::ReviewJump)
            close_label=t(Text::ActionClose)
            on_close=move |()| open.set(false)
            testid="review-jump"
            footer=move || {
                view! {
                    <Button
                        text=t(Text::ReviewJumpGo)
                        testid="review-jump-go"
                        kind=ButtonKind::Primary
                        keys="Enter"
                        disabled=Signal::derive(move || number().is_none())
                        on_click=jump
                    />
                }
            }
        >
            <div class="stack">
                <TextField
                    label=t(Text::ReviewJumpNumber)
                    value=typed
                    testid="review-jump-number"
                    hint=t(Text::ReviewJumpHint)
                    error=Signal::derive(wrong)
                    on_enter=jump
                    autofocus=true
                />
                {move || error.get().map(|error| view! { <ErrorBox error=error /> })}
            </div>
        </Dialog>
    }
}
