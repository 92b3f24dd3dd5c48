//! The table of terms: labels and domain ids, each text once, so that items and predictions hold a small number.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::{Result, StoreError, word_search};

/// The number of a text, if any item, prediction or domain has it.
pub(crate) fn find(connection: &Connection, text: &str) -> Result<Option<i64>> {
    let mut query = connection.prepare_cached("SELECT id FROM terms WHERE text = ?1")?;
    Ok(query.query_row([text], |row| row.get(0)).optional()?)
}

/// The number of a text, given one if it has none yet.
pub(crate) fn intern(connection: &Connection, text: &str) -> Result<i64> {
    if let Some(id) = find(connection, text)? {
        return Ok(id);
    }
    connection.prepare_cached("INSERT INTO terms (text) VALUES (?1)")?.execute([text])?;
    Ok(connection.last_insert_rowid())
}

/// The text of a number.
pub(crate) fn text(connection: &Connection, id: i64) -> Result<String> {
    let mut query = connection.prepare_cached("SELECT text FROM terms WHERE id = ?1")?;
    Ok(query.query_row([id], |row| row.get(0))?)
}

/// The schema's domains by term, and which labels mean them: a label means a domain when they are equal without regard to case and
/// to blanks around.
pub(crate) struct DomainTerms {
    /// Position in the schema and id by term.
    by_term: HashMap<i64, (u32, String)>,
    by_folded: HashMap<String, i64>,
    labels: HashMap<i64, Option<i64>>,
}

impl DomainTerms {
    pub(crate) fn load(connection: &Connection) -> Result<Self> {
        let mut query = connection.prepare_cached(
            "SELECT terms.id, terms.text FROM domains JOIN terms ON terms.id = domains.term ORDER BY position",
        )?;
        let domains: Vec<(i64, String)> =
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        let by_folded = domains.iter().map(|(term, id)| (word_search::fold(id.trim()), *term)).collect();
        let by_term = domains.into_iter().zip(0..).map(|((term, id), position)| (term, (position, id))).collect();
        Ok(Self { by_term, by_folded, labels: HashMap::new() })
    }

    pub(crate) fn contains(&self, term: i64) -> bool {
        self.by_term.contains_key(&term)
    }

    /// Position in the schema.
    pub(crate) fn position(&self, term: i64) -> Option<u32> {
        self.by_term.get(&term).map(|(position, _)| *position)
    }

    /// The domain's id.
    pub(crate) fn id(&self, term: i64) -> Option<&str> {
        self.by_term.get(&term).map(|(_, id)| id.as_str())
    }

    /// The term of the domain that is called so.
    pub(crate) fn named(&self, domain: &str) -> Result<i64> {
        self.by_folded
            .get(&word_search::fold(domain.trim()))
            .copied()
            .ok_or_else(|| StoreError::DomainUnknown(domain.to_owned()))
    }

    /// The domain that a label means.
    pub(crate) fn meant_by(&mut self, connection: &Connection, label: i64) -> Result<Option<i64>> {
        if self.by_term.contains_key(&label) {
            return Ok(Some(label));
        }
        if let Some(known) = self.labels.get(&label) {
            return Ok(*known);
        }
        let meant = self.by_folded.get(&word_search::fold(text(connection, label)?.trim())).copied();
        self.labels.insert(label, meant);
        Ok(meant)
    }
}
