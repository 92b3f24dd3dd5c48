//! Rows that are nearly the same.

use std::collections::BTreeMap;

use super::{Nearest, NearestSettings};
use crate::error::same_size;
use crate::{LearnError, Rows, Stop};

/// Neighbours that each row is held against: a group grows through them.
const NEIGHBOURS: usize = 10;
/// A group has at most one in so many rows of a class, or one: the rest of the class must be able to teach what is in the group.
const SHARE: u32 = 2;

/// A group for each row. Rows whose cosine around the mean of all rows is at least `cosine` are in one, and so are those that are joined
/// by others, the most alike first, until a group has half of the rows of a class (`targets`). Groups are numbered by their first
/// row. A row with more than ten such neighbours is joined to its ten nearest.
///
/// Around the mean, since encoders differ in how alike they find any two texts: the mean cosine of questions to a bank is 0.21 with
/// all-MiniLM-L6-v2 and 0.84 with multilingual-e5-small, so no limit on plain cosines suits both (Mu and Viswanath 2018, "All-but-the-top").
///
/// # Errors
/// [`LearnError::Shape`] when there isn't one target a row; as [`Nearest::build`].
pub fn near_duplicates(rows: Rows<'_>, targets: &[u32], cosine: f32, stop: Stop<'_>) -> Result<Vec<u32>, LearnError> {
    same_size("targets", rows.count(), targets.len())?;
    let centred = around_the_mean(rows);
    let centred = Rows::new(&centred, rows.columns())?;
    let ids = (0..rows.count() as i64).collect();
    let index = Nearest::build(rows.columns(), ids, centred.values(), NearestSettings::default(), stop)?;
    let mut pairs = Vec::new();
    for (row, found) in index.search_many(centred, NEIGHBOURS + 1)?.into_iter().enumerate() {
        if stop() {
            return Err(LearnError::Stopped);
        }
        let alike = found.into_iter().filter(|&(other, similarity)| similarity >= cosine && other != row as i64);
        pairs.extend(alike.map(|(other, similarity)| (similarity, row as u32, other as u32)));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut groups = Groups::of(targets);
    for (_, one, other) in pairs {
        groups.join(one, other);
    }
    Ok((0..rows.count() as u32).map(|row| groups.root(row)).collect())
}

/// The rows less their mean. Where nothing is left, as when all are the same, the first column stands for it, so that these are alike.
fn around_the_mean(rows: Rows<'_>) -> Vec<f32> {
    /// Of a row's length; what is shorter is rounding.
    const NOTHING: f32 = 1e-3;
    let mut mean = vec![0.0_f64; rows.columns()];
    for row in rows.iter() {
        mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    mean.iter_mut().for_each(|sum| *sum /= rows.count().max(1) as f64);
    let length = |row: &[f32]| row.iter().map(|value| value * value).sum::<f32>().sqrt();
    let mut centred = Vec::with_capacity(rows.values().len());
    for row in rows.iter() {
        let from = centred.len();
        centred.extend(row.iter().zip(&mean).map(|(value, mean)| (f64::from(*value) - mean) as f32));
        if length(&centred[from..]) <= NOTHING * length(row) {
            centred[from..].fill(0.0);
            centred[from] = 1.0;
        }
    }
    centred
}

/// Groups that grow, each a tree of rows.
struct Groups {
    parent: Vec<u32>,
    /// By root: how many of each class it has.
    classes: Vec<BTreeMap<u32, u32>>,
    /// How many of each class a group may have.
    most: BTreeMap<u32, u32>,
}

impl Groups {
    fn of(targets: &[u32]) -> Self {
        let mut most: BTreeMap<u32, u32> = BTreeMap::new();
        targets.iter().for_each(|class| *most.entry(*class).or_default() += 1);
        most.values_mut().for_each(|count| *count = (*count / SHARE).max(1));
        let classes = targets.iter().map(|class| BTreeMap::from([(*class, 1)])).collect();
        Self { parent: (0..targets.len() as u32).collect(), classes, most }
    }

    /// The first row of a row's group.
    fn root(&mut self, row: u32) -> u32 {
        let mut at = row;
        while self.parent[at as usize] != at {
            // Every other step is skipped the next time.
            self.parent[at as usize] = self.parent[self.parent[at as usize] as usize];
            at = self.parent[at as usize];
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return;
        }
        let (first, last) = (one.min(other) as usize, one.max(other) as usize);
        let of = |class: &u32, root: usize| self.classes[root].get(class).copied().unwrap_or(0);
        if self.classes[last].keys().any(|class| of(class, first) + of(class, last) > self.most[class]) {
            return;
        }
        for (class, count) in std::mem::take(&mut self.classes[last]) {
            *self.classes[first].entry(class).or_default() += count;
        }
        self.parent[last] = first as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NEVER;

    fn at(degrees: f32) -> [f32; 2] {
        [degrees.to_radians().cos(), degrees.to_radians().sin()]
    }

    #[test]
    fn what_is_joined_by_others_is_one_group() {
        let values = [at(0.0), at(8.0), at(16.0), at(90.0), at(95.0), at(180.0), at(220.0), at(300.0)].concat();
        let rows = Rows::new(&values, 2).expect("a matrix");
        let groups = near_duplicates(rows, &[0; 8], 0.97, NEVER).expect("an index");
        assert_eq!(groups, [0, 0, 0, 3, 3, 5, 6, 7]);
    }

    #[test]
    fn a_direction_that_all_share_makes_nothing_alike() {
        // The same directions on a narrow cone: any two have a cosine above 0.99.
        let around = |degrees: f32| [10.0, at(degrees)[0], at(degrees)[1]];
        let values = [around(0.0), around(4.0), around(90.0), around(180.0), around(270.0)].concat();
        let rows = Rows::new(&values, 3).expect("a matrix");
        assert_eq!(near_duplicates(rows, &[0; 5], 0.9, NEVER).expect("an index"), [0, 0, 2, 3, 4]);
    }

    #[test]
    fn a_group_leaves_half_of_each_class() {
        // All rows of a class are one text, and those of another are another.
        let values = [[at(0.0); 6].concat(), [at(120.0); 3].concat(), at(240.0).to_vec()].concat();
        let rows = Rows::new(&values, 2).expect("a matrix");
        let targets = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
        let groups = near_duplicates(rows, &targets, 0.9, NEVER).expect("an index");
        let size = |row: usize| groups.iter().filter(|group| **group == groups[row]).count();
        assert_eq!([size(0), size(6), size(9)], [3, 2, 1], "{groups:?}");
        assert!(near_duplicates(rows, &targets[1..], 0.9, NEVER).is_err());
    }

    #[test]
    fn rows_that_are_all_the_same_are_alike() {
        let values = [at(30.0); 4].concat();
        let rows = Rows::new(&values, 2).expect("a matrix");
        let groups = near_duplicates(rows, &[0, 1, 2, 3], 0.9, NEVER).expect("an index");
        assert_eq!(groups, [0; 4]);
    }
}
