//! Intervals, tests and measures against scipy, statsmodels and scikit-learn.

mod support;

use learn::statistics::{
    Confusion, clopper_pearson, cohen_kappa, krippendorff_alpha, mcnemar, normal_quantile, roc_auc, wilson,
};
use support::{classes, close, json, number, numbers};

#[test]
fn intervals_of_shares() {
    for case in json("statistics.json")["intervals"].as_array().expect("cases") {
        let (k, n, level) = (number(&case[0]) as u64, number(&case[1]) as u64, number(&case[2]));
        for (ours, theirs) in [(wilson(k, n, level), &case[3]), (clopper_pearson(k, n, level), &case[4])] {
            let (low, high) = ours.expect("a valid case");
            let theirs = numbers(theirs);
            close(low, theirs[0], 1e-9, &format!("low end of {k} of {n} at {level}"));
            close(high, theirs[1], 1e-9, &format!("high end of {k} of {n} at {level}"));
        }
    }
    assert_eq!((wilson(0, 0, 0.95), clopper_pearson(0, 0, 0.95)), (Ok((0.0, 1.0)), Ok((0.0, 1.0))));
    for (k, n, level) in [(2, 1, 0.95), (1, 2, 0.0), (1, 2, 1.0), (1, 2, f64::NAN)] {
        assert!(wilson(k, n, level).is_err() && clopper_pearson(k, n, level).is_err());
    }
}

#[test]
fn quantiles_of_the_normal_distribution() {
    for case in json("statistics.json")["quantiles"].as_array().expect("cases") {
        let (p, z) = (number(&case[0]), number(&case[1]));
        // Near 1 a probability holds few digits of its distance from 1.
        close(normal_quantile(p), z, if p > 0.999_999 { 1e-5 } else { 1e-12 }, &format!("quantile of {p}"));
    }
    assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
}

#[test]
fn mcnemar_is_exact_for_large_numbers_too() {
    for case in json("statistics.json")["mcnemar"].as_array().expect("cases") {
        let (b, c) = (number(&case[0]) as u64, number(&case[1]) as u64);
        let ours = mcnemar(b, c);
        let exact = number(&case[2]);
        close(ours.exact, exact, 1e-7 * exact.max(1e-30), &format!("exact p of {b} and {c}"));
        close(ours.chi_square, number(&case[3]), 1e-10, &format!("statistic of {b} and {c}"));
        close(ours.approximate, number(&case[4]), 1e-10, &format!("approximate p of {b} and {c}"));
        assert_eq!(mcnemar(c, b).exact, ours.exact);
    }
}

#[test]
fn area_under_the_curve_with_ties() {
    for case in json("statistics.json")["roc"].as_array().expect("cases") {
        let (positive, negative) = (numbers(&case[0]), numbers(&case[1]));
        let ours = roc_auc(&positive, &negative, 0.95).expect("both kinds");
        close(ours.auc, number(&case[2]), 1e-12, "area");
        close(ours.standard_error, number(&case[3]), 1e-12, "standard error");
        close(ours.high, (ours.auc + 1.959_963_985 * ours.standard_error).min(1.0), 1e-9, "upper end");
    }
    assert_eq!(roc_auc(&[2.0, 3.0], &[1.0, 0.0], 0.95).map(|roc| roc.auc), Ok(1.0));
    assert_eq!(roc_auc(&[1.0], &[1.0], 0.95).map(|roc| (roc.auc, roc.low, roc.high)), Ok((0.5, 0.0, 1.0)));
    assert!(roc_auc(&[], &[1.0], 0.95).is_err() && roc_auc(&[f64::NAN], &[1.0], 0.95).is_err());
}

#[test]
fn confusions_and_agreement() {
    let reference = &json("statistics.json")["agreement"];
    let (truth, predicted) = (classes(&reference["truth"]), classes(&reference["predicted"]));
    let confusion = Confusion::of(&truth, &predicted).expect("pairs");
    let by_class = confusion.by_class();
    let expected = ["precision", "recall", "f1", "support"].map(|name| numbers(&reference[name]));
    assert_eq!(by_class.len(), expected[0].len());
    for (at, figures) in by_class.iter().enumerate() {
        let ours = [figures.precision, figures.recall, figures.f1, figures.support as f64];
        for (ours, theirs) in ours.into_iter().zip(&expected) {
            close(ours, theirs[at], 1e-12, &format!("figures of class {}", figures.class));
        }
    }
    close(confusion.macro_f1(), number(&reference["macro_f1"]), 1e-12, "macro F1");
    let kappa = cohen_kappa(&confusion, 0.95).expect("pairs");
    close(kappa.kappa, number(&reference["kappa"]), 1e-12, "kappa");
    close(kappa.low, number(&reference["kappa_low"]), 1e-9, "low end of kappa");
    close(kappa.high, number(&reference["kappa_high"]), 1e-9, "high end of kappa");

    assert_eq!(confusion.total(), 400);
    let mistakes = confusion.mistakes();
    assert!(mistakes.windows(2).all(|pair| pair[0].count >= pair[1].count));
    assert_eq!(mistakes.iter().map(|cell| cell.count).sum::<u64>() + confusion.right(), 400);
    let text = serde_json::to_string(&confusion).expect("counts");
    assert_eq!(serde_json::from_str::<Confusion>(&text).expect("what was written"), confusion);
    assert!(cohen_kappa(&Confusion::default(), 0.95).is_err());
    assert!(Confusion::of(&[0], &[]).is_err());
    let alone = Confusion::of(&[3, 3], &[3, 3]).expect("pairs");
    assert_eq!(cohen_kappa(&alone, 0.95).map(|kappa| kappa.kappa), Ok(1.0));
}

#[test]
fn agreement_of_many_reviewers() {
    for case in json("alpha.json").as_array().expect("cases") {
        let rows: Vec<Vec<f64>> = case["labels"].as_array().expect("reviewers").iter().map(numbers).collect();
        let items: Vec<Vec<u32>> = (0..rows[0].len())
            .map(|item| {
                rows.iter().map(|row| row[item]).filter(|label| *label >= 0.0).map(|label| label as u32).collect()
            })
            .collect();
        let found = krippendorff_alpha(items.iter().map(Vec::as_slice)).expect("items with two labels");
        close(found.alpha, number(&case["alpha"]), 1e-12, "alpha");
        assert_eq!(found.items, items.iter().filter(|item| item.len() > 1).count() as u64);
    }
    let alike = krippendorff_alpha([[3, 3].as_slice(), &[3, 3, 3], &[1]]).expect("items with two labels");
    assert_eq!((alike.alpha, alike.agreeing, alike.items), (1.0, 1.0, 2));
    let half = krippendorff_alpha([[1, 1, 2].as_slice()]).expect("an item with two labels");
    close(half.agreeing, 1.0 / 3.0, 1e-12, "pairs that agree");
    assert!(krippendorff_alpha([[1].as_slice(), &[]]).is_err());
}
