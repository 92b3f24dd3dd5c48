//! Items whose domain is known: decided by people, or with a label that is trusted.

use contract::labeller::TrainingSet;
use contract::review::ReviewReason;
use contract::{ItemId, SourceId};
use rusqlite::{Connection, OptionalExtension};

use crate::code::Coded;
use crate::state::Standing;
use crate::term::{self, DomainTerms};
use crate::{Result, Store, TextHash};

/// An item whose domain is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    /// The item.
    pub item: ItemId,
    /// Hash of its text.
    pub hash: TextHash,
    /// Position of the domain in the schema.
    pub domain: u32,
    /// Whether a person decided it; else its label is trusted.
    pub decided: bool,
}

/// What a labeller said of an item whose domain is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The item.
    pub item: ItemId,
    /// Position of the true domain in the schema.
    pub truth: u32,
    /// Candidates as the labeller gave them, before any calibration: position in the schema and probability. What is no domain of the
    /// schema any more is left out.
    pub candidates: Vec<(u32, f32)>,
}

impl Store {
    /// The items whose domain is known, by item number. Decisions count for every item; labels only where `trusted` says so, and
    /// never against a decision, also not the one to leave the item out. One of the same text is left out when `trusted` labels it.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn known_items(&self, trusted: &TrainingSet) -> Result<Vec<KnownItem>> {
        self.read(|connection| {
            let mut domains = DomainTerms::load(connection)?;
            let mut known = decided(connection, &domains)?;
            if trusted.trust_all || !trusted.trusted_sources.is_empty() {
                labelled(connection, trusted, &mut domains, &mut known)?;
                known.sort_by_key(|known| known.item);
            }
            Ok(known)
        })
    }

    /// Texts of items, in the order asked for; those that are gone are left out.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn item_texts(&self, items: &[ItemId]) -> Result<Vec<(ItemId, String)>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT text FROM items WHERE id = ?1")?;
            let mut texts = Vec::with_capacity(items.len());
            for &item in items {
                if let Some(text) = query.query_row([item.0], |row| row.get(0)).optional()? {
                    texts.push((item, text));
                }
            }
            Ok(texts)
        })
    }

    /// The items with a text of this hash, by item number.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn items_by_hash(&self) -> Result<Vec<(TextHash, ItemId)>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT hash, id FROM items ORDER BY id")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, ItemId(row.get(1)?))))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What a labeller said last of the items whose domain is known, by item number.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn evidence(&self, model: &str, known: &[KnownItem]) -> Result<Vec<Evidence>> {
        self.read(|connection| {
            let domains = DomainTerms::load(connection)?;
            let mut query = connection.prepare_cached(
                "SELECT COALESCE(p.raw, p.candidates) FROM predictions p JOIN labellers l ON l.id = p.labeller
                 WHERE p.item = ?1 AND l.model = ?2 ORDER BY p.id DESC LIMIT 1",
            )?;
            let mut evidence = Vec::new();
            for known in known {
                let found: Option<Vec<u8>> = query.query_row((known.item.0, model), |row| row.get(0)).optional()?;
                let Some(bytes) = found else { continue };
                let candidates = crate::prediction::pairs(&bytes)
                    .filter_map(|(term, probability)| Some((domains.position(term)?, probability)));
                evidence.push(Evidence { item: known.item, truth: known.domain, candidates: candidates.collect() });
            }
            Ok(evidence)
        })
    }

    /// The items whose latest prediction is this labeller's and says that they belong to no domain, by item number.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn no_domain_items(&self, model: &str) -> Result<Vec<ItemId>> {
        self.read(|connection| {
            // Only where a prediction queued it is the reason the latest prediction's: a decision keeps an older one.
            let mut query = connection.prepare_cached(
                "SELECT s.item FROM states s JOIN predictions p ON p.id = s.prediction JOIN labellers l ON l.id = p.labeller
                 JOIN review r ON r.item = s.item WHERE l.model = ?1 AND r.reason = ?2 AND r.queued ORDER BY s.item",
            )?;
            let found = query.query_map((model, ReviewReason::NoDomain.code()), |row| row.get(0).map(ItemId))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The confidences of the items whose latest prediction is this labeller's and names a domain that may be accepted, in no
    /// order: those of [`Store::no_domain_items`] are left out.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn confidences(&self, model: &str) -> Result<Vec<f32>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT s.confidence FROM states s JOIN predictions p ON p.id = s.prediction JOIN labellers l ON l.id = p.labeller
                 LEFT JOIN review r ON r.item = s.item AND r.reason = ?2 AND r.queued WHERE l.model = ?1 AND r.item IS NULL",
            )?;
            Ok(query.query_map((model, ReviewReason::NoDomain.code()), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn decided(connection: &Connection, domains: &DomainTerms) -> Result<Vec<KnownItem>> {
    let mut query = connection.prepare_cached(&format!(
        "SELECT r.item, i.hash, d.to_domain FROM review r JOIN items i ON i.id = r.item JOIN decisions d ON d.id = r.decision
         WHERE r.status IN ({}, {}) ORDER BY r.item",
        Standing::Approved.code(),
        Standing::Corrected.code()
    ))?;
    let mut rows = query.query([])?;
    let mut known = Vec::new();
    while let Some(row) = rows.next()? {
        let domain: Option<i64> = row.get(2)?;
        let Some(domain) = domain.and_then(|term| domains.position(term)) else { continue };
        known.push(KnownItem { item: ItemId(row.get(0)?), hash: row.get(1)?, domain, decided: true });
    }
    Ok(known)
}

/// Adds the items whose label is trusted and that nobody has decided on.
fn labelled(
    connection: &Connection,
    trusted: &TrainingSet,
    domains: &mut DomainTerms,
    known: &mut Vec<KnownItem>,
) -> Result<()> {
    let mut query = connection.prepare_cached(
        "SELECT i.id, i.hash, i.label, i.source FROM items i JOIN sources ON sources.id = i.source AND sources.state = 1
         LEFT JOIN review r ON r.item = i.id WHERE i.label IS NOT NULL AND r.decision IS NULL ORDER BY i.id",
    )?;
    let decided: std::collections::HashSet<TextHash> = known.iter().map(|known| known.hash).collect();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let source = SourceId(row.get(3)?);
        if !trusted.trust_all && !trusted.trusted_sources.contains(&source) {
            continue;
        }
        let hash: TextHash = row.get(1)?;
        let meant = domains.meant_by(connection, row.get(2)?)?;
        let Some(domain) = meant.and_then(|term| domains.position(term)).filter(|_| !decided.contains(&hash)) else {
            continue;
        };
        known.push(KnownItem { item: ItemId(row.get(0)?), hash, domain, decided: false });
    }
    Ok(())
}

/// The text of a term, where the schema's domains are concerned.
pub(crate) fn domain_text(connection: &Connection, term: Option<i64>) -> Result<Option<String>> {
    term.filter(|term| *term >= 0).map(|term| term::text(connection, term)).transpose()
}
