//! The lines of the older of two contents, and which of them the newer one has.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use rayon::prelude::*;

use crate::VersionError;
use crate::content::Content;
use crate::delta;
use crate::difference::{BATCH, Work};
use crate::line::{fingerprint, lines};
use crate::row::{Mark, Place, Row};
use crate::tally::Tally;

/// Bytes of the older one's chunks that are kept while others are told by them.
const KEPT: usize = 400 << 20;
/// A chunk is told by another one when that takes no more than this part of it.
const WORTHWHILE: usize = 2;

/// A hasher for what is a hash already.
#[derive(Default)]
pub(crate) struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    #[allow(clippy::cast_possible_truncation)] // Half of a hash is one.
    fn write_u128(&mut self, value: u128) {
        self.0 = value as u64;
    }
}

/// Values by fingerprint.
pub(crate) type ByFingerprint<T> = HashMap<u128, T, BuildHasherDefault<Taken>>;

/// A line of the older one.
struct KnownLine {
    /// Where it first stands.
    chunk: u32,
    line: u32,
    /// Its bytes in the chunk.
    start: u32,
    length: u32,
    /// How often it is there.
    count: u32,
}

/// A chunk, and the fingerprint and length of each line.
type ReadChunk = (Vec<u8>, Vec<(u128, usize)>);

/// The lines of the older one's chunks that the newer one lacks.
#[derive(Default)]
pub(crate) struct KnownLines {
    slots: ByFingerprint<u32>,
    lines: Vec<KnownLine>,
    /// Chunks kept for telling others by them, as far as memory goes.
    kept: HashMap<u32, Vec<u8>>,
}

/// What looking at a chunk of the newer one showed.
pub(crate) struct LookedAt {
    /// Lines that the older one has: which, and their slot.
    pub known: Vec<(u32, u32)>,
    /// Samples that it lacks.
    pub new: Vec<Mark>,
    pub tally: Tally,
    /// The older one's chunk that most lines are in, and the delta to it.
    pub delta: Option<(u32, Vec<u8>)>,
}

impl KnownLines {
    pub fn read(
        old: &dyn Content,
        file: u8,
        chunks: &[u32],
        keep: bool,
        work: &mut Work<'_, '_>,
    ) -> Result<Self, VersionError> {
        let rows = chunks.iter().map(|chunk| old.chunks(file)[*chunk as usize].rows as usize).sum();
        let mut known = Self {
            slots: ByFingerprint::with_capacity_and_hasher(rows, BuildHasherDefault::default()),
            lines: Vec::with_capacity(rows),
            kept: HashMap::new(),
        };
        let mut free = if keep { KEPT } else { 0 };
        for batch in chunks.chunks(BATCH) {
            work.advance(0)?;
            let read = |chunk: &u32| {
                let bytes = old.read(file, *chunk)?;
                let prints = lines(&bytes).map(|line| (fingerprint(line), line.len())).collect();
                Ok((bytes, prints))
            };
            let read: Vec<ReadChunk> = batch.par_iter().map(read).collect::<Result<_, VersionError>>()?;
            for (chunk, (bytes, prints)) in batch.iter().zip(read) {
                known.add(*chunk, &prints);
                if bytes.len() <= free {
                    free -= bytes.len();
                    known.kept.insert(*chunk, bytes);
                }
            }
        }
        Ok(known)
    }

    fn add(&mut self, chunk: u32, prints: &[(u128, usize)]) {
        let mut start = 0;
        for (line, (print, length)) in (0..).zip(prints) {
            let next = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
            let slot = *self.slots.entry(*print).or_insert(next);
            // A chunk has less than 4 GiB.
            let length = u32::try_from(*length).unwrap_or(u32::MAX);
            if slot == next {
                self.lines.push(KnownLine { chunk, line, start, length, count: 1 });
            } else {
                self.lines[slot as usize].count += 1;
            }
            start += length;
        }
    }

