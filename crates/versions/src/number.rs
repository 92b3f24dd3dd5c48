//! Semantic version numbers and how they grow.

use std::fmt;
use std::str::FromStr;

use contract::version::Increment;

use crate::difference::Difference;

/// `MAJOR.MINOR.PATCH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    major: u64,
    minor: u64,
    patch: u64,
}

impl Number {
    /// The number of the first version.
    pub const FIRST: Number = Number { major: 1, minor: 0, patch: 0 };

    /// The number after this one: as asked for, or by what changed ([`Increment::Auto`]).
    pub fn next(self, increment: Increment, difference: &Difference) -> Self {
        let increment = match increment {
            Increment::Auto if difference.domains_changed => Increment::Major,
            Increment::Auto if difference.added + difference.removed > 0 => Increment::Minor,
            Increment::Auto => Increment::Patch,
            asked => asked,
        };
        match increment {
            Increment::Major => Self { major: self.major + 1, minor: 0, patch: 0 },
            Increment::Minor => Self { minor: self.minor + 1, patch: 0, ..self },
            Increment::Auto | Increment::Patch => Self { patch: self.patch + 1, ..self },
        }
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
        let change = |domains_changed, added, relabelled| Difference { domains_changed, added, removed: 0, relabelled };
        assert_eq!(number.next(Increment::Auto, &change(true, 1, 0)).to_string(), "2.0.0");
        assert_eq!(number.next(Increment::Auto, &change(false, 1, 0)).to_string(), "1.3.0");
        assert_eq!(number.next(Increment::Auto, &change(false, 0, 1)).to_string(), "1.2.4");
        assert_eq!(number.next(Increment::Major, &change(false, 0, 0)).to_string(), "2.0.0");
    }
}
