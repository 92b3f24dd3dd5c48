//! The part of a confusion matrix that is worth looking at. No signals in here.

use std::collections::BTreeMap;

use contract::compare::ConfusionCell;

/// The domains that are confused most, and how they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Ids of the domains, most confused first.
    pub domains: Vec<String>,
    /// Counts by truth (row) and answer (column).
    pub counts: Vec<Vec<u64>>,
    /// Of each row, how often the answer is none of these domains.
    pub others: Vec<u64>,
}

/// The matrix of the `most` domains that take part in most confusions; domains that are never confused are left out.
pub fn matrix(cells: &[ConfusionCell], most: usize) -> Matrix {
    let mut confused: BTreeMap<&str, u64> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| cell.truth != cell.predicted) {
        *confused.entry(&cell.truth).or_default() += cell.count;
        *confused.entry(&cell.predicted).or_default() += cell.count;
    }
    let mut ranked: Vec<(&str, u64)> = confused.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let domains: Vec<String> = ranked.into_iter().take(most).map(|(id, _)| id.to_owned()).collect();
    let at = |id: &str| domains.iter().position(|domain| domain == id);
    let mut counts = vec![vec![0; domains.len()]; domains.len()];
    let mut others = vec![0; domains.len()];
    for cell in cells {
        if let Some(row) = at(&cell.truth) {
            match at(&cell.predicted) {
                Some(column) => counts[row][column] += cell.count,
                None => others[row] += cell.count,
            }
        }
    }
    Matrix { domains, counts, others }
}

/// What was taken for something else, most frequent first.
pub fn confusions(cells: &[ConfusionCell], most: usize) -> Vec<ConfusionCell> {
    let mut wrong: Vec<ConfusionCell> = cells.iter().filter(|cell| cell.truth != cell.predicted).cloned().collect();
    wrong.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    wrong.truncate(most);
    wrong
}

/// How dark a cell is, 0 to 4, by its share of the row.
pub fn heat(count: u64, row: u64) -> usize {
    #[allow(clippy::cast_precision_loss)]
    let share = if row == 0 { 0.0 } else { count as f64 / row as f64 };
    match share {
        share if share <= 0.0 => 0,
        share if share < 0.1 => 1,
        share if share < 0.3 => 2,
        share if share < 0.6 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(truth: &str, predicted: &str, count: u64) -> ConfusionCell {
        ConfusionCell { truth: truth.to_owned(), predicted: predicted.to_owned(), count }
    }

    #[test]
    fn the_most_confused_domains_come_first_and_the_rest_is_counted() {
        let cells = [cell("a", "a", 50), cell("a", "b", 7), cell("b", "b", 9), cell("b", "c", 2), cell("d", "d", 30)];
        let found = matrix(&cells, 2);
        assert_eq!(found.domains, ["b", "a"]);
        assert_eq!(found.counts, [vec![9, 0], vec![7, 50]]);
        assert_eq!(found.others, [2, 0]);
        assert_eq!(confusions(&cells, 1), [cell("a", "b", 7)]);
    }

    #[test]
    fn nothing_confused_is_an_empty_matrix() {
        assert_eq!(matrix(&[cell("a", "a", 3)], 15), Matrix::default());
        assert_eq!((heat(0, 0), heat(1, 20), heat(19, 20)), (0, 1, 4));
    }
}
