//! Lines of JSONL: the unit that versions are cut, matched and counted by.

use twox_hash::XxHash3_64;

use crate::cut::ChunkRef;
use crate::secret::Secret;

/// The lines of some bytes, each with its newline (the last may lack it).
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    let mut ends = memchr::memchr_iter(b'\n', bytes);
    std::iter::from_fn(move || {
        let end = ends.next().map_or(bytes.len(), |newline| newline + 1);
        let line = &bytes[start..end];
        start = end;
        (!line.is_empty()).then_some(line)
    })
}

/// Where each of some parts begins that lie one after another.
pub(crate) fn starts(lengths: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
    lengths.scan(0, |end, length| {
        let start = *end;
        *end += length;
        Some(start)
    })
}

/// A line without its newline.
pub(crate) fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

/// What borders of chunks are drawn by: the same on every machine, for ever.
pub(crate) fn border_hash(line: &[u8]) -> u64 {
    XxHash3_64::oneshot(line)
}

/// The lines of a file, or of some of its chunks: what each is matched by and its bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileLines {
    pub prints: Vec<u128>,
    pub lengths: Vec<u32>,
    /// The place of each chunk's first line, and at the end the number of lines.
    firsts: Vec<u32>,
}

impl FileLines {
    /// Of a file whose chunks are known; `None` where the numbers don't fit.
    pub fn of(chunks: &[ChunkRef], prints: Vec<u128>, lengths: Vec<u32>) -> Option<Self> {
        let mut firsts = Vec::with_capacity(chunks.len() + 1);
        let mut first = 0_u32;
        firsts.push(first);
        for chunk in chunks {
            first = first.checked_add(chunk.rows)?;
            firsts.push(first);
        }
        let fits = prints.len() == first as usize && lengths.len() == first as usize;
        fits.then_some(Self { prints, lengths, firsts })
    }

    /// Adds a chunk's lines.
    pub fn push(&mut self, chunk: &Self) {
        self.prints.extend_from_slice(&chunk.prints);
        self.lengths.extend_from_slice(&chunk.lengths);
        self.end_chunk();
    }

    /// Of one chunk's bytes.
    pub fn of_chunk(bytes: &[u8], secret: &Secret) -> Self {
        // A chunk has less than 4 GiB.
        let length = |line: &[u8]| u32::try_from(line.len()).unwrap_or(u32::MAX);
        let (prints, lengths) = lines(bytes).map(|line| (secret.print(line), length(line))).unzip();
        Self::one_chunk(prints, lengths)
    }

    /// Of one chunk whose lines are known.
    pub fn one_chunk(prints: Vec<u128>, lengths: Vec<u32>) -> Self {
        let mut chunk = Self { prints, lengths, firsts: Vec::new() };
        chunk.end_chunk();
        chunk
    }

    fn end_chunk(&mut self) {
        if self.firsts.is_empty() {
            self.firsts.push(0);
        }
        self.firsts.push(u32::try_from(self.prints.len()).unwrap_or(u32::MAX));
    }

    /// The place of a chunk's first line, and of the line after its last.
    pub fn range(&self, chunk: u32) -> std::ops::Range<usize> {
        self.firsts[chunk as usize] as usize..self.firsts[chunk as usize + 1] as usize
    }

    /// The chunk that a line stands in.
    pub fn chunk_of(&self, line: usize) -> u32 {
        let after = self.firsts.partition_point(|first| *first as usize <= line);
        u32::try_from(after.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Only these chunks, one after another.
    pub fn some(&self, chunks: &[u32]) -> Self {
        let mut some = Self::default();
        for chunk in chunks {
            some.prints.extend_from_slice(&self.prints[self.range(*chunk)]);
            some.lengths.extend_from_slice(&self.lengths[self.range(*chunk)]);
            some.end_chunk();
        }
        some
    }
}
