//! Looking through a file of two contents for lines that only one of them has.

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;

use crate::VersionError;
use crate::content::Content;
use crate::cut::ChunkRef;
use crate::delta;
use crate::difference::Work;
use crate::digest::{Digest, Digests};
use crate::index_base::IndexWriter;
use crate::index_patch::PatchedFile;
use crate::line::{FileLines, starts};
use crate::line_index::NextIndex;
use crate::matching::{Matching, NONE, matching};
use crate::row::{Mark, Place};
use crate::secret::Secret;
use crate::tally::Tally;

/// Chunks that are worked on between two looks at progress.
pub(crate) const BATCH: usize = 64;
/// A chunk is told by another one when that takes no more than this part of it.
const WORTHWHILE: usize = 2;

/// For chunks of the newer one, where that is short: the older one's chunk that most of its lines are in, and the delta to it.
pub(crate) type Deltas = HashMap<u32, (u32, Vec<u8>)>;

/// Two contents, and what was found so far.
pub(crate) struct Looking<'a> {
    pub old: Option<&'a dyn Content>,
    pub new: &'a dyn Content,
    pub secret: Secret,
    pub tally: Tally,
    /// Samples that only the older one has.
    pub gone: Vec<Mark>,
    /// Samples that only the newer one has.
    pub come: Vec<Mark>,
}

/// What a commit keeps of a file beside what changed.
pub(crate) struct Keeping<'a> {
    /// The index of its lines, where the older one has one.
    pub index: Option<&'a mut NextIndex>,
    pub deltas: &'a mut Deltas,
}

/// The chunks of a file that are looked at.
struct Chunks {
    old: Vec<u32>,
    new: Vec<u32>,
    /// For each chunk of the newer one the older one's that is equal to it, or [`NONE`].
    partners: Vec<u32>,
    /// How many the older one has.
    of_old: u32,
}

/// A file's lines that were matched; chunks by their place in [`Chunks`].
struct Matched<'a> {
    chunks: Chunks,
    old: Cow<'a, FileLines>,
    new: Cow<'a, FileLines>,
    lines: Matching,
}

/// What looking at a chunk of the newer one showed.
#[derive(Default)]
struct LookedAt {
    come: Vec<Mark>,
    /// Of the samples that came.
    digests: Digests,
    delta: Option<(u32, Vec<u8>)>,
}

impl<'a> Looking<'a> {
    pub fn between(old: Option<&'a dyn Content>, new: &'a dyn Content) -> Self {
        let known = new.known_lines(0).or_else(|| old?.known_lines(0)).map(|(_, secret)| secret.clone());
        let secret = known.unwrap_or_else(|| Secret::of_process().clone());
        Self { old, new, secret, tally: Tally::default(), gone: Vec::new(), come: Vec::new() }
    }

    /// To count the samples of one content.
    pub fn counting(content: &'a dyn Content, secret: Secret) -> Self {
        Self { old: None, new: content, secret, tally: Tally::default(), gone: Vec::new(), come: Vec::new() }
    }

    /// Looks through a file.
    pub fn look(
        &mut self,
        file: u8,
        mut keeping: Option<Keeping<'_>>,
        work: &mut Work<'_, '_>,
    ) -> Result<(), VersionError> {
        let Some(old) = self.old else { return self.count(file, None, work) };
        let chunks = Chunks::of(old.chunks(file), self.new.chunks(file));
        let matched = match (self.known_lines(old, file), self.known_lines(self.new, file)) {
            // Passing over the chunks that both have would take longer.
            (Some(old), Some(new)) => Matched::of(chunks.all(), Cow::Borrowed(old), Cow::Borrowed(new)),
            _ => {
                let old = self.lines(old, file, &chunks.old, work)?;
                let new = self.lines(self.new, file, &chunks.new, work)?;
                Matched::of(chunks, Cow::Owned(old), Cow::Owned(new))
            }
        };
        let come = self.look_at_new(file, &matched, &mut keeping, work)?;
        self.look_at_left(old, file, &matched)?;
        if let Some(index) = keeping.and_then(|keeping| keeping.index) {
            index.files[usize::from(file)] = PatchedFile::of(&matched.lines.of_new, come);
        }
        Ok(())
    }

    /// Counts all samples: there is nothing to compare them with.
    pub fn count(
        &mut self,
        file: u8,
        mut index: Option<&mut IndexWriter>,
        work: &mut Work<'_, '_>,
    ) -> Result<(), VersionError> {
        let chunks: Vec<u32> = (0..).zip(self.new.chunks(file)).map(|(place, _)| place).collect();
        for batch in chunks.chunks(BATCH) {
            let read = |chunk: &u32| {
                let digests = Digests::of_chunk(self.new, file, *chunk, &self.secret)?;
                Ok((Tally::of(&digests, file), digests))
            };
            for (tally, digests) in batch.par_iter().map(read).collect::<Result<Vec<_>, VersionError>>()? {
                work.advance(digests.digests.len() as u64)?;
                self.tally.merge(&tally);
                if let Some(index) = &mut index {
                    let digests = digests.renamed(index.names());
                    index.add(&digests);
                }
            }
        }
        if let Some(index) = index {
            index.end_file();
        }
        Ok(())
    }

