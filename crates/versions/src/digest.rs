//! What is kept of samples beside their lines, so that neither counting nor pairing them needs the lines again.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::VersionError;
use crate::content::Content;
use crate::line::lines;
use crate::row::{Mark, Place, Row, Sketch};
use crate::secret::Secret;

/// Stands for no confidence.
const UNSURE: u8 = u8::MAX;

/// One sample. Numbers of names are places in a [`Names`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digest {
    pub id: u64,
    pub text: u64,
    /// Of its source and row; 0 without.
    pub origin: u64,
    pub sketch: Sketch,
    pub label: u32,
    pub source: u32,
    /// Characters of its text.
    pub characters: u32,
    /// How it came to its label.
    pub kind: u32,
    /// Tenth of its confidence.
    pub confidence: u8,
}

impl Digest {
    /// Bytes of one in a line index.
    pub const BYTES: usize = 60;

    /// Of a sample.
    pub fn of(row: &Row<'_>, secret: &Secret, names: &mut Names) -> Self {
        let mark = row.mark(Place::default(), secret);
        Self {
            id: mark.id,
            text: mark.text,
            origin: mark.origin.unwrap_or(0),
            sketch: mark.sketch,
            label: names.labels.place(&row.label),
            source: names.sources.place(&row.source),
            characters: u32::try_from(row.characters()).unwrap_or(u32::MAX),
            kind: names.kinds.place(&row.origin),
            confidence: row.tenth().unwrap_or(UNSURE),
        }
    }

    /// Tenth of its confidence.
    pub fn tenth(&self) -> Option<u8> {
        Some(self.confidence).filter(|tenth| *tenth != UNSURE)
    }

    /// What its sample is paired by.
    pub fn mark(&self, place: Place, secret: &Secret, names: &Names) -> Mark {
        Mark {
            id: self.id,
            text: self.text,
            label: secret.short(names.labels.name(self.label).as_bytes()),
            origin: Some(self.origin).filter(|origin| *origin != 0),
            sketch: self.sketch,
            place,
        }
    }

    /// As a line index has it.
    pub fn put(&self, bytes: &mut Vec<u8>) {
        for number in [self.id, self.text, self.origin] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.sketch.0);
        for number in [self.label, self.source, self.characters, self.kind] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&[self.confidence, 0, 0, 0]);
    }

    /// Reads what [`Digest::put`] wrote: [`Digest::BYTES`] bytes.
    pub fn read(bytes: &[u8]) -> Self {
        let long = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
        let half = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default());
        Self {
            id: long(0),
            text: long(8),
            origin: long(16),
            sketch: Sketch(bytes[24..40].try_into().unwrap_or_default()),
            label: half(40),
            source: half(44),
            characters: half(48),
            kind: half(52),
            confidence: bytes[56],
        }
    }
}

/// The names that digests have numbers for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Names {
    pub labels: NameList,
    pub sources: NameList,
    pub kinds: NameList,
}

/// Names in the order in which they came.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub(crate) struct NameList {
    names: Vec<String>,
    places: HashMap<String, u32>,
}

impl NameList {
    /// The place of a name, which is added where it is new.
    fn place(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    /// The name at a place.
    pub fn name(&self, place: u32) -> &str {
        self.names.get(place as usize).map_or("", String::as_str)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Adds another's names; answers their places here.
    fn absorb(&mut self, other: &Self) -> Vec<u32> {
        other.names.iter().map(|name| self.place(name)).collect()
    }
}

impl From<Vec<String>> for NameList {
    fn from(names: Vec<String>) -> Self {
        let places = (0..).zip(&names).map(|(place, name)| (name.clone(), place)).collect();
        Self { names, places }
    }
}

impl From<NameList> for Vec<String> {
    fn from(list: NameList) -> Self {
        list.names
    }
}

/// Samples one after another, as [`Digest`]s with their own names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Digests {
    pub digests: Vec<Digest>,
    pub names: Names,
}

impl Digests {
    /// Of a whole chunk.
    pub fn of_chunk(content: &dyn Content, file: u8, chunk: u32, secret: &Secret) -> Result<Self, VersionError> {
        let bytes = content.read(file, chunk)?;
        let mut found = Self::default();
        for (line, text) in (0..).zip(lines(&bytes)) {
            found.add(&content.sample(Place { file, chunk, line }, text)?, secret);
        }
        Ok(found)
    }

    /// Adds a sample.
    pub fn add(&mut self, row: &Row<'_>, secret: &Secret) {
        self.digests.push(Digest::of(row, secret, &mut self.names));
    }

    /// The digests, with numbers for `names`.
    pub fn renamed(mut self, names: &mut Names) -> Vec<Digest> {
        let labels = names.labels.absorb(&self.names.labels);
        let sources = names.sources.absorb(&self.names.sources);
        let kinds = names.kinds.absorb(&self.names.kinds);
        for digest in &mut self.digests {
            digest.label = labels[digest.label as usize];
            digest.source = sources[digest.source as usize];
            digest.kind = kinds[digest.kind as usize];
        }
        self.digests
    }
}
