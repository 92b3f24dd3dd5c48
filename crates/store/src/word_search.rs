//! Searching texts for words without regard to case, in any script (SQLite's own `LIKE` folds ASCII only).

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};

/// Folds case for comparing.
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Adds `has_words(text, words)` (all blank-separated, folded words stand in the text) and `sample_key(item, seed)` (a number
/// that orders items at random) to a connection.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("has_words", 2, flags, |context| {
        let words = context.get_or_create_aux(1, |value| -> rusqlite::Result<Vec<String>> {
            let words = value.as_str().map_err(|error| Error::UserFunctionError(Box::new(error)))?;
            Ok(words.split_whitespace().map(str::to_owned).collect())
        })?;
        let ValueRef::Text(text) = context.get_raw(0) else { return Ok(false) };
        let text = String::from_utf8_lossy(text);
        let text = if text.is_ascii() { text.to_ascii_lowercase() } else { fold(&text) };
        Ok(words.iter().all(|word| text.contains(word.as_str())))
    })?;
    connection
        .create_scalar_function("sample_key", 2, flags, |context| Ok(sample_key(context.get(0)?, context.get(1)?)))
}

/// SplitMix64 (Steele, Lea, Flood, 2014) of the item's number and the seed.
fn sample_key(item: i64, seed: i64) -> i64 {
    let mut z = item.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(mix(seed.cast_unsigned()));
    z = mix(z);
    z.cast_signed()
}

fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
