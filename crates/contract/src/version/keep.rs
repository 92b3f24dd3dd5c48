//! Keeping versions for years: verifying, repairing, clearing away, archiving, carrying to other machines.

use serde::{Deserialize, Serialize};

use crate::{JobId, call::call};

/// Starts rehashing everything that is stored. The job's result is a [`VerifyReport`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartVerify {
    /// The project's folder.
    pub project: String,
}

/// What verifying found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// Versions looked at, archived ones too.
    pub versions: u64,
    /// Files looked at: the record, manifests, packs, archives, and what lies beside them.
    pub files: u64,
    /// Chunks looked at.
    pub chunks: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What is wrong.
    pub problems: Vec<StoreProblem>,
}

/// Something in the version store that is not as it was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoreProblem {
    /// What.
    pub kind: ProblemKind,
    /// The file, relative to the version store.
    pub file: String,
    /// Byte in the file where the damaged part begins, where that is known.
    pub offset: Option<u64>,
    /// Hash of the chunk or manifest, where that is known.
    pub object: Option<String>,
    /// Versions that can't be read because of it.
    pub versions: Vec<String>,
}

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Bytes don't match their hash.
    Damaged,
    /// Something that a version needs is not there.
    Missing,
    /// A file that can't be read at all.
    Unreadable,
    /// A damaged file that no version needs: what it holds is made again, and a collection or a repair removes it.
    Redundant,
}

/// Starts putting damaged and missing parts right from an exported file. The job's result is a [`RepairReport`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartRepair {
    /// The project's folder.
    pub project: String,
    /// The exported file.
    pub from: String,
}

/// What a repair did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RepairReport {
    /// Chunks and manifests that were put right.
    pub repaired: u64,
    /// What is still wrong.
    pub left: VerifyReport,
}

/// Starts removing what no version, tag or archive needs. The job's result is a [`CollectReport`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartCollect {
    /// The project's folder.
    pub project: String,
    /// Only says what it would remove.
    #[serde(default)]
    pub dry_run: bool,
}

/// What was, or would be, removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CollectReport {
    /// Whether it was only tried.
    pub dry_run: bool,
    /// Chunks removed.
    pub chunks: u64,
    /// Bytes freed on the disk.
    pub bytes: u64,
    /// Files removed or written anew.
    pub files: u64,
    /// Chunks that stay.
    pub kept: u64,
}

/// Which versions move to archives by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Versions that stay out of archives at most, tagged and stable ones counted; the oldest of the others move.
    pub keep: u64,
    /// Versions younger than so many days stay in any case.
    pub min_age_days: u64,
    /// Whether each commit looks after this by itself.
    pub automatic: bool,
}

impl Default for Retention {
    fn default() -> Self {
        Self { keep: 100, min_age_days: 0, automatic: true }
    }
}

/// The rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetRetention {
    /// The project's folder.
    pub project: String,
}

/// Sets the rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetRetention {
    /// The project's folder.
    pub project: String,
    /// The rule.
    pub retention: Retention,
}

/// Starts moving versions to archives. The job's result is an [`ArchiveReport`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StartArchive {
    /// The project's folder.
    pub project: String,
    /// These versions (tagged or stable ones too, since they are named); when empty, those that the rule says.
    #[serde(default)]
    pub versions: Vec<String>,
    /// Only says what it would move.
    #[serde(default)]
    pub dry_run: bool,
    /// The rule to go by this once, in place of the project's, which stays as it is.
    #[serde(default)]
    pub rule: Option<Retention>,
}

/// What was, or would be, archived.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArchiveReport {
    /// Whether it was only tried.
    pub dry_run: bool,
    /// The versions.
    pub versions: Vec<String>,
    /// Bytes of the version store before.
    pub bytes_before: u64,
    /// Bytes of the version store after.
    pub bytes_after: u64,
}

/// Starts bringing an archived version back. The job's result is the version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartRestore {
    /// The project's folder.
    pub project: String,
    /// The version.
    pub version: String,
}

/// Starts writing versions into one file, with everything that is needed to open it elsewhere. The job's result is an
/// [`ExportReport`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartExportVersions {
    /// The project's folder.
    pub project: String,
    /// The versions; all that are not archived when empty.
    #[serde(default)]
    pub versions: Vec<String>,
    /// The file; replaced if it is there.
    pub to: String,
}

/// What was exported.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExportReport {
    /// The file.
    pub file: String,
    /// The versions in it.
    pub versions: Vec<String>,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256 of the file, hex, to be told apart from the file itself.
    pub sha256: String,
}

/// Starts taking versions over from an exported file. The job's result is an [`ImportVersionsReport`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartImportVersions {
    /// The project's folder.
    pub project: String,
    /// The file.
    pub from: String,
}

/// What was taken over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportVersionsReport {
    /// Versions that are new here. A number that was taken here already by another version is followed by the one it got.
    pub added: Vec<(String, Option<String>)>,
    /// Versions that were here.
    pub known: Vec<String>,
    /// New versions, by their numbers here, that are stable where they come from. They are here, too, where their promises hold.
    #[serde(default)]
    pub stable: Vec<String>,
    /// Those of them that stay drafts here: a promise does not hold, or can't be looked at.
    #[serde(default)]
    pub unproved: Vec<String>,
}

call! {
    StartVerify => JobId, "start_verify";
    StartRepair => JobId, "start_repair";
    StartCollect => JobId, "start_collect";
    GetRetention => Retention, "get_retention";
    SetRetention => Retention, "set_retention";
    StartArchive => JobId, "start_archive";
    StartRestore => JobId, "start_restore";
    StartExportVersions => JobId, "start_export_versions";
    StartImportVersions => JobId, "start_import_versions";
}
