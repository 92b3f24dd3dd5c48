//! The threshold's curve against counting by hand, on random confidences with many ties.

mod support;

use learn::statistics::clopper_pearson;
use learn::threshold::{ErrorEstimate, ThresholdPoint, Thresholds};
use rand::RngExt;
use support::rng;

type Decided = Vec<(f32, bool)>;

fn drawn(seed: u64, items: usize, decided: usize, steps: u32) -> (Vec<f32>, Decided) {
    let mut rng = rng(seed);
    let mut confidence = move || (rng.random_range(0..=steps) as f32 / steps as f32, rng.random::<f32>());
    let all = (0..items).map(|_| confidence().0).collect();
    let decided = (0..decided).map(|_| confidence()).map(|(c, luck)| (c, luck < c)).collect();
    (all, decided)
}

fn by_hand(all: &[f32], decided: &[(f32, bool)], threshold: f64) -> (u64, u64, u64, f64) {
    let applied = threshold as f32;
    let accepted: Vec<f64> = all.iter().filter(|&&c| c >= applied).map(|&c| f64::from(c)).collect();
    let judged: Vec<bool> = decided.iter().filter(|(c, _)| *c >= applied).map(|(_, right)| *right).collect();
    let doubt = accepted.iter().map(|c| 1.0 - c).sum::<f64>() / accepted.len() as f64;
    (accepted.len() as u64, judged.iter().filter(|right| !**right).count() as u64, judged.len() as u64, doubt)
}

#[test]
fn every_point_is_what_counting_gives() {
    let (all, decided) = drawn(1, 3000, 400, 37);
    let thresholds = Thresholds::new(&all, &decided, 0.95).expect("confidences");
    for point in thresholds.curve(74).expect("steps") {
        let (accepted, wrong, judged, doubt) = by_hand(&all, &decided, point.threshold);
        assert_eq!((point.accepted, point.review), (accepted, 3000 - accepted));
        assert_eq!((point.error.successes, point.error.trials), (wrong, judged));
        let (low, high) = clopper_pearson(wrong, judged, 0.95).expect("counts");
        assert_eq!((point.error.low, point.error.high), (low, high));
        assert!((point.review_share - (1.0 - accepted as f64 / 3000.0)).abs() < 1e-12);
        assert_eq!(point.error_by_confidence.is_some(), accepted > 0);
        assert!(point.error_by_confidence.is_none_or(|ours| (ours - doubt).abs() < 1e-9));
    }
}

fn estimate_of(point: &ThresholdPoint, estimate: ErrorEstimate) -> Option<f64> {
    match estimate {
        ErrorEstimate::Share => (point.error.trials > 0).then_some(point.error.share),
        ErrorEstimate::Upper => (point.error.trials > 0).then_some(point.error.high),
        ErrorEstimate::Confidence => point.error_by_confidence,
    }
}

#[test]
fn the_lowest_threshold_is_the_first_of_all_that_holds() {
    for seed in 0..12 {
        let (all, decided) = drawn(seed, 500, 60 + 20 * seed as usize, 5 + 19 * seed as u32);
        let thresholds = Thresholds::new(&all, &decided, 0.9).expect("confidences");
        for estimate in [ErrorEstimate::Share, ErrorEstimate::Upper, ErrorEstimate::Confidence] {
            let mut candidates: Vec<f32> = match estimate {
                ErrorEstimate::Confidence => all.clone(),
                _ => decided.iter().map(|(confidence, _)| *confidence).collect(),
            };
            candidates.sort_by(f32::total_cmp);
            candidates.dedup();
            let points: Vec<ThresholdPoint> =
                candidates.iter().map(|&at| thresholds.at(f64::from(at)).expect("a number")).collect();
            for limit in [0.0, 0.01, 0.05, 0.2, 0.4, 1.0] {
                let expected = points
                    .iter()
                    .copied()
                    .find(|point| estimate_of(point, estimate).is_some_and(|error| error <= limit));
                let ours = thresholds.lowest(limit, estimate).expect("a limit");
                assert_eq!(ours, expected, "seed {seed}, {estimate:?} at most {limit}");
            }
        }
    }
}

#[test]
fn without_evidence_there_is_no_threshold() {
    let thresholds = Thresholds::new(&[0.3, 0.9], &[], 0.95).expect("confidences");
    assert_eq!(thresholds.lowest(0.05, ErrorEstimate::Share), Ok(None));
    assert_eq!(thresholds.lowest(0.05, ErrorEstimate::Upper), Ok(None));
    assert_eq!(thresholds.lowest(0.1001, ErrorEstimate::Confidence).map(|p| p.map(|p| p.accepted)), Ok(Some(1)));
    let nothing = Thresholds::new(&[], &[], 0.95).expect("nothing");
    assert_eq!(nothing.lowest(0.5, ErrorEstimate::Confidence), Ok(None));
    assert_eq!(nothing.at(0.5).map(|p| (p.review, p.accepted, p.error.high)), Ok((0, 0, 1.0)));
    // A hundred right ones do not show that the error is below 1 %, three hundred and some do below 1.3 %.
    let right = vec![(0.9, true); 100];
    let thresholds = Thresholds::new(&[0.9], &right, 0.95).expect("confidences");
    assert_eq!(thresholds.lowest(0.01, ErrorEstimate::Upper), Ok(None));
    assert!(thresholds.lowest(0.01, ErrorEstimate::Share).is_ok_and(|point| point.is_some()));
}

#[test]
fn bad_input_is_an_error() {
    assert!(Thresholds::new(&[1.1], &[], 0.95).is_err());
    assert!(Thresholds::new(&[], &[(f32::NAN, true)], 0.95).is_err());
    assert!(Thresholds::new(&[], &[], 1.0).is_err());
    let thresholds = Thresholds::new(&[0.5], &[(0.5, true)], 0.95).expect("confidences");
    assert!(thresholds.at(f64::NAN).is_err() && thresholds.curve(0).is_err());
    assert!(thresholds.lowest(-0.1, ErrorEstimate::Share).is_err());
}

#[test]
fn a_million_confidences() {
    let (all, decided) = drawn(3, 1_000_000, 10_000, 1 << 20);
    let thresholds = Thresholds::new(&all, &decided, 0.95).expect("confidences");
    assert_eq!(thresholds.curve(100).map(|curve| curve.len()), Ok(101));
    let point = thresholds.lowest(0.1, ErrorEstimate::Upper).expect("a limit").expect("confidences are calibrated");
    // Confidences are uniform and calibrated: above t the error is (1 − t) / 2, so t is about 0.8.
    assert!((0.78..0.9).contains(&point.threshold), "{point:?}");
    assert!((point.review_share - point.threshold).abs() < 0.01);
}
