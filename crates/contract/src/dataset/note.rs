//! What a person should know of a split.

use serde::{Deserialize, Serialize};

/// What keeps eval smaller than it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvalLimit {
    /// Every domain keeps at least one sample in train, so that a domain with a single one has none in eval.
    TrainKeepsDomains,
    /// Samples that stay together (near-duplicates, a user, a span of time) don't fit into eval.
    Together,
    /// A split by time holds out samples with a time alone, and these are too few.
    WithoutTime,
}

/// Why a split is not quite what was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SplitNote {
    /// A domain with too few samples was left out.
    DomainLeftOut {
        /// The domain.
        domain: String,
        /// What it has.
        available: u64,
        /// What it needs.
        needed: u64,
    },
    /// Eval was made larger than the share asked for, to reach the minimum.
    EvalRaised {
        /// By the share.
        asked: u64,
        /// Now.
        used: u64,
    },
    /// There are too few samples for the minimum of eval, which takes half of them at most.
    EvalBelowMinimum {
        /// The minimum.
        needed: u64,
        /// What there is.
        used: u64,
    },
    /// Eval is smaller than the minimum or the share asked for, for another reason than that there are too few samples.
    EvalShort {
        /// The minimum, or eval samples by the share where these are more.
        needed: u64,
        /// What there is.
        used: u64,
        /// What keeps it so small.
        why: EvalLimit,
    },
    /// A group (near-duplicates, a user, a span of time) is so large that a domain's share of eval is off by more than one sample.
    GroupTooLarge {
        /// The domain.
        domain: String,
        /// Eval samples by the share asked for.
        asked: u64,
        /// Eval samples that it has.
        used: u64,
        /// Samples of the domain in its largest group.
        largest: u64,
    },
    /// Samples without a time, which a split by time puts into train.
    WithoutTime {
        /// How many.
        samples: u64,
    },
    /// Synthetics that were left out.
    SyntheticsLeftOut {
        /// How many.
        samples: u64,
    },
    /// Texts that stand there several times with different labels, none of which prevails, were left out.
    ConflictsLeftOut {
        /// How many texts.
        texts: u64,
    },
}
