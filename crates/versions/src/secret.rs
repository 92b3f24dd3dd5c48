//! What lines and their fields are matched by: hashes under a secret, so that nobody can prepare two lines that look the same.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock};

use twox_hash::{XxHash3_64, XxHash3_128};

/// The secret of XXH3 is as long as this by default; the function asks for 136 bytes at least.
const BYTES: usize = 192;

/// Drawn anew for each process, and for each line index, which keeps it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Arc<[u8; BYTES]>);

impl Secret {
    /// Bytes of one.
    pub const BYTES: usize = BYTES;

    /// A new one, from the operating system's randomness.
    pub fn drawn() -> Self {
        // Each of these is keyed with 128 random bits of the system.
        let seed: Vec<u8> = (0_u8..4).flat_map(|place| RandomState::new().hash_one(place).to_le_bytes()).collect();
        let mut secret = [0; BYTES];
        blake3::Hasher::new_derive_key("winnow 2026-11 secret of a line index")
            .update(&seed)
            .finalize_xof()
            .fill(&mut secret);
        Self(Arc::new(secret))
    }

    /// This process's.
    pub fn of_process() -> &'static Self {
        static OURS: LazyLock<Secret> = LazyLock::new(Secret::drawn);
        &OURS
    }

    /// One that was kept; `None` for another number of bytes.
    pub fn kept(bytes: &[u8]) -> Option<Self> {
        Some(Self(Arc::new(bytes.try_into().ok()?)))
    }

    /// To keep it.
    pub fn bytes(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// What a line is matched by.
    pub fn print(&self, line: &[u8]) -> u128 {
        // Only a secret that is too short fails.
        XxHash3_128::oneshot_with_secret(self.0.as_slice(), line).unwrap_or_default()
    }

    /// What a field is matched by among those of the samples that changed.
    pub fn short(&self, field: &[u8]) -> u64 {
        XxHash3_64::oneshot_with_secret(self.0.as_slice(), field).unwrap_or_default()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
