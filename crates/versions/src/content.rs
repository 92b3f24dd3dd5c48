//! The data files of a version, or of a folder that may become one: lists of chunks that can be read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::VersionError;
use crate::cut::{ChunkRef, CutFile};
use crate::hash::Hash;
use crate::line::{FileLines, lines, starts};
use crate::line_index::SharedIndex;
use crate::manifest::{DATA_FILES, Manifest};
use crate::objects::Objects;
use crate::row::{Place, Row, RowProblem};
use crate::secret::Secret;
use crate::store::read_list;

/// Called with a line's place in its chunk and its bytes.
pub(crate) type VisitLine<'a> = dyn FnMut(u32, &[u8]) -> Result<(), VersionError> + 'a;

/// Train and eval as chunks.
pub(crate) trait Content: Sync {
    /// The chunks of a file: 0 train, 1 eval.
    fn chunks(&self, file: u8) -> &[ChunkRef];

    /// Reads a chunk, verified.
    fn read(&self, file: u8, chunk: u32) -> Result<Vec<u8>, VersionError>;

    /// The error for a line that is no sample.
    fn no_sample(&self, place: Place, detail: &str) -> VersionError;

    /// Reads the sample of a line.
    fn sample<'a>(&self, place: Place, line: &'a [u8]) -> Result<Row<'a>, VersionError> {
        Row::read(line).map_err(|error| self.no_sample(place, &error))
    }

    /// What its lines are matched by, where that is known without reading them, and the secret that it was made with.
    fn known_lines(&self, file: u8) -> Option<(&FileLines, &Secret)>;

    /// The index of its lines, where there is one.
    fn index(&self) -> Option<&SharedIndex> {
        None
    }

    /// Visits some lines of a chunk, which must ascend.
    fn visit_lines(&self, file: u8, chunk: u32, wanted: &[u32], visit: &mut VisitLine<'_>) -> Result<(), VersionError> {
        let bytes = self.read(file, chunk)?;
        let mut wanted = wanted.iter().copied().peekable();
        for (line, text) in (0..).zip(lines(&bytes)) {
            if wanted.peek().is_none() {
                break;
            }
            if wanted.next_if_eq(&line).is_some() {
                visit(line, text)?;
            }
        }
        Ok(())
    }

    /// Visits some samples of a chunk, which must ascend.
    fn visit(
        &self,
        file: u8,
        chunk: u32,
        wanted: &[u32],
        visit: &mut dyn FnMut(u32, Row<'_>),
    ) -> Result<(), VersionError> {
        self.visit_lines(file, chunk, wanted, &mut |line, text| {
            visit(line, self.sample(Place { file, chunk, line }, text)?);
            Ok(())
        })
    }

    /// Samples before a chunk of a file.
    fn rows_before(&self, file: u8, chunk: u32) -> u64 {
        self.chunks(file).iter().take(chunk as usize).map(|chunk| u64::from(chunk.rows)).sum()
    }
}

/// A version's data files.
#[derive(Debug)]
pub(crate) struct Stored {
    objects: Arc<Objects>,
    version: String,
    lists: [Vec<ChunkRef>; 2],
    index: Option<SharedIndex>,
}

impl Stored {
    pub fn open(objects: &Arc<Objects>, manifest: &Manifest, version: String) -> Result<Self, VersionError> {
        let list = |file: &str| match manifest.files.get(file) {
            Some(file) => read_list(objects, &file.chunks, &version),
            None => Ok(Vec::new()),
        };
        let lists = [list(DATA_FILES[0])?, list(DATA_FILES[1])?];
        Ok(Self { objects: objects.clone(), version, lists, index: None })
    }

    /// The chunks of both files.
    pub fn lists(&self) -> [&[ChunkRef]; 2] {
        self.lists.each_ref().map(Vec::as_slice)
    }

    /// With the index of its lines.
    #[must_use]
    pub fn with_index(self, index: Option<SharedIndex>) -> Self {
        Self { index, ..self }
    }
}

impl Content for Stored {
    fn chunks(&self, file: u8) -> &[ChunkRef] {
        &self.lists[usize::from(file)]
    }

    fn read(&self, file: u8, chunk: u32) -> Result<Vec<u8>, VersionError> {
        self.objects.get(&self.chunks(file)[chunk as usize].hash, &self.version)
    }

    fn known_lines(&self, file: u8) -> Option<(&FileLines, &Secret)> {
        self.index.as_ref().map(|index| (index.lines(file), index.secret()))
    }

    fn index(&self) -> Option<&SharedIndex> {
        self.index.as_ref()
    }

