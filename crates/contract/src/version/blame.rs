//! The history of one sample.

use serde::{Deserialize, Serialize};

use super::{ChangeKind, SampleSide};
use crate::{UnixMillis, call::call};

/// Asks for the history of a sample through the ancestors of a version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BlameSample {
    /// The project's folder.
    pub project: String,
    /// The sample's id, or its whole text.
    pub sample: String,
    /// The version whose history is looked through; all versions when `None`.
    #[serde(default)]
    pub version: Option<String>,
}

/// Answer of [`BlameSample`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Blame {
    /// The sample's id.
    pub id: String,
    /// Ids of others that have the text, where it was named by that.
    #[serde(default)]
    pub others: Vec<String>,
    /// What happened to it, oldest first; to each of them, where several samples of a version share the id: an entry for each version in which it appeared, changed or went.
    pub entries: Vec<BlameEntry>,
    /// Versions that hold it, by whatever id, oldest first; archived ones, too.
    pub versions: Vec<String>,
}

/// What a version did to a sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlameEntry {
    /// The version.
    pub version: String,
    /// Its author.
    pub author: String,
    /// Its message.
    pub message: String,
    /// When it was committed.
    pub committed: UnixMillis,
    /// How the sample changed against the version before; empty where that is not in this store, so that nobody can tell.
    pub kinds: Vec<ChangeKind>,
    /// Its id before and in this version, where these differ.
    #[serde(default)]
    pub ids: Option<(String, String)>,
    /// The sample before.
    pub before: Option<SampleSide>,
    /// The sample in this version.
    pub after: Option<SampleSide>,
}

call! {
    BlameSample => Blame, "blame_sample";
}
