//! Review: the queue of what is unsure and people's decisions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::item::{ItemFilter, LatestPrediction};
use crate::source::WrittenFile;
use crate::{DecisionId, ItemId, Page, UnixMillis, call::call};

/// Why an item went to review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// Confidence below the threshold.
    Unsure,
    /// The prediction is not the label that the item came with.
    Disagreement,
    /// The label that it came with is no domain of the schema.
    OutsideSchema,
    /// The text seems to belong to no domain.
    NoDomain,
    /// Two labellers disagree about it.
    LabellersDisagree,
    /// Drawn at random, to see how good the labels are.
    Sample,
}

/// How urgent a review item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Low.
    Low,
    /// Medium: unsure.
    Medium,
    /// High: very unsure.
    High,
    /// Critical: very confident and yet not the label that the item came with.
    Critical,
}

/// Where a review item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStatus {
    /// Waits.
    Pending,
    /// Shown to a reviewer now.
    InReview,
    /// The label was confirmed.
    Approved,
    /// Another label was given.
    Corrected,
    /// Put off.
    Skipped,
    /// Belongs in no dataset.
    Rejected,
}

impl ReviewStatus {
    /// Every status.
    pub const ALL: &'static [ReviewStatus] = &[
        ReviewStatus::Pending,
        ReviewStatus::InReview,
        ReviewStatus::Approved,
        ReviewStatus::Corrected,
        ReviewStatus::Skipped,
        ReviewStatus::Rejected,
    ];
}

/// What a person decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Action {
    /// The domain shown first (the prediction's) is right.
    Approve,
    /// Another domain is right. Choosing the predicted one counts as approval.
    Correct {
        /// Its id.
        domain: String,
    },
    /// Put it off.
    Skip,
    /// It belongs in no dataset.
    Reject,
}

/// A decision in an item's history. Append-only: undo is a decision too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Number.
    pub id: DecisionId,
    /// The item.
    pub item: ItemId,
    /// What was decided; `None` for an undo.
    pub action: Option<Action>,
    /// For an undo: the decision that it takes back.
    pub undoes: Option<DecisionId>,
    /// Domain before.
    pub from: Option<String>,
    /// Domain after.
    pub to: Option<String>,
    /// Who.
    pub reviewer: String,
    /// When.
    pub at: UnixMillis,
}

/// What a reviewer sees of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewCard {
    /// The item.
    pub item: ItemId,
    /// Its whole text.
    pub text: String,
    /// Label it came with.
    pub label: Option<String>,
    /// The latest prediction.
    pub prediction: Option<LatestPrediction>,
    /// Why it is here.
    pub reason: ReviewReason,
    /// How urgent.
    pub priority: Priority,
    /// Where it stands.
    pub status: ReviewStatus,
    /// The source's file name.
    pub source_name: String,
    /// Row in the file.
    pub row: u64,
    /// Time and user as they stood in the file.
    pub ts: Option<String>,
    /// User.
    pub user: Option<String>,
    /// Earlier decisions, latest first.
    pub history: Vec<Decision>,
}

/// How the queue and the session stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewProgress {
    /// Review items by status.
    pub by_status: BTreeMap<ReviewStatus, u64>,
    /// Waiting items by priority.
    pub by_priority: BTreeMap<Priority, u64>,
    /// Unsure items that the full queue has no room for yet.
    pub beyond_queue: u64,
    /// Decisions of this reviewer since the session began (undone ones not counted).
    pub session_decisions: u64,
}

/// The next waiting items in order: priority, then least confident, then oldest; skipped ones last.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NextReviewItems {
    /// The project's folder.
    pub project: String,
    /// How many (the interface keeps a few ahead, so that the next one shows at once).
    pub count: u32,
    /// Items that the caller has already.
    #[serde(default)]
    pub exclude: Vec<ItemId>,
}

/// One card, to jump to an item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetReviewCard {
    /// The project's folder.
    pub project: String,
    /// The item.
    pub item: ItemId,
}

/// Stores a decision; answers when it is on disk. Any item can be decided on, waiting or not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Decide {
    /// The project's folder.
    pub project: String,
    /// The item.
    pub item: ItemId,
    /// What.
    pub action: Action,
    /// Who.
    pub reviewer: String,
}

/// Takes back the reviewer's latest decision that is not taken back yet, and answers the item's card.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UndoDecision {
    /// The project's folder.
    pub project: String,
    /// Who.
    pub reviewer: String,
}

/// How the queue and the session stand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetReviewProgress {
    /// The project's folder.
    pub project: String,
    /// Whose session.
    pub reviewer: String,
    /// When the session began.
    pub since: UnixMillis,
}

/// Puts items drawn at random into the review queue, so that a labeller's accuracy is known where it is sure of itself too;
/// answers how many were put there. Items that wait or were decided on are left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReviewSample {
    /// The project's folder.
    pub project: String,
    /// Among these items.
    #[serde(default)]
    pub filter: ItemFilter,
    /// How many.
    pub count: u64,
    /// Seed of the draw.
    pub seed: u64,
}

/// A review item in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewRow {
    /// The item.
    pub item: ItemId,
    /// The beginning of the text (at most 300 characters).
    pub excerpt: String,
    /// Label it came with.
    pub label: Option<String>,
    /// Predicted domain.
    pub predicted: Option<String>,
    /// Confidence.
    pub confidence: Option<f32>,
    /// Why.
    pub reason: ReviewReason,
    /// How urgent.
    pub priority: Priority,
    /// Where it stands.
    pub status: ReviewStatus,
}

/// Review items by item number, all or of one status.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListReview {
    /// The project's folder.
    pub project: String,
    /// Only these.
    pub status: Option<ReviewStatus>,
    /// Paging key: the last item's number.
    pub after: Option<i64>,
    /// Page size (at most 1000).
    pub limit: u32,
}

/// Writes what was reviewed as JSONL or CSV (by the file's extension): item, text, label, predicted, confidence, decided, action,
/// reviewer, time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportReviewed {
    /// The project's folder.
    pub project: String,
    /// The file.
    pub to: String,
}

/// Takes decisions from a table: a column with the text (or the item's number) and one with the domain. Each row becomes a decision
/// of the reviewer about every item with that text; of rows with one text the last one. What the reviewer decided so already is left
/// alone, what only others decided so is not: each reviewer's decision counts for how far they agree.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportDecisions {
    /// The project's folder.
    pub project: String,
    /// The table, in any format that can be imported.
    pub file: String,
    /// Who decided.
    pub reviewer: String,
}

/// What became of a table of decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportedDecisions {
    /// Rows read.
    pub rows: u64,
    /// Decisions made.
    pub decided: u64,
    /// Rows that were the same reviewer's same decision again.
    pub unchanged: u64,
    /// Rows that a later row with the same text and another label overrules.
    pub overruled: u64,
    /// Rows whose text no item has.
    pub unknown_text: u64,
    /// Rows whose label is no domain of the schema.
    pub unknown_domain: u64,
    /// Rows without a label.
    pub without_label: u64,
}

call! {
    NextReviewItems => Vec<ReviewCard>, "next_review_items";
    GetReviewCard => ReviewCard, "get_review_card";
    Decide => Decision, "decide";
    UndoDecision => ReviewCard, "undo_decision";
    GetReviewProgress => ReviewProgress, "get_review_progress";
    ListReview => Page<ReviewRow>, "list_review";
    ExportReviewed => WrittenFile, "export_reviewed";
    ReviewSample => u64, "review_sample";
    ImportDecisions => ImportedDecisions, "import_decisions";
}
