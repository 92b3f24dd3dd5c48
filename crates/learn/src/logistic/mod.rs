//! Multinomial logistic regression with an L2 penalty: a linear layer over embeddings, trained in seconds.
//!
//! The objective is that of scikit-learn's `LogisticRegression(C=c)` with its default solver,
//! `Σ wᵢ · lossᵢ + 1/(2c) · ‖W‖²`, with an intercept that is not penalised. It is strictly convex in the weights, so
//! there is one answer, and the classifier is the same as scikit-learn's up to rounding. With exactly two classes
//! scikit-learn fits a single vector `w`; that is the same as two vectors `±w/2` with the penalty doubled, and this is
//! what is done here too.

mod classifier;
mod examples;
mod lbfgs;
mod objective;

pub use classifier::{ABSENT_BIAS, LinearClassifier};
pub use examples::Examples;

use serde::{Deserialize, Serialize};

use crate::error::{at_least, same_size, setting_in};
use crate::{LearnError, Stop};
use lbfgs::minimise;
use objective::Objective;

/// How a classifier is trained.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogisticSettings {
    /// Inverse strength of the penalty, above 0: larger trusts the examples more.
    pub c: f64,
    /// Training ends when no component of the gradient of the objective, divided by the sum of the sample weights, is
    /// larger than this (scikit-learn's `tol`).
    pub tolerance: f64,
    /// Training ends after this many steps at the latest.
    pub max_iterations: usize,
}

impl Default for LogisticSettings {
    /// `c` 1, tolerance 10⁻⁴, at most 500 steps.
    fn default() -> Self {
        Self { c: 1.0, tolerance: 1e-4, max_iterations: 500 }
    }
}

impl LogisticSettings {
    fn check(&self) -> Result<(), LearnError> {
        setting_in("c", self.c, f64::MIN_POSITIVE..)?;
        setting_in("tolerance", self.tolerance, 0.0..)
    }
}

/// A classifier and how its training went.
#[derive(Clone, Debug)]
pub struct Training {
    /// The classifier.
    pub classifier: LinearClassifier,
    /// Steps taken.
    pub iterations: usize,
    /// The gradient went below the tolerance. False when the steps ran out or the arithmetic allowed no better point.
    pub converged: bool,
    /// The objective divided by the sum of the sample weights.
    pub objective: f64,
}

/// Trains a classifier. A class without examples (or with weights of 0 alone) takes no part: the classifier gives it
/// the probability 0. With a single class in the examples every row gets that class.
///
/// `start` is where the search begins, for instance the classifier before the last few examples came in: it changes
/// the time, not the answer. It may know fewer classes. One of another width is an error.
///
/// # Errors
/// [`LearnError::TooFew`] without examples, [`LearnError::Setting`] for settings out of range, [`LearnError::Shape`] for
/// a start of another width, [`LearnError::Stopped`].
pub fn train(
    examples: &Examples<'_>,
    settings: &LogisticSettings,
    start: Option<&LinearClassifier>,
    stop: Stop<'_>,
) -> Result<Training, LearnError> {
    let all: Vec<usize> = (0..examples.count()).collect();
    train_on(examples, &all, settings, start, stop)
}

/// [`train`] on some of the examples.
pub(crate) fn train_on(
    examples: &Examples<'_>,
    indexes: &[usize],
    settings: &LogisticSettings,
    start: Option<&LinearClassifier>,
    stop: Stop<'_>,
) -> Result<Training, LearnError> {
    settings.check()?;
    let columns = examples.rows().columns();
    if let Some(start) = start {
        same_size("columns of the start", columns, start.columns())?;
    }
    let mut objective = Objective::new(examples, indexes, settings.c);
    at_least("examples with a weight", 1, objective.count())?;
    if objective.present().len() == 1 {
        let classifier = LinearClassifier::constant(examples.classes(), columns, objective.present()[0]);
        return Ok(Training { classifier, iterations: 0, converged: true, objective: 0.0 });
    }
    let begin = objective.point_of(start);
    let found = minimise(
        begin,
        &mut |point, gradient| {
            if stop() { Err(LearnError::Stopped) } else { Ok(objective.evaluate(point, gradient)) }
        },
        settings.tolerance,
        settings.max_iterations,
    )?;
    Ok(Training {
        classifier: objective.classifier_of(&found.point),
        iterations: found.iterations,
        converged: found.converged,
        objective: found.value,
    })
}
