//! OpenAI-compatible servers: what they offer is found out by asking, the strongest way is used, and every failure that
//! may pass is tried again.

mod answer;
mod ask;
mod client;
mod model;
mod probe;
mod request;

pub use client::{Secret, Server};
pub use model::HttpModel;
pub use probe::{Mode, list_models};
