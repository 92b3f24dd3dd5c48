//! OpenAI-compatible servers: what they offer is found out by asking and the strongest way is used; a run finds out how many
//! requests a server bears, tries again what may pass, and waits for a server that is gone. What the servers differ in
//! stands in docs/SERVERS.md.

mod answer;
mod ask;
mod breaker;
mod client;
mod drive;
mod model;
mod pace;
mod probe;
mod queue;
mod request;
mod retry_after;
mod stray;

pub use client::{Secret, Server};
pub use model::HttpModel;
pub use probe::{Mode, list_models};
