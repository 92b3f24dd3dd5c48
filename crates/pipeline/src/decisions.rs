//! Decisions that were taken elsewhere: a table of texts and domains.

use std::collections::HashMap;
use std::path::Path;

use contract::review::{Action, ImportedDecisions};
use contract::schema::Schema;
use contract::source::{CleaningSettings, FileSpec};
use contract::{CallError, ErrorCode, ItemId, UnixMillis};
use ingest::ImportReader;
use store::{Store, TextHash};

/// Rows that are read, and decided in one transaction, at a time.
const STEP: usize = 1_000;

/// Takes each row's label as the reviewer's decision about every item with the row's text. The table is read as an import reads
/// it: format, encoding and columns are found out. An item on which the same was decided already is left alone.
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
    let mut reader = ImportReader::open(&spec)?;
    let items = by_hash(store)?;
    let known: HashMap<ItemId, u32> =
        store.known_items(&Default::default())?.into_iter().map(|known| (known.item, known.domain)).collect();
    let mut report = ImportedDecisions::default();
    while let Some(batch) = reader.next_batch(STEP)? {
        report.rows += (batch.kept.len() + batch.dropped.len()) as u64;
        report.unknown_text += batch.dropped.len() as u64;
        let mut decided = Vec::new();
        for row in batch.kept {
            let Some(label) = row.label.as_deref().map(str::trim).filter(|label| !label.is_empty()) else {
                report.without_label += 1;
                continue;
            };
            let Some(domain) = domain(&schema, label) else {
                report.unknown_domain += 1;
                continue;
            };
            let Some(found) = items.get(&TextHash(row.hash)) else {
                report.unknown_text += 1;
                continue;
            };
            let same = |item: &&ItemId| known.get(item).is_some_and(|known| *known as usize == domain);
            if found.iter().all(|item| same(&item)) {
                report.unchanged += 1;
                continue;
            }
            let action = Action::Correct { domain: schema.domains[domain].id.clone() };
            decided.extend(found.iter().filter(|item| !same(item)).map(|item| (*item, action.clone())));
        }
        report.decided += store.decide_all(&decided, reviewer, now)?;
    }
    Ok(report)
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
