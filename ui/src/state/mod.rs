//! What outlives a screen: the person's settings, the open project, and how screens ask for data.

mod app;
mod close;
mod project;
mod remote;
mod sending;

pub use app::App;
pub use close::close_project;
pub use project::Project;
pub use remote::{Loaded, Remote};
pub use sending::Sending;
