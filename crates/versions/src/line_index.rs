//! Line indexes: what a version's lines are matched, counted and paired by, so that the next commit need not unpack it.
//!
//! An index can be made again from its version at any time; one that is damaged or missing is.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cut::ChunkRef;
use crate::digest::{Digest, Names};
use crate::disk::{Disk, Unnamed};
use crate::hash::Hash;
use crate::index_base::{BaseIndex, HEAD, IndexWriter};
use crate::index_patch::{self, Patch, PatchedFile};
use crate::line::FileLines;
use crate::manifest::encode_list;
use crate::matching::NONE;
use crate::secret::Secret;

/// A patch is written while no more than this part of a version's lines is its own; then the index is written whole again.
const PATCHED: usize = 8;

/// Where the index of a version lies in a folder of indexes.
pub(crate) fn path_of(folder: &Path, version: &Hash) -> PathBuf {
    folder.join(format!("{version}.lines"))
}

/// Which files an index is of: the hashes of their lists of chunks.
pub(crate) fn identity(lists: [&[ChunkRef]; 2]) -> Vec<u8> {
    lists.iter().flat_map(|list| Hash::of(&encode_list(list)).0).collect()
}

/// Looks whether an index is what was written; answers its bytes.
///
/// # Errors
/// Of the kind `InvalidData` or `UnexpectedEof` where it is not, and others of reading.
pub(crate) fn examine(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut head = [0; HEAD.len()];
    file.read_exact(&mut head)?;
    if head == *index_patch::HEAD {
        Patch::decode(&fs::read(path)?).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "line index"))?;
    } else {
        let (index, lines) = BaseIndex::open(path)?;
        for (file, (prints, _)) in (0..).zip(&lines) {
            let mut line = 0;
            while line < prints.len() {
                line += index.block(file, line)?.1.len() / Digest::BYTES;
            }
        }
    }
    Ok(length)
}

/// The index of a version's lines.
#[derive(Debug)]
pub(crate) struct LineIndex {
    lines: [FileLines; 2],
    /// The whole index that it is or builds on, and of which version that is.
    base: BaseIndex,
    of_base: Hash,
    patch: Option<Patch>,
    /// Where the patch's runs begin.
    starts: [Vec<u32>; 2],
}

/// An index that several may read.
pub(crate) type SharedIndex = Arc<LineIndex>;

impl LineIndex {
    /// Opens the index of a version whose files have these chunks; `None` where it is missing, damaged or another's.
    pub fn open(folder: &Path, version: &Hash, lists: [&[ChunkRef]; 2]) -> Option<Self> {
        let path = path_of(folder, version);
        let mut head = [0; HEAD.len()];
        File::open(&path).and_then(|mut file| file.read_exact(&mut head)).ok()?;
        let (of_base, patch) = if head == *index_patch::HEAD {
            let (of, patch, own) = Patch::decode(&fs::read(&path).ok()?)?;
            (patch.base, Some((of, patch, own)))
        } else {
            (*version, None)
        };
        let (base, [train, eval]) = BaseIndex::open(&path_of(folder, &of_base)).ok()?;
        let (of, patch, lines) = match patch {
            None => (base.identity.clone(), None, [train, eval]),
            Some((_, patch, _)) if patch.base_sum != base.sum => return None,
            Some((of, patch, [own_train, own_eval])) => {
                let lines = [patch.files[0].apply(&train, &own_train)?, patch.files[1].apply(&eval, &own_eval)?];
                (of, Some(patch), lines)
            }
        };
        if of != identity(lists) {
            return None;
        }
        let [(train, train_lengths), (eval, eval_lengths)] = lines;
        let lines = [FileLines::of(lists[0], train, train_lengths)?, FileLines::of(lists[1], eval, eval_lengths)?];
        let starts = patch.as_ref().map(|patch| patch.files.each_ref().map(PatchedFile::starts)).unwrap_or_default();
        Some(Self { lines, base, of_base, patch, starts })
    }

    /// What the prints of a version's index were made with, if there is one.
    pub fn secret_of(folder: &Path, version: &Hash) -> Option<Secret> {
        let mut head = [0; HEAD.len() + Secret::BYTES];
        File::open(path_of(folder, version)).and_then(|mut file| file.read_exact(&mut head)).ok()?;
        Secret::kept(&head[HEAD.len()..])
    }

    /// What its prints were made with.
    pub fn secret(&self) -> &Secret {
        &self.base.secret
    }

    /// The lines of a file.
    pub fn lines(&self, file: u8) -> &FileLines {
        &self.lines[usize::from(file)]
    }

