//! Which class was taken for which.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::error::same_size;

/// How often one class was taken for another (or for itself).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The class that it is.
    pub truth: u32,
    /// The class that it was taken for.
    pub predicted: u32,
    /// How often; at least 1.
    pub count: u64,
}

/// A confusion matrix that holds only what occurred: hundreds of classes cost what their confusions cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Cell>", into = "Vec<Cell>")]
pub struct Confusion {
    counts: BTreeMap<(u32, u32), u64>,
}

/// How well one class is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassFigures {
    /// The class.
    pub class: u32,
    /// Items that are of it.
    pub support: u64,
    /// Items that were taken for it.
    pub predicted: u64,
    /// Share of those taken for it that are of it; 0 without any.
    pub precision: f64,
    /// Share of those of it that were taken for it; 0 without any.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

impl From<Vec<Cell>> for Confusion {
    fn from(cells: Vec<Cell>) -> Self {
        let mut confusion = Self::default();
        for cell in cells {
            confusion.add(cell.truth, cell.predicted, cell.count);
        }
        confusion
    }
}

impl From<Confusion> for Vec<Cell> {
    fn from(confusion: Confusion) -> Self {
        confusion.cells().collect()
    }
}

impl Confusion {
    /// Counts pairs: the true and the predicted class of each item.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when there isn't one prediction for each truth.
    pub fn of(truth: &[u32], predicted: &[u32]) -> Result<Self, LearnError> {
        same_size("predictions", truth.len(), predicted.len())?;
        let mut confusion = Self::default();
        for (&truth, &predicted) in truth.iter().zip(predicted) {
            confusion.add(truth, predicted, 1);
        }
        Ok(confusion)
    }

    /// Counts `count` more items.
    pub fn add(&mut self, truth: u32, predicted: u32, count: u64) {
        if count > 0 {
            let cell = self.counts.entry((truth, predicted)).or_default();
            *cell = cell.saturating_add(count);
        }
    }

    /// What occurred, by true class and then by predicted class.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.counts.iter().map(|(&(truth, predicted), &count)| Cell { truth, predicted, count })
    }

    /// How often `truth` was taken for `predicted`.
    pub fn count(&self, truth: u32, predicted: u32) -> u64 {
        self.counts.get(&(truth, predicted)).copied().unwrap_or(0)
    }

    /// All items.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Items whose class was recognised.
    pub fn right(&self) -> u64 {
        self.cells().filter(|cell| cell.truth == cell.predicted).map(|cell| cell.count).sum()
    }

    /// Share of items whose class was recognised; 0 without items.
    pub fn accuracy(&self) -> f64 {
        ratio(self.right(), self.total())
    }

    /// Confusions of different classes, the most frequent first.
    pub fn mistakes(&self) -> Vec<Cell> {
        let mut mistakes: Vec<Cell> = self.cells().filter(|cell| cell.truth != cell.predicted).collect();
        mistakes.sort_by_key(|cell| std::cmp::Reverse(cell.count));
        mistakes
    }

    /// Every class that is or was predicted, ascending.
    pub fn by_class(&self) -> Vec<ClassFigures> {
        let (truths, predictions) = (self.by_truth(), self.by_prediction());
        let mut classes: Vec<u32> = truths.keys().chain(predictions.keys()).copied().collect();
        classes.sort_unstable();
        classes.dedup();
        let figures = |class: u32| {
            let support = truths.get(&class).copied().unwrap_or(0);
            let predicted = predictions.get(&class).copied().unwrap_or(0);
            let right = self.count(class, class);
            ClassFigures {
                class,
                support,
                predicted,
                precision: ratio(right, predicted),
                recall: ratio(right, support),
                f1: ratio(2 * right, support + predicted),
            }
        };
        classes.into_iter().map(figures).collect()
    }

    /// The mean of the classes' F1, each class counting the same (as scikit-learn's `average="macro"`); 0 without items.
    pub fn macro_f1(&self) -> f64 {
        let classes = self.by_class();
        if classes.is_empty() { 0.0 } else { classes.iter().map(|class| class.f1).sum::<f64>() / classes.len() as f64 }
    }

    pub(super) fn by_truth(&self) -> BTreeMap<u32, u64> {
        self.sums(|cell| cell.truth)
    }

    pub(super) fn by_prediction(&self) -> BTreeMap<u32, u64> {
        self.sums(|cell| cell.predicted)
    }

    fn sums(&self, class: impl Fn(&Cell) -> u32) -> BTreeMap<u32, u64> {
        let mut sums = BTreeMap::new();
        for cell in self.cells() {
            *sums.entry(class(&cell)).or_default() += cell.count;
        }
        sums
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
