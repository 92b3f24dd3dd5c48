//! Several voters on the same items: a weighted vote of labels, or a weighted mean of probabilities.

use crate::error::{at_least, classes_in_range, same_size, setting_in};
use crate::statistics::LEAST_PROBABILITY;
use crate::{LearnError, Rows};

/// Steps of the search for weights.
const STEPS: usize = 10_000;
/// Share of a vote's weight that is spread evenly over all classes, so that nothing is certain or impossible.
const SPREAD: f64 = 0.01;

/// The weight of a voter in a vote: ln(p (classes − 1) / (1 − p)), where p is its accuracy on decided items, smoothed as
/// if it had also drawn `classes` items by chance (one of them right). The best weights for independent voters whose
/// mistakes are spread evenly (Nitzan and Paroush, 1982). 0 for a voter no better than chance.
///
/// # Errors
/// [`LearnError::Setting`] for more right ones than decided ones or fewer than two classes.
pub fn vote_weight(right: u64, decided: u64, classes: usize) -> Result<f64, LearnError> {
    setting_in("classes", classes as f64, 2.0..)?;
    setting_in("right", right as f64, 0.0..=decided as f64)?;
    let classes = classes as f64;
    let p = (right as f64 + 1.0) / (decided as f64 + classes);
    Ok((p * (classes - 1.0) / (1.0 - p)).ln().max(0.0))
}

/// What each class has after a vote: the share of the weight that voted for it, smoothed as if a hundredth of all weight
/// had been spread evenly over the classes. Voters who learned from the same texts err together, so a product of their odds
/// would be too sure, and with unknown odds it says nothing; a share is neither. A voter who abstains (`None`) changes
/// nothing; without weight on any vote all classes have the same.
///
/// # Errors
/// [`LearnError::Shape`] when there isn't one weight a voter, [`LearnError::ClassOutOfRange`], [`LearnError::Setting`] for
/// a weight that is negative or not a number, or no classes.
pub fn weighted_vote(votes: &[Option<u32>], weights: &[f64], classes: usize) -> Result<Vec<f32>, LearnError> {
    same_size("weights of voters", votes.len(), weights.len())?;
    setting_in("classes", classes as f64, 1.0..)?;
    let mut sums = vec![0.0_f64; classes];
    for (vote, &weight) in votes.iter().zip(weights) {
        setting_in("weight", weight, 0.0..)?;
        if let Some(class) = *vote {
            classes_in_range(&[class], classes)?;
            sums[class as usize] += weight;
        }
    }
    let total: f64 = sums.iter().sum();
    let even = 1.0 / classes as f64;
    let share = |sum: f64| if total > 0.0 { (1.0 - SPREAD) * sum / total + SPREAD * even } else { even };
    Ok(sums.into_iter().map(|sum| share(sum) as f32).collect())
}

/// The weighted mean of the voters' probabilities: each has the same number of rows of the same width. Weights are
/// scaled to sum to 1.
///
/// # Errors
/// [`LearnError::TooFew`] without voters, [`LearnError::Shape`], [`LearnError::Setting`] for a negative weight or weights
/// that sum to 0.
pub fn weighted_mean(voters: &[Rows<'_>], weights: &[f64]) -> Result<Vec<f32>, LearnError> {
    let first = same_shape(voters)?;
    same_size("weights of voters", voters.len(), weights.len())?;
    weights.iter().try_for_each(|&weight| setting_in("weight", weight, 0.0..))?;
    let total: f64 = weights.iter().sum();
    setting_in("sum of weights", total, f64::MIN_POSITIVE..)?;
    let mut mean = vec![0.0_f32; first.values().len()];
    for (voter, &weight) in voters.iter().zip(weights) {
        let share = (weight / total) as f32;
        for (into, &value) in mean.iter_mut().zip(voter.values()) {
            *into += share * value;
        }
    }
    Ok(mean)
}

/// The weights (which sum to 1) with which [`weighted_mean`] has the smallest log loss on decided items. The loss is
/// convex, and expectation-maximisation for a mixture goes down to its minimum without a step size.
///
/// # Errors
/// [`LearnError::TooFew`] without voters or items, [`LearnError::Shape`], [`LearnError::ClassOutOfRange`].
pub fn mean_weights(voters: &[Rows<'_>], truth: &[u32]) -> Result<Vec<f64>, LearnError> {
    let first = same_shape(voters)?;
    same_size("true classes", first.count(), truth.len())?;
    at_least("decided items", 1, truth.len())?;
    classes_in_range(truth, first.columns())?;
    let own = |voter: &Rows<'_>| -> Vec<f64> {
        let rows = voter.iter().zip(truth);
        rows.map(|(row, &truth)| f64::from(row[truth as usize]).max(LEAST_PROBABILITY)).collect()
    };
    let likelihoods: Vec<Vec<f64>> = voters.iter().map(own).collect();
    let mut weights = vec![1.0 / voters.len() as f64; voters.len()];
    let mut mixed = vec![0.0; truth.len()];
    for _ in 0..STEPS {
        mixed.fill(0.0);
        for (likelihood, weight) in likelihoods.iter().zip(&weights) {
            for (into, value) in mixed.iter_mut().zip(likelihood) {
                *into += weight * value;
            }
        }
        let mut change: f64 = 0.0;
        for (likelihood, weight) in likelihoods.iter().zip(&mut weights) {
            let gain: f64 = likelihood.iter().zip(&mixed).map(|(value, mixed)| value / mixed).sum();
            let next = *weight * gain / truth.len() as f64;
            change = change.max((next - *weight).abs());
            *weight = next;
        }
        if change < 1e-10 {
            break;
        }
    }
    Ok(weights)
}

fn same_shape<'a>(voters: &[Rows<'a>]) -> Result<Rows<'a>, LearnError> {
    let Some(first) = voters.first() else {
        return Err(LearnError::TooFew { what: "voters", needed: 1, found: 0 });
    };
    for voter in voters {
        same_size("columns of a voter", first.columns(), voter.columns())?;
        same_size("rows of a voter", first.count(), voter.count())?;
    }
    Ok(*first)
}
