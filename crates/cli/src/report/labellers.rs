//! Classifiers, calibrations, thresholds, prompts.

use catalogue::{Language, Text, decimal, number, percent, t};
use contract::confidence::{CalibrationMethod, CalibrationReport, ThresholdPoint, ThresholdReport};
use contract::labeller::{EncoderEntry, PromptView, ShareEstimate, TrainingReport};

use super::{Table, facts, share};
use crate::output::excerpt;

/// A share with its interval.
pub fn estimate(lang: Language, estimate: &ShareEstimate) -> String {
    format!("{} ({}–{})", percent(lang, estimate.share), percent(lang, estimate.low), percent(lang, estimate.high))
}

/// A training.
#[allow(clippy::cast_precision_loss)]
pub fn trained(lang: Language, report: &TrainingReport) -> String {
    let mut text = match report.unchanged {
        true => t(lang, Text::TrainingUnchanged).to_owned(),
        false => Text::training_done(
            lang,
            &excerpt(&report.model, 60),
            report.examples,
            report.decisions,
            (report.encoding_millis + report.training_millis) as f64 / 1000.0,
        ),
    };
    text.push('\n');
    let accuracy = report.accuracy.as_ref().map_or_else(|| "—".to_owned(), |share| estimate(lang, share));
    let ece = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| decimal(lang, value, 3));
    text += &facts([
        (t(lang, Text::FactCrossValidated), accuracy),
        (t(lang, Text::FactEce), format!("{} → {}", ece(report.ece_before), ece(report.ece_after))),
        (t(lang, Text::FactRegularisation), decimal(lang, report.c, 1)),
    ]);
    if !report.missing.is_empty() {
        text += &Text::training_missing(lang, &excerpt(&report.missing.join(", "), 400));
        text.push('\n');
    }
    text
}

/// A calibration.
pub fn calibrated(lang: Language, report: &CalibrationReport) -> String {
    let method = match report.method {
        CalibrationMethod::None => t(lang, Text::CalibrationNone).to_owned(),
        CalibrationMethod::Temperature { temperature } => {
            Text::calibration_temperature(lang, &decimal(lang, temperature, 2))
        }
        CalibrationMethod::Isotonic { steps } => Text::calibration_isotonic(lang, steps.into()),
    };
    let ece = format!("{} → {}", decimal(lang, report.before.ece, 3), decimal(lang, report.after.ece, 3));
    let brier = format!("{} → {}", decimal(lang, report.before.brier, 3), decimal(lang, report.after.brier, 3));
    let mut text = format!("{}\n", Text::calibration_done(lang, &excerpt(&report.model, 60), report.examples));
    text += &facts([
        (t(lang, Text::FactMethod), method),
        (t(lang, Text::FactEce), ece),
        (t(lang, Text::FactBrier), brier),
        (t(lang, Text::FactAccuracy), estimate(lang, &report.accuracy)),
    ]);
    let mut table = Table::new(&[
        (t(lang, Text::FactConfidence), true),
        (t(lang, Text::HeadItems), true),
        (t(lang, Text::FactAccuracy), true),
    ]);
    for bin in &report.after.bins {
        table.row([decimal(lang, bin.confidence, 2), number(lang, bin.count), estimate(lang, &bin.accuracy)]);
    }
    format!("{text}\n{table}")
}

/// What thresholds would mean; `is_asked` says that one for an error was asked for.
pub fn thresholds(lang: Language, report: &ThresholdReport, is_asked: bool) -> String {
    let mut text = format!("{}\n", Text::thresholds_of(lang, &excerpt(&report.model, 60), report.items, report.known));
    if report.no_domain > 0 {
        text += &format!("{}\n", Text::trust_no_domain(lang, report.no_domain));
    }
    if report.known == 0 {
        text += &format!("{}\n", t(lang, Text::ThresholdsUnknown));
        if report.items == 0 {
            return text;
        }
    }
    for (name, point) in [(Text::ThresholdSuggested, &report.suggested), (Text::ThresholdCautious, &report.cautious)] {
        match point {
            Some(point) => text += &format!("{}: {}\n", t(lang, name), meaning(lang, point)),
            None if is_asked && report.known > 0 => {
                text += &format!("{}: {}\n", t(lang, name), t(lang, Text::ThresholdNone));
            }
            None => {}
        }
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadThreshold), true),
        (t(lang, Text::FactToReview), true),
        (t(lang, Text::HeadExpectedError), true),
    ]);
    for point in report.points.iter().step_by(5) {
        table.row([
            decimal(lang, f64::from(point.threshold), 2),
            percent(lang, share(point.to_review, point.to_review + point.accepted)),
            point.error.as_ref().map_or_else(|| "—".to_owned(), |error| estimate(lang, error)),
        ]);
    }
    format!("{text}\n{table}")
}

fn meaning(lang: Language, point: &ThresholdPoint) -> String {
    let review = percent(lang, share(point.to_review, point.to_review + point.accepted));
    let error = point.error.as_ref().map_or_else(|| "—".to_owned(), |error| estimate(lang, error));
    // As it can be typed: with fewer digits it would be another threshold.
    Text::threshold_means(lang, &point.threshold.to_string(), &review, &error)
}

/// The project's prompt.
pub fn prompt(lang: Language, view: &PromptView) -> String {
    let few_shot = &view.settings.few_shot;
    let shortlist = few_shot.shortlist.map_or_else(|| "—".to_owned(), |count| number(lang, count.into()));
    let nearest = match few_shot.nearest {
        true => number(lang, few_shot.count.into()),
        false => "—".to_owned(),
    };
    let facts = facts([
        (t(lang, Text::FactVersion), view.version.clone()),
        (t(lang, Text::FactNearestExamples), nearest),
        (t(lang, Text::FactShortlist), shortlist),
        (t(lang, Text::FactEncoder), few_shot.encoder.clone().unwrap_or_else(|| "—".to_owned())),
    ]);
    format!("{facts}\n{}\n", view.rendered)
}

/// The encoders on this machine.
pub fn encoders(lang: Language, encoders: &[EncoderEntry]) -> String {
    if encoders.is_empty() {
        return t(lang, Text::EncodersEmpty).to_owned();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadName), false),
        (t(lang, Text::HeadModel), false),
        (t(lang, Text::HeadPlace), false),
    ]);
    for encoder in encoders {
        table.row([excerpt(&encoder.name, 40), excerpt(&encoder.summary, 80), excerpt(&encoder.path, 200)]);
    }
    table.to_string()
}
