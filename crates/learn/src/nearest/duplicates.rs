//! Rows that are nearly the same.

use super::{Nearest, NearestSettings};
use crate::{LearnError, Rows, Stop};

/// Neighbours that each row is held against: a group grows through them.
const NEIGHBOURS: usize = 10;

/// A group for each row: rows whose cosine is at least `cosine` are in one, and so are those that are joined by others. Groups are
/// numbered by their first row. A row with more than ten such neighbours is joined to its ten nearest.
///
/// # Errors
/// As [`Nearest::build`].
pub fn near_duplicates(rows: Rows<'_>, cosine: f32, stop: Stop<'_>) -> Result<Vec<u32>, LearnError> {
    let ids = (0..rows.count() as i64).collect();
    let index = Nearest::build(rows.columns(), ids, rows.values(), NearestSettings::default(), stop)?;
    let mut parent: Vec<u32> = (0..rows.count() as u32).collect();
    for (row, found) in index.search_many(rows, NEIGHBOURS + 1)?.into_iter().enumerate() {
        if stop() {
            return Err(LearnError::Stopped);
        }
        for (other, similarity) in found {
            if similarity >= cosine {
                join(&mut parent, row as u32, other as u32);
            }
        }
    }
    Ok((0..rows.count() as u32).map(|row| root(&mut parent, row)).collect())
}

/// The first row of a row's group.
fn root(parent: &mut [u32], row: u32) -> u32 {
    let mut at = row;
    while parent[at as usize] != at {
        // Every other step is skipped the next time.
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}

fn join(parent: &mut [u32], one: u32, other: u32) {
    let (one, other) = (root(parent, one), root(parent, other));
    parent[one.max(other) as usize] = one.min(other);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NEVER;

    #[test]
    fn what_is_joined_by_others_is_one_group() {
        let at = |degrees: f32| [degrees.to_radians().cos(), degrees.to_radians().sin()];
        let values = [at(0.0), at(8.0), at(16.0), at(90.0), at(95.0), at(180.0)].concat();
        let rows = Rows::new(&values, 2).expect("a matrix");
        // cos 10° = 0.985
        let groups = near_duplicates(rows, 0.985, NEVER).expect("an index");
        assert_eq!(groups, [0, 0, 0, 3, 3, 5]);
    }
}
