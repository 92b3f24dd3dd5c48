//! A line index that tells a version's lines by those of an earlier version's whole index: what a commit of few changes writes.

use std::io;

use crate::digest::{Digest, Names};
use crate::hash::Hash;
use crate::index_base::{CHECKSUM, IDENTITY, RawLines, checksum, decode_lines, encode_lines, lines_bytes};
use crate::line::FileLines;
use crate::matching::NONE;
use crate::secret::Secret;

/// How a patch begins.
pub(crate) const HEAD: &[u8; 8] = b"WNWLPAT1";

/// Lines that follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Where they begin in the other version; [`NONE`] for lines that it lacks.
    pub first: u32,
    pub count: u32,
}

/// A file's lines as runs, and what is kept of those that the other version lacks, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatchedFile {
    pub runs: Vec<Run>,
    pub own: Vec<Digest>,
}

/// A patch: what is told by the base, and the names that digests have numbers for.
#[derive(Debug)]
pub(crate) struct Patch {
    /// The version whose whole index it builds on, and that index's checksum.
    pub base: Hash,
    pub base_sum: [u8; CHECKSUM],
    pub names: Names,
    pub files: [PatchedFile; 2],
}

impl PatchedFile {
    /// Of lines of which each is another's, or [`NONE`]; what is kept of the latter.
    pub fn of(lines: &[u32], own: Vec<Digest>) -> Self {
        let mut file = Self { runs: Vec::new(), own };
        lines.iter().for_each(|line| file.push(*line, 1));
        file
    }

    fn push(&mut self, first: u32, count: u32) {
        match self.runs.last_mut() {
            Some(run) if run.first == NONE && first == NONE => run.count += count,
            Some(run) if run.first != NONE && first != NONE && run.first + run.count == first => run.count += count,
            _ => self.runs.push(Run { first, count }),
        }
    }

    /// Lines that the other version has, told by what `older` tells them by.
    pub fn through(self, older: &Self) -> Self {
        let starts: Vec<u32> = older.starts();
        // How many of the older one's lines before each run are its own.
        let owned: Vec<u32> = older
            .runs
            .iter()
            .scan(0, |owned, run| {
                Some(std::mem::replace(owned, *owned + if run.first == NONE { run.count } else { 0 }))
            })
            .collect();
        let (mut told, mut come) = (Self::default(), self.own.into_iter());
        for run in self.runs {
            if run.first == NONE {
                told.push(NONE, run.count);
                told.own.extend(come.by_ref().take(run.count as usize));
                continue;
            }
            let (mut line, end) = (run.first, run.first + run.count);
            let mut place = starts.partition_point(|start| *start <= line).saturating_sub(1);
            while line < end && place < older.runs.len() {
                let (start, known) = (starts[place], older.runs[place]);
                let count = end.min(start + known.count) - line;
                if known.first == NONE {
                    let first = (owned[place] + line - start) as usize;
                    told.push(NONE, count);
                    told.own.extend_from_slice(&older.own[first..first + count as usize]);
                } else {
                    told.push(known.first + line - start, count);
                }
                line += count;
                place += 1;
            }
        }
        told
    }

    /// Where each run begins.
    pub fn starts(&self) -> Vec<u32> {
        self.runs.iter().scan(0, |start, run| Some(std::mem::replace(start, *start + run.count))).collect()
    }

    /// The places of its own lines.
    fn own_lines(&self) -> impl Iterator<Item = usize> {
        let own = self.runs.iter().zip(self.starts()).filter(|(run, _)| run.first == NONE);
        own.flat_map(|(run, start)| start as usize..(start + run.count) as usize)
    }

    fn put(&self, lines: &FileLines, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&(self.runs.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&(self.own.len() as u64).to_le_bytes());
        for run in &self.runs {
            bytes.extend_from_slice(&run.first.to_le_bytes());
            bytes.extend_from_slice(&run.count.to_le_bytes());
        }
        let (prints, lengths) = (self.own_lines(), self.own_lines());
        encode_lines(prints.map(|line| &lines.prints[line]), lengths.map(|line| &lines.lengths[line]), bytes);
        self.own.iter().for_each(|digest| digest.put(bytes));
    }

