//! Streaming the chosen items into the dataset's files.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use contract::dataset::{
    Balance, DatasetFormat, DatasetMetadata, DomainSplit, QualityReport, Sample, SourcePart, SplitPreview,
    SplitSettings,
};
use contract::version::Split;
use contract::{CallError, ErrorCode, ItemId, SourceId, UnixMillis};
use sha2::{Digest, Sha256};
use store::{Store, TrustedItem, TrustedKey};

use super::balance::weights;
use super::calendar::rfc3339;
use super::card::Card;
use super::parts::{Parts, Written};
use super::quality::{Quality, agreement};
use super::report::count_origin;
use super::split::Chosen;
use crate::job::{JobControl, Stop};

/// Version of the layout of `metadata.json`.
const FORMAT_VERSION: u32 = 1;
/// Items read from the store at a time.
const STEP: usize = 5000;
/// What stands in [`Sample::origin`] of an item that was made from another.
const SYNTHETIC: &str = "synthetic";

/// A dataset that is about to be written.
pub(super) struct Draft<'a> {
    pub(super) store: &'a Store,
    pub(super) domains: &'a [String],
    pub(super) settings: &'a SplitSettings,
    /// As planned; as written when the files are.
    pub(super) preview: SplitPreview,
    pub(super) input_hash: String,
    /// Items that were left out because their text stands there already.
    pub(super) duplicates: u64,
    pub(super) near_duplicates: Option<(u64, u64)>,
}

/// What went into the files.
#[derive(Default)]
struct Tally {
    items: Vec<ItemId>,
    domains: BTreeMap<String, (u64, u64)>,
    origins: SplitPreview,
    sources: BTreeMap<SourceId, u64>,
    models: BTreeMap<String, u64>,
}

