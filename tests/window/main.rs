//! The real window under a display of its own, driven through WebDriver as a person would: clicks, keys, what is shown.
//!
//! These tests need what `cargo xtask setup` brings, so they are ignored by a bare `cargo test`; `cargo xtask test` runs them.
#![allow(clippy::unwrap_used)]

mod display;
mod journey;
mod labellers;
mod misfits;
mod process_group;
mod screenshots;
mod session;
mod smoke;
mod versions;

use std::path::PathBuf;

/// Where pictures of the window are kept.
fn pictures() -> PathBuf {
    testbed::repository().join("target/screenshots")
}
