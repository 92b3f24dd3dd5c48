//! Every text a person reads, in Russian and English, checked at compile time.
//!
//! A text is one line in `text/<area>.rs`:
//!
//! ```text
//! texts! {
//!     ReviewApprove: "Approve", "Подтвердить";                          // t(lang, Text::ReviewApprove)
//!     review_left(left: items): "{left} left", "Осталось {left}";       // Text::review_left(lang, 5)
//! }
//! ```
//!
//! A missing language, an unknown key, a missing or an extra argument do not compile. An argument's kind says how it is
//! written in the person's language: see [`kinds`]. Words for the contract's enums come from [`Worded`], errors from
//! [`error_message`], numbers and times from [`number`](mod@number) and [`time`].
//!
//! Invariants: imports `contract` alone, does no I/O, compiles to WebAssembly.

pub mod kinds;
mod macros;
pub mod number;
mod plural;
pub mod text;
pub mod time;

pub use contract::settings::Language;
pub use number::{decimal, file_size, number, percent, percent_fine, percent_interval, shortest};
pub use plural::{Forms, counted};
pub use text::Text;
pub use text::error_text::{ErrorText, error_place};
pub use text::errors::error_message;
pub use text::help::help;
pub use text::traffic::{pause, traffic};
pub use text::words::{Worded, local_text, model_finding, split_note, word};
pub use time::{date, date_time, duration, time_left, time_of_day};

/// The text of a key in the person's language.
#[must_use]
pub const fn t(lang: Language, text: Text) -> &'static str {
    match lang {
        Language::En => text.en,
        Language::Ru => text.ru,
    }
}

/// The language of a locale name such as `ru_RU.UTF-8`, `ru-RU` or `en_GB`; `None` for others.
#[must_use]
pub fn language_of_locale(locale: &str) -> Option<Language> {
    match locale.split(['_', '-', '.', '@']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "ru" => Some(Language::Ru),
        "en" | "c" | "posix" => Some(Language::En),
        _ => None,
    }
}
