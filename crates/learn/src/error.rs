//! What can be wrong with the numbers that come in.

/// Why nothing was computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LearnError {
    /// Two sizes that must agree don't.
    #[error("{what}: {found} values where {expected} were expected")]
    Shape {
        /// Which input.
        what: &'static str,
        /// The size that the other inputs ask for.
        expected: usize,
        /// The size that it has.
        found: usize,
    },
    /// A number that is not finite.
    #[error("{what}: the value at {at} is not a finite number")]
    NotFinite {
        /// Which input.
        what: &'static str,
        /// Its place, counted from 0.
        at: usize,
    },
    /// A class number that is not below the number of classes.
    #[error("class {found} where there are {classes}")]
    ClassOutOfRange {
        /// The number found.
        found: u32,
        /// How many classes there are.
        classes: usize,
    },
    /// Too little to compute from.
    #[error("{what}: {found} examples where at least {needed} are needed")]
    TooFew {
        /// Which input.
        what: &'static str,
        /// How many are needed.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// A setting outside its range.
    #[error("{name} = {value} is out of range")]
    Setting {
        /// Which setting.
        name: &'static str,
        /// Its value.
        value: f64,
    },
    /// The caller asked to stop.
    #[error("stopped")]
    Stopped,
}

/// Fails when two sizes differ.
pub(crate) fn same_size(what: &'static str, expected: usize, found: usize) -> Result<(), LearnError> {
    if expected == found { Ok(()) } else { Err(LearnError::Shape { what, expected, found }) }
}

/// Fails when there are fewer than `needed`.
pub(crate) fn at_least(what: &'static str, needed: usize, found: usize) -> Result<(), LearnError> {
    if found >= needed { Ok(()) } else { Err(LearnError::TooFew { what, needed, found }) }
}

/// Fails on a class number that is not below `classes`.
pub(crate) fn classes_in_range(targets: &[u32], classes: usize) -> Result<(), LearnError> {
    match targets.iter().find(|&&target| target as usize >= classes) {
        None => Ok(()),
        Some(&found) => Err(LearnError::ClassOutOfRange { found, classes }),
    }
}

/// Fails on a number that is not finite.
pub(crate) fn all_finite(what: &'static str, values: &[f32]) -> Result<(), LearnError> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(LearnError::NotFinite { what, at }),
    }
}

/// Fails when a setting is not a finite number in `range`.
pub(crate) fn setting_in(
    name: &'static str,
    value: f64,
    range: impl std::ops::RangeBounds<f64>,
) -> Result<(), LearnError> {
    if value.is_finite() && range.contains(&value) { Ok(()) } else { Err(LearnError::Setting { name, value }) }
}
