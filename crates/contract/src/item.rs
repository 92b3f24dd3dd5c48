//! Items: what they are, where they stand, and how lists of them are filtered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::label::{Candidate, ConfidenceSource, Prediction};
use crate::review::{Decision, ReviewReason, ReviewStatus};
use crate::{CallError, ErrorCode, ItemId, Page, SourceId, UnixMillis, call::call};

/// Where an item stands; derived from its latest prediction and decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// No prediction and no decision yet.
    New,
    /// A prediction that needs no review.
    Confident,
    /// Waits for a person.
    Waiting,
    /// A person skipped it; it comes back after the others.
    Skipped,
    /// A person confirmed the label.
    Approved,
    /// A person gave another label.
    Corrected,
    /// A person said that it belongs in no dataset.
    Rejected,
}

impl ItemStatus {
    /// Every status, in the order of the item's way.
    pub const ALL: &'static [ItemStatus] = &[
        ItemStatus::New,
        ItemStatus::Confident,
        ItemStatus::Waiting,
        ItemStatus::Skipped,
        ItemStatus::Approved,
        ItemStatus::Corrected,
        ItemStatus::Rejected,
    ];

    /// The name used in filters and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            ItemStatus::New => "new",
            ItemStatus::Confident => "confident",
            ItemStatus::Waiting => "waiting",
            ItemStatus::Skipped => "skipped",
            ItemStatus::Approved => "approved",
            ItemStatus::Corrected => "corrected",
            ItemStatus::Rejected => "rejected",
        }
    }
}

/// Which items: all conditions hold at once; what is `None` doesn't restrict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemFilter {
    /// Status.
    pub status: Option<ItemStatus>,
    /// Source.
    pub source: Option<SourceId>,
    /// Label it came with.
    pub label: Option<String>,
    /// Domain that it has now (decided, else predicted).
    pub domain: Option<String>,
    /// Words in the text, without regard to case.
    pub text: Option<String>,
    /// Confidence of the latest prediction at least this.
    pub min_confidence: Option<f32>,
    /// Confidence of the latest prediction below this.
    pub max_confidence: Option<f32>,
    /// Whether the latest prediction agrees with the label that the item came with.
    pub agrees: Option<bool>,
}

impl ItemFilter {
    /// Reads a filter as people type it: blank-separated `key:value` pairs and words of the text, values with blanks
    /// in double quotes: `status:waiting label:"card arrival" confidence<0.5 agrees:no refund`.
    /// Keys: `status`, `source`, `label`, `domain`, `text`, `agrees` (yes/no), `confidence<X`, `confidence>=X`.
    ///
    /// # Errors
    /// [`ErrorCode::FilterMalformed`] for an unknown key or a value that does not fit.
    pub fn parse(text: &str) -> Result<Self, CallError> {
        let malformed =
            |detail: &str| CallError::new(ErrorCode::FilterMalformed).with("filter", text).with("detail", detail);
        let mut filter = Self::default();
        let mut words: Vec<String> = Vec::new();
        for token in tokens(text).ok_or_else(|| malformed("\""))? {
            if let Some(value) = token.strip_prefix("confidence<") {
                filter.max_confidence = Some(value.parse().map_err(|_| malformed(&token))?);
            } else if let Some(value) = token.strip_prefix("confidence>=") {
                filter.min_confidence = Some(value.parse().map_err(|_| malformed(&token))?);
            } else if let Some((key, value)) = token.split_once(':').filter(|(key, _)| is_key(key)) {
                match key {
                    "status" => {
                        let status = ItemStatus::ALL.iter().find(|status| status.name() == value);
                        filter.status = Some(*status.ok_or_else(|| malformed(&token))?);
                    }
                    "source" => filter.source = Some(value.parse().map_err(|_| malformed(&token))?),
                    "label" => filter.label = Some(value.to_owned()),
                    "domain" => filter.domain = Some(value.to_owned()),
                    "text" => words.push(value.to_owned()),
                    "agrees" => {
                        filter.agrees = Some(match value {
                            "yes" | "true" => true,
                            "no" | "false" => false,
                            _ => return Err(malformed(&token)),
                        });
                    }
                    _ => return Err(malformed(&token)),
                }
            } else {
                words.push(token);
            }
        }
        if !words.is_empty() {
            filter.text = Some(words.join(" "));
        }
        Ok(filter)
    }
}

/// A word of Latin letters before a colon is meant as a key; "10:30" or «итог:» is text.
fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase())
}

/// Splits at blanks outside double quotes and drops the quotes; `None` when a quote is left open.
fn tokens(text: &str) -> Option<Vec<String>> {
    let (mut tokens, mut token, mut quoted, mut started) = (Vec::new(), String::new(), false, false);
    for c in text.chars() {
        match c {
            '"' => (quoted, started) = (!quoted, true),
            c if c.is_whitespace() && !quoted => {
                if started {
                    tokens.push(std::mem::take(&mut token));
                }
                started = false;
            }
            c => {
                token.push(c);
                started = true;
            }
        }
    }
    if started {
        tokens.push(token);
    }
    (!quoted).then_some(tokens)
}