    fn no_sample(&self, place: Place, detail: &str) -> VersionError {
        let line = self.rows_before(place.file, place.chunk) + u64::from(place.line) + 1;
        let detail = format!("{}: line {line}: {detail}", DATA_FILES[usize::from(place.file)]);
        VersionError::Damaged { version: self.version.clone(), detail }
    }
}

/// Files of a folder, cut.
#[derive(Debug)]
pub(crate) struct Folder {
    paths: [PathBuf; 2],
    cuts: [CutFile; 2],
    /// Where each chunk begins in its file.
    offsets: [Vec<u64>; 2],
    /// What the prints of its lines were made with.
    secret: Secret,
}

impl Folder {
    pub fn new(folder: &Path, cuts: [CutFile; 2], secret: Secret) -> Self {
        let offsets = cuts
            .each_ref()
            .map(|cut| starts(cut.chunks.iter().map(|chunk| chunk.bytes as usize)).map(|start| start as u64).collect());
        Self { paths: DATA_FILES.map(|name| folder.join(name)), cuts, offsets, secret }
    }

    pub fn cuts(&self) -> &[CutFile; 2] {
        &self.cuts
    }

    /// The chunks of both files.
    pub fn lists(&self) -> [&[ChunkRef]; 2] {
        self.cuts.each_ref().map(|cut| cut.chunks.as_slice())
    }

    /// What the prints of its lines were made with.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    fn wrong(&self, place: Place, problem: RowProblem) -> VersionError {
        let line = self.rows_before(place.file, place.chunk) + u64::from(place.line) + 1;
        VersionError::Row { path: self.paths[usize::from(place.file)].clone(), line, problem }
    }

    /// Somebody wrote to it since it was cut.
    fn changed(&self, file: u8) -> VersionError {
        let detail = "it changes while it is read".to_owned();
        VersionError::Dataset { path: self.paths[usize::from(file)].clone(), detail }
    }
}

impl Content for Folder {
    fn chunks(&self, file: u8) -> &[ChunkRef] {
        &self.cuts[usize::from(file)].chunks
    }

    fn read(&self, file: u8, chunk: u32) -> Result<Vec<u8>, VersionError> {
        let path = &self.paths[usize::from(file)];
        let wanted = &self.chunks(file)[chunk as usize];
        let read = || {
            let mut opened = File::open(path)?;
            opened.seek(SeekFrom::Start(self.offsets[usize::from(file)][chunk as usize]))?;
            let mut bytes = vec![0; wanted.bytes as usize];
            opened.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(VersionError::read(path))?;
        if Hash::of(&bytes) == wanted.hash { Ok(bytes) } else { Err(self.changed(file)) }
    }

    fn known_lines(&self, file: u8) -> Option<(&FileLines, &Secret)> {
        Some((&self.cuts[usize::from(file)].lines, &self.secret))
    }

    /// Reads only these lines.
    fn visit_lines(&self, file: u8, chunk: u32, wanted: &[u32], visit: &mut VisitLine<'_>) -> Result<(), VersionError> {
        let path = &self.paths[usize::from(file)];
        let known = &self.cuts[usize::from(file)].lines;
        let range = known.range(chunk);
        let (prints, lengths) = (&known.prints[range.clone()], &known.lengths[range]);
        let begins: Vec<usize> = starts(lengths.iter().map(|length| *length as usize)).collect();
        let mut opened = File::open(path).map_err(VersionError::read(path))?;
        let mut bytes = Vec::new();
        let adjacent = |a: &u32, b: &u32| a + 1 == *b;
        for run in wanted.chunk_by(adjacent) {
            let (first, last) = (run[0] as usize, run[run.len() - 1] as usize);
            bytes.resize(begins[last] + lengths[last] as usize - begins[first], 0);
            let start = self.offsets[usize::from(file)][chunk as usize] + begins[first] as u64;
            let read = opened.seek(SeekFrom::Start(start)).and_then(|_| opened.read_exact(&mut bytes));
            read.map_err(VersionError::read(path))?;
            for line in run {
                let begin = begins[*line as usize] - begins[first];
                let text = &bytes[begin..begin + lengths[*line as usize] as usize];
                if self.secret.print(text) != prints[*line as usize] {
                    return Err(self.changed(file));
                }
                visit(*line, text)?;
            }
        }
        Ok(())
    }

    fn no_sample(&self, place: Place, detail: &str) -> VersionError {
        self.wrong(place, RowProblem::NotJson(detail.to_owned()))
    }

    fn sample<'a>(&self, place: Place, line: &'a [u8]) -> Result<Row<'a>, VersionError> {
        Row::read_new(line).map_err(|problem| self.wrong(place, problem))
    }
}
