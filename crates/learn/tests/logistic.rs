//! The classifier against scikit-learn's on real features, and what it does at the borders.

mod support;

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use learn::logistic::{ABSENT_BIAS, Examples, LinearClassifier, LogisticSettings, Training, train};
use learn::{LearnError, NEVER, Rows, RowsBuf};
use support::{CLASSES, COLUMNS, banking, close, held_out_probabilities, json, number, numbers};

fn exact(c: f64) -> LogisticSettings {
    LogisticSettings { c, tolerance: 1e-8, max_iterations: 5000 }
}

fn fit(rows: Rows<'_>, targets: &[u32], weights: Option<&[f32]>, settings: &LogisticSettings) -> Training {
    let examples = Examples::new(rows, targets, CLASSES).expect("one target a row");
    let examples = weights.map_or(Ok(examples), |weights| examples.weighted(weights)).expect("one weight a row");
    train(&examples, settings, None, NEVER).expect("enough examples")
}

#[test]
fn coefficients_and_probabilities_are_scikit_learn_s() {
    let (banking, reference) = (banking(), json("banking.json"));
    let all: Vec<f32> = (0..banking.train_targets.len()).map(|at| 0.5 + (at % 4) as f32).collect();
    for case in reference["fits"].as_array().expect("cases") {
        let name = format!("{} C={}", case["name"], case["c"]);
        let classes = support::classes(&case["classes"]);
        let used: Vec<usize> = (0..all.len()).filter(|&at| classes.contains(&banking.train_targets[at])).collect();
        let rows = banking.train.view().gather(&used);
        let targets: Vec<u32> = used.iter().map(|&at| banking.train_targets[at]).collect();
        let weights = case["weighted"].as_bool().expect("a flag").then_some(&all[..]);
        let training = fit(rows.view(), &targets, weights, &exact(number(&case["c"])));
        assert!(training.converged, "{name}: not converged after {}", training.iterations);
        compare_coefficients(&training.classifier, case, &classes, &name);

        let ours = training.classifier.probabilities(banking.held.view()).expect("the same width");
        let rows: Vec<&[f32]> = ours.chunks_exact(CLASSES).collect();
        for (ours, theirs) in rows.iter().zip(case["probabilities"].as_array().expect("rows")) {
            for (&class, theirs) in classes.iter().zip(numbers(theirs)) {
                close(f64::from(ours[class as usize]), theirs, 2e-5, &format!("{name}: probability of {class}"));
            }
        }
        let same =
            rows.iter().zip(support::classes(&case["predicted"])).filter(|(row, theirs)| largest(row) == *theirs);
        assert!(same.count() >= support::HELD - 1, "{name}: predictions differ");
    }
}

fn compare_coefficients(classifier: &LinearClassifier, case: &serde_json::Value, classes: &[u32], name: &str) {
    let Some(coefficients) = case["coefficients"].as_array() else { return };
    let mut theirs: Vec<Vec<f64>> = coefficients.iter().map(numbers).collect();
    let mut bias = numbers(&case["intercept"]);
    if classes.len() == 2 {
        // A single vector there, the difference of two here.
        let half = |sign: f64| theirs[0].iter().map(|value| 0.5 * sign * value).collect::<Vec<f64>>();
        theirs = vec![half(-1.0), half(1.0)];
        bias = vec![-0.5 * bias[0], 0.5 * bias[0]];
    }
    // The intercepts are unique up to a common shift; scikit-learn's sum to 0, and so do ours.
    for ((&class, theirs), bias) in classes.iter().zip(&theirs).zip(bias) {
        let row = classifier.weights().row(class as usize).expect("a row for each class");
        for (&ours, &theirs) in row.iter().zip(theirs) {
            close(f64::from(ours), theirs, 2e-4, &format!("{name}: a weight of class {class}"));
        }
        close(f64::from(classifier.bias()[class as usize]), bias, 2e-4, &format!("{name}: bias of {class}"));
    }
}

