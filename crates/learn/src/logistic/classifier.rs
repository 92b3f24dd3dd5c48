//! What training gives: weights and a bias for each class.

use pulp::Arch;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{all_finite, same_size};
use crate::kernels::softmax;
use crate::product::{Before, Factor, Threads, multiply};
use crate::{LearnError, Rows};

/// The bias of a class that had no examples: its probability is 0 and it is never predicted. Finite, so that it can be
/// stored in any format.
pub const ABSENT_BIAS: f32 = -1.0e30;

/// Rows that one task turns into probabilities.
const ROWS_PER_TASK: usize = 256;

/// A linear classifier: the logit of a class is the scalar product of its weights with the row, plus its bias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct LinearClassifier {
    weights: Vec<f32>,
    bias: Vec<f32>,
    columns: usize,
}

/// The form on disk. What is read may be anything, so it is checked.
#[derive(Serialize, Deserialize)]
struct Stored {
    classes: usize,
    columns: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl From<LinearClassifier> for Stored {
    fn from(classifier: LinearClassifier) -> Self {
        Self {
            classes: classifier.classes(),
            columns: classifier.columns,
            weights: classifier.weights,
            bias: classifier.bias,
        }
    }
}

impl TryFrom<Stored> for LinearClassifier {
    type Error = LearnError;

    fn try_from(stored: Stored) -> Result<Self, LearnError> {
        same_size("classes of a classifier", stored.classes, stored.bias.len())?;
        Self::new(stored.weights, stored.bias, stored.columns)
    }
}

impl LinearClassifier {
    /// `weights` holds one row of `columns` numbers for each class, `bias` one number for each.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when the sizes don't agree or there is no class, [`LearnError::NotFinite`].
    pub fn new(weights: Vec<f32>, bias: Vec<f32>, columns: usize) -> Result<Self, LearnError> {
        same_size("weights of a classifier", bias.len().max(1).saturating_mul(columns.max(1)), weights.len())?;
        all_finite("weights of a classifier", &weights)?;
        all_finite("bias of a classifier", &bias)?;
        Ok(Self { weights, bias, columns })
    }

    /// What training computed, whose shape is known to be right.
    pub(super) fn of(weights: Vec<f32>, bias: Vec<f32>, columns: usize) -> Self {
        Self { weights, bias, columns }
    }

    /// Gives every row the class `only`.
    pub(super) fn constant(classes: usize, columns: usize, only: u32) -> Self {
        let mut bias = vec![ABSENT_BIAS; classes];
        if let Some(bias) = bias.get_mut(only as usize) {
            *bias = 0.0;
        }
        Self { weights: vec![0.0; classes * columns], bias, columns }
    }

    /// How many classes.
    pub fn classes(&self) -> usize {
        self.bias.len()
    }

    /// How long the rows are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// A row of weights for each class.
    pub fn weights(&self) -> Rows<'_> {
        // The shape was checked when the classifier was made.
        crate::rows::trusted(&self.weights, self.columns)
    }

    /// One number for each class; [`ABSENT_BIAS`] for one that had no examples.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }

    /// The logits: a row of [`Self::classes`] numbers for each row.
    ///
    /// # Errors
    /// [`LearnError::Shape`] for rows of another width.
    pub fn logits(&self, rows: Rows<'_>) -> Result<Vec<f32>, LearnError> {
        self.apply(rows, |_| {})
    }

    /// The probabilities: a row of [`Self::classes`] numbers, which sum to 1, for each row.
    ///
    /// # Errors
    /// [`LearnError::Shape`] for rows of another width.
    pub fn probabilities(&self, rows: Rows<'_>) -> Result<Vec<f32>, LearnError> {
        self.apply(rows, |row| {
            softmax(row);
        })
    }

    fn apply(&self, rows: Rows<'_>, finish: impl Fn(&mut [f32]) + Sync) -> Result<Vec<f32>, LearnError> {
        same_size("columns of rows to classify", self.columns, rows.columns())?;
        let classes = self.classes();
        let mut out = vec![0.0; rows.count() * classes];
        let weights = Factor::new(&self.weights, self.columns).transposed();
        multiply(Factor::new(rows.values(), self.columns), weights, &mut out, Before::Replaced, Threads::All);
        let arch = Arch::new();
        out.par_chunks_mut(classes * ROWS_PER_TASK).for_each(|rows| {
            arch.dispatch(|| {
                for row in rows.chunks_exact_mut(classes) {
                    for (logit, bias) in row.iter_mut().zip(&self.bias) {
                        *logit += bias;
                    }
                    finish(row);
                }
            });
        });
        Ok(out)
    }
}
