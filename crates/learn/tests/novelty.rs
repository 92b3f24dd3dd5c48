//! Scores of strangeness against scikit-learn's on real features, where 17 of 77 classes are foreign.

mod support;

use learn::logistic::{Examples, LogisticSettings, train};
use learn::novelty::{Method, Novelty, Queries, cross_fitted_scores, threshold};
use learn::statistics::roc_auc;
use learn::{Folds, LearnError, NEVER, Rows, RowsBuf};
use support::{CLASSES, banking, close, json, number, numbers};

const KNOWN: u32 = 60;
const METHODS: [(Method, &str); 5] = [
    (Method::MaxProbability, "max_probability"),
    (Method::Energy, "energy"),
    (Method::NearestCosine { neighbours: 5 }, "nearest_cosine"),
    (Method::Mahalanobis, "mahalanobis"),
    (Method::RelativeMahalanobis, "relative_mahalanobis"),
];

struct Domain {
    train: RowsBuf,
    targets: Vec<u32>,
    /// Known texts first, then foreign ones.
    queries: RowsBuf,
    inside: usize,
}

fn domain() -> Domain {
    let banking = banking();
    let of = |targets: &[u32], known: bool| -> Vec<usize> {
        (0..targets.len()).filter(|&at| (targets[at] < KNOWN) == known).collect()
    };
    let used = of(&banking.train_targets, true);
    let mut asked = of(&banking.held_targets, true);
    let inside = asked.len();
    asked.extend(of(&banking.held_targets, false));
    Domain {
        train: banking.train.view().gather(&used),
        targets: used.iter().map(|&at| banking.train_targets[at]).collect(),
        queries: banking.held.view().gather(&asked),
        inside,
    }
}

#[test]
fn scores_and_areas_are_the_reference_s() {
    let (domain, reference) = (domain(), json("banking.json"));
    let examples = Examples::new(domain.train.view(), &domain.targets, CLASSES).expect("one target a row");
    let settings = LogisticSettings { c: 10.0, tolerance: 1e-7, max_iterations: 5000 };
    let classifier = train(&examples, &settings, None, NEVER).expect("trained").classifier;
    let logits = classifier.logits(domain.queries.view()).expect("width");
    let logits = Rows::new(&logits, CLASSES).expect("whole rows");
    let queries = Queries::new(domain.queries.view(), logits).expect("one row of logits each");
    for (method, name) in METHODS {
        let novelty = Novelty::fit(method, &examples, NEVER).expect("fitted");
        let scores = novelty.scores(&queries).expect("width");
        // 16 bits a component in the index.
        let tolerance = if name == "nearest_cosine" { 1e-4 } else { 3e-4 };
        for (ours, theirs) in scores.iter().zip(numbers(&reference["novelty"][name]["first"])) {
            close(*ours, theirs, tolerance * theirs.abs().max(1.0), &format!("{name}: a score"));
        }
        let (known, foreign) = scores.split_at(domain.inside);
        let roc = roc_auc(foreign, known, 0.95).expect("both kinds");
        close(roc.auc, number(&reference["novelty"][name]["auc"]), 2e-3, &format!("{name}: area"));
        assert!(roc.auc > 0.55, "{name} tells nothing: {}", roc.auc);
    }
}

#[test]
fn a_threshold_from_the_domain_keeps_the_share_of_new_texts() {
    let domain = domain();
    let examples = Examples::new(domain.train.view(), &domain.targets, CLASSES).expect("one target a row");
    let folds = Folds::stratified(&domain.targets, 5, 2).expect("enough");
    let settings = LogisticSettings { c: 10.0, ..LogisticSettings::default() };
    let classifier = train(&examples, &settings, None, NEVER).expect("trained").classifier;
    // The two methods that don't look at logits; any will do here.
    let own = classifier.logits(domain.train.view()).expect("width");
    let own = Rows::new(&own, CLASSES).expect("whole rows");
    let asked = classifier.logits(domain.queries.view()).expect("width");
    let queries = Queries::new(domain.queries.view(), Rows::new(&asked, CLASSES).expect("rows")).expect("rows");
    for method in [Method::NearestCosine { neighbours: 5 }, Method::Mahalanobis] {
        let scores = cross_fitted_scores(method, &examples, own, &folds, NEVER).expect("fitted");
        let limit = threshold(&scores, 0.9).expect("scores");
        let kept = scores.iter().filter(|score| **score <= limit).count() as f64 / scores.len() as f64;
        assert!((0.9..0.902).contains(&kept), "{kept}");
        let fresh =
            Novelty::fit(method, &examples, NEVER).and_then(|novelty| novelty.scores(&queries)).expect("scores");
        let known = &fresh[..domain.inside];
        let kept = known.iter().filter(|score| **score <= limit).count() as f64 / known.len() as f64;
        assert!((0.86..0.94).contains(&kept), "{method:?} keeps {kept} of new texts of the domain");
    }
}

#[test]
fn few_examples_in_many_dimensions_still_have_distances() {
    // Three examples in 32 dimensions: the covariance can't be inverted as it is.
    let domain = domain();
    let few = domain.train.view().gather(&[0, 1, 2]);
    for targets in [[0, 0, 1], [0, 1, 2]] {
        let examples = Examples::new(few.view(), &targets, 3).expect("one target a row");
        for method in [Method::Mahalanobis, Method::RelativeMahalanobis] {
            let novelty = Novelty::fit(method, &examples, NEVER).expect("fitted");
            let logits = vec![0.0; 3 * 3];
            let logits = Rows::new(&logits, 3).expect("rows");
            let own = novelty.scores(&Queries::new(few.view(), logits).expect("rows")).expect("width");
            assert!(own.iter().all(|score| score.is_finite()), "{own:?}");
        }
    }
}

#[test]
fn bad_input_is_an_error() {
    let domain = domain();
    let examples = Examples::new(domain.train.view(), &domain.targets, CLASSES).expect("one target a row");
    assert!(Novelty::fit(Method::NearestCosine { neighbours: 0 }, &examples, NEVER).is_err());
    let one = domain.train.view().gather(&[0]);
    let lonely = Examples::new(one.view(), &[0], 1).expect("one target a row");
    assert!(matches!(Novelty::fit(Method::Mahalanobis, &lonely, NEVER), Err(LearnError::TooFew { .. })));
    let other = RowsBuf::new(vec![0.1; 8], 4).expect("rows");
    let queries = Queries::new(other.view(), other.view()).expect("rows");
    for method in [Method::NearestCosine { neighbours: 3 }, Method::Mahalanobis] {
        let novelty = Novelty::fit(method, &examples, NEVER).expect("fitted");
        assert!(matches!(novelty.scores(&queries), Err(LearnError::Shape { .. })));
    }
    assert!(threshold(&[], 0.9).is_err() && threshold(&[1.0], 1.5).is_err() && threshold(&[f64::NAN], 0.5).is_err());
    assert_eq!((threshold(&[3.0, 1.0, 2.0], 0.0), threshold(&[3.0, 1.0, 2.0], 1.0)), (Ok(1.0), Ok(3.0)));
}
