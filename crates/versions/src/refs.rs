//! What may change about versions: which there are, their tags, their status. One small file, replaced whole; a version exists from the
//! moment that it stands in it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use contract::version::{Retention, VersionStatus};
use serde::{Deserialize, Serialize};

use crate::VersionError;
use crate::disk::Disk;
use crate::hash::Hash;
use crate::number::Number;
use crate::seal;

/// A version that there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VersionRef {
    /// Its number here.
    pub version: Number,
    /// Its identity.
    pub id: Hash,
    /// Its status.
    pub status: VersionStatus,
    /// Bytes that it added when it was committed here.
    pub stored_bytes: u64,
    /// The archive that its rows lie in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<Hash>,
}

/// The file `refs.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refs {
    /// Versions in the order in which they came.
    pub versions: Vec<VersionRef>,
    /// Tags.
    pub tags: BTreeMap<String, Hash>,
    /// The version that the next commit follows.
    pub current: Option<Hash>,
    /// Which versions move to archives by themselves.
    pub retention: Retention,
}

impl Refs {
    /// Reads the file; `None` where it is missing.
    pub fn read(path: &Path) -> Result<Option<Self>, VersionError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(VersionError::read(path)(error)),
        };
        seal::open(&bytes).map(Some).map_err(|detail| damaged(&detail))
    }

    /// Replaces the file.
    pub fn write(&self, disk: &Disk, path: &Path) -> Result<(), VersionError> {
        let bytes = seal::seal(self).map_err(|error| VersionError::write(path)(error.into()))?;
        disk.replace(path, &bytes).map_err(VersionError::write(path))
    }

    pub fn by_id(&self, id: &Hash) -> Option<&VersionRef> {
        self.versions.iter().find(|version| version.id == *id)
    }

    pub fn by_number(&self, number: Number) -> Option<&VersionRef> {
        self.versions.iter().find(|version| version.version == number)
    }

    /// Finds a version by number, tag, `current` or the beginning of its id.
    pub fn find(&self, name: &str) -> Result<&VersionRef, VersionError> {
        let missing = || VersionError::Missing(name.to_owned());
        if let Some(id) = self.tags.get(name) {
            return self.by_id(id).ok_or_else(missing);
        }
        if let Ok(number) = name.parse() {
            return self.by_number(number).ok_or_else(missing);
        }
        if name == CURRENT {
            return self.current.and_then(|id| self.by_id(&id)).ok_or_else(missing);
        }
        if name.len() < SHORTEST_ID || !name.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(missing());
        }
        let name = name.to_ascii_lowercase();
        let mut found = self.versions.iter().filter(|version| version.id.to_string().starts_with(&name));
        match (found.next(), found.next()) {
            (Some(version), None) => Ok(version),
            (None, _) => Err(missing()),
            (Some(_), Some(_)) => Err(VersionError::Ambiguous(name)),
        }
    }

    /// The tags that point at a version.
    pub fn tags_of(&self, id: &Hash) -> Vec<String> {
        self.tags.iter().filter(|(_, to)| *to == id).map(|(tag, _)| tag.clone()).collect()
    }
}

/// The error for a record that can't be trusted.
pub(crate) fn damaged(detail: &str) -> VersionError {
    VersionError::Damaged { version: "—".to_owned(), detail: format!("{REFS}: {detail}") }
}

/// The record's file.
pub(crate) const REFS: &str = "refs.json";
/// The name of the version that the next commit follows.
pub(crate) const CURRENT: &str = "current";
/// Digits of an id that name a version at least: fewer would too often be a mistyped tag. Tags and numbers are looked for first. The texts
/// of the command line and of the error say this number.
const SHORTEST_ID: usize = 4;

/// Whether a tag may be called so.
pub(crate) fn check_tag(tag: &str) -> Result<(), VersionError> {
    let odd = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
    };
    let fits = (1..=100).contains(&tag.chars().count())
        && !tag.contains(odd)
        // Such names would lead out of a view's folder, or hide in it.
        && !tag.starts_with('.')
        && tag != CURRENT
        // A tag that reads as a number would hide that version.
        && tag.parse::<Number>().is_err();
    if fits { Ok(()) } else { Err(VersionError::TagInvalid(tag.to_owned())) }
}
