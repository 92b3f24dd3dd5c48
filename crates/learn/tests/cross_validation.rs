//! Held-out figures of the classifier.

mod support;

use learn::cross_validation::{choose_c, out_of_fold};
use learn::logistic::{Examples, LogisticSettings, train};
use learn::statistics::log_loss;
use learn::{Folds, LearnError, NEVER};
use support::{CLASSES, banking};

#[test]
fn out_of_fold_is_training_by_hand() {
    let banking = banking();
    let targets = &banking.train_targets[..800];
    let rows = banking.train.view().gather(&(0..800).collect::<Vec<_>>());
    let examples = Examples::new(rows.view(), targets, CLASSES).expect("one target a row");
    let folds = Folds::stratified(targets, 4, 9).expect("enough");
    let settings = LogisticSettings { c: 20.0, ..LogisticSettings::default() };
    let ours = out_of_fold(&examples, &folds, &settings, NEVER).expect("trained");

    let mut right = 0;
    for fold in 0..4 {
        let (learnt, held) = folds.parts(fold);
        let part = rows.view().gather(&learnt);
        let known: Vec<u32> = learnt.iter().map(|&at| targets[at]).collect();
        let examples = Examples::new(part.view(), &known, CLASSES).expect("one target a row");
        let classifier = train(&examples, &settings, None, NEVER).expect("trained").classifier;
        let probabilities = classifier.probabilities(rows.view().gather(&held).view()).expect("width");
        for (&at, row) in held.iter().zip(probabilities.chunks_exact(CLASSES)) {
            let stored = &ours.probabilities[at * CLASSES..(at + 1) * CLASSES];
            assert!(row.iter().zip(stored).all(|(a, b)| (a - b).abs() < 1e-6));
            right += u64::from(row.iter().all(|&p| p <= row[targets[at] as usize]));
        }
    }
    assert_eq!((ours.accuracy.successes, ours.accuracy.trials), (right, 800));
    assert!(ours.accuracy.low < ours.accuracy.share && ours.accuracy.share < ours.accuracy.high);
    assert_eq!(Ok(ours.log_loss), log_loss(&ours.probabilities, targets, CLASSES));
}

#[test]
fn the_best_strength_is_inside_and_predicts_new_rows_best() {
    let banking = banking();
    let examples = Examples::new(banking.train.view(), &banking.train_targets, CLASSES).expect("one target a row");
    let folds = Folds::stratified(&banking.train_targets, 5, 1).expect("enough");
    let grid = [1000.0, 0.01, 0.3, 10.0, 10.0];
    let settings = LogisticSettings { max_iterations: 60, ..LogisticSettings::default() };
    let chosen = choose_c(&examples, &folds, &grid, &settings, NEVER).expect("trained");
    let tried: Vec<f64> = chosen.grid.iter().map(|point| point.c).collect();
    assert_eq!(tried, [0.01, 0.3, 10.0, 1000.0]);
    let best = chosen.grid.iter().map(|point| point.log_loss).fold(f64::INFINITY, f64::min);
    assert_eq!((chosen.c, chosen.out_of_fold.log_loss), (10.0, best));

    // What cross-validation says is what new rows show.
    let settings = LogisticSettings { c: chosen.c, ..settings };
    let classifier = train(&examples, &settings, None, NEVER).expect("trained").classifier;
    let probabilities = classifier.probabilities(banking.held.view()).expect("width");
    let new = log_loss(&probabilities, &banking.held_targets, CLASSES).expect("rows");
    assert!((new - best).abs() < 0.15, "{new} on new rows, {best} by cross-validation");
}

#[test]
fn a_class_with_one_example_is_held_out_without_harm() {
    let banking = banking();
    let mut targets = banking.train_targets[..300].to_vec();
    targets.iter_mut().for_each(|target| *target %= 4);
    targets[17] = 4;
    let rows = banking.train.view().gather(&(0..300).collect::<Vec<_>>());
    let examples = Examples::new(rows.view(), &targets, 6).expect("one target a row");
    let folds = Folds::stratified(&targets, 5, 3).expect("enough");
    let found = out_of_fold(&examples, &folds, &LogisticSettings::default(), NEVER).expect("trained");
    assert_eq!(found.probabilities[17 * 6 + 4], 0.0, "nobody has told of the class");
    assert!(found.log_loss.is_finite());
    assert!(found.probabilities.chunks_exact(6).all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-5));
}

#[test]
fn bad_input_is_an_error() {
    let banking = banking();
    let examples = Examples::new(banking.train.view(), &banking.train_targets, CLASSES).expect("one target a row");
    let folds = Folds::stratified(&banking.train_targets, 5, 1).expect("enough");
    let settings = LogisticSettings::default();
    assert!(matches!(choose_c(&examples, &folds, &[], &settings, NEVER), Err(LearnError::TooFew { .. })));
    assert!(matches!(choose_c(&examples, &folds, &[1.0, 0.0], &settings, NEVER), Err(LearnError::Setting { .. })));
    let others = Folds::stratified(&[0, 1, 2], 3, 1).expect("enough");
    assert!(matches!(out_of_fold(&examples, &others, &settings, NEVER), Err(LearnError::Shape { .. })));
    assert_eq!(out_of_fold(&examples, &folds, &settings, &|| true).err(), Some(LearnError::Stopped));
}
