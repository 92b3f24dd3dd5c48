//! Axes from 0 to 1 in percents, and the words of all plots.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{Cartesian2d, ChartBuilder, ChartContext, DrawingArea, SVGBackend, SeriesLabelPosition};
use plotters::style::{Color, IntoFont, TextStyle};

use crate::PlotError;
use crate::ink::Ink;

const FONT: &str = "sans-serif";

/// A chart whose two axes are shares.
pub(crate) type Shares<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The text of axes and marks.
pub(crate) fn words(size: u32) -> TextStyle<'static> {
    (FONT, size).into_font().color(&Ink::Text.color())
}

/// Draws the axes with what they stand for.
pub(crate) fn shares<'a, 'b>(
    area: &'a DrawingArea<SVGBackend<'b>, Shift>,
    across: &str,
    up: &str,
) -> Result<Shares<'a, 'b>, PlotError> {
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(52)
        .build_cartesian_2d(0.0..1.0, 0.0..1.0)
        .map_err(PlotError::of)?;
    let percent = |share: &f64| format!("{:.0} %", share * 100.0);
    chart
        .configure_mesh()
        .x_labels(6)
        .y_labels(6)
        .light_line_style(Ink::Grid.color().mix(0.0))
        .bold_line_style(Ink::Grid.color())
        .axis_style(Ink::Axis.color())
        .label_style(words(13))
        .axis_desc_style(words(14))
        .x_label_formatter(&percent)
        .y_label_formatter(&percent)
        .x_desc(across)
        .y_desc(up)
        .draw()
        .map_err(PlotError::of)?;
    Ok(chart)
}

/// Names the lines that were given names.
pub(crate) fn name_lines<'a, 'b: 'a>(
    chart: &mut Shares<'a, 'b>,
    position: SeriesLabelPosition,
) -> Result<(), PlotError> {
    chart.configure_series_labels().position(position).label_font(words(13)).draw().map_err(PlotError::of)
}
