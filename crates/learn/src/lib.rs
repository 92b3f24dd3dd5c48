//! Learning from numbers: what the steps of the application compute once texts have become vectors and labels have
//! become numbers. A linear classifier over embeddings ([`logistic`]), honest figures for it ([`cross_validation`]),
//! probabilities that mean what they say ([`calibration`], [`reliability`]), the tests and intervals of the reports
//! ([`statistics`]), the threshold below which a person looks ([`threshold`]), texts from outside the known domain
//! ([`novelty`]), nearest neighbours ([`nearest`]) and the joining of several voters ([`ensemble`]).
//!
//! Invariants: this crate imports nothing of ours and does no I/O; numbers go in and numbers come out; randomness comes
//! in as a seed, cancelling as a function; vectors are `f32`, statistics `f64`; the same input gives the same output.

pub mod calibration;
pub mod cross_validation;
pub mod ensemble;
mod error;
mod folds;
mod kernels;
pub mod logistic;
pub mod nearest;
pub mod novelty;
mod product;
pub mod reliability;
mod rows;
pub mod statistics;
pub mod threshold;

pub use error::LearnError;
pub use folds::Folds;
pub use rows::{Rows, RowsBuf};

/// Asked between units of work; `true` ends the work with [`LearnError::Stopped`].
pub type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// A [`Stop`] that never stops.
pub const NEVER: Stop<'static> = &|| false;
