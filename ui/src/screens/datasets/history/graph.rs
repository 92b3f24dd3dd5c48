//! The history's dots and lines, drawn a row at a time.

use contract::version::{GraphRow, VersionSummary};
use leptos::prelude::*;

/// Distance of two columns, pixels.
const COLUMN: usize = 16;
/// Colours of columns; further ones begin anew.
const COLOURS: usize = 8;
/// Columns that are drawn; what stands further out is cut off.
const DRAWN: usize = 12;

/// A version's row: what it is, its dot, the lines above and below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The version.
    pub version: VersionSummary,
    /// Its place and the lines to the next row.
    place: GraphRow,
    /// The lines from the row before.
    above: Vec<(usize, usize)>,
}

/// Lays the history out.
pub fn rows(versions: &[VersionSummary]) -> Vec<Row> {
    let places = contract::version::graph(versions);
    let mut above = Vec::new();
    let mut row = |(version, place): (&VersionSummary, GraphRow)| {
        let lines = std::mem::replace(&mut above, place.lines.clone());
        Row { version: version.clone(), place, above: lines }
    };
    versions.iter().zip(places).map(&mut row).collect()
}

/// Width of the drawing that all rows share, pixels.
pub fn width(rows: &[Row]) -> usize {
    let furthest =
        |row: &Row| row.place.lines.iter().map(|(from, to)| *from.max(to)).max().unwrap_or(0).max(row.place.column);
    (rows.iter().map(furthest).max().unwrap_or(0).min(DRAWN) + 1) * COLUMN + 4
}

/// The middle of a column.
fn x(column: usize) -> usize {
    column * COLUMN + COLUMN / 2 + 2
}

/// A line from a row's middle to the next one's; each row shows its half.
fn path((from, to): (usize, usize), height: f64, top: f64) -> String {
    let (from, to) = (x(from), x(to));
    let (start, middle, end) = (top + height / 2.0, top + height, top + height * 1.5);
    format!("M{from} {start}C{from} {middle} {to} {middle} {to} {end}")
}

/// A row's part of the drawing.
#[component]
pub fn Graph(
    /// The row.
    row: Row,
    /// Its height in pixels.
    height: f64,
    /// Width of the drawing in pixels.
    width: usize,
) -> impl IntoView {
    let line = move |top: f64| {
        move |line: &(usize, usize)| {
            let class = format!("graph-line graph-{}", line.0.max(line.1) % COLOURS + 1);
            view! { <path class=class d=path(*line, height, top)></path> }
        }
    };
    let dot = format!("graph-dot graph-{}", row.place.column % COLOURS + 1);
    let (at, middle) = (x(row.place.column).to_string(), (height / 2.0).to_string());
    let merged = row.version.parents.len() > 1;
    let radius = if row.version.current { "6" } else { "4.5" };
    view! {
        <svg class="graph" width=width.to_string() height=height.to_string() aria-hidden="true">
            {row.above.iter().map(line(-height)).collect_view()}
            {row.place.lines.iter().map(line(0.0)).collect_view()}
            <circle class=dot class:graph-hollow=merged class:graph-archived=row.version.archived cx=at cy=middle r=radius></circle>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: &str, parents: &[&str]) -> VersionSummary {
        VersionSummary {
            version: number.to_owned(),
            parents: parents.iter().map(|parent| (*parent).to_owned()).collect(),
            ..VersionSummary::default()
        }
    }

    #[test]
    fn each_row_has_the_lines_of_the_row_before_above_it() {
        let versions = [
            version("3.0.0", &["2.0.0", "1.1.0"]),
            version("1.1.0", &["1.0.0"]),
            version("2.0.0", &["1.0.0"]),
            version("1.0.0", &[]),
        ];
        let rows = rows(&versions);
        assert!(rows[0].above.is_empty());
        for pair in rows.windows(2) {
            assert_eq!(pair[1].above, pair[0].place.lines);
        }
        assert!(rows[3].place.lines.is_empty());
        assert_eq!(width(&rows), 2 * COLUMN + 4);
    }

    #[test]
    fn a_line_meets_the_middles_of_both_rows() {
        assert_eq!(path((0, 1), 50.0, 0.0), "M10 25C10 50 26 50 26 75");
        assert_eq!(path((0, 1), 50.0, -50.0), "M10 -25C10 0 26 0 26 25");
    }
}
