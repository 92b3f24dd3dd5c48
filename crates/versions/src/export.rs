//! Writing versions into one file that can be opened elsewhere.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::version::ExportReport;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::checkout::hidden;
use crate::disk::{Disk, OutFile, temporary};
use crate::hash::{Hash, hex};
use crate::holdings::Holdings;
use crate::needs::{self, insert_with_bases};
use crate::pack::{Entry, PackWriter, Packed};
use crate::refs::{Refs, VersionRef};
use crate::{Progress, VersionError, VersionStore, examine, seal, tar};

/// The first file of an export.
pub(crate) const RECORD: &str = "winnow-versions.json";
/// Objects between two looks at progress.
const BATCH: usize = 256;

/// What an export tells of itself: the content of [`RECORD`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The versions, their numbers, statuses and tags, as in the store that they came from.
    pub refs: Refs,
    /// The other files in the order in which they follow; their names are their hashes.
    pub files: Vec<RecordedFile>,
    /// Objects in the pack.
    pub objects: u64,
    /// Bytes of all objects, unpacked.
    pub unpacked: u64,
}

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecordedFile {
    pub name: String,
    pub bytes: u64,
}

/// A pack's file, and its bytes.
type PackFile = (PathBuf, u64);

/// A folder for what is only needed for a while; it goes with this.
pub(crate) struct Scratch(pub PathBuf);

