//! The person's language: short forms of the catalogue's functions that know it.
//!
//! The whole view is built again when the language changes, so these read it without tracking, and texts are plain
//! values everywhere.

use std::cell::Cell;

use catalogue::Worded;
use contract::settings::Language;
use contract::{CallError, UnixMillis};
use js_sys::Date;
use wasm_bindgen::JsValue;

pub use catalogue::Text;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::En) };
}

/// Sets the language of everything that is built from now on.
pub fn use_language(language: Language) {
    LANGUAGE.set(language);
}

/// The language, for texts with arguments: `Text::review_left(lang(), 5)`.
pub fn lang() -> Language {
    LANGUAGE.get()
}

/// The time.
#[allow(clippy::cast_possible_truncation)] // Milliseconds of any year that matters.
pub fn now() -> UnixMillis {
    Date::now() as UnixMillis
}

/// The language's tag for the page.
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Ru => "ru",
    }
}

/// A text.
pub fn t(text: Text) -> &'static str {
    catalogue::t(lang(), text)
}

/// The word for a value of one of the contract's enums.
pub fn word(value: &impl Worded) -> &'static str {
    catalogue::word(lang(), value)
}

/// A whole number with grouped digits.
pub fn number(value: u64) -> String {
    catalogue::number(lang(), value)
}

/// A number with the digits that it has, as a person types it.
pub fn shortest(value: f64) -> String {
    catalogue::shortest(lang(), value)
}

/// A share in [0, 1] as a percentage.
pub fn percent(share: f64) -> String {
    catalogue::percent(lang(), share)
}

/// A probability by chance as statistics write it: `p = 0.042`, `p < 0.001`.
pub fn p_value(p: f64) -> String {
    let (sign, p, places) = match p {
        p if p < 0.001 => ('<', 0.001, 3),
        p if p < 0.1 => ('=', p, 3),
        p => ('=', p, 2),
    };
    format!("p\u{a0}{sign}\u{a0}{}", catalogue::decimal(lang(), p, places))
}

/// Day and time on the person's clock.
pub fn date_time(at: UnixMillis) -> String {
    catalogue::date_time(lang(), at, offset_minutes(at))
}

/// The distance of the person's clock from UTC at a moment, east positive.
fn offset_minutes(at: UnixMillis) -> i32 {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let offset = Date::new(&JsValue::from_f64(at as f64)).get_timezone_offset() as i32;
    -offset
}

/// An error in one line: what happened and what to do.
pub fn explain(error: &CallError) -> String {
    let text = catalogue::error_message(lang(), error);
    text.line()
}
