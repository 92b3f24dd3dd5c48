//! What people read of each answer: facts and tables, in the person's language. JSON never goes through here.

pub mod changes;
pub mod checks;
pub mod comparison;
pub mod datasets;
pub mod items;
pub mod jobs;
pub mod keeping;
pub mod labellers;
pub mod labelling;
pub mod models;
pub mod project;
pub mod review;
pub mod schema;
pub mod sources;
mod table;
pub mod versions;

pub use table::{Table, facts};

use catalogue::{Language, date_time};
use contract::UnixMillis;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A moment on the person's clock; `WINNOW_UTC=1` in the environment asks for UTC, for output that repeats.
pub fn moment(lang: Language, at: UnixMillis) -> String {
    let offset = match (std::env::var_os("WINNOW_UTC"), Timestamp::from_millisecond(at)) {
        (None, Ok(timestamp)) => TimeZone::system().to_offset(timestamp).seconds() / 60,
        _ => 0,
    };
    date_time(lang, at, offset)
}

/// A probability as tables show it: two digits after the point, «—» where there is none.
pub fn probability(lang: Language, value: Option<f32>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| catalogue::decimal(lang, f64::from(value), 2))
}

/// A share of counts, 0 when there is nothing to share.
#[allow(clippy::cast_precision_loss)]
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A bar of at most `width` blocks for a histogram.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn bar(value: u64, largest: u64, width: usize) -> String {
    let length = (share(value, largest) * width as f64).ceil() as usize;
    "█".repeat(length.min(width))
}

/// Probabilities in ten equal bins of [0, 1] as a histogram, a line a bin that holds something.
pub fn histogram(lang: Language, bins: &[u64; 10]) -> String {
    let largest = bins.iter().copied().max().unwrap_or(0);
    let mut table = Table::new(&[("", false), ("", true), ("", false)]);
    for (index, &count) in bins.iter().enumerate().filter(|(_, count)| **count > 0) {
        #[allow(clippy::cast_precision_loss)]
        let (low, high) = (index as f64 / 10.0, (index + 1) as f64 / 10.0);
        let range = format!("{}–{}", catalogue::decimal(lang, low, 1), catalogue::decimal(lang, high, 1));
        table.row([range, catalogue::number(lang, count), bar(count, largest, 30)]);
    }
    table.to_string()
}
