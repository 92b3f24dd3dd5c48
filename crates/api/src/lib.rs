//! The one surface: answers each call of `contract`; owns open projects, jobs, settings.
//!
//! Adding a call is: a request struct in `contract`, a handler in [`calls`] (one file a contract module), and a line in
//! the list in `route.rs`. Nothing here knows of Tauri, HTTP serving or the command line.

mod calls;
mod environment;
mod route;
mod winnow;

pub use environment::{Clock, Environment};
pub use winnow::Winnow;
