//! Checksums of objects: whether what was read is what was written. They find every accident, and cost a tenth of a cryptographic hash; that
//! nobody meant an object to be another one, its name tells (`Hash`), which verifying, importing and repairing look at.

use twox_hash::XxHash3_64;

/// XXH3-64 of an object's bytes; 0 where none was recorded, as in packs of an earlier form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checksum(pub u64);

impl Checksum {
    /// Of an object.
    pub fn of(bytes: &[u8]) -> Self {
        Self(XxHash3_64::oneshot(bytes))
    }

    /// Whether there is one. Of 2⁶⁴ objects one has the number that stands for none, and is read as if there were none.
    pub fn is_known(self) -> bool {
        self != Self::default()
    }

    /// Whether these are the bytes that it was taken of; true where it is not known.
    pub fn fits(self, bytes: &[u8]) -> bool {
        !self.is_known() || self == Self::of(bytes)
    }
}