impl Draft<'_> {
    /// Writes data files and metadata; answers the items that are in.
    pub(super) fn write_files(
        &mut self,
        folder: &Path,
        chosen: &[Chosen],
        control: &mut JobControl,
        written: UnixMillis,
    ) -> Result<Vec<ItemId>, Stop> {
        let failed = |error: io::Error| CallError::from_io(&error, folder.display(), true);
        let names: HashMap<SourceId, SourcePart> = self.sources()?;
        let weights = self.weights(chosen);
        let mut parts = Parts::create(folder, chosen, self.domains.len(), self.settings).map_err(failed)?;
        let (mut tally, mut quality) = (Tally::default(), Quality::default());
        let total = Some(chosen.len() as u64);
        for (step, part) in chosen.chunks(STEP).enumerate() {
            control.advance((step * STEP) as u64, total)?;
            let by_item: HashMap<ItemId, &Chosen> = part.iter().map(|chosen| (chosen.key.item, chosen)).collect();
            let keys: Vec<TrustedKey> = part.iter().map(|chosen| chosen.key).collect();
            let mut samples = Vec::with_capacity(part.len());
            for item in self.store.trusted_items(&keys, self.settings)? {
                // A decision or an import that came in between made it another sample; the next dataset has it.
                let Some(chosen) = by_item.get(&item.id).filter(|chosen| self.is_same(chosen, &item)) else { continue };
                tally.count(chosen.side, &item);
                let source = names.get(&item.source).map_or("", |source| source.name.as_str());
                let weight = weights.as_ref().map(|weights| weights[chosen.key.domain as usize]);
                let sample = to_sample(item, source, weight);
                parts.push(chosen, &sample).map_err(failed)?;
                samples.push(sample);
            }
            quality.count(&samples);
        }
        let files = parts.finish().map_err(failed)?;
        self.settle(&tally);
        let quality = self.quality(quality, &tally, chosen)?;
        self.finish(folder, &tally, (names, files, quality), written)?;
        Ok(tally.items)
    }

    fn is_same(&self, chosen: &Chosen, item: &TrustedItem) -> bool {
        item.hash == chosen.key.hash && self.domains.get(chosen.key.domain as usize) == Some(&item.domain)
    }

    /// The weight of a sample of each domain, where weights were asked for.
    fn weights(&self, chosen: &[Chosen]) -> Option<Vec<f64>> {
        if self.settings.balance != Balance::Weights {
            return None;
        }
        let mut sizes = vec![0; self.domains.len()];
        chosen.iter().for_each(|chosen| sizes[chosen.key.domain as usize] += 1);
        Some(weights(&sizes))
    }

    fn sources(&self) -> Result<HashMap<SourceId, SourcePart>, CallError> {
        let sources = self.store.sources()?.into_iter();
        Ok(sources
            .map(|source| {
                let content_hash = source.report.content_hash;
                (source.id, SourcePart { name: source.name, content_hash, samples: 0 })
            })
            .collect())
    }

    /// Makes the preview say what was written.
    fn settle(&mut self, tally: &Tally) {
        let preview = &mut self.preview;
        (preview.train, preview.eval) = (0, 0);
        for DomainSplit { domain, available, train, eval, left_out } in &mut preview.domains {
            (*train, *eval) = tally.domains.get(domain).copied().unwrap_or_default();
            *left_out = available.saturating_sub(*train + *eval);
            preview.train += *train;
            preview.eval += *eval;
        }
        preview.decided = tally.origins.decided;
        preview.confident = tally.origins.confident;
        preview.unchecked = tally.origins.unchecked;
    }

    fn quality(&self, quality: Quality, tally: &Tally, chosen: &[Chosen]) -> Result<QualityReport, CallError> {
        Ok(QualityReport {
            duplicates: Some(self.duplicates),
            near_duplicates: self.near_duplicates,
            agreement: agreement(self.store, &tally.items, chosen)?,
            ..quality.report()
        })
    }

    /// Writes the card, where the layout has one, and the metadata.
    fn finish(
        &self,
        folder: &Path,
        tally: &Tally,
        (mut names, written_files, quality): (HashMap<SourceId, SourcePart>, Written, QualityReport),
        written: UnixMillis,
    ) -> Result<(), CallError> {
        let failed = |error: io::Error| CallError::from_io(&error, folder.display(), true);
        let mut data = written_files.files.clone();
        if self.settings.format == DatasetFormat::HuggingFace {
            let card = self.card(folder, written_files, &quality).map_err(failed)?;
            write_synced(&folder.join("README.md"), card.as_bytes()).map_err(failed)?;
            data.push("README.md".to_owned());
        }
        let mut files = BTreeMap::new();
        for name in data {
            let hash = sha256(&folder.join(&name)).map_err(failed)?;
            files.insert(name, hash);
        }
        let part = |(source, samples): (&SourceId, &u64)| {
            names.remove(source).map(|part| SourcePart { samples: *samples, ..part })
        };
        let mut sources: Vec<SourcePart> = tally.sources.iter().filter_map(part).collect();
        sources.sort_by(|one, other| (&one.name, &one.content_hash).cmp(&(&other.name, &other.content_hash)));
        let metadata = DatasetMetadata {
            format_version: FORMAT_VERSION,
            written,
            settings: Some(self.settings.clone()),
            split: self.preview.clone(),
            domains: self.domains.to_vec(),
            sources,
            models: tally.models.clone(),
            input_hash: self.input_hash.clone(),
            files,
            quality,
        };
        let json = serde_json::to_vec_pretty(&metadata)
            .map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))?;
        write_synced(&folder.join("metadata.json"), &json).map_err(failed)
    }

    fn card(&self, folder: &Path, written: Written, quality: &QualityReport) -> io::Result<String> {
        let mut download = 0;
        for name in &written.main {
            download += fs::metadata(folder.join(name))?.len();
        }
        let none = BTreeMap::new();
        let card = Card {
            splits: written.splits,
            download,
            folds: self.settings.folds.unwrap_or(0),
            weights: self.settings.balance == Balance::Weights,
            preview: &self.preview,
            languages: quality.languages.as_ref().unwrap_or(&none),
        };
        Ok(card.text())
    }
}

impl Tally {
    fn count(&mut self, side: Split, item: &TrustedItem) {
        self.items.push(item.id);
        let (train, eval) = self.domains.entry(item.domain.clone()).or_default();
        *(if side == Split::Eval { eval } else { train }) += 1;
        count_origin(&mut self.origins, item.origin);
        *self.sources.entry(item.source).or_default() += 1;
        if let Some((model, prompt)) = &item.labeller {
            *self.models.entry(format!("{model} {prompt}")).or_default() += 1;
        }
    }
}

fn to_sample(item: TrustedItem, source: &str, weight: Option<f64>) -> Sample {
    let origin = if item.parent.is_some() { SYNTHETIC } else { item.origin.name() };
    let (decided_by, decided_at) = item.decided.map_or_else(Default::default, |(who, when)| (who, rfc3339(when)));
    Sample {
        id: item.hash.to_string(),
        text: item.text,
        label: item.domain,
        origin: origin.to_owned(),
        confidence: item.confidence,
        decided_by,
        decided_at,
        source: source.to_owned(),
        row: item.row,
        parent: item.parent.map(|parent| parent.to_string()).unwrap_or_default(),
        weight,
    }
}

pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)?;
    File::open(path)?.sync_all()
}

/// SHA-256 of a file, hex.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let (mut file, mut hasher, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hasher.update(&buffer[..read]);
    }
}
