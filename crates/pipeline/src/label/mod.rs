//! Labelling: what has no valid prediction goes through a model, and what is unsure goes to review.

mod batch;
mod cached;
mod hearing;
mod run;
mod source;

pub use batch::candidates;
pub use run::{LabelRequest, label, prompt, prompt_version};
pub use source::ModelSource;
