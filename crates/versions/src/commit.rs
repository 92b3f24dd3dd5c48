//! Committing a written dataset as a version.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;

use contract::UnixMillis;
use contract::dataset::Sample;
use contract::version::{Increment, VersionSummary};
use sha2::{Digest, Sha256};

use crate::chunk::{ChunkRef, Chunker};
use crate::difference::{self, Difference, Files};
use crate::manifest::{FileRef, LAYOUT, Manifest};
use crate::number::Number;
use crate::{Progress, VersionError, VersionStore, durable};

/// The data files of a dataset.
const DATA_FILES: [&str; 2] = ["train.jsonl", "eval.jsonl"];
/// How many samples pass between two looks at progress and cancellation.
const STEP: u64 = 1000;

/// What to commit.
#[derive(Clone, Debug)]
pub struct CommitRequest<'a> {
    /// The dataset's folder with `train.jsonl`, `eval.jsonl` and `metadata.json`.
    pub dataset: &'a Path,
    /// Message.
    pub message: &'a str,
    /// Author.
    pub author: &'a str,
    /// Tag, unique among versions.
    pub tag: Option<&'a str>,
    /// Which part of the number grows.
    pub increment: Increment,
    /// Time of the commit.
    pub committed: UnixMillis,
    /// Names this commit (a job's number): started again with the same key after a crash, it gives the same version.
    pub key: &'a str,
}

/// What reading the data files showed.
#[derive(Default)]
struct Content {
    files: Files,
    counts: BTreeMap<&'static str, u64>,
    domains: BTreeMap<String, (u64, u64)>,
    characters: u64,
    stored: u64,
}

