//! Jobs: one after another for each project, with progress, cancel, resume and a record in the store.

mod control;
mod meter;
mod parameters;
mod registry;
mod runner;
mod stop;

pub use control::JobControl;
pub use parameters::JobParameters;
pub(crate) use parameters::{file_name, to_value};
pub use registry::{Listener, Registry};
pub use runner::{JobRunner, Workplace};
pub use stop::Stop;
