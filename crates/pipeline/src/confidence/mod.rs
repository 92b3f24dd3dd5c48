//! What a labeller's confidence is worth: its calibration, and what thresholds would mean.

mod calibrate;
#[cfg(test)]
mod tests;
mod thresholds;

pub use calibrate::{CalibrateRequest, calibrate};
pub use thresholds::thresholds;
