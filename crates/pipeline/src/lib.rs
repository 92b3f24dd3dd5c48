//! The steps of the main job and the job runner: import, label, write, commit, check out. Each step is a function that
//! can be called and tested by itself; the runner gives it progress, cancellation and a cursor.

pub mod compare;
pub mod confidence;
pub mod decisions;
pub mod import;
pub mod job;
pub mod label;
pub mod labeller;
pub mod review;
pub mod version;
pub mod write;

use std::sync::Arc;

use contract::UnixMillis;

/// Tells the time; comes in from outside, so that tests repeat exactly.
pub type Clock = Arc<dyn Fn() -> UnixMillis + Send + Sync>;
