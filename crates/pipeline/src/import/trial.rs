//! Trying the cleaning without keeping anything.

use std::collections::HashSet;

use contract::CallError;
use contract::source::{DropReason, FileSpec, ImportReport};
use ingest::ImportReader;
use store::{Store, TextHash, TextHashes};

/// Rows parsed at a time.
const STEP: u64 = 1000;

/// Counts what an import of the first `rows` rows (all when `None`) would keep and drop, duplicates of what the project
/// has included.
///
/// # Errors
/// As the import: the first row that can't be read, unless such rows are skipped.
pub fn try_cleaning(store: &Store, file: &FileSpec, rows: Option<u64>) -> Result<ImportReport, CallError> {
    let mut reader = ImportReader::open(file)?;
    let mut report = ImportReport::default();
    reader.describe(&mut report);
    let mut known = if file.cleaning.keep_duplicates { TextHashes::default() } else { store.text_hashes()? };
    let mut labels: HashSet<String> = HashSet::new();
    loop {
        let step = rows.map_or(STEP, |rows| STEP.min(rows.saturating_sub(report.read)));
        if step == 0 {
            break;
        }
        let Some(batch) = reader.next_batch(usize::try_from(step).unwrap_or(usize::MAX))? else {
            report.complete = true;
            break;
        };
        report.read = batch.read;
        for drop in batch.dropped {
            *report.dropped.entry(drop.reason).or_default() += 1;
        }
        for item in batch.kept {
            if !file.cleaning.keep_duplicates && !known.insert(TextHash::of(&item.text)) {
                *report.dropped.entry(DropReason::Duplicate).or_default() += 1;
                continue;
            }
            report.kept += 1;
            if let Some(label) = item.label {
                report.with_label += 1;
                labels.insert(label);
            }
        }
    }
    report.labels = labels.len() as u64;
    Ok(report)
}
