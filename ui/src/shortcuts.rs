//! Keys that work anywhere on a screen. A screen says which it has with [`use_shortcuts`]; they rest while a dialog is
//! open, whose content may have its own, and those without Ctrl or Alt rest while one types into a field. Escape leaves the field.
//!
//! Letters are matched by what the key types or by its place on the keyboard, so that they work with a Russian layout.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::components::{DialogDepth, open_dialogs};

/// How long the first key of a sequence waits for the second, milliseconds.
const SEQUENCE: f64 = 1200.0;

/// A key and what it does.
#[derive(Clone)]
pub struct Shortcut {
    /// `a`, `Ctrl+1`, `Shift+Enter`, `?`, or two keys in sequence: `g s`. Other names are those of `KeyboardEvent.key`.
    pub keys: String,
    /// What it does, for the overview; empty keeps it out of the overview.
    pub text: String,
    /// Does it.
    pub run: Callback<()>,
}

impl Shortcut {
    /// A key and what it does.
    pub fn new(keys: impl Into<String>, text: impl Into<String>, run: impl Into<Callback<()>>) -> Self {
        Self { keys: keys.into(), text: text.into(), run: run.into() }
    }
}

/// Shortcuts that belong together.
#[derive(Clone)]
pub struct Scope {
    id: u64,
    /// The dialog that they belong to, counted from 1; 0 for the screen.
    dialog: u32,
    /// What they belong to.
    pub title: String,
    /// The shortcuts.
    pub list: Signal<Vec<Shortcut>>,
}

/// All shortcuts that work now; lives as long as the application.
#[derive(Clone, Copy)]
pub struct Shortcuts {
    scopes: RwSignal<Vec<Scope>>,
    count: StoredValue<u64>,
    pending: StoredValue<Option<(String, f64)>>,
}

impl Shortcuts {
    /// Begins to listen to keys and puts itself where [`use_shortcuts`] finds it. Call it once, in the root.
    pub fn provide() -> Self {
        let shortcuts =
            Self { scopes: RwSignal::new(Vec::new()), count: StoredValue::new(0), pending: StoredValue::new(None) };
        provide_context(shortcuts);
        let handle = window_event_listener(leptos::ev::keydown, move |event| shortcuts.press(&event));
        on_cleanup(move || handle.remove());
        shortcuts
    }

    /// What works now, the screen's own first.
    pub fn scopes(self) -> Vec<Scope> {
        self.scopes.with(|scopes| scopes.iter().rev().cloned().collect())
    }

    fn press(self, event: &KeyboardEvent) {
        if event.default_prevented() || event.is_composing() {
            return;
        }
        let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key());
        if let Some(field) = field_of(event).filter(|_| plain) {
            // Out of the field, the keys of the screen work again.
            if event.key() == "Escape" {
                let _ = field.blur();
            }
            return;
        }
        let names = names(event);
        let now = js_sys::Date::now();
        let first = self.pending.get_value().filter(|(_, at)| now - at < SEQUENCE).map(|(key, _)| key);
        self.pending.set_value(None);
        let wanted: Vec<String> = match &first {
            Some(first) => names.iter().map(|name| format!("{first} {name}")).chain(names.clone()).collect(),
            None => names.clone(),
        };
        let dialog = open_dialogs();
        let all: Vec<Shortcut> = self.scopes.with_untracked(|scopes| {
            let heard = scopes.iter().rev().filter(|scope| scope.dialog == dialog);
            heard.flat_map(|scope| scope.list.get_untracked()).collect()
        });
        let found = wanted.iter().find_map(|wanted| all.iter().find(|shortcut| shortcut.keys == *wanted));
        if let Some(shortcut) = found {
            event.prevent_default();
            // A key held down means its action once: nobody decides on ten items with one long press.
            if !event.repeat() {
                shortcut.run.run(());
            }
        } else if let Some(name) = names.into_iter().find(|name| begins_sequence(&all, name)) {
            self.pending.set_value(Some((name, now)));
        }
    }
}

/// Adds shortcuts for as long as the calling component lives. The latest added win.
pub fn use_shortcuts(title: impl Into<String>, list: impl Fn() -> Vec<Shortcut> + Send + Sync + 'static) {
    let shortcuts: Shortcuts = expect_context();
    shortcuts.count.update_value(|count| *count += 1);
    let id = shortcuts.count.get_value();
    let dialog = use_context::<DialogDepth>().map_or(0, |depth| depth.0);
    let scope = Scope { id, dialog, title: title.into(), list: Signal::derive(list) };
    shortcuts.scopes.update(|scopes| scopes.push(scope));
    on_cleanup(move || shortcuts.scopes.update(|scopes| scopes.retain(|scope| scope.id != id)));
}

/// Presses the button that a person walked to with Tab, and says whether there was one: then Enter is meant for it. The tab
/// that is shown already is none: there is nothing to press.
pub fn press_focused() -> bool {
    let focused = document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let pressable = |element: &HtmlElement| {
        let matches = |selector: &str| element.matches(selector).unwrap_or(false);
        matches("button:focus-visible") && !matches("[role='tab'][aria-selected='true']")
    };
    let button = focused.filter(pressable);
    if let Some(button) = &button {
        button.click();
    }
    button.is_some()
}

/// Puts the focus on the first element that a selector names.
pub fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // A window without focus refuses; nothing depends on it.
        let _ = element.focus();
    }
}

fn begins_sequence(all: &[Shortcut], name: &str) -> bool {
    all.iter().any(|shortcut| shortcut.keys.split_once(' ').is_some_and(|(first, _)| first == name))
}

/// The field that the key goes into.
fn field_of(event: &KeyboardEvent) -> Option<HtmlElement> {
    let element = event.target()?.dyn_into::<HtmlElement>().ok()?;
    let typing = match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(element.get_attribute("type").as_deref(), Some("checkbox" | "radio" | "button" | "range")),
        _ => element.is_content_editable(),
    };
    typing.then_some(element)
}

/// The names under which a key may be meant: what it types, and its place on a Latin keyboard.
fn names(event: &KeyboardEvent) -> Vec<String> {
    let (key, code) = (event.key(), event.code());
    let mut bare = vec![if key.chars().count() == 1 { key.to_lowercase() } else { key.clone() }];
    if let Some(place) = code.strip_prefix("Key").or(code.strip_prefix("Digit")) {
        let place = place.to_lowercase();
        // Shift with a digit types a sign, which is then what is meant.
        let sign = event.shift_key() && code.starts_with("Digit");
        if !sign && !bare.contains(&place) {
            bare.push(place);
        }
    }
    let shifted = event.shift_key() && (key.chars().count() > 1 || key.chars().all(char::is_alphabetic));
    let prefix = [
        (event.ctrl_key() || event.meta_key()).then_some("Ctrl+"),
        event.alt_key().then_some("Alt+"),
        shifted.then_some("Shift+"),
    ];
    let prefix: String = prefix.into_iter().flatten().collect();
    bare.into_iter().map(|name| format!("{prefix}{name}")).collect()
}
