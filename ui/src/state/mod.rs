//! What outlives a screen: the person's settings, the open project, and how screens ask for data.

mod app;
mod close;
mod domains;
mod labelling;
mod project;
mod remote;
mod sending;
mod settled;

pub use app::App;
pub use close::close_project;
pub use domains::Domains;
pub use labelling::Labelling;
pub use project::Project;
pub use remote::{Loaded, Remote};
pub use sending::Sending;
pub use settled::settled;
