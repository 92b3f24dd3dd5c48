//! Colours that stand for classes while a plot is drawn, and the canvas that turns one into the other.

use std::fmt::Write;

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, IntoDrawingArea, RGBColor, SVGBackend};

use crate::PlotError;

/// What is drawn with.
#[derive(Clone, Copy)]
pub(crate) enum Ink {
    Axis,
    Text,
    Grid,
    Before,
    After,
    Ideal,
    Error,
    Review,
    Target,
}

/// Every ink with the class that it becomes.
const CLASSES: [(Ink, &str); 9] = [
    (Ink::Axis, "plot-axis"),
    (Ink::Text, "plot-text"),
    (Ink::Grid, "plot-grid"),
    (Ink::Before, "plot-before"),
    (Ink::After, "plot-after"),
    (Ink::Ideal, "plot-ideal"),
    (Ink::Error, "plot-error"),
    (Ink::Review, "plot-review"),
    (Ink::Target, "plot-target"),
];

impl Ink {
    /// The colour that stands for it.
    pub(crate) fn color(self) -> RGBColor {
        RGBColor(1, 2, self as u8 + 3)
    }
}

/// Draws a picture of this size in pixels.
pub(crate) fn draw(
    size: (u32, u32),
    paint: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), PlotError>,
) -> Result<String, PlotError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        paint(&area)?;
        area.present().map_err(PlotError::of)?;
    }
    Ok(with_classes(svg, size))
}

/// Puts classes in the place of colours, and lets the page decide how wide the picture is.
fn with_classes(svg: String, (width, height): (u32, u32)) -> String {
    let mut svg = svg;
    for (ink, class) in CLASSES {
        let RGBColor(red, green, blue) = ink.color();
        let mut color = String::new();
        // Writing to a string does not fail.
        let _ = write!(color, "#{red:02X}{green:02X}{blue:02X}");
        for attribute in ["fill", "stroke"] {
            svg = svg.replace(
                &format!("{attribute}=\"{color}\""),
                &format!("class=\"{class}\" {attribute}=\"currentColor\""),
            );
        }
    }
    let fixed = format!("<svg width=\"{width}\" height=\"{height}\"");
    svg.replace(&fixed, "<svg role=\"img\" width=\"100%\" height=\"100%\" preserveAspectRatio=\"xMidYMid meet\"")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use plotters::prelude::{PathElement, Rectangle};
    use plotters::style::Color;

    #[test]
    fn colours_become_classes() {
        let svg = draw((100, 50), |area| {
            let line = PathElement::new(vec![(0, 0), (9, 9)], Ink::After.color());
            area.draw(&line).map_err(PlotError::of)?;
            area.draw(&Rectangle::new([(1, 1), (5, 5)], Ink::Error.color().filled())).map_err(PlotError::of)
        })
        .unwrap();
        assert!(svg.contains("class=\"plot-after\" stroke=\"currentColor\""), "{svg}");
        assert!(svg.contains("class=\"plot-error\" fill=\"currentColor\""), "{svg}");
        assert!(!svg.contains("#0102"), "{svg}");
        assert!(svg.contains("viewBox=\"0 0 100 50\"") && svg.contains("width=\"100%\""), "{svg}");
    }
}
