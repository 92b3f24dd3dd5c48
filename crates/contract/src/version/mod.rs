//! Versions: immutable snapshots of train and eval, with a history like git's.

mod blame;
mod change;
mod check;
mod graph;
mod keep;
mod merge;
mod statistics;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use blame::*;
pub use change::*;
pub use check::*;
pub use graph::*;
pub use keep::*;
pub use merge::*;
pub use statistics::VersionStatistics;

use crate::dataset::{DatasetFormat, DatasetMetadata};
use crate::{DatasetId, JobId, UnixMillis, call::call};

/// Which part of the semantic version grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Increment {
    /// By what changed against the parent: samples relabelled, removed or with another text, or another set of domains → major;
    /// samples added or moved between train and eval → minor; anything else → patch. The first version is 1.0.0.
    #[default]
    Auto,
    /// Major.
    Major,
    /// Minor.
    Minor,
    /// Patch.
    Patch,
}

/// What a version may be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// Under work.
    #[default]
    Draft,
    /// Its promises hold; it is never archived unasked.
    Stable,
    /// Not to be used any more.
    Deprecated,
}

impl VersionStatus {
    /// Every status.
    pub const ALL: &'static [VersionStatus] = &[VersionStatus::Draft, VersionStatus::Stable, VersionStatus::Deprecated];

    /// The name on the wire and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            VersionStatus::Draft => "draft",
            VersionStatus::Stable => "stable",
            VersionStatus::Deprecated => "deprecated",
        }
    }
}

/// A version in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionSummary {
    /// `MAJOR.MINOR.PATCH`.
    pub version: String,
    /// Its identity: blake3 of its manifest, hex. Covers everything but tags and status.
    pub id: String,
    /// Tags that point at it, sorted.
    pub tags: Vec<String>,
    /// Status.
    pub status: VersionStatus,
    /// Message.
    pub message: String,
    /// Author.
    pub author: String,
    /// When.
    pub committed: UnixMillis,
    /// The versions it came from: none for the first, two for a merge; the first is what `changes` is counted against.
    pub parents: Vec<String>,
    /// Train samples.
    pub train: u64,
    /// Eval samples.
    pub eval: u64,
    /// Domains that have samples.
    pub domains: u64,
    /// What changed against the first parent.
    pub changes: ChangeCounts,
    /// Bytes that this commit added to the disk.
    pub stored_bytes: u64,
    /// Its rows lie in a compressed archive and must be restored before they can be read.
    pub archived: bool,
    /// Whether the next commit follows this version unless told otherwise.
    pub current: bool,
}

/// A file of a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionFile {
    /// Name: `train.jsonl`, `eval.jsonl`, `metadata.json`.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// Rows; 0 for `metadata.json`.
    pub rows: u64,
    /// SHA-256 of the whole file, hex.
    pub sha256: String,
}

/// A version with its statistics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionDetail {
    /// In short.
    pub summary: VersionSummary,
    /// Counts over its samples.
    pub statistics: VersionStatistics,
    /// Its files.
    pub files: Vec<VersionFile>,
    /// What it promises.
    pub checks: Checks,
    /// How its promises were found when last looked at.
    pub checked: Option<CheckReport>,
    /// Metadata as it was written; `None` for a version made of files from elsewhere that had none.
    pub metadata: Option<DatasetMetadata>,
}

/// Where a commit takes its samples from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitSource {
    /// The latest written dataset.
    #[default]
    Latest,
    /// A written dataset.
    Dataset(DatasetId),
    /// A folder with `train.jsonl`, `eval.jsonl` and perhaps `metadata.json`: a checkout that was edited, or files from elsewhere.
    Folder(String),
}

/// Starts the commit of a dataset as a version. The job's result is the version.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StartCommit {
    /// The project's folder.
    pub project: String,
    /// What to commit.
    #[serde(default)]
    pub source: CommitSource,
    /// Message.
    pub message: String,
    /// Author; the person's name of the settings when empty.
    #[serde(default)]
    pub author: String,
    /// Tag.
    #[serde(default)]
    pub tag: Option<String>,
    /// Status; stable only if its promises hold, else the version is committed as a draft and the job's result says why.
    #[serde(default)]
    pub status: VersionStatus,
    /// Which part grows.
    #[serde(default)]
    pub increment: Increment,
    /// The version that it follows, by number or tag; the current one when `None`.
    #[serde(default)]
    pub parent: Option<String>,
    /// What it promises; what its parent promised when `None`.
    #[serde(default)]
    pub checks: Option<Checks>,
}

/// What a commit made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CommitReport {
    /// The version.
    pub version: VersionSummary,
    /// How its promises were found, where it was to be stable; when they don't hold it is a draft.
    pub report: Option<CheckReport>,
}

/// What a commit would change against its parent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreviewCommit {
    /// The project's folder.
    pub project: String,
    /// What would be committed.
    #[serde(default)]
    pub source: CommitSource,
    /// The version that it follows; the current one when `None`.
    #[serde(default)]
    pub parent: Option<String>,
    /// Which part grows.
    #[serde(default)]
    pub increment: Increment,
}

