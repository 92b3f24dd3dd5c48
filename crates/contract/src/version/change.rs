//! What changed between two versions.

use serde::{Deserialize, Serialize};

use crate::{Page, UnixMillis, call::call};

/// A part of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// `train`.
    Train,
    /// `eval`.
    Eval,
}

impl Split {
    /// The name on the wire and of its files.
    pub fn name(self) -> &'static str {
        match self {
            Split::Train => "train",
            Split::Eval => "eval",
        }
    }
}

/// How a sample differs between two versions. One sample can differ in several ways; added and removed stand alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Only in the newer one.
    Added,
    /// Only in the older one.
    Removed,
    /// Another label.
    Relabelled,
    /// Another text: the same id, or, where ids come from texts, the same row of the same source.
    TextChanged,
    /// Moved between train and eval.
    Moved,
    /// Only other fields differ: confidence, origin, who decided.
    Details,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: &'static [ChangeKind] = &[
        ChangeKind::Added,
        ChangeKind::Removed,
        ChangeKind::Relabelled,
        ChangeKind::TextChanged,
        ChangeKind::Moved,
        ChangeKind::Details,
    ];

    /// The name on the wire and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Relabelled => "relabelled",
            ChangeKind::TextChanged => "text_changed",
            ChangeKind::Moved => "moved",
            ChangeKind::Details => "details",
        }
    }
}

/// How many samples changed, by kind; a sample that changed in two ways counts in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeCounts {
    /// Only in the newer one.
    pub added: u64,
    /// Only in the older one.
    pub removed: u64,
    /// With another label.
    pub relabelled: u64,
    /// With another text.
    pub text_changed: u64,
    /// Moved between train and eval.
    pub moved: u64,
    /// With other details alone.
    pub details: u64,
    /// Whether the schema's domains are others.
    pub schema_changed: bool,
}

impl ChangeCounts {
    /// The count of a kind.
    pub fn of(&self, kind: ChangeKind) -> u64 {
        match kind {
            ChangeKind::Added => self.added,
            ChangeKind::Removed => self.removed,
            ChangeKind::Relabelled => self.relabelled,
            ChangeKind::TextChanged => self.text_changed,
            ChangeKind::Moved => self.moved,
            ChangeKind::Details => self.details,
        }
    }

    /// Counts one more sample of a kind.
    pub fn count(&mut self, kind: ChangeKind) {
        *match kind {
            ChangeKind::Added => &mut self.added,
            ChangeKind::Removed => &mut self.removed,
            ChangeKind::Relabelled => &mut self.relabelled,
            ChangeKind::TextChanged => &mut self.text_changed,
            ChangeKind::Moved => &mut self.moved,
            ChangeKind::Details => &mut self.details,
        } += 1;
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What changed in a domain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DomainChange {
    /// The domain's id.
    pub domain: String,
    /// Samples in the older one: train and eval.
    pub before: (u64, u64),
    /// Samples in the newer one: train and eval.
    pub after: (u64, u64),
    /// Samples that are new to the domain: added, or relabelled into it.
    pub gained: u64,
    /// Samples that left the domain: removed, or relabelled out of it.
    pub lost: u64,
}

/// Compares two versions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompareVersions {
    /// The project's folder.
    pub project: String,
    /// The older one, by number, tag or id.
    pub from: String,
    /// The newer one.
    pub to: String,
}

/// Answer of [`CompareVersions`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionComparison {
    /// The older one's number.
    pub from: String,
    /// The newer one's number.
    pub to: String,
    /// How many samples changed.
    pub changes: ChangeCounts,
    /// Every domain of either, most changed first.
    pub domains: Vec<DomainChange>,
    /// Jensen–Shannon distance of the label distributions (base 2, square root of the divergence): 0 equal, 1 disjoint.
    pub label_drift: f64,
    /// Relabelled samples by the pair of labels, most frequent first, at most 50.
    pub relabelled: Vec<RelabelledPair>,
}

/// How many samples went from one label to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelabelledPair {
    /// The label before.
    pub from: String,
    /// The label now.
    pub to: String,
    /// Samples.
    pub samples: u64,
}

/// A sample on one side of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SampleSide {
    /// Text.
    pub text: String,
    /// Label.
    pub label: String,
    /// Where it stands; `None` never crosses the border but keeps the type's default.
    pub split: Option<Split>,
    /// `decision`, `prediction`, `source` or what else the file said.
    pub origin: String,
    /// Confidence.
    pub confidence: Option<f32>,
    /// Source file.
    pub source: String,
    /// Row in it.
    pub row: Option<u64>,
    /// Who decided its label, where a person did.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<UnixMillis>,
}

/// A sample that changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SampleChange {
    /// The sample's id (in the newer version, where it is there).
    pub id: String,
    /// How it changed.
    pub kinds: Vec<ChangeKind>,
    /// In the older version.
    pub before: Option<SampleSide>,
    /// In the newer version.
    pub after: Option<SampleSide>,
}

/// Which changed samples; all conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeFilter {
    /// Of these kinds; of all when empty.
    pub kinds: Vec<ChangeKind>,
    /// With this domain before or after.
    pub domain: Option<String>,
    /// With these words in a text or the id, without regard to case.
    pub text: Option<String>,
}

/// Changed samples, paged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListChanges {
    /// The project's folder.
    pub project: String,
    /// The older one.
    pub from: String,
    /// The newer one.
    pub to: String,
    /// Which.
    #[serde(default)]
    pub filter: ChangeFilter,
    /// Key of the last row that the caller has.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Writes changed samples to a file, by its name CSV or JSONL. Answers how many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportChanges {
    /// The project's folder.
    pub project: String,
    /// The older one.
    pub from: String,
    /// The newer one.
    pub to: String,
    /// Which.
    #[serde(default)]
    pub filter: ChangeFilter,
    /// The file.
    pub file: String,
    /// In CSV, begins cells that a spreadsheet would take for a formula with an apostrophe.
    #[serde(default)]
    pub formula_safe: bool,
}

call! {
    CompareVersions => VersionComparison, "compare_versions";
    ListChanges => Page<SampleChange>, "list_changes";
    ExportChanges => u64, "export_changes";
}
