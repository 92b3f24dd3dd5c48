//! The lock that keeps a second writer out of a project.

use std::path::Path;

/// The process that wrote its number into the lock file; 0 when it can't be read.
pub(crate) fn owner(folder: &Path) -> u32 {
    std::fs::read_to_string(folder.join("winnow.lock")).ok().and_then(|pid| pid.trim().parse().ok()).unwrap_or(0)
}