    fn known_lines<'c>(&self, content: &'c dyn Content, file: u8) -> Option<&'c FileLines> {
        content.known_lines(file).filter(|(_, secret)| **secret == self.secret).map(|(lines, _)| lines)
    }

    /// What the lines of some chunks are matched by.
    pub fn lines(
        &self,
        content: &dyn Content,
        file: u8,
        chunks: &[u32],
        work: &mut Work<'_, '_>,
    ) -> Result<FileLines, VersionError> {
        if let Some(known) = self.known_lines(content, file) {
            return Ok(known.some(chunks));
        }
        let mut found = FileLines::default();
        let read = |chunk: &u32| Ok(FileLines::of_chunk(&content.read(file, *chunk)?, &self.secret));
        for batch in chunks.chunks(BATCH) {
            work.advance(0)?;
            let read: Vec<FileLines> = batch.par_iter().map(read).collect::<Result<_, VersionError>>()?;
            read.iter().for_each(|lines| found.push(lines));
        }
        Ok(found)
    }

    /// Reads what the newer one alone has; answers its digests.
    fn look_at_new(
        &mut self,
        file: u8,
        matched: &Matched<'_>,
        keeping: &mut Option<Keeping<'_>>,
        work: &mut Work<'_, '_>,
    ) -> Result<Vec<Digest>, VersionError> {
        let mut kept = Vec::new();
        let places: Vec<u32> = (0..).zip(&matched.chunks.new).map(|(place, _)| place).collect();
        let mut tally = Tally::default();
        for batch in places.chunks(BATCH) {
            let look = |place: &u32| self.look_at(file, matched, *place, keeping.is_some());
            let looked: Vec<LookedAt> = batch.par_iter().map(look).collect::<Result<_, VersionError>>()?;
            for (place, looked) in batch.iter().zip(looked) {
                work.advance(matched.new.range(*place).len() as u64)?;
                tally.merge(&Tally::of(&looked.digests, file));
                self.come.extend(looked.come);
                if let Some(keeping) = keeping.as_mut() {
                    let chunk = matched.chunks.new[*place as usize];
                    keeping.deltas.extend(looked.delta.map(|delta| (chunk, delta)));
                    if let Some(index) = &mut keeping.index {
                        kept.extend(looked.digests.renamed(&mut index.names));
                    }
                }
            }
        }
        self.tally.merge(&tally);
        Ok(kept)
    }

    /// Reads the lines of a chunk that came, and tells it by one of the older one's.
    fn look_at(&self, file: u8, matched: &Matched<'_>, place: u32, tell: bool) -> Result<LookedAt, VersionError> {
        let chunk = matched.chunks.new[place as usize];
        let base = if tell { matched.base_of(place) } else { None };
        let of_new = &matched.lines.of_new[matched.new.range(place)];
        let copied = |line: usize| base.as_ref().and_then(|base| base.start(of_new[line]));
        let wanted: Vec<u32> = (0..)
            .zip(of_new)
            .filter(|(line, old)| **old == NONE || base.is_some() && copied(*line).is_none())
            .filter_map(|(line, _)| u32::try_from(line).ok())
            .collect();
        let lengths = &matched.new.lengths[matched.new.range(place)];
        let mut looked = LookedAt::default();
        if wanted.is_empty() && base.is_none() {
            return Ok(looked);
        }
        let mut delta = delta::Writer::default();
        let mut next = 0;
        let mut copy_until = |delta: &mut delta::Writer, end: usize| {
            for (line, length) in lengths.iter().enumerate().take(end).skip(next) {
                if let Some(start) = copied(line) {
                    delta.copy(start, *length as usize);
                }
            }
            next = end + 1;
        };
        self.new.visit_lines(file, chunk, &wanted, &mut |line, text| {
            let place = Place { file, chunk, line };
            if base.is_some() {
                copy_until(&mut delta, line as usize);
                delta.new_bytes(text);
            }
            if of_new[line as usize] == NONE {
                let row = self.new.sample(place, text)?;
                looked.come.push(row.mark(place, &self.secret));
                looked.digests.add(&row, &self.secret);
            }
            Ok(())
        })?;
        if let Some(base) = &base {
            copy_until(&mut delta, of_new.len());
            looked.delta = Some((matched.chunks.old[base.place as usize], delta.finish()));
        }
        Ok(looked)
    }

    /// Takes away what the older one alone has.
    fn look_at_left(&mut self, old: &dyn Content, file: u8, matched: &Matched) -> Result<(), VersionError> {
        let by_chunk = matched.left();
        let index = old.index().filter(|index| *index.secret() == self.secret);
        let read = |(place, lines): &(u32, Vec<u32>)| {
            let chunk = matched.chunks.old[*place as usize];
            let (mut tally, mut marks) = (Tally::default(), Vec::with_capacity(lines.len()));
            let digests = index.and_then(|index| {
                let first = index.lines(file).range(chunk).start;
                let digests = index.digests(file, lines.iter().map(|line| first + *line as usize)).ok()?;
                Some((index, digests))
            });
            if let Some((index, digests)) = digests {
                for (line, digest) in lines.iter().zip(digests) {
                    tally.take_away(&digest, index.names(), file);
                    marks.push(digest.mark(Place { file, chunk, line: *line }, &self.secret, index.names()));
                }
            } else {
                old.visit(file, chunk, lines, &mut |line, row| {
                    tally.count(&row, file, -1);
                    marks.push(row.mark(Place { file, chunk, line }, &self.secret));
                })?;
            }
            Ok((tally, marks))
        };
        for batch in by_chunk.chunks(BATCH) {
            for (tally, marks) in batch.par_iter().map(read).collect::<Result<Vec<_>, VersionError>>()? {
                self.tally.merge(&tally);
                self.gone.extend(marks);
            }
        }
        Ok(())
    }
}

