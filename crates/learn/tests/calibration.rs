//! Calibration and reliability against scikit-learn and scipy on the probabilities of a real, overconfident classifier.

mod support;

use learn::calibration::{Calibration, CalibrationFigures, fit, fit_isotonic, fit_temperature};
use learn::reliability::reliability;
use rand::RngExt;
use serde_json::Value;
use support::{CLASSES, HELD, banking, close, held_out_probabilities, json, number, numbers, rng};

fn compare(ours: &CalibrationFigures, theirs: &Value) {
    close(ours.accuracy.share, number(&theirs["accuracy"]), 1e-12, "accuracy");
    close(ours.ece, number(&theirs["ece"]), 1e-6, "ECE");
    close(ours.adaptive_ece, number(&theirs["adaptive_ece"]), 1e-6, "adaptive ECE");
    close(ours.top_brier, number(&theirs["top_brier"]), 1e-6, "Brier score of the top");
    close(ours.brier, number(&theirs["brier"]), 1e-5, "Brier score");
    close(ours.log_loss, number(&theirs["log_loss"]), 1e-5, "log loss");
}

fn tops(probabilities: &[f32], truth: &[u32]) -> (Vec<f32>, Vec<bool>) {
    let rows = probabilities.chunks_exact(CLASSES).zip(truth);
    rows.map(|(row, &truth)| {
        let top = row.iter().copied().fold(0.0, f32::max);
        (top, row[truth as usize] == top)
    })
    .unzip()
}

#[test]
fn temperature_and_figures_are_the_reference_s() {
    let (truth, reference) = (banking().held_targets, json("banking.json"));
    let mut rows = held_out_probabilities();
    compare(&CalibrationFigures::of(&rows, &truth, CLASSES).expect("rows"), &reference["held_out"]);
    let expected = &reference["calibration"];
    let temperature = fit_temperature(&rows, &truth, CLASSES).expect("rows");
    close(temperature, number(&expected["temperature"]), 1e-5, "temperature");
    Calibration::Temperature { temperature }.apply_all(&mut rows, CLASSES);
    for (ours, theirs) in rows.iter().zip(numbers(&expected["scaled_first_row"])) {
        close(f64::from(*ours), theirs, 1e-6, "a scaled probability");
    }
    compare(&CalibrationFigures::of(&rows, &truth, CLASSES).expect("rows"), &expected["scaled"]);
}

#[test]
fn the_isotonic_curve_is_scikit_learn_s() {
    let (truth, reference) = (banking().held_targets, json("banking.json"));
    let (confidences, correct) = tops(&held_out_probabilities(), &truth);
    let map = fit_isotonic(&confidences, &correct).expect("items");
    let expected = &reference["calibration"];
    for (ours, theirs) in [(&map.confidence, "isotonic_confidence"), (&map.calibrated, "isotonic_calibrated")] {
        let theirs = numbers(&expected[theirs]);
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(theirs) {
            close(f64::from(*ours), theirs, 1e-6, "a point of the curve");
        }
    }
    for (step, theirs) in numbers(&expected["isotonic_on_grid"]).into_iter().enumerate() {
        close(f64::from(map.value(step as f32 / 100.0)), theirs, 1e-5, "a value of the curve");
    }
}

