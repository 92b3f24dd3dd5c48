//! Items whose domain is known: decided by people, or with a label that is trusted.

use contract::labeller::TrainingSet;
use contract::{ItemId, SourceId};
use rusqlite::{Connection, OptionalExtension};

use crate::code::Coded;
use crate::state::Standing;
use crate::term::{self, DomainTerms};
use crate::{Result, Store, TextHash};

/// Stands for the position of a domain where people decided that an item belongs to none.
pub const NO_DOMAIN: u32 = u32::MAX;

/// An item whose domain is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    /// The item.
    pub item: ItemId,
    /// Hash of its text.
    pub hash: TextHash,
    /// Position of the domain in the schema; [`NO_DOMAIN`] where people decided that there is none.
    pub domain: u32,
    /// Whether a person decided it; else its label is trusted.
    pub decided: bool,
}

/// What a labeller said of an item whose domain is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The item.
    pub item: ItemId,
    /// Position of the true domain in the schema; [`NO_DOMAIN`] where there is none.
    pub truth: u32,
    /// Candidates as the labeller gave them, before any calibration: position in the schema and probability. What is no domain of the
    /// schema any more is left out.
    pub candidates: Vec<(u32, f32)>,
    /// Whether the labeller took it to belong to no domain.
    pub no_domain: bool,
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

    /// The items that people decided to belong to no domain, by item number: whatever domain they are given is wrong.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn rejected_items(&self) -> Result<Vec<KnownItem>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT r.item, i.hash FROM review r JOIN items i ON i.id = r.item WHERE r.status = ?1 ORDER BY r.item",
            )?;
            let rows = query.query_map([Standing::Rejected.code()], |row| {
                Ok(KnownItem { item: ItemId(row.get(0)?), hash: row.get(1)?, domain: NO_DOMAIN, decided: true })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What a labeller said last of the items whose domain is known, by item number: its predictions and, with `asked`, what it
    /// was asked beside them.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn evidence(&self, model: &str, known: &[KnownItem], asked: bool) -> Result<Vec<Evidence>> {
        self.read(|connection| {
            let domains = DomainTerms::load(connection)?;
            // Of the same time the latest prediction.
            let mut query = connection.prepare_cached(
                "SELECT said, no_domain FROM (
                     SELECT COALESCE(p.raw, p.candidates) AS said, p.no_domain AS no_domain, p.at AS at, p.id AS number
                     FROM predictions p JOIN labellers l ON l.id = p.labeller WHERE p.item = ?1 AND l.model = ?2
                     UNION ALL
                     SELECT a.candidates, a.no_domain, a.at, 0
                     FROM asked a JOIN labellers l ON l.id = a.labeller WHERE a.item = ?1 AND l.model = ?2 AND ?3
                 ) ORDER BY at DESC, number DESC LIMIT 1",
            )?;
            let mut evidence = Vec::new();
            for known in known {
                let found: Option<(Vec<u8>, bool)> =
                    query.query_row((known.item.0, model, asked), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                let Some((bytes, no_domain)) = found else { continue };
                let candidates = positions(&domains, &bytes);
                evidence.push(Evidence { item: known.item, truth: known.domain, candidates, no_domain });
            }
            Ok(evidence)
        })
    }

    /// The items of which this labeller's latest prediction says that they belong to no domain, by item number; whatever other
    /// labellers have said since.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn no_domain_items(&self, model: &str) -> Result<Vec<ItemId>> {
        self.read(|connection| {
            let mut query =
                connection.prepare_cached(&format!("SELECT item FROM ({LATEST}) WHERE no_domain ORDER BY item"))?;
            let found = query.query_map([model], |row| row.get(0).map(ItemId))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The confidences of this labeller's latest predictions that name a domain which may be accepted, in no order: those of
    /// [`Store::no_domain_items`] are left out.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn confidences(&self, model: &str) -> Result<Vec<f32>> {
        self.read(|connection| {
            let mut query =
                connection.prepare_cached(&format!("SELECT confidence FROM ({LATEST}) WHERE NOT no_domain"))?;
            Ok(query.query_map([model], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// A labeller's latest prediction of each item. Beside a maximum SQLite takes the other columns from its row.
const LATEST: &str = "SELECT p.item AS item, p.confidence AS confidence, p.no_domain AS no_domain, MAX(p.id) AS number
    FROM predictions p JOIN labellers l ON l.id = p.labeller WHERE l.model = ?1 GROUP BY p.item";

/// Candidates as stored, by position in the schema; what is no domain of it any more is left out.
pub(crate) fn positions(domains: &DomainTerms, bytes: &[u8]) -> Vec<(u32, f32)> {
    crate::prediction::pairs(bytes)
        .filter_map(|(term, probability)| Some((domains.position(term)?, probability)))
        .collect()
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