fn largest(row: &[f32]) -> u32 {
    (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b])).expect("a class") as u32
}

#[test]
fn every_held_out_probability_is_scikit_learn_s() {
    let (banking, reference) = (banking(), json("banking.json"));
    let training = fit(banking.train.view(), &banking.train_targets, None, &exact(100.0));
    let ours = training.classifier.probabilities(banking.held.view()).expect("the same width");
    for (ours, theirs) in ours.iter().zip(held_out_probabilities()) {
        close(f64::from(*ours), f64::from(theirs), 1e-4, "a probability");
    }
    let objective = number(&reference["fits"][0]["objective"]) / banking.train_targets.len() as f64;
    close(training.objective, objective, 1e-6, "the objective");
}

#[test]
fn the_default_tolerance_is_close_enough() {
    let banking = banking();
    let settings = LogisticSettings { c: 10.0, ..LogisticSettings::default() };
    let quick = fit(banking.train.view(), &banking.train_targets, None, &settings);
    let slow = fit(banking.train.view(), &banking.train_targets, None, &exact(10.0));
    assert!(quick.converged && quick.iterations < slow.iterations);
    let probabilities = |training: &Training| training.classifier.probabilities(banking.held.view()).expect("width");
    let furthest =
        probabilities(&quick).iter().zip(probabilities(&slow)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(furthest < 0.05, "{furthest}");
}

#[test]
fn a_warm_start_changes_the_time_and_not_the_answer() {
    let banking = banking();
    let targets = &banking.train_targets;
    let first = banking.train.view().gather(&(0..2300).collect::<Vec<_>>());
    let before = fit(first.view(), &targets[..2300], None, &exact(5.0)).classifier;
    let examples = Examples::new(banking.train.view(), targets, CLASSES).expect("one target a row");
    let cold = train(&examples, &exact(5.0), None, NEVER).expect("trained");
    let warm = train(&examples, &exact(5.0), Some(&before), NEVER).expect("trained");
    assert!(warm.iterations < cold.iterations, "{} steps, {} without", warm.iterations, cold.iterations);
    for (a, b) in cold.classifier.weights().values().iter().zip(warm.classifier.weights().values()) {
        assert!((a - b).abs() < 1e-3, "{a} and {b}");
    }
    // From its own answer there is nothing left to do, which also shows that the start is read right.
    let again = train(&examples, &LogisticSettings { tolerance: 1e-5, ..exact(5.0) }, Some(&cold.classifier), NEVER);
    assert!(again.is_ok_and(|again| again.converged && again.iterations == 0));
}

#[test]
fn whole_weights_are_repeated_rows() {
    let banking = banking();
    let indexes: Vec<usize> = (0..400).collect();
    let rows = banking.train.view().gather(&indexes);
    let targets = &banking.train_targets[..400];
    let weights: Vec<f32> = (0..400).map(|at| (at % 3) as f32).collect();
    let repeated: Vec<usize> = indexes.iter().flat_map(|&at| std::iter::repeat_n(at, at % 3)).collect();
    let weighted = fit(rows.view(), targets, Some(&weights), &exact(2.0)).classifier;
    let copies: Vec<u32> = repeated.iter().map(|&at| targets[at]).collect();
    let twice = fit(rows.view().gather(&repeated).view(), &copies, None, &exact(2.0)).classifier;
    for (a, b) in weighted.weights().values().iter().zip(twice.weights().values()) {
        assert!((a - b).abs() < 1e-3, "{a} and {b}");
    }
}

#[test]
fn classes_without_examples_are_never_predicted() {
    let banking = banking();
    let used: Vec<usize> = (0..2000).filter(|&at| banking.train_targets[at].is_multiple_of(3)).collect();
    let targets: Vec<u32> = used.iter().map(|&at| banking.train_targets[at]).collect();
    let rows = banking.train.view().gather(&used);
    let classifier = fit(rows.view(), &targets, None, &exact(1.0)).classifier;
    for row in classifier.probabilities(banking.held.view()).expect("width").chunks_exact(CLASSES) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(row.iter().enumerate().all(|(class, &p)| if class.is_multiple_of(3) { p > 0.0 } else { p == 0.0 }));
    }
    assert_eq!(classifier.bias()[1], ABSENT_BIAS);

    let only = fit(rows.view(), &vec![5; used.len()], None, &exact(1.0)).classifier;
    let row = only.probabilities(rows.view()).expect("width");
    assert_eq!((row[5], row[4]), (1.0, 0.0));
}