    /// Reads a chunk of the newer one; parses the lines that the older one lacks.
    pub fn look_at(
        &self,
        (old, new): (Option<&dyn Content>, &dyn Content),
        file: u8,
        chunk: u32,
        deltas: bool,
    ) -> Result<LookedAt, VersionError> {
        let bytes = new.read(file, chunk)?;
        let mut looked = LookedAt { known: Vec::new(), new: Vec::new(), tally: Tally::default(), delta: None };
        let mut votes: HashMap<u32, u32> = HashMap::new();
        for (line, text) in (0..).zip(lines(&bytes)) {
            if let Some(slot) = self.slots.get(&fingerprint(text)) {
                looked.known.push((line, *slot));
                *votes.entry(self.lines[*slot as usize].chunk).or_default() += 1;
                continue;
            }
            let place = Place { file, chunk, line };
            let row = Row::read(text).map_err(|error| new.no_sample(place, &error))?;
            looked.tally.count(&row, file, 1);
            if old.is_some() {
                looked.new.push(row.mark(place));
            }
        }
        // Of chunks with as many lines, the first: the same in every run.
        let nearest = votes.into_iter().max_by_key(|(chunk, votes)| (*votes, std::cmp::Reverse(*chunk)));
        if let (true, Some(old), Some((nearest, _))) = (deltas, old, nearest) {
            let delta = match self.kept.get(&nearest) {
                Some(base) => self.delta(nearest, base, &bytes, &looked.known),
                None => self.delta(nearest, &old.read(file, nearest)?, &bytes, &looked.known),
            };
            if delta.len() * WORTHWHILE <= bytes.len() {
                looked.delta = Some((nearest, delta));
            }
        }
        Ok(looked)
    }

    /// Tells a chunk by one of the older one's.
    fn delta(&self, nearest: u32, base: &[u8], target: &[u8], known: &[(u32, u32)]) -> Vec<u8> {
        let mut delta = delta::Writer::default();
        let mut known = known.iter().peekable();
        for (line, text) in (0..).zip(lines(target)) {
            let slot = known.next_if(|(place, _)| *place == line).map(|(_, slot)| &self.lines[*slot as usize]);
            let copied = slot.filter(|slot| slot.chunk == nearest).and_then(|slot| {
                let start = slot.start as usize;
                // A fingerprint is no proof; the bytes are.
                (base.get(start..start + slot.length as usize) == Some(text)).then_some(start)
            });
            match copied {
                Some(start) => delta.copy(start, text.len()),
                None => delta.new_bytes(text),
            }
        }
        delta.finish()
    }

    pub fn matched(&self) -> Matched<'_> {
        Matched { known: self, left: self.lines.iter().map(|line| line.count).collect() }
    }
}

/// How many of each known line the newer one does not have, as far as it has been looked through.
pub(crate) struct Matched<'a> {
    known: &'a KnownLines,
    left: Vec<u32>,
}

impl Matched<'_> {
    /// Takes one; `false` when all are taken.
    pub fn take(&mut self, slot: u32) -> bool {
        let left = &mut self.left[slot as usize];
        let there = *left > 0;
        *left -= u32::from(there);
        there
    }

    /// The older one's samples that were not taken.
    pub fn left(
        &self,
        old: &dyn Content,
        file: u8,
        tally: &mut Tally,
        gone: &mut Vec<Mark>,
    ) -> Result<(), VersionError> {
        let mut by_chunk: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        for (known, left) in self.known.lines.iter().zip(&self.left).filter(|(_, left)| **left > 0) {
            by_chunk.entry(known.chunk).or_default().push((known.line, *left));
        }
        let mut chunks: Vec<(u32, Vec<(u32, u32)>)> = by_chunk.into_iter().collect();
        chunks.sort_unstable_by_key(|(chunk, _)| *chunk);
        let read = |(chunk, wanted): &(u32, Vec<(u32, u32)>)| {
            let (mut tally, mut marks) = (Tally::default(), Vec::new());
            let places: Vec<u32> = wanted.iter().map(|(line, _)| *line).collect();
            let times: HashMap<u32, u32> = wanted.iter().copied().collect();
            old.visit(file, *chunk, &places, &mut |line, row| {
                let times = times.get(&line).copied().unwrap_or(0);
                tally.count(&row, file, -i64::from(times));
                let mark = row.mark(Place { file, chunk: *chunk, line });
                marks.extend(std::iter::repeat_n(mark, times as usize));
            })?;
            Ok((tally, marks))
        };
        for batch in chunks.chunks(BATCH) {
            for (counts, marks) in batch.par_iter().map(read).collect::<Result<Vec<_>, VersionError>>()? {
                tally.merge(&counts);
                gone.extend(marks);
            }
        }
        Ok(())
    }
}
