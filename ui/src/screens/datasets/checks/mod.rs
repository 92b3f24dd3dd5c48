//! Promises: the form to make them, and how they were found.

mod form;
mod report;

pub use form::{ChecksFields, ChecksForm};
pub use report::{Promised, Report};