/// An item in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemRow {
    /// Number; also the paging key.
    pub id: ItemId,
    /// The beginning of the text (at most 300 characters).
    pub excerpt: String,
    /// Label it came with.
    pub label: Option<String>,
    /// Domain that it has now.
    pub domain: Option<String>,
    /// Confidence of the latest prediction.
    pub confidence: Option<f32>,
    /// Where it stands.
    pub status: ItemStatus,
}

/// An item with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemDetail {
    /// Number.
    pub id: ItemId,
    /// The whole text, normalised.
    pub text: String,
    /// Time as it stood in the file.
    pub ts: Option<String>,
    /// User.
    pub user: Option<String>,
    /// Source.
    pub source: SourceId,
    /// The source's file name.
    pub source_name: String,
    /// Row in the file.
    pub row: u64,
    /// The other columns of its row, where they were kept.
    pub metadata: BTreeMap<String, String>,
    /// Label it came with.
    pub label: Option<String>,
    /// Domain that it has now.
    pub domain: Option<String>,
    /// Where it stands.
    pub status: ItemStatus,
    /// Why it is or was in review.
    pub review_reason: Option<ReviewReason>,
    /// Its predictions, latest first.
    pub predictions: Vec<Prediction>,
    /// Its decisions, latest first.
    pub decisions: Vec<Decision>,
}

/// Items that match a filter, by number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListItems {
    /// The project's folder.
    pub project: String,
    /// Which.
    #[serde(default)]
    pub filter: ItemFilter,
    /// Paging key.
    pub after: Option<i64>,
    /// Page size (at most 1000).
    pub limit: u32,
}

/// How many items match a filter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CountItems {
    /// The project's folder.
    pub project: String,
    /// Which.
    #[serde(default)]
    pub filter: ItemFilter,
}

/// One item with its history.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetItem {
    /// The project's folder.
    pub project: String,
    /// Which.
    pub item: ItemId,
}

/// A value and how many items have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// The value.
    pub name: String,
    /// Items.
    pub items: u64,
}

/// The project's items in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemStats {
    /// All items.
    pub items: u64,
    /// By status.
    pub by_status: BTreeMap<ItemStatus, u64>,
    /// By the domain that they have now, most first.
    pub by_domain: Vec<Count>,
    /// By the label that they came with, most first.
    pub by_label: Vec<Count>,
    /// By source.
    pub by_source: Vec<Count>,
    /// Latest predictions by confidence: ten equal bins of [0, 1].
    pub confidence: [u64; 10],
    /// Review items by status.
    pub review: BTreeMap<ReviewStatus, u64>,
}

/// The numbers of [`ItemStats`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetItemStats {
    /// The project's folder.
    pub project: String,
}

call! {
    ListItems => Page<ItemRow>, "list_items";
    CountItems => u64, "count_items";
    GetItem => ItemDetail, "get_item";
    GetItemStats => ItemStats, "get_item_stats";
}

/// The latest prediction in short, as lists and cards show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatestPrediction {
    /// Best domain.
    pub domain: String,
    /// Its confidence.
    pub confidence: f32,
    /// How the confidence was obtained.
    pub obtained: ConfidenceSource,
    /// Best candidates, most probable first.
    pub candidates: Vec<Candidate>,
    /// The model's name.
    pub model: String,
    /// When.
    pub at: UnixMillis,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_filter_is_read_as_typed() {
        let filter =
            ItemFilter::parse(r#"status:waiting label:"card arrival" confidence<0.5 agrees:no my refund"#).unwrap();
        assert_eq!(filter.status, Some(ItemStatus::Waiting));
        assert_eq!(filter.label.as_deref(), Some("card arrival"));
        assert_eq!(filter.max_confidence, Some(0.5));
        assert_eq!(filter.agrees, Some(false));
        assert_eq!(filter.text.as_deref(), Some("my refund"));
    }

    #[test]
    fn text_with_a_colon_is_text() {
        assert_eq!(ItemFilter::parse("10:30").unwrap().text.as_deref(), Some("10:30"));
        assert_eq!(ItemFilter::parse("итог:да").unwrap().text.as_deref(), Some("итог:да"));
    }

    #[test]
    fn unknown_keys_and_values_are_named() {
        for bad in ["colour:red", "status:lost", "source:x", "confidence<high", "label:\"open"] {
            assert_eq!(ItemFilter::parse(bad).unwrap_err().code, ErrorCode::FilterMalformed, "{bad}");
        }
    }
}
