//! The data files of a version, or of a folder that may become one: lists of chunks that can be read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::VersionError;
use crate::cut::{ChunkRef, CutFile};
use crate::hash::Hash;
use crate::line::{lines, starts};
use crate::manifest::{DATA_FILES, Manifest};
use crate::objects::Objects;
use crate::row::{Place, Row};
use crate::store::read_list;

/// Train and eval as chunks.
pub(crate) trait Content: Sync {
    /// The chunks of a file: 0 train, 1 eval.
    fn chunks(&self, file: u8) -> &[ChunkRef];

    /// Reads a chunk, verified.
    fn read(&self, file: u8, chunk: u32) -> Result<Vec<u8>, VersionError>;

    /// The error for a line that is no sample.
    fn no_sample(&self, place: Place, detail: &str) -> VersionError;

    /// Visits some lines of a chunk, which must ascend.
    fn visit(
        &self,
        file: u8,
        chunk: u32,
        wanted: &[u32],
        visit: &mut dyn FnMut(u32, Row<'_>),
    ) -> Result<(), VersionError> {
        let bytes = self.read(file, chunk)?;
        let mut wanted = wanted.iter().copied().peekable();
        for (line, text) in (0..).zip(lines(&bytes)) {
            if wanted.peek().is_none() {
                break;
            }
            if wanted.next_if_eq(&line).is_some() {
                let row = Row::read(text).map_err(|error| self.no_sample(Place { file, chunk, line }, &error))?;
                visit(line, row);
                while wanted.next_if_eq(&line).is_some() {}
            }
        }
        Ok(())
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
}

impl Stored {
    pub fn open(objects: &Arc<Objects>, manifest: &Manifest, version: String) -> Result<Self, VersionError> {
        let list = |file: &str| match manifest.files.get(file) {
            Some(file) => read_list(objects, &file.chunks, &version),
            None => Ok(Vec::new()),
        };
        let lists = [list(DATA_FILES[0])?, list(DATA_FILES[1])?];
        Ok(Self { objects: objects.clone(), version, lists })
    }
}

impl Content for Stored {
    fn chunks(&self, file: u8) -> &[ChunkRef] {
        &self.lists[usize::from(file)]
    }

    fn read(&self, file: u8, chunk: u32) -> Result<Vec<u8>, VersionError> {
        self.objects.get(&self.chunks(file)[chunk as usize].hash, &self.version)
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
}

impl Folder {
    pub fn new(folder: &Path, cuts: [CutFile; 2]) -> Self {
        let offsets = cuts
            .each_ref()
            .map(|cut| starts(cut.chunks.iter().map(|chunk| chunk.bytes as usize)).map(|start| start as u64).collect());
        Self { paths: DATA_FILES.map(|name| folder.join(name)), cuts, offsets }
    }

    pub fn cuts(&self) -> &[CutFile; 2] {
        &self.cuts
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
        // Somebody wrote to it since it was cut.
        if Hash::of(&bytes) != wanted.hash {
            return Err(VersionError::Dataset { path: path.clone(), detail: "it changes while it is read".to_owned() });
        }
        Ok(bytes)
    }

    fn no_sample(&self, place: Place, detail: &str) -> VersionError {
        let line = self.rows_before(place.file, place.chunk) + u64::from(place.line) + 1;
        let path = self.paths[usize::from(place.file)].clone();
        VersionError::Dataset { path, detail: format!("line {line}: {detail}") }
    }
}
