//! What changed between two contents. Chunks that both have are not read; of the others, lines that both have are not parsed; what is
//! left is matched by id, then by where it came from. Memory grows with the lines of the chunks that differ (about 40 bytes each).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::ControlFlow;

use contract::version::{ChangeCounts, ChangeKind};
use rayon::prelude::*;

use crate::content::Content;
use crate::delta;
use crate::line::{fingerprint, lines};
use crate::row::{Mark, Place, Row};
use crate::tally::Tally;
use crate::{Progress, VersionError};

/// Chunks that are worked on between two looks at progress.
const BATCH: usize = 64;
/// Bytes of the older one's chunks that are kept while others are told by them.
const KEPT: usize = 400 << 20;
/// A chunk is told by another one when that takes no more than this part of it.
const WORTHWHILE: usize = 2;

/// Kinds of change of one sample, a bit each in the order of [`ChangeKind::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub fn of(kind: ChangeKind) -> Self {
        Self(1 << kind as u8)
    }

    pub fn has(self, kind: ChangeKind) -> bool {
        self.0 & Self::of(kind).0 != 0
    }

    fn add(&mut self, kind: ChangeKind) {
        self.0 |= Self::of(kind).0;
    }

    /// In the order of [`ChangeKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = ChangeKind> {
        ChangeKind::ALL.iter().copied().filter(move |kind| self.has(*kind))
    }
}

/// A sample that changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    /// Fingerprint of its id: that of the older one, where it is there.
    pub id: u128,
    pub kinds: Kinds,
    pub old: Option<Place>,
    pub new: Option<Place>,
}

/// What changed.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// Samples that changed: in the newer one's order, then those that went in the older one's.
    pub changes: Vec<Change>,
    /// How many, by kind.
    pub counts: ChangeCounts,
    /// Samples by the label that they had and have ([`label_print`]), where these differ: added, removed, relabelled.
    pub labels: HashMap<(Option<u128>, Option<u128>), u64>,
    /// What the change does to the counts over samples.
    pub tally: Tally,
    /// For each chunk of the newer one's files that the older one lacks, where they were asked for and are short: its delta to the
    /// older one's chunk that most of its lines are in.
    pub deltas: [HashMap<u32, (u32, Vec<u8>)>; 2],
}

/// What a label is known by in [`Difference::labels`].
pub(crate) fn label_print(label: &str) -> u128 {
    fingerprint(label.as_bytes())
}

/// Compares two contents. Without an older one, samples are counted and not listed.
pub(crate) fn between(
    old: Option<&dyn Content>,
    new: &dyn Content,
    told: &mut Progress<'_>,
) -> Result<Difference, VersionError> {
    compared(old, new, false, told)
}

/// Compares two contents, and tells the newer one's chunks by the older one's.
pub(crate) fn with_deltas(
    old: Option<&dyn Content>,
    new: &dyn Content,
    told: &mut Progress<'_>,
) -> Result<Difference, VersionError> {
    compared(old, new, true, told)
}

fn compared(
    old: Option<&dyn Content>,
    new: &dyn Content,
    deltas: bool,
    told: &mut Progress<'_>,
) -> Result<Difference, VersionError> {
    let mut difference = Difference::default();
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let mut work = Work { told, done: 0 };
    for file in 0..2_u8 {
        let (old_only, new_only) = only(old.map_or(&[], |old| old.chunks(file)), new.chunks(file));
        let known = match old {
            Some(old) => KnownLines::read(old, file, &old_only, deltas, &mut work)?,
            None => KnownLines::default(),
        };
        let mut matched = known.matched();
        for batch in new_only.chunks(BATCH) {
            let looked: Vec<LookedAt> = batch
                .par_iter()
                .map(|chunk| known.look_at((old, new), file, *chunk, deltas))
                .collect::<Result<_, _>>()?;
            for (chunk, looked) in batch.iter().zip(looked) {
                work.advance(new.chunks(file)[*chunk as usize].rows.into())?;
                difference.deltas[usize::from(file)].extend(looked.delta.map(|delta| (*chunk, delta)));
                difference.tally.merge(&looked.tally);
                come.extend(looked.new);
                let surplus: Vec<u32> =
                    looked.known.into_iter().filter(|(_, slot)| !matched.take(*slot)).map(|(line, _)| line).collect();
                // Lines that the newer one has more often.
                if !surplus.is_empty() {
                    new.visit(file, *chunk, &surplus, &mut |line, row| {
                        difference.tally.count(&row, file, 1);
                        come.push(row.mark(Place { file, chunk: *chunk, line }));
                    })?;
                }
            }
        }
        if let Some(old) = old {
            matched.left(old, file, &mut difference.tally, &mut gone)?;
        } else {
            difference.counts.added +=
                new_only.iter().map(|chunk| u64::from(new.chunks(file)[*chunk as usize].rows)).sum::<u64>();
        }
    }
    if old.is_some() {
        difference.changes = pair(gone, come, &mut difference.labels);
        for change in &difference.changes {
            change.kinds.iter().for_each(|kind| difference.counts.count(kind));
        }
    }
    Ok(difference)
}

/// Progress over several passes.
struct Work<'a, 'b> {
    told: &'a mut Progress<'b>,
    done: u64,
}

impl Work<'_, '_> {
    fn advance(&mut self, rows: u64) -> Result<(), VersionError> {
        self.done += rows;
        match (self.told)(self.done) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(VersionError::Cancelled),
        }
    }
}

