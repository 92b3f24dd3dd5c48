//! Labelled rows.

use crate::error::{classes_in_range, same_size};
use crate::{LearnError, Rows};

/// Rows with their classes, and perhaps with weights.
#[derive(Clone, Copy, Debug)]
pub struct Examples<'a> {
    rows: Rows<'a>,
    targets: &'a [u32],
    classes: usize,
    weights: Option<&'a [f32]>,
}

impl<'a> Examples<'a> {
    /// `targets` holds the class of each row, a number below `classes`.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when there isn't one target a row, [`LearnError::ClassOutOfRange`].
    pub fn new(rows: Rows<'a>, targets: &'a [u32], classes: usize) -> Result<Self, LearnError> {
        same_size("targets", rows.count(), targets.len())?;
        classes_in_range(targets, classes)?;
        Ok(Self { rows, targets, classes, weights: None })
    }

    /// Gives each row a weight: 2 counts as if the row stood there twice, 0 as if it didn't.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when there isn't one weight a row, [`LearnError::Setting`] for a weight that is negative or
    /// not finite.
    pub fn weighted(self, weights: &'a [f32]) -> Result<Self, LearnError> {
        same_size("weights", self.rows.count(), weights.len())?;
        match weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
            Some(&weight) => Err(LearnError::Setting { name: "weight", value: f64::from(weight) }),
            None => Ok(Self { weights: Some(weights), ..self }),
        }
    }

    /// How many rows.
    pub fn count(&self) -> usize {
        self.targets.len()
    }

    /// The rows.
    pub fn rows(&self) -> Rows<'a> {
        self.rows
    }

    /// The class of each row.
    pub fn targets(&self) -> &'a [u32] {
        self.targets
    }

    /// How many classes there are, with or without examples.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The weight of a row: 1 unless it was given another.
    pub fn weight(&self, index: usize) -> f32 {
        self.weights.and_then(|weights| weights.get(index).copied()).unwrap_or(1.0)
    }
}
