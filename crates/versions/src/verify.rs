//! Looking whether everything that is stored is what was written.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use contract::version::{ProblemKind, StoreProblem, VerifyReport};

use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::manifest::Manifest;
use crate::objects::file_name;
use crate::refs::{REFS, Refs, VersionRef};
use crate::tree::DEEPEST;
use crate::{Progress, VersionError, VersionStore, needs, recover};

/// Missing objects that are named one by one; a lost pack may have had any number.
const NAMED: usize = 1000;

/// What was found, while it is being found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub report: VerifyReport,
    /// Objects that are what they are called.
    pub good: HashSet<Hash>,
    /// Objects that can't be had, and the problems that they are missed because of, by place.
    pub blame: HashMap<Hash, Vec<usize>>,
    /// Problems of files of which not even the index can be read: whatever is missing may have been in them.
    pub unknown: Vec<usize>,
}

impl Findings {
    /// Notes a problem; answers its place.
    pub fn note(&mut self, kind: ProblemKind, file: String, offset: Option<u64>, object: Option<&Hash>) -> usize {
        let object = object.map(Hash::to_string);
        self.report.problems.push(StoreProblem { kind, file, offset, object, versions: Vec::new() });
        self.report.problems.len() - 1
    }

    /// Says that an object can't be had because of a problem.
    pub fn accuse(&mut self, object: Hash, problem: usize) {
        self.blame.entry(object).or_default().push(problem);
    }
}

/// What kind of damage an error of reading tells of.
pub(crate) fn kind_of(error: &io::Error) -> ProblemKind {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => ProblemKind::Damaged,
        io::ErrorKind::NotFound => ProblemKind::Missing,
        _ => ProblemKind::Unreadable,
    }
}

/// A version that is looked at, with its manifest.
type Known = (VersionRef, Manifest);

impl VersionStore {
    /// Rehashes everything: the record, manifests, packs, objects through the deltas that tell them, archives, what lies beside them; and
    /// looks whether all that versions need is there. `told` hears of chunks.
    ///
    /// # Errors
    /// [`VersionError::Cancelled`], and I/O errors that are no damage. What is wrong with the store is in the report.
    pub fn verify(&self, told: &mut Progress<'_>) -> Result<VerifyReport, VersionError> {
        let _reading = self.lock_for_reading(told)?;
        Ok(self.findings(told)?.report)
    }

    /// The same with what a repair needs; for those who hold a lock.
    pub(crate) fn findings(&self, told: &mut Progress<'_>) -> Result<Findings, VersionError> {
        let mut findings = Findings::default();
        let refs = self.look_at_refs(&mut findings)?;
        findings.report.versions = refs.versions.len() as u64;
        let known = self.look_at_manifests(&refs, &mut findings);
        let holdings = self.holdings()?;
        self.look_at_packs(&holdings, &mut findings, told)?;
        self.look_at_archives(&holdings, &mut findings, told)?;
        for known in &known {
            look_at_version(known, &holdings, &mut findings);
        }
        name_versions(&known, &holdings, &mut findings);
        self.look_beside(&mut findings);
        Ok(findings)
    }

    /// Reads the record; what the manifests tell stands in for one that can't be trusted.
    fn look_at_refs(&self, findings: &mut Findings) -> Result<Refs, VersionError> {
        let bytes = fs::metadata(self.refs_path()).map_or(0, |metadata| metadata.len());
        findings.report.bytes += bytes;
        findings.report.files += u64::from(bytes > 0);
        let kind = match self.refs() {
            Ok(refs) => return Ok(refs),
            Err(VersionError::Damaged { .. }) if self.refs_path().exists() => ProblemKind::Damaged,
            Err(VersionError::Damaged { .. }) => ProblemKind::Missing,
            Err(VersionError::Read { .. }) => ProblemKind::Unreadable,
            Err(error) => return Err(error),
        };
        let refs = recover::refs_of_manifests(self, None)?;
        let problem = findings.note(kind, REFS.to_owned(), None, None);
        findings.report.problems[problem].versions = numbers(refs.versions.iter());
        Ok(refs)
    }

    fn look_at_manifests(&self, refs: &Refs, findings: &mut Findings) -> Vec<Known> {
        let mut known = Vec::with_capacity(refs.versions.len());
        for version in &refs.versions {
            findings.report.files += 1;
            let read = fs::read(self.manifest_path(&version.id)).map_err(|error| kind_of(&error));
            findings.report.bytes += read.as_ref().map_or(0, |bytes| bytes.len() as u64);
            match read.and_then(|bytes| Manifest::open(&bytes, &version.id).map_err(|_| ProblemKind::Damaged)) {
                Ok(manifest) => known.push((version.clone(), manifest)),
                Err(kind) => {
                    let file = format!("manifests/{}.json", version.id);
                    let problem = findings.note(kind, file, None, Some(&version.id));
                    findings.report.problems[problem].versions = numbers([version].into_iter());
                }
            }
        }
        known
    }