/// The places of chunks that only one of two lists has; a chunk that stands there several times counts as often.
fn only(old: &[crate::cut::ChunkRef], new: &[crate::cut::ChunkRef]) -> (Vec<u32>, Vec<u32>) {
    let mut places: HashMap<_, Vec<u32>> = HashMap::with_capacity(old.len());
    for (place, chunk) in (0..).zip(old) {
        places.entry(chunk.hash).or_default().push(place);
    }
    let lacks = |chunk: &crate::cut::ChunkRef| places.get_mut(&chunk.hash).and_then(Vec::pop).is_none();
    let mut lacks = lacks;
    let new_only = (0..).zip(new).filter(|(_, chunk)| lacks(chunk)).map(|(place, _)| place).collect();
    let mut old_only: Vec<u32> = places.into_values().flatten().collect();
    old_only.sort_unstable();
    (old_only, new_only)
}

/// A hasher for what is a hash already.
#[derive(Default)]
struct Taken(u64);

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

type ByFingerprint<T> = HashMap<u128, T, BuildHasherDefault<Taken>>;

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
struct KnownLines {
    slots: ByFingerprint<u32>,
    lines: Vec<KnownLine>,
    /// Chunks kept for telling others by them, as far as memory goes.
    kept: HashMap<u32, Vec<u8>>,
}

/// What looking at a chunk of the newer one showed.
struct LookedAt {
    /// Lines that the older one has: which, and their slot.
    known: Vec<(u32, u32)>,
    /// Samples that it lacks.
    new: Vec<Mark>,
    tally: Tally,
    /// The older one's chunk that most lines are in, and the delta to it.
    delta: Option<(u32, Vec<u8>)>,
}

impl KnownLines {
    fn read(
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
    fn look_at(
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

    fn matched(&self) -> Matched<'_> {
        Matched { known: self, left: self.lines.iter().map(|line| line.count).collect() }
    }
}

/// How many of each known line the newer one does not have, as far as it has been looked through.
struct Matched<'a> {
    known: &'a KnownLines,
    left: Vec<u32>,
}

impl Matched<'_> {
    /// Takes one; `false` when all are taken.
    fn take(&mut self, slot: u32) -> bool {
        let left = &mut self.left[slot as usize];
        let there = *left > 0;
        *left -= u32::from(there);
        there
    }

    /// The older one's samples that were not taken.
    fn left(&self, old: &dyn Content, file: u8, tally: &mut Tally, gone: &mut Vec<Mark>) -> Result<(), VersionError> {
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

/// Pairs samples that went with samples that came: by id, then, where ids are made of texts, by source and row if the text is like it was.
fn pair(gone: Vec<Mark>, come: Vec<Mark>, labels: &mut HashMap<(Option<u128>, Option<u128>), u64>) -> Vec<Change> {
    let mut partner: Vec<Option<u32>> = vec![None; come.len()];
    let mut taken = vec![false; gone.len()];
    let by_id: Key = |mark| Some(mark.id);
    let by_origin: Key = |mark| mark.origin;
    for (key, edited) in [(by_id, false), (by_origin, true)] {
        let mut waiting: ByFingerprint<Vec<u32>> = ByFingerprint::default();
        // From the last on, so that the first is the first to be taken.
        for (place, mark) in gone.iter().enumerate().rev().filter(|(place, _)| !taken[*place]) {
            if let Some(key) = key(mark) {
                waiting.entry(key).or_default().push(u32::try_from(place).unwrap_or(u32::MAX));
            }
        }
        for (partner, mark) in partner.iter_mut().zip(&come).filter(|(partner, _)| partner.is_none()) {
            let Some(places) = key(mark).and_then(|key| waiting.get_mut(&key)) else { continue };
            // Another text in the same row of a file of the same name is another sample.
            if places.last().is_some_and(|place| !edited || gone[*place as usize].sketch.resembles(&mark.sketch)) {
                *partner = places.pop();
            }
            if let Some(place) = partner {
                taken[*place as usize] = true;
            }
        }
    }
    let mut changes: Vec<Change> = come
        .iter()
        .zip(&partner)
        .map(|(new, partner)| {
            let old = partner.map(|place| &gone[place as usize]);
            if old.is_none_or(|old| old.label != new.label) {
                *labels.entry((old.map(|old| old.label), Some(new.label))).or_default() += 1;
            }
            match old {
                Some(old) => Change { id: old.id, kinds: kinds(old, new), old: Some(old.place), new: Some(new.place) },
                None => Change { id: new.id, kinds: Kinds::of(ChangeKind::Added), old: None, new: Some(new.place) },
            }
        })
        .collect();
    changes.sort_by_key(|change| change.new);
    for (old, _) in gone.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        *labels.entry((Some(old.label), None)).or_default() += 1;
        changes.push(Change { id: old.id, kinds: Kinds::of(ChangeKind::Removed), old: Some(old.place), new: None });
    }
    changes
}

/// What samples are paired by.
type Key = fn(&Mark) -> Option<u128>;

fn kinds(old: &Mark, new: &Mark) -> Kinds {
    let mut kinds = Kinds::default();
    for (differs, kind) in [
        (old.label != new.label, ChangeKind::Relabelled),
        (old.text != new.text, ChangeKind::TextChanged),
        (old.place.file != new.place.file, ChangeKind::Moved),
    ] {
        if differs {
            kinds.add(kind);
        }
    }
    if kinds == Kinds::default() {
        kinds.add(ChangeKind::Details);
    }
    kinds
}
