//! Matrices: vectors of one length, one after the other.

use crate::LearnError;
use crate::error::{all_finite, same_size};

/// A borrowed matrix of finite `f32`, row after row.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    values: &'a [f32],
    columns: usize,
}

impl<'a> Rows<'a> {
    /// Takes `values` as rows of `columns` numbers each.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for no columns, [`LearnError::Shape`] when the values don't fill whole rows,
    /// [`LearnError::NotFinite`] for a number that is not finite.
    pub fn new(values: &'a [f32], columns: usize) -> Result<Self, LearnError> {
        if columns == 0 {
            return Err(LearnError::Setting { name: "columns", value: 0.0 });
        }
        same_size("values of whole rows", values.len().div_ceil(columns) * columns, values.len())?;
        all_finite("rows", values)?;
        Ok(Self { values, columns })
    }

    /// The number of rows.
    pub fn count(&self) -> usize {
        self.values.len() / self.columns
    }

    /// The length of each row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// True without a row.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// All numbers, row after row.
    pub fn values(&self) -> &'a [f32] {
        self.values
    }

    /// Each row.
    pub fn iter(&self) -> std::slice::ChunksExact<'a, f32> {
        self.values.chunks_exact(self.columns)
    }

    /// One row, if there are that many.
    pub fn row(&self, index: usize) -> Option<&'a [f32]> {
        self.values.get(index * self.columns..(index + 1) * self.columns)
    }

    /// A copy of the rows named by `indexes`, in that order; numbers that no row has are left out.
    pub fn gather(&self, indexes: &[usize]) -> RowsBuf {
        let mut values = Vec::with_capacity(indexes.len() * self.columns);
        for row in indexes.iter().filter_map(|&index| self.row(index)) {
            values.extend_from_slice(row);
        }
        RowsBuf { values, columns: self.columns }
    }
}

/// The owned twin of [`Rows`].
#[derive(Clone, Debug, PartialEq)]
pub struct RowsBuf {
    values: Vec<f32>,
    columns: usize,
}

impl RowsBuf {
    /// Takes `values` as rows of `columns` numbers each.
    ///
    /// # Errors
    /// As [`Rows::new`].
    pub fn new(values: Vec<f32>, columns: usize) -> Result<Self, LearnError> {
        Rows::new(&values, columns)?;
        Ok(Self { values, columns })
    }

    /// Borrows it.
    pub fn view(&self) -> Rows<'_> {
        Rows { values: &self.values, columns: self.columns }
    }

    /// The numbers, row after row.
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }

    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }
}

/// Numbers whose shape was checked before.
pub(crate) fn trusted(values: &[f32], columns: usize) -> Rows<'_> {
    debug_assert!(columns > 0 && values.len().is_multiple_of(columns));
    Rows { values, columns }
}
