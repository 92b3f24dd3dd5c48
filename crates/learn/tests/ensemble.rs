//! Several voters: their weights against scipy's, and what is true of votes.

mod support;

use learn::Rows;
use learn::ensemble::{mean_weights, vote_weight, weighted_mean, weighted_vote};
use learn::statistics::log_loss;
use rand::RngExt;
use support::{classes, close, json, number, numbers, rng};

#[test]
fn weights_of_a_mean_are_scipy_s() {
    let reference = &json("statistics.json")["mixture"];
    let truth = classes(&reference["truth"]);
    let voters: Vec<Vec<f32>> = reference["voters"]
        .as_array()
        .expect("voters")
        .iter()
        .map(|rows| rows.as_array().expect("rows").iter().flat_map(numbers).map(|p| p as f32).collect())
        .collect();
    let rows: Vec<Rows<'_>> = voters.iter().map(|values| Rows::new(values, 4).expect("whole rows")).collect();
    let weights = mean_weights(&rows, &truth).expect("decided items");
    for (ours, theirs) in weights.iter().zip(numbers(&reference["weights"])) {
        close(*ours, theirs, 1e-4, "a weight");
    }
    let mean = weighted_mean(&rows, &weights).expect("weights");
    let loss = log_loss(&mean, &truth, 4).expect("rows");
    close(loss, number(&reference["loss"]), 1e-6, "the loss");
    for voter in &voters {
        assert!(loss <= log_loss(voter, &truth, 4).expect("rows") + 1e-9, "a mean is no worse than its best voter");
    }
}

#[test]
fn a_weighted_vote_is_no_worse_than_its_best_voter() {
    // Voters with known accuracies, mistakes spread evenly.
    let (mut rng, accuracies, classes) = (rng(8), [0.9, 0.7, 0.6, 0.34], 3_u32);
    let weights: Vec<f64> = accuracies.iter().map(|p: &f64| (p * 2.0 / (1.0 - p)).ln()).collect();
    let (mut right, mut right_of_best, rounds) = (0.0, 0.0, 40_000);
    for _ in 0..rounds {
        let truth = rng.random_range(0..classes);
        let votes: Vec<Option<u32>> = accuracies
            .iter()
            .map(|&p| {
                Some(if rng.random::<f64>() < p { truth } else { (truth + rng.random_range(1..classes)) % classes })
            })
            .collect();
        let row = weighted_vote(&votes, &weights, classes as usize).expect("votes");
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let top = row.iter().copied().fold(0.0, f32::max);
        right += f64::from(u8::from(row[truth as usize] == top));
        right_of_best += f64::from(u8::from(votes[0] == Some(truth)));
    }
    assert!(right >= right_of_best, "the vote is no worse than its best voter");
}

#[test]
fn a_vote_is_the_share_of_the_weight_however_many_classes_there_are() {
    let unanimous = weighted_vote(&[Some(3), Some(3)], &[1.0, 1.0], 77).expect("votes");
    close(f64::from(unanimous[3]), 0.99 + 0.01 / 77.0, 1e-6, "all voices");
    close(f64::from(unanimous[0]), 0.01 / 77.0, 1e-6, "no voice");
    let split = weighted_vote(&[Some(0), Some(1), Some(0)], &[1.0, 2.0, 0.5], 4).expect("votes");
    close(f64::from(split[1]), 0.99 * 2.0 / 3.5 + 0.0025, 1e-6, "the heavier voice");
    close(f64::from(split[0]), 0.99 * 1.5 / 3.5 + 0.0025, 1e-6, "two lighter ones");
    close(f64::from(split.iter().sum::<f32>()), 1.0, 1e-6, "all together");
}

#[test]
fn votes_at_the_borders() {
    assert!(vote_weight(0, 100, 4).is_ok_and(|weight| weight == 0.0), "worse than chance has no say");
    assert!(vote_weight(25, 100, 4).is_ok_and(|weight| weight.abs() < 1e-12), "chance has no say");
    let (some, all) = (vote_weight(90, 100, 4).expect("counts"), vote_weight(100, 100, 4).expect("counts"));
    assert!(some < all && all.is_finite());
    assert!(vote_weight(0, 0, 5).is_ok_and(|weight| weight.abs() < 1e-12), "nothing decided, nothing known");
    assert_eq!(weighted_vote(&[None, None], &[1.0, 2.0], 4), Ok(vec![0.25; 4]));
    let alone = weighted_vote(&[Some(1), None], &[800.0, 1.0], 2).expect("votes");
    close(f64::from(alone[1]), 0.995, 1e-6, "who abstains takes nothing away");
    assert!(weighted_vote(&[Some(1)], &[-1.0], 2).is_err(), "nobody votes against");
    assert!(weighted_vote(&[Some(4)], &[1.0], 4).is_err() && weighted_vote(&[Some(0)], &[], 4).is_err());
    assert!(vote_weight(5, 4, 2).is_err() && vote_weight(1, 4, 1).is_err());
    let values = [0.5, 0.5];
    let rows = Rows::new(&values, 2).expect("a row");
    assert!(weighted_mean(&[], &[]).is_err() && weighted_mean(&[rows], &[0.0]).is_err());
    assert!(weighted_mean(&[rows], &[-1.0]).is_err() && mean_weights(&[rows], &[2]).is_err());
    assert!(mean_weights(&[rows], &[]).is_err());
    assert_eq!(mean_weights(&[rows], &[1]), Ok(vec![1.0]));
}
