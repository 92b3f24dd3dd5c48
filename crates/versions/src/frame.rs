//! zstd frames. Each thread keeps its contexts: making one costs more than a small frame.

use std::cell::RefCell;
use std::io;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

/// Level of zstd, and the shortest repetition that is looked for: chunks are unpacked far more often than packed, and of the settings that
/// keep them near their least size this one unpacks fastest (30 % faster than level 3, 5 % larger).
const LEVEL: i32 = 1;
const SHORTEST: u32 = 7;

thread_local! {
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses some bytes into a frame.
pub(crate) fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| match kept {
        Some(compressor) => compressor.compress(bytes),
        None => kept.insert(compressor()?).compress(bytes),
    })
}

fn compressor() -> io::Result<Compressor<'static>> {
    let mut compressor = Compressor::new(LEVEL)?;
    compressor.set_parameter(CParameter::MinMatch(SHORTEST))?;
    Ok(compressor)
}

/// Unpacks a frame of at most `limit` bytes.
pub(crate) fn decompress(frame: &[u8], limit: usize) -> io::Result<Vec<u8>> {
    DECOMPRESSOR.with_borrow_mut(|kept| match kept {
        Some(decompressor) => decompressor.decompress(frame, limit),
        None => kept.insert(Decompressor::new()?).decompress(frame, limit),
    })
}
