//! Streaming the chosen items into the dataset's files.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use contract::dataset::{DatasetFormat, DatasetMetadata, DomainSplit, Sample, SourcePart, SplitPreview, SplitSettings};
use contract::{CallError, ErrorCode, ItemId, SourceId, UnixMillis};
use sha2::{Digest, Sha256};
use store::{Origin, Store, TrustedItem, TrustedKey};

use super::files::{SampleFile, extension};
use super::split::{Chosen, Side};
use crate::job::{JobControl, Stop};

/// Version of the layout of `metadata.json`.
const FORMAT_VERSION: u32 = 1;
/// Items read from the store at a time.
const STEP: usize = 5000;

/// A dataset that is about to be written.
pub(super) struct Draft<'a> {
    pub(super) store: &'a Store,
    pub(super) domains: &'a [String],
    pub(super) settings: &'a SplitSettings,
    /// As planned; as written when the files are.
    pub(super) preview: SplitPreview,
    pub(super) input_hash: String,
}

/// What went into the files.
#[derive(Default)]
struct Tally {
    items: Vec<ItemId>,
    domains: BTreeMap<String, (u64, u64)>,
    origins: HashMap<Origin, u64>,
    sources: BTreeMap<SourceId, u64>,
    models: BTreeMap<String, u64>,
}

/// The open files of one side.
type Files = Vec<SampleFile>;

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
        let mut train = self.create(folder, Side::Train).map_err(failed)?;
        let mut eval = self.create(folder, Side::Eval).map_err(failed)?;
        let mut tally = Tally::default();
        let total = Some(chosen.len() as u64);
        for (step, part) in chosen.chunks(STEP).enumerate() {
            control.advance((step * STEP) as u64, total)?;
            let sides: HashMap<ItemId, &Chosen> = part.iter().map(|chosen| (chosen.key.item, chosen)).collect();
            let keys: Vec<TrustedKey> = part.iter().map(|chosen| chosen.key).collect();
            for item in self.store.trusted_items(&keys, self.settings)? {
                // A decision or an import that came in between made it another sample; the next dataset has it.
                let Some(chosen) = sides.get(&item.id).filter(|chosen| self.is_same(chosen, &item)) else { continue };
                tally.count(chosen.side, &item);
                let source = names.get(&item.source).map_or("", |source| source.name.as_str());
                let sample = to_sample(item, source);
                let files = if chosen.side == Side::Eval { &mut eval } else { &mut train };
                files.iter_mut().try_for_each(|file| file.push(&sample)).map_err(failed)?;
            }
        }
        train.into_iter().chain(eval).try_for_each(SampleFile::finish).map_err(failed)?;
        self.settle(&tally);
        self.write_metadata(folder, &tally, names, written)?;
        Ok(tally.items)
    }

    fn is_same(&self, chosen: &Chosen, item: &TrustedItem) -> bool {
        item.hash == chosen.key.hash && self.domains.get(chosen.key.domain as usize) == Some(&item.domain)
    }

    fn formats(&self) -> Vec<DatasetFormat> {
        // Versions are made from JSONL, so it is always there.
        let mut formats = vec![DatasetFormat::Jsonl];
        if self.settings.format != DatasetFormat::Jsonl {
            formats.push(self.settings.format);
        }
        formats
    }

    fn create(&self, folder: &Path, side: Side) -> io::Result<Files> {
        let create = |format| SampleFile::create(&folder.join(file_name(side, format)), format);
        self.formats().into_iter().map(create).collect()
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
        let of = |origin| tally.origins.get(&origin).copied().unwrap_or(0);
        preview.decided = of(Origin::Decision);
        preview.confident = of(Origin::Prediction);
        preview.unchecked = of(Origin::Source);
    }

    fn write_metadata(
        &self,
        folder: &Path,
        tally: &Tally,
        mut names: HashMap<SourceId, SourcePart>,
        written: UnixMillis,
    ) -> Result<(), CallError> {
        let failed = |error: io::Error| CallError::from_io(&error, folder.display(), true);
        let mut files = BTreeMap::new();
        for side in [Side::Train, Side::Eval] {
            for format in self.formats() {
                let name = file_name(side, format);
                let hash = sha256(&folder.join(&name)).map_err(failed)?;
                files.insert(name, hash);
            }
        }
        let part = |(source, samples): (&SourceId, &u64)| {
            names.remove(source).map(|part| SourcePart { samples: *samples, ..part })
        };
        let metadata = DatasetMetadata {
            format_version: FORMAT_VERSION,
            written,
            settings: self.settings.clone(),
            split: self.preview.clone(),
            domains: self.domains.to_vec(),
            sources: tally.sources.iter().filter_map(part).collect(),
            models: tally.models.clone(),
            input_hash: self.input_hash.clone(),
            files,
            quality: contract::dataset::QualityReport::default(),
        };
        let json = serde_json::to_vec_pretty(&metadata)
            .map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))?;
        let path = folder.join("metadata.json");
        std::fs::write(&path, json).and_then(|()| File::open(&path)?.sync_all()).map_err(failed)
    }
}

impl Tally {
    fn count(&mut self, side: Side, item: &TrustedItem) {
        self.items.push(item.id);
        let (train, eval) = self.domains.entry(item.domain.clone()).or_default();
        *(if side == Side::Eval { eval } else { train }) += 1;
        *self.origins.entry(item.origin).or_default() += 1;
        *self.sources.entry(item.source).or_default() += 1;
        if let Some((model, prompt)) = &item.labeller {
            *self.models.entry(format!("{model} {prompt}")).or_default() += 1;
        }
    }
}

fn to_sample(item: TrustedItem, source: &str) -> Sample {
    Sample {
        id: item.hash.to_string(),
        text: item.text,
        label: item.domain,
        origin: item.origin.name().to_owned(),
        confidence: item.confidence,
        source: source.to_owned(),
        row: item.row,
        decided_by: String::new(),
        decided_at: String::new(),
        parent: String::new(),
        weight: None,
    }
}

fn file_name(side: Side, format: DatasetFormat) -> String {
    let stem = match side {
        Side::Train => "train",
        Side::Eval => "eval",
    };
    format!("{stem}.{}", extension(format))
}

/// SHA-256 of a file, hex.
fn sha256(path: &Path) -> io::Result<String> {
    let (mut file, mut hasher, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hasher.update(&buffer[..read]);
    }
}
