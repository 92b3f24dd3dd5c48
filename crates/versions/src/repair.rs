//! Putting damaged and missing parts right from an exported file.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::version::RepairReport;

use crate::bundle::Bundle;
use crate::checksum::Checksum;
use crate::disk::files_of;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::import::check_versions;
use crate::manifest::{Manifest, decode_list};
use crate::pack::{Entry, Pack, PackWriter, Packed};
use crate::refs::{REFS, Refs};
use crate::tree::DEEPEST;
use crate::verify::Findings;
use crate::{Progress, VersionError, VersionStore, delta, objects, recover};

impl VersionStore {
    /// Puts right what verifying complains of, as far as it can be from an exported file and from what is still good here. Damaged files
    /// are laid aside in `damaged/`, where the next collection removes them.
    ///
    /// # Errors
    /// [`VersionError::Hostile`] for a file that is no whole export, [`VersionError::Cancelled`], and I/O errors.
    pub fn repair(&self, from: &Path, told: &mut Progress<'_>) -> Result<RepairReport, VersionError> {
        let _writing = self.lock_for_writing(told)?;
        let bundle = Bundle::open(&self.disk, from, self.incoming(), told)?;
        check_versions(&bundle, told)?;
        let findings = self.findings(told)?;
        if findings.report.problems.is_empty() {
            return Ok(RepairReport { repaired: 0, left: findings.report });
        }
        let mut aside: Vec<PathBuf> = Vec::new();
        let record_lost = findings.report.problems.iter().any(|problem| problem.file == REFS);
        let refs = if record_lost { None } else { Some(self.refs()?) };
        let mut repaired = self.repair_manifests(refs.as_ref(), &bundle, &mut aside, told)?;
        let beside = findings.report.problems.iter().filter(|problem| self.is_beside(&problem.file));
        aside.extend(beside.map(|problem| self.absolute(&problem.file)));
        let (taken, broken) = self.repair_objects(refs.as_ref(), &bundle, &findings, told)?;
        repaired += taken;
        repaired += self.repair_record(refs, &bundle, &broken, &mut aside, told)?;
        if repaired == 0 {
            // Nothing had to be taken from the export: what is good moved out of damaged files.
            repaired = findings.report.problems.len() as u64;
        }
        aside.extend(broken);
        self.lay_aside(&aside, told)?;
        Ok(RepairReport { repaired, left: self.findings(told)?.report })
    }

    /// Replaces manifests that are missing or damaged; those of all versions in the export when the record is lost.
    fn repair_manifests(
        &self,
        refs: Option<&Refs>,
        bundle: &Bundle,
        aside: &mut Vec<PathBuf>,
        told: &mut Progress<'_>,
    ) -> Result<u64, VersionError> {
        let folder = self.manifests();
        self.disk.make_folder(&folder).map_err(VersionError::write(&folder))?;
        let mut repaired = 0;
        for (id, (bytes, _)) in &bundle.manifests {
            let path = self.manifest_path(id);
            let here = fs::read(&path).ok();
            let wanted = refs.is_none_or(|refs| refs.by_id(id).is_some());
            if !wanted || here.as_ref().is_some_and(|here| Hash::of(here) == *id) {
                continue;
            }
            if here.is_some() {
                self.lay_aside(std::slice::from_ref(&path), told)?;
            }
            self.disk.replace(&path, bytes).map_err(VersionError::write(&path))?;
            repaired += 1;
        }
        if refs.is_none() {
            let damaged = |path: &PathBuf| fs::read(path).ok().map(|bytes| Hash::of(&bytes)) != Hash::in_name(path);
            let manifests = files_of(&folder, "json").map_err(VersionError::read(&folder))?;
            aside.extend(manifests.into_iter().filter(damaged));
        }
        Ok(repaired)
    }

    /// Writes what versions need of damaged files, and what is missing, into a new pack. Answers how many objects came from the export, and
    /// the files that nothing is needed of any more.
    fn repair_objects(
        &self,
        refs: Option<&Refs>,
        bundle: &Bundle,
        findings: &Findings,
        told: &mut Progress<'_>,
    ) -> Result<(u64, Vec<PathBuf>), VersionError> {
        let files: HashSet<&str> = findings.report.problems.iter().map(|problem| problem.file.as_str()).collect();
        let damaged = files.into_iter().filter(|file| file.starts_with("packs/") || file.starts_with("archives/"));
        let damaged: Vec<PathBuf> = damaged.map(|file| self.absolute(file)).filter(|path| path.is_file()).collect();
        let holdings = self.holdings()?;
        let sources = Sources::of(&holdings, bundle, &damaged, findings);
        let packs = self.packs();
        let failed = |error: io::Error| VersionError::write(&packs)(error);
        let mut pack = PackWriter::create(&self.disk, &packs).map_err(failed)?;
        let (mut taken, mut seen, mut waiting) = (0, HashSet::new(), self.needed(refs, &sources)?);
        while let Some((hash, live)) = waiting.pop() {
            if !seen.insert(hash) {
                continue;
            }
            if seen.len() % 64 == 0 && told(seen.len() as u64) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            match sources.place(&hash, live) {
                Place::Stays(base) => waiting.extend(base.map(|base| (base, live))),
                Place::Moves(object) => {
                    waiting.extend(object.base.map(|base| (base, live)));
                    pack.add(&object).map_err(failed)?;
                }
                Place::Export(bytes) => {
                    taken += 1;
                    pack.add(&Packed::whole(hash, &bytes).map_err(failed)?).map_err(failed)?;
                }
                Place::Lost => {}
            }
        }
        let written = pack.finish_named().map_err(failed)?.map(|(path, _)| path);
        // What is put right may be the very pack that was there before.
        let damaged = damaged.into_iter().filter(|path| Some(path) != written.as_ref()).collect();
        Ok((taken, damaged))
    }

