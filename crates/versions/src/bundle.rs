//! Opening an exported file. Nothing in it is believed: it may come from anywhere.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cut::LARGEST;
use crate::disk::Disk;
use crate::export::{RECORD, Record, RecordedFile, Scratch};
use crate::hash::Hash;
use crate::manifest::Manifest;
use crate::objects::Objects;
use crate::pack::{Entry, Pack};
use crate::portion::BUDGET;
use crate::refs::{Refs, check_tag};
use crate::tree::{DEEPEST, Trees, made_in};
use crate::{Progress, VersionError, examine, seal, tar};

/// A record or manifest has no more bytes than this.
const LARGEST_TEXT: u64 = 16 << 20;
/// Unpacked, an export has no more bytes than this …
const FREE: u64 = 1 << 30;
/// … and so many times those of its pack: many versions of one large file come close to a few hundred.
const RATIO: u64 = 2000;

/// An exported file that was verified, as far as it can be without looking into the lists of chunks.
pub(crate) struct Bundle {
    /// The versions in it.
    pub refs: Refs,
    /// Their manifests as files and as they read.
    pub manifests: HashMap<Hash, (Vec<u8>, Manifest)>,
    /// Their objects.
    pub objects: Arc<Objects>,
    /// Bytes of a version at most.
    pub limit: u64,
    _scratch: Scratch,
}

fn hostile<T>(detail: impl Into<String>) -> Result<T, VersionError> {
    Err(VersionError::Hostile(detail.into()))
}

impl Bundle {
    /// Reads a file, unpacking what is needed of it to the folder `scratch`, and verifies it: its shape, its hashes, every object.
    pub fn open(disk: &Disk, from: &Path, scratch: PathBuf, told: &mut Progress<'_>) -> Result<Self, VersionError> {
        let failed = VersionError::write;
        let file = File::open(from).map_err(VersionError::read(from))?;
        let metadata = file.metadata().map_err(VersionError::read(from))?;
        if !metadata.is_file() {
            return hostile("not a file");
        }
        let mut input = Input { file: BufReader::with_capacity(1 << 20, file), path: from.to_owned() };
        let record = input.record(metadata.len())?;
        check_record(&record)?;
        let scratch = Scratch::make(disk, scratch.clone()).map_err(failed(&scratch))?;
        let mut manifests = HashMap::new();
        for file in &record.files {
            input.header(&file.name, file.bytes)?;
            match name_of(file) {
                Some(Named::Manifest(id)) => {
                    let bytes = input.bytes(file.bytes)?;
                    let manifest =
                        Manifest::open(&bytes, &id).or_else(|detail| hostile(format!("{}: {detail}", file.name)))?;
                    manifests.insert(id, (bytes, manifest));
                }
                Some(Named::Pack(hash)) => input.pack(disk, file, &hash, &scratch.0, told)?,
                None => return hostile(format!("{:?}", file.name)),
            }
        }
        input.end()?;
        let limit = check_pack(&record, &scratch.0)?;
        let objects = Objects::open(&scratch.0).map(Arc::new)?;
        check_weights(&objects)?;
        check_objects(&objects, told)?;
        check_parents(&record.refs, &manifests)?;
        Ok(Self { refs: record.refs, manifests, objects, limit, _scratch: scratch })
    }
}

/// The file as it is read.
struct Input {
    file: BufReader<File>,
    path: PathBuf,
}

