//! Probabilities that mean what they say: a map from a model's probabilities to calibrated ones, fitted on items that
//! people decided.

mod fit;
mod isotonic;
mod temperature;

pub use fit::{CalibrationFigures, CalibrationFit, ISOTONIC_EXAMPLES, LEAST_EXAMPLES, Tried, fit};
pub use isotonic::{IsotonicMap, fit_isotonic};
pub use temperature::{HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE, fit_temperature};

use serde::{Deserialize, Serialize};

use crate::kernels::largest;

/// A map from a row of probabilities to a calibrated row. It never changes which class is the most probable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Calibration {
    /// Leaves the probabilities as they are.
    #[default]
    Identity,
    /// Divides the logits by a temperature: above 1 takes confidence away (Guo et al., 2017).
    Temperature {
        /// The temperature, above 0.
        temperature: f64,
    },
    /// Maps the top probability by a rising curve and scales the others to the rest.
    Isotonic(IsotonicMap),
}

impl Calibration {
    /// Calibrates one row, in place. Probabilities of 0 stay 0; a row of zeros stays as it is.
    ///
    /// After [`Calibration::Isotonic`] the top class has the curve's value, but never less than what keeps it the top
    /// while the others keep their proportions.
    pub fn apply(&self, row: &mut [f32]) {
        match self {
            Self::Identity => {}
            Self::Temperature { temperature } => temperature::apply(*temperature, row),
            Self::Isotonic(map) => isotonic::apply(map, row),
        }
    }

    /// Calibrates rows of `classes` probabilities each, in place.
    pub fn apply_all(&self, rows: &mut [f32], classes: usize) {
        if classes > 0 && *self != Self::Identity {
            rows.chunks_exact_mut(classes).for_each(|row| self.apply(row));
        }
    }
}

/// The top probability of each row and whether it is the true class.
fn top_of_each(probabilities: &[f32], truth: &[u32], classes: usize) -> (Vec<f32>, Vec<bool>) {
    probabilities
        .chunks_exact(classes)
        .zip(truth)
        .filter_map(|(row, &truth)| {
            let top = largest(row)?;
            Some((row[top].clamp(0.0, 1.0), top == truth as usize))
        })
        .unzip()
}
