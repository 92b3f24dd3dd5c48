//! Dialogs: keep the focus inside, close on Escape, give the focus back.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{IconButton, Symbol};
use crate::shortcuts::{Shortcut, use_shortcuts};

thread_local! {
    /// How many dialogs are open: shortcuts of what is behind the last one rest meanwhile.
    static OPEN: Cell<u32> = const { Cell::new(0) };
}

/// How many dialogs are open, one over the other.
pub fn open_dialogs() -> u32 {
    OPEN.get()
}

/// In the context of a dialog's content: which dialog it is, counted from 1.
#[derive(Clone, Copy)]
pub struct DialogDepth(pub u32);

/// What can take the focus.
const FOCUSABLE: &str = "button:not(:disabled), input:not(:disabled), select:not(:disabled), \
                         textarea:not(:disabled), [tabindex='0']";

/// A dialog over the screen.
#[component]
pub fn Dialog(
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Name of the closing cross.
    #[prop(into)]
    close_label: Signal<String>,
    /// Escape or the cross.
    #[prop(into)]
    on_close: Callback<()>,
    /// Its `data-testid`.
    testid: &'static str,
    /// Wider, for tables.
    #[prop(optional)]
    wide: bool,
    /// What Ctrl+Enter does.
    #[prop(optional, into)]
    on_confirm: Option<Callback<()>>,
    /// The content.
    children: Children,
    /// Buttons below.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let before = StoredValue::new_local(focused());
    OPEN.set(OPEN.get() + 1);
    provide_context(DialogDepth(OPEN.get()));
    use_shortcuts("", move || {
        // The focus may be nowhere, after its button went; the handler below hears nothing then.
        let mut list = vec![Shortcut::new("Escape", "", on_close)];
        list.extend(on_confirm.map(|confirm| Shortcut::new("Ctrl+Enter", "", confirm)));
        list
    });
    on_cleanup(move || {
        OPEN.set(OPEN.get().saturating_sub(1));
        if let Some(Some(element)) = before.try_get_value() {
            // The element may be gone; then the focus starts over.
            let _ = element.focus();
        }
    });
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            let inside = focused().is_some_and(|element| dialog.contains(Some(&element)));
            if !inside {
                focus_first(&dialog);
            }
        }
    });
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            on_close.run(());
        }
        "Tab" => {
            if let Some(dialog) = node.get_untracked() {
                turn_at_the_end(&dialog, &event);
            }
        }
        _ => {}
    };
    view! {
        <div class="scrim" on:keydown=keys>
            <div
                class="dialog"
                class:dialog-wide=wide
                node_ref=node
                role="dialog"
                aria-modal="true"
                aria-label=move || title.get()
                data-testid=testid
                tabindex="-1"
            >
                <div class="dialog-head">
                    <h2>{move || title.get()}</h2>
                    <IconButton
                        symbol=Symbol::Close
                        label=close_label
                        testid=format!("{testid}-close")
                        on_click=on_close
                    />
                </div>
                <div class="dialog-body">{children()}</div>
                {footer.map(|footer| view! { <div class="dialog-foot">{footer.run()}</div> })}
            </div>
        </div>
    }
}

/// What has the focus.
fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// All that can take the focus inside, in order.
fn focusable(inside: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(nodes) = inside.query_selector_all(FOCUSABLE) else { return Vec::new() };
    (0..nodes.length()).filter_map(|at| nodes.get(at)?.dyn_into().ok()).collect()
}

/// The first field in the body, else the first button after the cross, else the dialog itself.
fn focus_first(dialog: &HtmlElement) {
    let all = focusable(dialog);
    let field = all.iter().find(|element| element.tag_name() != "BUTTON");
    let target = field.or(all.get(1)).unwrap_or(dialog);
    // A window without focus refuses; nothing depends on it.
    let _ = target.focus();
}

/// Tab after the last goes to the first, Shift+Tab before the first to the last.
fn turn_at_the_end(dialog: &HtmlElement, event: &KeyboardEvent) {
    let all = focusable(dialog);
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let at = focused();
    let outside = !at.as_ref().is_some_and(|element| dialog.contains(Some(element)));
    let target = if event.shift_key() && (outside || at.as_ref() == Some(first)) {
        last
    } else if !event.shift_key() && (outside || at.as_ref() == Some(last)) {
        first
    } else {
        return;
    };
    event.prevent_default();
    let _ = target.focus();
}
