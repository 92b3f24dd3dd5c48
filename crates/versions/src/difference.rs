//! What changed between two contents. Chunks that both have are not read; of the others, lines that both have are not parsed; what is
//! left is matched by id, then by where it came from. Memory grows with the lines of the chunks that differ (about 40 bytes each).

use std::collections::HashMap;
use std::ops::ControlFlow;

use contract::version::{ChangeCounts, ChangeKind};
use rayon::prelude::*;

use crate::content::Content;
use crate::known_lines::{KnownLines, LookedAt};
use crate::line::fingerprint;
use crate::pairing::pair;
use crate::row::Place;
use crate::tally::Tally;
use crate::{Progress, VersionError};

/// Chunks that are worked on between two looks at progress.
pub(crate) const BATCH: usize = 64;

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

    pub fn add(&mut self, kind: ChangeKind) {
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
pub(crate) struct Work<'a, 'b> {
    told: &'a mut Progress<'b>,
    done: u64,
}

impl Work<'_, '_> {
    pub fn advance(&mut self, rows: u64) -> Result<(), VersionError> {
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
