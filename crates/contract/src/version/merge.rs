//! Merging two versions that come from one.

use serde::{Deserialize, Serialize};

use super::{ChangeCounts, Increment, SampleSide};
use crate::{JobId, Page, call::call};

/// What a merge would do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreviewMerge {
    /// The project's folder.
    pub project: String,
    /// The version that is merged into, by number, tag or id; the merge follows it.
    pub ours: String,
    /// The other.
    pub theirs: String,
}

/// Answer of [`PreviewMerge`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MergePreview {
    /// Our number.
    pub ours: String,
    /// Their number.
    pub theirs: String,
    /// The latest version that both come from.
    pub base: String,
    /// What ours changed since.
    pub our_changes: ChangeCounts,
    /// What theirs changed since.
    pub their_changes: ChangeCounts,
    /// Samples that both changed, to different ends.
    pub conflicts: u64,
    /// Conflicts that a person has resolved.
    pub resolved: u64,
}

/// A sample that both sides changed, to different ends. `None` where it is not there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MergeConflict {
    /// The sample's id.
    pub id: String,
    /// As both had it.
    pub base: Option<SampleSide>,
    /// As ours has it.
    pub ours: Option<SampleSide>,
    /// As theirs has it.
    pub theirs: Option<SampleSide>,
    /// What a person chose.
    pub resolution: Option<Resolution>,
}

/// How a conflict ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// As ours has it.
    Ours,
    /// As theirs has it.
    Theirs,
    /// As it was before both.
    Base,
    /// As ours (or, where ours removed it, theirs) has it, with this label, as a person's decision.
    Label(String),
}

/// Conflicts, paged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListConflicts {
    /// The project's folder.
    pub project: String,
    /// The version that is merged into.
    pub ours: String,
    /// The other.
    pub theirs: String,
    /// Only those that nobody has resolved.
    #[serde(default)]
    pub unresolved: bool,
    /// Key of the last row that the caller has.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Keeps how conflicts end, until the merge is done; a `None` takes it back. A label is a domain of the schema, or one that either
/// version has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResolveConflicts {
    /// The project's folder.
    pub project: String,
    /// The version that is merged into.
    pub ours: String,
    /// The other.
    pub theirs: String,
    /// The samples' ids and how they end.
    pub resolutions: Vec<(String, Option<Resolution>)>,
    /// How all others end that nobody has resolved, where that is wanted.
    #[serde(default)]
    pub others: Option<Resolution>,
}

/// Starts a merge. The job's result is the version; while conflicts are open it fails and says how many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartMerge {
    /// The project's folder.
    pub project: String,
    /// The version that is merged into.
    pub ours: String,
    /// The other.
    pub theirs: String,
    /// Message; one that names both when empty.
    #[serde(default)]
    pub message: String,
    /// Author.
    #[serde(default)]
    pub author: String,
    /// Which part grows.
    #[serde(default)]
    pub increment: Increment,
}

call! {
    PreviewMerge => MergePreview, "preview_merge";
    ListConflicts => Page<MergeConflict>, "list_conflicts";
    ResolveConflicts => MergePreview, "resolve_conflicts";
    StartMerge => JobId, "start_merge";
}
