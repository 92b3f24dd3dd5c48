//! Items with a label that can be trusted: what datasets are made of.

use contract::dataset::SplitSettings;
use contract::{ItemId, SourceId};

use crate::{Result, Store, TextHash};

/// Where a trusted label comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A person approved or corrected it.
    Decision,
    /// A confident prediction that agrees with the label that the item came with, where it came with one.
    Prediction,
    /// The label that the item came with; no model has checked it yet.
    Source,
}

impl Origin {
    /// The name in [`contract::dataset::Sample::origin`].
    pub fn name(self) -> &'static str {
        match self {
            Origin::Decision => "decision",
            Origin::Prediction => "prediction",
            Origin::Source => "source",
        }
    }
}

/// What a split needs to know of an item; 40 bytes, so that a million fit in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// The item.
    pub item: ItemId,
    /// Equal texts (of imports that keep duplicates) have equal hashes and must be on one side.
    pub hash: TextHash,
    /// Position of the label in the schema's domains.
    pub domain: u32,
    /// Where the label comes from.
    pub origin: Origin,
}

/// An item with its trusted label.
#[derive(Clone, Debug, PartialEq)]
pub struct TrustedItem {
    /// The item.
    pub id: ItemId,
    /// Hash of its text.
    pub hash: TextHash,
    /// Its text.
    pub text: String,
    /// The label: a domain's id.
    pub domain: String,
    /// Where the label comes from.
    pub origin: Origin,
    /// Confidence of the latest prediction, where there is one.
    pub confidence: Option<f32>,
    /// The latest prediction's model and prompt version.
    pub labeller: Option<(String, String)>,
    /// The source.
    pub source: SourceId,
    /// Row in its file.
    pub row: u64,
}

impl Store {
    /// All items with a trusted label, by number, as `include_confident` and `include_unchecked` of the settings say. Left out: items
    /// that wait, were skipped or rejected, of sources still importing, or whose label is no domain of the schema. About 0.3 s
    /// for a million items.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn trusted_keys(&self, settings: &SplitSettings) -> Result<Vec<TrustedKey>> {
        unimplemented!("{settings:?}")
    }

    /// The full items of some keys (as [`Store::trusted_keys`] gave them), in the keys' order. An item that changed or went in
    /// between is given as it is now, or left out when its label is no longer trusted.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn trusted_items(&self, keys: &[TrustedKey], settings: &SplitSettings) -> Result<Vec<TrustedItem>> {
        unimplemented!("{keys:?} {settings:?}")
    }

    /// Items that wait for review, beyond the queue's limit too, and are therefore in no dataset.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn waiting_items(&self) -> Result<u64> {
        unimplemented!()
    }
}
