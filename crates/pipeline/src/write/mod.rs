//! Writing datasets: the split, the files, the metadata, the record.

mod assign;
mod balance;
mod by_time;
mod calendar;
mod card;
mod dataset;
mod folder;
mod language;
mod near;
mod parquet_file;
mod parts;
mod quality;
pub(crate) mod recast;
mod report;
mod row;
mod series;
mod sizes;
pub mod split;
mod stratify;
pub mod texts;
mod ties;

use contract::dataset::{DatasetSummary, SplitPreview, SplitSettings};
use contract::job::JobResult;
use contract::{CallError, ErrorCode};
use store::{NewDataset, Store, TrustedKey};

use crate::job::{JobControl, Stop};
use dataset::Draft;
pub use near::NearDuplicates;
use split::{Division, check, split};
use texts::Texts;

/// What a split with these settings would give now. Near-duplicates are kept in `near` for the next preview; one that is to come
/// `at_once` does without them while they are not known, and says so.
///
/// # Errors
/// Settings out of range, no schema, [`ErrorCode::Cancelled`] when a later preview needs other near-duplicates meanwhile, and what
/// the store says.
pub fn preview(
    store: &Store,
    settings: &SplitSettings,
    near: &NearDuplicates,
    at_once: bool,
) -> Result<SplitPreview, CallError> {
    check(settings)?;
    let domains = domains(store)?;
    let texts = Texts::of(store.trusted_keys(settings)?);
    let clusters = match settings.near_duplicates {
        Some(similarity) if at_once => near.known(&texts.keys, similarity),
        Some(similarity) => Some(near.for_preview(store, &texts.keys, similarity)?),
        None => None,
    };
    let mut preview = split(&texts, clusters.as_ref().map(|near| near.as_slice()), &domains, settings)?.preview;
    preview.waiting = Some(store.waiting_items()?);
    preview.near_duplicates_pending = settings.near_duplicates.is_some() && clusters.is_none();
    Ok(preview)
}

/// Writes a dataset into `exports/dataset-N` and records it. The folder appears whole or not at all; killed anywhere, the
/// same job writes the same folder again.
///
/// # Errors
/// [`ErrorCode::DatasetEmpty`], [`ErrorCode::DatasetImpossible`], [`ErrorCode::SchemaMissing`], settings out of range,
/// [`Stop::Cancelled`], and what store and disk say.
pub fn write(
    store: &Store,
    control: &mut JobControl,
    settings: &SplitSettings,
    near: &NearDuplicates,
) -> Result<DatasetSummary, Stop> {
    if let Some(JobResult::Write(done)) = control.result() {
        // Killed after the dataset was recorded and before the job was.
        return Ok(done.as_ref().clone());
    }
    let domains = domains(store)?;
    let mut keys = store.trusted_keys(settings)?;
    if keys.is_empty() {
        return Err(CallError::new(ErrorCode::DatasetEmpty).into());
    }
    let input_hash = input_hash(&mut keys, &domains, settings)?;
    check(settings)?;
    let texts = Texts::of(keys);
    let clusters = match settings.near_duplicates {
        Some(similarity) => {
            Some(near.for_job(store, &texts.keys, similarity, &mut |done, all| control.advance(done, Some(all)))?)
        }
        None => None,
    };
    control.check()?;
    let clusters = clusters.as_ref().map(|near| near.as_slice());
    let Division { chosen, preview, near_duplicates } = split(&texts, clusters, &domains, settings)?;
    if chosen.is_empty() {
        let detail = format!("min_per_domain = {}", settings.min_per_domain);
        return Err(CallError::new(ErrorCode::DatasetImpossible).with("detail", detail).into());
    }
    let id = store.next_dataset(control.job())?;
    let name = format!("dataset-{id}");
    let folder = folder::PartFolder::create(&store.folder().exports().join(&name))?;
    let duplicates = texts.duplicates;
    let mut draft = Draft { store, domains: &domains, settings, preview, input_hash, duplicates, near_duplicates };
    draft.preview.waiting = Some(store.waiting_items()?);
    let written = control.now();
    let items = draft.write_files(folder.path(), &chosen, control, written)?;
    folder.place()?;
    let total = items.len() as u64;
    let dataset = NewDataset {
        id,
        folder: format!("exports/{name}"),
        settings: settings.clone(),
        split: draft.preview,
        input_hash: draft.input_hash,
    };
    let job = control.job();
    let progress = |summary: &DatasetSummary| {
        control.measure(total, Some(total), None, Some(JobResult::Write(Box::new(summary.clone()))))
    };
    let summary = store.record_dataset(&dataset, &items, job, progress, written)?;
    control.publish();
    Ok(summary)
}

fn domains(store: &Store) -> Result<Vec<String>, CallError> {
    let domains: Vec<String> = store.schema()?.domains.into_iter().map(|domain| domain.id).collect();
    if domains.is_empty() { Err(CallError::new(ErrorCode::SchemaMissing)) } else { Ok(domains) }
}

/// Hash over the texts, their labels and the settings, hex; the items' numbers don't matter. Sorts the keys.
fn input_hash(keys: &mut [TrustedKey], domains: &[String], settings: &SplitSettings) -> Result<String, CallError> {
    let json = |value: serde_json::Result<Vec<u8>>| {
        value.map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update(&json(serde_json::to_vec(settings))?);
    hasher.update(&json(serde_json::to_vec(domains))?);
    keys.sort_unstable_by_key(|key| (key.hash, key.origin, key.domain, key.item));
    for key in keys {
        hasher.update(&key.hash.0);
        hasher.update(&key.domain.to_le_bytes());
        hasher.update(&[key.origin as u8]);
    }
    Ok(hasher.finalize().to_hex().to_string())
}
