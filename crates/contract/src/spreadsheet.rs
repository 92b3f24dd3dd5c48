//! Cells of tables that people open in spreadsheets.

use std::borrow::Cow;

/// What a spreadsheet takes for a formula begins so.
pub const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell that no spreadsheet takes for a formula: an apostrophe stands before one that would be.
#[must_use]
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA_STARTS) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The same for what is read back by [`named`]: an apostrophe stands before one of its own, too.
#[must_use]
pub fn harmless_name(name: &str) -> Cow<'_, str> {
    if name.starts_with('\'') { Cow::Owned(format!("'{name}")) } else { harmless(name) }
}

/// What [`harmless_name`] was given.
#[must_use]
pub fn named(cell: &str) -> &str {
    let guarded = |rest: &&str| rest.starts_with('\'') || rest.starts_with(FORMULA_STARTS);
    cell.strip_prefix('\'').filter(guarded).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts_and_names_come_back() {
        for formula in ["=1+1", "+7", "-minus", "@SUM(A1)", "\t=x", "\r"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for name in ["", "a", "'", "''", "'a", "=a", "'=a", "''=a", "-1", "'-1", "a=b"] {
            let cell = harmless_name(name);
            assert!(!cell.starts_with(FORMULA_STARTS), "{cell:?}");
            assert_eq!(named(&cell), name);
        }
        assert_eq!(named("'a"), "'a", "what somebody else wrote stays");
    }
}
