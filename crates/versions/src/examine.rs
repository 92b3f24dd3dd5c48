//! Rehashing packs and archives: each file once from its beginning to its end, then each object through what it is told by.

use std::collections::HashMap;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::version::ProblemKind;
use rayon::prelude::*;

use crate::disk::files_of;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::objects::Objects;
use crate::pack::{Entry, Pack};
use crate::portion::portions;
use crate::solid::Archive;
use crate::tree::{Trees, Unpacked};
use crate::verify::{Findings, kind_of};
use crate::{Progress, VersionError, VersionStore};

/// Trees that are walked between two looks at progress.
const BATCH: usize = 64;
/// Files that are hashed beside each other.
const FILES: usize = 4;

/// What walking trees showed: objects that are what they are called, and others.
#[derive(Default)]
pub(crate) struct Walked {
    pub good: Vec<Hash>,
    pub bad: Vec<Hash>,
}

/// Hears of the chunks that are done.
fn advance(findings: &Findings, told: &mut Progress<'_>) -> Result<(), VersionError> {
    match told(findings.report.chunks) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(VersionError::Cancelled),
    }
}

impl VersionStore {
    pub(crate) fn look_at_packs(
        &self,
        holdings: &Holdings,
        findings: &mut Findings,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let objects = &holdings.objects;
        for (path, error) in objects.broken() {
            let problem = findings.note(kind_of(error), self.relative(path), Pack::damaged_at(path), None);
            let (entries, whole) = match Pack::salvage(path) {
                Ok((pack, whole)) => (pack.entries, whole),
                Err(_) => (Vec::new(), false),
            };
            entries.iter().for_each(|entry| findings.accuse(entry.hash, problem));
            if !whole {
                findings.unknown.push(problem);
            }
        }
        let others = self.hash_files(&self.packs(), "pack", findings, told)?;
        walk_packs(holdings, findings, told, |findings, hash| {
            let pack = objects.pack_of(hash).map(|pack| self.relative(objects.packs()[pack].path()));
            let offset = objects.entry(hash).map(|entry| entry.offset);
            let problem = findings.note(ProblemKind::Damaged, pack.unwrap_or_default(), offset, Some(hash));
            findings.accuse(*hash, problem);
        })?;
        self.note_others(others, findings);
        Ok(())
    }

    pub(crate) fn look_at_archives(
        &self,
        holdings: &Holdings,
        findings: &mut Findings,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        for (path, error) in &holdings.broken {
            let problem = findings.note(kind_of(error), self.relative(path), None, None);
            findings.unknown.push(problem);
        }
        let others = self.hash_files(&self.archives(), "archive", findings, told)?;
        for archive in &holdings.archives {
            self.look_at_archive(archive, holdings, findings, told)?;
        }
        self.note_others(others, findings);
        Ok(())
    }

    fn look_at_archive(
        &self,
        archive: &Archive,
        holdings: &Holdings,
        findings: &mut Findings,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let mut groups: Vec<Vec<Entry>> = vec![Vec::new(); archive.groups.len()];
        let file = self.relative(archive.path());
        for entry in &archive.entries {
            match archive.group_of(entry) {
                Some(group) => groups[group].push(*entry),
                None => {
                    let problem = findings.note(ProblemKind::Damaged, file.clone(), None, Some(&entry.hash));
                    findings.accuse(entry.hash, problem);
                }
            }
        }
        for (group, mut entries) in groups.into_iter().enumerate() {
            entries.sort_unstable_by_key(|entry| entry.offset);
            let offset = archive.groups[group].offset;
            match archive.unpack(group) {
                Ok(unpacked) => {
                    let walked = walk_group(archive, (group, &unpacked), &entries, holdings);
                    findings.report.chunks += (walked.good.len() + walked.bad.len()) as u64;
                    findings.good.extend(walked.good);
                    for hash in walked.bad {
                        let problem = findings.note(ProblemKind::Damaged, file.clone(), Some(offset), Some(&hash));
                        findings.accuse(hash, problem);
                    }
                }
                Err(error) => {
                    let problem = findings.note(kind_of(&error), file.clone(), Some(offset), None);
                    entries.iter().for_each(|entry| findings.accuse(entry.hash, problem));
                }
            }
            advance(findings, told)?;
        }
        Ok(())
    }

