//! Row numbers of the project's store, kept apart by type.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

id! {
    /// An item: one text to be labelled.
    ItemId;
    /// A source: where items came from.
    SourceId;
    /// A job: a long piece of work.
    JobId;
    /// A decision of a person about an item.
    DecisionId;
    /// A written dataset (train and eval), not yet necessarily a version.
    DatasetId;
    /// A comparison of two labellers.
    ComparisonId;
}
