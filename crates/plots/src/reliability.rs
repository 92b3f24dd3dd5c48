//! The reliability diagram: how sure a labeller was against how often it was right.

use catalogue::{Language, Text, t};
use contract::confidence::{CalibrationReport, Reliability};
use plotters::prelude::{Circle, LineSeries, PathElement, SeriesLabelPosition};
use plotters::style::Color;

use crate::PlotError;
use crate::frame::{name_lines, shares};
use crate::ink::{Ink, draw};

const SIZE: (u32, u32) = (520, 400);
/// Draws the bins before and after calibration, with the intervals of those after, beside the diagonal on which confidence is what
/// it says.
///
/// # Errors
/// [`PlotError`], a defect.
pub fn reliability(report: &CalibrationReport, lang: Language) -> Result<String, PlotError> {
    draw(SIZE, |area| {
        let mut chart = shares(area, t(lang, Text::PlotConfidence), t(lang, Text::PlotRight))?;
        chart
            .draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], Ink::Ideal.color().stroke_width(1)))
            .map_err(PlotError::of)?;
        let intervals = report.after.bins.iter().map(|bin| {
            let ends = vec![(bin.confidence, bin.accuracy.low), (bin.confidence, bin.accuracy.high)];
            PathElement::new(ends, Ink::Error.color().stroke_width(2))
        });
        chart.draw_series(intervals).map_err(PlotError::of)?;
        let sides = [(&report.before, Ink::Before, Text::PlotBefore), (&report.after, Ink::After, Text::PlotAfter)];
        for (found, ink, name) in sides {
            chart
                .draw_series(LineSeries::new(points(found), ink.color().stroke_width(2)))
                .map_err(PlotError::of)?
                .label(t(lang, name))
                .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 18, y)], ink.color().stroke_width(2)));
            let dots = points(found).into_iter().map(|point| Circle::new(point, 4, ink.color().filled()));
            chart.draw_series(dots).map_err(PlotError::of)?;
        }
        name_lines(&mut chart, SeriesLabelPosition::UpperLeft)
    })
}

fn points(found: &Reliability) -> Vec<(f64, f64)> {
    found.bins.iter().map(|bin| (bin.confidence, bin.accuracy.share)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use contract::confidence::{CalibrationMethod, ReliabilityBin};
    use contract::labeller::ShareEstimate;

    #[test]
    fn a_dot_a_bin_and_words_in_the_language() {
        let accuracy = ShareEstimate { share: 0.7, low: 0.6, high: 0.8, of: 40 };
        let bin = ReliabilityBin { from: 0.8, to: 0.9, count: 40, confidence: 0.85, accuracy };
        let found = Reliability { ece: 0.15, brier: 0.2, bins: vec![bin] };
        let report = CalibrationReport {
            model: "m".into(),
            examples: 40,
            accuracy,
            method: CalibrationMethod::Temperature { temperature: 1.7 },
            before: found.clone(),
            after: found,
            at: 0,
        };
        let svg = reliability(&report, Language::Ru).unwrap();
        assert_eq!(svg.matches("<circle").count(), 2);
        for word in [Text::PlotConfidence, Text::PlotBefore, Text::PlotAfter] {
            assert!(svg.contains(t(Language::Ru, word)), "{svg}");
        }
    }
}