    /// What its digests call by numbers.
    pub fn names(&self) -> &Names {
        self.patch.as_ref().map_or(&self.base.names, |patch| &patch.names)
    }

    /// What is kept of some lines of a file, which must ascend.
    pub fn digests(&self, file: u8, lines: impl Iterator<Item = usize>) -> io::Result<Vec<Digest>> {
        let mut block = (0, Vec::new());
        let mut of_base = |line: usize| {
            let within = |(first, digests): &(usize, Vec<u8>)| {
                let at = line.checked_sub(*first)? * Digest::BYTES;
                digests.get(at..at + Digest::BYTES).map(Digest::read)
            };
            if within(&block).is_none() {
                block = self.base.block(file, line)?;
            }
            within(&block).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "line index"))
        };
        let Some(patch) = &self.patch else { return lines.map(of_base).collect() };
        let (patched, starts) = (&patch.files[usize::from(file)], &self.starts[usize::from(file)]);
        // The run at hand, and how many of the patch's own lines stand before it.
        let (mut place, mut owned) = (0, 0);
        let digest = |line: usize| {
            while starts.get(place + 1).is_some_and(|start| *start as usize <= line) {
                let run = patched.runs[place];
                owned += if run.first == NONE { run.count as usize } else { 0 };
                place += 1;
            }
            let within = line - starts[place] as usize;
            match patched.runs[place].first {
                NONE => Ok(patched.own[owned + within]),
                first => of_base(first as usize + within),
            }
        };
        lines.map(digest).collect()
    }

    /// Writes what is kept of all lines of a version that a patch on this one's base tells.
    fn write_whole(&self, patch: &Patch, writer: &mut IndexWriter) -> io::Result<()> {
        for (file, patched) in (0_u8..).zip(&patch.files) {
            let mut own = &patched.own[..];
            for run in &patched.runs {
                if run.first == NONE {
                    let (these, rest) = own.split_at(run.count as usize);
                    writer.add(these);
                    own = rest;
                } else {
                    writer.add(&self.of_base(file, run.first as usize..(run.first + run.count) as usize)?);
                }
            }
            writer.end_file();
        }
        writer.names().clone_from(&patch.names);
        Ok(())
    }

    /// What the whole index keeps of some lines.
    fn of_base(&self, file: u8, lines: std::ops::Range<usize>) -> io::Result<Vec<Digest>> {
        let mut found = Vec::with_capacity(lines.len());
        let mut line = lines.start;
        while line < lines.end {
            let (first, digests) = self.base.block(file, line)?;
            let in_block = digests.chunks_exact(Digest::BYTES).map(Digest::read);
            found.extend(in_block.skip(line - first).take(lines.end - line));
            let next = first + digests.len() / Digest::BYTES;
            if next <= line {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "line index"));
            }
            line = next;
        }
        Ok(found)
    }
}

/// What is kept of a version that follows one with an index.
#[derive(Debug)]
pub(crate) struct NextIndex {
    pub names: Names,
    /// Its lines told by those of the version before.
    pub files: [PatchedFile; 2],
}

impl NextIndex {
    /// Of a version that follows this one.
    pub fn after(index: &LineIndex) -> Self {
        Self { names: index.names().clone(), files: Default::default() }
    }

    /// Writes it for a version whose files have these chunks and lines. Answers the version whose whole index it builds on, if it does.
    pub fn write(
        self,
        before: &LineIndex,
        (disk, folder, version): (&Disk, &Path, &Hash),
        (identity, lines): (&[u8], [&FileLines; 2]),
    ) -> io::Result<Option<Hash>> {
        let files = match &before.patch {
            Some(patch) => {
                let [train, eval] = self.files;
                [train.through(&patch.files[0]), eval.through(&patch.files[1])]
            }
            None => self.files,
        };
        let patch = Patch { base: before.of_base, base_sum: before.base.sum, names: self.names, files };
        let path = path_of(folder, version);
        let rows = lines.iter().map(|lines| lines.prints.len()).sum::<usize>();
        if patch.files.iter().map(|file| file.own.len().max(file.runs.len())).sum::<usize>() * PATCHED <= rows {
            let bytes = patch.encode(before.secret(), identity, lines)?;
            let (unnamed, mut file) = Unnamed::create(disk, &folder.join("new"))?;
            file.write_all(&bytes)?;
            unnamed.name_unsynced(&path)?;
            return Ok(Some(patch.base));
        }
        let mut writer = IndexWriter::begin(disk, folder, before.secret(), identity, lines);
        match before.write_whole(&patch, &mut writer) {
            Ok(()) => writer.finish(&path).map(|()| None),
            Err(error) => Err(error),
        }
    }
}
