//! Decisions that were taken elsewhere: a table of texts and domains.

use std::collections::HashMap;
use std::path::Path;

use contract::review::{Action, ImportedDecisions};
use contract::schema::Schema;
use contract::source::{CleaningSettings, FileSpec};
use contract::{CallError, ErrorCode, ItemId, UnixMillis};
use ingest::ImportReader;
use store::{Store, TextHash};

/// Rows that are read at a time, and decisions that are stored in one transaction.
const STEP: usize = 1_000;

/// Takes each row's label as the reviewer's decision about every item with the row's text. The table is read as an import reads
/// it: format, encoding and columns are found out. Of rows with one text the last one counts. An item on which the same reviewer
/// decided the same last is left alone, so that a table read again, also after it was cut off, changes nothing; that somebody else
/// decided the same is no reason to, as reviewers' agreement is counted from the decisions of each. As with every decision, the
/// latest one of an item is the one that holds.
///
/// # Errors
/// [`ErrorCode::SchemaMissing`]; [`ErrorCode::ColumnMissing`] without a column of labels; what reader and store say.
pub fn import_decisions(
    store: &Store,
    file: &Path,
    reviewer: &str,
    now: UnixMillis,
) -> Result<ImportedDecisions, CallError> {
    let schema = store.schema()?;
    if schema.domains.is_empty() {
        return Err(CallError::new(ErrorCode::SchemaMissing));
    }
    let cleaning = CleaningSettings { keep_duplicates: true, ..CleaningSettings::default() };
    let spec = FileSpec { path: file.display().to_string(), cleaning, ..FileSpec::default() };
    let items = by_hash(store)?;
    let mut report = ImportedDecisions::default();
    let said = said(&mut ImportReader::open(&spec)?, &schema, &items, &mut report)?;
    let held = store.domains_decided_by(reviewer)?;
    let mut decided = Vec::new();
    for (hash, domain) in latest(said, &mut report) {
        let same = |item: &ItemId| held.get(item).is_some_and(|held| *held as usize == domain);
        let found = items.get(&hash).into_iter().flatten().copied();
        let other: Vec<ItemId> = found.filter(|item| !same(item)).collect();
        if other.is_empty() {
            report.unchanged += 1;
            continue;
        }
        let action = Action::Correct { domain: schema.domains[domain].id.clone() };
        decided.extend(other.into_iter().map(|item| (item, action.clone())));
    }
    for step in decided.chunks(STEP) {
        report.decided += store.decide_all(step, reviewer, now)?;
    }
    Ok(report)
}

/// What a row says: a text that items have, and the place of its domain in the schema.
type Said = (TextHash, usize);

/// The rows that say something about an item, in the order of the table; the others are counted.
fn said(
    reader: &mut ImportReader,
    schema: &Schema,
    items: &HashMap<TextHash, Vec<ItemId>>,
    report: &mut ImportedDecisions,
) -> Result<Vec<Said>, CallError> {
    let mut said = Vec::new();
    while let Some(batch) = reader.next_batch(STEP)? {
        report.rows += (batch.kept.len() + batch.dropped.len()) as u64;
        report.unknown_text += batch.dropped.len() as u64;
        for row in batch.kept {
            let Some(label) = row.label.as_deref().map(str::trim).filter(|label| !label.is_empty()) else {
                report.without_label += 1;
                continue;
            };
            let Some(domain) = domain(schema, label) else {
                report.unknown_domain += 1;
                continue;
            };
            let hash = TextHash(row.hash);
            if items.contains_key(&hash) {
                said.push((hash, domain));
            } else {
                report.unknown_text += 1;
            }
        }
    }
    Ok(said)
}

/// The last row of each text. The rows before it are counted: as known where they say the same, else as overruled.
fn latest(said: Vec<Said>, report: &mut ImportedDecisions) -> Vec<Said> {
    let last: HashMap<TextHash, (usize, usize)> =
        said.iter().enumerate().map(|(row, (hash, domain))| (*hash, (row, *domain))).collect();
    let mut latest = Vec::with_capacity(last.len());
    for (row, (hash, domain)) in said.into_iter().enumerate() {
        match last.get(&hash) {
            Some((last, _)) if *last == row => latest.push((hash, domain)),
            Some((_, last)) if *last == domain => report.unchanged += 1,
            _ => report.overruled += 1,
        }
    }
    latest
}

fn by_hash(store: &Store) -> Result<HashMap<TextHash, Vec<ItemId>>, CallError> {
    let mut items: HashMap<TextHash, Vec<ItemId>> = HashMap::new();
    for (hash, item) in store.items_by_hash()? {
        items.entry(hash).or_default().push(item);
    }
    Ok(items)
}

/// The place of the domain that a label means: equal without regard to case.
fn domain(schema: &Schema, label: &str) -> Option<usize> {
    let folded = label.to_lowercase();
    schema
        .domains
        .iter()
        .position(|domain| domain.id == label)
        .or_else(|| schema.domains.iter().position(|domain| domain.id.trim().to_lowercase() == folded))
}