/// Answer of [`PreviewCommit`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CommitPreview {
    /// The number that it would get.
    pub version: String,
    /// The version that it follows.
    pub parent: Option<String>,
    /// What changes.
    pub changes: ChangeCounts,
    /// By domain, what changes most first; only domains where something changes.
    pub domains: Vec<DomainChange>,
    /// Whether nothing changes at all, so that there is nothing to commit.
    pub unchanged: bool,
    /// Train samples.
    pub train: u64,
    /// Eval samples.
    pub eval: u64,
}

/// All versions, children before their parents, latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListVersions {
    /// The project's folder.
    pub project: String,
}

/// One version by number, tag, `current` or the beginning of its id (at least 4 digits).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetVersion {
    /// The project's folder.
    pub project: String,
    /// Number (`1.2.0`, `v1.2.0`), tag, `current` or beginning of the id.
    pub version: String,
}

/// A plot of a version, as SVG.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetVersionPlot {
    /// The project's folder.
    pub project: String,
    /// Number or tag.
    pub version: String,
    /// The version to draw beside it.
    #[serde(default)]
    pub beside: Option<String>,
    /// Which plot.
    pub plot: VersionPlot,
    /// Width in CSS pixels, 240 to 2000.
    pub width: u32,
    /// Height in CSS pixels, 120 to 2000.
    pub height: u32,
}

/// What can be drawn of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionPlot {
    /// Samples by domain (the 20 largest).
    Domains,
    /// Samples by length of the text.
    Lengths,
    /// Samples by confidence.
    Confidences,
}

/// Starts a checkout into a folder that is empty or missing; hashes are verified. The job's result is a [`CheckoutReport`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StartCheckout {
    /// The project's folder.
    pub project: String,
    /// Number or tag.
    pub version: String,
    /// The folder.
    pub to: String,
    /// Format of the files; JSONL gives the very bytes that were committed.
    #[serde(default)]
    pub format: DatasetFormat,
    /// In CSV, begins cells that a spreadsheet would take for a formula with an apostrophe.
    #[serde(default)]
    pub formula_safe: bool,
}

/// What a checkout wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckoutReport {
    /// The version.
    pub version: String,
    /// The folder.
    pub folder: String,
    /// SHA-256 of each file, hex, by name relative to the folder.
    pub files: BTreeMap<String, String>,
    /// Train samples.
    pub train: u64,
    /// Eval samples.
    pub eval: u64,
}

/// Starts laying versions out for programs that expect folders: `<to>/<version>/` and `<to>/<tag>/` with `train.jsonl`, `eval.jsonl`,
/// `metadata.json`, and `<to>/current`. What is there already and whole is kept; folders of versions and tags that are gone are removed.
/// The job's result is a [`ViewReport`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartView {
    /// The project's folder.
    pub project: String,
    /// The folder.
    pub to: String,
    /// The versions to lay out, by number or tag; when empty, the tagged ones and the current one.
    #[serde(default)]
    pub versions: Vec<String>,
}

/// What a view shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewReport {
    /// The folder.
    pub folder: String,
    /// Its entries: name and the version that lies there.
    pub entries: BTreeMap<String, String>,
}

/// Starts a rollback: a new version equal to an old one, after the current. The job's result is the version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartRollback {
    /// The project's folder.
    pub project: String,
    /// The old version, by number or tag.
    pub version: String,
    /// Message; one that names the old version when empty.
    #[serde(default)]
    pub message: String,
    /// Author.
    #[serde(default)]
    pub author: String,
}

/// Points a tag at a version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TagVersion {
    /// The project's folder.
    pub project: String,
    /// Number, tag or id.
    pub version: String,
    /// The tag: 1 to 100 characters without blanks, slashes or backslashes, no number of a version, not `current`.
    pub tag: String,
    /// Moves it when it points elsewhere; else that is an error.
    #[serde(default)]
    pub force: bool,
}

/// Takes a tag away. Answers the version that it pointed at, so that it can be set again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UntagVersion {
    /// The project's folder.
    pub project: String,
    /// The tag.
    pub tag: String,
}

/// Makes a version the one that the next commit follows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetCurrentVersion {
    /// The project's folder.
    pub project: String,
    /// Number, tag or id.
    pub version: String,
}

call! {
    StartCommit => JobId, "start_commit";
    PreviewCommit => CommitPreview, "preview_commit";
    ListVersions => Vec<VersionSummary>, "list_versions";
    GetVersion => VersionDetail, "get_version";
    GetVersionPlot => String, "get_version_plot";
    StartCheckout => JobId, "start_checkout";
    StartView => JobId, "start_view";
    StartRollback => JobId, "start_rollback";
    TagVersion => VersionSummary, "tag_version";
    UntagVersion => VersionSummary, "untag_version";
    SetCurrentVersion => VersionSummary, "set_current_version";
}
