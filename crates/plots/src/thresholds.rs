//! What thresholds mean: the share of items that go to review and the share of wrong labels among the accepted.

use catalogue::{Language, Text, t};
use contract::confidence::ThresholdReport;
use plotters::prelude::{LineSeries, PathElement, Polygon, SeriesLabelPosition};
use plotters::style::Color;

use crate::PlotError;
use crate::frame::{name_lines, shares};
use crate::ink::{Ink, draw};

const SIZE: (u32, u32) = (520, 400);

/// Draws both curves over the threshold, the error's with its interval, and a line at the largest error that is acceptable.
///
/// # Errors
/// [`PlotError`], a defect.
pub fn thresholds(report: &ThresholdReport, max_error: Option<f64>, lang: Language) -> Result<String, PlotError> {
    let errors: Vec<(f64, f64, f64, f64)> = report
        .points
        .iter()
        .filter_map(|point| Some((f64::from(point.threshold), point.error?)))
        .map(|(threshold, error)| (threshold, error.share, error.low, error.high))
        .collect();
    draw(SIZE, |area| {
        let mut chart = shares(area, t(lang, Text::PlotThreshold), t(lang, Text::PlotShare))?;
        if !errors.is_empty() {
            let upper = errors.iter().map(|(at, _, _, high)| (*at, *high));
            let lower = errors.iter().rev().map(|(at, _, low, _)| (*at, *low));
            let band: Vec<(f64, f64)> = upper.chain(lower).collect();
            chart.draw_series([Polygon::new(band, Ink::Error.color().mix(0.25))]).map_err(PlotError::of)?;
        }
        let review = report.points.iter().map(|point| {
            let all = (point.to_review + point.accepted).max(1);
            #[allow(clippy::cast_precision_loss)] // Counts of items.
            let share = point.to_review as f64 / all as f64;
            (f64::from(point.threshold), share)
        });
        let mark = |ink: Ink| {
            move |(x, y): (i32, i32)| PathElement::new(vec![(x, y), (x + 18, y)], ink.color().stroke_width(2))
        };
        chart
            .draw_series(LineSeries::new(review, Ink::Review.color().stroke_width(2)))
            .map_err(PlotError::of)?
            .label(t(lang, Text::PlotReview))
            .legend(mark(Ink::Review));
        let error = errors.iter().map(|(at, share, _, _)| (*at, *share));
        chart
            .draw_series(LineSeries::new(error, Ink::After.color().stroke_width(2)))
            .map_err(PlotError::of)?
            .label(t(lang, Text::PlotWrong))
            .legend(mark(Ink::After));
        if let Some(limit) = max_error {
            let line = LineSeries::new([(0.0, limit), (1.0, limit)], Ink::Target.color().stroke_width(1));
            chart.draw_series(line).map_err(PlotError::of)?;
        }
        name_lines(&mut chart, SeriesLabelPosition::UpperMiddle)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use contract::confidence::ThresholdPoint;
    use contract::labeller::ShareEstimate;

    #[test]
    fn without_known_items_there_is_no_error_to_draw() {
        let error = Some(ShareEstimate { share: 0.1, low: 0.05, high: 0.2, of: 50 });
        let point = |threshold, error| ThresholdPoint { threshold, to_review: 1, accepted: 9, error };
        let mut report = ThresholdReport {
            model: "m".into(),
            items: 10,
            no_domain: 0,
            known: 0,
            points: vec![point(0.0, None), point(1.0, None)],
            suggested: None,
            cautious: None,
        };
        let bare = thresholds(&report, None, Language::En).unwrap();
        assert!(!bare.contains("plot-error") && !bare.contains("plot-target"));
        report.points = vec![point(0.0, error), point(1.0, error)];
        let full = thresholds(&report, Some(0.02), Language::En).unwrap();
        assert!(full.contains("plot-error") && full.contains("plot-target"));
    }
}
