//! Semantic version numbers and how they grow.

use std::fmt;
use std::str::FromStr;

use contract::version::{ChangeCounts, Increment};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// `MAJOR.MINOR.PATCH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number {
    major: u64,
    minor: u64,
    patch: u64,
}

impl Number {
    /// The number of the first version.
    pub const FIRST: Number = Number { major: 1, minor: 0, patch: 0 };

    /// The first free number after this one that is as much greater as asked for, or as what changed says ([`Increment::Auto`]).
    pub fn next(self, increment: Increment, changes: &ChangeCounts, taken: impl Fn(Number) -> bool) -> Self {
        let increment = match increment {
            Increment::Auto => by_changes(changes),
            asked => asked,
        };
        let grown = |number: Self| match increment {
            Increment::Major => Self { major: number.major + 1, minor: 0, patch: 0 },
            Increment::Minor => Self { minor: number.minor + 1, patch: 0, ..number },
            Increment::Auto | Increment::Patch => Self { patch: number.patch + 1, ..number },
        };
        // Another version may follow the same parent and have the number already.
        let mut number = grown(self);
        while taken(number) {
            number = grown(number);
        }
        number
    }
}

/// Which part grows by what changed: what was published and is so no more is major, what is more is minor.
fn by_changes(changes: &ChangeCounts) -> Increment {
    if changes.schema_changed || changes.removed + changes.relabelled + changes.text_changed > 0 {
        Increment::Major
    } else if changes.added + changes.moved > 0 {
        Increment::Minor
    } else {
        Increment::Patch
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| de::Error::custom("not a version number"))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Number {
    type Err = ();

    /// Reads `1.2.3` or `v1.2.3`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        let mut part = || parts.next().and_then(|part| part.parse().ok()).ok_or(());
        let number = Self { major: part()?, minor: part()?, patch: part()? };
        if parts.next().is_some() { Err(()) } else { Ok(number) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_ordered_as_numbers() {
        assert_eq!("v1.10.0".parse(), Ok(Number { major: 1, minor: 10, patch: 0 }));
        assert!("1.10.0".parse::<Number>() > "1.9.9".parse::<Number>());
        for bad in ["1.2", "1.2.3.4", "stable", "", "1.2.x"] {
            assert!(bad.parse::<Number>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_increment_follows_what_changed() {
        let number = Number { major: 1, minor: 2, patch: 3 };
        let next = |changes: ChangeCounts| number.next(Increment::Auto, &changes, |_| false).to_string();
        let none = ChangeCounts::default();
        for (changes, expected) in [
            (ChangeCounts { relabelled: 1, added: 5, ..none }, "2.0.0"),
            (ChangeCounts { removed: 1, ..none }, "2.0.0"),
            (ChangeCounts { text_changed: 1, ..none }, "2.0.0"),
            (ChangeCounts { schema_changed: true, ..none }, "2.0.0"),
            (ChangeCounts { added: 1, details: 3, ..none }, "1.3.0"),
            (ChangeCounts { moved: 1, ..none }, "1.3.0"),
            (ChangeCounts { details: 3, ..none }, "1.2.4"),
            (none, "1.2.4"),
        ] {
            assert_eq!(next(changes), expected, "{changes:?}");
        }
        assert_eq!(number.next(Increment::Major, &none, |_| false).to_string(), "2.0.0");
    }

    #[test]
    fn a_number_that_is_taken_is_passed_over() {
        let number = Number { major: 1, minor: 0, patch: 0 };
        let taken = |number: Number| number.minor < 3;
        let changes = ChangeCounts { added: 1, ..ChangeCounts::default() };
        assert_eq!(number.next(Increment::Auto, &changes, taken).to_string(), "1.3.0");
    }
}