    /// The lists and chunks of all versions, and whether they must be in packs; those last.
    fn needed(&self, refs: Option<&Refs>, sources: &Sources<'_>) -> Result<Vec<(Hash, bool)>, VersionError> {
        let folder = self.manifests();
        let (mut needed, mut live) = (Vec::new(), Vec::new());
        for path in files_of(&folder, "json").map_err(VersionError::read(&folder))? {
            let Some(id) = Hash::in_name(&path) else { continue };
            if refs.is_some_and(|refs| refs.by_id(&id).is_none()) {
                continue;
            }
            let Some(manifest) = fs::read(&path).ok().and_then(|bytes| Manifest::open(&bytes, &id).ok()) else {
                continue;
            };
            // Where the record is lost, what lies in archives says that a version was archived.
            let archived = refs.is_none_or(|refs| refs.by_id(&id).is_some_and(|version| version.archive.is_some()));
            let side = if archived { &mut needed } else { &mut live };
            for file in manifest.files.values() {
                side.push((file.chunks, !archived));
                let list = sources.resolve(&file.chunks, 0).and_then(|bytes| decode_list(&bytes));
                side.extend(list.into_iter().flatten().map(|chunk| (chunk.hash, !archived)));
            }
        }
        needed.append(&mut live);
        Ok(needed)
    }

    /// Makes the record anew where it is lost. Versions whose archive is laid aside have their rows in packs again.
    fn repair_record(
        &self,
        refs: Option<Refs>,
        bundle: &Bundle,
        broken: &[PathBuf],
        aside: &mut Vec<PathBuf>,
        told: &mut Progress<'_>,
    ) -> Result<u64, VersionError> {
        let lost = refs.is_none();
        let mut made = match refs {
            Some(refs) => refs,
            None => recover::refs_of_manifests(self, Some(&bundle.refs))?,
        };
        let gone: HashSet<Hash> = broken
            .iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "archive"))
            .filter_map(|path| Hash::in_name(path))
            .collect();
        let mut changed = lost;
        for version in &mut made.versions {
            let back =
                version.archive.is_some_and(|archive| gone.contains(&archive) || !self.archive_is_there(&archive));
            changed |= back;
            version.archive = version.archive.filter(|_| !back);
        }
        if lost {
            self.lay_aside(&[self.refs_path()], told)?;
            aside.retain(|path| *path != self.refs_path());
        }
        if changed {
            made.write(&self.disk, &self.refs_path())?;
        }
        Ok(u64::from(lost))
    }

    fn archive_is_there(&self, archive: &Hash) -> bool {
        self.archives().join(format!("{archive}.archive")).exists()
    }

    /// Moves files to `damaged/`.
    fn lay_aside(&self, files: &[PathBuf], told: &mut Progress<'_>) -> Result<(), VersionError> {
        let files: Vec<&PathBuf> = files.iter().filter(|path| path.exists()).collect();
        if files.is_empty() {
            return Ok(());
        }
        let _removing = self.lock_for_removing(told)?;
        let folder = self.damaged();
        self.disk.make_folder(&folder).map_err(VersionError::write(&folder))?;
        for path in files {
            let to = folder.join(path.file_name().unwrap_or_default());
            self.disk.rename(path, &to).map_err(VersionError::write(path))?;
        }
        Ok(())
    }
}

/// What becomes of an object that versions need.
enum Place {
    /// It is in a file that is whole; told by this.
    Stays(Option<Hash>),
    /// It is good and its file is not.
    Moves(Packed),
    /// Only the export has it.
    Export(Vec<u8>),
    Lost,
}

/// Everywhere that objects may be had from.
struct Sources<'a> {
    holdings: &'a Holdings,
    bundle: &'a Bundle,
    findings: &'a Findings,
    /// Packs, whether they are damaged, and every copy of every object in them. What a damaged index says is here, too.
    packs: Vec<(Pack, bool)>,
    copies: HashMap<Hash, Vec<(usize, Entry)>>,
    /// Archives, by place, that are damaged.
    archives: HashSet<usize>,
}