#[test]
fn it_is_stored_whole_and_checked_when_read() {
    let banking = banking();
    let classifier = fit(banking.train.view(), &banking.train_targets, None, &LogisticSettings::default()).classifier;
    let text = serde_json::to_string(&classifier).expect("finite numbers");
    assert_eq!(serde_json::from_str::<LinearClassifier>(&text).expect("what was written"), classifier);
    for broken in [
        r#"{"classes":2,"columns":2,"weights":[1,2,3],"bias":[0,0]}"#,
        r#"{"classes":3,"columns":2,"weights":[1,2,3,4],"bias":[0,0]}"#,
        r#"{"classes":0,"columns":0,"weights":[],"bias":[]}"#,
        r#"{"classes":1,"columns":1,"weights":[1e39],"bias":[0]}"#,
        r#"{"classes":2,"columns":9223372036854775807,"weights":[],"bias":[0,0]}"#,
    ] {
        assert!(serde_json::from_str::<LinearClassifier>(broken).is_err(), "{broken}");
    }
}

#[test]
fn it_stops_when_asked() {
    let banking = banking();
    let examples = Examples::new(banking.train.view(), &banking.train_targets, CLASSES).expect("one target a row");
    let asked = AtomicUsize::new(0);
    let stop = || asked.fetch_add(1, Ordering::Relaxed) >= 3;
    assert_eq!(train(&examples, &exact(1.0), None, &stop).err(), Some(LearnError::Stopped));
    assert_eq!(asked.load(Ordering::Relaxed), 4, "it must stop at once");
}

#[test]
fn bad_input_is_an_error() {
    let values = vec![0.5; 4 * COLUMNS];
    let rows = Rows::new(&values, COLUMNS).expect("whole rows");
    assert!(matches!(Rows::new(&values, 7), Err(LearnError::Shape { .. })));
    assert!(matches!(Rows::new(&values, 0), Err(LearnError::Setting { .. })));
    assert!(matches!(Rows::new(&[1.0, f32::NAN], 2), Err(LearnError::NotFinite { at: 1, .. })));
    assert!(RowsBuf::new(vec![f32::INFINITY], 1).is_err());
    assert!(matches!(Examples::new(rows, &[0, 1, 2], 3), Err(LearnError::Shape { .. })));
    assert_eq!(Examples::new(rows, &[0, 1, 2, 3], 3).err(), Some(LearnError::ClassOutOfRange { found: 3, classes: 3 }));
    let examples = Examples::new(rows, &[0, 1, 2, 0], 3).expect("right");
    assert!(examples.weighted(&[1.0, -1.0, 1.0, 1.0]).is_err());
    assert!(matches!(
        train(&examples.weighted(&[0.0; 4]).expect("zeros"), &exact(1.0), None, NEVER),
        Err(LearnError::TooFew { .. })
    ));
    for c in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(train(&examples, &exact(c), None, NEVER), Err(LearnError::Setting { name: "c", .. })), "{c}");
    }
    let other = LinearClassifier::new(vec![0.0; 6], vec![0.0; 3], 2).expect("3 × 2");
    assert!(matches!(train(&examples, &exact(1.0), Some(&other), NEVER), Err(LearnError::Shape { .. })));
    assert!(other.probabilities(rows).is_err());
    let none = Rows::new(&[], COLUMNS).expect("no rows");
    let called = Cell::new(false);
    called.set(Examples::new(none, &[], 3).is_ok_and(|none| train(&none, &exact(1.0), None, NEVER).is_err()));
    assert!(called.get());
}