    /// A file's name relative to the store's folder.
    pub(crate) fn relative(&self, path: &Path) -> String {
        let parts = path.strip_prefix(&self.folder).unwrap_or(path).iter().map(|part| part.to_string_lossy());
        parts.collect::<Vec<_>>().join("/")
    }

    /// The path of a file that is named relative to the store's folder.
    pub(crate) fn absolute(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn numbers<'a>(versions: impl Iterator<Item = &'a VersionRef>) -> Vec<String> {
    versions.map(|version| version.version.to_string()).collect()
}

/// Looks whether all that a version needs is there.
fn look_at_version((version, manifest): &Known, holdings: &Holdings, findings: &mut Findings) {
    let number = version.version.to_string();
    for (name, file) in &manifest.files {
        let chunks = match needs::chunks_of(&holdings.objects, (name, file), &number) {
            Ok(chunks) => chunks,
            // A list that is what it is called and yet not what the manifest says: the manifest is of somebody's own making.
            Err(_) if findings.good.contains(&file.chunks) => {
                let problem = findings.note(
                    ProblemKind::Damaged,
                    format!("manifests/{}.json", version.id),
                    None,
                    Some(&file.chunks),
                );
                findings.accuse(file.chunks, problem);
                continue;
            }
            Err(_) => {
                explain(file.chunks, version, holdings, findings);
                continue;
            }
        };
        for chunk in chunks {
            if !findings.good.contains(&chunk.hash) || !is_there(&chunk.hash, version, holdings) {
                explain(chunk.hash, version, holdings, findings);
            } else if holdings.entry(&chunk.hash).is_none_or(|entry| entry.size != chunk.bytes) {
                let problem = findings.note(
                    ProblemKind::Damaged,
                    format!("manifests/{}.json", version.id),
                    None,
                    Some(&chunk.hash),
                );
                findings.accuse(chunk.hash, problem);
            }
        }
    }
}

/// Whether an object of a version and all that it is told by lie where they are read from: in packs, or, archived, anywhere.
fn is_there(object: &Hash, version: &VersionRef, holdings: &Holdings) -> bool {
    if version.archive.is_some() || holdings.archives.is_empty() {
        return true;
    }
    let mut next = Some(*object);
    for _ in 0..=DEEPEST {
        let Some(hash) = next else { return true };
        let Some(entry) = holdings.objects.entry(&hash) else { return false };
        next = entry.base;
    }
    false
}

/// Sees to it that a problem stands for an object that can't be had: its own, or that of something that it is told by.
fn explain(object: Hash, version: &VersionRef, holdings: &Holdings, findings: &mut Findings) {
    let entry = |hash: &Hash| match version.archive {
        Some(_) => holdings.entry(hash),
        None => holdings.objects.entry(hash),
    };
    let (mut last, mut next) = (object, Some(object));
    for _ in 0..=DEEPEST {
        let Some(hash) = next else { break };
        if findings.blame.contains_key(&hash) {
            return;
        }
        last = hash;
        next = entry(&hash).and_then(|entry| entry.base);
    }
    if entry(&last).is_some() {
        // It is there, and all that it is told by: they are told by each other.
        let pack = holdings.objects.pack_of(&last).map(|pack| holdings.objects.packs()[pack].path());
        let file = pack.map_or_else(|| "archives".to_owned(), file_name);
        let problem = findings.note(ProblemKind::Damaged, file, None, Some(&last));
        findings.accuse(object, problem);
    } else if findings.unknown.is_empty() {
        let problem = missing(last, version, holdings, findings);
        findings.accuse(last, problem);
    } else {
        for problem in findings.unknown.clone() {
            findings.accuse(last, problem);
        }
    }
}

/// The problem that stands for an object that is nowhere: its archive's, where that is missing, or its own.
fn missing(object: Hash, version: &VersionRef, holdings: &Holdings, findings: &mut Findings) -> usize {
    let there = |archive: &Hash| holdings.archives.iter().any(|other| Hash::in_name(other.path()) == Some(*archive));
    let problems = &findings.report.problems;
    if let Some(archive) = version.archive.filter(|archive| !there(archive)) {
        let file = format!("archives/{archive}.archive");
        let known = problems.iter().position(|problem| problem.file == file);
        return known.unwrap_or_else(|| findings.note(ProblemKind::Missing, file, None, Some(&archive)));
    }
    let last = problems.iter().rposition(|problem| problem.kind == ProblemKind::Missing);
    match last.filter(|_| problems.len() >= NAMED) {
        Some(last) => last,
        None => findings.note(ProblemKind::Missing, "packs".to_owned(), None, Some(&object)),
    }
}

/// Names the versions that each problem concerns.
fn name_versions(known: &[Known], holdings: &Holdings, findings: &mut Findings) {
    if findings.blame.is_empty() {
        return;
    }
    for (version, manifest) in known {
        let needed = needs::of_version(holdings, manifest);
        let problems: BTreeSet<usize> =
            needed.iter().filter_map(|hash| findings.blame.get(hash)).flatten().copied().collect();
        for problem in problems {
            findings.report.problems[problem].versions.push(version.version.to_string());
        }
    }
}
