//! Lines of JSONL: the unit that versions are cut, matched and counted by.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use twox_hash::{XxHash3_64, XxHash3_128};

/// The lines of some bytes, each with its newline (the last may lack it).
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    let mut ends = memchr::memchr_iter(b'\n', bytes);
    std::iter::from_fn(move || {
        let end = ends.next().map_or(bytes.len(), |newline| newline + 1);
        let line = &bytes[start..end];
        start = end;
        (!line.is_empty()).then_some(line)
    })
}

/// Where each of some parts begins that lie one after another.
pub(crate) fn starts(lengths: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
    lengths.scan(0, |end, length| {
        let start = *end;
        *end += length;
        Some(start)
    })
}

/// A line without its newline.
pub(crate) fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

/// What lines are matched by within this process. Its seed is drawn anew in each, so that nobody can prepare two lines that look the same.
pub(crate) fn fingerprint(bytes: &[u8]) -> u128 {
    static SEED: OnceLock<u64> = OnceLock::new();
    XxHash3_128::oneshot_with_seed(*SEED.get_or_init(|| RandomState::new().hash_one(0_u8)), bytes)
}

/// What borders of chunks are drawn by: the same on every machine, for ever.
pub(crate) fn border_hash(line: &[u8]) -> u64 {
    XxHash3_64::oneshot(line)
}
