//! Products of matrices, over the crate `gemm`: the one place of this crate with unsafe code.

use gemm::Parallelism;

/// A matrix as `gemm` sees it: `rows` × `columns` numbers of a slice, with the distances between neighbours.
#[derive(Clone, Copy)]
pub(crate) struct Factor<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_step: usize,
    column_step: usize,
}

impl<'a> Factor<'a> {
    /// `values` holds rows of `columns` numbers each.
    pub(crate) fn new(values: &'a [f32], columns: usize) -> Self {
        let columns = columns.max(1);
        Self { values, rows: values.len() / columns, columns, row_step: columns, column_step: 1 }
    }

    /// The same numbers with rows and columns exchanged; nothing is moved.
    pub(crate) fn transposed(self) -> Self {
        Self {
            values: self.values,
            rows: self.columns,
            columns: self.rows,
            row_step: self.column_step,
            column_step: self.row_step,
        }
    }

    /// The last number that `gemm` reads lies within the slice.
    fn is_within(&self) -> bool {
        self.rows == 0
            || self.columns == 0
            || (self.rows - 1) * self.row_step + (self.columns - 1) * self.column_step < self.values.len()
    }
}

/// Whether the product uses all threads of the current `rayon` pool.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    /// The caller is itself one of many tasks.
    One,
    /// The product is the whole work.
    All,
}

/// What becomes of the numbers that stand where the product goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// They are overwritten.
    Replaced,
    /// The product is added to them.
    Kept,
}

/// `into = left · right`, or `into += left · right`, `into` row after row. The sums run in an order of `gemm`'s choice that depends on the shapes
/// and the processor alone.
///
/// # Panics
/// When the shapes don't agree, which is a mistake of this crate: callers check what comes from outside.
#[allow(unsafe_code)]
pub(crate) fn multiply(left: Factor<'_>, right: Factor<'_>, into: &mut [f32], before: Before, threads: Threads) {
    let (m, n, k) = (left.rows, right.columns, left.columns);
    assert!(k == right.rows && into.len() == m * n && left.is_within() && right.is_within(), "shapes of a product");
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        if before == Before::Replaced {
            into.fill(0.0);
        }
        return;
    }
    let parallelism = match threads {
        Threads::One => Parallelism::None,
        Threads::All => Parallelism::Rayon(0),
    };
    // SAFETY: the assertion above holds, so with these steps `gemm` reads within both slices and writes exactly the
    // m · n numbers of `into`, which hold numbers already. The three slices can't overlap, because one of them is
    // borrowed mutably. Lengths of slices fit into `isize`.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            into.as_mut_ptr(),
            1,
            n as isize,
            before == Before::Kept,
            left.values.as_ptr(),
            left.column_step as isize,
            left.row_step as isize,
            right.values.as_ptr(),
            right.column_step as isize,
            right.row_step as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_every_orientation() {
        let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]; // 2 × 3
        let b = [1.0, 0.0, 2.0, 0.0, 1.0, 3.0]; // 2 × 3
        let mut out = [0.0; 4];
        multiply(Factor::new(&a, 3), Factor::new(&b, 3).transposed(), &mut out, Before::Replaced, Threads::One);
        assert_eq!(out, [7.0, 11.0, 16.0, 23.0]);
        let mut out = [0.0; 9];
        multiply(Factor::new(&a, 3).transposed(), Factor::new(&b, 3), &mut out, Before::Replaced, Threads::All);
        assert_eq!(out, [1.0, 4.0, 14.0, 2.0, 5.0, 19.0, 3.0, 6.0, 24.0]);
        let column = [1.0, 1.0, 1.0]; // 3 × 1
        let mut out = [10.0, 20.0];
        multiply(Factor::new(&a, 3), Factor::new(&column, 1), &mut out, Before::Kept, Threads::One);
        assert_eq!(out, [16.0, 35.0]);
    }
}
