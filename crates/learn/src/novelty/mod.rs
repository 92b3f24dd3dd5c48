//! Is a text from outside the domain that a classifier was trained on?
//!
//! Several scores behind one type, so that it can be measured which one tells best. All of them rise with strangeness.
//! Their thresholds come from in-domain texts alone ([`threshold`]): nobody has examples of everything else. Scores of
//! the training texts themselves are too low for that; [`cross_fitted_scores`] gives honest ones.

mod gaussian;

use serde::{Deserialize, Serialize};

use crate::error::{at_least, same_size, setting_in};
use crate::logistic::Examples;
use crate::nearest::{Nearest, NearestSettings};
use crate::{Folds, LearnError, Rows, Stop};
use gaussian::Gaussian;

/// How strangeness is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Method {
    /// 1 − the classifier's highest probability (Hendrycks and Gimpel, 2017).
    MaxProbability,
    /// −ln Σ exp(logit): low when any class speaks up for the text (Liu et al., 2020).
    Energy,
    /// 1 − the mean cosine to the nearest training vectors (Sun et al., 2022, with the mean instead of the last).
    NearestCosine {
        /// How many of the nearest.
        neighbours: usize,
    },
    /// The squared Mahalanobis distance to the nearest class mean, with one covariance for all classes (Lee et al., 2018).
    Mahalanobis,
    /// That distance less the one to the mean of everything, with everything's covariance (Ren et al., 2021).
    RelativeMahalanobis,
}

/// Texts to be judged: their vectors, and the classifier's logits for them.
#[derive(Clone, Copy, Debug)]
pub struct Queries<'a> {
    vectors: Rows<'a>,
    logits: Rows<'a>,
}

impl<'a> Queries<'a> {
    /// A row of logits for each vector.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when there isn't one row of logits for each vector.
    pub fn new(vectors: Rows<'a>, logits: Rows<'a>) -> Result<Self, LearnError> {
        same_size("rows of logits", vectors.count(), logits.count())?;
        Ok(Self { vectors, logits })
    }
}

/// One way to score strangeness, fitted on in-domain examples.
pub struct Novelty {
    method: Method,
    state: State,
}

enum State {
    /// The logits tell everything.
    Nothing,
    Nearest(Nearest),
    Classes(Gaussian),
    ClassesAndAll(Gaussian, Gaussian),
}

impl Novelty {
    /// Learns what is known from in-domain vectors of unit length and their classes. Sample weights are not used.
    ///
    /// # Errors
    /// [`LearnError::TooFew`] for fewer than two examples, [`LearnError::Setting`] for no neighbours,
    /// [`LearnError::Stopped`].
    pub fn fit(method: Method, examples: &Examples<'_>, stop: Stop<'_>) -> Result<Self, LearnError> {
        at_least("examples of the domain", 2, examples.count())?;
        let rows = examples.rows();
        let state = match method {
            Method::MaxProbability | Method::Energy => State::Nothing,
            Method::NearestCosine { neighbours } => {
                setting_in("neighbours", neighbours as f64, 1.0..)?;
                let ids = (0..rows.count() as i64).collect();
                let settings = NearestSettings::default();
                State::Nearest(Nearest::build(rows.columns(), ids, rows.values(), settings, stop)?)
            }
            Method::Mahalanobis => State::Classes(Gaussian::of_classes(examples)),
            Method::RelativeMahalanobis => State::ClassesAndAll(
                Gaussian::of_classes(examples),
                Gaussian::of_classes(&Examples::new(rows, &vec![0; rows.count()], 1)?),
            ),
        };
        Ok(Self { method, state })
    }

    /// How strangeness is measured.
    pub fn method(&self) -> Method {
        self.method
    }

    /// A score for each text; higher is stranger.
    ///
    /// # Errors
    /// [`LearnError::Shape`] for vectors of another width than those of the examples.
    pub fn scores(&self, queries: &Queries<'_>) -> Result<Vec<f64>, LearnError> {
        let vectors = queries.vectors;
        match (&self.state, self.method) {
            (State::Nothing, Method::Energy) => Ok(queries.logits.iter().map(|row| -log_sum_exp(row)).collect()),
            (State::Nothing, _) => {
                Ok(queries.logits.iter().map(|row| 1.0 - (top(row) - log_sum_exp(row)).exp()).collect())
            }
            (State::Nearest(index), method) => {
                let neighbours = if let Method::NearestCosine { neighbours } = method { neighbours } else { 1 };
                let mean = |hits: Vec<(i64, f32)>| {
                    let sum: f64 = hits.iter().map(|(_, cosine)| f64::from(*cosine)).sum();
                    1.0 - sum / hits.len().max(1) as f64
                };
                Ok(index.search_many(vectors, neighbours)?.into_iter().map(mean).collect())
            }
            (State::Classes(classes), _) => classes.distances(vectors),
            (State::ClassesAndAll(classes, all), _) => {
                let (near, far) = (classes.distances(vectors)?, all.distances(vectors)?);
                Ok(near.into_iter().zip(far).map(|(near, far)| near - far).collect())
            }
        }
    }
}

/// The score of each example by what the other folds teach. `logits` are those of classifiers that did not see the
/// example either.
///
/// # Errors
/// [`LearnError::Shape`] when folds or logits are of other examples, and the errors of [`Novelty::fit`].
pub fn cross_fitted_scores(
    method: Method,
    examples: &Examples<'_>,
    logits: Rows<'_>,
    folds: &Folds,
    stop: Stop<'_>,
) -> Result<Vec<f64>, LearnError> {
    same_size("examples in folds", examples.count(), folds.examples())?;
    same_size("rows of logits", examples.count(), logits.count())?;
    let mut scores = vec![0.0; examples.count()];
    for fold in 0..folds.count() {
        let (learnt, held) = folds.parts(fold);
        let targets: Vec<u32> = learnt.iter().map(|&index| examples.targets()[index]).collect();
        let rows = examples.rows().gather(&learnt);
        let novelty = Novelty::fit(method, &Examples::new(rows.view(), &targets, examples.classes())?, stop)?;
        let (vectors, logits) = (examples.rows().gather(&held), logits.gather(&held));
        let found = novelty.scores(&Queries::new(vectors.view(), logits.view())?)?;
        for (index, score) in held.into_iter().zip(found) {
            scores[index] = score;
        }
    }
    Ok(scores)
}

/// The score that this share of in-domain texts (0.95) stays at or below: what scores above it is taken for foreign, and
/// so are about 1 − `share` of the domain's own texts. The empirical quantile without interpolation.
///
/// # Errors
/// [`LearnError::TooFew`] without scores, [`LearnError::Setting`] for a share that is not between 0 and 1,
/// [`LearnError::NotFinite`].
pub fn threshold(in_domain_scores: &[f64], share: f64) -> Result<f64, LearnError> {
    setting_in("share", share, 0.0..=1.0)?;
    at_least("in-domain scores", 1, in_domain_scores.len())?;
    if let Some(at) = in_domain_scores.iter().position(|score| !score.is_finite()) {
        return Err(LearnError::NotFinite { what: "in-domain scores", at });
    }
    let mut sorted = in_domain_scores.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let place = (share * sorted.len() as f64).ceil() as usize;
    Ok(sorted[place.clamp(1, sorted.len()) - 1])
}

fn top(logits: &[f32]) -> f64 {
    f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max))
}

fn log_sum_exp(logits: &[f32]) -> f64 {
    let top = top(logits);
    top + logits.iter().map(|&logit| (f64::from(logit) - top).exp()).sum::<f64>().ln()
}