impl VersionStore {
    /// Commits a dataset. Cancelled or killed half-way it leaves only chunks that the next commit uses.
    ///
    /// # Errors
    /// [`VersionError::Unchanged`] when the latest version has the same samples, [`VersionError::TagTaken`],
    /// [`VersionError::Dataset`] for a dataset that is not whole, [`VersionError::Cancelled`], and I/O errors.
    pub fn commit(
        &self,
        request: &CommitRequest<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<VersionSummary, VersionError> {
        let parent = self.latest()?;
        if let Some(done) = parent.as_ref().filter(|parent| parent.commit_key == request.key) {
            return Ok(done.summary.clone());
        }
        self.check_tag(request.tag)?;
        let content = self.store_content(request.dataset, progress)?;
        let difference = match &parent {
            Some(parent) => {
                let mut difference =
                    difference::between(&self.chunks, &parent.summary.version, &parent.files, &content.files)?;
                difference.domains_changed = !parent.domains.keys().eq(content.domains.keys());
                difference
            }
            None => Difference { added: content.counts.values().sum(), domains_changed: true, ..Difference::default() },
        };
        if let Some(parent) = &parent
            && DATA_FILES.iter().all(|name| parent.files.get(*name) == content.files.get(*name))
        {
            return Err(VersionError::Unchanged(parent.summary.version.clone()));
        }
        self.publish(request, parent.as_ref(), content, difference)
    }

    /// Writes the manifest: the moment from which the version exists.
    fn publish(
        &self,
        request: &CommitRequest<'_>,
        parent: Option<&Manifest>,
        content: Content,
        difference: Difference,
    ) -> Result<VersionSummary, VersionError> {
        let before = parent.map(|parent| parent.summary.version.clone());
        let number = match before.as_ref().and_then(|version| version.parse::<Number>().ok()) {
            Some(number) => number.next(request.increment, &difference),
            None => Number::FIRST,
        };
        let (train, eval) = (content.counts["train.jsonl"], content.counts["eval.jsonl"]);
        let summary = VersionSummary {
            version: number.to_string(),
            tags: request.tag.map(str::to_owned).into_iter().collect(),
            message: request.message.to_owned(),
            author: request.author.to_owned(),
            committed: request.committed,
            parents: before.into_iter().collect(),
            train,
            eval,
            domains: content.domains.len() as u64,
            changes: contract::version::ChangeCounts {
                added: difference.added,
                removed: difference.removed,
                relabelled: difference.relabelled,
                ..Default::default()
            },
            stored_bytes: content.stored,
            ..VersionSummary::default()
        };
        let path = self.manifest_path(&summary.version);
        let manifest = Manifest {
            layout: LAYOUT,
            summary,
            domains: content.domains,
            #[allow(clippy::cast_precision_loss)] // A mean of lengths needs no more than 53 bits.
            // Few digits, so that reading the JSON gives the very number that the checksum was taken over.
            mean_length: (content.characters as f64 * 1000.0 / (train + eval).max(1) as f64).round() / 1000.0,
            files: content.files,
            commit_key: request.key.to_owned(),
            checksum: String::new(),
        };
        let (manifest, bytes) = manifest.seal().map_err(|error| VersionError::write(&path)(error.into()))?;
        fs::create_dir_all(&self.manifests).map_err(VersionError::write(&self.manifests))?;
        durable::write_file(&path, &bytes)?;
        Ok(manifest.summary)
    }

    fn check_tag(&self, tag: Option<&str>) -> Result<(), VersionError> {
        let Some(tag) = tag else { return Ok(()) };
        // A tag that reads as a number would hide that version, or be hidden by it.
        let taken = tag.parse::<Number>().is_ok()
            || match self.find(tag) {
                Ok(_) => true,
                Err(VersionError::Missing(_)) => false,
                Err(error) => return Err(error),
            };
        if taken { Err(VersionError::TagTaken(tag.to_owned())) } else { Ok(()) }
    }

    /// Stores the three files as chunks and counts what is in them.
    fn store_content(&self, dataset: &Path, progress: &mut Progress<'_>) -> Result<Content, VersionError> {
        let mut content = Content::default();
        let mut done = 0;
        for name in DATA_FILES {
            self.store_data_file(dataset, name, &mut content, &mut done, progress)?;
        }
        let path = dataset.join("metadata.json");
        let metadata = fs::read(&path).map_err(VersionError::read(&path))?;
        let recorded: contract::dataset::DatasetMetadata = serde_json::from_slice(&metadata)
            .map_err(|error| VersionError::Dataset { path: path.clone(), detail: error.to_string() })?;
        for name in DATA_FILES {
            if recorded.files.get(name).is_some_and(|sha256| *sha256 != content.files[name].sha256) {
                let detail = "SHA-256".to_owned();
                return Err(VersionError::Dataset { path: dataset.join(name), detail });
            }
        }
        let (chunk, stored) = self.chunks.put(&metadata, 0)?;
        content.stored += stored;
        let file = FileRef { sha256: hex(&Sha256::digest(&metadata)), chunks: vec![chunk] };
        content.files.insert("metadata.json".to_owned(), file);
        Ok(content)
    }

    fn store_data_file(
        &self,
        dataset: &Path,
        name: &'static str,
        content: &mut Content,
        done: &mut u64,
        progress: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let path = dataset.join(name);
        let mut reader = BufReader::with_capacity(1 << 20, File::open(&path).map_err(VersionError::read(&path))?);
        let (mut line, mut records) = (Vec::new(), 0);
        let (mut sha256, mut chunker, mut chunks) = (Sha256::new(), Chunker::default(), Vec::<ChunkRef>::new());
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(VersionError::read(&path))? == 0 {
                break;
            }
            records += 1;
            let sample: Sample = serde_json::from_slice(&line).map_err(|error| VersionError::Dataset {
                path: path.clone(),
                detail: format!("line {records}: {error}"),
            })?;
            content.characters += sample.text.chars().count() as u64;
            let counts = content.domains.entry(sample.label).or_default();
            *(if name == DATA_FILES[0] { &mut counts.0 } else { &mut counts.1 }) += 1;
            sha256.update(&line);
            if chunker.push(&line) {
                self.flush(&mut chunker, &mut chunks, &mut content.stored)?;
            }
            *done += 1;
            if done.is_multiple_of(STEP) && progress(*done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
        }
        self.flush(&mut chunker, &mut chunks, &mut content.stored)?;
        content.counts.insert(name, records);
        content.files.insert(name.to_owned(), FileRef { sha256: hex(&sha256.finalize()), chunks });
        Ok(())
    }

    fn flush(&self, chunker: &mut Chunker, chunks: &mut Vec<ChunkRef>, stored: &mut u64) -> Result<(), VersionError> {
        if let Some((bytes, records)) = chunker.take() {
            let (chunk, written) = self.chunks.put(&bytes, records)?;
            chunks.push(chunk);
            *stored += written;
        }
        Ok(())
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