impl Scratch {
    /// Makes it, empty.
    pub fn make(disk: &Disk, path: PathBuf) -> io::Result<Self> {
        disk.remove_folder(&path)?;
        disk.make_folder(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is made empty by the next run, or collected.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl VersionStore {
    /// Writes versions (all that are not archived when none is named) into the file `to`, with all that they need. Everything is verified
    /// before; the file appears whole or not at all.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Archived`], [`VersionError::Damaged`], [`VersionError::Cancelled`], and I/O errors.
    pub fn export(
        &self,
        versions: &[String],
        to: &Path,
        told: &mut Progress<'_>,
    ) -> Result<ExportReport, VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let refs = chosen(self.refs()?, versions)?;
        let holdings = self.holdings()?;
        let mut needed = HashSet::new();
        let mut files = Vec::new();
        for version in &refs.versions {
            files.push(self.recorded_manifest(version)?);
            add_needs(self, version, &holdings, &mut needed)?;
        }
        check_objects(&holdings, &needed, told)?;
        let failed = VersionError::write;
        let scratch = temporary(&hidden(to)?);
        let scratch = Scratch::make(&self.disk, scratch.clone()).map_err(failed(&scratch))?;
        let (pack, entries) = self.export_pack(&holdings, &needed, &scratch.0, told)?;
        if let Some((path, bytes)) = &pack {
            files.push(RecordedFile { name: crate::objects::file_name(path), bytes: *bytes });
        }
        let unpacked = entries.iter().map(|entry| u64::from(entry.size)).sum();
        let record = Record { refs, files, objects: entries.len() as u64, unpacked };
        let partial = scratch.0.join("export.tar");
        let sha256 = self.write_tar(&record, pack.as_ref().map(|(path, _)| path.as_path()), &partial, told)?;
        let bytes = fs::metadata(&partial).map_err(VersionError::read(&partial))?.len();
        self.disk.rename(&partial, to).map_err(failed(to))?;
        let versions = record.refs.versions.iter().map(|version| version.version.to_string()).collect();
        Ok(ExportReport { file: to.display().to_string(), versions, bytes, sha256 })
    }

    fn recorded_manifest(&self, version: &VersionRef) -> Result<RecordedFile, VersionError> {
        self.manifest(version)?;
        let path = self.manifest_path(&version.id);
        let bytes = fs::metadata(&path).map_err(VersionError::read(&path))?.len();
        Ok(RecordedFile { name: format!("manifests/{}.json", version.id), bytes })
    }

    /// Writes the objects' frames as they are into a pack; answers it, and what is in it.
    fn export_pack(
        &self,
        holdings: &Holdings,
        needed: &HashSet<Hash>,
        folder: &Path,
        told: &mut Progress<'_>,
    ) -> Result<(Option<PackFile>, Vec<Entry>), VersionError> {
        let failed = |error: io::Error| VersionError::write(folder)(error);
        let wanted = holdings.objects.entries().filter(|(_, entry)| needed.contains(&entry.hash));
        let mut entries: Vec<(usize, Entry)> = wanted.map(|(pack, entry)| (pack, *entry)).collect();
        entries.sort_unstable_by_key(|(pack, entry)| (*pack, entry.offset));
        let mut writer = PackWriter::create(&self.disk, folder).map_err(failed)?;
        for (done, (_, entry)) in entries.iter().enumerate() {
            if done % BATCH == 0 && told(done as u64) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            let (entry, frame) = holdings.objects.stored(&entry.hash, "—")?;
            writer.add(&Packed::stored(&entry, frame)).map_err(failed)?;
        }
        let entries = entries.into_iter().map(|(_, entry)| entry).collect();
        Ok((writer.finish_named().map_err(failed)?, entries))
    }

    /// Writes the tar; answers its SHA-256.
    fn write_tar(
        &self,
        record: &Record,
        pack: Option<&Path>,
        to: &Path,
        told: &mut Progress<'_>,
    ) -> Result<String, VersionError> {
        let failed = |error: io::Error| VersionError::write(to)(error);
        let first = seal::seal(record).map_err(|error| failed(error.into()))?;
        let file = BufWriter::with_capacity(1 << 20, self.disk.create(to).map_err(failed)?);
        let mut output = HashedFile { file, sha256: Sha256::new() };
        output.put_file(RECORD, first.len() as u64, &first[..]).map_err(failed)?;
        for file in &record.files {
            let path = match pack.filter(|_| file.name.starts_with("packs/")) {
                Some(pack) => pack.to_owned(),
                None => self.absolute(&file.name),
            };
            let source = File::open(&path).map_err(VersionError::read(&path))?;
            output.put_file(&file.name, file.bytes, source).map_err(failed)?;
            if told(record.objects) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
        }
        #[allow(clippy::cast_possible_truncation)] // Two blocks.
        output.put(&[0; tar::END as usize]).map_err(failed)?;
        let mut file = output.file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync().map_err(failed)?;
        Ok(hex(&output.sha256.finalize()))
    }
}

struct HashedFile {
    file: BufWriter<OutFile>,
    sha256: Sha256,
}

impl HashedFile {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sha256.update(bytes);
        self.file.write_all(bytes)
    }

    fn put_file(&mut self, name: &str, bytes: u64, mut source: impl Read) -> io::Result<()> {
        self.put(&tar::header(name, bytes))?;
        let mut block = vec![0; 1 << 20];
        let mut left = bytes;
        while left > 0 {
            let most = usize::try_from(left).map_or(block.len(), |left| left.min(block.len()));
            source.read_exact(&mut block[..most])?;
            self.put(&block[..most])?;
            left -= most as u64;
        }
        let padding = tar::padded(bytes).map_or(0, |padded| padded - bytes);
        #[allow(clippy::cast_possible_truncation)] // Less than a block.
        self.put(&vec![0; padding as usize])
    }
}

/// The part of a record that some versions have; all that are not archived when none is named.
fn chosen(refs: Refs, versions: &[String]) -> Result<Refs, VersionError> {
    let mut wanted = HashSet::new();
    for name in versions {
        let version = refs.find(name)?;
        if version.archive.is_some() {
            return Err(VersionError::Archived(version.version.to_string()));
        }
        wanted.insert(version.id);
    }
    let is_wanted =
        |version: &VersionRef| version.archive.is_none() && (versions.is_empty() || wanted.contains(&version.id));
    let kept: Vec<VersionRef> = refs.versions.iter().filter(|version| is_wanted(version)).cloned().collect();
    let there = |id: &Hash| kept.iter().any(|version| version.id == *id);
    let tags = refs.tags.iter().filter(|(_, id)| there(id)).map(|(tag, id)| (tag.clone(), *id)).collect();
    Ok(Refs { tags, current: refs.current.filter(there), retention: refs.retention, versions: kept })
}

fn add_needs(
    store: &VersionStore,
    version: &VersionRef,
    holdings: &Holdings,
    needed: &mut HashSet<Hash>,
) -> Result<(), VersionError> {
    let manifest = store.manifest(version)?;
    let number = version.version.to_string();
    for (name, file) in &manifest.files {
        needed.insert(file.chunks);
        for chunk in needs::chunks_of(&holdings.objects, (name, file), &number)? {
            if !holdings.objects.contains(&chunk.hash) {
                return Err(VersionError::Damaged { version: number, detail: chunk.hash.to_string() });
            }
            insert_with_bases(needed, chunk.hash, |hash| holdings.objects.entry(hash).and_then(|entry| entry.base));
        }
    }
    Ok(())
}

/// Hashes the objects: a damaged copy would be none.
fn check_objects(holdings: &Holdings, needed: &HashSet<Hash>, told: &mut Progress<'_>) -> Result<(), VersionError> {
    let mut good = 0;
    let damaged = |hash: &str| VersionError::Damaged { version: "—".to_owned(), detail: hash.to_owned() };
    examine::walk(&holdings.objects, |hash| needed.contains(hash), |_| None, &mut |walked| {
        good += walked.good.len();
        match walked.bad.first() {
            Some(bad) => Err(damaged(&bad.to_string())),
            None if told(good as u64) == ControlFlow::Break(()) => Err(VersionError::Cancelled),
            None => Ok(()),
        }
    })?;
    // What was not reached is told by something that is not there.
    if good == needed.len() { Ok(()) } else { Err(damaged("packs")) }
}