    /// Reads what [`PatchedFile::put`] wrote, with the prints and lengths of its own lines.
    fn read(bytes: &mut &[u8]) -> Option<(Self, RawLines)> {
        let mut take = |length: usize| {
            let (part, rest) = bytes.split_at_checked(length)?;
            *bytes = rest;
            Some(part)
        };
        let number = |bytes: &[u8]| usize::try_from(u64::from_le_bytes(bytes.try_into().ok()?)).ok();
        let (runs, own) = (number(take(8)?)?, number(take(8)?)?);
        let half = |bytes: &[u8]| bytes.try_into().map(u32::from_le_bytes).ok();
        let run = |part: &[u8]| Some(Run { first: half(&part[..4])?, count: half(&part[4..])? });
        let runs: Vec<Run> = take(runs.checked_mul(8)?)?.chunks_exact(8).map(run).collect::<Option<_>>()?;
        let lines = decode_lines(take(lines_bytes(own)?)?);
        let own: Vec<Digest> =
            take(own.checked_mul(Digest::BYTES)?)?.chunks_exact(Digest::BYTES).map(Digest::read).collect();
        let told: usize = runs.iter().filter(|run| run.first == NONE).map(|run| run.count as usize).sum();
        (told == own.len()).then_some((Self { runs, own }, lines))
    }

    /// The lines that it tells; `None` where the base lacks some.
    pub fn apply(&self, base: &RawLines, own: &RawLines) -> Option<RawLines> {
        let rows: usize = self.runs.iter().map(|run| run.count as usize).sum();
        let (mut prints, mut lengths) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        let mut next = 0;
        for run in &self.runs {
            let (from, first) = if run.first == NONE { (own, next) } else { (base, run.first as usize) };
            let range = first..first + run.count as usize;
            prints.extend_from_slice(from.0.get(range.clone())?);
            lengths.extend_from_slice(from.1.get(range)?);
            next += if run.first == NONE { run.count as usize } else { 0 };
        }
        Some((prints, lengths))
    }
}

/// What a patch was read as: of which files, itself, and the prints and lengths of its own lines.
pub(crate) type ReadPatch = (Vec<u8>, Patch, [RawLines; 2]);

impl Patch {
    /// As it lies on the disk.
    pub fn encode(&self, secret: &Secret, identity: &[u8], lines: [&FileLines; 2]) -> io::Result<Vec<u8>> {
        let mut bytes = [&HEAD[..], secret.bytes(), identity, &self.base.0, &self.base_sum].concat();
        for (file, lines) in self.files.iter().zip(lines) {
            file.put(lines, &mut bytes);
        }
        bytes.extend_from_slice(&serde_json::to_vec(&self.names)?);
        bytes.extend_from_slice(&checksum(&bytes));
        Ok(bytes)
    }

    /// Reads one; `None` for what is none.
    pub fn decode(bytes: &[u8]) -> Option<ReadPatch> {
        let (bytes, sum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
        let start = HEAD.len() + Secret::BYTES;
        let identity = bytes.get(start..start + IDENTITY)?.to_vec();
        let (base, rest) = bytes.get(start + IDENTITY..)?.split_at_checked(32)?;
        let (base_sum, mut rest) = rest.split_at_checked(CHECKSUM)?;
        if sum != checksum(bytes) || !bytes.starts_with(HEAD) {
            return None;
        }
        let (train, train_lines) = PatchedFile::read(&mut rest)?;
        let (eval, eval_lines) = PatchedFile::read(&mut rest)?;
        let (base, base_sum) = (Hash(base.try_into().ok()?), base_sum.try_into().ok()?);
        let names = serde_json::from_slice(rest).ok()?;
        Some((identity, Self { base, base_sum, names, files: [train, eval] }, [train_lines, eval_lines]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(id: u64) -> Digest {
        Digest { id, ..Digest::default() }
    }

    /// Each line as the base's or as its own digest's.
    fn spelt(file: &PatchedFile) -> Vec<(u32, u64)> {
        let mut own = file.own.iter();
        let line = |first: u32, line: u32, own: &mut std::slice::Iter<'_, Digest>| {
            if first == NONE { (NONE, own.next().map_or(0, |digest| digest.id)) } else { (first + line, 0) }
        };
        file.runs
            .iter()
            .flat_map(|run| (0..run.count).map(|at| line(run.first, at, &mut own)).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn a_patch_of_a_patch_is_told_by_the_base() {
        let older = PatchedFile::of(&[0, 1, NONE, NONE, 7, 8, NONE, 2], vec![digest(10), digest(11), digest(12)]);
        assert_eq!(older.runs.len(), 5);
        let newer = PatchedFile::of(&[7, NONE, 1, 2, 3, 4, 6, 0, NONE], vec![digest(20), digest(21)]);
        let told = newer.through(&older);
        let own = |id| (NONE, id);
        let expected = [(2, 0), own(20), (1, 0), own(10), own(11), (7, 0), own(12), (0, 0), own(21)];
        assert_eq!(spelt(&told), expected);
    }
}
