//! Versions: immutable snapshots of train and eval.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dataset::DatasetMetadata;
use crate::{DatasetId, JobId, UnixMillis, call::call};

/// Which part of the semantic version grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Increment {
    /// By what changed: the set of domains → major, samples added or removed → minor, else patch. The first is 1.0.0.
    #[default]
    Auto,
    /// Major.
    Major,
    /// Minor.
    Minor,
    /// Patch.
    Patch,
}

/// A version in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionSummary {
    /// `MAJOR.MINOR.PATCH`.
    pub version: String,
    /// Tag given by a person.
    pub tag: Option<String>,
    /// Message.
    pub message: String,
    /// Author.
    pub author: String,
    /// When.
    pub committed: UnixMillis,
    /// The version before.
    pub parent: Option<String>,
    /// Train samples.
    pub train: u64,
    /// Eval samples.
    pub eval: u64,
    /// Domains.
    pub domains: u64,
    /// Samples added against the version before.
    pub added: u64,
    /// Samples removed.
    pub removed: u64,
    /// Samples whose label changed.
    pub relabelled: u64,
    /// Bytes that this commit wrote.
    pub stored_bytes: u64,
}

/// A version with its statistics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionDetail {
    /// In short.
    pub summary: VersionSummary,
    /// Samples by domain: train and eval.
    pub domains: BTreeMap<String, (u64, u64)>,
    /// Mean length of the texts, characters.
    pub mean_length: f64,
    /// Metadata as it was written.
    pub metadata: DatasetMetadata,
}

/// Starts the commit of a written dataset as a version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartCommit {
    /// The project's folder.
    pub project: String,
    /// Which dataset; the latest when `None`.
    pub dataset: Option<DatasetId>,
    /// Message.
    pub message: String,
    /// Author.
    pub author: String,
    /// Tag.
    pub tag: Option<String>,
    /// Which part grows.
    #[serde(default)]
    pub increment: Increment,
}

/// All versions, latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListVersions {
    /// The project's folder.
    pub project: String,
}

/// One version by number or tag.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetVersion {
    /// The project's folder.
    pub project: String,
    /// Number (`1.2.0`, `v1.2.0`) or tag.
    pub version: String,
}

/// Starts a checkout: `train.jsonl`, `eval.jsonl`, `metadata.json` in a folder that is empty or missing; hashes are verified.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartCheckout {
    /// The project's folder.
    pub project: String,
    /// Number or tag.
    pub version: String,
    /// The folder.
    pub to: String,
}

/// What a checkout wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckoutReport {
    /// The version.
    pub version: String,
    /// The folder.
    pub folder: String,
    /// SHA-256 of each file, hex, by name; verified.
    pub files: BTreeMap<String, String>,
    /// Train samples.
    pub train: u64,
    /// Eval samples.
    pub eval: u64,
}

call! {
    StartCommit => JobId, "start_commit";
    ListVersions => Vec<VersionSummary>, "list_versions";
    GetVersion => VersionDetail, "get_version";
    StartCheckout => JobId, "start_checkout";
}
