//! Plots as SVG. What is drawn carries classes (`plot-…`) instead of colours: the page's styles give each class its `color`, so
//! that one plot fits either theme.
//!
//! Invariants: numbers of `contract` go in, a text comes out; no I/O.

mod bars;
mod frame;
mod ink;
mod reliability;
mod thresholds;

pub use bars::{version_confidences, version_domains, version_lengths};
pub use reliability::reliability;
pub use thresholds::thresholds;

/// A plot could not be drawn: a defect.
#[derive(Debug, thiserror::Error)]
#[error("a plot can't be drawn: {0}")]
pub struct PlotError(String);

impl PlotError {
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}