impl<'a> Sources<'a> {
    fn of(holdings: &'a Holdings, bundle: &'a Bundle, damaged: &[PathBuf], findings: &'a Findings) -> Self {
        let mut packs = Vec::new();
        let opened = holdings.objects.packs().iter().map(Pack::path);
        for path in opened.chain(holdings.objects.broken().iter().map(|(path, _)| path.as_path())) {
            if let Ok(pack) = Pack::open(path).or_else(|_| Pack::salvage(path).map(|(pack, _)| pack)) {
                packs.push((pack, damaged.iter().any(|other| other == path)));
            }
        }
        let mut copies: HashMap<Hash, Vec<(usize, Entry)>> = HashMap::new();
        for (place, (pack, _)) in packs.iter().enumerate() {
            for entry in &pack.entries {
                copies.entry(entry.hash).or_default().push((place, *entry));
            }
        }
        let is_damaged = |place: &usize| damaged.iter().any(|path| path == holdings.archives[*place].path());
        let archives = (0..holdings.archives.len()).filter(is_damaged).collect();
        Self { holdings, bundle, findings, packs, copies, archives }
    }

    /// What is to become of an object; `live` is one that must be in a pack.
    fn place(&self, hash: &Hash, live: bool) -> Place {
        let copies = self.copies.get(hash).map(Vec::as_slice).unwrap_or_default();
        // The copies in whole files first: what is there already need not be written again.
        for damaged in [false, true] {
            for (place, entry) in copies.iter().filter(|(place, _)| self.packs[*place].1 == damaged) {
                let known = !damaged && self.findings.good.contains(hash) && self.is_read_from(hash, *place);
                if known {
                    return Place::Stays(entry.base);
                }
                let Some(bytes) = self.copy(*place, entry, 0) else { continue };
                if !damaged && entry.checksum.fits(&bytes) {
                    return Place::Stays(entry.base);
                }
                if let Some(frame) = self.frame(*place, entry) {
                    // A damaged index may have damaged checksums.
                    let checksum = Checksum::of(&bytes);
                    return Place::Moves(Packed::stored(&Entry { checksum, ..*entry }, frame));
                }
            }
            let archived = self.holdings.archive_of(hash).filter(|archive| self.archives.contains(archive) == damaged);
            if let Some((entry, content)) = archived.and_then(|_| self.archived(hash)) {
                match Packed::again(&entry, &content) {
                    _ if !damaged && !live => return Place::Stays(entry.base),
                    Ok(object) => return Place::Moves(object),
                    Err(_) => {}
                }
            }
        }
        match self.bundle.objects.get(hash, "—") {
            Ok(bytes) => Place::Export(bytes),
            Err(_) => Place::Lost,
        }
    }

    /// Whether it is this pack's copy that verifying looked at.
    fn is_read_from(&self, hash: &Hash, place: usize) -> bool {
        let objects = &self.holdings.objects;
        objects.pack_of(hash).is_some_and(|pack| objects.packs()[pack].path() == self.packs[place].0.path())
    }

    /// An object's bytes from wherever they are what they should be.
    fn resolve(&self, hash: &Hash, depth: u32) -> Option<Vec<u8>> {
        if depth > DEEPEST {
            return None;
        }
        let copies = self.copies.get(hash).map(Vec::as_slice).unwrap_or_default();
        let here = copies.iter().find_map(|(place, entry)| self.copy(*place, entry, depth));
        here.or_else(|| self.holdings.get(hash, "—").ok()).or_else(|| self.bundle.objects.get(hash, "—").ok())
    }

    /// A copy's bytes, if they are what they should be.
    fn copy(&self, place: usize, entry: &Entry, depth: u32) -> Option<Vec<u8>> {
        let content = objects::unpack(&self.frame(place, entry)?, entry)?;
        let bytes = match entry.base {
            None => content,
            Some(base) => delta::apply(&self.resolve(&base, depth + 1)?, &content, entry.size as usize)?,
        };
        (Hash::of(&bytes) == entry.hash && bytes.len() == entry.size as usize).then_some(bytes)
    }

    fn frame(&self, place: usize, entry: &Entry) -> Option<Vec<u8>> {
        let pack = &self.packs[place].0;
        let mut file = File::open(pack.path()).ok()?;
        // What a damaged index says may lead anywhere.
        let inside = entry.offset.checked_add(u64::from(entry.stored))? <= file.metadata().ok()?.len();
        if inside { pack.frame(&mut file, entry).ok() } else { None }
    }

    /// What an archive holds of an object that lies in no pack, if the object is what it should be.
    fn archived(&self, hash: &Hash) -> Option<(Entry, Vec<u8>)> {
        let (entry, content) = self.holdings.archived_content(hash)?;
        let bytes = match entry.base {
            None => content.clone(),
            Some(base) => delta::apply(&self.resolve(&base, 1)?, &content, entry.size as usize)?,
        };
        (Hash::of(&bytes) == *hash).then(|| (Entry { checksum: Checksum::of(&bytes), ..entry }, content))
    }
}