#[test]
fn applying_keeps_the_top_class_and_the_sum() {
    let (truth, mut numbers) = (banking().held_targets, rng(5));
    let (confidences, correct) = tops(&held_out_probabilities(), &truth);
    let isotonic = Calibration::Isotonic(fit_isotonic(&confidences, &correct).expect("items"));
    let zero = Calibration::Isotonic(learn::calibration::IsotonicMap { confidence: vec![0.5], calibrated: vec![0.0] });
    let one = Calibration::Isotonic(learn::calibration::IsotonicMap { confidence: vec![0.5], calibrated: vec![1.0] });
    let calibrations = [
        isotonic,
        zero,
        one,
        Calibration::Temperature { temperature: 0.2 },
        Calibration::Temperature { temperature: 7.0 },
    ];
    for round in 0..2000 {
        let classes = 2 + round % 7;
        let mut row: Vec<f32> = (0..classes).map(|_| numbers.random::<f32>().powi(6)).collect();
        let total: f32 = row.iter().sum();
        row.iter_mut().for_each(|p| *p /= total);
        let top = first_largest(&row);
        for calibration in &calibrations {
            let mut changed = row.clone();
            calibration.apply(&mut changed);
            assert_eq!(first_largest(&changed), top, "{calibration:?} made {changed:?} of {row:?}");
            assert!((changed.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{calibration:?} made {changed:?} of {row:?}");
            assert!(changed.iter().all(|p| (0.0..=1.0).contains(p)), "{calibration:?} made {changed:?} of {row:?}");
        }
    }
}

fn first_largest(row: &[f32]) -> usize {
    (0..row.len()).rev().max_by(|&a, &b| row[a].total_cmp(&row[b])).expect("a class")
}

#[test]
fn the_fit_betters_an_overconfident_classifier_on_held_out_items() {
    let (truth, rows) = (banking().held_targets, held_out_probabilities());
    let fitted = fit(&rows, &truth, CLASSES, 11).expect("rows");
    assert_eq!((fitted.examples, fitted.tried.len()), (HELD, 2));
    assert_ne!(fitted.calibration, Calibration::Identity);
    assert!(fitted.after.ece < 0.7 * fitted.before.ece, "{:?} became {:?}", fitted.before, fitted.after);
    assert!(fitted.after.log_loss < fitted.before.log_loss && fitted.after.top_brier < fitted.before.top_brier);
    assert_eq!(fitted.after.accuracy, fitted.before.accuracy);
    // Honest: on the items that it was fitted on, the curve looks better than on held-out ones.
    let isotonic = &fitted.tried[1];
    let mut flattered = rows.clone();
    isotonic.calibration.apply_all(&mut flattered, CLASSES);
    let flattered = CalibrationFigures::of(&flattered, &truth, CLASSES).expect("rows");
    assert!(flattered.top_brier < isotonic.held_out.top_brier);
}

/// Confidences whose accuracy is `truth_of(confidence)`, over two classes.
fn simulated(count: usize, seed: u64, truth_of: impl Fn(f32) -> f32) -> (Vec<f32>, Vec<u32>) {
    let mut numbers = rng(seed);
    let mut rows = Vec::new();
    let mut truth = Vec::new();
    for _ in 0..count {
        let confidence = 0.5 + 0.499 * numbers.random::<f32>();
        rows.extend([confidence, 1.0 - confidence]);
        truth.push(u32::from(numbers.random::<f32>() >= truth_of(confidence)));
    }
    (rows, truth)
}

#[test]
fn the_kind_suits_the_distortion() {
    // A distortion that no temperature undoes: a step.
    let (rows, truth) = simulated(5000, 1, |confidence| if confidence > 0.75 { 0.95 } else { 0.55 });
    let fitted = fit(&rows, &truth, 2, 0).expect("rows");
    assert!(matches!(fitted.calibration, Calibration::Isotonic(_)));
    assert!(fitted.after.ece < 0.03, "{:?}", fitted.after);
    // With fewer items only a temperature is tried, with very few nothing.
    let few = fit(&rows[..800], &truth[..400], 2, 0).expect("rows");
    assert!(few.tried.len() == 1 && !matches!(few.calibration, Calibration::Isotonic(_)));
    let none = fit(&rows[..38], &truth[..19], 2, 0).expect("rows");
    assert!(none.tried.is_empty() && none.calibration == Calibration::Identity && none.before == none.after);

    // A true temperature of 2 is found: σ(z / 2) are right where σ(z) is said.
    let (rows, truth) = simulated(20_000, 2, |confidence| {
        let z = (confidence / (1.0 - confidence)).ln();
        1.0 / (1.0 + (-z / 2.0).exp())
    });
    close(fit_temperature(&rows, &truth, 2).expect("rows"), 2.0, 0.15, "the temperature behind");
}

#[test]
fn extreme_rows_have_an_answer() {
    // Never wrong: the temperature stops at its lower bound; always ruled out: nothing tells.
    assert_eq!(fit_temperature(&[0.9, 0.1, 0.8, 0.2], &[0, 0], 2), Ok(learn::calibration::LOWEST_TEMPERATURE));
    assert_eq!(fit_temperature(&[0.9, 0.1, 0.8, 0.2], &[1, 1], 2), Ok(learn::calibration::HIGHEST_TEMPERATURE));
    assert_eq!(fit_temperature(&[1.0, 0.0], &[1], 2), Ok(1.0));
    for calibration in [
        Calibration::Temperature { temperature: 3.0 },
        Calibration::Temperature { temperature: f64::NAN },
        Calibration::Isotonic(learn::calibration::IsotonicMap { confidence: vec![], calibrated: vec![] }),
        Calibration::Isotonic(learn::calibration::IsotonicMap { confidence: vec![0.5, 0.6], calibrated: vec![0.2] }),
    ] {
        for mut row in [vec![], vec![0.0, 0.0], vec![1.0], vec![1.0, 0.0], vec![0.5, 0.5], vec![1e-30, 0.0, 1e-38]] {
            calibration.apply(&mut row);
            assert!(row.iter().all(|p| p.is_finite()), "{calibration:?}: {row:?}");
        }
    }
    assert!(fit(&[0.5, 0.5], &[2], 2, 0).is_err());
    assert!(fit(&[0.5], &[0], 2, 0).is_err());
    assert!(fit(&[], &[], 2, 0).is_err());
}

#[test]
fn a_calibration_is_stored_whole() {
    let (rows, truth) = simulated(900, 4, |confidence| confidence * confidence);
    for tried in fit(&rows, &truth, 2, 0).expect("rows").tried.into_iter().map(|tried| tried.calibration) {
        let text = serde_json::to_string(&tried).expect("finite");
        assert_eq!(serde_json::from_str::<Calibration>(&text).expect("what was written"), tried, "{text}");
    }
    assert_eq!(serde_json::to_string(&Calibration::Identity).expect("finite"), r#"{"kind":"identity"}"#);
}

#[test]
fn the_diagram_counts_every_item_once() {
    let measured =
        reliability(&[0.0, 0.125, 0.25, 0.375, 1.0, 1.0], &[false, true, false, true, true, false], 4).expect("items");
    let counts: Vec<(u64, u64)> =
        measured.bins.iter().map(|bin| (bin.accuracy.trials, bin.accuracy.successes)).collect();
    assert_eq!(counts, [(3, 1), (1, 1), (0, 0), (2, 1)]);
    assert!((measured.bins[0].confidence - 0.125).abs() < 1e-12);
    // (3 · |1/3 − 1/8| + |1 − 3/8| + 2 · |1/2 − 1|) / 6
    close(measured.ece, (0.625 + 0.625 + 1.0) / 6.0, 1e-12, "ECE");
    close(measured.largest_gap, 0.625, 1e-12, "largest gap");
    assert!(reliability(&[0.5], &[], 15).is_err());
    assert!(reliability(&[1.5], &[true], 15).is_err());
    assert!(reliability(&[f32::NAN], &[true], 15).is_err());
    assert!(reliability(&[0.5], &[true], 0).is_err());
}
