//! Labelling: what has no valid prediction goes through a model, and what is unsure goes to review.

mod batch;
mod cached;
mod hearing;
mod opinions;
mod pages;
mod recall;
mod run;
mod source;

pub use batch::candidates;
pub(crate) use cached::Cache;
pub use run::{LabelRequest, label, prompt_version};
pub use source::ModelSource;
