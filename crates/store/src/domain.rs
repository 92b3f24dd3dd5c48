//! The table of the schema's domains.

use contract::schema::{Domain, LocalText, Schema, SuggestedDomain};
use rusqlite::Connection;

use crate::count::{self, Kind};
use crate::store::Durability;
use crate::{Result, Store, project, term};

/// Longest domain id, in characters; a longer label is no category.
const LONGEST_ID: usize = 200;
/// Examples of a suggested domain.
const EXAMPLES: u32 = 3;

impl Store {
    /// The schema; revision 0 and empty when there is none.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn schema(&self) -> Result<Schema> {
        self.read(load)
    }

    /// Replaces the schema (which the caller has checked) and counts its revision up. The same domains again change nothing.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn set_schema(&self, domains: &[Domain]) -> Result<Schema> {
        self.write(Durability::PowerCut, |transaction| {
            let before = load(transaction)?;
            if before.domains == domains {
                return Ok(before);
            }
            transaction.execute("DELETE FROM domains", [])?;
            let mut insert =
                transaction.prepare_cached("INSERT INTO domains (position, term, definition) VALUES (?1, ?2, ?3)")?;
            for (position, domain) in (0_i64..).zip(domains) {
                let term = term::intern(transaction, &domain.id)?;
                insert.execute((position, term, serde_json::to_string(domain)?))?;
            }
            let revision = before.revision + 1;
            project::set(transaction, "schema_revision", &revision)?;
            Ok(Schema { domains: domains.to_vec(), revision })
        })
    }

    /// A schema from the labels that items came with, most frequent first, at most `limit`, each with up to three examples.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn suggest_schema(&self, limit: u32) -> Result<Vec<SuggestedDomain>> {
        self.read(|connection| {
            let mut examples = connection.prepare_cached(
                "SELECT substr(i.text, 1, 300) FROM items i JOIN terms t ON t.id = i.label WHERE t.text = ?1
                 ORDER BY i.id LIMIT ?2",
            )?;
            let labels = count::most_frequent(connection, Kind::Label, limit)?;
            let fitting = labels.into_iter().filter(|(label, _)| label.chars().count() <= LONGEST_ID);
            fitting
                .map(|(label, items)| {
                    let examples = examples.query_map((&label, EXAMPLES), |row| row.get(0))?;
                    let examples = examples.collect::<rusqlite::Result<_>>()?;
                    let name = LocalText { en: label.clone(), ru: label.clone() };
                    Ok(SuggestedDomain { domain: Domain { id: label, name, examples, ..Domain::default() }, items })
                })
                .collect()
        })
    }
}

fn load(connection: &Connection) -> Result<Schema> {
    let mut query = connection.prepare_cached("SELECT definition FROM domains ORDER BY position")?;
    let definitions: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let domains = definitions.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>()?;
    Ok(Schema { domains, revision: project::get(connection, "schema_revision")?.unwrap_or_default() })
}