    /// Hashes the files of a folder; answers those that are not what they are called.
    fn hash_files(
        &self,
        folder: &Path,
        extension: &str,
        findings: &mut Findings,
        told: &mut Progress<'_>,
    ) -> Result<Vec<(PathBuf, ProblemKind)>, VersionError> {
        let paths = files_of(folder, extension).map_err(VersionError::read(folder))?;
        let mut others = Vec::new();
        for batch in paths.chunks(FILES) {
            let hashed: Vec<io::Result<(Hash, u64)>> = batch.par_iter().map(|path| Hash::of_file(path)).collect();
            for (path, hashed) in batch.iter().zip(hashed) {
                findings.report.files += 1;
                match hashed {
                    Ok((hash, bytes)) => {
                        findings.report.bytes += bytes;
                        if Hash::in_name(path) != Some(hash) {
                            others.push((path.clone(), ProblemKind::Damaged));
                        }
                    }
                    Err(error) => others.push((path.clone(), kind_of(&error))),
                }
            }
            advance(findings, told)?;
        }
        Ok(others)
    }

    /// Notes files that are not what they are called, where no object in them says so already.
    fn note_others(&self, others: Vec<(PathBuf, ProblemKind)>, findings: &mut Findings) {
        for (path, kind) in others {
            let file = self.relative(&path);
            if !findings.report.problems.iter().any(|problem| problem.file == file) {
                findings.note(kind, file, None, None);
            }
        }
    }
}

/// Hashes every object of the packs.
fn walk_packs(
    holdings: &Holdings,
    findings: &mut Findings,
    told: &mut Progress<'_>,
    mut note: impl FnMut(&mut Findings, &Hash),
) -> Result<(), VersionError> {
    walk(&holdings.objects, |_| true, |base| holdings.get(base, "").ok(), &mut |walked| {
        findings.report.chunks += (walked.good.len() + walked.bad.len()) as u64;
        findings.good.extend(walked.good);
        for hash in &walked.bad {
            note(findings, hash);
        }
        advance(findings, told)
    })
}

/// Walks the trees of those objects of some packs that are wanted, beside each other; `above` gives what a root is told by that is not
/// among them.
pub(crate) fn walk(
    objects: &Objects,
    wanted: impl Fn(&Hash) -> bool,
    above: impl Fn(&Hash) -> Option<Vec<u8>> + Sync,
    seen: &mut dyn FnMut(Walked) -> Result<(), VersionError>,
) -> Result<(), VersionError> {
    let mut entries: Vec<(usize, Entry)> =
        objects.entries().filter(|(_, entry)| wanted(&entry.hash)).map(|(pack, entry)| (pack, *entry)).collect();
    entries.sort_unstable_by_key(|(pack, entry)| (*pack, entry.offset, entry.hash));
    let trees = Trees::of(entries.iter().map(|(_, entry)| (entry.hash, entry.base)));
    drop(entries);
    let unpack = |hash: &Hash| {
        let entry = objects.entry(hash)?;
        Some(Unpacked::of(entry, objects.content(hash, "").ok()?))
    };
    let weight = |root: &Hash| trees.weight(root, &|hash| objects.entry(hash).copied());
    for batch in portions(&trees.roots, BATCH, weight) {
        let walked = batch
            .par_iter()
            .map(|root| {
                let base = objects.entry(root).and_then(|entry| entry.base);
                walk_tree(&trees, root, base, &above, &unpack)
            })
            .reduce(Walked::default, |mut all, more| {
                all.good.extend(more.good);
                all.bad.extend(more.bad);
                all
            });
        seen(walked)?;
    }
    Ok(())
}

/// Walks a tree whose root is told by `base`; what can't be had because of that is neither good nor bad.
fn walk_tree(
    trees: &Trees,
    root: &Hash,
    base: Option<Hash>,
    above: impl Fn(&Hash) -> Option<Vec<u8>>,
    unpack: &dyn Fn(&Hash) -> Option<Unpacked>,
) -> Walked {
    let mut walked = Walked::default();
    let bytes = base.as_ref().and_then(above);
    if base.is_some() && bytes.is_none() {
        return walked;
    }
    trees.walk(root, bytes, unpack, &mut |hash, bytes| match bytes {
        Some(_) => walked.good.push(*hash),
        None => walked.bad.push(*hash),
    });
    walked
}

/// Walks the trees in an unpacked group of an archive.
fn walk_group(archive: &Archive, (group, unpacked): (usize, &[u8]), entries: &[Entry], holdings: &Holdings) -> Walked {
    let places: HashMap<Hash, &Entry> = entries.iter().map(|entry| (entry.hash, entry)).collect();
    let trees = Trees::of(entries.iter().map(|entry| (entry.hash, entry.base)));
    let unpack = |hash: &Hash| {
        let entry = places.get(hash)?;
        let content = archive.part(entry, group, unpacked)?.to_vec();
        Some(Unpacked::of(entry, content))
    };
    let walked = trees.roots.par_iter().map(|root| {
        let base = places.get(root).and_then(|entry| entry.base);
        walk_tree(&trees, root, base, |base| holdings.get(base, "").ok(), &unpack)
    });
    walked.reduce(Walked::default, |mut all, more| {
        all.good.extend(more.good);
        all.bad.extend(more.bad);
        all
    })
}
