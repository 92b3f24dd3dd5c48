//! The one surface: answers each call of `contract`; owns open projects, jobs, settings.
//!
//! Adding a call is: a request struct in `contract`, a handler in [`calls`] (one file a contract module), and a line in
//! the list in `route.rs`. Nothing here knows of Tauri, HTTP serving or the command line.

mod calls;
mod commit_previews;
mod comparisons;
mod environment;
mod json_file;
mod keys;
mod model_pool;
mod path;
mod person;
mod project;
mod projects;
mod route;
mod sample;
mod similar;
mod winnow;

pub use environment::{Clock, Environment};
pub use winnow::Winnow;