impl Input {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), VersionError> {
        self.file.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => VersionError::Hostile("it is cut short".to_owned()),
            _ => VersionError::read(&self.path)(error),
        })
    }

    /// Reads the header that must stand here.
    fn header(&mut self, name: &str, bytes: u64) -> Result<(), VersionError> {
        let mut block = [0; 512];
        self.fill(&mut block)?;
        if block == tar::header(name, bytes) { Ok(()) } else { hostile(tar::complaint(&block, name)) }
    }

    /// Reads a small file's content.
    fn bytes(&mut self, bytes: u64) -> Result<Vec<u8>, VersionError> {
        let size = usize::try_from(bytes.min(LARGEST_TEXT)).unwrap_or_default();
        let mut content = vec![0; size];
        self.fill(&mut content)?;
        self.padding(bytes)?;
        Ok(content)
    }

    fn padding(&mut self, bytes: u64) -> Result<(), VersionError> {
        #[allow(clippy::cast_possible_truncation)] // Less than a block.
        let mut padding = vec![0; tar::padded(bytes).map_or(0, |padded| padded - bytes) as usize];
        self.fill(&mut padding)?;
        if padding.iter().all(|byte| *byte == 0) { Ok(()) } else { hostile("bytes between its files") }
    }

    /// Reads the first file, which tells what else there is.
    fn record(&mut self, length: u64) -> Result<Record, VersionError> {
        if length < tar::BLOCK {
            return hostile("it is too short");
        }
        let mut block = [0; 512];
        self.fill(&mut block)?;
        // Of the size that it tells, everything else of the header follows.
        let digits = std::str::from_utf8(&block[124..135]).ok();
        let bytes = digits.and_then(|digits| u64::from_str_radix(digits, 8).ok()).unwrap_or(u64::MAX);
        if bytes == u64::MAX || block != tar::header(RECORD, bytes) {
            return hostile(tar::complaint(&block, RECORD));
        }
        if bytes > LARGEST_TEXT.min(length) {
            return hostile(format!("{RECORD} of {bytes} bytes"));
        }
        let content = self.bytes(bytes)?;
        let record: Record = seal::open(&content).or_else(|detail| hostile(format!("{RECORD}: {detail}")))?;
        let sizes = record.files.iter().map(|file| file.bytes).chain([bytes]);
        let all =
            sizes.map(tar::padded).try_fold(tar::END, |all, size| all.checked_add(size?)?.checked_add(tar::BLOCK));
        match all {
            Some(all) if all == length => Ok(record),
            Some(all) => hostile(format!("{length} bytes where {all} should be")),
            None => hostile("sizes beyond all measure"),
        }
    }

    /// Copies the pack, hashing it.
    fn pack(
        &mut self,
        disk: &Disk,
        file: &RecordedFile,
        hash: &Hash,
        folder: &Path,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let path = folder.join(format!("{hash}.pack"));
        let failed = |error: io::Error| VersionError::write(&path)(error);
        let mut output = disk.create(&path).map_err(failed)?;
        let (mut hasher, mut left, mut block) = (blake3::Hasher::new(), file.bytes, vec![0; 1 << 20]);
        while left > 0 {
            let most = usize::try_from(left).map_or(block.len(), |left| left.min(block.len()));
            self.fill(&mut block[..most])?;
            hasher.update(&block[..most]);
            output.write_all(&block[..most]).map_err(failed)?;
            left -= most as u64;
            if told(0) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
        }
        self.padding(file.bytes)?;
        if hasher.finalize().as_bytes() == &hash.0 { Ok(()) } else { hostile(format!("{}: hash", file.name)) }
    }

    fn end(&mut self) -> Result<(), VersionError> {
        #[allow(clippy::cast_possible_truncation)] // Two blocks.
        let mut end = [0; tar::END as usize];
        self.fill(&mut end)?;
        let more = self.file.read(&mut [0]).map_err(VersionError::read(&self.path))?;
        if more == 0 && end.iter().all(|byte| *byte == 0) { Ok(()) } else { hostile("something follows its end") }
    }
}

enum Named {
    Manifest(Hash),
    Pack(Hash),
}

/// What a file is by its name; `None` for a name that an export does not have.
fn name_of(file: &RecordedFile) -> Option<Named> {
    let hash = |name: &str, end: &str| name.strip_suffix(end)?.parse().ok();
    if let Some(name) = file.name.strip_prefix("manifests/") {
        hash(name, ".json").map(Named::Manifest)
    } else {
        hash(file.name.strip_prefix("packs/")?, ".pack").map(Named::Pack)
    }
}

/// A manifest for each version and no other, one pack at most; a record that a store could have.
fn check_record(record: &Record) -> Result<(), VersionError> {
    let refs = &record.refs;
    let ids: HashSet<Hash> = refs.versions.iter().map(|version| version.id).collect();
    let numbers: HashSet<String> = refs.versions.iter().map(|version| version.version.to_string()).collect();
    if ids.len() != refs.versions.len() || numbers.len() != refs.versions.len() {
        return hostile("a version twice");
    }
    if let Some(version) = refs.versions.iter().find(|version| version.archive.is_some()) {
        return hostile(format!("{} is archived", version.version));
    }
    for (tag, id) in &refs.tags {
        if check_tag(tag).is_err() || !ids.contains(id) {
            return hostile(format!("tag {tag:?}"));
        }
    }
    if refs.current.is_some_and(|current| !ids.contains(&current)) {
        return hostile("a current version that is not there");
    }
    let (mut manifests, mut packs) = (HashSet::new(), 0);
    for file in &record.files {
        let (new, largest) = match name_of(file) {
            Some(Named::Manifest(id)) => (ids.contains(&id) && manifests.insert(id), LARGEST_TEXT),
            Some(Named::Pack(_)) => {
                packs += 1;
                (packs == 1, u64::MAX)
            }
            None => (false, 0),
        };
        if !new || file.bytes > largest {
            return hostile(format!("{:?} of {} bytes", file.name, file.bytes));
        }
    }
    if manifests.len() == ids.len() { Ok(()) } else { hostile("a version without its manifest") }
}