impl Chunks {
    /// Those that only one has; a chunk that stands in a list several times counts as often.
    fn of(old: &[ChunkRef], new: &[ChunkRef]) -> Self {
        let mut places: HashMap<_, Vec<u32>> = HashMap::with_capacity(old.len());
        for (place, chunk) in (0..).zip(old) {
            places.entry(chunk.hash).or_default().push(place);
        }
        let partner = |chunk: &ChunkRef| places.get_mut(&chunk.hash).and_then(Vec::pop).unwrap_or(NONE);
        let partners: Vec<u32> = new.iter().map(partner).collect();
        let only_new = (0..).zip(&partners).filter(|(_, partner)| **partner == NONE).map(|(place, _)| place).collect();
        let mut only_old: Vec<u32> = places.into_values().flatten().collect();
        only_old.sort_unstable();
        let of_old = u32::try_from(old.len()).unwrap_or(NONE);
        Self { old: only_old, new: only_new, partners, of_old }
    }

    /// All that there are.
    fn all(self) -> Self {
        let new = (0..).zip(&self.partners).map(|(place, _)| place).collect();
        Self { old: (0..self.of_old).collect(), new, ..self }
    }
}

/// The chunk that another one is told by.
struct Base {
    /// Its place among the older one's.
    place: u32,
    first: usize,
    /// Where each of its lines begins.
    starts: Vec<usize>,
}

impl Base {
    /// Where a line of the older one begins in it, if it is one of its own.
    fn start(&self, line: u32) -> Option<usize> {
        self.starts.get((line as usize).checked_sub(self.first)?).copied()
    }
}

impl<'a> Matched<'a> {
    fn of(chunks: Chunks, old: Cow<'a, FileLines>, new: Cow<'a, FileLines>) -> Self {
        let lines = matching(&old.prints, &new.prints);
        Self { chunks, old, new, lines }
    }

    /// The chunk that one of the newer one's is told by, where that is short.
    fn base_of(&self, place: u32) -> Option<Base> {
        if self.chunks.partners[self.chunks.new[place as usize] as usize] != NONE {
            return None;
        }
        // Lines of one chunk stand together but for what moved, so the list stays short.
        let (mut votes, mut range) = (Vec::<(u32, usize)>::new(), 0..0);
        for line in self.lines.of_new[self.new.range(place)].iter().filter(|line| **line != NONE) {
            let line = *line as usize;
            if !range.contains(&line) {
                let chunk = self.old.chunk_of(line);
                range = self.old.range(chunk);
                votes.push((chunk, 0));
            }
            votes.last_mut().into_iter().for_each(|(_, votes)| *votes += 1);
        }
        votes.sort_unstable();
        votes.dedup_by(|a, b| {
            a.0 == b.0 && {
                b.1 += a.1;
                true
            }
        });
        // Of chunks with as many lines, the first: the same in every run.
        let (nearest, _) = votes.into_iter().max_by_key(|(chunk, votes)| (*votes, std::cmp::Reverse(*chunk)))?;
        let range = self.old.range(nearest);
        let starts = starts(self.old.lengths[range.clone()].iter().map(|length| *length as usize)).collect();
        let base = Base { place: nearest, first: range.start, starts };
        let range = self.new.range(place);
        let lengths = self.new.lengths[range.clone()].iter().zip(&self.lines.of_new[range]);
        let (new, all) = lengths.fold((0, 0), |(new, all), (length, old)| {
            let length = *length as usize;
            (new + if base.start(*old).is_none() { length } else { 0 }, all + length)
        });
        (new * WORTHWHILE <= all).then_some(base)
    }

    /// The older one's lines that are left, by chunk.
    fn left(&self) -> Vec<(u32, Vec<u32>)> {
        let mut by_chunk: Vec<(u32, Vec<u32>)> = Vec::new();
        for line in &self.lines.left {
            let line = *line as usize;
            let last = by_chunk.last().map(|(place, _)| *place).filter(|place| self.old.range(*place).contains(&line));
            let place = last.unwrap_or_else(|| {
                let place = self.old.chunk_of(line);
                by_chunk.push((place, Vec::new()));
                place
            });
            let line = u32::try_from(line - self.old.range(place).start).unwrap_or(NONE);
            by_chunk.last_mut().into_iter().for_each(|(_, lines)| lines.push(line));
        }
        by_chunk
    }
}
