//! The table of what labellers said beside their predictions: of items whose domain is known, for a calibration or as members
//! of an ensemble.

use contract::label::Candidate;
use contract::{ItemId, UnixMillis};
use rusqlite::OptionalExtension;

use crate::prediction::{labeller, stored};
use crate::store::Durability;
use crate::term::{self, DomainTerms};
use crate::truth::positions;
use crate::{Result, Store};

/// What a labeller said of an item that it was asked about beside a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The item.
    pub item: ItemId,
    /// Candidates before any calibration, most probable first; ten are kept.
    pub candidates: Vec<Candidate>,
    /// Whether the text seems to belong to no domain.
    pub no_domain: bool,
}

/// Candidates before any calibration, by position in the schema, and whether the item seems to belong to no domain.
pub type AskedBefore = (Vec<(u32, f32)>, bool);

impl Store {
    /// Keeps what a labeller of this version said of items, in the place of what the same one said of them before. Items that are
    /// gone are passed over.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn store_asked(&self, model: &str, version: &str, said: &[Asked], now: UnixMillis) -> Result<()> {
        if said.is_empty() {
            return Ok(());
        }
        self.write(Durability::Crash, |transaction| {
            let labeller = labeller(transaction, model, version)?;
            let mut insert = transaction.prepare_cached(
                "INSERT INTO asked (item, labeller, candidates, no_domain, at)
                 SELECT id, ?2, ?3, ?4, ?5 FROM items WHERE id = ?1
                 ON CONFLICT (item, labeller) DO UPDATE SET candidates = excluded.candidates,
                 no_domain = excluded.no_domain, at = excluded.at",
            )?;
            for said in said {
                let candidates = stored(&said.candidates, |domain| term::intern(transaction, domain))?;
                insert.execute((said.item.0, labeller, candidates, said.no_domain, now))?;
            }
            Ok(())
        })
    }

    /// What a labeller of exactly this version said of items beside its predictions, in the items' order; `None` where it was not
    /// asked.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn asked(&self, model: &str, version: &str, items: &[ItemId]) -> Result<Vec<Option<AskedBefore>>> {
        self.read(|connection| {
            let domains = DomainTerms::load(connection)?;
            let mut query = connection.prepare_cached(
                "SELECT a.candidates, a.no_domain FROM asked a JOIN labellers l ON l.id = a.labeller
                 WHERE a.item = ?1 AND l.model = ?2 AND l.prompt_version = ?3",
            )?;
            let mut found = Vec::with_capacity(items.len());
            for item in items {
                let row: Option<(Vec<u8>, bool)> =
                    query.query_row((item.0, model, version), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                found.push(row.map(|(bytes, no_domain)| (positions(&domains, &bytes), no_domain)));
            }
            Ok(found)
        })
    }
}
