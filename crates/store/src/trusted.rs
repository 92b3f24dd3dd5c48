//! Items with a label that can be trusted: what datasets are made of.

use contract::dataset::SplitSettings;
use contract::item::ItemStatus;
use contract::{ItemId, SourceId};
use rusqlite::Connection;

use crate::code::{Code, Coded};
use crate::count::{self, Kind};
use crate::filter::unsigned;
use crate::term::DomainTerms;
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

const WAY: &str = "FROM items i JOIN sources ON sources.id = i.source AND sources.state = 1
    LEFT JOIN states s ON s.item = i.id";

impl Store {
    /// All items with a trusted label, by number, as `include_confident` and `include_unchecked` of the settings say. Left out: items
    /// that wait, were skipped or rejected, of sources still importing, or whose label is no domain of the schema. About 0.3 s
    /// for a million items.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn trusted_keys(&self, settings: &SplitSettings) -> Result<Vec<TrustedKey>> {
        self.read(|connection| {
            let mut domains = DomainTerms::load(connection)?;
            let mut query = connection
                .prepare_cached(&format!("SELECT i.id, i.hash, i.label, s.status, s.domain {WAY} ORDER BY i.id"))?;
            let mut rows = query.query([])?;
            let mut keys = Vec::new();
            while let Some(row) = rows.next()? {
                let trusted = trust(connection, &mut domains, settings, (row.get(2)?, row.get(3)?, row.get(4)?))?;
                let Some((term, origin)) = trusted else { continue };
                let Some(domain) = domains.position(term) else { continue };
                keys.push(TrustedKey { item: ItemId(row.get(0)?), hash: row.get(1)?, domain, origin });
            }
            Ok(keys)
        })
    }

    /// The full items of some keys (as [`Store::trusted_keys`] gave them), in the keys' order. An item that changed or went in
    /// between is given as it is now, or left out when its label is no longer trusted.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn trusted_items(&self, keys: &[TrustedKey], settings: &SplitSettings) -> Result<Vec<TrustedItem>> {
        self.read(|connection| {
            let mut domains = DomainTerms::load(connection)?;
            let mut query = connection.prepare_cached(&format!(
                "SELECT i.hash, i.text, i.source, i.row, s.confidence, l.model, l.prompt_version, i.label, s.status, s.domain {WAY}
                 LEFT JOIN predictions p ON p.id = s.prediction LEFT JOIN labellers l ON l.id = p.labeller WHERE i.id = ?1"
            ))?;
            let mut items = Vec::with_capacity(keys.len());
            for key in keys {
                let mut rows = query.query([key.item.0])?;
                let Some(row) = rows.next()? else { continue };
                let trusted = trust(connection, &mut domains, settings, (row.get(7)?, row.get(8)?, row.get(9)?))?;
                let Some((term, origin)) = trusted else { continue };
                let Some(domain) = domains.id(term) else { continue };
                let model: Option<String> = row.get(5)?;
                items.push(TrustedItem {
                    id: key.item,
                    hash: row.get(0)?,
                    text: row.get(1)?,
                    domain: domain.to_owned(),
                    origin,
                    confidence: row.get(4)?,
                    labeller: model.zip(row.get(6)?),
                    source: SourceId(row.get(2)?),
                    row: row.get(3)?,
                });
            }
            Ok(items)
        })
    }

    /// Items that wait for review, beyond the queue's limit too, and are therefore in no dataset.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn waiting_items(&self) -> Result<u64> {
        self.read(|connection| Ok(unsigned(count::get(connection, (Kind::Status, ItemStatus::Waiting.code(), 0))?)))
    }
}

/// The term of the trusted label and where it comes from, of an item's label, status and domain.
fn trust(
    connection: &Connection,
    domains: &mut DomainTerms,
    settings: &SplitSettings,
    (label, status, domain): (Option<i64>, Option<Code<ItemStatus>>, Option<i64>),
) -> Result<Option<(i64, Origin)>> {
    Ok(match (status.map_or(ItemStatus::New, |status| status.0), label) {
        (ItemStatus::Approved | ItemStatus::Corrected, _) => domain.map(|domain| (domain, Origin::Decision)),
        (ItemStatus::Confident, _) if settings.include_confident => domain.map(|domain| (domain, Origin::Prediction)),
        (ItemStatus::New, Some(label)) if settings.include_unchecked => {
            domains.meant_by(connection, label)?.map(|domain| (domain, Origin::Source))
        }
        _ => None,
    })
}
