//! The reliability diagram: how sure a labeller was against how often it was right.

use catalogue::{Language, Text, t};
use contract::confidence::{CalibrationReport, Reliability};
use plotters::prelude::{ChartBuilder, Circle, LineSeries, PathElement, SeriesLabelPosition};
use plotters::style::{Color, IntoFont, TextStyle};

use crate::PlotError;
use crate::ink::{Ink, draw};

const SIZE: (u32, u32) = (520, 400);
const FONT: &str = "sans-serif";

/// The text of axes and marks.
pub(crate) fn words(size: u32) -> TextStyle<'static> {
    (FONT, size).into_font().color(&Ink::Text.color())
}

/// Draws the bins before and after calibration, with the intervals of those after, beside the diagonal on which confidence is what
/// it says.
///
/// # Errors
/// [`PlotError`], a defect.
pub fn reliability(report: &CalibrationReport, lang: Language) -> Result<String, PlotError> {
    draw(SIZE, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)
            .map_err(PlotError::of)?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(6)
            .light_line_style(Ink::Grid.color().mix(0.0))
            .bold_line_style(Ink::Grid.color())
            .axis_style(Ink::Axis.color())
            .label_style(words(13))
            .axis_desc_style(words(14))
            .x_label_formatter(&|value| percent(*value))
            .y_label_formatter(&|value| percent(*value))
            .x_desc(t(lang, Text::PlotConfidence))
            .y_desc(t(lang, Text::PlotRight))
            .draw()
            .map_err(PlotError::of)?;
        chart
            .draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], Ink::Ideal.color().stroke_width(1)))
            .map_err(PlotError::of)?;
        let intervals = report.after.bins.iter().map(|bin| {
            let ends = vec![(bin.confidence, bin.accuracy.low), (bin.confidence, bin.accuracy.high)];
            PathElement::new(ends, Ink::Error.color().stroke_width(2))
        });
        chart.draw_series(intervals).map_err(PlotError::of)?;
        for (found, ink) in [(&report.before, Ink::Before), (&report.after, Ink::After)] {
            chart.draw_series(LineSeries::new(points(found), ink.color().stroke_width(2))).map_err(PlotError::of)?;
            let dots = points(found).into_iter().map(|point| Circle::new(point, 4, ink.color().filled()));
            chart.draw_series(dots).map_err(PlotError::of)?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .label_font(words(13))
            .draw()
            .map_err(PlotError::of)
    })
}

fn points(found: &Reliability) -> Vec<(f64, f64)> {
    found.bins.iter().map(|bin| (bin.confidence, bin.accuracy.share)).collect()
}

/// A share as whole percents.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
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
        assert!(svg.contains(t(Language::Ru, Text::PlotConfidence)), "{svg}");
    }
}
