//! The history as a graph: which column each version stands in and which lines pass it.

use super::VersionSummary;

/// A version's place in the drawn history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphRow {
    /// The column that its dot stands in, from 0.
    pub column: usize,
    /// Lines from this row down to the next: column above, column below.
    pub lines: Vec<(usize, usize)>,
}

/// Lays out versions (children before their parents, as [`super::ListVersions`] gives them) one a row. The line to the first parent
/// stays in its column until that parent's row; a parent that is not in the list leaves its line open at the last row.
#[must_use]
pub fn graph(versions: &[VersionSummary]) -> Vec<GraphRow> {
    // The version that each column's line leads to; `None` is a free column.
    let mut open: Vec<Option<&str>> = Vec::new();
    let mut rows: Vec<GraphRow> = Vec::with_capacity(versions.len());
    for version in versions {
        let number = version.version.as_str();
        let column = open.iter().position(|next| *next == Some(number)).unwrap_or_else(|| free(&mut open));
        if let Some(before) = rows.last_mut() {
            for (_, below) in &mut before.lines {
                if open[*below] == Some(number) {
                    *below = column;
                }
            }
        }
        for next in open.iter_mut().filter(|next| **next == Some(number)) {
            *next = None;
        }
        let mut lines: Vec<(usize, usize)> =
            (0..open.len()).filter(|index| open[*index].is_some()).map(|index| (index, index)).collect();
        for (order, parent) in version.parents.iter().enumerate() {
            let led = open.iter().position(|next| *next == Some(parent.as_str()));
            let below = match led {
                Some(below) if order > 0 => below,
                _ if order == 0 => column,
                _ => free(&mut open),
            };
            open[below] = Some(parent);
            lines.push((column, below));
        }
        rows.push(GraphRow { column, lines });
    }
    rows
}

/// The first free column.
fn free(columns: &mut Vec<Option<&str>>) -> usize {
    columns.iter().position(Option::is_none).unwrap_or_else(|| {
        columns.push(None);
        columns.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: &str, parents: &[&str]) -> VersionSummary {
        let parents = parents.iter().map(|parent| (*parent).to_owned()).collect();
        VersionSummary { version: number.to_owned(), parents, ..VersionSummary::default() }
    }

    #[test]
    fn a_line_stays_in_one_column() {
        let rows = graph(&[version("1.2.0", &["1.1.0"]), version("1.1.0", &["1.0.0"]), version("1.0.0", &[])]);
        assert!(rows.iter().all(|row| row.column == 0));
        assert_eq!(rows[0].lines, [(0, 0)]);
        assert!(rows[2].lines.is_empty());
    }

    #[test]
    fn branches_stand_beside_each_other_and_meet_again() {
        let rows = graph(&[
            version("1.3.0", &["1.1.0", "1.2.0"]),
            version("1.2.0", &["1.0.0"]),
            version("1.1.0", &["1.0.0"]),
            version("1.0.0", &[]),
        ]);
        let columns: Vec<usize> = rows.iter().map(|row| row.column).collect();
        assert_eq!(columns, [0, 1, 0, 0]);
        assert_eq!(rows[0].lines, [(0, 0), (0, 1)]);
        assert_eq!(rows[1].lines, [(0, 0), (1, 1)]);
        assert_eq!(rows[2].lines, [(1, 0), (0, 0)]);
    }
}