/// The pack's frames must fill it without a gap, and what they unpack to have measure. Answers the bytes that a version may have.
fn check_pack(record: &Record, folder: &Path) -> Result<u64, VersionError> {
    let (mut count, mut unpacked, mut bytes) = (0, 0_u64, 0);
    for path in crate::disk::files_of(folder, "pack").map_err(VersionError::read(folder))? {
        let pack = Pack::open(&path).or_else(|error| hostile(format!("pack: {error}")))?;
        let mut entries = pack.entries.clone();
        if entries.windows(2).any(|pair| pair[0].hash >= pair[1].hash) {
            return hostile("pack: order");
        }
        entries.sort_unstable_by_key(|entry| entry.offset);
        let filled = entries.iter().try_fold(Entry::FIRST, |end, entry| {
            (entry.offset == end && entry.stored > 0).then_some(end + u64::from(entry.stored))
        });
        let length = std::fs::metadata(&path).map_err(VersionError::read(&path))?.len();
        if filled.is_none() || pack.bytes() != length {
            return hostile("pack: frames");
        }
        if let Some(entry) = entries.iter().find(|entry| entry.size as usize > LARGEST) {
            return hostile(format!("an object of {} bytes", entry.size));
        }
        count += entries.len() as u64;
        unpacked += entries.iter().map(|entry| u64::from(entry.size)).sum::<u64>();
        bytes += length;
    }
    let limit = FREE + RATIO * bytes;
    if unpacked > limit {
        return hostile(format!("{bytes} bytes that unpack to {unpacked}"));
    }
    if (count, unpacked) == (record.objects, record.unpacked) { Ok(limit) } else { hostile("pack: objects") }
}

/// Unpacking any of it takes no more memory than there should be for it, however it is told.
fn check_weights(objects: &Objects) -> Result<(), VersionError> {
    let trees = Trees::of(objects.entries().map(|(_, entry)| (entry.hash, entry.base)).collect::<Vec<_>>().into_iter());
    let tree = |root: &Hash| trees.weight(root, &|hash| objects.entry(hash).copied());
    let alone = objects.entries().map(|(_, entry)| weight(objects, &entry.hash));
    match trees.roots.iter().map(tree).chain(alone).find(|weight| *weight > BUDGET) {
        Some(weight) => hostile(format!("objects that take {weight} bytes of memory")),
        None => Ok(()),
    }
}

/// Bytes that are in memory while one object is read, at most.
pub(crate) fn weight(objects: &Objects, hash: &Hash) -> u64 {
    let (mut weight, mut next, mut depth) = (0, Some(*hash), 0);
    while let Some(entry) = next.and_then(|hash| objects.entry(&hash)).filter(|_| depth <= DEEPEST) {
        weight += made_in(entry);
        (next, depth) = (entry.base, depth + 1);
    }
    weight
}

/// Every object is what it is called, and told by nothing but others of them.
fn check_objects(objects: &Objects, told: &mut Progress<'_>) -> Result<(), VersionError> {
    let mut good = 0;
    examine::walk(objects, |_| true, |_| None, &mut |walked| {
        good += walked.good.len();
        match walked.bad.first() {
            Some(bad) => hostile(format!("object {bad}: hash")),
            None if told(good as u64) == ControlFlow::Break(()) => Err(VersionError::Cancelled),
            None => Ok(()),
        }
    })?;
    if good == objects.entries().count() {
        Ok(())
    } else {
        hostile("objects that are told by each other, or by what is not there")
    }
}

/// Versions come after their parents.
fn check_parents(refs: &Refs, manifests: &HashMap<Hash, (Vec<u8>, Manifest)>) -> Result<(), VersionError> {
    let all: HashSet<Hash> = refs.versions.iter().map(|version| version.id).collect();
    let mut before = HashSet::new();
    for version in &refs.versions {
        let parents = manifests.get(&version.id).map(|(_, manifest)| manifest.parents.as_slice()).unwrap_or_default();
        if parents.iter().any(|parent| all.contains(parent) && !before.contains(parent)) {
            return hostile(format!("{} before its parent", version.version));
        }
        before.insert(version.id);
    }
    Ok(())
}
